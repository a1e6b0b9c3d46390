-- A child who came into care twice in a year is one child. Groups are those of the day on which care began.
WITH those AS (
    SELECT d.child, fy(d.started) AS year, unnest(care_groups(
        p.birth, d.started, p.gender, p.ethnic_group,
        coalesce(n.name, 'Not known'), coalesce(l.name, 'Not known'), coalesce(t.name, 'Not known')
    )) AS kind
    FROM periods d
    LEFT JOIN people p ON p.child = d.child
    LEFT JOIN code_groups n ON n.topic = 'Category of need' AND n.code = d.need
    LEFT JOIN code_groups l ON l.topic = 'Legal status' AND l.code = d.first_legal
    LEFT JOIN code_groups t ON t.topic = 'Placement' AND t.code = d.first_place
    WHERE d.started IS NOT NULL
)
SELECT year, kind.topic AS topic, kind.name AS name, count(DISTINCT child) AS value FROM those GROUP BY ALL;
