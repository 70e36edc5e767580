use protocol::conversation::Origin;

use super::PersonaMessages;

/// 简体中文.
pub(super) const ZH: PersonaMessages = PersonaMessages {
    name: "角色",
    lead: "角色会按您的要求和教给它的内容，以自己的方式在对话中回答。",
    none: "还没有角色。",

    new: "新角色",
    create: "创建",
    name_label: "名字",
    instruction_label: "要求",
    instruction_hint: "用您自己的话说明它该怎样回答。",
    profile_label: "档案",
    profile_hint: "它学到的内容，由模型写成，您也可以修改。",
    save: "保存",
    saved: "已保存",
    not_saved: "没能保存，请稍后再试。",
    name_blank: "请给角色起个名字。",

    teach: "教它",
    teach_hint: "告诉它事实、语气、例子，模型会据此写出新的档案；写完之前什么都不会改变。",
    teach_label: "要教的内容",
    teach_blank: "还没有可教的内容，请先写一些。",
    stop: "停止",
    learning: "正在写新的档案",
    learnt: |version| format!("学会了，这是第 {version} 版"),
    not_learnt: "什么都没有改变。",
    already_learning: "它正在学习。请等它学完，或先停止。",

    versions: "版本",
    version: |version| format!("第 {version} 版"),
    current: "当前",
    restore: "恢复",
    origin: |origin| match origin {
        Origin::Created => "创建",
        Origin::Edited => "修改",
        Origin::Trained => "教学",
        Origin::Restored => "恢复",
    },

    chat: "与它对话",
};
