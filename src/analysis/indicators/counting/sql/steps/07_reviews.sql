-- Reviews of children in care, each beside the day by which it had to be held: the first within 20 working days of coming into care,
-- the second within 3 months of the first, later ones within 6 months of the one before (calendar months, the last day included).
CREATE OR REPLACE TABLE working_days AS
SELECT day, count(*) FILTER (WHERE is_working) OVER (ORDER BY day) AS number FROM (
    SELECT day, isodow(day) < 6 AND day NOT IN (SELECT day FROM bank_holidays) AS is_working
    FROM (SELECT unnest(generate_series(DATE '2000-01-01', DATE '2035-12-31', INTERVAL 1 DAY))::DATE AS day)
);

-- What the returns say of each review that was held in care, each once; and the reviews, each once.
CREATE OR REPLACE TABLE reviews_given AS
SELECT DISTINCT p.period, r.review, r.code
FROM reviews r JOIN periods p ON p.child = r.child AND r.review >= p.started AND (p.ended IS NULL OR r.review < p.ended);

CREATE OR REPLACE TABLE reviews_held AS SELECT DISTINCT period, review FROM reviews_given;

CREATE OR REPLACE TABLE reviews_due AS
-- For each day on which care may begin, the day by which the first review has to be held.
WITH twenty_days AS (
    SELECT s.day, min(w.day) AS due FROM working_days s JOIN working_days w ON w.number = s.number + 20 GROUP BY s.day
),
-- The first day of the first return of reviews.
begins AS (
    SELECT make_date((min(first_year) - 1)::INTEGER, 4, 1) AS day FROM years_of_files WHERE held = 'reviews'
),
first_due AS (
    SELECT p.child, p.period, p.ended AS care_ended,
        -- Care that was going on when the first return began is known from the episode of that day alone, not from its start; at the
        -- latest a review fell due six months after one held the day before.
        CASE WHEN e.reason_new = 'S' OR p.started > b.day THEN d.due ELSE (b.day - INTERVAL 1 DAY + INTERVAL 6 MONTH)::DATE END AS due,
        -- The first review that is held of a child whose first one fell due before the returns begin is a later one.
        coalesce(e.reason_new = 'S' OR p.started > b.day, false) AND d.due >= b.day AS is_first_held
    FROM periods p JOIN twenty_days d ON d.day = p.started JOIN episodes e ON e.rowid = p.period CROSS JOIN begins b
),
held AS (
    SELECT *, row_number() OVER one AS number, lead(review) OVER one AS next_review
    FROM reviews_held WINDOW one AS (PARTITION BY period ORDER BY review)
),
gaps AS MATERIALIZED (
    SELECT f.child, f.care_ended, f.due, h.review AS held
    FROM first_due f LEFT JOIN held h ON h.period = f.period AND h.number = 1
    UNION ALL
    SELECT f.child, f.care_ended,
        (h.review + CASE WHEN h.number = 1 AND f.is_first_held THEN INTERVAL 3 MONTH ELSE INTERVAL 6 MONTH END)::DATE, h.next_review
    FROM held h JOIN first_due f ON f.period = h.period
)
-- A review counts in the year in which it fell due while the child was in care. What is due by the day care ended is not judged.
SELECT child, fy(due) AS year, due, held, coalesce(held <= due, false) AS on_time
FROM gaps
WHERE (care_ended IS NULL OR due < care_ended) AND due <= make_date(getvariable('last_year')::INTEGER, 3, 31)
UNION ALL
-- One that is not held for so long that it is overdue at the end of a later year as well, of a child still in care, counts in that year too.
SELECT child, unnest(range(year_due + 1, least(year_no_more, getvariable('last_year') + 1))), due, held, false
FROM (
    SELECT *, fy(due) AS year_due, least(fy(coalesce(held, DATE '9999-01-01')), fy(coalesce(care_ended, DATE '9999-01-01'))) AS year_no_more
    FROM gaps
)
WHERE year_due + 1 < year_no_more;

-- Reviews that were held of children of 4 or over by how the child took part (PN1 to PN7): counted first, and told by group after, so that
-- each number stands once for all children and once for each group that it belongs to.
CREATE OR REPLACE TABLE reviews_by_group AS
WITH counted AS (
    SELECT fy(r.review) AS year, r.code, age_group_of(p.birth, r.review) AS age_group, p.gender, p.ethnic_group, count(*) AS reviews
    FROM reviews_given r JOIN periods p USING (period)
    WHERE r.code BETWEEN 'PN1' AND 'PN7' GROUP BY ALL
)
SELECT year, code, reviews, unnest(groups_of_child(age_group, gender, ethnic_group)) AS kind FROM counted;
