//! `asklet render` and `asklet send`: the requests that carry responses, as the widget makes them.

mod load;
mod sample;
pub mod send;
mod show;

use std::process::ExitCode;

use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::delivery::{Outcome, Request, judge, most, request};
use asklet::core::value::map;

use super::json::Json;
use show::Sent;

/// What the exit status says.
pub const STATUS: &str = "Exit status: 0 where everything went well, 1 where the config has problems, a response does not fit it, or \
    (send) not everything was delivered, 2 where a file cannot be read or the command is not understood.";

/// What is sent, and where: the flags that `render` and `send` share; docs/deliver.md has the same table.
#[derive(clap::Args)]
struct What {
    /// A ready `delivery` block; `asklet presets` lists them.
    #[arg(long, value_name = "NAME", required_unless_present = "config", conflicts_with = "config")]
    preset: Option<String>,

    /// A config, or its `delivery` block alone; - is standard input.
    #[arg(long, value_name = "FILE")]
    config: Option<String>,

    /// Another value in `delivery.values`; repeat for more.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    values: Vec<String>,

    /// A response document, or a list of them; - is standard input. Without it the example of docs/deliver.md.
    #[arg(long, value_name = "FILE")]
    response: Option<String>,

    /// That many responses, the same ones with other ids: in one request as far as `batch` allows.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    batch: Option<u16>,

    /// The page's site, such as https://shop.example, where the config has a path only.
    #[arg(long, value_name = "ORIGIN")]
    base: Option<String>,
}

/// The flags of `asklet render`.
#[derive(clap::Args)]
pub struct RenderOptions {
    #[command(flatten)]
    what: What,

    /// As it goes over the line, as one JSON object a line, or as commands for curl.
    #[arg(long, value_name = "FORMAT", default_value = "http")]
    format: show::Format,
}

/// The flags of `asklet send`.
#[derive(clap::Args)]
pub struct SendOptions {
    #[command(flatten)]
    what: What,

    /// For people, or as one JSON object for each request.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Told,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Told {
    Text,
    Json,
}

/// Why nothing could be done.
enum Refusal {
    /// The command was wrong: a name that does not exist, a file that cannot be read.
    Command(String),
    /// The config or the response is.
    Content(Vec<String>),
}

impl Refusal {
    /// Tells the owner.
    fn report(self) -> ExitCode {
        let (lines, status) = match self {
            Refusal::Command(sentence) => (vec![format!("asklet: {sentence}")], 2),
            Refusal::Content(lines) => (lines, 1),
        };
        lines.iter().for_each(|line| super::say(line));
        ExitCode::from(status)
    }
}

/// The `delivery` block in a file: a config's, or the block by itself. The error has a line for each problem.
pub fn block(file: &str) -> Result<Value, String> {
    let what =
        What { preset: None, config: Some(file.into()), values: Vec::new(), response: None, batch: None, base: None };
    load::delivery(&what).map_err(|refusal| match refusal {
        Refusal::Command(sentence) => sentence,
        Refusal::Content(lines) => lines.join("\n"),
    })
}

/// A `delivery` block if nothing is wrong with it. `name`: where it comes from.
pub fn checked(delivery: Value, name: &str) -> Result<Value, String> {
    let (_, problems) = decode(&map([("delivery", delivery.clone())]));
    let own = problems.iter().find(|problem| problem.path.starts_with("delivery"));
    own.map_or(Ok(delivery), |problem| Err(format!("{name}: {} {}", problem.path, problem.message)))
}

/// Prints the requests.
pub fn render(options: &RenderOptions) -> Result<ExitCode, String> {
    let shown = prepare(&options.what).and_then(|(_, parts)| {
        let requests: Vec<Request> = parts.into_iter().map(|(request, _)| request).collect();
        show::requests(&requests, options.format)
    });
    match shown {
        Ok(text) => super::print(&text).map(|()| ExitCode::SUCCESS),
        Err(refusal) => Ok(refusal.report()),
    }
}

/// Sends them, one after the other.
pub fn send(options: &SendOptions) -> Result<ExitCode, String> {
    let (delivery, parts) = match prepare(&options.what) {
        Ok(prepared) => prepared,
        Err(refusal) => return Ok(refusal.report()),
    };
    if let Some((request, _)) = parts.iter().find(|(request, _)| request.url.starts_with('/')) {
        return Ok(Refusal::Command(show::needs_base(&request.url)).report());
    }
    let mut all = true;
    for (request, records) in parts {
        let ids: Vec<&str> = records.iter().map(|record| record.get("id").text().unwrap_or_default()).collect();
        let answer = send::send(&request);
        let outcomes = judge(&delivery, &ids, answer.as_ref().ok().map(|answer| &answer.reply), &Json);
        let sent = Sent { request: &request, answer: &answer, ids: &ids, outcomes: &outcomes };
        super::print(&match options.format {
            Told::Text => show::told(&sent),
            Told::Json => show::as_json(&sent),
        })?;
        all &= outcomes.iter().all(|outcome| *outcome == Outcome::Delivered);
    }
    Ok(ExitCode::from(u8::from(!all)))
}

/// The `delivery` block, and each request with the responses that it carries.
type Prepared = (Value, Vec<(Request, Vec<Value>)>);

fn prepare(what: &What) -> Result<Prepared, Refusal> {
    let delivery = load::delivery(what)?;
    let records = load::responses(what)?;
    let now = crate::now();
    let mut parts = Vec::new();
    for records in records.chunks(most(&delivery)) {
        let borrowed: Vec<&Value> = records.iter().collect();
        let mut request = request(&delivery, &borrowed, 1, now, &Json)
            .map_err(|fault| Refusal::Content(vec![format!("delivery.{} {}", fault.path, fault.message)]))?;
        if let Some(base) = what.base.as_deref().filter(|_| request.url.starts_with('/')) {
            request.url.insert_str(0, base.trim_end_matches('/'));
        }
        parts.push((request, records.to_vec()));
    }
    Ok((delivery, parts))
}
