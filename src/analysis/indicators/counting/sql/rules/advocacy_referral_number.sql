WITH grouped AS (SELECT fy(referred) AS year, unnest(child_groups(birth, referred, gender, ethnic_group)) AS kind FROM referrals_known)
SELECT year, kind.topic AS topic, kind.name AS name, count(*) AS value FROM grouped GROUP BY ALL;
