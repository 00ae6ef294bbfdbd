//! The words and rules of opinions on drafts. Pure: no clock, no tables, no requests.
//!
//! Read `stage` for what state a consultation is in, `days` for how long it must be open,
//! `opinion` for what readers send, `masking` for what may be changed in it.

pub mod days;
pub mod masking;
pub mod opinion;
pub mod stage;

pub use days::{Days, Minimum};
pub use opinion::{Checked, MAX_PASSAGE, Typed};
pub use stage::{Facts, Stage};

base::text_enum!(
    /// How an opinion came.
    Channel {
        /// By the form of the site.
        Web = "web",
        /// In writing, on paper.
        Letter = "letter",
        /// By e-mail.
        Email = "email",
        /// At a meeting.
        Meeting = "meeting",
    }
);

base::text_enum!(
    /// What became of an opinion.
    OpinionState {
        /// Nobody has looked at it yet.
        Waiting = "waiting",
        /// The public reads it.
        Shown = "shown",
        /// The public does not; the reason is kept.
        Hidden = "hidden",
    }
);

base::text_enum!(
    /// What the drafting body makes of an opinion.
    Verdict {
        /// Tiếp thu.
        Accepted = "accepted",
        /// Tiếp thu một phần.
        Partly = "partly",
        /// Không tiếp thu, giải trình.
        Rejected = "rejected",
    }
);

base::text_enum!(
    /// What those who took part have been told.
    News {
        /// Nothing yet.
        Nothing = "nothing",
        /// That the time for opinions is over.
        Ended = "ended",
        /// That the table of acceptance and explanation is public.
        Explained = "explained",
        /// What was issued.
        Issued = "issued",
        /// That the draft was dropped.
        Stopped = "stopped",
    }
);
