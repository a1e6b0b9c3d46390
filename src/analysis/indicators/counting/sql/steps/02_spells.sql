-- One row a spell of care: the episodes of all returns, stitched, and joined to periods of care. Nothing is overwritten: what was
-- repaired is named in fix_applied, and record is the row of episodes where all that the return says of the spell still stands.
-- Series of short breaks (V3, V4) are left out of every indicator.
CREATE OR REPLACE TABLE spells AS
WITH collections AS (
    SELECT file, last_year::SMALLINT AS collection FROM years_of_files WHERE held = 'episodes'
),
given AS (
    SELECT child, started, ended, reason_new = 'S' AS is_start, reason_ended = 'X1' AS goes_on, row, collection, episodes.rowid AS record
    FROM episodes JOIN collections USING (file)
    WHERE child IS NOT NULL AND started IS NOT NULL AND coalesce(legal, '') NOT IN ('V3', 'V4')
),
-- An episode that a later return gives again is replaced by it; two in one return that start on one day are one.
latest AS (
    SELECT * EXCLUDE (row) FROM given
    QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC, record DESC) = 1
),
followed AS (
    SELECT *,
        lead(started) OVER (PARTITION BY child ORDER BY started) AS next_started,
        lead(is_start) OVER (PARTITION BY child ORDER BY started) AS next_is_start
    FROM latest
),
repaired AS (
    SELECT *,
        CASE
            WHEN ended IS NULL AND next_is_start THEN 'open, closed before the next period of care'
            WHEN ended IS NULL AND next_started IS NOT NULL THEN 'open, closed at the next episode'
            WHEN ended IS NULL AND collection < (SELECT max(collection) FROM collections) THEN 'open, in no later return: closed at the end of its year'
            WHEN ended > next_started THEN 'overlap, cut at the next episode'
            WHEN goes_on AND ended < next_started AND NOT coalesce(next_is_start, false)
                THEN 'gap though continuing, closed at the next episode'
        END AS fix_applied
    FROM followed
),
closed AS (
    SELECT child, started,
        CASE
            WHEN fix_applied LIKE 'open, closed before%' THEN least(make_date(collection, 3, 31), next_started)
            WHEN fix_applied LIKE 'open, in no later%' THEN make_date(collection, 3, 31)
            WHEN fix_applied IS NOT NULL THEN next_started
            ELSE ended
        END AS ended,
        fix_applied, goes_on, collection, record
    FROM repaired
    -- A spell that ends before it starts, or on the day it starts, is no spell.
    WHERE ended IS NULL OR ended > started OR next_started IS NOT NULL AND fix_applied IS NOT NULL AND next_started > started
),
-- A period begins where a child was not in care the day before, or where care ended (any reason but X1) and began again on the same day.
begun AS (
    SELECT *,
        CASE WHEN lag(ended) OVER one IS NULL OR lag(ended) OVER one < started OR NOT coalesce(lag(goes_on) OVER one, true)
            THEN record END AS first_record
    FROM closed WINDOW one AS (PARTITION BY child ORDER BY started)
)
-- A period is known by the record of its first spell; turn counts the spells of a child.
SELECT child, last_value(first_record IGNORE NULLS) OVER one AS period, row_number() OVER one AS turn,
    started, ended, fix_applied, collection, record
FROM begun WINDOW one AS (PARTITION BY child ORDER BY started);

-- The same with what the return says of each spell.
CREATE OR REPLACE VIEW spells_given AS
SELECT s.*, e.* EXCLUDE (child, started, ended), e.ended AS ended_given
FROM spells s JOIN episodes e ON e.rowid = s.record;
