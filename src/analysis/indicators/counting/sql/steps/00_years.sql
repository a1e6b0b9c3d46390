-- Which years each file is of. A yearly return ends in its year; what ended in it ended in that year. A file with the history of several
-- years is of all of them. A year with few dates, against the year that has most, is taken as a mistake, and so is one that years without
-- any part from the year in which most ended: one wrong date makes no year, in a small council either.
CREATE OR REPLACE MACRO fy(day) AS year(day) + CASE WHEN month(day) >= 4 THEN 1 ELSE 0 END;

CREATE OR REPLACE TABLE years_of_files AS
WITH days AS (
    SELECT 'episodes' AS held, file, started AS began, ended FROM episodes
    UNION ALL SELECT 'reviews', file, review, review FROM reviews
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
judged AS (
    SELECT *, ends > 0 AND 20 * ends >= max(ends) OVER one AS has_ends, 20 * days >= max(days) OVER one AS has_days,
        arg_max(year, (ends, year)) FILTER (WHERE ends > 0) OVER one AS busiest
    FROM numbers WINDOW one AS (PARTITION BY held, file)
),
-- Years that follow one another without a gap have one number.
runs AS (
    SELECT *, year - row_number() OVER (PARTITION BY held, file, has_ends ORDER BY year) AS run_of_ends,
        year - row_number() OVER (PARTITION BY held, file, has_days OR year = busiest ORDER BY year) AS run_of_days
    FROM judged
),
busy AS (SELECT held, file, run_of_ends AS busy_ends, run_of_days AS busy_days FROM runs WHERE year = busiest)
SELECT held, file,
    coalesce(min(year) FILTER (WHERE has_ends AND run_of_ends = busy_ends), max(year) FILTER (WHERE has_days)) AS first_year,
    coalesce(max(year) FILTER (WHERE has_days AND run_of_days = busy_days), max(year) FILTER (WHERE has_days)) AS last_year
FROM runs LEFT JOIN busy USING (held, file) GROUP BY held, file;
