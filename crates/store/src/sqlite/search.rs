//! What searches look through: indexes of words, without the texts themselves.
//!
//! A row of `generation_search` has its generation's key. A row of `conversation_search` is about a
//! message, or the title of a conversation; see [`place`]. SQLite's `unicode61` knows words by the
//! spaces and signs around them, so runs of scripts without spaces are split into pairs of
//! characters, one overlapping the next: a longer term is a phrase of them. Single characters are in
//! a column of their own.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use protocol::{Shape, Term, runs};
use rusqlite::{Connection, OptionalExtension, params};

use super::error::SqlError;
use super::read::parse;
use crate::saved::text;

/// How many entries of the backlog are entered in one transaction.
const ROUND: i64 = 64;

/// After so many bytes of text, the transaction ends, so that no other waits long behind it.
const ROUND_BYTES: usize = 1 << 20;

/// How many bits of a row of `conversation_search` are the message's key.
const MESSAGE_BITS: u32 = 32;

/// Texts as the index takes them.
#[derive(Default)]
struct Words {
    words: String,
    characters: BTreeSet<char>,
}

impl Words {
    fn add(&mut self, text: &str) {
        let mut last = None;
        for run in runs(text) {
            if !run.is_unspaced {
                self.push(run.text.chars().flat_map(char::to_lowercase));
                last = None;
                continue;
            }
            self.characters.extend(run.text.chars());
            let first = run.text.chars().next();
            // Two runs that happen to share a character are not to be read as one.
            if last.is_some() && last == first {
                self.push(first.into_iter());
            }
            let following = run.text.chars().skip(1);
            run.text
                .chars()
                .zip(following)
                .for_each(|(one, next)| self.push([one, next].into_iter()));
            last = run.text.chars().last();
        }
    }

    fn push(&mut self, word: impl Iterator<Item = char>) {
        self.words.extend(word);
        self.words.push(' ');
    }
}

/// Whose a row is, as one word of the index.
fn space(owner: &str) -> String {
    owner.bytes().fold("s".to_owned(), |mut word, byte| {
        let _ = write!(word, "{byte:02x}");
        word
    })
}

/// What finds the rows of `owner` with all of `terms` (SQLite, "FTS5", 3); nothing where there is
/// nothing to be found.
pub(crate) fn expression(owner: &str, terms: &[Term]) -> Option<String> {
    if terms.is_empty() {
        return None;
    }
    let mut expression = format!("space : {}", space(owner));
    for term in terms {
        expression.push_str(" AND ");
        expression.push_str(&phrase(term));
    }
    Some(expression)
}

fn phrase(term: &Term) -> String {
    match term {
        Term::Word(word) => {
            let prefix = if term.is_prefix() { " *" } else { "" };
            format!("words : \"{word}\"{prefix}")
        }
        Term::Run(run) if run.chars().nth(1).is_none() => format!("characters : \"{run}\""),
        Term::Run(run) => {
            let pairs = run.chars().zip(run.chars().skip(1));
            let pairs: Vec<String> = pairs.map(|(one, next)| format!("{one}{next}")).collect();
            format!("words : \"{}\"", pairs.join(" "))
        }
    }
}

fn put(
    connection: &Connection,
    table: &str,
    row: i64,
    owner: &str,
    texts: &[&str],
) -> Result<(), SqlError> {
    let mut words = Words::default();
    texts.iter().for_each(|text| words.add(text));
    let mut characters = String::new();
    for character in words.characters {
        characters.push(character);
        characters.push(' ');
    }
    connection
        .prepare_cached(&format!(
            "INSERT OR REPLACE INTO {table} (rowid, space, words, characters)
             VALUES (?1, ?2, ?3, ?4)"
        ))?
        .execute(params![row, space(owner), words.words, characters])?;
    Ok(())
}

/// Enters a document's generation as it is stored: while it runs, the beginning of its source. Gives
/// how many bytes of text that took.
pub(crate) fn index_generation(connection: &Connection, key: i64) -> Result<usize, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT owner, snapshot, preview, CASE status WHEN 'running' THEN '' ELSE text END
             FROM generation JOIN input ON input.generation = key
             WHERE key = ?1 AND kind = 'document'",
        )?
        .query_row([key], |row| {
            let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok(texts)
        })
        .optional()?;
    let Some([owner, json, preview, source]) = found else { return Ok(0) };
    let written = text(&parse(&json)?);
    put(connection, "generation_search", key, &owner, &[&written, &preview, &source])?;
    Ok(written.len() + source.len())
}

