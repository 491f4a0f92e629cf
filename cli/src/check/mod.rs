//! `asklet check`: everything that is wrong in a config, and what is surely not meant, each with its place.

mod advise;
mod codes;
mod platform;
mod source;

use std::io::Read;
use std::process::ExitCode;

use asklet::core::config::{Problem, decode};
use asklet::core::time::Millis;

use codes::{Severity, WARNINGS, is_about_key};
use source::Place;
pub use source::{Source, read as parse};

/// The flags of `asklet check`; docs/check.md has the same table.
#[derive(clap::Args)]
pub struct Options {
    /// The configs; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,

    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Warnings count as problems.
    #[arg(long)]
    strict: bool,

    /// A warning that is not to be given, by its code; repeat for more.
    #[arg(long = "allow", value_name = "CODE", value_parser = clap::builder::PossibleValuesParser::new(WARNINGS), hide_possible_values = true)]
    allowed: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Something to say about a config.
struct Finding {
    file: String,
    place: Place,
    severity: Severity,
    code: &'static str,
    /// Keys and indices from the root; empty for the whole.
    path: String,
    /// What is wrong and what to do, as a sentence that goes on from the path.
    message: String,
}

/// Checks the files and prints what was found: 0 where nothing is wrong, 1 where something is, 2 where a file cannot be read.
pub fn run(options: &Options) -> Result<ExitCode, String> {
    let now = crate::now();
    let (mut findings, mut unread) = (Vec::new(), false);
    for file in &options.files {
        match read(file) {
            Ok(bytes) => findings.extend(check(file, &bytes, now)),
            Err(error) => {
                super::say(&format!("asklet: cannot read {file}: {error}"));
                unread = true;
            }
        }
    }
    findings.retain(|finding| !options.allowed.iter().any(|code| code == finding.code));
    super::print(&match options.format {
        Format::Text => text(&findings, options.files.len()),
        Format::Json => json(&findings, options.files.len()),
    })?;
    let wrong = findings.iter().any(|finding| options.strict || finding.severity == Severity::Problem);
    Ok(ExitCode::from(if unread { 2 } else { u8::from(wrong) }))
}

/// The bytes of a file; `-` is standard input.
pub fn read(file: &str) -> std::io::Result<Vec<u8>> {
    if file != "-" {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Everything there is to say about one config, in the order of the text.
fn check(file: &str, bytes: &[u8], now: Millis) -> Vec<Finding> {
    let file = if file == "-" { "<stdin>" } else { file };
    let (document, source) = match source::read(bytes) {
        Ok(read) => read,
        Err((place, message)) => {
            let (file, path) = (file.into(), String::new());
            return vec![Finding { file, place, severity: Severity::Problem, code: "syntax", path, message }];
        }
    };
    let (config, mut problems) = decode(&document);
    problems.extend(platform::not_understood(&document));
    let warnings = advise::advise(&document, &config, &problems, now);
    let graded = |severity| {
        let source = &source;
        move |problem| found(file, source, severity, problem)
    };
    let problems = problems.into_iter().map(graded(Severity::Problem));
    let mut findings: Vec<Finding> = problems.chain(warnings.into_iter().map(graded(Severity::Warning))).collect();
    findings.sort_by_key(|finding| finding.place);
    findings
}

fn found(file: &str, source: &Source, severity: Severity, problem: Problem) -> Finding {
    let place = source.place(&problem.path, is_about_key(problem.code));
    Finding { file: file.into(), place, severity, code: problem.code, path: problem.path, message: problem.message }
}

/// A problem in one line, as `asklet check` writes it.
pub fn problem_line(file: &str, source: &Source, problem: Problem) -> String {
    line(&found(file, source, Severity::Problem, problem)).trim_end().into()
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

/// A line as compilers write it.
fn line(Finding { file, place, severity, code, path, message }: &Finding) -> String {
    let space = if path.is_empty() { "" } else { " " };
    let (line, column, severity) = (place.line, place.column, severity.name());
    format!("{file}:{line}:{column}: {severity}[{code}] {path}{space}{message}\n")
}

/// A line each, and a line with the sum.
fn text(findings: &[Finding], files: usize) -> String {
    let text: String = findings.iter().map(line).collect();
    let counted = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let problems = counted(count(findings, Severity::Problem), "problem");
    let warnings = counted(count(findings, Severity::Warning), "warning");
    text + &format!("{}, {problems}, {warnings}\n", counted(files, "file"))
}

/// The same as one JSON object.
fn json(findings: &[Finding], files: usize) -> String {
    let list: Vec<_> = findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "file": finding.file,
                "line": finding.place.line,
                "column": finding.place.column,
                "severity": finding.severity.name(),
                "code": finding.code,
                "path": finding.path,
                "message": finding.message,
            })
        })
        .collect();
    let document = serde_json::json!({
        "files": files,
        "problems": count(findings, Severity::Problem),
        "warnings": count(findings, Severity::Warning),
        "findings": list,
    });
    format!("{document:#}\n")
}
