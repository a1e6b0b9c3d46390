-- Periods of care: one row each, from its first spell to its last, with what is known of the child. One that is still open has no end.
-- The category of need is that of the first spell: it says why the child came into care.
CREATE OR REPLACE TABLE periods AS
WITH once AS (
    SELECT period, any_value(child) AS child, min(started) AS started,
        CASE WHEN bool_or(ended IS NULL) THEN NULL ELSE max(ended) END AS ended,
        arg_max(record, turn) AS last_record, bool_or(is_end_unknown) AS is_end_unknown, bool_or(follows_short_break) AS follows_short_breaks
    FROM spells GROUP BY period
)
SELECT o.*,
    row_number() OVER (PARTITION BY o.child ORDER BY o.started) AS number,
    count(*) OVER (PARTITION BY o.child) AS periods_of_child,
    e.need, p.birth, p.gender, p.ethnic_group
FROM once o
JOIN episodes e ON e.rowid = o.period
LEFT JOIN people p ON p.child = o.child;
