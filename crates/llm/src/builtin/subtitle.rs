//! Subtitles: [SubRip] and [WebVTT].
//!
//! [SubRip]: https://en.wikipedia.org/wiki/SubRip
//! [WebVTT]: https://www.w3.org/TR/webvtt1/

use super::script::{ends_sentence, is_cjk};

/// Bytes after which a paragraph ends with its sentence: subtitles have none of their own.
const PARAGRAPH: usize = 600;

/// What is said in subtitles; none when the text is no subtitles.
pub(super) fn prose(text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}');
    let cues = text.lines().filter(|line| is_timing(line)).count();
    let is_vtt = text.trim_start().starts_with("WEBVTT");
    (cues > 1 || is_vtt && cues > 0).then(|| said(text))
}

/// `00:01:02,500 --> 00:01:04,000`, whatever settings stand behind it.
fn is_timing(line: &str) -> bool {
    let Some((from, to)) = line.split_once("-->") else { return false };
    let is_time = |time: &str| {
        time.len() >= 5
            && time.contains(':')
            && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ',' | '.'))
    };
    is_time(from.trim()) && to.split_whitespace().next().is_some_and(is_time)
}

fn said(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut prose = String::new();
    let mut paragraph = 0;
    let mut last = String::new();
    let mut is_cue = false;
    for (at, line) in lines.iter().enumerate() {
        if line.is_empty() {
            is_cue = false;
        } else if is_timing(line) {
            is_cue = true;
        } else if is_cue && !is_number_of_next(&lines, at) {
            let words = words(line);
            // Captions that roll show each line twice.
            if words.is_empty() || words == last {
                continue;
            }
            if paragraph > PARAGRAPH && ends_sentence(&prose) {
                prose.push_str("\n\n");
                paragraph = 0;
            } else {
                let is_tight = prose.ends_with(is_cjk) && words.starts_with(is_cjk);
                prose.extend((!prose.is_empty() && !is_tight).then_some(' '));
            }
            prose.push_str(&words);
            paragraph += words.len();
            last = words;
        }
    }
    prose
}

/// Some files have no blank line before the next cue's number.
fn is_number_of_next(lines: &[&str], at: usize) -> bool {
    let is_number = lines[at].chars().all(|c| c.is_ascii_digit());
    is_number && lines.get(at + 1).is_some_and(|next| is_timing(next))
}

/// What is said in a line: without markup, the dash of a new speaker, music and noises.
fn words(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut close = None;
    for c in line.chars() {
        match (close, c) {
            (Some(end), c) if c == end => close = None,
            (Some(_), _) | (None, '♪' | '♫') => {}
            (None, '<') => close = Some('>'),
            (None, '{') => close = Some('}'),
            (None, c) => words.push(c),
        }
    }
    let words = words.trim().trim_start_matches(['-', '–', '>']).trim();
    let is_noise = [('[', ']'), ('(', ')'), ('（', '）'), ('【', '】')]
        .iter()
        .any(|(open, close)| words.starts_with(*open) && words.ends_with(*close));
    if is_noise { String::new() } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read() {
        let srt = "1\n00:00:01,000 --> 00:00:02,500\n<i>The lake came</i>\nback today.\n\n2\n\
                   00:00:03,000 --> 00:00:04,000\n{\\an8}- The lake came\n\n3\n\
                   00:00:05,000 --> 00:00:06,000\n[music]\n";
        assert_eq!(prose(srt).unwrap(), "The lake came back today. The lake came");
        let vtt = "WEBVTT - talk\nKind: captions\n\nNOTE\nnot said\n\nintro\n\
                   00:01.000 --> 00:02.000 align:start\n<v Ana>So <c.red>we</c> begin\n\n\
                   00:02.000 --> 00:03.000\nSo we begin\nwith 2026\n";
        assert_eq!(prose(vtt).unwrap(), "So we begin with 2026");
        let zh =
            "1\n00:00:01,000 --> 00:00:02,000\n湖水\n2\n00:00:02,000 --> 00:00:03,000\n回来了。\n";
        assert_eq!(prose(zh).unwrap(), "湖水回来了。");
        assert_eq!(prose("a --> b\n1:2 --> 3\nNo subtitles."), None);
    }
}
