/// The id of a message. It names the generation, too, for streams whose URL does not.
pub(crate) struct Cursor {
    /// The generation's id.
    pub(crate) generation: String,
    /// The last event that was seen.
    pub(crate) event: u64,
    /// How many characters after that event were seen, in a dialect that counts them.
    pub(crate) chars: usize,
}

impl Cursor {
    /// Parses what `Display` wrote.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (generation, position) = id.rsplit_once('-')?;
        let (event, chars) = position.split_once('+').unwrap_or((position, "0"));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(event) || !is_number(chars) {
            return None;
        }
        let (event, chars) = (event.parse().ok()?, chars.parse().ok()?);
        Some(Self { generation: generation.to_owned(), event, chars })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.generation, self.event)?;
        if self.chars > 0 { write!(f, "+{}", self.chars) } else { Ok(()) }
    }
}
