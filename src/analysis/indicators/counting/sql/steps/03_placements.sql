-- Spells joined to placements and to stays with one carer. A change of legal status (L) is neither. Choices:
--   temps            'exclude': a temporary stay (T0 to T4) is an absence, and the return to the same place the same placement;
--                    'count': it is a placement, and the return another.
--   same_carer_moves 'count': a move with the same carer (T, U) is a new placement; 'ignore': it is not.
CREATE OR REPLACE TABLE moves AS
WITH main AS (
    SELECT *,
        lag(place) OVER one AS last_place,
        lag(place_post) OVER one AS last_post,
        lag(turn) OVER one AS last_turn
    FROM care
    WHERE getvariable('temps') = 'count' OR coalesce(place, '') NOT IN ('T0', 'T1', 'T2', 'T3', 'T4')
    WINDOW one AS (PARTITION BY child, period ORDER BY started)
),
-- Adoption by the foster carers (A3, A5), and the return from a temporary stay, change neither placement nor carer.
same AS (
    SELECT *,
        last_turn IS NULL AS is_first,
        coalesce(place IN ('A3', 'A5') AND last_place LIKE 'U%', false)
            OR coalesce(turn > last_turn + 1 AND place = last_place AND place_post IS NOT DISTINCT FROM last_post, false)
            OR coalesce(reason_new, '') = 'L' AS is_same,
        coalesce(reason_new IN ('T', 'U'), false) AS is_with_same_carer,
        coalesce(place IN ('U2', 'U5') AND last_place NOT IN ('U2', 'U5'), false) AS is_now_fostering_for_adoption
    FROM main
)
SELECT * EXCLUDE (last_place, last_post, last_turn, is_same, is_with_same_carer, is_now_fostering_for_adoption),
    CASE
        WHEN is_first THEN 1 WHEN is_same THEN 0
        WHEN is_with_same_carer THEN CASE WHEN getvariable('same_carer_moves') = 'count' THEN 1 ELSE 0 END
        ELSE 1
    END AS new_placement,
    CASE
        WHEN is_first OR is_now_fostering_for_adoption THEN 1 WHEN is_same OR is_with_same_carer THEN 0 ELSE 1
    END AS new_carer
FROM same;

CREATE OR REPLACE TABLE numbered AS
SELECT *,
    sum(new_placement) OVER (PARTITION BY child, period ORDER BY started) AS placement,
    sum(new_carer) OVER (PARTITION BY child, period ORDER BY started) AS carer
FROM moves;

CREATE OR REPLACE TABLE placements AS
SELECT child, period, placement, min(started) AS started,
    CASE WHEN bool_or(ended IS NULL) THEN NULL ELSE max(ended) END AS ended
FROM numbered GROUP BY child, period, placement;

-- A stay with a carer runs until the next one begins, or care ends: a child in a temporary stay is away from its carer, not without one.
CREATE OR REPLACE TABLE stays AS
WITH carers AS (SELECT child, period, carer, min(started) AS started FROM numbered GROUP BY child, period, carer)
SELECT c.*,
    coalesce(lead(c.started) OVER one, p.ended) AS ended,
    lag(c.started) OVER one AS stay_before_started
FROM carers c JOIN periods p ON p.child = c.child AND p.period = c.period
WINDOW one AS (PARTITION BY c.child, c.period ORDER BY c.carer);
