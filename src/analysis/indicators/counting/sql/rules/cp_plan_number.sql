-- A child with two plans on 31 March is one child.
WITH alike AS (
    SELECT year, age_group, gender, ethnic_group, disability, category_latest, count(*) AS children
    FROM plans_open WHERE plans_of_child = 1 GROUP BY ALL
),
told AS (
    SELECT year, unnest(groups_of_plan(age_group, gender, ethnic_group, disability, category_latest)) AS kind, children FROM alike
    UNION ALL
    SELECT year, kind, 1 FROM (
        SELECT DISTINCT year, child, unnest(groups_of_plan(age_group, gender, ethnic_group, disability, category_latest)) AS kind
        FROM plans_open WHERE plans_of_child > 1
    )
)
SELECT year, kind.topic AS topic, kind.name AS name, sum(children) AS value FROM told GROUP BY ALL;
