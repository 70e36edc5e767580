use super::DiagnosticsMessages;

/// 简体中文.
pub(super) const ZH: DiagnosticsMessages = DiagnosticsMessages {
    name: "连接",
    lead: "服务器按固定的间隔发出带编号的消息。这里显示每一条何时到达，并据此判断中间的线路。",
    needs_script: "没有 JavaScript：直接查看收到的消息",

    count: "消息条数",
    delay: "间隔（秒）",
    event_text: "内容",
    sample: "消息",
    start: "开始",
    again: "再来一次",
    stop: "停止",
    cut: "断开试试",

    result: "到达情况",
    idle: "还没有发送消息。",
    waiting: "等待第一条消息",
    progress: |n, total| format!("第 {n} 条，共 {total} 条"),
    over: |n, total| format!("结束：收到 {n} 条，共 {total} 条"),
    silence: |time| format!("已有 {time}没有消息"),
    was_cut: |before| format!("在第 {before} 条之后断开，等待下一条。"),
    went_on: |before, next| {
        if next == before + 1 {
            format!("在第 {before} 条之后断开，从第 {next} 条接上：没有丢失，也没有重复。")
        } else {
            format!("在第 {before} 条之后断开，却从第 {next} 条继续。")
        }
    },

    fine: |late| format!("消息随发随到（最大延迟 {late}）。"),
    uneven: |late| {
        format!("消息逐条到达，但快慢不一（最大延迟 {late}）。线路繁忙或较远，没有东西扣住消息。")
    },
    held_back: |late| format!("您与服务器之间有东西把消息扣住了 {late}：请关闭响应缓冲。"),
    cut_off: |after, total| {
        format!(
            "共 {total} 条消息，收到 {after} 条时连接被切断。中间有东西会中止较长的响应：请调高它的\
             超时时间。"
        )
    },
    cut_off_whole: |after| {
        format!(
            "连接在第 {after} 条之后被切断，随后从断点接上，消息已全部到达；但中间有东西会中止较长的\
             响应：请调高它的超时时间。"
        )
    },
    leapt: |due, came| {
        format!("应到第 {due} 条，到的却是第 {came} 条：您与服务器之间有东西改动了内容。")
    },
    silent: |time| {
        format!("已有 {time}什么都没有收到。服务器正忙，或者中间有东西扣住了一切：请关闭响应缓冲。")
    },
    stalled: |after, time| {
        format!(
            "第 {after} 条之后已有 {time}没有消息。服务器不再发送，或者中间有东西扣住了其余的消息：\
             请关闭响应缓冲。"
        )
    },
    away: |after| {
        let place = if after == 0 { String::new() } else { format!("从第 {after} 条之后") };
        format!("连不上服务器。半分钟内会不断重试，服务器恢复后{place}继续。")
    },
    stayed_away: |after| {
        let place = if after == 0 { String::new() } else { format!("第 {after} 条之后") };
        format!("{place}一直连不上服务器。请确认它在运行，然后再来一次。")
    },
    returned: |after| format!("第 {after} 条之后曾连不上服务器；现在已经恢复，消息从断点接上了。"),
    too_few: "只有一条消息，看不出快慢。请至少要两条。",
    remedies: "代理服务器的配置",
    remedies_note: |address| {
        format!("其中的 {address} 指服务器自己监听的地址。读者访问时用的域名要写进 UNSPOOL_HOSTS。")
    },
    copy: "复制",

    gaps: "每条消息之前的等待",
    spread: |[least, middle, most, asked]| {
        format!("最短 {least}，中位数 {middle}，最长 {most}；要求的间隔为 {asked}。")
    },
    asked: "要求",
    ms: |n| format!("{n} 毫秒"),
    seconds: |n| format!("{n} 秒"),
    events: "消息",
};
