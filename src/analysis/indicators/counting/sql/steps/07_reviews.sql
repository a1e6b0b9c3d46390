-- Reviews of children in care, each beside the day by which it had to be held: the first within 20 working days of coming into care,
-- the second within 3 months of the first, later ones within 6 months of the one before (calendar months, the last day included).
CREATE OR REPLACE TABLE working_days AS
SELECT day, count_if(is_working) OVER (ORDER BY day) AS number FROM (
    SELECT day, isodow(day) < 6 AND day NOT IN (SELECT day FROM bank_holidays) AS is_working
    FROM (SELECT unnest(generate_series(DATE '2000-01-01', DATE '2035-12-31', INTERVAL 1 DAY))::DATE AS day)
);

CREATE OR REPLACE TABLE reviews_held AS
SELECT DISTINCT r.child, p.period, r.review, p.started AS care_started, p.ended AS care_ended
FROM reviews r
JOIN periods p ON p.child = r.child AND r.review >= p.started AND (p.ended IS NULL OR r.review < p.ended)
WHERE r.review IS NOT NULL;

CREATE OR REPLACE TABLE reviews_due AS
WITH first_due AS (
    SELECT p.child, p.period, p.started, p.ended, min(w.day) AS due
    FROM periods p
    JOIN working_days s ON s.day = p.started
    JOIN working_days w ON w.number = s.number + 20
    GROUP BY p.child, p.period, p.started, p.ended
),
held AS (
    SELECT *, row_number() OVER (PARTITION BY child, period ORDER BY review) AS number,
        lead(review) OVER (PARTITION BY child, period ORDER BY review) AS next_review
    FROM reviews_held
),
gaps AS (
    SELECT f.child, f.period, f.ended AS care_ended, f.due, h.review AS held
    FROM first_due f LEFT JOIN held h ON h.child = f.child AND h.period = f.period AND h.number = 1
    UNION ALL
    SELECT child, period, care_ended,
        (review + CASE WHEN number = 1 THEN INTERVAL 3 MONTH ELSE INTERVAL 6 MONTH END)::DATE, next_review
    FROM held
)
-- A review counts in the year in which it was held, or at the latest had to be held while the child was in care.
SELECT child, fy(least(due, coalesce(held, due))) AS year, due, held, coalesce(held <= due, false) AS on_time
FROM gaps
WHERE (care_ended IS NULL OR least(due, coalesce(held, due)) < care_ended)
    AND least(due, coalesce(held, due)) <= make_date(getvariable('last_year')::INTEGER, 3, 31);
