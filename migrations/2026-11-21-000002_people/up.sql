-- People who work on sites.
CREATE TABLE users (
    id         BYTEA     NOT NULL PRIMARY KEY,
    email      TEXT      NOT NULL UNIQUE,  -- lower case
    name       TEXT      NOT NULL,
    password   TEXT,                       -- argon2id, PHC format; NULL until the invitation is taken
    disabled   BOOLEAN   NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- What a person may do on a site; a provincial role stands on the portal and reaches its components.
CREATE TABLE roles (
    user_id    BYTEA     NOT NULL REFERENCES users (id),
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    role       TEXT      NOT NULL,  -- accounts::model::Role
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, site_id, role)
);
CREATE INDEX roles_of_site ON roles (site_id);

-- A signed-in browser. Only a digest of the cookie is kept.
CREATE TABLE sessions (
    token      BYTEA     NOT NULL PRIMARY KEY,
    id         BYTEA     NOT NULL UNIQUE,
    user_id    BYTEA     NOT NULL REFERENCES users (id),
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    agent      TEXT      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at    TIMESTAMP NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

-- Single-use links: invitations, password resets, crossing to another site. Only digests are kept.
CREATE TABLE tickets (
    token      BYTEA     NOT NULL PRIMARY KEY,
    purpose    TEXT      NOT NULL,  -- accounts::model::Purpose
    user_id    BYTEA     NOT NULL REFERENCES users (id),
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at    TIMESTAMP
);
CREATE INDEX tickets_of_user ON tickets (user_id);

-- Wrong passwords in a row, by the address typed, known or not: the answer must not tell which.
CREATE TABLE failures (
    email        TEXT      NOT NULL PRIMARY KEY,
    count        INTEGER   NOT NULL,
    locked_until TIMESTAMP,
    updated_at   TIMESTAMP NOT NULL
);
