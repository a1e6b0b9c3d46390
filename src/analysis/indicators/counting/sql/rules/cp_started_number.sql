SELECT year, kind.topic AS topic, kind.name AS name, sum(plans) AS value FROM plans_started GROUP BY ALL;
