use super::SettingsMessages;

/// Chinese, written for itself.
pub(super) const ZH: SettingsMessages = SettingsMessages {
    name: "设置",
    lead: "模型在哪里，一切是否正常。",
    model: "模型",
    on_this_server: "就在本服务器上：文本不会离开。",
    no_key: "无密钥",
    key: |end, set_by| match end {
        "" => format!("密钥来自 {set_by}"),
        end => format!("密钥末尾 …{end}，来自 {set_by}"),
    },
    from: |set_by| format!("地址来自 {set_by}"),
    again: "重新检查",
    checking: "正在检查…",
    works: "一切正常。",
    fails: |count| format!("有 {count} 处需要您处理。"),
    unreachable: "Unspool 服务器没有回应，请稍后再试。",
    copy_line: "复制这一行",

    passed: "正常",
    noted: "请留意",
    failed: "有问题",
    not_tried: "未检查",

    connect: "连接模型",
    connect_how: "停止 Unspool，再用下面任一行重新启动。",
    connection: "从服务器到您的连接",
    connection_how: "文字是否边写边到，还是被代理扣住。",
    details: "详情",
    appearance: "外观",
    appearance_how: "浅色、深色，或跟随系统。",
    check_model: "检查模型",
};
