-- What an edition in English says: of which edition of the source, piece by piece. Whether it is
-- current is never stored: english::state::report derives it.
CREATE TABLE translations (
    edition_id BYTEA   NOT NULL PRIMARY KEY REFERENCES editions (id),
    site_id    BYTEA   NOT NULL REFERENCES sites (id),
    source_id  BYTEA   NOT NULL REFERENCES editions (id),  -- the Vietnamese edition it says
    pieces     TEXT    NOT NULL,  -- JSON, english_mirror::model::Pieces
    machine    BOOLEAN NOT NULL   -- whether it has words a machine wrote and nobody has read
);
CREATE INDEX translations_of_site ON translations (site_id);
CREATE INDEX translations_of_source ON translations (source_id);

-- Who looks after the English of a page, and of which edition of the source they were last
-- reminded.
CREATE TABLE mirror_pages (
    site_id    BYTEA   NOT NULL REFERENCES sites (id),
    content_id BYTEA   NOT NULL,
    owner_id   BYTEA   REFERENCES users (id),
    reminded   INTEGER NOT NULL,  -- number of the edition of the source; 0: never
    PRIMARY KEY (site_id, content_id)
);

-- What the province says in English instead of, or beside, config/english/terms.toml.
CREATE TABLE terms (
    id         BYTEA     NOT NULL PRIMARY KEY,
    site_id    BYTEA     NOT NULL REFERENCES sites (id),  -- the portal
    vi         TEXT      NOT NULL,
    plain      TEXT      NOT NULL,  -- the Vietnamese in small letters without accents
    en         TEXT      NOT NULL,
    kind       TEXT      NOT NULL,  -- english::terms::Kind
    accept     TEXT      NOT NULL,  -- other English that is right too, one a line
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (site_id, vi)
);

-- What a site calls a section in English instead of what the term base says, and where it stands.
CREATE TABLE section_names (
    section_id BYTEA NOT NULL PRIMARY KEY REFERENCES sections (id),
    site_id    BYTEA NOT NULL REFERENCES sites (id),
    label      TEXT  NOT NULL,  -- empty: as the term base says
    slug       TEXT  NOT NULL   -- last part of its English address; empty: made of the label
);
CREATE INDEX section_names_of_site ON section_names (site_id);

-- english::write::Names: how names are written in English; NULL: as the province does, and there
-- with their diacritics.
ALTER TABLE sites ADD COLUMN english_names TEXT;
