-- What has changed for the public and must reach what is kept beside the database: the search index.
CREATE TABLE outbox (
    id       BYTEA     NOT NULL PRIMARY KEY,
    position BIGINT    UNIQUE,     -- NULL until a reader gives it one, so that none appears below one already read
    site_id  BYTEA     NOT NULL REFERENCES sites (id),
    topic    TEXT      NOT NULL,   -- which feature can read the subject: 'entry', 'section', 'document'
    subject  BYTEA     NOT NULL,   -- a key of that feature's table
    at       TIMESTAMP NOT NULL
);
CREATE INDEX outbox_of_site ON outbox (site_id);

-- One row: the position given last. Whoever gives positions holds it for that long.
CREATE TABLE outbox_position (
    id       INTEGER NOT NULL PRIMARY KEY,
    position BIGINT  NOT NULL
);
INSERT INTO outbox_position (id, position) VALUES (1, 0);
