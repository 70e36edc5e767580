use serde::{Deserialize, Serialize};

/// Writes the languages out of one table: name, BCP 47 tag, name in English, name in itself.
macro_rules! languages {
    ($($name:ident $tag:literal $english:literal $own:literal,)*) => {
        /// The language of the answer.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Language {
            /// That of the text.
            #[default]
            #[serde(rename = "auto")]
            Auto,
            $(#[doc = $english] #[serde(rename = $tag)] $name,)*
        }

        impl Language {
            /// Every language that can be asked for.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its tag (BCP 47), or `auto`.
            #[must_use]
            pub fn tag(self) -> &'static str {
                match self {
                    Self::Auto => "auto",
                    $(Self::$name => $tag,)*
                }
            }

            /// What it is called in English; empty where it is not named.
            #[must_use]
            pub fn english_name(self) -> &'static str {
                match self {
                    Self::Auto => "",
                    $(Self::$name => $english,)*
                }
            }

            /// What it calls itself; empty where it is not named.
            #[must_use]
            pub fn own_name(self) -> &'static str {
                match self {
                    Self::Auto => "",
                    $(Self::$name => $own,)*
                }
            }
        }
    };
}

languages! {
    English "en" "English" "English",
    Chinese "zh" "Simplified Chinese" "中文",
    TraditionalChinese "zh-Hant" "Traditional Chinese" "繁體中文",
    Arabic "ar" "Arabic" "العربية",
    Bengali "bn" "Bengali" "বাংলা",
    Czech "cs" "Czech" "Čeština",
    Danish "da" "Danish" "Dansk",
    German "de" "German" "Deutsch",
    Greek "el" "Greek" "Ελληνικά",
    Spanish "es" "Spanish" "Español",
    Persian "fa" "Persian" "فارسی",
    Finnish "fi" "Finnish" "Suomi",
    French "fr" "French" "Français",
    Hebrew "he" "Hebrew" "עברית",
    Hindi "hi" "Hindi" "हिन्दी",
    Hungarian "hu" "Hungarian" "Magyar",
    Indonesian "id" "Indonesian" "Bahasa Indonesia",
    Italian "it" "Italian" "Italiano",
    Japanese "ja" "Japanese" "日本語",
    Korean "ko" "Korean" "한국어",
    Malay "ms" "Malay" "Bahasa Melayu",
    Dutch "nl" "Dutch" "Nederlands",
    Norwegian "no" "Norwegian" "Norsk",
    Polish "pl" "Polish" "Polski",
    Portuguese "pt" "Portuguese" "Português",
    Romanian "ro" "Romanian" "Română",
    Russian "ru" "Russian" "Русский",
    Swedish "sv" "Swedish" "Svenska",
    Thai "th" "Thai" "ไทย",
    Turkish "tr" "Turkish" "Türkçe",
    Ukrainian "uk" "Ukrainian" "Українська",
    Vietnamese "vi" "Vietnamese" "Tiếng Việt",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_known_by_its_tag() {
        for &language in Language::ALL {
            let json = serde_json::to_value(language).unwrap();
            assert_eq!(json, language.tag());
            assert_eq!(serde_json::from_value::<Language>(json).unwrap(), language);
            assert!(!language.own_name().is_empty() && !language.english_name().is_empty());
        }
        assert!(Language::ALL.len() >= 30);
    }
}
