-- Every stored object, once, however many files share it. Uploading and deleting both write the
-- row, so that bytes cannot be removed while somebody else begins to use them.
CREATE TABLE blobs (
    digest TEXT   NOT NULL PRIMARY KEY,  -- SHA-256 of the bytes, hexadecimal; the place they lie at
    size   BIGINT NOT NULL               -- bytes
);

-- Files that staff bring: private until what uses them is public.
CREATE TABLE files (
    id         BYTEA     NOT NULL PRIMARY KEY,
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    digest     TEXT      NOT NULL REFERENCES blobs (digest),
    size       BIGINT    NOT NULL,  -- bytes
    kind       TEXT      NOT NULL,  -- media type, told by the content
    name       TEXT      NOT NULL,  -- cleaned; what a download is called
    title      TEXT      NOT NULL,
    plain      TEXT      NOT NULL,  -- title and name without accents, for the staff's filter
    source     TEXT      NOT NULL,  -- who made it or permits its use (ND174-93c)
    licence    TEXT      NOT NULL,
    created_by BYTEA     REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX files_of_site ON files (site_id, created_at);
CREATE INDEX files_of_digest ON files (digest);

-- Who uses a file or a picture. The public may have what has a public use, and nothing else.
CREATE TABLE media_uses (
    site_id    BYTEA   NOT NULL REFERENCES sites (id),
    item_id    BYTEA   NOT NULL,  -- a row of files or of pictures
    owner_kind TEXT    NOT NULL,  -- media::uses::Owner
    owner_id   BYTEA   NOT NULL,
    label      TEXT    NOT NULL,  -- the owner's name, for those who ask where an item is used
    path       TEXT    NOT NULL,  -- the owner's staff screen
    public     BOOLEAN NOT NULL,
    PRIMARY KEY (item_id, owner_kind, owner_id)
);
CREATE INDEX media_uses_of_owner ON media_uses (site_id, owner_kind, owner_id);

-- Pictures were public as soon as they were brought. Those that are there stay so.
INSERT INTO media_uses (site_id, item_id, owner_kind, owner_id, label, path, public)
SELECT site_id, id, 'earlier', site_id, '', '', TRUE FROM pictures;
