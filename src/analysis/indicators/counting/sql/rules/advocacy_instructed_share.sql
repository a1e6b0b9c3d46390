SELECT fy(taken_up_on) AS year, 'Total' AS topic, 'Total' AS name, count(*) FILTER (WHERE advocacy = 'instructed') AS numerator, count(*) AS denominator
FROM referrals_once WHERE taken_up_on IS NOT NULL AND advocacy IS NOT NULL GROUP BY year;
