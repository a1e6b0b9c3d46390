-- getvariable('non_instructed') says whether an advocate who acted without instruction counts ('count'), or only one that the child
-- accepted ('exclude').
SELECT year, topic, name, CASE WHEN getvariable('non_instructed') = 'count' THEN taken_up ELSE accepted END AS numerator, children AS denominator
FROM advocacy_counts;
