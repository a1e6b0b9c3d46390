SELECT year, 'Total' AS topic, 'Total' AS name, count(DISTINCT child) AS value
FROM (SELECT child, unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year FROM plans_once) GROUP BY year;
