-- Version 1 of a store: articles, what was read in them, and the search index over both.
--
-- Spans are pairs of code points of the article's text, end exclusive, one after the other: '12,40' or '12,40,55,60'.
-- Nothing is edited: an article read anew has a new reading, and the earlier one says by which it was superseded.
-- Keys are ordered by day of publication, so that the newest come first without sorting and a span of days is a span of
-- keys: reading.key = day * 2^24 + number within the day, statement.key = reading.key * 2^14 + position, where day counts
-- from 1600-01-01 and is 0 where the date is not known.

-- What made readings: enough to make them again.
CREATE TABLE made_by (
    key INTEGER PRIMARY KEY,
    onrecord TEXT NOT NULL,  -- version of the code
    reader TEXT NOT NULL,
    pack TEXT NOT NULL,
    weights TEXT,
    settings TEXT NOT NULL,
    people TEXT  -- digest of the list of people; NULL where none was used
) STRICT;
CREATE UNIQUE INDEX made_by_all ON made_by (onrecord, reader, pack, ifnull(weights, ''), settings, ifnull(people, ''));

-- One article under one id, whatever became of its text.
CREATE TABLE article (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    first_seen TEXT NOT NULL  -- UTC
) STRICT;

-- The texts, each once, also where two articles share one.
CREATE TABLE text (
    key INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,  -- of the text in UTF-8
    text TEXT NOT NULL
) STRICT;

CREATE TABLE outlet (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One article as it was read once.
CREATE TABLE reading (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    text INTEGER NOT NULL REFERENCES text (key),
    made_by INTEGER NOT NULL REFERENCES made_by (key),
    read_at TEXT NOT NULL,  -- UTC
    superseded_by INTEGER REFERENCES reading (key),  -- NULL for the one that counts
    language TEXT NOT NULL,
    title TEXT,
    url TEXT,
    outlet INTEGER REFERENCES outlet (key),
    author TEXT,
    published TEXT,  -- as the input gives it, with its zone
    published_utc TEXT,  -- the same in UTC; a date alone stays a date; NULL where it is no date
    origin TEXT,
    details BLOB NOT NULL  -- reasons of the statements and mentions of the speakers; see codec.py
) STRICT;
CREATE INDEX reading_article ON reading (article);
CREATE INDEX reading_text ON reading (text);

-- Who is quoted, across articles: one name of one type, accents and case folded.
CREATE TABLE speaker (
    key INTEGER PRIMARY KEY,
    folded TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,  -- as it was written first
    UNIQUE (folded, type)
) STRICT;

-- By which a speaker is looked up: whole names and last words in any spelling; see people/names.py.
CREATE TABLE spelling (
    key TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('name', 'surname')),
    speaker INTEGER NOT NULL REFERENCES speaker (key),
    PRIMARY KEY (key, part, speaker)
) STRICT, WITHOUT ROWID;

-- A speaker in one reading, as that article tells of them.
CREATE TABLE appearance (
    reading INTEGER NOT NULL REFERENCES reading (key),
    number INTEGER NOT NULL,  -- by first mention
    speaker INTEGER NOT NULL REFERENCES speaker (key),
    name TEXT,  -- NULL where it is speaker.name to the letter
    named_at TEXT,
    office TEXT,
    affiliation TEXT,
    gender TEXT,
    more TEXT,  -- JSON: what else is known, such as who it is by a list of people
    PRIMARY KEY (reading, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX appearance_speaker ON appearance (speaker);

CREATE TABLE statement (
    key INTEGER PRIMARY KEY,  -- reading * 2^14 + position
    id INTEGER NOT NULL,  -- printf('%016x', id) is what users see
    twin INTEGER,  -- 2, 3 … for further statements with the same spans
    content TEXT NOT NULL,
    cue TEXT,
    source TEXT,
    addressee TEXT,
    occasion TEXT,
    said_when TEXT,
    appearance INTEGER,  -- number of the speaker in this reading; NULL where unknown
    unknown TEXT,  -- why the speaker is not known; JSON with the candidates where ambiguous
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    act TEXT NOT NULL,
    negated INTEGER NOT NULL,
    parent INTEGER,  -- position of the statement in whose content this one stands
    confidence INTEGER NOT NULL,  -- in hundredths
    more TEXT,  -- JSON: fields of later versions
    reading INTEGER GENERATED ALWAYS AS (key >> 14) VIRTUAL REFERENCES reading (key)
) STRICT;
CREATE INDEX statement_id ON statement (id);

-- Removed for good: what may not come back, told by digests alone.
CREATE TABLE tombstone (
    key INTEGER PRIMARY KEY,
    what TEXT NOT NULL CHECK (what IN ('article', 'speaker')),
    digest BLOB NOT NULL,  -- SHA-256 of the article's id, or of the folded name
    erased_at TEXT NOT NULL,  -- UTC
    reason TEXT NOT NULL,
    statements INTEGER NOT NULL,  -- how many went
    UNIQUE (what, digest)
) STRICT;

-- What a newspaper said of its article afterwards.
CREATE TABLE notice (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key),
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'retraction')),
    dated TEXT,  -- as the newspaper gives it
    why TEXT NOT NULL,
    recorded_at TEXT NOT NULL  -- UTC
) STRICT;
CREATE INDEX notice_article ON notice (article);

-- Inputs that were not read; the last refusal of each.
CREATE TABLE refusal (
    id TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    origin TEXT,
    refused_at TEXT NOT NULL  -- UTC
) STRICT, WITHOUT ROWID;

