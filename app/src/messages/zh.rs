use protocol::{FailureCause, FailureCode};

use super::{Cause, FailureMessage, Messages};

/// 简体中文.
pub(crate) const ZH: Messages = Messages {
    space: "",
    tagline: "长文在眼前展开成标题与摘要",
    headline: "为文章写摘要",
    skip: "跳到正文",
    site: "Unspool",
    history: "历史",
    other_language: "English",
    theme: "外观",
    theme_auto: "自动",
    theme_light: "浅色",
    theme_dark: "深色",
    needs_script: "没有 JavaScript 也能开始；刷新结果页即可看到新写出的内容。",

    source: "原文",
    source_placeholder: "把文章粘贴到这里，或拖入 .txt、.md 文件",
    choose_file: "选择文件",
    drop_here: "松开即可读取文件",
    edit: "展开原文",
    fold: "收起原文",
    length: "篇幅",
    short: "短",
    medium: "中",
    long: "长",
    language: "语言",
    same_language: "与原文相同",
    shape: "写成什么",
    where_from: |number| format!("第 {number} 句的出处"),
    not_in_source: "原文中找不到",
    place_of: |place, count| format!("第 {place} 处，共 {count} 处"),
    edit_source: "编辑",
    previous_place: "上一处",
    next_place: "下一处",
    close_place: "关闭",
    own_shape: "自定义字段…",
    own_schema: "字段（JSON Schema）",
    bad_schema: "字段不是有效的 JSON。",
    summarise: "写摘要",
    stop: "停止",
    stop_waits: "服务器恢复后立即执行",
    start_keys: "Ctrl+Enter",
    stop_key: "Esc",
    characters: |n| format!("{n} 字"),
    limit: |size| format!("上限 {size}"),
    blank: "还没有可读的内容。请粘贴文章、选择文件，或试试示例。",
    refused: "没有收下这段文字：它是空白，或者超过了上限。",
    too_long: "文章超过上限。请删减一些，或调高 UNSPOOL_MAX_INPUT_BYTES。",
    refused_on_the_way: "服务器前面的代理拒收这么大的文章。请调高它的上限（nginx 为 client_max_body_size），或删减一些。",
    too_slow: "文章上传得太慢，服务器没有等到。文字还在，请重试或删减一些。",
    forbidden: "服务器把本页当成了别的网站。前面的代理需要原样转发 Host\
                （nginx：proxy_set_header Host $http_host;）。",
    led_back: "服务器暂时没能收下文章，请稍后再试。",
    no_room: "服务器的磁盘已满。",
    still_here: "您的文字还在。",
    file_too_large: |size| format!("文件太大，上限为 {size}。您的文字没有改动。"),
    file_wrong_kind: "只能读取 .txt 和 .md 文件。您的文字没有改动。",
    unreachable: "服务器没有回应。您的文字还在，请稍后再试。",
    unreachable_short: "服务器没有回应，请稍后再试。",

    result: "结果",
    sample_en: "The lighthouse clock",
    sample_zh: "会说话的河流",
    is_partial: "未写完",
    thoughts: "模型的思考过程",
    none_found: "无",
    is_true: "是",
    is_false: "否",

    connecting: "正在连接",
    waiting: |ahead| format!("排队中，前面还有 {ahead} 个"),
    reading: "正在阅读",
    reading_part: |part, parts| format!("正在读第 {part} 部分，共 {parts} 部分"),
    reading_percent: |percent| format!("正在阅读：{percent}%"),
    merging: "正在汇总各部分",
    thinking: "正在思考",
    writing: |label| format!("正在写{label}"),
    lost: |seconds| format!("连接中断，{seconds} 秒后重试"),
    lost_now: "连接中断，正在重试",
    back: "已重新连接",
    done: "完成",
    stopped: "已停止，已写出的内容都保留着",
    stopped_short: "已停止",
    removed: "这篇摘要已被删除，离开本页前仍可看到已写出的内容",
    removed_short: "这篇摘要已被删除",
    failed: "失败",
    text_done: |label, text| format!("{label}已定稿：{text}"),
    field_done: |label, content| format!("{label}：{content}"),
    wrote_nothing: "模型什么也没有写。",
    kept: "已写出的内容都保留着。",
    again_beside_yours: "正在重新处理本页原来的文章；您新写的文字还在输入框里。",
    again: "重试",
    model_wrote: "模型写出的内容",
    detail: "详细信息",
    failure,
    partly_read: |percent| format!("只抽读了全文的 {percent}%。"),
    read_in_parts: |parts| format!("已分 {parts} 部分读完全文。"),
    language_differs: "模型没有用所要求的语言写。",

    first_text: "首字",
    rate: "速度",
    elapsed: "用时",
    seconds: |n| format!("{n} 秒"),
    per_second: |n| format!("{n} 字/秒"),
    builtin_how: "想接入模型，请设置 UNSPOOL_BASE_URL、UNSPOOL_API_KEY 和 UNSPOOL_MODEL\
                  （或 OPENAI_API_KEY、ARK_API_KEY、DASHSCOPE_API_KEY、OLLAMA_HOST 之一），\
                  然后重新启动 Unspool。",

    copy: "复制",
    task_done: "已完成",
    task_open: "待办",

    copy_field: |label| format!("复制{label}"),
    download: "下载 JSON",
    copied: "已复制",
    not_copied: "浏览器拒绝了复制，请选中文字手动复制。",

    search: "搜索",
    search_label: "搜索标题与摘要",
    all: "显示全部",
    not_deleted: "没能删除，请稍后再试。",
    older: "更早的",
    newest: "最新的",
    no_history: "这里还是空的。写过的摘要都会留在这里。",
    no_match: "没有找到。换个词，或少写几个字试试。",
    listed: |count| match count {
        0 => "列表里没有摘要".to_owned(),
        _ => format!("列出 {count} 篇摘要"),
    },
    untitled: "无标题",
    running: "进行中",

    not_found: "这里什么也没有",
    gone: "页面不存在，或者这篇摘要已被删除。",
    start_anew: "为文章写摘要",
    broken: "没能加载出来，稍后会自动重试。",
    as_json: "以 JSON 阅读全文，多长都可以",
};

