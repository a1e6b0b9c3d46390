-- Child protection plans of all returns, each once, in order, with the plan before.
CREATE OR REPLACE TABLE plans_once AS
WITH collections AS (
    SELECT file, last_year AS collection FROM years_of_files WHERE held = 'plans'
),
latest AS (
    SELECT * FROM plans JOIN collections USING (file)
    WHERE child IS NOT NULL AND started IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC) = 1
)
SELECT l.*, c.birth, coalesce(c.gender, 'Not known') AS gender, coalesce(c.ethnic_group, 'Not known') AS ethnic_group,
    coalesce(c.disability, 'Not known') AS disability,
    coalesce((SELECT name FROM code_groups WHERE topic = 'Category of abuse' AND code = l.category), 'Not known') AS abuse,
    coalesce((SELECT name FROM code_groups WHERE topic = 'Category of abuse' AND code = l.category_latest), 'Not known') AS abuse_latest,
    lag(started) OVER (PARTITION BY l.child ORDER BY started) AS before_started,
    lag(ended) OVER (PARTITION BY l.child ORDER BY started) AS before_ended,
    row_number() OVER (PARTITION BY l.child ORDER BY started) AS number
FROM latest l LEFT JOIN cin_people c ON c.child = l.child
WHERE ended IS NULL OR ended >= started;

-- The groups that a plan belongs to on a day: all plans, and one group of each topic.
CREATE OR REPLACE MACRO plan_groups(birth, day, gender, ethnic_group, disability, abuse) AS [
    {'topic': 'Total', 'name': 'Total'},
    {'topic': 'Age group', 'name': age_group_of(birth, day)},
    {'topic': 'Gender', 'name': gender},
    {'topic': 'Ethnicity', 'name': ethnic_group},
    {'topic': 'Disability', 'name': disability},
    {'topic': 'Category of abuse', 'name': abuse}
];

CREATE OR REPLACE TABLE plans_started AS
SELECT *, fy(started) AS year, unnest(plan_groups(birth, started, gender, ethnic_group, disability, abuse)) AS kind FROM plans_once;

CREATE OR REPLACE TABLE plans_open AS
WITH on_day AS (
    SELECT *, unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year FROM plans_once
)
SELECT *, make_date(year::INTEGER, 3, 31) AS last_day,
    unnest(plan_groups(birth, make_date(year::INTEGER, 3, 31), gender, ethnic_group, disability, abuse_latest)) AS kind
FROM on_day;
