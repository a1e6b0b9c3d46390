-- Ever. getvariable('plans_before') says what tells of plans before: the number that the return gives ('field'), the plans of all
-- returns that are held ('history'), or either of the two ('either').
SELECT year, kind.topic AS topic, kind.name AS name,
    count(*) FILTER (WHERE getvariable('plans_before') <> 'history' AND coalesce(previous, 0) > 0
        OR getvariable('plans_before') <> 'field' AND number > 1) AS numerator,
    count(*) AS denominator
FROM plans_started GROUP BY ALL;
