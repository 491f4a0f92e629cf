//! How many tests passed, read from what the runners print.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use crate::sh::Result;

/// Tests of a suite, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// One check that either holds or does not.
pub fn check(holds: bool) -> Counts {
    if holds { Counts { passed: 1, ..Counts::default() } } else { Counts { failed: 1, ..Counts::default() } }
}

/// Runs a test program, shows what it prints and counts. A program that fails without saying that a test
/// failed (it did not compile, it crashed) counts as one failure.
pub fn run(command: &mut Command) -> Result<Counts> {
    let name = command.get_program().to_string_lossy().into_owned();
    let cannot = |error: std::io::Error| format!("cannot run {name}: {error}");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(cannot)?;
    let mut counts = Counts::default();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.map_err(cannot)?;
        println!("{line}");
        counts += of_line(&line);
    }
    let succeeded = child.wait().map_err(cannot)?.success();
    if !succeeded && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// What a line of a runner's output adds: the result line of Rust's harness, or a summary line of Node's.
fn of_line(line: &str) -> Counts {
    let mut counts = Counts::default();
    if let Some(rest) = line.trim().strip_prefix("test result:") {
        let parts = rest.split_once(". ").map_or(rest, |(_, parts)| parts);
        for part in parts.split(';') {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => counts.passed = number,
                Some("failed") => counts.failed = number,
                Some("ignored") => counts.skipped = number,
                _ => {}
            }
        }
        return counts;
    }
    // `# pass 3` from the tap reporter, `ℹ pass 3` from the spec reporter.
    let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else { return counts };
    if let Some((word, Ok(number))) = rest.split_once(' ').map(|(word, number)| (word, number.parse())) {
        match word {
            "pass" => counts.passed = number,
            "fail" | "cancelled" => counts.failed = number,
            "skipped" | "todo" => counts.skipped = number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_runners() {
        let check = |line: &str, passed, failed, skipped| {
            assert_eq!(of_line(line), Counts { passed, failed, skipped }, "{line}");
        };
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s",
            12,
            0,
            1,
        );
        check("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out", 1, 2, 0);
        check("# pass 7", 7, 0, 0);
        check("ℹ fail 2", 0, 2, 0);
        check("ℹ cancelled 1", 0, 1, 0);
        check("# skipped 3", 0, 0, 3);
        check("# tests 12", 0, 0, 0);
        check("test core::globs ... ok", 0, 0, 0);
    }
}
