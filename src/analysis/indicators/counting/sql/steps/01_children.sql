-- What does not change about a child: the last header of the returns. A child with two dates of birth has none that can be trusted.
CREATE OR REPLACE MACRO sex_of(code) AS
    CASE WHEN code IN ('1', 'M') THEN 'Male' WHEN code IN ('2', 'F') THEN 'Female' ELSE 'Not known' END;

CREATE OR REPLACE MACRO age_group_of(birth, day) AS
    CASE WHEN birth > day THEN 'Not known' WHEN date_sub('year', birth, day) < 1 THEN 'Under 1' WHEN date_sub('year', birth, day) < 5 THEN '1 to 4'
         WHEN date_sub('year', birth, day) < 10 THEN '5 to 9' WHEN date_sub('year', birth, day) < 16 THEN '10 to 15'
         WHEN date_sub('year', birth, day) >= 16 THEN '16 and over' ELSE 'Not known' END;

CREATE OR REPLACE TABLE people AS
WITH once AS (
    SELECT child, CASE WHEN min(birth) = max(birth) THEN min(birth) END AS birth,
        arg_max(sex, (file, row)) AS sex, arg_max(ethnicity, (file, row)) AS ethnicity
    FROM header WHERE child IS NOT NULL GROUP BY child
)
SELECT o.child, o.birth, sex_of(o.sex) AS gender, coalesce(g.name, 'Not known') AS ethnic_group
FROM once o LEFT JOIN code_groups g ON g.topic = 'Ethnicity' AND g.code = o.ethnicity;

CREATE OR REPLACE TABLE cin_people AS
WITH once AS (
    SELECT child, CASE WHEN min(birth) = max(birth) THEN min(birth) END AS birth,
        arg_max(sex, (file, row)) AS sex, arg_max(ethnicity, (file, row)) AS ethnicity, arg_max(disabled, (file, row)) AS disabled
    FROM cin_children WHERE child IS NOT NULL GROUP BY child
)
SELECT o.child, o.birth, sex_of(o.sex) AS gender, coalesce(g.name, 'Not known') AS ethnic_group,
    CASE WHEN o.disabled THEN 'Disabled' WHEN NOT o.disabled THEN 'Not disabled' ELSE 'Not known' END AS disability
FROM once o LEFT JOIN code_groups g ON g.topic = 'Ethnicity' AND g.code = o.ethnicity;

-- The groups that a child belongs to: all children, and one group of each topic; by its age group, or by birth and a day.
CREATE OR REPLACE MACRO groups_of_child(age_group, gender, ethnic_group) AS [
    {'topic': 'Total', 'name': 'Total'},
    {'topic': 'Age group', 'name': age_group},
    {'topic': 'Gender', 'name': coalesce(gender, 'Not known')},
    {'topic': 'Ethnicity', 'name': coalesce(ethnic_group, 'Not known')}
];

CREATE OR REPLACE MACRO child_groups(birth, day, gender, ethnic_group) AS groups_of_child(age_group_of(birth, day), gender, ethnic_group);

-- The group that a code belongs to, as the published tables have them.
CREATE OR REPLACE MACRO group_of(of_topic, of_code) AS
    coalesce((SELECT name FROM code_groups WHERE topic = of_topic AND code = of_code), 'Not known');

-- Where postcodes of placements lie, as the council says.
CREATE OR REPLACE TABLE localities_told AS
SELECT post,
    CASE WHEN min(location) <> max(location) THEN 'Not known' WHEN min(location) = 'IN' THEN 'Inside the boundary'
         WHEN min(location) = 'OUT' THEN 'Outside the boundary' ELSE 'Not known' END AS locality
FROM localities WHERE post IS NOT NULL GROUP BY ALL;

-- The locality of a placement; nothing where the council has not said of any.
CREATE OR REPLACE MACRO locality_of(told) AS CASE WHEN (SELECT count(*) FROM localities_told) > 0 THEN coalesce(told, 'Not known') END;

-- A child in care belongs to three more: by the codes of its category of need, legal status and placement; and to a fourth by where the
-- placement lies, if that is told.
CREATE OR REPLACE MACRO groups_in_care(age_group, gender, ethnic_group, need, legal, place, locality) AS list_concat(
    groups_of_child(age_group, gender, ethnic_group),
    CASE WHEN locality IS NULL THEN [] ELSE [{'topic': 'Locality of placement', 'name': locality}] END,
    [
        {'topic': 'Category of need', 'name': group_of('Category of need', need)},
        {'topic': 'Legal status', 'name': group_of('Legal status', legal)},
        {'topic': 'Placement', 'name': group_of('Placement', place)}
    ]
);
