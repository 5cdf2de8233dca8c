-- Version 4: what somebody decided of a statement. Never edited: a later judgement, or an undoing, goes before it.

CREATE TABLE judgement (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (key) ON DELETE CASCADE,
    text INTEGER NOT NULL REFERENCES text (key),  -- the one that was looked at
    content TEXT NOT NULL,  -- spans, by which the statement is found again in another reading
    cue TEXT,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'rejected', 'speaker')),
    speaker TEXT,  -- who it is, where that was corrected; empty for nobody
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    judged_at TEXT NOT NULL,  -- UTC
    undone_at TEXT  -- UTC; NULL while it stands
) STRICT;
CREATE INDEX judgement_article ON judgement (article);
CREATE INDEX judgement_text ON judgement (text);
CREATE INDEX statement_confidence ON statement (confidence);

CREATE VIEW judgement_list AS
SELECT a.id AS article, j.verdict AS verdict, j.speaker AS speaker, j.who AS who, j.why AS why, j.judged_at AS judged_at,
    j.undone_at AS undone_at, substr(t.text, json_extract('[' || j.content || ']', '$[0]') + 1,
        json_extract('[' || j.content || ']', '$[#-1]') - json_extract('[' || j.content || ']', '$[0]')) AS words
FROM judgement AS j
JOIN article AS a ON a.key = j.article
JOIN text AS t ON t.key = j.text
ORDER BY j.key;
