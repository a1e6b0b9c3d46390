-- The children who came into care in a year, and those who left it, counted once for all rules: all of them, and by group. Who came twice in a
-- year is one child, as it came first; who left twice is one, as it left last. Groups are those of that day, by the first or last spell of
-- the period; the category of need is that of the period. An end whose day no return gives is of no year.
CREATE OR REPLACE TABLE flow_counts AS
WITH days AS (
    SELECT 'started' AS what, child, periods_of_child, birth, gender, ethnic_group, need, started AS day, period AS record FROM periods
    UNION ALL SELECT 'ceased', child, periods_of_child, birth, gender, ethnic_group, need, ended, last_record
    FROM periods WHERE ended IS NOT NULL AND NOT is_end_unknown
),
-- Most children come once and leave once.
counted_once AS (
    SELECT * FROM days WHERE periods_of_child = 1
    UNION ALL
    SELECT * FROM days WHERE periods_of_child > 1
    QUALIFY row_number() OVER (
        PARTITION BY what, child, fy(day) ORDER BY CASE WHEN what = 'started' THEN day END, CASE WHEN what = 'ceased' THEN day END DESC
    ) = 1
),
alike AS (
    SELECT d.what, fy(d.day) AS year, age_group_of(d.birth, d.day) AS age_group, d.gender, d.ethnic_group, d.need, e.legal, e.place,
        locality_of(l.locality) AS locality, count(*) AS children
    FROM counted_once d JOIN episodes e ON e.rowid = d.record
    LEFT JOIN localities_told l ON l.post = e.place_post
    WHERE fy(d.day) >= getvariable('first_year') GROUP BY ALL
),
told AS (
    SELECT what, year, unnest(groups_in_care(age_group, gender, ethnic_group, need, legal, place, locality)) AS kind, children FROM alike
)
SELECT what, year, kind.topic AS topic, kind.name AS name, sum(children) AS children FROM told GROUP BY ALL;
