-- The children who came into care in a year, and those who left it, counted once for all rules: all of them, and by group. Groups are those
-- of the day on which care began or ceased, by the first or last spell of the period; the category of need is that of the period. Who came
-- or left twice in a year is one child.
CREATE OR REPLACE TABLE flow_counts AS
WITH days AS (
    SELECT 'started' AS what, child, periods_of_child, birth, gender, ethnic_group, need, started AS day, period AS record FROM periods
    UNION ALL SELECT 'ceased', child, periods_of_child, birth, gender, ethnic_group, need, ended, last_record FROM periods WHERE ended IS NOT NULL
),
flows AS (
    SELECT d.what, fy(d.day) AS year, d.child, age_group_of(d.birth, d.day) AS age_group, d.gender, d.ethnic_group, d.need, e.legal, e.place,
        locality_of(l.locality) AS locality, d.periods_of_child
    FROM days d JOIN episodes e ON e.rowid = d.record
    LEFT JOIN localities_told l ON l.post = replace(e.place_post, ' ', '')
    WHERE fy(d.day) >= getvariable('first_year')
),
-- Most children come once and leave once: those who are alike are counted first, and told by group after.
once AS (
    SELECT what, year, age_group, gender, ethnic_group, need, legal, place, locality, count(*) AS children
    FROM flows WHERE periods_of_child = 1 GROUP BY ALL
),
-- The others are told apart in each group.
told AS (
    SELECT what, year, unnest(groups_in_care(age_group, gender, ethnic_group, need, legal, place, locality)) AS kind, children FROM once
    UNION ALL
    SELECT what, year, kind, 1 FROM (
        SELECT DISTINCT what, year, child, unnest(groups_in_care(age_group, gender, ethnic_group, need, legal, place, locality)) AS kind
        FROM flows WHERE periods_of_child > 1
    )
)
SELECT what, year, kind.topic AS topic, kind.name AS name, sum(children) AS children FROM told GROUP BY ALL;