-- Migrations that this file has been through.
CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL,  -- UTC
    by TEXT NOT NULL  -- version of onrecord
) STRICT;

-- The words of the contents of readings that count, as the search index sees them; kept out of the index itself.
CREATE VIEW statement_words AS
SELECT
    s.key AS key,
    (
        SELECT group_concat(substr(t.text, f.value + 1, l.value - f.value), ' ')
        FROM json_each('[' || s.content || ']') AS f
        JOIN json_each('[' || s.content || ']') AS l ON l.key = f.key + 1
        WHERE f.key % 2 = 0
    ) AS words,
    's' || ifnull(a.speaker, 0) || ' a' || s.act || ' t' || s.type || ' k' || s.kind || ' l' || r.language
        || ' o' || ifnull(r.outlet, 0) || ' n' || s.negated AS facets
FROM statement AS s
JOIN reading AS r ON r.key = s.key >> 14
JOIN text AS t ON t.key = r.text
LEFT JOIN appearance AS a ON a.reading = r.key AND a.number = s.appearance
WHERE r.superseded_by IS NULL;

-- Search over statements of readings that count. `facets` lets filters be part of a query: 's12 adeny tdirect lfr o3'.
CREATE VIRTUAL TABLE statement_search USING fts5 (
    words, facets,
    content = 'statement_words', content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Search over whole articles.
CREATE VIRTUAL TABLE text_search USING fts5 (
    text,
    content = 'text', content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- For everybody who opens this file with another tool: the readings that count, in plain words.

CREATE VIEW article_list AS
SELECT
    a.id AS article, r.title AS title, o.name AS outlet, r.author AS author, r.published AS published,
    r.published_utc AS published_utc, r.language AS language, r.url AS url, lower(hex(t.sha256)) AS sha256,
    (SELECT count(*) FROM statement AS s WHERE s.key BETWEEN r.key << 14 AND (r.key << 14) + 16383) AS statements,
    (SELECT group_concat(n.kind, ', ') FROM notice AS n WHERE n.article = a.key) AS notices,
    t.text AS text
FROM reading AS r
JOIN article AS a ON a.key = r.article
JOIN text AS t ON t.key = r.text
LEFT JOIN outlet AS o ON o.key = r.outlet
WHERE r.superseded_by IS NULL
ORDER BY r.published_utc, t.sha256, a.id;

CREATE VIEW statement_list AS
SELECT
    printf('%016x', s.id) || ifnull('-' || s.twin, '') AS statement, a.id AS article, r.title AS title, o.name AS outlet, r.published AS published,
    r.published_utc AS published_utc, r.language AS language, r.url AS url,
    ifnull(p.name, g.name) AS speaker, g.type AS speaker_type, p.gender AS speaker_gender,
    substr(t.text, json_extract('[' || p.office || ']', '$[0]') + 1,
        json_extract('[' || p.office || ']', '$[1]') - json_extract('[' || p.office || ']', '$[0]')) AS office,
    json_extract(p.more, '$.identity.id') AS identity,
    s.unknown AS speaker_unknown, s.act AS act, s.negated AS negated, s.kind AS kind, s.type AS type,
    (
        SELECT group_concat(substr(t.text, f.value + 1, l.value - f.value), ' … ')
        FROM json_each('[' || s.content || ']') AS f
        JOIN json_each('[' || s.content || ']') AS l ON l.key = f.key + 1
        WHERE f.key % 2 = 0
    ) AS content,
    (
        SELECT group_concat(substr(t.text, f.value + 1, l.value - f.value), ' … ')
        FROM json_each('[' || s.cue || ']') AS f
        JOIN json_each('[' || s.cue || ']') AS l ON l.key = f.key + 1
        WHERE f.key % 2 = 0
    ) AS cue,
    (
        SELECT group_concat(substr(t.text, f.value + 1, l.value - f.value), ' … ')
        FROM json_each('[' || s.source || ']') AS f
        JOIN json_each('[' || s.source || ']') AS l ON l.key = f.key + 1
        WHERE f.key % 2 = 0
    ) AS source,
    s.confidence / 100.0 AS confidence,
    json_extract('[' || s.content || ']', '$[0]') AS start,
    json_extract('[' || s.content || ']', '$[#-1]') AS end
FROM statement AS s
JOIN reading AS r ON r.key = s.key >> 14
JOIN article AS a ON a.key = r.article
JOIN text AS t ON t.key = r.text
LEFT JOIN outlet AS o ON o.key = r.outlet
LEFT JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance
LEFT JOIN speaker AS g ON g.key = p.speaker
WHERE r.superseded_by IS NULL
ORDER BY r.published_utc, t.sha256, a.id, s.key & 16383;

CREATE VIEW speaker_list AS
SELECT
    min(ifnull(p.name, g.name)) AS speaker, g.type AS type,
    max(p.gender) AS gender,
    count(*) AS statements, count(DISTINCT r.article) AS articles,
    sum(s.type = 'direct') AS direct, sum(s.type = 'indirect') AS indirect, sum(s.type = 'mixed') AS mixed,
    min(r.published_utc) AS first, max(r.published_utc) AS latest
FROM statement AS s
JOIN reading AS r ON r.key = s.key >> 14
JOIN appearance AS p ON p.reading = r.key AND p.number = s.appearance
JOIN speaker AS g ON g.key = p.speaker
WHERE r.superseded_by IS NULL
GROUP BY g.folded, g.type
ORDER BY statements DESC, speaker, type;
