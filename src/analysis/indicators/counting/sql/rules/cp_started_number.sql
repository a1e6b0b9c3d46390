SELECT year, kind.topic AS topic, kind.name AS name, count(*) AS value FROM plans_started GROUP BY ALL;
