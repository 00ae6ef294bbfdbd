-- The calendar of a portal, for all its sites. The row is also the lock under which clocks and calendar change.
CREATE TABLE calendars (
    portal_id BYTEA   NOT NULL PRIMARY KEY REFERENCES sites (id),
    version   INTEGER NOT NULL                    -- grows with every change
);

-- Years that are set; of any other, what comes with the program counts, or the weekends alone.
CREATE TABLE calendar_years (
    portal_id BYTEA   NOT NULL REFERENCES sites (id),
    year      INTEGER NOT NULL,
    PRIMARY KEY (portal_id, year)
);

-- Days that differ from what their weekday says.
CREATE TABLE calendar_days (
    portal_id BYTEA NOT NULL REFERENCES sites (id),
    day       DATE  NOT NULL,
    kind      TEXT  NOT NULL,                     -- clocks::model::DayKind
    name      TEXT  NOT NULL,
    PRIMARY KEY (portal_id, day)
);

-- What was done to the calendar. Append only.
CREATE TABLE calendar_changes (
    id        BYTEA     NOT NULL PRIMARY KEY,
    portal_id BYTEA     NOT NULL REFERENCES sites (id),
    at        TIMESTAMP NOT NULL,
    user_id   BYTEA     REFERENCES users (id),    -- NULL: the program
    action    TEXT      NOT NULL,                 -- clocks::store::calendar::CalendarAction
    day       DATE      NOT NULL,                 -- the day, or the first of a year
    kind      TEXT      NOT NULL,                 -- clocks::model::DayKind; '' for a whole year
    name      TEXT      NOT NULL,
    moved     INTEGER   NOT NULL                  -- how many clocks it moved
);
CREATE INDEX calendar_changes_of_portal ON calendar_changes (portal_id, at);

CREATE TABLE clocks (
    id           BYTEA     NOT NULL PRIMARY KEY,
    site_id      BYTEA     NOT NULL REFERENCES sites (id),
    subject_kind TEXT      NOT NULL,              -- the feature's word for the thing: 'case'
    subject      BYTEA     NOT NULL,              -- its key there
    code         TEXT      NOT NULL,              -- of the catalogue: 'DL-08'
    stage        TEXT      NOT NULL,              -- of the catalogue: 'transfer'
    bound        TEXT      NOT NULL,              -- clocks::model::Bound
    terms        TEXT      NOT NULL,              -- JSON: the clocks::model::Limit it was started with
    started_at   TIMESTAMP NOT NULL,              -- the event it counts from
    due_at       TIMESTAMP NOT NULL,              -- the first instant after it; while it stands still, what it was
    due_day      DATE      NOT NULL,              -- the last day of it in Viet Nam
    paused_at    TIMESTAMP,                       -- since when it stands still
    met_at       TIMESTAMP,
    cancelled_at TIMESTAMP
);
CREATE UNIQUE INDEX clocks_running ON clocks (subject, subject_kind, code, stage)
    WHERE met_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX clocks_of_subject ON clocks (site_id, subject);
CREATE INDEX clocks_due ON clocks (site_id, due_at) WHERE met_at IS NULL AND cancelled_at IS NULL;

-- What happened to a clock. Append only; only the site follows the clock.
CREATE TABLE clock_events (
    id        BYTEA     NOT NULL PRIMARY KEY,
    clock_id  BYTEA     NOT NULL REFERENCES clocks (id),
    site_id   BYTEA     NOT NULL REFERENCES sites (id),
    at        TIMESTAMP NOT NULL,
    user_id   BYTEA     REFERENCES users (id),    -- NULL: the program, or nobody signed in
    action    TEXT      NOT NULL,                 -- clocks::store::Action
    amount    INTEGER   NOT NULL,                 -- of an extension; 0 for none
    unit      TEXT      NOT NULL,                 -- clocks::model::Unit of it; '' for none
    reason    TEXT      NOT NULL,
    notice    TEXT      NOT NULL,                 -- how those who wait were told of an extension
    old_due   DATE,                               -- the last day before, where it moved
    new_due   DATE,
    change_id BYTEA     REFERENCES calendar_changes (id),
    from_site BYTEA     REFERENCES sites (id)     -- who handed it over
);
CREATE INDEX clock_events_of_clock ON clock_events (clock_id, at);
CREATE INDEX clock_events_of_site ON clock_events (site_id);
CREATE INDEX clock_events_of_change ON clock_events (change_id);
