use crate::site::{self, Files};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// What the first page loads before it can be used. Chunks of later pages do not count.
const FIRST_LOAD: [&str; 3] = ["pkg/unspool.css.br", "pkg/unspool.js.br", "pkg/unspool_bg.wasm.br"];
/// The file that holds the budget, in bytes.
const BUDGET: &str = "frontend/first-load-budget";

/// Prints the compressed size of what the first page loads. Fails when that is over the budget.
pub(crate) fn check(files: &Files, root: &Path) -> Result<()> {
    let text = String::from_utf8(site::read(&root.join(BUDGET))?)?;
    let allowed: usize = text.trim().parse().with_context(|| format!("{BUDGET}: {text}"))?;
    let size = |path| files.iter().find(|(file, _)| *file == path).map(|(_, bytes)| bytes.len());
    let mut sum = 0;
    for path in FIRST_LOAD {
        let bytes = size(path).with_context(|| format!("the page has no {path}"))?;
        println!("{path:<24} {bytes:>8} bytes");
        sum += bytes;
    }
    println!("{:<24} {sum:>8} bytes of {allowed}", "first load");
    if sum > allowed {
        bail!("the first page loads {} bytes more than {BUDGET} allows", sum - allowed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_the_budget_fails_and_chunks_of_later_pages_do_not_count() {
        let root = std::env::temp_dir().join(format!("unspool-budget-{}", std::process::id()));
        site::write(&root.join(BUDGET), b"30\n").unwrap();
        let mut files = Files::default();
        for path in FIRST_LOAD {
            files.add(path, [0; 10]);
        }
        files.add("pkg/later.wasm.br", [0; 10]);
        assert!(check(&files, &root).is_ok());
        files.add(FIRST_LOAD[0], [0; 11]);
        assert!(check(&files, &root).unwrap_err().to_string().contains("1 bytes more"));
        std::fs::remove_dir_all(&root).unwrap();
    }
}
