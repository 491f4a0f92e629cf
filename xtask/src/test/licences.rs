//! Every dependency's licence is one that a site owner can live with.

use serde_json::Value;

use super::counts::{self, Counts};
use crate::sh::{self, Result};
use crate::toolchain;

/// Licences that may go into the widget, the endpoint and the tools.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // The certificates of Mozilla's list, which are data.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "blessing",
];

/// Licences of npm packages that only the tests use; nothing of them is shipped.
const ALLOWED_IN_TESTS: &[&str] = &["MPL-2.0", "BlueOak-1.0.0", "Python-2.0"];

/// Checks the crates of cargo's lock file and the packages of npm's.
pub fn suite() -> Result<Option<Counts>> {
    let mut total = Counts::default();
    for (what, dependencies) in [("crates", crates()?), ("npm packages", npm_packages()?)] {
        println!("{} {what}", dependencies.len());
        let refused = dependencies.iter().filter(|(_, licence, extra)| !allows(licence, extra));
        let refused = refused.inspect(|(name, licence, _)| {
            println!("{name} is under `{licence}`, which is not in the list of xtask/src/test/licences.rs");
        });
        total += counts::check(refused.count() == 0 && !dependencies.is_empty());
    }
    Ok(Some(total))
}

/// A dependency: its name, its licence expression, and what is allowed for it besides the common list.
type Dependency = (String, String, &'static [&'static str]);

fn crates() -> Result<Vec<Dependency>> {
    // Of the platforms that things are built for here: cargo would fetch Windows' bindings only to read them.
    // `cargo xtask audit` reads all.
    let mut command = sh::cargo();
    command.args(["metadata", "--format-version=1", "--locked", "--filter-platform", toolchain::TARGET]);
    command.args(["--filter-platform", &toolchain::host()?]);
    let text = sh::output(&mut command)?;
    let metadata = parse(&text, "cargo metadata")?;
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_string();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages
        .map(|package| {
            let name = format!("{} {}", text(package, "name"), text(package, "version"));
            (name, text(package, "license"), &[][..])
        })
        .collect())
}

fn npm_packages() -> Result<Vec<Dependency>> {
    let lock = parse(&sh::read(&sh::root().join("package-lock.json"))?, "package-lock.json")?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    Ok(packages
        .map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let licence = package["license"].as_str().unwrap_or_default();
            let extra = if package["dev"] == true { ALLOWED_IN_TESTS } else { &[] };
            (name.to_string(), licence.to_string(), extra)
        })
        .collect())
}

fn parse(text: &str, what: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| format!("{what} is no JSON: {error}"))
}

/// Whether an SPDX expression can be met from the list: one side of an OR is enough, an AND needs both.
fn allows(expression: &str, extra: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at, extra);
    met && at == words.len()
}

fn any(words: &[&str], at: &mut usize, extra: &[&str]) -> bool {
    let mut met = all(words, at, extra);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, extra);
    }
    met
}

fn all(words: &[&str], at: &mut usize, extra: &[&str]) -> bool {
    let mut met = one(words, at, extra);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, extra);
    }
    met
}

fn one(words: &[&str], at: &mut usize, extra: &[&str]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any(words, at, extra);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    let mut name = (*word).to_string();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    ALLOWED.contains(&name.as_str()) || extra.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_licence_expressions() {
        let check = |expression: &str, expect: bool| assert_eq!(allows(expression, &[]), expect, "{expression}");
        check("MIT OR Apache-2.0", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only AND MIT", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND GPL-2.0", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("GPL-2.0 WITH Classpath-exception-2.0", false);
        check("(MIT", false);
        check("MIT Apache-2.0", false);
        check("", false);
        assert!(allows("MPL-2.0", ALLOWED_IN_TESTS));
    }
}
