use crate::messages::UiLanguage;

/// The texts of the pages without scripts.
pub(super) struct Words {
    pub(super) gone: &'static str,
    pub(super) gone_why: &'static str,
    pub(super) unknown: &'static str,
    pub(super) unknown_why: &'static str,
    pub(super) written_by: fn(&str) -> String,
    pub(super) login: &'static str,
    pub(super) login_lead: &'static str,
    pub(super) token: &'static str,
    pub(super) refused: &'static str,
    pub(super) wait: fn(u64) -> String,
    pub(super) unnamed: &'static str,
}

const EN: Words = Words {
    gone: "No longer shared",
    gone_why: "Whoever shared this has withdrawn it, or has deleted what was shared.",
    unknown: "Nothing is shared here",
    unknown_why: "Check that the link is complete.",
    written_by: |model| format!("Written by {model} · shared from Unspool"),
    login: "Log in",
    login_lead: "This server wants to know who asks. Its owner gave you a token.",
    token: "Token",
    refused: "There is no such token. Check that it is complete.",
    wait: |seconds| format!("Too many attempts. Try again in {seconds} s."),
    unnamed: "The proxy in front of this server has not said who you are. Whoever runs it can mend \
              that: UNSPOOL_ACCESS and UNSPOOL_TRUSTED_PROXIES.",
};

const ZH: Words = Words {
    gone: "已不再分享",
    gone_why: "分享者已收回，或删除了分享的内容。",
    unknown: "这里没有分享的内容",
    unknown_why: "请检查链接是否完整。",
    written_by: |model| format!("由 {model} 撰写 · 来自 Unspool 的分享"),
    login: "登录",
    login_lead: "这台服务器需要知道您是谁。请输入管理员给您的令牌。",
    token: "令牌",
    refused: "没有这个令牌。请检查是否完整。",
    wait: |seconds| format!("尝试次数过多，请在 {seconds} 秒后重试。"),
    unnamed: "服务器前面的代理没有说明您是谁。管理员可检查 UNSPOOL_ACCESS 和 \
              UNSPOOL_TRUSTED_PROXIES。",
};

pub(super) fn of(language: UiLanguage) -> &'static Words {
    match language {
        UiLanguage::English => &EN,
        UiLanguage::Chinese => &ZH,
    }
}
