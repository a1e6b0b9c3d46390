-- What the newest return says of each episode. One that a later return gives again is replaced by it; two in one return that start on one
-- day are one.
CREATE OR REPLACE TABLE latest AS
WITH collections AS (
    SELECT file, last_year::SMALLINT AS collection FROM years_of_files WHERE held = 'episodes'
)
SELECT child, started, ended, reason_new = 'S' AS is_start, reason_ended = 'X1' AS goes_on,
    coalesce(legal IN ('V3', 'V4'), false) AS is_short_break, collection, episodes.rowid AS record
FROM episodes JOIN collections USING (file)
WHERE child IS NOT NULL AND started IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC, record DESC) = 1;

-- Open in a return, and not in a later one that says otherwise where the child was on the last day of that return's year: it was
-- withdrawn, or the day on which it starts was corrected.
CREATE OR REPLACE TABLE withdrawn AS
SELECT DISTINCT o.record FROM latest o JOIN latest n ON n.child = o.child AND n.collection > o.collection
    AND n.started <= make_date(o.collection, 3, 31) AND coalesce(n.ended > make_date(o.collection, 3, 31), true)
WHERE o.ended IS NULL AND o.collection < (SELECT max(collection) FROM latest);

-- One row a spell of care: the episodes of all returns, stitched, and joined to periods of care. Nothing is overwritten: what was
-- repaired is named in fix_applied, and record is the row of episodes where all that the return says of the spell still stands.
-- Series of short breaks (V3, V4) are left out of every indicator; a spell that follows on one says so.
CREATE OR REPLACE TABLE spells AS
WITH followed AS (
    SELECT *,
        lead(started) OVER (PARTITION BY child ORDER BY started) AS next_started,
        lead(is_start) OVER (PARTITION BY child ORDER BY started) AS next_is_start
    FROM latest ANTI JOIN withdrawn USING (record)
),
repaired AS (
    SELECT *,
        CASE
            WHEN ended IS NULL AND next_is_start THEN 'open, closed before the next period of care'
            WHEN ended IS NULL AND next_started IS NOT NULL THEN 'open, closed at the next episode'
            WHEN ended IS NULL AND collection < (SELECT max(collection) FROM latest) THEN 'open, in no later return: closed after the end of its year'
            WHEN ended > next_started THEN 'overlap, cut at the next episode'
            WHEN goes_on AND ended < next_started AND NOT coalesce(next_is_start, false)
                THEN 'gap though continuing, closed at the next episode'
        END AS fix_applied
    FROM followed
),
closed AS (
    SELECT child, started,
        CASE
            -- In care on the last day of the return that has it open; when care ended after that is not known.
            WHEN fix_applied LIKE 'open, closed before%' THEN least(make_date(collection, 4, 1), next_started)
            WHEN fix_applied LIKE 'open, in no later%' THEN make_date(collection, 4, 1)
            WHEN fix_applied IS NOT NULL THEN next_started
            ELSE ended
        END AS ended,
        CASE
            WHEN fix_applied LIKE 'open, closed before%' OR fix_applied LIKE 'open, in no later%' THEN false
            WHEN fix_applied IS NOT NULL THEN coalesce(goes_on, false) OR NOT coalesce(next_is_start, false)
            ELSE coalesce(goes_on, true)
        END AS goes_on,
        fix_applied, is_short_break, collection, record
    FROM repaired
    -- A spell that ends before it starts, or on the day it starts, is no spell.
    WHERE ended IS NULL OR ended > started OR next_started IS NOT NULL AND fix_applied IS NOT NULL AND next_started > started
),
followed_on AS (
    SELECT *, coalesce(lag(ended) OVER one = started AND lag(goes_on) OVER one, false) AS is_on,
        coalesce(lag(is_short_break) OVER one, false) AS is_after_short_break
    FROM closed WINDOW one AS (PARTITION BY child ORDER BY started)
)
-- A period begins where a child was not in care the day before, or where care ended (any reason but X1) and began again on the same day.
-- It is known by the record of its first spell; turn counts the spells of a child.
SELECT child, last_value(CASE WHEN NOT is_on OR is_after_short_break THEN record END IGNORE NULLS) OVER one AS period,
    row_number() OVER one AS turn, started, ended, is_on AND is_after_short_break AS follows_short_break,
    -- An end that was put there because no return gives one; where care goes on with the next episode, its start gives it.
    coalesce(fix_applied LIKE 'open,%' AND NOT goes_on AND ended = make_date(collection, 4, 1), false) AS is_end_unknown, fix_applied, collection, record
FROM followed_on WHERE NOT is_short_break WINDOW one AS (PARTITION BY child ORDER BY started);

-- The same with what the return says of each spell.
CREATE OR REPLACE VIEW spells_given AS
SELECT s.*, e.* EXCLUDE (child, started, ended), e.ended AS ended_given
FROM spells s JOIN episodes e ON e.rowid = s.record;
