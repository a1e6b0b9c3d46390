-- Plans open on 31 March for three months or more. On time: the first review within 3 months of the start, each later one within
-- 6 months of the one before, and the last not more than 6 months before 31 March. Only reviews that ended in the year or later are judged.
WITH open AS (
    SELECT child, started, unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year FROM plans_once
),
grown AS (SELECT *, make_date(year::INTEGER, 3, 31) AS last_day FROM open WHERE (started + INTERVAL 3 MONTH)::DATE <= make_date(year::INTEGER, 3, 31)),
points AS (
    SELECT DISTINCT g.child, g.started, g.year, g.last_day, r.review AS day
    FROM grown g JOIN plan_reviews r ON r.child = g.child AND r.plan_started = g.started AND r.review <= g.last_day
    UNION SELECT child, started, year, last_day, started FROM grown
    UNION SELECT child, started, year, last_day, last_day + 1 FROM grown
),
steps AS (
    SELECT *, lag(day) OVER (PARTITION BY child, started, year ORDER BY day) AS day_before FROM points
),
judged AS (
    SELECT child, started, year,
        bool_and(
            day < last_day - INTERVAL 1 YEAR
            OR day - CASE WHEN day = last_day + 1 THEN 1 ELSE 0 END
                <= (day_before + CASE WHEN day_before = started THEN INTERVAL 3 MONTH ELSE INTERVAL 6 MONTH END)::DATE
        ) AS on_time
    FROM steps WHERE day_before IS NOT NULL GROUP BY ALL
)
SELECT year, 'Total' AS topic, 'Total' AS name, count(*) FILTER (WHERE on_time) AS numerator, count(*) AS denominator FROM judged GROUP BY year;
