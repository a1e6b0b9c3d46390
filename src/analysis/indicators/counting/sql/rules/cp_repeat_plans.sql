-- Ever: the return says that there were plans before, or an earlier return holds one.
SELECT fy(started) AS year, 'Total' AS topic, 'Total' AS name,
    count_if(coalesce(previous, 0) > 0 OR number > 1) AS numerator, count(*) AS denominator
FROM plans_once GROUP BY year;
