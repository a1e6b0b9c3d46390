-- The plan before ended on or after the same day 12 calendar months earlier. Plans before the first return held are not seen.
SELECT year, kind.topic AS topic, kind.name AS name,
    coalesce(sum(plans) FILTER (WHERE is_within_12_months), 0) AS numerator, sum(plans) AS denominator
FROM plans_started GROUP BY ALL;
