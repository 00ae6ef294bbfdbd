-- A site is one tenant: the provincial portal or a component of it. Rules: crates/sites.
CREATE TABLE sites (
    id             BYTEA     NOT NULL PRIMARY KEY,
    portal_id      BYTEA     REFERENCES sites (id),  -- NULL on a portal only (ND224-11.1)
    kind           TEXT      NOT NULL,               -- base::SiteType
    state          TEXT      NOT NULL,               -- base::SiteState
    unit_code      TEXT      UNIQUE,                 -- official code of the unit
    name           TEXT      NOT NULL,
    name_en        TEXT      NOT NULL,
    sort_key       BYTEA     NOT NULL,               -- Vietnamese dictionary order of name
    blueprint      TEXT      NOT NULL,
    valid_from     DATE,
    valid_to       DATE,
    theme          TEXT      NOT NULL,
    palette        TEXT      NOT NULL,
    logo           TEXT,                             -- address of the picture
    identity       TEXT      NOT NULL,               -- JSON of base::Identity (ND147-24.9a)
    licence        TEXT,                             -- JSON of base::Licence (ND147-24.9b)
    external_url   TEXT,                             -- linked sites: where they still live
    conversion_due DATE,                             -- linked sites: planned conversion
    self_approval  BOOLEAN   NOT NULL,
    home           TEXT      NOT NULL,               -- blocks of the home page, one a line
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL
);
CREATE INDEX sites_directory ON sites (portal_id, sort_key);

-- Every host name that leads to a site; the canonical one answers, the others redirect.
CREATE TABLE hosts (
    host      TEXT    NOT NULL PRIMARY KEY,
    site_id   BYTEA   NOT NULL REFERENCES sites (id),
    canonical BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX hosts_canonical ON hosts (site_id) WHERE canonical;
CREATE INDEX hosts_of_site ON hosts (site_id);

-- Raised in the transaction of every write to a site's public content. A cached page is stale
-- once the epoch of a site it read has moved; other processes compare the numbers.
CREATE TABLE epochs (
    site_id    BYTEA     NOT NULL PRIMARY KEY REFERENCES sites (id),
    epoch      BIGINT    NOT NULL,
    touched_at TIMESTAMP NOT NULL
);

-- A place in a site's tree. The path is a stable key (section 12); the label may change.
CREATE TABLE sections (
    id        BYTEA   NOT NULL PRIMARY KEY,
    site_id   BYTEA   NOT NULL REFERENCES sites (id),
    path      TEXT    NOT NULL,
    label     TEXT    NOT NULL,
    label_en  TEXT    NOT NULL,
    kind      TEXT    NOT NULL,  -- content::model::SectionKind
    module    TEXT    NOT NULL,  -- which generated page it is; empty for none
    entries   TEXT    NOT NULL,  -- kinds that may be written here, separated by spaces
    mandatory BOOLEAN NOT NULL,
    own       BOOLEAN NOT NULL,  -- added by the site, not by its blueprint
    rules     TEXT    NOT NULL,  -- ids of law.md, separated by spaces
    position  INTEGER NOT NULL,
    menu      BOOLEAN NOT NULL,
    visible   BOOLEAN NOT NULL,
    reason    TEXT,              -- why it does not apply here; NULL when it does
    hint      TEXT    NOT NULL,
    url       TEXT    NOT NULL,
    UNIQUE (site_id, path)
);
