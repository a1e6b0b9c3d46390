-- A child is on time where every review that fell due in the year was held by its day.
SELECT year, 'Total' AS topic, 'Total' AS name, count(*) FILTER (WHERE all_on_time) AS numerator, count(*) AS denominator
FROM (SELECT year, child, bool_and(on_time) AS all_on_time FROM reviews_due GROUP BY year, child) GROUP BY year;
