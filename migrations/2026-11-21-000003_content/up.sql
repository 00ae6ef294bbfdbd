-- Pictures. The bytes lie in the data directory under their digest.
CREATE TABLE pictures (
    id         BYTEA     NOT NULL PRIMARY KEY,
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    digest     TEXT      NOT NULL,  -- SHA-256 of the stored file, hexadecimal
    name       TEXT      NOT NULL,  -- as uploaded
    alt        TEXT      NOT NULL,
    source     TEXT      NOT NULL,  -- who made it or permits its use (ND174-93c)
    width      INTEGER   NOT NULL,  -- pixels
    height     INTEGER   NOT NULL,
    size       INTEGER   NOT NULL,  -- bytes
    created_by BYTEA     REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (site_id, digest)
);

-- The identity of a piece of content. Translations share content_id.
CREATE TABLE entries (
    id           BYTEA     NOT NULL PRIMARY KEY,
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    content_id   BYTEA     NOT NULL,
    locale       TEXT      NOT NULL,
    kind         TEXT      NOT NULL,  -- an id of config/kinds
    section_id   BYTEA     NOT NULL REFERENCES sections (id),
    rank         INTEGER   NOT NULL,  -- order of protocol where a kind has one
    featured     BOOLEAN   NOT NULL,
    latest_id    BYTEA     NOT NULL,  -- the edition the staff work on
    live_id      BYTEA,               -- the edition the public reads
    published_at TIMESTAMP,           -- when the public first read it
    created_at   TIMESTAMP NOT NULL,
    UNIQUE (site_id, content_id, locale)
);
CREATE INDEX entries_live ON entries (site_id, published_at) WHERE live_id IS NOT NULL;
CREATE INDEX entries_of_section ON entries (section_id, published_at);

-- One version of an entry, with its workflow state.
CREATE TABLE editions (
    id           BYTEA     NOT NULL PRIMARY KEY,
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    entry_id     BYTEA     NOT NULL REFERENCES entries (id),
    number       INTEGER   NOT NULL,  -- 1, 2, 3 within the entry
    state        TEXT      NOT NULL,  -- content::model::State
    section_id   BYTEA     NOT NULL REFERENCES sections (id),
    slug         TEXT      NOT NULL,  -- last part of the address; section, slug and featured
    featured     BOOLEAN   NOT NULL,  --   reach the entry when the edition is published
    title        TEXT      NOT NULL,
    plain        TEXT      NOT NULL,  -- the title without accents, for the staff's filter
    summary      TEXT      NOT NULL,
    body         TEXT      NOT NULL,  -- Markdown
    html         TEXT      NOT NULL,  -- the body, sanitised when saved
    fields       TEXT      NOT NULL,  -- JSON object of text
    minor        BOOLEAN   NOT NULL,  -- a small correction: translations stay current
    author_id    BYTEA     REFERENCES users (id),
    editor_id    BYTEA     REFERENCES users (id),  -- who saved it last
    approver_id  BYTEA     REFERENCES users (id),
    note         TEXT      NOT NULL,  -- what changed, as the author says
    remark       TEXT      NOT NULL,  -- what the approver answered
    lock         INTEGER   NOT NULL,  -- raised by every save; a save names the one it saw
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    decided_at   TIMESTAMP,           -- when it was published, returned or withdrawn
    UNIQUE (entry_id, number)
);
CREATE INDEX editions_of_site ON editions (site_id, state, updated_at);

-- Every address an entry has ever had on a site: one is current, the others lead to it.
CREATE TABLE addresses (
    site_id  BYTEA   NOT NULL REFERENCES sites (id),
    path     TEXT    NOT NULL,
    entry_id BYTEA   NOT NULL REFERENCES entries (id),
    current  BOOLEAN NOT NULL,
    PRIMARY KEY (site_id, path)
);
CREATE INDEX addresses_of_entry ON addresses (entry_id);

-- Who did what, when, to which edition. Written in the transaction of the deed, never changed.
CREATE TABLE events (
    id         BYTEA     NOT NULL PRIMARY KEY,
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    at         TIMESTAMP NOT NULL,
    user_id    BYTEA     REFERENCES users (id),  -- NULL: the command line
    action     TEXT      NOT NULL,
    entry_id   BYTEA     REFERENCES entries (id),
    edition_id BYTEA     REFERENCES editions (id),
    target     TEXT      NOT NULL,               -- its name at the time
    detail     TEXT      NOT NULL
);
CREATE INDEX events_of_site ON events (site_id, at);
