//! Words that say how a sentence is built. They are looked up in lower case, but for [`OPENERS`].

/// A list of words, parted by spaces, or by bars where a word has spaces itself.
pub(super) struct Words(&'static str);

impl Words {
    /// The words, in the order of the list.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> + use<> {
        let bar = if self.0.contains('|') { '|' } else { ' ' };
        self.0.split(bar)
    }

    /// Whether a word is in the list.
    pub(super) fn has(&self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }

    /// The word of the list that a text begins with.
    pub(super) fn opening(&self, text: &str) -> Option<&'static str> {
        self.iter().find(|word| text.starts_with(word))
    }
}

/// Abbreviations that never end a sentence.
pub(super) const TITLES: Words = Words(
    "mr mrs ms dr prof st gen sen rep gov capt col lt sgt rev hon fig figs no nos vol pp p \
    sec ch eq art vs v cf ca approx e.g i.e viz al mt ft jan feb aug sept oct dept",
);

/// Abbreviations that may end a sentence: they do when a new one seems to begin after them.
pub(super) const SHORTENED: Words =
    Words("inc ltd co corp bros jr sr etc a.m p.m ph.d b.a m.a est nov dec");

/// Words that begin sentences more often than names.
pub(super) const OPENERS: Words = Words(
    "The A An It He She They We I You This That These Those There But And In On At For If \
    When While After Before However His Her Its Their As Some Many",
);

/// English words that lean on what was said before; a sentence that begins so dangles alone.
pub(super) const CONNECTIVES: Words = Words(
    "but and or so yet however therefore moreover furthermore instead meanwhile nevertheless \
    still then thus also besides consequently otherwise similarly likewise indeed finally \
    nor hence though again anyway accordingly conversely",
);

/// English words that stand for something named before.
pub(super) const PRONOUNS: Words = Words(
    "it he she they this that these those its his her their him them such both neither here \
    there one another others",
);

/// Chinese openings that lean on what was said before. The longest come first.
pub(super) const HAN_CONNECTIVES: Words = Words(
    "与此同时 除此之外 尽管如此 也就是说 换句话说 不仅如此 事实上 实际上 也因此 正因为 不过 \
    但是 然而 可是 因此 所以 于是 此外 另外 而且 并且 同时 其实 当然 最后 最终 随后 后来 \
    接着 然后 结果 总之 例如 比如 其中 但 而 却 并 又",
);

/// Chinese openings that stand for something named before.
pub(super) const HAN_PRONOUNS: Words =
    Words("它 他 她 这 那 其 该 此 对此 为此 二者 两者 前者 后者 如此 上述");

/// Words for measures and for anything at all: frequent everywhere, telling nowhere.
pub(super) const VAGUE: Words = Words(
    "year years day days week weeks month months hour hours time times people thing things \
    way ways lot percent million thousand would could also one two three get many much",
);

/// Titles that say nothing of the text below.
pub(super) const GENERIC: Words = Words(
    "readme|introduction|abstract|overview|summary|notes|meeting notes|minutes|chapter one|\
    untitled|contents|table of contents|preface|foreword|前言|摘要|简介|引言|概述|目录|正文|\
    会议纪要|next meeting|attendees|agenda|下次会议|与会人员|议程|会议记录|第一章",
);

/// English words that make a clause hang on another.
pub(super) const SUBORDINATE: Words = Words(
    "when while if although though after before because since as in on at by for from with \
    without during despite until unless once to like given under over through according \
    unlike where whether even of not just all",
);

/// English words that make a clause hang on the word before it.
pub(super) const RELATIVE: Words =
    Words("which who whose that whom including such where than especially");

/// English words before which a clause may be cut.
pub(super) const SEAMS: Words = Words(
    "that which who because after before while when as and but with for to by in at on from \
    since until without so where through during against into over under between",
);

/// Chinese openings that make a clause hang on another.
pub(super) const HAN_SUBORDINATE: Words =
    Words("如果 虽然 尽管 因为 由于 随着 只要 即使 为了 除了 根据 当 在 从 对于 自");

/// English words that begin a headline about something else than the text's own matter.
pub(super) const CONTRASTING: Words = Words("other some many most few no not");

/// First words of what someone says of himself.
pub(super) const PERSONAL: Words = Words("i we you my our");

/// Headings and labels of the people who took part.
pub(super) const PEOPLE: Words = Words(
    "attendees|present|participants|attending|in attendance|与会者|与会人员|与会人|参会人员|参会人|\
     参会者|出席人员|出席人|出席者|出席|参加人员",
);
/// Those of what was decided.
pub(super) const DECISIONS: Words = Words(
    "decision|decisions|decided|resolved|resolution|resolutions|agreed|决定|决议|决策|会议决定|\
     会议决议|结论",
);
/// Those of what is to be done.
pub(super) const ACTIONS: Words = Words(
    "action|actions|action item|action items|action point|action points|todo|todos|to do|to-do|\
     to-dos|task|tasks|next steps|follow-up|follow-ups|行动项|行动计划|待办|待办事项|后续工作|\
     后续事项|下一步|下一步计划|下一步工作|任务|任务分工",
);

/// Wordings of a decision within a sentence.
pub(super) const DECIDING: Words = Words(
    " decided to | decided that | agreed to | agreed that | agreed on | was approved| were approved| \
     resolved to | resolved that |会议决定|一致同意|一致通过|表决通过|决定",
);
/// Wordings by which a person takes a task.
pub(super) const ASSIGNING: Words =
    Words(" will | is to | has to | should | needs to | must | is going to |负责");

/// Names of members that hold what notes of a meeting tell apart: people, decisions, tasks, and what
/// a task consists of.
pub(super) const PEOPLE_LISTS: Words = Words("attendees participants people present");
pub(super) const DECISION_LISTS: Words = Words("decisions decided resolutions");
pub(super) const TASK_LISTS: Words = Words("actions action_items tasks todos next_steps");
pub(super) const TASK_MEMBERS: Words = Words("what who when");
