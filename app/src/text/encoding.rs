/// How the bytes of a text file are read as characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Gb18030,
    Big5,
    Windows1252,
    ShiftJis,
    EucKr,
}

/// How many bytes are looked at for UTF-16 without a mark.
const LOOK_BYTES: usize = 4_096;
/// One in so many characters beyond ASCII must be a common one for a text to be Chinese.
const RARITY: usize = 20;
/// Characters that are frequent in Chinese, simplified and traditional. Bytes that are read in the
/// wrong encoding give rare ones.
const COMMON: &str = "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對\
                      生能而子那得于於着著下自之年过過发發后後作里裡";

impl Encoding {
    /// Those that can be chosen.
    pub(crate) const ALL: [Self; 8] = [
        Self::Utf8,
        Self::Gb18030,
        Self::Big5,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1252,
        Self::ShiftJis,
        Self::EucKr,
    ];

    /// Its name, which is also a label of the Encoding Standard.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
            Self::Windows1252 => "Windows-1252",
            Self::ShiftJis => "Shift_JIS",
            Self::EucKr => "EUC-KR",
        }
    }

    /// The encoding of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// Guesses how `bytes` are encoded: by a byte order mark, by being UTF-8, by the zeros of
    /// UTF-16, or by which reading looks like Chinese. `decode` gives the text where all bytes are
    /// valid.
    pub(crate) fn detect(bytes: &[u8], decode: impl Fn(Self) -> Option<String>) -> Self {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => return Self::Utf8,
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            _ => {}
        }
        if let Some(encoding) = by_zeros(&bytes[..bytes.len().min(LOOK_BYTES)]) {
            return encoding;
        }
        if decode(Self::Utf8).is_some() {
            return Self::Utf8;
        }
        let commonness = |encoding| decode(encoding).map_or(0, |text| commonness(&text));
        let readings = [Self::Gb18030, Self::Big5].map(|encoding| (commonness(encoding), encoding));
        let best = readings.into_iter().max_by_key(|(common, _)| *common);
        match best {
            Some((common, encoding)) if common * RARITY >= 1_000 => encoding,
            _ => Self::Windows1252,
        }
    }
}

/// UTF-16 of a text in Latin letters: every other byte is zero.
fn by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let zeros = |first| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), bytes.len() / 2);
    match () {
        () if pairs > 0 && odd * 2 > pairs && even * 10 < pairs => Some(Encoding::Utf16Le),
        () if pairs > 0 && even * 2 > pairs && odd * 10 < pairs => Some(Encoding::Utf16Be),
        () => None,
    }
}

/// How many of a thousand characters beyond ASCII are common Chinese ones.
fn commonness(text: &str) -> usize {
    let beyond = || text.chars().filter(|letter| !letter.is_ascii());
    let common = beyond().filter(|letter| COMMON.contains(*letter)).count();
    common * 1_000 / beyond().count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decoders that take everything as the given text.
    fn taking(texts: &'static [(Encoding, &'static str)]) -> impl Fn(Encoding) -> Option<String> {
        move |asked| {
            let found = texts.iter().find(|(encoding, _)| *encoding == asked);
            found.map(|(_, text)| (*text).to_owned())
        }
    }

    #[test]
    fn a_mark_tells_before_anything_is_decoded() {
        let none = |_| unreachable!("nothing need be decoded");
        assert_eq!(Encoding::detect(b"\xef\xbb\xbfa", none), Encoding::Utf8);
        assert_eq!(Encoding::detect(b"\xff\xfea\0", none), Encoding::Utf16Le);
        assert_eq!(Encoding::detect(b"\xfe\xff\0a", none), Encoding::Utf16Be);
    }

    #[test]
    fn every_other_zero_is_utf_16() {
        let none = taking(&[]);
        assert_eq!(Encoding::detect(b"T\0h\0e\0 \0", &none), Encoding::Utf16Le);
        assert_eq!(Encoding::detect(b"\0T\0h\0e\0 ", &none), Encoding::Utf16Be);
        let program = taking(&[(Encoding::Utf8, "\u{7f}ELF")]);
        assert_eq!(Encoding::detect(b"\x7fELF\0\0\x01", program), Encoding::Utf8);
    }

    #[test]
    fn what_reads_as_chinese_wins_and_otherwise_it_is_western() {
        let simplified = taking(&[
            (Encoding::Gb18030, "村里的人都没有赶上渡船，这是我们的钟"),
            (Encoding::Big5, "敷爵腔芠嵊郔"),
        ]);
        assert_eq!(Encoding::detect(b"\xb4\xe5", simplified), Encoding::Gb18030);
        let traditional = taking(&[
            (Encoding::Gb18030, "皊丑ぃ璶"),
            (Encoding::Big5, "村裡的人都沒有趕上渡船，這是我們的鐘"),
        ]);
        assert_eq!(Encoding::detect(b"\xa7\xf8", traditional), Encoding::Big5);
        let western = taking(&[(Encoding::Gb18030, "caf閻"), (Encoding::Big5, "caf矇")]);
        assert_eq!(Encoding::detect(b"caf\xe9 ", western), Encoding::Windows1252);
    }

    #[test]
    fn names_lead_back() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::named(encoding.name()), Some(encoding));
        }
    }
}
