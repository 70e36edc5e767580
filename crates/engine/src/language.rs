use llm::{Script, lexical};
use protocol::{Language, Notice, Snapshot};
use serde_json::Value;

/// What the reader should know when a document is in another language than was asked for. Small
/// models keep to the text's own.
pub(crate) fn notice(snapshot: &Snapshot) -> Option<Notice> {
    let name = match snapshot.language {
        Language::Auto => return None,
        Language::English => "English",
        Language::Chinese => "Chinese",
    };
    let text = texts(snapshot.document.root());
    if protocol::is_blank(&text) {
        return None;
    }
    is_other(&text, snapshot.language).then(|| Notice {
        code: Notice::LANGUAGE_DIFFERS.to_owned(),
        message: format!("This was to be in {name}. The model wrote it in another language."),
    })
}

/// Whether a text is certainly not in that language.
fn is_other(text: &str, language: Language) -> bool {
    let is_wide = Script::of(text) == Script::Wide;
    let found = lexical::language_of(text);
    match language {
        Language::Auto => false,
        Language::English => is_wide || found.is_some_and(|code| code != "eng"),
        Language::Chinese => !is_wide || found.is_some_and(|code| code != "cmn"),
    }
}

/// All texts of a document.
fn texts(root: &Value) -> String {
    let (mut all, mut waiting) = (String::new(), vec![root]);
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => {
                all.push_str(text);
                all.push('\n');
            }
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => waiting.extend(members.values()),
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_differs_is_noticed_and_no_other() {
        let english = "Ice and fish\nThe harbour of Aldermouth froze, and the boats stayed in.";
        let chinese = "科技改变城市\n地铁每天运送三百万人，自动驾驶的公交车在郊区试运行。";
        let french = "La glace et le poisson\nLe port a gelé et les bateaux sont restés à quai.";
        assert!(is_other(chinese, Language::English) && is_other(english, Language::Chinese));
        assert!(is_other(french, Language::English) && is_other(french, Language::Chinese));
        assert!(!is_other(english, Language::English) && !is_other(chinese, Language::Chinese));
        assert!(!is_other(chinese, Language::Auto));
        assert!(!is_other("Ice", Language::English), "a word tells nothing");
    }
}
