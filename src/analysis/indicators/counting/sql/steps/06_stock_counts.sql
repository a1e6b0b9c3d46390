-- The children in care on 31 March, counted once for all rules: those who are alike are counted first, and told by group after, so that
-- each child stands once among all children and once in each group that it belongs to.
CREATE OR REPLACE TABLE stock_counts AS
WITH judged AS (
    SELECT *,
        -- Under 16, and looked after without a break for two and a half years. Who came from a series of short breaks is left out.
        age_group NOT IN ('16 and over', 'Not known') AND care_started <= make_date(year::INTEGER - 3, 9, 30) AND NOT follows_short_breaks
            AS is_long,
        -- The stay before is that before an adoptive placement, and of nobody else.
        coalesce(stay_before_started, stay_started) <= make_date(year::INTEGER - 2, 3, 31) AS is_settled
    FROM stock
),
counted AS (
    SELECT year, age_group, gender, ethnic_group, need, legal, place, locality,
        count(*) AS children,
        count(*) FILTER (WHERE placements >= 3) AS three_placements,
        count(*) FILTER (WHERE in_care_year_before) AS children_two_years,
        count(*) FILTER (WHERE in_care_year_before AND placements_two_years >= 3) AS three_placements_two_years,
        count(*) FILTER (WHERE is_long) AS long_in_care,
        count(*) FILTER (WHERE is_long AND is_settled) AS same_carer
    FROM judged GROUP BY ALL
),
told AS (SELECT *, unnest(groups_in_care(age_group, gender, ethnic_group, need, legal, place, locality)) AS kind FROM counted)
SELECT year, kind.topic AS topic, kind.name AS name,
    sum(children) AS children, sum(three_placements) AS three_placements,
    sum(children_two_years) AS children_two_years, sum(three_placements_two_years) AS three_placements_two_years,
    sum(long_in_care) AS long_in_care, sum(same_carer) AS same_carer
FROM told GROUP BY ALL;
