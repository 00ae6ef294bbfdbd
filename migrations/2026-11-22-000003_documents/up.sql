-- Organisations that issue documents, with the days between which they existed.
CREATE TABLE issuers (
    id           BYTEA   NOT NULL PRIMARY KEY,
    portal_id    BYTEA   NOT NULL REFERENCES sites (id),
    site_id      BYTEA   REFERENCES sites (id),   -- the site that keeps it; NULL: the portal, for all its sites
    level        TEXT    NOT NULL,                -- documents::Level
    name         TEXT    NOT NULL,
    name_en      TEXT    NOT NULL,
    abbreviation TEXT    NOT NULL,                -- as in symbols of documents: 'UBND'
    name_key     TEXT    NOT NULL,                -- the name without accents, capitals and marks
    sort_key     BYTEA   NOT NULL,
    unit_code    TEXT    NOT NULL,                -- official code of the administrative unit; '' for none
    valid_from   DATE,
    valid_to     DATE                             -- the last day it existed
);
CREATE UNIQUE INDEX issuers_of_portal ON issuers (portal_id, name_key) WHERE site_id IS NULL;
CREATE UNIQUE INDEX issuers_of_site ON issuers (site_id, name_key) WHERE site_id IS NOT NULL;

-- What became of an organisation that ended.
CREATE TABLE issuer_successors (
    issuer_id    BYTEA NOT NULL REFERENCES issuers (id),
    successor_id BYTEA NOT NULL REFERENCES issuers (id),
    PRIMARY KEY (issuer_id, successor_id)
);
CREATE INDEX issuer_successors_back ON issuer_successors (successor_id);

CREATE TABLE documents (
    id               BYTEA     NOT NULL PRIMARY KEY,
    site_id          BYTEA     NOT NULL REFERENCES sites (id),
    state            TEXT      NOT NULL,          -- documents::model::State
    register         TEXT      NOT NULL,          -- documents::model::Register
    type_key         TEXT      NOT NULL,          -- a key of config/documents/types.toml
    number           TEXT      NOT NULL,          -- in official spelling; '' while it has none at all
    number_key       TEXT      NOT NULL,          -- base::Number::key
    short_key        TEXT      NOT NULL,          -- base::Number::short_key
    year             INTEGER   NOT NULL,          -- of the number, else of issue; 0 for neither
    pending          BOOLEAN   NOT NULL,          -- the office has not numbered it yet
    issuer_id        BYTEA     NOT NULL REFERENCES issuers (id),
    issued           DATE,
    effective        DATE,                        -- the first day in force
    expiry           DATE,                        -- the first day no longer in force
    summary          TEXT      NOT NULL,          -- trích yếu
    plain            TEXT      NOT NULL,          -- number and abstract without accents, for staff and simple search
    sort_key         BYTEA     NOT NULL,          -- of the summary
    slug             TEXT      NOT NULL,          -- the address now: /van-ban/<slug>
    urgency          TEXT      NOT NULL,          -- a key of config/documents/marks.toml; '' for none
    internal         BOOLEAN   NOT NULL,          -- not of general application: never public (VH-3)
    short_procedure  BOOLEAN   NOT NULL,          -- rút gọn (VB-2)
    details          TEXT      NOT NULL,          -- JSON: documents::model::Details
    duplicate_reason TEXT      NOT NULL,          -- why it may share issuer, number and year; '' when it does not
    remark           TEXT      NOT NULL,          -- why it was withdrawn
    lock             INTEGER   NOT NULL,          -- grows with every save
    author_id        BYTEA     REFERENCES users (id),
    editor_id        BYTEA     REFERENCES users (id),
    created_at       TIMESTAMP NOT NULL,
    updated_at       TIMESTAMP NOT NULL,
    published_at     TIMESTAMP
);
CREATE UNIQUE INDEX documents_slug ON documents (site_id, slug);
CREATE UNIQUE INDEX documents_number ON documents (site_id, issuer_id, number_key, year)
    WHERE pending = FALSE AND duplicate_reason = '' AND number_key <> '';
CREATE INDEX documents_of_site ON documents (site_id, state, issued);
CREATE INDEX documents_by_number ON documents (number_key);
CREATE INDEX documents_by_issuer ON documents (issuer_id);

