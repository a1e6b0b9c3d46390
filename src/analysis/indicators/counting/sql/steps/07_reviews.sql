-- Reviews of children in care, each beside the day by which it had to be held: the first within 20 working days of coming into care,
-- the second within 3 months of the first, later ones within 6 months of the one before (calendar months, the last day included).
CREATE OR REPLACE TABLE working_days AS
SELECT day, count(*) FILTER (WHERE is_working) OVER (ORDER BY day) AS number FROM (
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
-- The first day of the first return of reviews. The first review that it holds of a child whose first one fell due before is a later one.
begins AS (
    SELECT make_date((min(year) - 1)::INTEGER, 4, 1) AS day FROM (SELECT max(fy(review)) AS year FROM reviews GROUP BY file)
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
    SELECT h.child, h.period, h.care_ended,
        (h.review + CASE WHEN h.number = 1 AND f.due >= b.day THEN INTERVAL 3 MONTH ELSE INTERVAL 6 MONTH END)::DATE, h.next_review
    FROM held h JOIN first_due f ON f.child = h.child AND f.period = h.period CROSS JOIN begins b
)
-- A review counts in the year in which it fell due while the child was in care. What is due by the day care ended is not judged.
SELECT child, fy(due) AS year, due, held, coalesce(held <= due, false) AS on_time
FROM gaps
WHERE (care_ended IS NULL OR due < care_ended) AND due <= make_date(getvariable('last_year')::INTEGER, 3, 31);

-- Reviews that were held of children of 4 or over, by how the child took part (PN1 to PN7), once for each group that the child belongs to.
CREATE OR REPLACE TABLE reviews_by_group AS
SELECT fy(r.review) AS year, r.code, unnest(child_groups(p.birth, r.review, p.gender, p.ethnic_group)) AS kind
FROM (SELECT DISTINCT child, review, code FROM reviews WHERE code BETWEEN 'PN1' AND 'PN7') r
JOIN reviews_held h ON h.child = r.child AND h.review = r.review
LEFT JOIN people p ON p.child = r.child;
