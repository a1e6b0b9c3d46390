-- More than 729 days by 31 March; getvariable('cessation_day') says whether that day is one of them.
SELECT year, kind.topic AS topic, kind.name AS name,
    count(*) FILTER (WHERE last_day - started + CASE WHEN getvariable('cessation_day') = 'count' THEN 1 ELSE 0 END > 729) AS numerator,
    count(*) AS denominator
FROM plans_open GROUP BY ALL;
