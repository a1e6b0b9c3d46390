-- Advocacy referrals of all lists, each once: the latest list that holds one replaces what earlier lists said of it. A referral is known by
-- its reference, child and day, where a child that one list does not name is that of another; one without reference and child is always
-- another. Each event counts in the year of its own day.
CREATE OR REPLACE TABLE referrals_once AS
WITH collections AS (
    SELECT file, last_year AS collection FROM years_of_files WHERE held = 'referrals'
),
named AS (
    SELECT * REPLACE (
        coalesce(child, CASE WHEN reference IS NOT NULL AND min(child) OVER one = max(child) OVER one THEN min(child) OVER one END) AS child
    )
    FROM referrals JOIN collections USING (file)
    WHERE referred IS NOT NULL WINDOW one AS (PARTITION BY reference, referred)
),
latest AS (
    SELECT * FROM named
    QUALIFY row_number() OVER (
        PARTITION BY reference, child, referred, CASE WHEN reference IS NULL AND child IS NULL THEN (file, row) END
        ORDER BY collection DESC, file DESC, row DESC
    ) = 1
),
-- An answer without a day is one of the day of the offer, else of the referral; who answered was offered an advocate.
answers AS (
    SELECT *,
        CASE WHEN answer = 'accepted' THEN coalesce(answered, offered, referred) END AS accepted_on,
        CASE WHEN answer = 'refused' THEN coalesce(answered, offered, referred) END AS refused_on
    FROM latest
)
SELECT *,
    coalesce(offered, accepted_on, refused_on) AS offered_on,
    -- An advocate who acts without instruction is not accepted: the child cannot answer.
    coalesce(accepted_on, CASE WHEN advocacy = 'non-instructed' THEN coalesce(first_contact, referred) END) AS taken_up_on
FROM answers;

-- Once for each group that the child belongs to on the day of the referral: as the returns know the child, else as the list does.
CREATE OR REPLACE TABLE referrals_known AS
SELECT r.*, p.birth IS NOT NULL AS is_birth_known, coalesce(p.birth, (r.referred - to_years(r.age))::DATE) AS birth,
    coalesce(p.gender, sex_of(r.sex)) AS gender,
    coalesce(p.ethnic_group, (SELECT name FROM code_groups WHERE topic = 'Ethnicity' AND code = r.ethnicity), 'Not known') AS ethnic_group
FROM referrals_once r LEFT JOIN people p ON p.child = r.child;

-- Children in care on any day of a year, on the last of those days; the day on which care ended is none of them.
CREATE OR REPLACE TABLE in_care_in_year AS
WITH there AS (
    SELECT child, started, ended, unnest(range(fy(started), coalesce(fy(ended - 1), getvariable('last_year')) + 1)) AS year FROM periods
)
SELECT child, year, max(least(coalesce(ended - 1, make_date(year::INTEGER, 3, 31)), make_date(year::INTEGER, 3, 31))) AS last_day
FROM there GROUP BY child, year;

-- What became of the offers made to each child in a year, however many there were.
CREATE OR REPLACE TABLE advocacy_of_children AS
WITH events AS (
    SELECT child, fy(offered_on) AS year, 'offered' AS what FROM referrals_once WHERE offered_on IS NOT NULL
    UNION ALL SELECT child, fy(accepted_on), 'accepted' FROM referrals_once WHERE accepted_on IS NOT NULL
    UNION ALL SELECT child, fy(refused_on), 'refused' FROM referrals_once WHERE refused_on IS NOT NULL
    UNION ALL SELECT child, fy(taken_up_on), 'taken up' FROM referrals_once WHERE taken_up_on IS NOT NULL
)
SELECT child, year, bool_or(what = 'offered') AS offered, bool_or(what = 'accepted') AS accepted, bool_or(what = 'taken up') AS taken_up,
    bool_or(what = 'refused') AND NOT bool_or(what = 'accepted') AS refused
FROM events WHERE child IS NOT NULL GROUP BY child, year;

-- Of the children in care at any time in a year, in all and by group, those who were offered an advocate in it, and what they answered.
CREATE OR REPLACE TABLE advocacy_counts AS
WITH grouped AS (
    SELECT c.child, c.year, unnest(child_groups(p.birth, c.last_day, p.gender, p.ethnic_group)) AS kind
    FROM in_care_in_year c LEFT JOIN people p ON p.child = c.child
)
SELECT g.year, g.kind.topic AS topic, g.kind.name AS name, count(*) AS children,
    count(*) FILTER (a.offered) AS offered, count(*) FILTER (a.accepted) AS accepted,
    count(*) FILTER (a.taken_up) AS taken_up, count(*) FILTER (a.refused) AS refused
FROM grouped g LEFT JOIN advocacy_of_children a ON a.child = g.child AND a.year = g.year
GROUP BY ALL;

-- Children for whom an advocate worked in a year, each once: from the day on which advocacy was taken up until the referral was closed.
-- One that no list closes was closed with the year of the last list that holds it.
CREATE OR REPLACE TABLE advocacy_users AS
WITH served AS (
    SELECT *, unnest(range(fy(taken_up_on), greatest(least(coalesce(fy(closed), collection), collection), fy(taken_up_on)) + 1)) AS year
    FROM referrals_known WHERE child IS NOT NULL AND taken_up_on IS NOT NULL
)
SELECT child, year, unnest(list_concat(
    child_groups(birth, CASE WHEN is_birth_known THEN greatest(taken_up_on, make_date(year::INTEGER - 1, 4, 1)) ELSE referred END, gender, ethnic_group),
    [{'topic': 'Disability', 'name': CASE WHEN disabled THEN 'Disability or special need' WHEN NOT disabled THEN 'Not disabled' END}]
)) AS kind
FROM served
QUALIFY row_number() OVER (PARTITION BY child, year ORDER BY taken_up_on, referred, reference, file, row) = 1;
