/// How many characters are looked at.
const LOOK_CHARS: usize = 512;

/// Whether a text is Chinese. Most letters at its beginning are Han then, and none is a kana, which
/// would make it Japanese.
pub(crate) fn is_chinese(text: &str) -> bool {
    let letters = || text.chars().take(LOOK_CHARS).filter(|letter| letter.is_alphabetic());
    let han = letters().filter(|letter| is_han(*letter)).count();
    han * 2 > letters().count() && !letters().any(is_kana)
}

/// Whether a character is one of the Chinese script.
pub(crate) fn is_han(letter: char) -> bool {
    matches!(
        letter,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}'
    )
}

fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_letters_tell_and_kana_tell_otherwise() {
        assert!(is_chinese("让渡船准时的钟"));
        assert!(is_chinese("用 Rust 写的流式摘要服务"));
        assert!(!is_chinese("The word 钟 means clock"));
        assert!(!is_chinese("灯台の時計"));
        assert!(!is_chinese("등대의 시계"));
        assert!(!is_chinese("1911 …"));
    }
}
