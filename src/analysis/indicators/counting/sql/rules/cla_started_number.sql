-- A child who came into care twice in a year is one child.
SELECT fy(started) AS year, 'Total' AS topic, 'Total' AS name, count(DISTINCT child) AS value FROM periods GROUP BY ALL;
