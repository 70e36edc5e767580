//! With the feature `embed`: writes the table of the page's files that `assets` compiles in.
//!
//! The files are those of the folder named by `UNSPOOL_SITE`, or of `../target/site`, where
//! `cargo xtask build` gathers them; `x.br` and `x.gz` are taken as encodings of their `x`.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return Ok(());
    }
    println!("cargo::rerun-if-env-changed=UNSPOOL_SITE");
    let site = match env::var_os("UNSPOOL_SITE") {
        Some(named) => PathBuf::from(named),
        None => Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/site"),
    };
    println!("cargo::rerun-if-changed={}", site.display());
    let site = site.canonicalize().map_err(|error| {
        format!("{}: {error}; `cargo xtask build` makes the page first", site.display())
    })?;
    let table = Path::new(&env::var("OUT_DIR")?).join("site.rs");
    fs::write(table, table_of(&site)?)?;
    Ok(())
}

/// The table as Rust source, sorted by path.
fn table_of(site: &Path) -> Result<String, Box<dyn Error>> {
    let files = files_below(site)?;
    let mut rows = Vec::new();
    for file in files.iter().filter(|file| !is_encoding(file)) {
        let path = file.strip_prefix(site)?.iter().map(|part| part.to_string_lossy());
        let path = path.collect::<Vec<_>>().join("/");
        let mut row = format!("({path:?}, Embedded {{ hash: {:#018x}", hash(&fs::read(file)?));
        write!(row, ", identity: include_bytes!({file:?})")?;
        for (field, ending) in [("brotli", "br"), ("gzip", "gz")] {
            match encoding(file, ending) {
                Some(encoded) => write!(row, ", {field}: Some(include_bytes!({encoded:?}))")?,
                None => write!(row, ", {field}: None")?,
            }
        }
        row.push_str(" }),\n");
        rows.push((path, row));
    }
    rows.sort();
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    Ok(format!("static SITE: &[(&str, Embedded)] = &[\n{rows}];\n"))
}

fn files_below(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let list = if path.is_dir() { &mut folders } else { &mut found };
            list.push(path);
        }
    }
    Ok(found)
}

fn is_encoding(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "br" || ending == "gz")
        && file.with_extension("").is_file()
}

fn encoding(file: &Path, ending: &str) -> Option<PathBuf> {
    let name = format!("{}.{ending}", file.file_name()?.to_string_lossy());
    Some(file.with_file_name(name)).filter(|encoded| encoded.is_file())
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
