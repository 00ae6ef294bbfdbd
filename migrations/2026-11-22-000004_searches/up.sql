-- What readers of a site look for, counted by day. No row is about a person: no address, no session, no time of day.
CREATE TABLE searches (
    site_id BYTEA   NOT NULL REFERENCES sites (id),
    day     DATE    NOT NULL,   -- Vietnamese calendar day
    query   TEXT    NOT NULL,   -- as typed, in small letters; what looks like personal data is never kept
    times   INTEGER NOT NULL,
    found   INTEGER NOT NULL,   -- results the last time
    opened  INTEGER NOT NULL,   -- results that were then opened
    PRIMARY KEY (site_id, day, query)
);

-- Queries an administrator has dealt with: they come back when they are typed again on a later day.
CREATE TABLE searches_settled (
    site_id BYTEA     NOT NULL REFERENCES sites (id),
    query   TEXT      NOT NULL,
    day     DATE      NOT NULL,
    PRIMARY KEY (site_id, query)
);