fn failure(cause: Cause<'_>) -> FailureMessage {
    let Cause { code, refusal, host, model } = cause;
    let host = host.unwrap_or("模型服务");
    let (what, then) = match (refusal, code) {
        (Some(FailureCause::KeyRefused), _) => (
            format!("{host} 拒绝了密钥。"),
            "请把 UNSPOOL_API_KEY 换成有效的密钥，再重新启动 Unspool。",
        ),
        (Some(FailureCause::ModelUnknown), _) => (
            format!("{host} 没有 {model} 这个模型。"),
            "请把 UNSPOOL_MODEL 换成它有的模型，再重新启动 Unspool。",
        ),
        (Some(FailureCause::NoCredit), _) => (
            format!("{host} 的账户余额不足。"),
            "请充值，或把 UNSPOOL_API_KEY 换成别的密钥。等待没有用。",
        ),
        (None, FailureCode::ProviderUnreachable) => (
            format!("连不上 {host}。"),
            "请确认模型服务已启动、UNSPOOL_BASE_URL 填写正确，然后重试。",
        ),
        (None, FailureCode::ProviderRejected) => (
            format!("{host} 拒绝了请求。"),
            "请检查 UNSPOOL_API_KEY 和 UNSPOOL_MODEL，再重新启动 Unspool。",
        ),
        (None, FailureCode::RateLimited) => {
            (format!("请求太频繁，被 {host} 限流了。"), "请等一分钟再试。")
        }
        (None, FailureCode::ProviderError) => {
            (format!("{host} 出了故障。"), "这类故障常常很快恢复，请重试。")
        }
        (None, FailureCode::InvalidOutput) => {
            ("模型没有按要求的格式回答。".to_owned(), "请重试，或把 UNSPOOL_MODEL 换成别的模型。")
        }
        (None, FailureCode::TruncatedOutput) => {
            ("模型提前停笔，回答不完整。".to_owned(), "请重试；如果又遇到，请选较短的篇幅。")
        }
        (None, FailureCode::InputTooLong) => (
            "文章超出了这个模型能读的长度。".to_owned(),
            "请删减一些，或把 UNSPOOL_MODEL 换成上下文更长的模型。",
        ),
        (None, FailureCode::Timeout) => {
            ("模型太久没有回应。".to_owned(), "请重试，或换一个更快的模型。")
        }
        (None, FailureCode::Interrupted) => ("服务器在中途关闭了。".to_owned(), "请重试。"),
        (None, FailureCode::Overloaded) => ("同时进行的摘要太多了。".to_owned(), "请稍后再试。"),
        (None, FailureCode::Internal) => {
            ("Unspool 内部出了错。".to_owned(), "请重试；如果一直这样，服务器日志里有更多说明。")
        }
    };
    FailureMessage { what, then }
}
