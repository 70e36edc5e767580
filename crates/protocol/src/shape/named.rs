use std::borrow::Cow;

use super::{Bounds, Field, FieldType, Form, Label, Shape, Wording};

/// The heading of every document that has one.
const TITLE: Field = Field::labelled(
    "title",
    ("Title", "标题"),
    "A headline for the text, at most 80 characters",
    FieldType::Text(Bounds::of_all(120)),
);

/// What a list of actions says of each.
const ACTION: &[Field] = &[
    Field::labelled(
        "what",
        ("What", "事项"),
        "what is to be done, beginning with a verb",
        FieldType::Text(Bounds::of_all(300)),
    ),
    Field::labelled(
        "who",
        ("Who", "负责人"),
        "who is to do it, empty when the text does not say",
        FieldType::Text(Bounds::of_all(120)),
    ),
    Field::labelled(
        "when",
        ("When", "时间"),
        "by when, in the text's words, empty when it does not say",
        FieldType::Text(Bounds::of_all(120)),
    ),
];

/// The one field of a plain text: a reply's, a profile's.
const CONTENT: &[Field] = &[Field::plain("content")];
const PROFILE: &[Field] = &[Field::plain("profile")];

impl Shape {
    /// The default: a title, then a summary.
    pub const SUMMARY: Self = Self {
        name: "summary",
        label: Some(Label { english: "Summary", chinese: "摘要" }),
        form: Form::Object,
        fields: Cow::Borrowed(&[
            TITLE,
            Field::labelled(
                "summary",
                ("Summary", "摘要"),
                "The summary, in whole sentences",
                FieldType::Text(Bounds { short: Some(600), medium: Some(1_500), long: None }),
            ),
        ]),
        wording: Wording {
            short: "The summary has one or two sentences.",
            medium: "The summary is a paragraph of three to six sentences.",
            long: "The summary has three to five paragraphs, separated by blank lines.",
        },
    };

    /// A title, then the points that matter.
    pub const KEY_POINTS: Self = Self {
        name: "key_points",
        label: Some(Label { english: "Key points", chinese: "要点" }),
        form: Form::Object,
        fields: Cow::Borrowed(&[
            TITLE,
            Field::labelled(
                "points",
                ("Key points", "要点"),
                "The points that matter most, each one whole sentence that can be understood alone",
                FieldType::TextList {
                    items: Bounds::of_each(4, 8, 16),
                    chars: Bounds::of_each(300, 400, 600),
                },
            ),
        ]),
        wording: Wording {
            short: "There are two or three points.",
            medium: "There are four to seven points.",
            long: "There are eight to twelve points.",
        },
    };

    /// A title, then what is to be done, by whom and when.
    pub const ACTION_ITEMS: Self = Self {
        name: "action_items",
        label: Some(Label { english: "Action items", chinese: "行动项" }),
        form: Form::Object,
        fields: Cow::Borrowed(&[
            TITLE,
            Field::labelled(
                "items",
                ("Action items", "行动项"),
                "What is still to be done",
                FieldType::ObjectList {
                    items: Bounds::of_each(8, 24, 48),
                    members: Cow::Borrowed(ACTION),
                },
            ),
        ]),
        wording: Wording {
            short: "List only the most important action items, and none that the text does not \
                    ask for.",
            medium: "List every action item that the text asks for, and no others.",
            long: "List every action item that the text asks for, however small, and no others.",
        },
    };

    /// What minutes of a meeting hold.
    pub const MINUTES: Self = Self {
        name: "minutes",
        label: Some(Label { english: "Minutes", chinese: "会议纪要" }),
        form: Form::Object,
        fields: Cow::Borrowed(&[
            TITLE,
            Field::labelled(
                "attendees",
                ("Attendees", "与会者"),
                "Who took part, one name in each",
                FieldType::TextList { items: Bounds::of_all(60), chars: Bounds::of_all(120) },
            ),
            Field::labelled(
                "decisions",
                ("Decisions", "决定"),
                "What was decided, one whole sentence in each",
                FieldType::TextList {
                    items: Bounds::of_each(8, 24, 48),
                    chars: Bounds::of_all(400),
                },
            ),
            Field::labelled(
                "actions",
                ("Actions", "行动项"),
                "What is to be done after it, each with who does it and by when if the text says so",
                FieldType::TextList {
                    items: Bounds::of_each(8, 24, 48),
                    chars: Bounds::of_all(400),
                },
            ),
            Field::labelled(
                "summary",
                ("Summary", "摘要"),
                "What was talked about, in whole sentences",
                FieldType::Text(Bounds { short: Some(600), medium: Some(1_500), long: None }),
            ),
        ]),
        wording: Wording {
            short: "The summary has one or two sentences.",
            medium: "The summary is a paragraph of three to six sentences.",
            long: "The summary has three to five paragraphs, separated by blank lines.",
        },
    };

    /// A reply in a conversation.
    pub const REPLY: Self = Self::text("reply", CONTENT);

    /// The answer to messages that no conversation is behind.
    pub const COMPLETION: Self = Self::text("completion", CONTENT);

    /// What a training makes of a persona's profile.
    pub const TRAINING: Self = Self::text("training", PROFILE);

    /// The name of every shape that a client brings along.
    pub const OWN: &'static str = "own";

    /// Every shape that a client may ask for by its name.
    pub const ALL: &'static [Self] =
        &[Self::SUMMARY, Self::KEY_POINTS, Self::ACTION_ITEMS, Self::MINUTES];

    const fn text(name: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            label: None,
            form: Form::Text,
            fields: Cow::Borrowed(fields),
            wording: Wording::NONE,
        }
    }
}
