-- What does not change about a child: the last header of the returns. A child with two dates of birth has none that can be trusted.
CREATE OR REPLACE TABLE people AS
SELECT child, CASE WHEN count(DISTINCT birth) = 1 THEN any_value(birth) END AS birth,
    CASE arg_max(sex, (file, row)) WHEN '1' THEN 'Male' WHEN 'M' THEN 'Male' WHEN '2' THEN 'Female' WHEN 'F' THEN 'Female' END AS sex,
    arg_max(ethnicity, (file, row)) AS ethnicity
FROM header WHERE child IS NOT NULL GROUP BY child;
