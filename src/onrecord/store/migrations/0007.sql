-- Version 7: feeds as they were when they were last read to the end, so that a server is asked only for what has changed.

CREATE TABLE feed (
    url TEXT PRIMARY KEY,  -- after redirects
    etag TEXT,  -- in the server's words; NULL where it gave none
    modified TEXT,  -- the same of Last-Modified
    reader TEXT NOT NULL,  -- digest of what read it; by another one it has to be read anew
    read_at TEXT NOT NULL  -- UTC
) STRICT, WITHOUT ROWID;
