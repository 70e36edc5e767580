//! What endpoints say when they refuse, in lower case, and what they mean by it.

use std::sync::LazyLock;

use regex::Regex;

use crate::ErrorKind;

/// There is no such model.
const UNKNOWN_MODEL: &str = r"model_not_found|model not found|unknown model|invalidendpointormodel|\bmodel .{1,120} (not found|does not exist|is not available)|no such model|not a valid model|模型不存在";

/// No credit. Gemini's "exceeded your current quota" is a limit of requests a minute, too, so that
/// sentence alone does not tell.
const NO_CREDIT: &str = r"insufficient_quota|insufficient[ _]balance|credit balance|out of credits|arrear|payment required|余额不足|欠费";

/// Too much was asked for lately.
const RATE_LIMITED: &str = r"rate[ _-]?limit|too many requests|\bquota|per (minute|day|hour)|\b(tpm|rpm|tpd|rpd)\b|throttl|overloaded|resource_exhausted|at capacity|限流|速率|频率|并发";

/// The key is missing or wrong.
const UNAUTHORISED: &str = r"(invalid|incorrect|missing|wrong|no|unauthorized)[ _-](api[ _-]?)?key|api[ _-]?key (is )?(not valid|invalid|missing|required)|invalid_api_key|unauthori[sz]ed|authentication|login fail|鉴权|密钥";

/// The input is longer than the model reads.
const TOO_LONG: &str = r"context[ _-]?(length|window|size|limit|overflow)|contextwindow|(prompt|inputs?|sequence|tokens?)\b[^.]{0,80}(too long|too large|too many|exceed|longer than|greater than|larger than)|too many (input )?tokens|(exceed|greater|larger|longer)[^.]{0,40}(prompt|inputs? tokens?|max(imum)? (tokens?|length))|(prompt|input)[ _-](length|tokens?)[^.]{0,60}(must be|maximum|max\b|limit)|range of input length|token[ _]?limit|tokens_limit_reached|max message tokens|maximum prompt length|max(imum)? (input|model) (length|len|characters|tokens)|max_seq_len|max_model_len|must have less than \d+ tokens|`inputs` tokens|only supports up to \d+|length of input|reduce (the|your) (length|prompt|input)|payload size|(request|payload|body|input|text|message|prompt)( entity| body)? (is )?too (large|long)|request_too_large|string_above_max_length|string too long|超长|过长|最大长度|长度.{0,8}超|(超出|超过).{0,16}(长度|上下文|token|限制)";

/// The request is not taken as it is.
const REJECTED: &str = r"invalid[ _]?(request|parameter|argument|input|param)|bad[ _]request|unsupported|not supported|content[ _](filter|policy)|sensitive|moderation|inspection|flagged|safety|敏感|违规";

struct Wordings {
    patterns: [(Regex, ErrorKind); 6],
}

static WORDINGS: LazyLock<Wordings> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the patterns are constant, and tests use them")]
    let pattern = |text: &str| Regex::new(text).expect("the patterns are well-formed");
    Wordings {
        patterns: [
            (pattern(UNKNOWN_MODEL), ErrorKind::UnknownModel),
            (pattern(NO_CREDIT), ErrorKind::NoCredit),
            (pattern(RATE_LIMITED), ErrorKind::RateLimited),
            (pattern(TOO_LONG), ErrorKind::TooLong),
            (pattern(UNAUTHORISED), ErrorKind::Unauthorised),
            (pattern(REJECTED), ErrorKind::Rejected),
        ],
    }
});

/// What an endpoint means that has answered with that status, or within an answer.
pub(super) fn kind(status: Option<u16>, complaint: &str) -> ErrorKind {
    let mut said = WORDINGS.patterns.iter().filter(|(pattern, _)| pattern.is_match(complaint));
    let said = said.next().map(|(_, kind)| *kind);
    match (status, said) {
        (Some(413), _) => ErrorKind::TooLong,
        (Some(402), _) | (Some(403 | 429), Some(ErrorKind::NoCredit)) => ErrorKind::NoCredit,
        (Some(429 | 529), _) => ErrorKind::RateLimited,
        (Some(401), _) => ErrorKind::Unauthorised,
        (Some(403), Some(kind @ (ErrorKind::UnknownModel | ErrorKind::RateLimited))) => kind,
        (Some(403), _) => ErrorKind::Unauthorised,
        // A server that fails may name a request in its sentence without refusing it.
        (Some(500..), Some(ErrorKind::Rejected)) => ErrorKind::Broken,
        (Some(408), None) => ErrorKind::Broken,
        (_, Some(kind)) => kind,
        (Some(404), None) => ErrorKind::UnknownModel,
        (Some(300..=499), None) => ErrorKind::Rejected,
        _ => ErrorKind::Broken,
    }
}
