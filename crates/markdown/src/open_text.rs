use protocol::markdown::{Block, Children};

use crate::{
    builder::{Extent, Parsed},
    completion::{completed, without_marker},
    cut::{self, Cut},
    leaf::Leaf,
    levels::{Container, Levels},
    parse::{parse, without_definitions},
};

/// A cut is looked for when so much has come, and then each time the open text has doubled.
const FIRST_LOOK_BYTES: usize = 256;
/// What is longer is cut where it stands.
const LIMIT_BYTES: usize = 8 * 1024;
/// Of the markers of quotations and items that a line begins with, those beyond are text: the
/// parser's work would grow with the square of their number.
const MAX_MARKERS: usize = 32;

/// The text since the last cut, and what opens the containers that it stands in.
///
/// Where it is cut depends on the text alone and not on the pieces in which it comes.
#[derive(Debug)]
pub(crate) struct OpenText {
    /// The opening and, behind it, what has come.
    text: String,
    /// The length of the opening.
    opening: usize,
    /// The containers that the opening opens.
    open: Vec<Container>,
    /// Whether what follows goes on with a paragraph that was cut.
    continues: bool,
    next_look: usize,
    markers: Markers,
}

impl Default for OpenText {
    fn default() -> Self {
        Self {
            text: String::new(),
            opening: 0,
            open: Vec::new(),
            continues: false,
            next_look: FIRST_LOOK_BYTES,
            markers: Markers::default(),
        }
    }
}

impl OpenText {
    /// Nothing after the last cut.
    pub(crate) fn nothing(&self) -> Levels {
        Levels::none(&self.open)
    }

    /// Appends a piece, and adds to `committed` what is cut off then.
    pub(crate) fn append(&mut self, piece: &str, committed: &mut Levels) {
        for line in piece.split_inclusive('\n') {
            let mut rest = line;
            while let Some(next) = rest.chars().next() {
                // While a line begins, each character may be a marker too many.
                let most = if self.markers.may_follow { next.len_utf8() } else { rest.len() };
                let room = LIMIT_BYTES.saturating_sub(self.len());
                let taken = rest.floor_char_boundary(most.min(room));
                if taken == 0 {
                    self.shorten(committed);
                    continue;
                }
                if self.markers.is_one_too_many(next) {
                    self.text.push('\\');
                }
                self.text.push_str(&rest[..taken]);
                rest = &rest[taken..];
            }
            if line.ends_with('\n') {
                self.markers = Markers::default();
                if self.len() >= self.next_look {
                    self.look(committed);
                }
            }
        }
    }

    /// What comes after the last cut. While more may come, what is unterminated is completed.
    pub(crate) fn levels(&self, may_go_on: bool) -> Levels {
        let shown = if may_go_on { without_marker(&self.text, self.opening) } else { &self.text };
        let text = without_definitions(shown);
        let extent = self.extent(text.trim_end().len(), may_go_on);
        let Parsed { mut levels, leaf, .. } = parse(&text, extent);
        if may_go_on && let Some((text, end)) = leaf.and_then(|leaf| completed(&text, &leaf)) {
            levels = parse(&text, Extent { end, ..extent }).levels;
        }
        self.marked(levels)
    }

    fn len(&self) -> usize {
        self.text.len() - self.opening
    }

    fn extent(&self, end: usize, may_go_on: bool) -> Extent<'_> {
        Extent { opening: self.opening, open: &self.open, end, may_go_on }
    }

    fn leaf(&self) -> Option<Leaf> {
        parse(&self.text, self.extent(self.text.len(), false)).leaf
    }

    /// Cuts off what is finished.
    fn look(&mut self, committed: &mut Levels) {
        self.text = without_definitions(&self.text).into_owned();
        let leaf = self.leaf();
        if let Some(cut) = leaf.and_then(|leaf| cut::before(&self.text, self.opening, &leaf)) {
            self.cut(cut, committed);
        }
        self.next_look = FIRST_LOOK_BYTES.max(2 * self.len());
    }

    /// Makes room where nothing more fits.
    fn shorten(&mut self, committed: &mut Levels) {
        self.look(committed);
        if 2 * self.len() >= LIMIT_BYTES {
            let written = self.text.trim_end().len().max(self.opening);
            let cut = self.leaf().map(|leaf| cut::within(&self.text, self.opening, &leaf));
            if 2 * (self.text.len() - written) < LIMIT_BYTES {
                self.cut_anyway(cut, committed);
            } else {
                self.skip_blank(cut, written, committed);
            }
            self.next_look = FIRST_LOOK_BYTES.max(2 * self.len());
        }
    }

    /// Leaves out a flood of white space but for what it says: whether a block ends here.
    fn skip_blank(&mut self, cut: Option<Cut>, written: usize, committed: &mut Levels) {
        let blank = if self.text[written..].contains('\n') { "\n\n" } else { " " };
        let end = self.text.len();
        if cut.is_some() {
            let cut = cut.map(|cut| Cut { point: end, continues: false, ..cut });
            self.cut_anyway(cut, committed);
        }
        self.text.truncate(self.opening);
        self.text.push_str(blank);
    }

    /// Cuts where `cut` says or, where that does not work, closes everything.
    fn cut_anyway(&mut self, cut: Option<Cut>, committed: &mut Levels) {
        if !cut.is_some_and(|cut| self.cut(cut, committed)) {
            self.cut(Cut::of_everything(&self.text), committed);
        }
    }

    /// Cuts, unless the containers that are open there would not be opened again: that would be a
    /// text which the parser reads otherwise than we do.
    fn cut(&mut self, cut: Cut, committed: &mut Levels) -> bool {
        let before = &self.text[..cut.point];
        let levels = parse(before, self.extent(before.len(), false)).levels;
        let new = cut.opening.len();
        let extent = Extent { opening: new, open: &cut.open, end: new, may_go_on: false };
        if !levels.chain(&self.open).starts_with(&cut.open) || !parse(&cut.opening, extent).reopened
        {
            return false;
        }
        committed.join(self.marked(levels));
        let rest = self.text.split_off(cut.point);
        self.opening = new;
        self.text = cut.opening + &rest;
        self.open = cut.open;
        self.continues = cut.continues;
        true
    }

    /// Marks a paragraph that goes on.
    fn marked(&self, mut levels: Levels) -> Levels {
        if self.continues
            && let Some(Children::Blocks(blocks)) = levels.0.last_mut()
            && let Some(Block::Paragraph { continues, .. }) = blocks.first_mut()
        {
            *continues = true;
        }
        levels
    }
}

/// Counts the markers that a line begins with.
#[derive(Debug)]
struct Markers {
    count: usize,
    /// Whether there was only what markers consist of.
    may_follow: bool,
    /// Whether the last character ends a marker, if white space follows.
    ended: bool,
}

impl Default for Markers {
    fn default() -> Self {
        Self { count: 0, may_follow: true, ended: false }
    }
}

impl Markers {
    fn is_one_too_many(&mut self, next: char) -> bool {
        if !self.may_follow {
            return false;
        }
        let ends = matches!(next, '-' | '*' | '+' | '.' | ')' | '>');
        if self.count >= MAX_MARKERS && ends {
            self.may_follow = false;
            return true;
        }
        let space = matches!(next, ' ' | '\t');
        if next == '>' || (space && self.ended) {
            self.count += 1;
        }
        self.ended = ends && next != '>';
        self.may_follow = ends || space || next.is_ascii_digit();
        false
    }
}
