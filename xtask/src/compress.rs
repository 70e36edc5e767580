use crate::site::Files;
use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write as _, path::Path};

/// The endings of files to compress. Pictures and fonts are compressed already.
const COMPRESSED: [&str; 9] =
    ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];
/// Smaller files are not compressed, as that would not save a network packet.
const MIN_BYTES: usize = 512;
/// The largest brotli window that browsers accept, 4 MiB.
const BROTLI_WINDOW_BITS: i32 = 22;

/// Adds `x.br` and `x.gz` for every file `x` that can be compressed. If `x` has not changed since the
/// last build, its compressed files are reused, as the best compression is slow.
pub(crate) fn add_to(files: &mut Files, site: &Path) -> Result<()> {
    let mut compressed = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, bytes)| is_compressible(path, bytes)) {
        let unchanged = fs::read(site.join(path)).is_ok_and(|present| present == bytes);
        for (ending, encode) in [("br", brotli as fn(&[u8]) -> _), ("gz", gzip)] {
            let path = format!("{path}.{ending}");
            let encoded = match fs::read(site.join(&path)) {
                Ok(present) if unchanged => present,
                _ => encode(bytes)?,
            };
            compressed.push((path, encoded));
        }
    }
    for (path, bytes) in compressed {
        files.add(path, bytes);
    }
    Ok(())
}

fn is_compressible(path: &str, bytes: &[u8]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    bytes.len() >= MIN_BYTES && COMPRESSED.contains(&ending)
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
