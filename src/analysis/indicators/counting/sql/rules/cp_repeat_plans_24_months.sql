-- The plan before ended on or after the same day 24 calendar months earlier. Plans before the first return held are not seen.
SELECT fy(started) AS year, 'Total' AS topic, 'Total' AS name,
    count_if(before_ended IS NOT NULL AND before_ended >= (started - INTERVAL 24 MONTH)::DATE) AS numerator, count(*) AS denominator
FROM plans_once GROUP BY year;
