-- A child who left care twice in a year is one child. The day of leaving is the day given in the return.
SELECT fy(ended) AS year, 'Total' AS topic, 'Total' AS name, count(DISTINCT child) AS value
FROM periods WHERE ended IS NOT NULL GROUP BY ALL;
