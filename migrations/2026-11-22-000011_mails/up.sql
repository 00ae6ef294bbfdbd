-- Letters on their way, and what became of them. One row for each event and recipient, so that nobody is told twice.
CREATE TABLE mails (
    id             BYTEA     NOT NULL PRIMARY KEY,   -- also the left half of the Message-ID
    site_id        BYTEA     NOT NULL REFERENCES sites (id),
    event_key      TEXT      NOT NULL,   -- what happened, as the feature that writes calls it
    recipient      TEXT      NOT NULL,   -- the address; masked once the text is forgotten
    recipient_hash TEXT      NOT NULL,   -- SHA-256 of the address, hexadecimal
    topic          TEXT      NOT NULL,   -- what it is a notice of; '' for a letter nobody can stop
    sender         TEXT      NOT NULL,   -- the site's name, for From
    reply_to       TEXT      NOT NULL,   -- the site's address; '' for none
    subject        TEXT      NOT NULL,
    body           TEXT      NOT NULL,   -- plain text; '' once forgotten
    html           TEXT      NOT NULL,   -- '' once forgotten
    token          TEXT      NOT NULL,   -- the secret of the page that stops notices; '' without a topic
    unsubscribe    TEXT      NOT NULL,   -- the address of that page
    state          TEXT      NOT NULL,   -- mail::model::State
    reason         TEXT      NOT NULL,   -- mail::model::Reason
    words          TEXT      NOT NULL,   -- what the other server said
    attempts       INTEGER   NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    queued_at      TIMESTAMP NOT NULL,   -- when it was written, or last put back by the staff
    due_at         TIMESTAMP NOT NULL,   -- the next attempt
    lease_until    TIMESTAMP,            -- while it is being sent
    done_at        TIMESTAMP,            -- when it reached a state that does not move by itself
    UNIQUE (site_id, event_key, recipient_hash)
);
CREATE INDEX mails_due ON mails (state, due_at);
CREATE INDEX mails_of_site ON mails (site_id, created_at);
CREATE INDEX mails_of_token ON mails (token);

-- Addresses that a server refused for good, by hash: later letters are not sent there.
CREATE TABLE mail_refusals (
    site_id        BYTEA     NOT NULL REFERENCES sites (id),
    recipient_hash TEXT      NOT NULL,
    words          TEXT      NOT NULL,   -- what the server said
    at             TIMESTAMP NOT NULL,
    PRIMARY KEY (site_id, recipient_hash)
);

-- Who no longer wants notices of a topic, by hash.
CREATE TABLE mail_unsubscribed (
    site_id        BYTEA     NOT NULL REFERENCES sites (id),
    recipient_hash TEXT      NOT NULL,
    topic          TEXT      NOT NULL,
    at             TIMESTAMP NOT NULL,
    PRIMARY KEY (site_id, recipient_hash, topic)
);
