-- Files that belong to a case are kept out of the library and of every public address.
ALTER TABLE files ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;

-- What citizens sent. Nothing here is public; what others may read stands in case_publics.
CREATE TABLE cases (
    id               BYTEA     NOT NULL PRIMARY KEY,
    site_id          BYTEA     NOT NULL REFERENCES sites (id),   -- who holds it now
    origin_site_id   BYTEA     NOT NULL REFERENCES sites (id),   -- where it was sent, and whose number it has
    year             INTEGER   NOT NULL,
    number           INTEGER   NOT NULL,                         -- with the year: 2026-000123
    code_digest      BYTEA     NOT NULL,                         -- of the tracking code, which is kept nowhere
    slip_digest      BYTEA     NOT NULL,                         -- of the form it came by: sent twice, it is one case
    type_key         TEXT      NOT NULL,                         -- a key of config/feedback/types.toml
    area             TEXT      NOT NULL,                         -- a key of config/documents/fields.toml; '' for none
    state            TEXT      NOT NULL,                         -- feedback::model::state::State
    channel          TEXT      NOT NULL,                         -- feedback::model::sheet::Channel
    restricted       BOOLEAN   NOT NULL,                         -- complaints and denunciations (FB-8)
    suspect          TEXT      NOT NULL,                         -- words that make it look like one; '' for none
    subject          TEXT      NOT NULL,
    message          TEXT      NOT NULL,
    details          TEXT      NOT NULL,                         -- JSON: fields that say nothing of a person
    about            TEXT      NOT NULL,                         -- the public page it is about; '' for none
    plain            TEXT      NOT NULL,                         -- subject and message without accents, for the staff
    assignee_id      BYTEA     REFERENCES users (id),
    merged_into      BYTEA     REFERENCES cases (id),
    refusal          TEXT      NOT NULL,                         -- ground, where the type lists grounds
    reason           TEXT      NOT NULL,                         -- why it was refused
    agreed           TEXT      NOT NULL,                         -- the purposes agreed to, with blanks between
    rated            BOOLEAN   NOT NULL,                         -- the one right to rate is used up; the score is not here
    reopened         INTEGER   NOT NULL,                         -- how often
    lock             INTEGER   NOT NULL,                         -- grows with every change
    received_at      TIMESTAMP NOT NULL,
    updated_at       TIMESTAMP NOT NULL,
    answered_at      TIMESTAMP,
    closed_at        TIMESTAMP,
    reopen_until     TIMESTAMP,
    forgotten_at     TIMESTAMP                                   -- when personal data were taken out
);
CREATE UNIQUE INDEX cases_code ON cases (code_digest);
CREATE UNIQUE INDEX cases_slip ON cases (slip_digest);
CREATE UNIQUE INDEX cases_number ON cases (origin_site_id, year, number);
CREATE INDEX cases_of_site ON cases (site_id, state, received_at);
CREATE INDEX cases_closed ON cases (closed_at);

-- The last number given on a site in a year.
CREATE TABLE case_numbers (
    site_id BYTEA   NOT NULL REFERENCES sites (id),
    year    INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    PRIMARY KEY (site_id, year)
);

-- Who sent it: apart, so that it can be forgotten while the case stays.
CREATE TABLE case_people (
    case_id BYTEA NOT NULL PRIMARY KEY REFERENCES cases (id),
    site_id BYTEA NOT NULL REFERENCES sites (id),
    name    TEXT  NOT NULL,
    address TEXT  NOT NULL,
    phone   TEXT  NOT NULL,
    email   TEXT  NOT NULL,
    sealed  TEXT  NOT NULL                                       -- encrypted JSON: other personal fields, by name
);
CREATE INDEX case_people_of_site ON case_people (site_id);

-- The words of consent, each version once, and who agreed to which (PDP-9b).
CREATE TABLE consent_texts (
    version BYTEA NOT NULL PRIMARY KEY,                          -- SHA-256 of the text
    text    TEXT  NOT NULL
);
CREATE TABLE case_consents (
    id        BYTEA     NOT NULL PRIMARY KEY,
    case_id   BYTEA     NOT NULL REFERENCES cases (id),
    site_id   BYTEA     NOT NULL REFERENCES sites (id),
    purpose   TEXT      NOT NULL,
    given     BOOLEAN   NOT NULL,
    version   BYTEA     NOT NULL REFERENCES consent_texts (version),
    origin    TEXT      NOT NULL,                                -- keyed digest of the network address; '' for none
    at        TIMESTAMP NOT NULL
);
CREATE INDEX case_consents_of_case ON case_consents (case_id);
CREATE INDEX case_consents_of_site ON case_consents (site_id);

-- What was said: by the citizen, to the citizen, among the staff.
CREATE TABLE case_messages (
    id      BYTEA     NOT NULL PRIMARY KEY,
    case_id BYTEA     NOT NULL REFERENCES cases (id),
    site_id BYTEA     NOT NULL REFERENCES sites (id),            -- who holds the case
    kind    TEXT      NOT NULL,                                  -- feedback::store::messages::Kind
    user_id BYTEA     REFERENCES users (id),
    body    TEXT      NOT NULL,
    at      TIMESTAMP NOT NULL
);
CREATE INDEX case_messages_of_case ON case_messages (case_id, at);
CREATE INDEX case_messages_of_site ON case_messages (site_id);

