/// A whole number with separated thousands: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Milliseconds as seconds, with as many decimals as a person notices: `0.42`, `3.1`, `75`.
pub(crate) fn seconds(ms: u64) -> String {
    match ms {
        0..1_000 => format!("0.{:02}", ms / 10),
        1_000..60_000 => format!("{}.{}", ms / 1_000, ms % 1_000 / 100),
        _ => (ms / 1_000).to_string(),
    }
}

/// A number of bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    const MEBI: u64 = 1024 * 1024;
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..MEBI => format!("{} KB", bytes / 1_024),
        _ => format!("{} MB", bytes / MEBI),
    }
}

/// At most `limit` characters of `text`'s first line.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

/// Milliseconds since the Unix epoch as `2026-11-21 03:04`, shifted east by `offset_min`.
pub(crate) fn utc(epoch_ms: u64, offset_min: i64) -> String {
    let minutes = i64::try_from(epoch_ms / 60_000).unwrap_or_default() + offset_min;
    let (days, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    let (year, month, day) = civil(days);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
}

/// The date of a day since 1970-01-01, in the proleptic Gregorian calendar. It counts in eras of
/// 400 years from 1 March, so that leap days come last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234), "1,234");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn seconds_lose_decimals_as_they_grow() {
        assert_eq!(seconds(424), "0.42");
        assert_eq!(seconds(3_190), "3.1");
        assert_eq!(seconds(75_900), "75");
    }

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(utc(0, 0), "1970-01-01 00:00");
        assert_eq!(utc(951_782_400_000, 0), "2000-02-29 00:00");
        assert_eq!(utc(1_795_230_240_000, 480), "2026-11-21 11:04");
        assert_eq!(utc(0, -60), "1969-12-31 23:00");
    }

    #[test]
    fn one_line_is_shortened_at_characters() {
        assert_eq!(shortened("\n一二三四\nmore", 3), "一二三…");
        assert_eq!(shortened("short", 9), "short");
    }
}
