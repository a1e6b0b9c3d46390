-- Each issue of a referral that was taken up, in the year in which it was; a referral can have several.
WITH raised AS (SELECT fy(taken_up_on) AS year, unnest(string_split(issues, ';')) AS issue FROM referrals_once WHERE taken_up_on IS NOT NULL)
SELECT year, 'Advocacy issue' AS topic, issue AS name, count(*) AS value FROM raised GROUP BY year, issue
UNION ALL SELECT year, 'Total', 'Total', count(*) FROM raised GROUP BY year;
