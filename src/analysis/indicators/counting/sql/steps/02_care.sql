-- Spells joined to periods of care. A period begins where a child was not in care the day before, or where care ended (any reason
-- but X1) and began again on the same day.
CREATE OR REPLACE TABLE care AS
WITH before AS (
    SELECT *,
        lag(ended) OVER (PARTITION BY child ORDER BY started) AS last_ended,
        lag(reason_ended) OVER (PARTITION BY child ORDER BY started) AS last_reason
    FROM spells
)
SELECT * EXCLUDE (last_ended, last_reason),
    sum(CASE WHEN last_ended IS NULL OR last_ended < started OR coalesce(last_reason, 'X1') <> 'X1' THEN 1 ELSE 0 END)
        OVER (PARTITION BY child ORDER BY started) AS period,
    row_number() OVER (PARTITION BY child ORDER BY started) AS turn
FROM before;

CREATE OR REPLACE TABLE periods AS
SELECT child, period, min(started) AS started,
    CASE WHEN bool_or(ended IS NULL) THEN NULL ELSE max(ended) END AS ended,
    arg_max(reason_ended, started) AS reason_ended,
    arg_min(need, started) AS need, arg_min(legal, started) AS first_legal, arg_min(place, started) AS first_place,
    arg_max(legal, started) AS last_legal, arg_max(place, started) AS last_place
FROM care GROUP BY child, period;
