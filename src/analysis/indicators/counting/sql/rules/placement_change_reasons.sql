WITH counted AS (
    SELECT fy(p.last_ended) AS year, coalesce(g.name, 'Other reason') AS name, count(*) AS numerator
    FROM placed p
    JOIN episodes e ON e.rowid = p.last_record
    LEFT JOIN code_groups g ON g.topic = 'Reason for placement change' AND g.code = e.reason_change
    WHERE p.is_move GROUP BY ALL
)
SELECT year, 'Reason for placement change' AS topic, name, numerator, sum(numerator) OVER (PARTITION BY year) AS denominator FROM counted;
