-- Of the placements that ended in a move within the same period of care, in the year of the move: those whose reason was planned. The reason
-- stands with the spell that ended then; where that was a temporary stay without one, with the last spell at home.
-- getvariable('other_reasons') says whether moves for another reason, or without one, are left out ('exclude') or are moves that were not
-- planned ('count').
WITH moves AS (
    SELECT fy(p.started) AS year, coalesce(b.reason_change, e.reason_change) AS reason
    FROM placed p JOIN episodes b ON b.rowid = p.record_before JOIN episodes e ON e.rowid = p.last_record
    WHERE p.is_move
)
SELECT year, 'Total' AS topic, 'Total' AS name,
    count(*) FILTER (WHERE reason IN ('CARPL', 'PLACE', 'CUSTOD')) AS numerator,
    count(*) FILTER (WHERE getvariable('other_reasons') = 'count' OR coalesce(reason, 'OTHER') <> 'OTHER') AS denominator
FROM moves GROUP BY year;
