-- Ever. getvariable('plans_before') says what tells of plans before: the number that the return gives ('field'), the plans of all
-- returns that are held ('history'), or either of the two ('either').
SELECT year, kind.topic AS topic, kind.name AS name,
    coalesce(sum(plans) FILTER (WHERE getvariable('plans_before') <> 'history' AND is_repeat_by_field
        OR getvariable('plans_before') <> 'field' AND is_repeat_by_history), 0) AS numerator,
    sum(plans) AS denominator
FROM plans_started GROUP BY ALL;
