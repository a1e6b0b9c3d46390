-- Of the placements that ended in a move within the same period of care: those whose reason was planned. getvariable('other_reasons')
-- says whether moves for another reason, or without one, are left out ('leave_out') or are moves that were not planned ('count').
SELECT fy(p.last_ended) AS year, 'Total' AS topic, 'Total' AS name,
    count(*) FILTER (WHERE e.reason_change IN ('CARPL', 'PLACE', 'CUSTOD')) AS numerator,
    count(*) FILTER (WHERE getvariable('other_reasons') = 'count' OR coalesce(e.reason_change, 'OTHER') <> 'OTHER') AS denominator
FROM placed p JOIN episodes e ON e.rowid = p.last_record
WHERE p.is_move GROUP BY year;
