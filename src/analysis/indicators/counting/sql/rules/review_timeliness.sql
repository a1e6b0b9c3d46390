SELECT year, 'Total' AS topic, 'Total' AS name, count_if(on_time) AS numerator, count(*) AS denominator FROM reviews_due GROUP BY year;
