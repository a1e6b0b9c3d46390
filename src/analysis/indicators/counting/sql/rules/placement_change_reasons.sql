-- Moves within a period of care, in the year of the move. The reason stands with the spell that ended then; where that was a temporary stay
-- without one, with the last spell at home.
WITH moves AS (
    SELECT fy(p.started) AS year, coalesce(b.reason_change, e.reason_change) AS reason
    FROM placed p JOIN episodes b ON b.rowid = p.record_before JOIN episodes e ON e.rowid = p.last_record
    WHERE p.is_move
),
counted AS (
    SELECT m.year, coalesce(g.name, 'Other reason') AS name, count(*) AS numerator
    FROM moves m LEFT JOIN code_groups g ON g.topic = 'Reason for placement change' AND g.code = m.reason
    GROUP BY ALL
)
SELECT year, 'Reason for placement change' AS topic, name, numerator, sum(numerator) OVER (PARTITION BY year) AS denominator FROM counted;
