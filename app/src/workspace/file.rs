//! Files that the reader brings, read in whatever encoding they are.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList, TextDecoder, TextDecoderOptions};

use super::Workspace;
use crate::text::Encoding;

/// The endings of files that can be read.
const ENDINGS: [&str; 4] = [".txt", ".md", ".markdown", ".text"];

impl Workspace {
    /// Reads the one file of `files` into the box. If that is not possible, the box stays as it is
    /// and the hint says why.
    pub(crate) fn read_files(self, files: &FileList) {
        match files.length() {
            0 => {}
            1 => {
                if let Some(file) = files.get(0) {
                    self.read_file(file, None);
                }
            }
            count => self.hint.set((self.locale.desk_untracked().several_files)(count)),
        }
    }

    /// Reads the last file once more, in the encoding that the reader has chosen.
    pub(crate) fn read_as(self, encoding: Encoding) {
        if let Some(file) = self.file.with(Clone::clone).flatten() {
            self.read_file(file, Some(encoding));
        }
    }

    fn read_file(self, file: File, encoding: Option<Encoding>) {
        let (messages, limit_bytes) = (self.locale.messages_untracked(), self.limit_bytes());
        let name = file.name().to_ascii_lowercase();
        if !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            return self.hint.set(messages.file_wrong_kind.to_owned());
        }
        #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
        if file.size() > limit_bytes as f64 {
            let limit = crate::text::size(limit_bytes);
            return self.hint.set((messages.file_too_large)(&limit));
        }
        spawn_local(async move {
            let bytes = JsFuture::from(file.array_buffer()).await;
            let bytes = bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
            if !self.is_shown() {
                return;
            }
            let read = bytes.ok().and_then(|bytes| decoded(&bytes, encoding));
            match read {
                // The way back leads to what was there before the file.
                Some((text, read_as)) if encoding.is_some() => {
                    self.fill(&text);
                    self.store_draft();
                    self.encoding.set(Some(read_as));
                }
                Some((text, read_as)) => self.take_file(file, &text, read_as),
                None => self.hint.set(self.locale.desk_untracked().not_text.to_owned()),
            }
        });
    }

    fn take_file(self, file: File, text: &str, encoding: Encoding) {
        let sentence = (self.locale.desk_untracked().replaced)(&file.name());
        self.replace_undoably(text, sentence);
        self.file.set(Some(file));
        self.encoding.set(Some(encoding));
    }
}

/// The text that `bytes` are, in that encoding or else the likeliest one; none when they are no
/// text.
fn decoded(bytes: &[u8], encoding: Option<Encoding>) -> Option<(String, Encoding)> {
    let strict = |encoding| decode(bytes, encoding, true);
    let encoding = encoding.unwrap_or_else(|| Encoding::detect(bytes, strict));
    let text = decode(bytes, encoding, false)?;
    // What the reader insists on may have gaps, but no text has zeros.
    (!text.contains('\0')).then_some((text, encoding))
}

/// Decodes by the Encoding Standard, without the byte order mark. Where `strict`, all bytes must be
/// valid.
fn decode(bytes: &[u8], encoding: Encoding, strict: bool) -> Option<String> {
    let options = TextDecoderOptions::new();
    options.set_fatal(strict);
    let decoder = TextDecoder::new_with_label_and_options(encoding.name(), &options).ok()?;
    decoder.decode_with_u8_array(bytes).ok()
}
