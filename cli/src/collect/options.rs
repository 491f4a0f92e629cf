//! What `asklet collect` can be told.

use std::path::PathBuf;
use std::time::Duration;

use asklet::core::time::{Millis, parse_duration};

use super::alert::Rule;
use super::origin::parse_origin;

/// The flags of `asklet collect`; docs/collect.md has the same table.
#[derive(clap::Args)]
pub struct Options {
    /// The SQLite file; made if it is missing.
    #[arg(long, value_name = "FILE", default_value = "responses.sqlite")]
    pub db: PathBuf,

    /// Where to listen; port 0 takes a free one and prints it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub listen: String,

    /// A site whose pages may post; repeat for more. Without it every site may.
    #[arg(long = "origin", value_name = "ORIGIN", value_parser = parse_origin)]
    pub origins: Vec<String>,

    /// A site whose pages may read GET /responses; repeat for more. Without it none may.
    #[arg(long = "read-origin", value_name = "ORIGIN", value_parser = parse_origin)]
    pub read_origins: Vec<String>,

    /// The bearer token that GET /responses asks for. Without it, reading works only on this machine.
    #[arg(long, value_name = "TOKEN", env = "ASKLET_READ_TOKEN", hide_env_values = true, value_parser = parse_token)]
    pub read_token: Option<String>,

    /// Serve the report at /report, to whoever may read.
    #[arg(long)]
    pub report: bool,

    /// Erase what arrived longer ago than this, such as 400d.
    #[arg(long, value_name = "DURATION", value_parser = parse_keep)]
    pub keep: Option<Millis>,

    /// Where responses are posted at once that need somebody: a webhook.
    #[arg(long, value_name = "URL", env = "ASKLET_ALERT", hide_env_values = true)]
    pub alert: Option<String>,

    /// A `delivery` block for that, as in a config; `asklet preset slack` prints one.
    #[arg(long, value_name = "FILE", conflicts_with = "alert")]
    pub alert_delivery: Option<String>,

    /// Which responses: contact (the visitor may be contacted), detractor, dissatisfied, hard, or nps<5; repeat for more.
    #[arg(long, value_name = "RULE", value_parser = Rule::parse, default_values = ["contact", "detractor", "dissatisfied", "hard"])]
    pub alert_when: Vec<Rule>,

    /// A reverse proxy of yours is in front: take the client's address from the last X-Forwarded-For entry.
    #[arg(long)]
    pub behind_proxy: bool,

    /// The largest body of a request, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 131_072, value_parser = clap::value_parser!(u32).range(1024..))]
    pub max_body: u32,

    /// Requests a second from one client address, for good; ten seconds' worth may come at once.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub rate: u32,

    /// The same for clients on this machine.
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub local_rate: u32,

    /// Requests that may wait for the disk; more are told to come back.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue: u32,

    /// Connections served at a time; more wait to be accepted.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub connections: u32,

    /// How long a request may take to arrive, an answer to be stored, and a reader to take what was sent.
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
}

impl Options {
    /// The time limit.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.into())
    }
}

fn parse_keep(text: &str) -> Result<Millis, String> {
    parse_duration(text)
        .filter(|span| *span > 0)
        .ok_or_else(|| "write a whole number and s, m, h or d, such as 400d".into())
}

fn parse_token(text: &str) -> Result<String, String> {
    if text.len() < 16 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("use at least 16 characters, no spaces; `openssl rand -hex 16` makes one".into());
    }
    Ok(text.into())
}
