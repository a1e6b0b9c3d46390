SELECT year, 'Total' AS topic, 'Total' AS name, count(*) FILTER (WHERE on_time) AS numerator, count(*) AS denominator FROM reviews_due GROUP BY year;
