-- More than 729 days by 31 March; getvariable('cessation_day') says whether that day is one of them.
WITH alike AS (
    SELECT year, age_group, gender, ethnic_group, disability, category_latest, count(*) AS plans,
        count(*) FILTER (WHERE last_day - started + CASE WHEN getvariable('cessation_day') = 'count' THEN 1 ELSE 0 END > 729) AS long
    FROM plans_open GROUP BY ALL
),
told AS (
    SELECT year, unnest(groups_of_plan(age_group, gender, ethnic_group, disability, category_latest)) AS kind, plans, long FROM alike
)
SELECT year, kind.topic AS topic, kind.name AS name, sum(long) AS numerator, sum(plans) AS denominator FROM told GROUP BY ALL;
