-- What a program saw in an attachment: kinds of personal data and how often, never the data.
CREATE TABLE case_scans (
    file_id BYTEA     NOT NULL PRIMARY KEY REFERENCES files (id),
    case_id BYTEA     NOT NULL REFERENCES cases (id),
    site_id BYTEA     NOT NULL REFERENCES sites (id),            -- who holds the case
    state   TEXT      NOT NULL,                                  -- feedback::model::scan::State
    found   TEXT      NOT NULL,                                  -- JSON: privacy::Kind -> how often
    at      TIMESTAMP NOT NULL
);
CREATE INDEX case_scans_of_case ON case_scans (case_id);
CREATE INDEX case_scans_of_site ON case_scans (site_id);

-- Attachments that others may read beside the answer.
CREATE TABLE case_public_files (
    case_id BYTEA NOT NULL REFERENCES cases (id),
    file_id BYTEA NOT NULL REFERENCES files (id),
    site_id BYTEA NOT NULL REFERENCES sites (id),
    PRIMARY KEY (case_id, file_id)
);
CREATE INDEX case_public_files_of_site ON case_public_files (site_id);

-- Files that an office gives with an answer, by a link that ends (TCTT-30); the files are sealed.
CREATE TABLE case_supplies (
    id         BYTEA     NOT NULL PRIMARY KEY,
    case_id    BYTEA     NOT NULL REFERENCES cases (id),
    site_id    BYTEA     NOT NULL REFERENCES sites (id),         -- who holds the case
    answer_id  BYTEA     NOT NULL REFERENCES case_answers (id),
    file_id    BYTEA     NOT NULL REFERENCES files (id),
    user_id    BYTEA     REFERENCES users (id),                  -- who looked it through for secrets (ND13-7)
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,                                        -- NULL until the answer was sent
    times      INTEGER   NOT NULL,                               -- how often it was taken
    taken_at   TIMESTAMP                                         -- when for the last time
);
CREATE INDEX case_supplies_of_case ON case_supplies (case_id);
CREATE INDEX case_supplies_of_answer ON case_supplies (answer_id);
CREATE INDEX case_supplies_of_site ON case_supplies (site_id);

-- What printing, copying and sending costs whoever asked for information.
CREATE TABLE case_costs (
    case_id BYTEA     NOT NULL PRIMARY KEY REFERENCES cases (id),
    site_id BYTEA     NOT NULL REFERENCES sites (id),
    amount  INTEGER   NOT NULL,                                  -- in đồng
    reason  TEXT      NOT NULL,
    user_id BYTEA     REFERENCES users (id),
    at      TIMESTAMP NOT NULL
);
CREATE INDEX case_costs_of_site ON case_costs (site_id);
