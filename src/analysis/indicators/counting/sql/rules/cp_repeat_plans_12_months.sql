-- The plan before ended on or after the same day 12 calendar months earlier. Plans before the first return held are not seen.
SELECT year, kind.topic AS topic, kind.name AS name,
    count(*) FILTER (WHERE before_ended IS NOT NULL AND (before_ended + INTERVAL 12 MONTH)::DATE >= started) AS numerator, count(*) AS denominator
FROM plans_started GROUP BY ALL;