-- Who held it, how long, why it moved (FB-3).
CREATE TABLE case_legs (
    id        BYTEA     NOT NULL PRIMARY KEY,
    case_id   BYTEA     NOT NULL REFERENCES cases (id),
    site_id   BYTEA     NOT NULL REFERENCES sites (id),          -- who held it
    from_site BYTEA     REFERENCES sites (id),                   -- who sent it here; NULL: the citizen
    kind      TEXT      NOT NULL,                                -- feedback::store::legs::Kind
    reason    TEXT      NOT NULL,
    user_id   BYTEA     REFERENCES users (id),
    began_at  TIMESTAMP NOT NULL,
    ended_at  TIMESTAMP
);
CREATE INDEX case_legs_of_case ON case_legs (case_id, began_at);
CREATE INDEX case_legs_of_site ON case_legs (site_id);

-- Answers: every edition, as it was approved and sent.
CREATE TABLE case_answers (
    id          BYTEA     NOT NULL PRIMARY KEY,
    case_id     BYTEA     NOT NULL REFERENCES cases (id),
    site_id     BYTEA     NOT NULL REFERENCES sites (id),
    kind        TEXT      NOT NULL,                              -- feedback::model::answer::Kind
    stage       TEXT      NOT NULL,                              -- feedback::model::answer::Stage
    body        TEXT      NOT NULL,
    remark      TEXT      NOT NULL,                              -- why it was returned
    lock        INTEGER   NOT NULL,                              -- grows with every change: approvals are of one version
    author_id   BYTEA     REFERENCES users (id),
    editor_id   BYTEA     REFERENCES users (id),
    approver_id BYTEA     REFERENCES users (id),
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    sent_at     TIMESTAMP
);
CREATE INDEX case_answers_of_case ON case_answers (case_id, created_at);
CREATE INDEX case_answers_of_site ON case_answers (site_id);

-- Single-use links that approve one version of one answer in the name of one person.
CREATE TABLE case_approvals (
    token      BYTEA     NOT NULL PRIMARY KEY,                   -- digest of the secret in the link
    answer_id  BYTEA     NOT NULL REFERENCES case_answers (id),
    site_id    BYTEA     NOT NULL REFERENCES sites (id),
    user_id    BYTEA     NOT NULL REFERENCES users (id),
    lock       INTEGER   NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at    TIMESTAMP
);
CREATE INDEX case_approvals_of_site ON case_approvals (site_id);

-- Attachments of a case; the files are sealed.
CREATE TABLE case_files (
    case_id  BYTEA   NOT NULL REFERENCES cases (id),
    file_id  BYTEA   NOT NULL REFERENCES files (id),
    site_id  BYTEA   NOT NULL REFERENCES sites (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (case_id, file_id)
);
CREATE INDEX case_files_of_site ON case_files (site_id);

-- What others may read: texts made for them, never the message itself.
CREATE TABLE case_publics (
    case_id      BYTEA     NOT NULL PRIMARY KEY REFERENCES cases (id),
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    slug         TEXT      NOT NULL,
    area         TEXT      NOT NULL,
    type_key     TEXT      NOT NULL,
    title        TEXT      NOT NULL,
    question     TEXT      NOT NULL,
    answer       TEXT      NOT NULL,
    plain        TEXT      NOT NULL,                             -- all three without accents
    public       BOOLEAN   NOT NULL,                             -- FALSE: was public and was taken away
    helpful      INTEGER   NOT NULL,
    unhelpful    INTEGER   NOT NULL,
    published_at TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX case_publics_slug ON case_publics (site_id, slug);
CREATE INDEX case_publics_list ON case_publics (site_id, public, published_at);

-- How content people were, in numbers. No row leads to a case or to a person (ND224-10.3.b): there is no key to either,
-- no instant, and one row stands for a whole month.
CREATE TABLE case_ratings (
    site_id  BYTEA   NOT NULL REFERENCES sites (id),
    type_key TEXT    NOT NULL,
    year     INTEGER NOT NULL,
    month    INTEGER NOT NULL,
    score    INTEGER NOT NULL,                                   -- 1 to 5
    times    INTEGER NOT NULL,
    PRIMARY KEY (site_id, type_key, year, month, score)
);

-- Texts that staff begin an answer with.
CREATE TABLE case_templates (
    id       BYTEA NOT NULL PRIMARY KEY,
    site_id  BYTEA NOT NULL REFERENCES sites (id),
    title    TEXT  NOT NULL,
    body     TEXT  NOT NULL,
    sort_key BYTEA NOT NULL
);
CREATE INDEX case_templates_of_site ON case_templates (site_id, sort_key);

-- Who, not being of the office that holds it, read a case, and why (PDP-7.4).
CREATE TABLE case_readings (
    id      BYTEA     NOT NULL PRIMARY KEY,
    case_id BYTEA     NOT NULL REFERENCES cases (id),
    site_id BYTEA     NOT NULL REFERENCES sites (id),
    user_id BYTEA     NOT NULL REFERENCES users (id),
    reason  TEXT      NOT NULL,
    at      TIMESTAMP NOT NULL
);
CREATE INDEX case_readings_of_case ON case_readings (case_id, user_id, at);
CREATE INDEX case_readings_of_site ON case_readings (site_id);

-- What the retention job did (PDP-14): numbers of cases, no persons.
CREATE TABLE case_sweeps (
    id      BYTEA     NOT NULL PRIMARY KEY,
    site_id BYTEA     NOT NULL REFERENCES sites (id),
    number  TEXT      NOT NULL,                                  -- of the case
    step    TEXT      NOT NULL,                                  -- feedback::store::retention::Step
    files   INTEGER   NOT NULL,                                  -- attachments that were deleted
    at      TIMESTAMP NOT NULL
);
CREATE INDEX case_sweeps_of_site ON case_sweeps (site_id, at);
