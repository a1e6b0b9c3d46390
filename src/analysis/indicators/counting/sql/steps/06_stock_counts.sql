-- The children in care on 31 March, counted once for all rules: all of them, and by group.
CREATE OR REPLACE TABLE stock_counts AS
WITH grouped AS (
    SELECT * REPLACE (coalesce(age_group, 'Not known') AS age_group, coalesce(gender, 'Not known') AS gender, coalesce(ethnic_group, 'Not known') AS ethnic_group),
        coalesce((SELECT name FROM code_groups WHERE topic = 'Category of need' AND code = need), 'Not known') AS need_group,
        coalesce((SELECT name FROM code_groups WHERE topic = 'Legal status' AND code = legal), 'Not known') AS legal_group,
        coalesce((SELECT name FROM code_groups WHERE topic = 'Placement' AND code = place), 'Not known') AS place_group,
        -- Under 16, and looked after without a break for two and a half years.
        age_group NOT IN ('16 and over', 'Not known') AND care_started <= make_date(year::INTEGER - 3, 9, 30) AS is_long,
        stay_started <= make_date(year::INTEGER - 2, 3, 31)
            OR place IN ('A3', 'A4', 'A5', 'A6') AND coalesce(stay_before_started, stay_started) <= make_date(year::INTEGER - 2, 3, 31)
            AS is_settled
    FROM stock
)
SELECT year,
    CASE grouping_id(age_group, gender, ethnic_group, need_group, legal_group, place_group)
        WHEN 63 THEN 'Total' WHEN 31 THEN 'Age group' WHEN 47 THEN 'Gender' WHEN 55 THEN 'Ethnicity'
        WHEN 59 THEN 'Category of need' WHEN 61 THEN 'Legal status' WHEN 62 THEN 'Placement'
    END AS topic,
    coalesce(age_group, gender, ethnic_group, need_group, legal_group, place_group, 'Total') AS name,
    count(*) AS children,
    count(*) FILTER (WHERE placements >= 3) AS three_placements,
    count(*) FILTER (WHERE in_care_year_before) AS children_two_years,
    count(*) FILTER (WHERE in_care_year_before AND placements_two_years >= 3) AS three_placements_two_years,
    count(*) FILTER (WHERE is_long) AS long_in_care,
    count(*) FILTER (WHERE is_long AND is_settled) AS same_carer
FROM grouped
GROUP BY GROUPING SETS ((year), (year, age_group), (year, gender), (year, ethnic_group), (year, need_group), (year, legal_group), (year, place_group));
