-- Of the placements that ended in a move within the same period of care: those whose reason was planned. getvariable('other_reasons')
-- says whether moves for another reason, or without one, are left out ('exclude') or are moves that were not planned ('count').
WITH ended AS (
    SELECT fy(ended) AS year, reason_change,
        lead(new_placement) OVER (PARTITION BY child, period ORDER BY started) AS followed_by_new
    FROM numbered
)
SELECT year, 'Total' AS topic, 'Total' AS name,
    count(*) FILTER (WHERE reason_change IN ('CARPL', 'PLACE', 'CUSTOD')) AS numerator,
    count(*) FILTER (WHERE getvariable('other_reasons') = 'count' OR coalesce(reason_change, 'OTHER') <> 'OTHER') AS denominator
FROM ended WHERE followed_by_new = 1 GROUP BY year;
