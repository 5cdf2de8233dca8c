-- Version 5: judgements that correct, add, split and merge, and the reading that they make.
--
-- What a reader found is kept as it was. The judgements of an article are played over it, in order, and what comes out is
-- a reading of its own: `reading.judges` names the one that was judged. It is made anew with every judgement.

ALTER TABLE reading ADD COLUMN judges INTEGER REFERENCES reading (key);
CREATE INDEX reading_judges ON reading (article) WHERE judges IS NOT NULL;

DROP VIEW judgement_list;

CREATE TABLE judgement_now (
    key INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,  -- the same in every store that has this judgement
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    text INTEGER NOT NULL REFERENCES text (key),  -- the one that was looked at
    content TEXT NOT NULL,  -- spans, by which the statement is found again in another reading
    cue TEXT,
    others TEXT,  -- JSON: further statements that were merged with it, each as content and cue
    verdict TEXT NOT NULL
        CHECK (verdict IN ('confirmed', 'rejected', 'speaker', 'corrected', 'added', 'split', 'merged')),
    speaker TEXT,  -- who it is, where that was corrected; empty for nobody
    made TEXT,  -- JSON: the statements that it makes, each with what it says of them
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    judged_at TEXT NOT NULL,  -- UTC
    undone_at TEXT  -- UTC; NULL while it stands
) STRICT;
INSERT INTO judgement_now (key, uid, article, text, content, cue, verdict, speaker, made, who, why, judged_at, undone_at)
SELECT
    key, lower(hex(randomblob(8))), article, text, content, cue, verdict, speaker,
    CASE WHEN verdict = 'speaker' THEN json_array(json_object('speaker', speaker)) END, who, why, judged_at, undone_at
FROM judgement;
DROP TABLE judgement;
ALTER TABLE judgement_now RENAME TO judgement;
CREATE INDEX judgement_article ON judgement (article);
CREATE INDEX judgement_text ON judgement (text);

-- The statements of judged readings: which judgement made each what it is, and where it comes from.
CREATE TABLE judged (
    statement INTEGER PRIMARY KEY REFERENCES statement (key) ON DELETE CASCADE,
    judgement INTEGER REFERENCES judgement (key) ON DELETE CASCADE,  -- the last one; NULL where nobody has decided
    origin INTEGER  -- position in the reading that was judged; NULL where it has none
) STRICT;
CREATE INDEX judged_judgement ON judged (judgement);

CREATE VIEW judgement_list AS
SELECT a.id AS article, j.verdict AS verdict, j.speaker AS speaker, j.who AS who, j.why AS why, j.judged_at AS judged_at,
    j.undone_at AS undone_at, substr(t.text, json_extract('[' || j.content || ']', '$[0]') + 1,
        json_extract('[' || j.content || ']', '$[#-1]') - json_extract('[' || j.content || ']', '$[0]')) AS words,
    j.made AS made
FROM judgement AS j
JOIN article AS a ON a.key = j.article
JOIN text AS t ON t.key = j.text
ORDER BY j.key;
