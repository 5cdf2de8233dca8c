-- A list of people, as `onrecord people import` makes it. Read-only once made; made anew, never edited.
PRAGMA user_version = 1;

-- One person.
CREATE TABLE person (
    id TEXT PRIMARY KEY,  -- Wikidata's, else that of the source, else the name
    name TEXT NOT NULL,
    country TEXT,
    wikidata TEXT,
    gender TEXT CHECK (gender IN ('feminine', 'masculine'))
) STRICT, WITHOUT ROWID;

-- Keys of every spelling of a person's names; `part` is 'name' for whole names and 'surname' for last words.
CREATE TABLE spelling (
    key TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('name', 'surname')),
    person TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (key, part, person)
) STRICT, WITHOUT ROWID;

-- Offices; dates as ISO 8601 gives them, NULL where they are open.
CREATE TABLE office (
    person TEXT NOT NULL REFERENCES person (id),
    title TEXT NOT NULL,
    since TEXT,
    until TEXT
) STRICT;
CREATE INDEX office_person ON office (person);

-- What the list was made from.
CREATE TABLE made_from (
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
