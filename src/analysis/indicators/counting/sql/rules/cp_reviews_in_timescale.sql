-- Plans open on 31 March for three months or more: getvariable('three_months') says whether these are 91 days ('days') or calendar months
-- ('calendar'). On time: the first review within 3 months of the start, each later one within
-- 6 months of the one before, and the last not more than 6 months before 31 March. Only reviews that fell in the year are judged.
WITH points AS (
    SELECT p.plan, p.started, r.review AS day FROM plans_once p JOIN plan_reviews r ON r.child = p.child AND r.plan_started = p.started
    WHERE r.review IS NOT NULL
    UNION SELECT plan, started, started FROM plans_once
),
-- By each point the next review is due.
due AS (
    SELECT plan, day, (day + CASE WHEN day = started THEN INTERVAL 3 MONTH ELSE INTERVAL 6 MONTH END)::DATE AS due FROM points
),
steps AS (
    SELECT *, lag(due) OVER one AS due_before, lead(day) OVER one AS next_day FROM due WINDOW one AS (PARTITION BY plan ORDER BY day)
),
judged AS (
    SELECT o.plan, o.year,
        bool_and(coalesce(s.day <= s.due_before, true) OR s.day <= o.last_day - INTERVAL 1 YEAR)
            AND bool_and(coalesce(s.next_day <= o.last_day, false) OR o.last_day <= s.due) AS on_time
    FROM plans_open o JOIN steps s ON s.plan = o.plan AND s.day <= o.last_day
    WHERE CASE WHEN getvariable('three_months') = 'calendar' THEN (o.started + INTERVAL 3 MONTH)::DATE <= o.last_day
        ELSE o.last_day - o.started >= 91 END
    GROUP BY o.plan, o.year
)
SELECT year, 'Total' AS topic, 'Total' AS name, count(*) FILTER (WHERE on_time) AS numerator, count(*) AS denominator FROM judged GROUP BY year;
