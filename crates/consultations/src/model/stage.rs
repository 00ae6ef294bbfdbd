//! The state of a consultation: derived from its days and from what was done, never stored. At
//! midnight in Viet Nam it changes without anybody touching it.

use chrono::NaiveDate;

use super::News;

base::text_enum!(
    /// Where a consultation stands (section 13.5 of the legal catalogue).
    Stage {
        /// Chuẩn bị: not announced, or before its first day.
        Preparing = "chuan_bi",
        /// Đang lấy ý kiến.
        Open = "dang_lay_y_kien",
        /// Hết hạn: its last day is over.
        Ended = "het_han",
        /// Tổng hợp: the table is being written.
        Collating = "tong_hop",
        /// Đã tiếp thu, giải trình: the table is public.
        Explained = "da_tiep_thu",
        /// Đã ban hành.
        Issued = "da_ban_hanh",
        /// Dừng.
        Stopped = "dung",
    }
);

/// What the state follows from.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The first day.
    pub opens: NaiveDate,
    /// The last day, included.
    pub closes: NaiveDate,
    /// The public may read it.
    pub announced: bool,
    /// A row of the table was written.
    pub collating: bool,
    /// The table was published.
    pub explained: bool,
    /// The outcome was told.
    pub issued: bool,
    /// It was stopped.
    pub stopped: bool,
}

impl Facts {
    /// The state on `today`.
    pub fn stage(&self, today: NaiveDate) -> Stage {
        match self {
            Self { stopped: true, .. } => Stage::Stopped,
            Self { issued: true, .. } => Stage::Issued,
            Self { explained: true, .. } => Stage::Explained,
            Self { announced: false, .. } => Stage::Preparing,
            _ if today < self.opens => Stage::Preparing,
            _ if today <= self.closes => Stage::Open,
            Self { collating: true, .. } => Stage::Collating,
            _ => Stage::Ended,
        }
    }

    /// Days after `today` on which opinions are still taken; 0 on the last day.
    pub fn days_left(&self, today: NaiveDate) -> i64 {
        (self.closes - today).num_days().max(0)
    }

    /// Whether the table should have been published, `days` after the end (DT-6).
    pub fn is_overdue(&self, today: NaiveDate, days: i64) -> bool {
        let waits = matches!(self.stage(today), Stage::Ended | Stage::Collating);
        waits && (today - self.closes).num_days() > days
    }

    /// What those who took part should have been told by `today`.
    pub fn news(&self, today: NaiveDate) -> News {
        match self.stage(today) {
            // Who was never asked need not be told that it was dropped.
            Stage::Stopped if self.announced => News::Stopped,
            Stage::Preparing | Stage::Open | Stage::Stopped => News::Nothing,
            Stage::Ended | Stage::Collating => News::Ended,
            Stage::Explained => News::Explained,
            Stage::Issued => News::Issued,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        base::time::parse_date(text).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            opens: day("2026-11-21"),
            closes: day("2026-12-11"),
            announced: true,
            collating: false,
            explained: false,
            issued: false,
            stopped: false,
        }
    }

    #[track_caller]
    fn check(facts: Facts, today: &str, stage: Stage, news: News) {
        assert_eq!((facts.stage(day(today)), facts.news(day(today))), (stage, news), "{today}");
    }

    #[test]
    fn the_state_follows_the_days() {
        let silent = Facts { announced: false, ..facts() };
        check(silent, "2026-11-25", Stage::Preparing, News::Nothing);
        check(facts(), "2026-11-20", Stage::Preparing, News::Nothing);
        check(facts(), "2026-11-21", Stage::Open, News::Nothing);
        check(facts(), "2026-12-11", Stage::Open, News::Nothing);
        check(facts(), "2026-12-12", Stage::Ended, News::Ended);
    }

    #[test]
    fn what_was_done_goes_before_the_days() {
        check(Facts { collating: true, ..facts() }, "2026-12-12", Stage::Collating, News::Ended);
        // A row written early does not close what is open.
        check(Facts { collating: true, ..facts() }, "2026-12-01", Stage::Open, News::Nothing);
        let explained = Facts { explained: true, ..facts() };
        check(explained, "2026-12-20", Stage::Explained, News::Explained);
        check(Facts { issued: true, ..explained }, "2027-02-01", Stage::Issued, News::Issued);
        check(Facts { stopped: true, ..facts() }, "2026-12-01", Stage::Stopped, News::Stopped);
        let silent = Facts { stopped: true, announced: false, ..facts() };
        check(silent, "2026-12-01", Stage::Stopped, News::Nothing);
    }

    #[test]
    fn thirty_days_after_the_end_the_table_is_late() {
        assert!(!facts().is_overdue(day("2027-01-10"), 30));
        assert!(facts().is_overdue(day("2027-01-11"), 30));
        assert!(!Facts { explained: true, ..facts() }.is_overdue(day("2027-01-11"), 30));
        assert_eq!(facts().days_left(day("2026-12-11")), 0);
        assert_eq!(facts().days_left(day("2026-12-01")), 10);
    }
}
