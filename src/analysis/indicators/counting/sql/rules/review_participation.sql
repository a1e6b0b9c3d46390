-- Reviews of children aged 4 or over by how the child took part. PN4, who came and did not speak: getvariable('pn4') is 'no' or 'yes'.
SELECT year, kind.topic AS topic, kind.name AS name,
    coalesce(sum(reviews) FILTER (code IN ('PN1', 'PN2', 'PN3', 'PN5', 'PN6') OR code = 'PN4' AND getvariable('pn4') = 'yes'), 0) AS numerator,
    sum(reviews) AS denominator
FROM reviews_by_group GROUP BY ALL;
