use crate::workspace::Workspace;
use anyhow::Result;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// A part of a command that succeeds or fails on its own.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Workspace) -> Result<()>,
}

/// How a step went.
struct Outcome {
    name: &'static str,
    passed: bool,
    took: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.passed { "ok" } else { "FAILED" };
        write!(f, "{:<12} {mark:<6} {:>7.1} s", self.name, self.took.as_secs_f64())
    }
}

/// Runs the steps until one fails. Prints the outcome of each when it ends, and again of all at the
/// end, as the steps' own output is between them.
pub(crate) fn run<'a>(
    workspace: &Workspace,
    steps: impl IntoIterator<Item = &'a Step>,
) -> Result<()> {
    let mut outcomes = Vec::new();
    let mut failure = None;
    for step in steps {
        println!("\n=== {} ===", step.name);
        let start = Instant::now();
        failure = (step.run)(workspace).err();
        let outcome = Outcome { name: step.name, passed: failure.is_none(), took: start.elapsed() };
        println!("{outcome}");
        outcomes.push(outcome);
        if failure.is_some() {
            break;
        }
    }
    println!("\n=== summary ===");
    for outcome in &outcomes {
        println!("{outcome}");
    }
    let passed = outcomes.iter().filter(|outcome| outcome.passed).count();
    println!("{passed} steps passed, {} failed", outcomes.len() - passed);
    match (failure, outcomes.last()) {
        (Some(error), Some(last)) => Err(error.context(format!("{} failed", last.name))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn the_first_step_that_fails_ends_the_run() {
        let workspace = Workspace::find().unwrap();
        let steps = [
            Step { name: "fine", run: |_| Ok(()) },
            Step { name: "broken", run: |_| bail!("no disk") },
            Step { name: "never", run: |_| bail!("this was run") },
        ];
        let error = run(&workspace, &steps).unwrap_err();
        assert_eq!(format!("{error:#}"), "broken failed: no disk");
        assert!(run(&workspace, &steps[..1]).is_ok());
    }

    #[test]
    fn a_line_says_how_a_step_went_and_how_long_it_took() {
        let took = Duration::from_millis(61_250);
        let outcome = Outcome { name: "clippy", passed: true, took };
        assert_eq!(outcome.to_string(), "clippy       ok        61.2 s");
        let outcome = Outcome { name: "clippy-wasm", passed: false, took };
        assert_eq!(outcome.to_string(), "clippy-wasm  FAILED    61.2 s");
    }
}
