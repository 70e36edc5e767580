use protocol::conversation::Origin;

use super::PersonaMessages;

/// English.
pub(super) const EN: PersonaMessages = PersonaMessages {
    name: "Personas",
    lead: "A persona answers in conversations in its own way: by your instruction, and by what you \
           have taught it.",
    none: "Nobody here yet.",

    new: "New persona",
    create: "Create",
    name_label: "Name",
    instruction_label: "Instruction",
    instruction_hint: "How it is to answer, in your words.",
    profile_label: "Profile",
    profile_hint: "What it was taught, in the model's words. You can edit it.",
    save: "Save",
    saved: "Saved",
    not_saved: "This could not be saved. Try again in a moment.",
    name_blank: "A persona needs a name.",

    teach: "Teach",
    teach_hint: "Tell it facts, a tone, examples. The model writes a new profile from that; nothing \
                 changes before it is complete.",
    teach_label: "What it is to learn",
    teach_blank: "There is nothing to learn yet. Write something first.",
    stop: "Stop",
    learning: "The new profile is being written",
    learnt: |version| format!("Learnt: this is version {version}"),
    not_learnt: "Nothing was changed.",
    already_learning: "It is being taught already. Wait until that is complete, or stop it.",

    versions: "Versions",
    version: |version| format!("Version {version}"),
    current: "current",
    restore: "Restore",
    origin: |origin| match origin {
        Origin::Created => "created",
        Origin::Edited => "edited",
        Origin::Trained => "taught",
        Origin::Restored => "restored",
    },

    chat: "Talk to it",
};
