-- The text of files, by the digest of their bytes: the same file on two sites is read once.
CREATE TABLE file_texts (
    digest  TEXT      NOT NULL PRIMARY KEY,
    state   TEXT      NOT NULL,  -- documents::texts::State
    engine  TEXT      NOT NULL,  -- what read it, with its version; '' when nothing could
    reason  TEXT      NOT NULL,  -- why not: a key of message.toml below 'extract'
    lines   BOOLEAN   NOT NULL,  -- whether a line of the text is a line of print
    pages   TEXT      NOT NULL,  -- JSON: a list of texts, one for each page
    read_at TIMESTAMP NOT NULL
);
