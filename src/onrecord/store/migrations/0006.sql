-- Version 6: counts that are kept, so that an overview of a million statements need not go through them.
--
-- Made by store/tally.py, with everything that begins or ceases to count; `onrecord verify` proves them.

-- Statements, and the sum of their confidences in hundredths, by sort and value.
CREATE TABLE tally (
    place TEXT NOT NULL CHECK (place IN ('month', 'outlet', '')),  -- empty: of the whole store
    name TEXT NOT NULL,  -- of the month ('2026-11') or the outlet; empty where not known
    sort TEXT NOT NULL,  -- act, type, language, gender; speaker, of a place those not known alone; office
    value TEXT NOT NULL,  -- empty where not known
    statements INTEGER NOT NULL,
    confidence INTEGER NOT NULL,
    PRIMARY KEY (place, name, sort, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_most ON tally (sort, statements DESC, value) WHERE place = '';

-- Who is quoted how often.
CREATE TABLE quoted (
    who INTEGER PRIMARY KEY,  -- key of the speaker; of one who is known to be a person with other names -person.key
    statements INTEGER NOT NULL,
    articles INTEGER NOT NULL
) STRICT;
CREATE INDEX quoted_most ON quoted (statements);

-- The same by the name and the gender that articles give them.
CREATE TABLE quoted_as (
    who INTEGER NOT NULL,
    name TEXT NOT NULL,
    gender TEXT NOT NULL,  -- empty where not known
    statements INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    mixed INTEGER NOT NULL,
    denials INTEGER NOT NULL,
    PRIMARY KEY (who, name, gender)
) STRICT, WITHOUT ROWID;

-- What is counted of each statement that counts.
CREATE VIEW counted AS
SELECT
    s.key AS key, ifnull(substr(r.published_utc, 1, 7), '') AS month, ifnull(o.name, '') AS outlet,
    r.language AS language, s.act AS act, s.type AS type, ifnull(p.gender, '') AS gender,
    ifnull(ifnull(w.name, g.name), '') AS speaker,
    CASE WHEN p.office IS NULL THEN '' ELSE lower(substr(t.text, CAST(p.office AS INTEGER) + 1,
        substr(p.office, instr(p.office, ',') + 1) - p.office)) END AS office,
    ifnull(-n.person, g.key) AS who, ifnull(p.name, g.name) AS name, s.confidence AS confidence
FROM statement AS s
JOIN reading AS r ON r.key = s.key >> 14
JOIN text AS t ON t.key = r.text
LEFT JOIN outlet AS o ON o.key = r.outlet
LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance
LEFT JOIN speaker AS g ON g.key = p.speaker
LEFT JOIN person_name AS n ON n.speaker = g.key
LEFT JOIN person AS w ON w.key = n.person
WHERE r.superseded_by IS NULL;