/// Removes a generation.
pub(crate) fn remove_generation(connection: &Connection, key: i64) -> Result<(), SqlError> {
    connection.prepare_cached("DELETE FROM generation_search WHERE rowid = ?1")?.execute([key])?;
    Ok(())
}

/// The row about a message; that of the conversation's title where `message` is 0.
fn place(conversation: i64, message: i64) -> i64 {
    conversation << MESSAGE_BITS | message
}

/// The SQL that makes a conversation's key of a row.
pub(crate) const CONVERSATION_OF_ROW: &str = "conversation_search.rowid >> 32";

/// What a message says, as far as it is stored.
pub(crate) fn message_text(connection: &Connection, key: i64) -> Result<Option<String>, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT message.content, generation.snapshot FROM message
             LEFT JOIN generation ON generation.id = message.id WHERE message.key = ?1",
        )?
        .query_row([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))
        .optional()?;
    match found {
        Some((_, Some(json))) => Ok(Some(Shape::REPLY.text_of(&parse(&json)?).to_owned())),
        Some((content, None)) => Ok(Some(content)),
        None => Ok(None),
    }
}

/// Enters a message as it is stored.
pub(crate) fn index_message(connection: &Connection, key: i64) -> Result<usize, SqlError> {
    let Some(content) = message_text(connection, key)? else { return Ok(0) };
    let (owner, conversation) = connection
        .prepare_cached(
            "SELECT conversation.owner, conversation.key FROM message
             JOIN conversation ON conversation.key = message.conversation WHERE message.key = ?1",
        )?
        .query_row([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    put(connection, "conversation_search", place(conversation, key), &owner, &[&content])?;
    Ok(content.len())
}

/// Enters what a reply says, should the generation of that id be one.
pub(crate) fn index_reply(connection: &Connection, id: &str) -> Result<(), SqlError> {
    let key = connection
        .prepare_cached("SELECT key FROM message WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    key.map(|key| index_message(connection, key)).transpose()?;
    Ok(())
}

/// Enters a conversation's title.
pub(crate) fn index_title(connection: &Connection, key: i64) -> Result<usize, SqlError> {
    let found = connection
        .prepare_cached("SELECT owner, title FROM conversation WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((owner, title)) = found else { return Ok(0) };
    put(connection, "conversation_search", place(key, 0), &owner, &[&title])?;
    Ok(title.len())
}

/// Removes a conversation's title and messages, which must still be there.
pub(crate) fn remove_conversation(connection: &Connection, key: i64) -> Result<(), SqlError> {
    let mut messages =
        connection.prepare_cached("SELECT key FROM message WHERE conversation = ?1")?;
    let messages = messages.query_map([key], |row| row.get::<_, i64>(0))?;
    let mut remove =
        connection.prepare_cached("DELETE FROM conversation_search WHERE rowid = ?1")?;
    remove.execute([place(key, 0)])?;
    for message in messages {
        remove.execute([place(key, message?)])?;
    }
    Ok(())
}

/// A message of a conversation in which one of `terms` stands: its key.
pub(crate) fn message_with(
    connection: &Connection,
    owner: &str,
    conversation: i64,
    terms: &[Term],
) -> Result<Option<i64>, SqlError> {
    let any: Vec<String> = terms.iter().map(phrase).collect();
    let expression = format!("space : {} AND ({})", space(owner), any.join(" OR "));
    let row: Option<i64> = connection
        .prepare_cached(
            "SELECT rowid FROM conversation_search
             WHERE conversation_search MATCH ?1 AND rowid > ?2 AND rowid < ?3
             ORDER BY rowid LIMIT 1",
        )?
        .query_row(params![expression, place(conversation, 0), place(conversation + 1, 0)], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(row.map(|row| row - place(conversation, 0)))
}

/// Enters some of what there was before there were indexes, the newest first. `false` when nothing
/// is left to be entered.
pub(crate) fn work_off(connection: &Connection) -> Result<bool, SqlError> {
    let waiting: Vec<(i64, String, i64)> = connection
        .prepare_cached(
            "SELECT place, subject, key FROM search_backlog ORDER BY place DESC LIMIT ?1",
        )?
        .query_map([ROUND], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut bytes = 0;
    for (place, subject, key) in &waiting {
        bytes += match subject.as_str() {
            "generation" => index_generation(connection, *key)?,
            "title" => index_title(connection, *key)?,
            _ => index_message(connection, *key)?,
        };
        connection
            .prepare_cached("DELETE FROM search_backlog WHERE place = ?1")?
            .execute([place])?;
        if bytes > ROUND_BYTES {
            break;
        }
    }
    Ok(!waiting.is_empty())
}