-- The articles of a document, apart from it so that lists stay light.
CREATE TABLE document_texts (
    document_id BYTEA   NOT NULL PRIMARY KEY REFERENCES documents (id),
    site_id     BYTEA   NOT NULL REFERENCES sites (id),
    articles    TEXT    NOT NULL,                 -- JSON: a list of documents::model::Article
    size        INTEGER NOT NULL                  -- characters
);
CREATE INDEX document_texts_of_site ON document_texts (site_id);

CREATE TABLE document_fields (
    document_id BYTEA NOT NULL REFERENCES documents (id),
    site_id     BYTEA NOT NULL REFERENCES sites (id),
    field       TEXT  NOT NULL,                   -- a key of config/documents/fields.toml
    PRIMARY KEY (document_id, field)
);
CREATE INDEX document_fields_of_site ON document_fields (site_id, field);

-- Files of a document, in order. The file itself is kept by media.
CREATE TABLE document_files (
    document_id BYTEA   NOT NULL REFERENCES documents (id),
    file_id     BYTEA   NOT NULL,
    site_id     BYTEA   NOT NULL REFERENCES sites (id),
    position    INTEGER NOT NULL,
    label       TEXT    NOT NULL,
    role        TEXT    NOT NULL,                 -- documents::model::Role
    PRIMARY KEY (document_id, file_id)
);
CREATE INDEX document_files_of_site ON document_files (site_id, file_id);

-- Addresses a published document had before: they lead to the one it has now.
CREATE TABLE document_addresses (
    site_id     BYTEA NOT NULL REFERENCES sites (id),
    slug        TEXT  NOT NULL,
    document_id BYTEA NOT NULL REFERENCES documents (id),
    PRIMARY KEY (site_id, slug)
);
CREATE INDEX document_addresses_back ON document_addresses (document_id);

-- What happened to the effect of a document and is not told by its own dates or by a relation.
CREATE TABLE effect_events (
    id          BYTEA     NOT NULL PRIMARY KEY,
    site_id     BYTEA     NOT NULL REFERENCES sites (id),
    document_id BYTEA     NOT NULL REFERENCES documents (id),
    day         DATE      NOT NULL,
    what        TEXT      NOT NULL,               -- documents::model::What
    part        TEXT      NOT NULL,               -- 'Điều 5, khoản 2'; '' for the whole
    cause       TEXT      NOT NULL,               -- the number or the name of what caused it
    created_at  TIMESTAMP NOT NULL
);
CREATE INDEX effect_events_of_document ON effect_events (document_id, day);
CREATE INDEX effect_events_of_site ON effect_events (site_id);

-- What a document says of another. Read the other way round for the passive verb.
CREATE TABLE relations (
    id           BYTEA     NOT NULL PRIMARY KEY,
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    from_id      BYTEA     NOT NULL REFERENCES documents (id),
    to_id        BYTEA     REFERENCES documents (id),  -- NULL while the target is in no register of the portal
    to_number    TEXT      NOT NULL,
    to_key       TEXT      NOT NULL,               -- base::Number::key of it
    kind         TEXT      NOT NULL,               -- documents::model::Verb
    from_article TEXT      NOT NULL,
    to_article   TEXT      NOT NULL,
    found        BOOLEAN   NOT NULL,               -- read from the abstract, not entered by a person
    created_at   TIMESTAMP NOT NULL
);
CREATE INDEX relations_from ON relations (from_id);
CREATE INDEX relations_to ON relations (to_id);
CREATE INDEX relations_open ON relations (to_key);
CREATE INDEX relations_of_site ON relations (site_id);

-- What imports brought, so that the same line is recognised the next time.
CREATE TABLE document_imports (
    site_id     BYTEA NOT NULL REFERENCES sites (id),
    line_key    TEXT  NOT NULL,                    -- issuer, number, year and digest of the title
    digest      TEXT  NOT NULL,                    -- of the whole line
    document_id BYTEA NOT NULL REFERENCES documents (id),
    PRIMARY KEY (site_id, line_key)
);
CREATE INDEX document_imports_back ON document_imports (document_id);

-- The thing a deed was done to, when it is no entry: a document.
ALTER TABLE events ADD COLUMN subject BYTEA;
CREATE INDEX events_of_subject ON events (subject);
