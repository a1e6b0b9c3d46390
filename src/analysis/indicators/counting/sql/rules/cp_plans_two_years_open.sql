WITH open AS (
    SELECT child, started, unnest(range(fy(started), coalesce(fy(ended), getvariable('last_year') + 1))) AS year FROM plans_once
)
SELECT year, 'Total' AS topic, 'Total' AS name,
    count_if(started <= make_date(year::INTEGER - 2, 3, 31)) AS numerator, count(*) AS denominator
FROM open GROUP BY year;
