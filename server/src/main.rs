//! `unspool`: one binary that holds its page, its database and its engine.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::run(None).await
}
