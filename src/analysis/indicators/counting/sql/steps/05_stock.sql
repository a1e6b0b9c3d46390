-- One row a child and year: those in care on 31 March, with all that the rules ask of them. `years` holds the years to count.
CREATE OR REPLACE TABLE placements_in_year AS
SELECT child, year, count(*) AS placements FROM (
    SELECT child, unnest(range(fy(started), coalesce(fy(ended - 1), getvariable('last_year')) + 1)) AS year FROM placements
) GROUP BY child, year;

CREATE OR REPLACE TABLE placements_in_two_years AS
SELECT child, year, count(*) AS placements FROM (
    SELECT child, unnest(range(fy(started), coalesce(fy(ended - 1), getvariable('last_year')) + 2)) AS year FROM placements
) GROUP BY child, year;

CREATE OR REPLACE TABLE days_in_year AS
SELECT DISTINCT child, unnest(range(fy(started), coalesce(fy(ended - 1), getvariable('last_year')) + 1)) AS year FROM periods;

CREATE OR REPLACE TABLE stock AS
WITH there AS (
    SELECT child, period, legal, need, place, provider,
        unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year
    FROM care
),
-- A temporary stay on 31 March is no stay with a carer of its own: the child lives with the carer that it is away from.
with_carer AS (
    SELECT child, period, started, stay_before_started,
        unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year
    FROM stays
)
SELECT t.year, t.child, t.legal, t.need, t.place, t.provider, p.gender, p.ethnic_group,
    age_group_of(p.birth, make_date(t.year::INTEGER, 3, 31)) AS age_group,
    d.started AS care_started, s.started AS stay_started, s.stay_before_started,
    coalesce(one.placements, 0) AS placements, coalesce(two.placements, 0) AS placements_two_years,
    earlier.child IS NOT NULL AS in_care_year_before
FROM there t
JOIN years USING (year)
JOIN periods d ON d.child = t.child AND d.period = t.period
LEFT JOIN people p ON p.child = t.child
LEFT JOIN with_carer s ON s.child = t.child AND s.period = t.period AND s.year = t.year
LEFT JOIN placements_in_year one ON one.child = t.child AND one.year = t.year
LEFT JOIN placements_in_two_years two ON two.child = t.child AND two.year = t.year
LEFT JOIN days_in_year earlier ON earlier.child = t.child AND earlier.year = t.year - 1;
