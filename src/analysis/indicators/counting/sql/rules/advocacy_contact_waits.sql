-- Working days after the day of the referral; a contact before it has no wait.
WITH waits AS (
    SELECT fy(r.first_contact) AS year, c.number - b.number AS days
    FROM referrals_once r JOIN working_days b ON b.day = r.referred JOIN working_days c ON c.day = r.first_contact
    WHERE r.first_contact >= r.referred
),
named AS (
    SELECT year, CASE WHEN days <= 5 THEN '5 or fewer' WHEN days <= 10 THEN '6 to 10' WHEN days <= 20 THEN '11 to 20' ELSE '21 or more' END AS name
    FROM waits
)
SELECT year, 'Working days to first contact' AS topic, name, count(*) AS numerator, sum(count(*)) OVER (PARTITION BY year) AS denominator
FROM named GROUP BY year, name;
