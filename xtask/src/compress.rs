use crate::site::Files;
use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write as _, path::Path};

/// Kinds of files that shrink; pictures and fonts are compressed already.
const SHRINKING: [&str; 9] =
    ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];
/// Below this a compressed file saves no packet.
const WORTHWHILE_BYTES: usize = 512;
/// The browsers' largest brotli window, 4 MiB.
const BROTLI_WINDOW_BITS: i32 = 22;

/// Adds `x.br` and `x.gz` beside every `x` that shrinks. Those of an unchanged `x` are taken over
/// from the site made before, since the best compression is slow.
pub(crate) fn add_to(files: &mut Files, site: &Path) -> Result<()> {
    let mut made = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, bytes)| shrinks(path, bytes)) {
        let unchanged = fs::read(site.join(path)).is_ok_and(|present| present == bytes);
        for (ending, encode) in [("br", brotli as fn(&[u8]) -> _), ("gz", gzip)] {
            let path = format!("{path}.{ending}");
            let encoded = match fs::read(site.join(&path)) {
                Ok(present) if unchanged => present,
                _ => encode(bytes)?,
            };
            made.push((path, encoded));
        }
    }
    for (path, bytes) in made {
        files.add(path, bytes);
    }
    Ok(())
}

fn shrinks(path: &str, bytes: &[u8]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    bytes.len() >= WORTHWHILE_BYTES && SHRINKING.contains(&ending)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: BROTLI_WINDOW_BITS,
        ..Default::default()
    };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &parameters)?;
    Ok(encoded)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
