use std::time::Duration;

use llm::{ErrorKind, SetBy};

use super::{Finding, Words, passes};
use crate::doctor::finding::Row;

pub(super) fn words(finding: &Finding) -> Words {
    match finding {
        Finding::BuiltIn => {
            Words::new("内置引擎已就绪", "它在本服务器上挑选原文中最要紧的句子，自己不写新句子。")
        }
        Finding::Answers { took } => Words::new("服务器有回应", ms(*took)),
        Finding::Unreachable { host, reason, set_by } => unreachable(host, reason, set_by),
        Finding::KeyFits => Words::new("密钥有效", ""),
        Finding::NoKeyNeeded => Words::new("无需密钥", ""),
        Finding::KeyMissing { said, set_by } => {
            let SetBy { key, .. } = set_by;
            Words::new("没有密钥", quoted(said.as_ref()))
                .remedy(format!("请在 {key} 中填入密钥，然后重新启动 Unspool。"))
                .exporting(key, "YOUR-KEY")
        }
        Finding::KeyRefused { said, set_by } => {
            let SetBy { key, .. } = set_by;
            Words::new("密钥被拒绝", quoted(said.as_ref()))
                .remedy(format!("请在 {key} 中填入正确的密钥，然后重新启动 Unspool。"))
                .exporting(key, "YOUR-KEY")
        }
        Finding::HasModel { model, count } => {
            Words::new(format!("模型 {model} 可用"), format!("共 {count} 个模型"))
        }
        Finding::NoList { model } => {
            Words::new(format!("模型 {model} 可用"), "服务器不列出模型，因此无从选择。")
        }
        Finding::ModelMissing { model, known, set_by } => model_missing(model, known, set_by),
        Finding::Streams { pieces, first } => {
            Words::new("回答边写边到", format!("共 {pieces} 段，第一段用了 {}", ms(*first)))
        }
        Finding::AtOnce { took } => Words::new("回答一次性到达", format!("用了 {}。", ms(*took)))
            .remedy("途中有东西把它扣住了：会缓冲的代理，或不支持流式输出的服务器。"),
        Finding::NoAnswer { kind, said } => no_answer(*kind, said.as_ref()),
        Finding::FormKept => Words::new("模型按要求的格式书写", "受 JSON Schema 约束。"),
        Finding::FormByWords => Words::new(
            "模型按要求的格式书写",
            "仅凭文字要求做到：服务器没有用 JSON Schema 约束它。",
        ),
        Finding::FormBroken { wrote } => {
            Words::new("模型没有按要求的格式书写", format!("它写的是“{wrote}”。"))
                .remedy("请换更大的模型，或支持 response_format 的服务器。")
        }
        Finding::Usage(tokens) => {
            Words::new("服务器统计词元", format!("读入 {}，写出 {}", tokens.input, tokens.output))
        }
        Finding::NoUsage => Words::new("服务器不统计词元", "是否读完全文只能凭估计判断。"),
        Finding::Thinks { characters } => {
            Words::new("模型先思考再书写", format!("{characters} 个字符，与回答分开"))
        }
        Finding::ThinksSilently => Words::new("模型直接书写", "它不先思考，或不说出来。"),
        Finding::Frees { after } => {
            Words::new("停止后模型即可再用", format!("停止后 {} 开始了下一个回答。", ms(*after)))
        }
        Finding::Holds { waited } => {
            Words::new("停止后模型仍被占用", format!("下一个回答等了 {}。", ms(*waited)))
                .remedy("可能有代理隐瞒了读者已离开，或者服务器照样写完。")
        }
        Finding::Context { tokens } => {
            Words::new("已知能读多长的文本", format!("{tokens} 个词元，含回答"))
        }
        Finding::ContextUnsaid { assumed } => {
            Words::new("不知能读多长的文本", format!("按 {assumed} 个词元估计。"))
                .remedy("可用 UNSPOOL_CONTEXT_TOKENS 或服务商文件中的 context 说明。")
                .exporting("UNSPOOL_CONTEXT_TOKENS", "32768")
        }
        Finding::NotTried { row, first } => {
            Words::new(question(*row), format!("未检查：先要解决{}。", subject(*first)))
        }
    }
}

fn unreachable(host: &str, reason: &str, set_by: &SetBy) -> Words {
    let SetBy { address, .. } = set_by;
    Words::new(format!("{host} 没有回应"), format!("{reason}。"))
        .remedy(format!("请确认它在那里运行，并检查 {address}。"))
        .exporting(address, "http://127.0.0.1:8080/v1")
}

fn model_missing(model: &str, known: &[String], set_by: &SetBy) -> Words {
    let SetBy { model: setting, .. } = set_by;
    let detail = match known {
        [] => "服务器没有说它有哪些模型。".to_owned(),
        known => format!("它有 {}。", known.join("、")),
    };
    let instead = known.first().map_or("MODEL", String::as_str);
    Words::new(format!("没有模型 {model}"), detail)
        .remedy(format!("请在 {setting} 中填入别的模型，然后重新启动 Unspool。"))
        .exporting(setting, instead)
}

fn no_answer(kind: ErrorKind, said: Option<&String>) -> Words {
    let what = match kind {
        ErrorKind::RateLimited => "服务器要求减少请求，或账户余额不足",
        ErrorKind::TooLong => "模型连短文本也读不了",
        ErrorKind::Rejected => "服务器拒绝了请求",
        ErrorKind::Silent => "模型沉默太久",
        _ => "回答中断了",
    };
    let words = Words::new(what, quoted(said));
    if passes(kind) {
        return words.remedy("请过一会儿再检查；详情见服务器日志。");
    }
    words.remedy("详情见服务器日志。")
}

fn question(row: Row) -> &'static str {
    match row {
        Row::Reachable => "服务器有回应",
        Row::Key => "密钥有效",
        Row::Models => "模型可用",
        Row::Streams => "回答边写边到",
        Row::Schema => "模型按要求的格式书写",
        Row::Usage => "服务器统计词元",
        Row::Reasoning => "模型在哪里思考",
        Row::Cancel => "停止后模型即可再用",
        Row::Context => "能读多长的文本",
    }
}

fn subject(row: Row) -> &'static str {
    match row {
        Row::Reachable => "连接",
        Row::Key => "密钥",
        Row::Models => "模型",
        _ => "回答",
    }
}

fn ms(time: Duration) -> String {
    if time < Duration::from_secs(10) {
        format!("{} 毫秒", time.as_millis())
    } else {
        format!("{} 秒", time.as_secs())
    }
}

fn quoted(said: Option<&String>) -> String {
    said.map(|said| format!("“{said}”")).unwrap_or_default()
}
