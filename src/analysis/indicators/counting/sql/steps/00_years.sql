-- Which years each file is of. A yearly return ends in its year; what ended in it ended in that year. A file with the history of several
-- years is of all of them. Years with few dates, against the year that has most, are taken as mistakes: one wrong date makes no year.
CREATE OR REPLACE MACRO fy(day) AS year(day) + CASE WHEN month(day) >= 4 THEN 1 ELSE 0 END;

CREATE OR REPLACE TABLE years_of_files AS
WITH days AS (
    SELECT 'episodes' AS held, file, started AS began, ended FROM episodes
    UNION ALL SELECT 'plans', file, started, ended FROM plans
    UNION ALL SELECT 'conferences', file, enquiry, conference FROM conferences
    UNION ALL SELECT 'referrals', file, referred, closed FROM referrals
),
numbers AS (
    SELECT held, file, year, count(*) FILTER (WHERE is_end) AS ends, count(*) AS days
    FROM (
        SELECT held, file, fy(began) AS year, false AS is_end FROM days WHERE began IS NOT NULL
        UNION ALL SELECT held, file, fy(ended), true FROM days WHERE ended IS NOT NULL AND ended >= coalesce(began, ended)
    )
    GROUP BY ALL
),
most AS (
    SELECT *, max(ends) OVER (PARTITION BY held, file) AS most_ends, max(days) OVER (PARTITION BY held, file) AS most_days FROM numbers
)
SELECT held, file,
    coalesce(min(year) FILTER (WHERE ends > 0 AND 20 * ends >= most_ends), max(year) FILTER (WHERE 20 * days >= most_days)) AS first_year,
    max(year) FILTER (WHERE 20 * days >= most_days) AS last_year
FROM most GROUP BY held, file;
