-- Reviews of children aged 4 or over by how the child took part. PN4, who came and did not speak: getvariable('pn4') is 'no' or 'yes'.
SELECT fy(r.review) AS year, 'Total' AS topic, 'Total' AS name,
    count_if(r.code IN ('PN1', 'PN2', 'PN3', 'PN5', 'PN6') OR r.code = 'PN4' AND getvariable('pn4') = 'yes') AS numerator, count(*) AS denominator
FROM (SELECT DISTINCT child, review, code FROM reviews WHERE code BETWEEN 'PN1' AND 'PN7') r
JOIN reviews_held h ON h.child = r.child AND h.review = r.review
GROUP BY ALL;
