SELECT fy(referred) AS year, 'Referral source' AS topic, coalesce(source, 'Not known') AS name, count(*) AS numerator,
    sum(count(*)) OVER (PARTITION BY fy(referred)) AS denominator
FROM referrals_once GROUP BY fy(referred), source;
