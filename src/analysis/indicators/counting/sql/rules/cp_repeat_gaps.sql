-- How long after the end of the plan before each repeat plan started. A plan before that no return shows has no
-- gap, nor has one whose end no return gives.
WITH gaps AS (
    SELECT fy(started) AS year,
        CASE WHEN number = 1 THEN 'Plan before not in the returns'
             WHEN before_ended IS NULL THEN 'End of the plan before not known'
             WHEN (before_ended + INTERVAL 6 MONTH)::DATE >= started THEN 'Within 6 months'
             WHEN (before_ended + INTERVAL 12 MONTH)::DATE >= started THEN 'More than 6, within 12 months'
             WHEN (before_ended + INTERVAL 24 MONTH)::DATE >= started THEN 'More than 12, within 24 months'
             ELSE 'More than 24 months' END AS name
    FROM plans_once WHERE coalesce(previous, 0) > 0 OR number > 1
)
SELECT year, 'Gap since the plan before' AS topic, name, count(*) AS numerator, sum(count(*)) OVER (PARTITION BY year) AS denominator
FROM gaps GROUP BY year, name;
