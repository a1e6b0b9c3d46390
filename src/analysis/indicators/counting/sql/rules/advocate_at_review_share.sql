-- An advocate spoke for the child (PN2) or was briefed by the child (PN5). The guidance lets an officer stand in, so that this is too high.
SELECT year, kind.topic AS topic, kind.name AS name,
    coalesce(sum(reviews) FILTER (code IN ('PN2', 'PN5')), 0) AS numerator, sum(reviews) AS denominator
FROM reviews_by_group GROUP BY ALL;
