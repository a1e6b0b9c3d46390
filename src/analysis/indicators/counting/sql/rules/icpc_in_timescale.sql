-- Conferences within 15 working days of the strategy discussion that began the enquiry; one held before it is none of these.
WITH once AS (SELECT DISTINCT child, enquiry, conference FROM conferences WHERE enquiry IS NOT NULL AND conference IS NOT NULL)
SELECT fy(o.conference) AS year, 'Total' AS topic, 'Total' AS name,
    count(*) FILTER (WHERE o.conference >= o.enquiry AND c.number - e.number <= 15) AS numerator, count(*) AS denominator
FROM once o JOIN working_days e ON e.day = o.enquiry JOIN working_days c ON c.day = o.conference
GROUP BY year;
