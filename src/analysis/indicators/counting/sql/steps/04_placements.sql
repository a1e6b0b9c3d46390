-- Spells joined to placements and to stays with one carer. A change of legal status (L) is neither. Choices:
--   temps            'exclude': a temporary stay (T0 to T4) is an absence, and the return to the same place the same placement;
--                    'count': it is a placement, and the return another.
--   same_carer_moves 'count': a move with the same carer (T, U) is a new placement; 'ignore': it is not.
-- A child in a temporary stay is away from its carer, not without one: the stay with the carer goes on.
CREATE OR REPLACE TABLE placed AS
WITH given AS (
    SELECT s.period, s.turn, s.started, s.ended, s.record, e.place, e.place_post,
        e.reason_new = 'L' AS is_legal, e.reason_new IN ('T', 'U') AS is_with_same_carer,
        coalesce(e.place IN ('T0', 'T1', 'T2', 'T3', 'T4'), false) AND getvariable('temps') = 'exclude' AS is_absence
    FROM spells s JOIN episodes e ON e.rowid = s.record
),
-- Beside each spell the one before; an absence is passed over.
followed AS (
    SELECT *,
        lag(place) OVER one AS last_place, lag(place_post) OVER one AS last_post, lag(turn) OVER one AS last_turn,
        lag(record) OVER one AS last_record
    FROM given WINDOW one AS (PARTITION BY period, is_absence ORDER BY started)
),
-- Adoption by the foster carers (A3, A5), the order that follows, and the return from a temporary stay, change neither placement nor carer.
same AS (
    SELECT * REPLACE (coalesce(is_with_same_carer, false) AS is_with_same_carer),
        last_turn IS NULL AS is_first,
        coalesce(place IN ('A3', 'A5') AND (last_place LIKE 'U%' OR last_place IN ('A3', 'A5')), false)
            OR coalesce(turn > last_turn + 1 AND place = last_place AND place_post IS NOT DISTINCT FROM last_post, false)
            OR coalesce(is_legal, false) AS is_same,
        coalesce(place IN ('U2', 'U5') AND last_place NOT IN ('U2', 'U5'), false) AS is_now_fostering_for_adoption
    FROM followed
),
moved AS (
    SELECT *,
        NOT is_absence AND (is_first OR NOT is_same AND NOT (is_with_same_carer AND getvariable('same_carer_moves') = 'ignore')) AS is_new_placement,
        NOT is_absence AND (is_first OR is_now_fostering_for_adoption OR NOT is_same AND NOT is_with_same_carer) AS is_new_carer
    FROM same
)
SELECT period, started, ended, record, is_absence, is_new_carer, is_new_carer AND place IN ('A3', 'A4', 'A5', 'A6') AS is_new_adopter,
    is_new_placement AND NOT is_first AS is_move, last_record,
    lag(record) OVER one AS record_before,
    count(*) FILTER (WHERE is_new_placement) OVER one AS placement,
    count(*) FILTER (WHERE is_new_carer) OVER one AS carer,
    max(CASE WHEN is_new_carer THEN started END) OVER one AS stay_started
FROM moved WINDOW one AS (PARTITION BY period ORDER BY started);

-- A placement lasts through the temporary stays away from it, also where the child did not come back.
CREATE OR REPLACE TABLE placements AS
SELECT period, placement, min(started) AS started, CASE WHEN bool_or(ended IS NULL) THEN NULL ELSE max(ended) END AS ended
FROM placed WHERE placement > 0 GROUP BY period, placement;
