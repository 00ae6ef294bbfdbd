-- Opinions asked on a draft. What state it is in follows from its days and from what was done: it is never stored.
CREATE TABLE consultations (
    id             BYTEA     NOT NULL PRIMARY KEY,
    site_id        BYTEA     NOT NULL REFERENCES sites (id),
    document_id    BYTEA     NOT NULL UNIQUE REFERENCES documents (id),
    opens          DATE      NOT NULL,              -- the first day, in Viet Nam
    closes         DATE      NOT NULL,              -- the last day, included
    shortened      BOOLEAN   NOT NULL,              -- by the shortened procedure
    purpose        TEXT      NOT NULL,              -- what readers should say something about
    post_to        TEXT      NOT NULL,              -- where letters go
    contact        TEXT      NOT NULL,              -- whom to ask
    lock           INTEGER   NOT NULL,              -- grows with every save
    editor_id      BYTEA     REFERENCES users (id), -- who changed its terms last
    announced_at   TIMESTAMP,                       -- since when the public may read it
    collating_at   TIMESTAMP,                       -- when the first row of the table was written
    explained_at   TIMESTAMP,                       -- when the table was published
    issued_at      TIMESTAMP,                       -- when the outcome was told
    stopped_at     TIMESTAMP,
    outcome_id     BYTEA     REFERENCES documents (id),
    outcome_number TEXT      NOT NULL,              -- of an outcome that is in no register here; else ''
    stopped_reason TEXT      NOT NULL,
    told           TEXT      NOT NULL,              -- consultations::model::News: the last that participants were told
    files_public   BOOLEAN   NOT NULL,              -- whether the public may have the dossier
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL
);
CREATE INDEX consultations_of_site ON consultations (site_id, closes);
CREATE INDEX consultations_of_outcome ON consultations (outcome_id);

-- The dossier: at most one file to a slot of config/consultations/slots.toml.
CREATE TABLE consultation_files (
    consultation_id BYTEA NOT NULL REFERENCES consultations (id),
    slot            TEXT  NOT NULL,
    site_id         BYTEA NOT NULL REFERENCES sites (id),
    file_id         BYTEA NOT NULL REFERENCES files (id),
    PRIMARY KEY (consultation_id, slot)
);
CREATE INDEX consultation_files_of_file ON consultation_files (file_id);
CREATE INDEX consultation_files_of_site ON consultation_files (site_id);

-- A row of the table of acceptance and explanation: what is answered to one opinion or to several alike.
CREATE TABLE consultation_rows (
    id              BYTEA     NOT NULL PRIMARY KEY,
    consultation_id BYTEA     NOT NULL REFERENCES consultations (id),
    site_id         BYTEA     NOT NULL REFERENCES sites (id),
    title           TEXT      NOT NULL,             -- what a group is about; '' for a single opinion
    verdict         TEXT      NOT NULL,             -- consultations::model::Verdict
    explanation     TEXT      NOT NULL,
    editor_id       BYTEA     REFERENCES users (id),
    updated_at      TIMESTAMP NOT NULL
);
CREATE INDEX consultation_rows_of ON consultation_rows (consultation_id);
CREATE INDEX consultation_rows_of_site ON consultation_rows (site_id);

CREATE TABLE consultation_opinions (
    id              BYTEA     NOT NULL PRIMARY KEY,
    consultation_id BYTEA     NOT NULL REFERENCES consultations (id),
    site_id         BYTEA     NOT NULL REFERENCES sites (id),
    nonce           TEXT      NOT NULL,             -- of the form: the same form sent twice is one opinion
    channel         TEXT      NOT NULL,             -- consultations::model::Channel
    article         TEXT      NOT NULL,             -- the anchor of the article: 'dieu-5'; '' for the whole
    label           TEXT      NOT NULL,             -- what the article was called then
    passage         TEXT      NOT NULL,             -- the words it is about; '' for none
    body            TEXT      NOT NULL,             -- as it came; never public
    shown           TEXT      NOT NULL,             -- as the public reads it; '' until somebody looked at it
    name            TEXT      NOT NULL,
    organisation    TEXT      NOT NULL,
    show_name       BOOLEAN   NOT NULL,
    email           TEXT      NOT NULL,             -- only with consent; '' once the outcome was told
    origin          TEXT      NOT NULL,             -- SHA-256 of the network it came from; '' after a day
    state           TEXT      NOT NULL,             -- consultations::model::OpinionState
    reason          TEXT      NOT NULL,             -- why it is hidden
    row_id          BYTEA     REFERENCES consultation_rows (id),
    moderator_id    BYTEA     REFERENCES users (id),
    received_at     TIMESTAMP NOT NULL,
    moderated_at    TIMESTAMP,
    UNIQUE (consultation_id, nonce)
);
CREATE INDEX consultation_opinions_of_site ON consultation_opinions (site_id, received_at);
CREATE INDEX consultation_opinions_of_row ON consultation_opinions (row_id);

-- Proof of consent: who (as a hash), when, from where, to which words. Stays when the address is gone.
CREATE TABLE consultation_consents (
    id           BYTEA     NOT NULL PRIMARY KEY,
    opinion_id   BYTEA     NOT NULL REFERENCES consultation_opinions (id),
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    purpose      TEXT      NOT NULL,                -- 'outcome'
    version      TEXT      NOT NULL,                -- SHA-256 of the words
    words        TEXT      NOT NULL,                -- what stood beside the box
    subject_hash TEXT      NOT NULL,                -- SHA-256 of the address
    origin       TEXT      NOT NULL,                -- SHA-256 of the network it came from
    at           TIMESTAMP NOT NULL
);
CREATE INDEX consultation_consents_of_opinion ON consultation_consents (opinion_id);
CREATE INDEX consultation_consents_of_site ON consultation_consents (site_id);
