//! Which part of a file a request wants, and whether it has it already (RFC 9110, 13 and 14).

use std::{ops::Range, time::SystemTime};

use web::header::{self, HeaderMap, HeaderName};

/// What of a file is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Nothing: the visitor has it.
    Known,
    /// All of it.
    All,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that are not there.
    Beyond,
}

/// What is wanted of a file of `size` bytes that is known by `tag`, quotes included, and is what
/// it is since `since`.
pub(crate) fn wanted(headers: &HeaderMap, tag: &str, since: SystemTime, size: u64) -> Wanted {
    if is_known(headers, tag, since) {
        return Wanted::Known;
    }
    let range = text(headers, &header::RANGE).filter(|_| is_same(headers, tag, since));
    range.and_then(|range| part(range, size)).unwrap_or(Wanted::All)
}

fn is_known(headers: &HeaderMap, tag: &str, since: SystemTime) -> bool {
    match text(headers, &header::IF_NONE_MATCH) {
        Some(tags) => tags.split(',').any(|one| {
            let one = one.trim();
            one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
        }),
        None => date(headers, &header::IF_MODIFIED_SINCE).is_some_and(|held| whole(since) <= held),
    }
}

/// Whether a part of the file goes on with the part the visitor has.
fn is_same(headers: &HeaderMap, tag: &str, since: SystemTime) -> bool {
    match text(headers, &header::IF_RANGE) {
        None => true,
        Some(held) if held.starts_with('"') => held == tag,
        Some(_) => date(headers, &header::IF_RANGE) == Some(whole(since)),
    }
}

/// Reads `bytes=0-99`, `bytes=100-` and `bytes=-100`. Several parts at once, and what is no
/// range, are answered with the whole.
fn part(range: &str, size: u64) -> Option<Wanted> {
    let (from, to) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(from) || !digits(to) {
        return None;
    }
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let bytes = match (from, to) {
        ("", "") => return None,
        ("", last) => size.saturating_sub(number(last))..size,
        (from, "") => number(from)..size,
        (from, to) if number(from) > number(to) => return None,
        (from, to) => number(from)..number(to).saturating_add(1).min(size),
    };
    Some(if bytes.start < size { Wanted::Part(bytes) } else { Wanted::Beyond })
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    text(headers, name).and_then(|text| httpdate::parse_http_date(text).ok())
}

/// Dates in headers know no parts of a second.
fn whole(time: SystemTime) -> SystemTime {
    let past = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(past.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(headers: &[(HeaderName, &str)], result: Wanted) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name.clone(), value.parse().unwrap());
        }
        let since = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
        assert_eq!(wanted(&map, "\"a\"", since, 100), result, "{headers:?}");
    }

    #[test]
    fn a_part_is_sent_when_it_is_there() {
        let range = |text, result| check(&[(header::RANGE, text)], result);
        range("bytes=0-9", Wanted::Part(0..10));
        range("bytes=90-", Wanted::Part(90..100));
        range("bytes=-10", Wanted::Part(90..100));
        range("bytes=-1000", Wanted::Part(0..100));
        range("bytes=50-5000", Wanted::Part(50..100));
        range("bytes=100-", Wanted::Beyond);
        range("bytes=-0", Wanted::Beyond);
        range("bytes=99999999999999999999999-", Wanted::Beyond);
        for text in
            ["bytes=5-1", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=+1-2"]
        {
            range(text, Wanted::All);
        }
    }

    #[test]
    fn a_part_of_another_state_of_the_file_is_not_continued() {
        let range = (header::RANGE, "bytes=0-9");
        let first = "Thu, 01 Jan 1970 00:00:01 GMT";
        for (held, result) in [
            ("\"a\"", Wanted::Part(0..10)),
            ("\"b\"", Wanted::All),
            ("W/\"a\"", Wanted::All),
            (first, Wanted::Part(0..10)),
            ("Thu, 01 Jan 1970 00:00:02 GMT", Wanted::All),
        ] {
            check(&[range.clone(), (header::IF_RANGE, held)], result);
        }
    }

    #[test]
    fn what_the_visitor_has_is_not_sent_again() {
        let tags = |text, result| check(&[(header::IF_NONE_MATCH, text)], result);
        tags("\"a\"", Wanted::Known);
        tags("\"b\", W/\"a\"", Wanted::Known);
        tags("*", Wanted::Known);
        tags("\"b\"", Wanted::All);
        let since = (header::IF_MODIFIED_SINCE, "Thu, 01 Jan 1970 00:00:01 GMT");
        check(std::slice::from_ref(&since), Wanted::Known);
        // The tag knows better than the date.
        check(&[since, (header::IF_NONE_MATCH, "\"b\"")], Wanted::All);
    }
}
