WITH ended AS (
    SELECT fy(ended) AS year, reason_change,
        lead(new_placement) OVER (PARTITION BY child, period ORDER BY started) AS followed_by_new
    FROM numbered
),
counted AS (
    SELECT year, coalesce((SELECT name FROM code_groups WHERE topic = 'Reason for placement change' AND code = reason_change), 'Other reason') AS name,
        count(*) AS numerator
    FROM ended WHERE followed_by_new = 1 GROUP BY ALL
)
SELECT year, 'Reason for placement change' AS topic, name, numerator, sum(numerator) OVER (PARTITION BY year) AS denominator FROM counted;
