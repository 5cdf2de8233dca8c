-- Version 3: who is one person under several names. Made by `onrecord people join`, and made anew each time.

CREATE TABLE person (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL  -- the whole name that most articles have
) STRICT;

-- The names of a person, each with what put it together with the others.
CREATE TABLE person_name (
    speaker INTEGER PRIMARY KEY REFERENCES speaker (key) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE,
    rule TEXT,  -- as people/identity.py has them; NULL for the first name
    evidence TEXT
) STRICT;
CREATE INDEX person_name_person ON person_name (person);

-- What somebody decided of two names: one person, or two. Never edited; the last one counts.
CREATE TABLE person_judgement (
    key INTEGER PRIMARY KEY,
    a INTEGER NOT NULL REFERENCES speaker (key) ON DELETE CASCADE,
    b INTEGER NOT NULL REFERENCES speaker (key) ON DELETE CASCADE,
    same INTEGER NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    judged_at TEXT NOT NULL  -- UTC
) STRICT;

CREATE VIEW person_list AS
SELECT p.name AS person, g.name AS known_as, n.rule AS rule, n.evidence AS evidence
FROM person_name AS n
JOIN person AS p ON p.key = n.person
JOIN speaker AS g ON g.key = n.speaker
ORDER BY p.name, n.rule IS NOT NULL, g.name;
