-- Child protection plans of all returns, each once, in order, with the plan before.
CREATE OR REPLACE TABLE plans_once AS
WITH collections AS (
    SELECT file, max(fy(greatest(started, coalesce(ended, started)))) AS collection FROM plans GROUP BY file
),
latest AS (
    SELECT * FROM plans JOIN collections USING (file)
    WHERE child IS NOT NULL AND started IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY child, started ORDER BY collection DESC, row DESC) = 1
)
SELECT *,
    lag(started) OVER (PARTITION BY child ORDER BY started) AS before_started,
    lag(ended) OVER (PARTITION BY child ORDER BY started) AS before_ended,
    row_number() OVER (PARTITION BY child ORDER BY started) AS number
FROM latest
WHERE ended IS NULL OR ended >= started;
