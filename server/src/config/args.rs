use clap::{Parser, Subcommand};

use super::words::LOGGED;

const AUTO: &str = "\
With --provider=auto, the first of these answers:
  openai, when --base-url or --api-key is given
  whose variable is set: OPENAI_API_KEY (at OPENAI_BASE_URL, when set), ARK_API_KEY,
    DASHSCOPE_API_KEY, DEEPSEEK_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, ANTHROPIC_API_KEY,
    GROQ_API_KEY, MISTRAL_API_KEY, OLLAMA_HOST
  an Ollama on this machine
  builtin";

/// What the program does instead of serving.
#[derive(Clone, Copy, Subcommand)]
pub(super) enum Command {
    /// Prints the licences of all that is inside
    Licenses,
}

/// The program's settings as text: flags first, then the environment, then the defaults.
#[derive(Parser)]
#[command(
    name = "unspool",
    version,
    about = "Long text in, a title and a summary out, while you watch.",
    after_help = AUTO
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// Where it listens; port 0 picks a free one
    #[arg(long, env = "UNSPOOL_ADDR", default_value = "127.0.0.1:5001")]
    pub(super) addr: String,
    /// Folder of the database, from where it is started; made when missing
    #[arg(long, env = "UNSPOOL_DATA", default_value = "unspool-data")]
    pub(super) data: String,
    /// Who answers: builtin, openai (any OpenAI-compatible endpoint), ollama, the name of a well-known
    /// one (as deepseek or llamacpp), or auto
    #[arg(long, env = "UNSPOOL_PROVIDER", default_value = "auto")]
    pub(super) provider: String,
    /// The provider's address, as http://127.0.0.1:8080/v1
    #[arg(long, env = "UNSPOOL_BASE_URL")]
    pub(super) base_url: Option<String>,
    /// The provider's key
    #[arg(long, env = "UNSPOOL_API_KEY", hide_env_values = true)]
    pub(super) api_key: Option<String>,
    /// The model that answers
    #[arg(long, env = "UNSPOOL_MODEL")]
    pub(super) model: Option<String>,
    /// Origins that browsers may call from, comma-separated, or * for any site
    #[arg(long, env = "UNSPOOL_CORS_ORIGINS", default_value = "")]
    pub(super) cors_origins: String,
    /// Names that the server is asked for by, beside IP addresses and localhost, comma-separated
    #[arg(long, env = "UNSPOOL_HOSTS", default_value = "")]
    pub(super) hosts: String,
    /// Who may embed the page: 'self', 'none', or sites as https://portal.example
    #[arg(long, env = "UNSPOOL_FRAME_ANCESTORS", default_value = "'self'")]
    pub(super) frame_ancestors: String,
    /// Longest request body in bytes
    #[arg(long, env = "UNSPOOL_MAX_INPUT_BYTES", default_value = "4194304")]
    pub(super) max_input_bytes: String,
    /// Silence in milliseconds after which a stream sends a comment line
    #[arg(long, env = "UNSPOOL_HEARTBEAT_MS", default_value = "15000")]
    pub(super) heartbeat_ms: String,
    /// Silence in milliseconds after which a provider is given up
    #[arg(long, env = "UNSPOOL_PROVIDER_TIMEOUT_MS", default_value = "120000")]
    pub(super) provider_timeout_ms: String,
    /// Generations that run at once
    #[arg(long, env = "UNSPOOL_MAX_RUNNING", default_value = "256")]
    pub(super) max_running: String,
    /// Generations that wait for their turn; more get 503
    #[arg(long, env = "UNSPOOL_MAX_WAITING", default_value = "64")]
    pub(super) max_waiting: String,
    /// Connections at once
    #[arg(long, env = "UNSPOOL_MAX_CONNECTIONS", default_value = "16384")]
    pub(super) max_connections: String,
    /// Connections at once from one address
    #[arg(long, env = "UNSPOOL_MAX_CONNECTIONS_PER_ADDRESS", default_value = "4096")]
    pub(super) max_connections_per_address: String,
    /// Milliseconds that a client may take to send a request's head
    #[arg(long, env = "UNSPOOL_HEAD_DEADLINE_MS", default_value = "10000")]
    pub(super) head_deadline_ms: String,
    /// Milliseconds that a client may take to send a request's body
    #[arg(long, env = "UNSPOOL_BODY_DEADLINE_MS", default_value = "30000")]
    pub(super) body_deadline_ms: String,
    /// Milliseconds after which a client that reads nothing is let go
    #[arg(long, env = "UNSPOOL_STALL_MS", default_value = "30000")]
    pub(super) stall_ms: String,
    /// Days after which generations are removed; 0 keeps them
    #[arg(long, env = "UNSPOOL_RETAIN_DAYS", default_value = "0")]
    pub(super) retain_days: String,
    /// Bytes of generations that are kept, the newest first; 0 keeps all
    #[arg(long, env = "UNSPOOL_RETAIN_BYTES", default_value = "0")]
    pub(super) retain_bytes: String,
    /// What is logged: levels, or targets with their levels, as engine=debug
    #[arg(long, env = "UNSPOOL_LOG", default_value = LOGGED)]
    pub(super) log: String,
}
