-- A child who left care twice in a year is one child. The day of leaving is the day given in the return; groups are those of that day.
WITH those AS (
    SELECT d.child, fy(d.ended) AS year, unnest(care_groups(
        p.birth, d.ended, p.gender, p.ethnic_group,
        coalesce(n.name, 'Not known'), coalesce(l.name, 'Not known'), coalesce(t.name, 'Not known')
    )) AS kind
    FROM periods d
    LEFT JOIN people p ON p.child = d.child
    LEFT JOIN code_groups n ON n.topic = 'Category of need' AND n.code = d.need
    LEFT JOIN code_groups l ON l.topic = 'Legal status' AND l.code = d.last_legal
    LEFT JOIN code_groups t ON t.topic = 'Placement' AND t.code = d.last_place
    WHERE d.ended IS NOT NULL
)
SELECT year, kind.topic AS topic, kind.name AS name, count(DISTINCT child) AS value FROM those GROUP BY ALL;
