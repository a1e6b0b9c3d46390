-- One row a spell of care: the episodes of all returns, stitched. Nothing is overwritten: what was repaired is named in fix_applied,
-- and what stood in the return is kept in ended_given. Series of short breaks (V3, V4) are left out of every indicator.
CREATE OR REPLACE TABLE spells AS
WITH collections AS (
    SELECT file, last_year AS collection FROM years_of_files WHERE held = 'episodes'
),
given AS (
    SELECT *, max(collection) OVER () AS last_collection
    FROM episodes JOIN collections USING (file)
    WHERE child IS NOT NULL AND started IS NOT NULL AND coalesce(legal, '') NOT IN ('V3', 'V4')
),
-- An episode that a later return gives again is replaced by it; two in one return that start on one day are one.
latest AS (
    SELECT * FROM given
    QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC) = 1
),
followed AS (
    SELECT *,
        lead(started) OVER (PARTITION BY child ORDER BY started) AS next_started,
        lead(reason_new) OVER (PARTITION BY child ORDER BY started) AS next_reason
    FROM latest
),
repaired AS (
    SELECT *,
        CASE
            WHEN ended IS NULL AND next_reason = 'S' THEN 'open, closed before the next period of care'
            WHEN ended IS NULL AND next_started IS NOT NULL THEN 'open, closed at the next episode'
            WHEN ended IS NULL AND collection < last_collection THEN 'open, in no later return: closed at the end of its year'
            WHEN ended > next_started THEN 'overlap, cut at the next episode'
            WHEN reason_ended = 'X1' AND ended < next_started AND coalesce(next_reason, '') <> 'S'
                THEN 'gap though continuing, closed at the next episode'
        END AS fix_applied
    FROM followed
)
SELECT child, started,
    CASE
        WHEN fix_applied LIKE 'open, closed before%' THEN least(make_date(collection, 3, 31), next_started)
        WHEN fix_applied LIKE 'open, in no later%' THEN make_date(collection, 3, 31)
        WHEN fix_applied IS NOT NULL THEN next_started
        ELSE ended
    END AS ended,
    ended AS ended_given, fix_applied, reason_new, legal, need, place, provider, reason_ended, reason_change, place_post, collection, file, row
FROM repaired
-- A spell that ends before it starts, or on the day it starts, is no spell.
WHERE ended IS NULL OR ended > started OR next_started IS NOT NULL AND fix_applied IS NOT NULL AND next_started > started;
