-- An advocate spoke for the child (PN2) or was briefed by the child (PN5). The guidance lets an officer stand in, so that this is too high.
SELECT fy(r.review) AS year, 'Total' AS topic, 'Total' AS name,
    count_if(r.code IN ('PN2', 'PN5')) AS numerator, count(*) AS denominator
FROM (SELECT DISTINCT child, review, code FROM reviews WHERE code BETWEEN 'PN1' AND 'PN7') r
JOIN reviews_held h ON h.child = r.child AND h.review = r.review
GROUP BY ALL;
