SELECT fy(ended) AS year, 'Total' AS topic, 'Total' AS name, count(*) AS value FROM plans_once WHERE ended IS NOT NULL GROUP BY year;
