SELECT fy(started) AS year, 'Total' AS topic, 'Total' AS name, count(*) AS value FROM plans_once GROUP BY year;
