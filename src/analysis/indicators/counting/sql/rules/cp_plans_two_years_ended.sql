SELECT fy(ended) AS year, 'Total' AS topic, 'Total' AS name,
    count_if((started + INTERVAL 2 YEAR)::DATE <= ended) AS numerator, count(*) AS denominator
FROM plans_once WHERE ended IS NOT NULL GROUP BY year;
