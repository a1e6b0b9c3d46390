-- One row a child and year: those in care on 31 March, with all that the rules ask of them. `years` holds the years to count.

-- The placements of a period in a year, and in that year and the one before.
CREATE OR REPLACE TABLE placements_in_year AS
WITH there AS (
    SELECT period, coalesce(fy(ended - 1), getvariable('last_year')) AS year_ended,
        unnest(range(greatest(fy(started), getvariable('first_year')), coalesce(fy(ended - 1), getvariable('last_year')) + 2)) AS year
    FROM placements
)
SELECT period, year, count(*) FILTER (WHERE year <= year_ended) AS placements, count(*) AS placements_two_years FROM there GROUP BY period, year;

-- The same of the child's earlier periods together, and whether it was in care in them for a day of the year before: few come back.
CREATE OR REPLACE TABLE earlier_in_year AS
WITH there AS (
    SELECT p.period, e.period AS earlier, fy(e.started) AS year_started,
        unnest(range(greatest(fy(e.started), getvariable('first_year')), fy(e.ended - 1) + 2)) AS year
    FROM periods p JOIN periods e ON e.child = p.child AND e.number < p.number
    WHERE p.number > 1
)
SELECT t.period, t.year, coalesce(sum(y.placements), 0) AS placements, coalesce(sum(y.placements_two_years), 0) AS placements_two_years,
    bool_or(t.year > t.year_started) AS in_care_year_before
FROM there t LEFT JOIN placements_in_year y ON y.period = t.earlier AND y.year = t.year
GROUP BY t.period, t.year;

CREATE OR REPLACE VIEW stock AS
WITH there AS (
    SELECT *, unnest(range(greatest(fy(started), getvariable('first_year')), coalesce(fy(ended), getvariable('last_year') + 1))) AS year
    FROM placed
),
-- Who is placed for adoption with somebody new: from when the child was with the carer before. With foster carers who adopt it there is
-- one stay, that began when they fostered it.
adopted AS (
    SELECT a.period, a.carer, b.started FROM placed a JOIN placed b ON b.period = a.period AND b.carer = a.carer - 1 AND b.is_new_carer
    WHERE a.is_new_adopter
)
SELECT t.year, d.child, e.legal, e.need, e.place, e.provider, locality_of(l.locality) AS locality, d.gender, d.ethnic_group,
    age_group_of(d.birth, make_date(t.year::INTEGER, 3, 31)) AS age_group,
    d.started AS care_started, d.follows_short_breaks, t.stay_started, s.started AS stay_before_started,
    coalesce(y.placements, 0) + coalesce(b.placements, 0) AS placements,
    coalesce(y.placements_two_years, 0) + coalesce(b.placements_two_years, 0) AS placements_two_years,
    d.started <= make_date(t.year::INTEGER - 1, 3, 31) OR coalesce(b.in_care_year_before, false) AS in_care_year_before
FROM there t
JOIN years USING (year)
JOIN periods d ON d.period = t.period
JOIN episodes e ON e.rowid = t.record
LEFT JOIN localities_told l ON l.post = e.place_post
LEFT JOIN adopted s ON s.period = t.period AND s.carer = t.carer
LEFT JOIN placements_in_year y ON y.period = t.period AND y.year = t.year
LEFT JOIN earlier_in_year b ON b.period = t.period AND b.year = t.year;
