-- More than 729 days; getvariable('cessation_day') says whether the day on which the plan ended is one of them.
SELECT fy(ended) AS year, 'Total' AS topic, 'Total' AS name,
    count(*) FILTER (WHERE ended - started + CASE WHEN getvariable('cessation_day') = 'count' THEN 1 ELSE 0 END > 729) AS numerator,
    count(*) AS denominator
FROM plans_once WHERE ended IS NOT NULL GROUP BY year;
