-- Those whose disability is not known are in neither number.
SELECT year, kind.topic AS topic, kind.name AS name, count(*) AS numerator, sum(count(*)) OVER (PARTITION BY year, kind.topic) AS denominator
FROM advocacy_users WHERE kind.topic <> 'Total' AND kind.name IS NOT NULL
GROUP BY year, kind.topic, kind.name;
