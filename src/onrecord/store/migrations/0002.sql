-- Version 2: what is one statement, reported several times. Made by `onrecord copies`, and made anew each time.

-- A statement that another article carried first.
CREATE TABLE copy (
    statement INTEGER PRIMARY KEY REFERENCES statement (key) ON DELETE CASCADE,
    original INTEGER NOT NULL REFERENCES statement (key) ON DELETE CASCADE,
    changed INTEGER NOT NULL  -- whether its words are others than the original's
) STRICT;
CREATE INDEX copy_original ON copy (original);

-- An article that is another one reprinted, whole or in part.
CREATE TABLE article_copy (
    reading INTEGER PRIMARY KEY REFERENCES reading (key) ON DELETE CASCADE,
    original INTEGER NOT NULL REFERENCES reading (key) ON DELETE CASCADE,
    shared REAL NOT NULL  -- of the shorter one's runs of five words, the share that the other has too
) STRICT;
CREATE INDEX article_copy_original ON article_copy (original);

CREATE VIEW copy_list AS
SELECT
    printf('%016x', c.id) || ifnull('-' || c.twin, '') AS statement, a.id AS article, o.name AS outlet,
    r.published_utc AS published_utc, k.changed AS changed,
    printf('%016x', f.id) || ifnull('-' || f.twin, '') AS original_statement, b.id AS original_article,
    p.name AS original_outlet, q.published_utc AS original_published_utc
FROM copy AS k
JOIN statement AS c ON c.key = k.statement
JOIN reading AS r ON r.key = c.key >> 14
JOIN article AS a ON a.key = r.article
LEFT JOIN outlet AS o ON o.key = r.outlet
JOIN statement AS f ON f.key = k.original
JOIN reading AS q ON q.key = f.key >> 14
JOIN article AS b ON b.key = q.article
LEFT JOIN outlet AS p ON p.key = q.outlet
ORDER BY q.published_utc, b.id, f.key & 16383, r.published_utc, a.id, c.key & 16383;
