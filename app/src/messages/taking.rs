//! The texts about sharing, exporting and importing.

use leptos::prelude::*;

use super::{Locale, UiLanguage};

pub(crate) struct TakingMessages {
    pub(crate) log_out: &'static str,
    pub(crate) share: &'static str,
    pub(crate) share_says: &'static str,
    pub(crate) link: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) not_shared: &'static str,
    pub(crate) not_withdrawn: &'static str,
    pub(crate) take_away: &'static str,
    pub(crate) export_json: &'static str,
    pub(crate) export_markdown: &'static str,
    pub(crate) import: &'static str,
    pub(crate) importing: &'static str,
    pub(crate) imported: fn(u64) -> String,
    pub(crate) not_imported: fn(&str) -> String,
}

const EN: TakingMessages = TakingMessages {
    log_out: "Log out",
    share: "Share",
    share_says: "Anyone who has this link can read it, until you withdraw it.",
    link: "Link",
    copy_link: "Copy link",
    withdraw: "Withdraw",
    withdrawn: "The link is withdrawn: it shows nothing any more.",
    not_shared: "It could not be shared. Try again.",
    not_withdrawn: "The link could not be withdrawn. Try again.",
    take_away: "Take your history with you",
    export_json: "Export",
    export_markdown: "Export as Markdown",
    import: "Import a file",
    importing: "Importing …",
    imported: |count| match count {
        0 => "All of the file is here already.".to_owned(),
        1 => "1 entry was imported.".to_owned(),
        count => format!("{count} entries were imported."),
    },
    not_imported: |why| format!("Nothing was imported. {why}"),
};

const ZH: TakingMessages = TakingMessages {
    log_out: "退出登录",
    share: "分享",
    share_says: "拿到这个链接的人都能阅读，直到您收回。",
    link: "链接",
    copy_link: "复制链接",
    withdraw: "收回",
    withdrawn: "链接已收回，不再显示任何内容。",
    not_shared: "没能分享，请重试。",
    not_withdrawn: "没能收回链接，请重试。",
    take_away: "带走您的历史",
    export_json: "导出",
    export_markdown: "导出为 Markdown",
    import: "导入文件",
    importing: "正在导入…",
    imported: |count| match count {
        0 => "文件里的内容这里都已经有了。".to_owned(),
        count => format!("已导入 {count} 条。"),
    },
    not_imported: |why| format!("没有导入任何内容。{why}"),
};

impl UiLanguage {
    fn taking(self) -> &'static TakingMessages {
        match self {
            Self::English => &EN,
            Self::Chinese => &ZH,
        }
    }
}

impl Locale {
    /// The texts about sharing, exporting and importing, tracked.
    pub(crate) fn taking(self) -> &'static TakingMessages {
        self.0.get().taking()
    }

    /// The same, untracked, for what is announced once.
    pub(crate) fn taking_untracked(self) -> &'static TakingMessages {
        self.0.get_untracked().taking()
    }

    /// One of these texts as a reactive view.
    pub(crate) fn taking_text(
        self,
        choose: fn(&'static TakingMessages) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || choose(self.taking())
    }
}
