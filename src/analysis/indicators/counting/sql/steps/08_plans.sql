-- What the newest census says of each plan. One that a later census gives again is replaced by it.
CREATE OR REPLACE TABLE latest_plans AS
WITH collections AS (
    SELECT file, last_year AS collection FROM years_of_files WHERE held = 'plans'
)
SELECT child, started, ended, category, category_latest, previous, collection, plans.rowid AS plan
FROM plans JOIN collections USING (file)
WHERE child IS NOT NULL AND started IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC, plan DESC) = 1;

-- Open in a census, while a later one has another plan of the child on the last day of that census: withdrawn, or its start corrected.
CREATE OR REPLACE TABLE withdrawn_plans AS
SELECT DISTINCT o.plan FROM latest_plans o JOIN latest_plans n ON n.child = o.child AND n.collection > o.collection
    AND n.started <= make_date(o.collection::INTEGER, 3, 31) AND coalesce(n.ended > make_date(o.collection::INTEGER, 3, 31), true)
WHERE o.ended IS NULL AND o.collection < (SELECT max(collection) FROM latest_plans);

-- Child protection plans of all censuses, each once, in order, with the plan before. Each census has every plan that is open in its year: one
-- that is open in a census and in no later one was open on the last day of that census, and on what day it ended is not known.
CREATE OR REPLACE TABLE plans_once AS
SELECT l.*, c.birth, c.gender, c.ethnic_group, coalesce(c.disability, 'Not known') AS disability,
    coalesce(l.ended, CASE WHEN l.collection < (SELECT max(collection) FROM latest_plans) THEN make_date(l.collection::INTEGER, 4, 1) END) AS open_until,
    lag(l.ended) OVER (PARTITION BY l.child ORDER BY l.started) AS before_ended,
    row_number() OVER (PARTITION BY l.child ORDER BY l.started) AS number,
    count(*) OVER (PARTITION BY l.child) AS plans_of_child
FROM latest_plans l ANTI JOIN withdrawn_plans USING (plan)
LEFT JOIN cin_people c ON c.child = l.child
WHERE l.ended IS NULL OR l.ended >= l.started;

-- The groups that a plan belongs to: all plans, and one group of each topic; abuse is the code of a category of abuse.
CREATE OR REPLACE MACRO groups_of_plan(age_group, gender, ethnic_group, disability, abuse) AS list_concat(
    groups_of_child(age_group, gender, ethnic_group),
    [
        {'topic': 'Disability', 'name': disability},
        {'topic': 'Category of abuse', 'name': group_of('Category of abuse', abuse)}
    ]
);

-- Plans by the year in which they started, and by what is known then of plans before. Those that are alike are counted first, and told by
-- group after: each plan stands once among all plans and once in each group that it belongs to.
CREATE OR REPLACE TABLE plans_started AS
WITH alike AS (
    SELECT fy(started) AS year, age_group_of(birth, started) AS age_group, gender, ethnic_group, disability, category,
        coalesce(previous, 0) > 0 AS is_repeat_by_field,
        number > 1 AS is_repeat_by_history,
        -- The plan before ended on or after the same day 12, or 24, calendar months earlier.
        coalesce((before_ended + INTERVAL 12 MONTH)::DATE >= started, false) AS is_within_12_months,
        coalesce((before_ended + INTERVAL 24 MONTH)::DATE >= started, false) AS is_within_24_months,
        count(*) AS plans
    FROM plans_once GROUP BY ALL
)
SELECT year, is_repeat_by_field, is_repeat_by_history, is_within_12_months, is_within_24_months, plans,
    unnest(groups_of_plan(age_group, gender, ethnic_group, disability, category)) AS kind
FROM alike;

CREATE OR REPLACE TABLE plans_open AS
SELECT child, plan, started, plans_of_child, age_group_of(birth, make_date(year::INTEGER, 3, 31)) AS age_group,
    gender, ethnic_group, disability, category_latest, year, make_date(year::INTEGER, 3, 31) AS last_day
FROM (
    SELECT *, unnest(range(greatest(fy(started), getvariable('first_year')), coalesce(fy(open_until), getvariable('last_year') + 1))) AS year
    FROM plans_once
);
