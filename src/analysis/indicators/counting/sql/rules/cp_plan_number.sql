SELECT year, kind.topic AS topic, kind.name AS name, count(DISTINCT child) AS value FROM plans_open GROUP BY ALL;
