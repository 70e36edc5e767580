//! A mail: what it says itself, without its head, what it answers to, and what is below it.

/// Names of a mail's headers, in lower case.
const HEADERS: [&str; 20] = [
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "sent",
    "reply-to",
    "message-id",
    "received",
    "return-path",
    "mime-version",
    "content-type",
    "发件人",
    "收件人",
    "抄送",
    "主题",
    "日期",
    "发送时间",
    "时间",
];
/// Those whose text is the mail's title.
const SUBJECTS: [&str; 2] = ["subject", "主题"];
/// What a client writes above the mail that is answered to, in lower case.
const ORIGINALS: [&str; 6] = [
    "-----original message-----",
    "----- original message -----",
    "---------- forwarded message",
    "begin forwarded message:",
    "-----原始邮件-----",
    "------------------ 原始邮件",
];
/// What disclaimers say, in lower case.
const DISCLAIMERS: [&str; 14] = [
    "intended recipient",
    "intended only for",
    "intended solely for",
    "may contain confidential",
    "is confidential",
    "privileged",
    "if you have received this",
    "received in error",
    "please consider the environment",
    "virus-free",
    "unsubscribe",
    "本邮件及其附件",
    "如果您错误地收到",
    "保密信息",
];
/// A disclaimer is longer than a sentence that speaks of one.
const DISCLAIMER: usize = 60;

/// What a mail says; none when the text is no mail.
pub(super) fn prose(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| !line.trim().is_empty())?;
    let head = lines[first..].iter().take_while(|line| is_header(line) || is_folded(line)).count();
    let headers = lines[first..first + head].iter().filter(|line| is_header(line)).count();
    let quotes = lines.iter().filter(|line| line.starts_with('>')).count();
    let answers = lines.iter().any(|line| is_attribution(line)) && quotes > 0;
    if headers < 2 && !answers && !lines.iter().any(|line| is_original(line)) {
        return None;
    }
    let subject = lines[first..first + head].iter().find_map(|line| subject(line));
    let body = own(&lines[first + head..]);
    let title = subject.map(|subject| format!("# {subject}\n\n")).unwrap_or_default();
    // A mail that only forwards another says what that says.
    let body =
        if body.chars().any(char::is_alphanumeric) { body } else { quoted(&lines[first + head..]) };
    Some(title + &body)
}

fn is_header(line: &str) -> bool {
    let Some((name, value)) = line.split_once([':', '：']) else { return false };
    !value.trim().is_empty()
        && HEADERS.contains(&name.trim().trim_matches('*').to_lowercase().as_str())
}

/// A header's second line (RFC 5322, section 2.2.3).
fn is_folded(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}

fn subject(line: &str) -> Option<&str> {
    let (name, value) = line.split_once([':', '：'])?;
    let is_subject = SUBJECTS.contains(&name.trim().trim_matches('*').to_lowercase().as_str());
    let mut subject = value.trim();
    for _ in 0..4 {
        let short = subject.split_once([':', '：']).filter(|(mark, _)| {
            ["re", "fw", "fwd", "aw", "wg", "回复", "转发", "答复"]
                .contains(&mark.to_lowercase().as_str())
        });
        subject = short.map_or(subject, |(_, rest)| rest.trim());
    }
    (is_subject && !subject.is_empty()).then_some(subject)
}

/// `On Monday, Ana wrote:`
fn is_attribution(line: &str) -> bool {
    let line = line.trim();
    let told = ["wrote:", "schrieb:", "écrit :", "写道：", "写道:"];
    line.len() < 200 && told.iter().any(|told| line.ends_with(told))
}

fn is_original(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    ORIGINALS.iter().any(|original| line.starts_with(original))
}

/// The mail's own words.
fn own(lines: &[&str]) -> String {
    let mut own = String::new();
    let mut paragraph = String::new();
    for (at, line) in lines.iter().enumerate() {
        let is_block_of_headers =
            is_header(line) && lines.get(at + 1).is_some_and(|next| is_header(next));
        if is_original(line) || is_block_of_headers || *line == "-- " || *line == "--" {
            break;
        }
        if line.starts_with('>') || is_attribution(line) {
            continue;
        }
        if line.trim().is_empty() {
            end(&mut paragraph, &mut own);
        } else {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    end(&mut paragraph, &mut own);
    own
}

fn end(paragraph: &mut String, own: &mut String) {
    if paragraph.is_empty() {
        return;
    }
    let lower = paragraph.to_lowercase();
    let says = DISCLAIMERS.iter().any(|word| lower.contains(word));
    if !says || lower.chars().count() < DISCLAIMER && !lower.contains("unsubscribe") {
        own.push_str(paragraph);
        own.push('\n');
    }
    paragraph.clear();
}

/// What is answered to or forwarded.
fn quoted(lines: &[&str]) -> String {
    let told = lines.iter().map(|line| line.trim_start_matches(['>', ' ']));
    let told = told.filter(|line| !is_header(line) && !is_original(line) && !is_attribution(line));
    told.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_its_own_words() {
        let mail = "From: Ana <ana@example.org>\nTo: Bo\nSubject: Re: Fwd: The harbour\n wall\n\n\
                    The wall is built.\nIt holds.\n\nOn Monday, Bo wrote:\n> Is it built?\n>> When?\n\n\
                    Best,\nAna\n\n-- \nAna Lind, Harbour Office\n";
        assert_eq!(
            prose(mail).unwrap(),
            "# The harbour\n\nThe wall is built.\nIt holds.\n\nBest,\nAna\n\n"
        );
        let outlook = "We agreed.\n\nThis e-mail may contain confidential information. If you are \
                       not the intended recipient, delete it.\n\n-----Original Message-----\n\
                       From: Bo\nSent: Monday\n\nDo we?\n";
        assert_eq!(prose(outlook).unwrap(), "We agreed.\n\n");
        let zh = "发件人：安\n主题：回复：防波堤\n\n已经修好。\n\n保密声明：本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组，禁止任何其他人以任何形式使用本邮件中的信息，如有错误请立即通知我们。\n";
        assert_eq!(prose(zh).unwrap(), "# 防波堤\n\n已经修好。\n\n");
        let forwarded =
            "---------- Forwarded message ---------\nFrom: Bo\nSubject: x\n\nIt is built.\n";
        assert!(prose(forwarded).unwrap().contains("It is built."));
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "To: or not to be.\nThat is the question.",
            "He wrote:\n\nNothing.",
            "> A quotation.\n\nAnd a text.",
            "",
        ] {
            assert_eq!(prose(text), None, "{text}");
        }
    }
}
