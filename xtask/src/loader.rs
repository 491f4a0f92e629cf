//! The loader: its two forms, and the parts that it fetches where they are needed, bundled from `loader/`.

use std::path::Path;
use std::process::Command;

use crate::sh::{self, Result};

/// The names of the files that the loader fetches, seen from where it is.
pub struct Names<'a> {
    /// The widget's program, and what joins it to JavaScript.
    pub glue: &'a str,
    pub wasm: &'a str,
    /// The parts, see [`parts`].
    pub watch: &'a str,
    pub debug: &'a str,
}

/// Writes the loader's parts: the one that watches, the one that shows why surveys are asked or not.
pub fn parts(watch: &Path, debug: &Path, minify: bool) -> Result {
    for (entry, file) in [("loader/watch/watch.js", watch), ("loader/debug/debug.js", debug)] {
        run(esbuild(entry, file, "esm", minify), entry)?;
    }
    Ok(())
}

/// Writes `asklet.js` (classic script) and `asklet.mjs` (module) into `out`.
pub fn build(out: &Path, names: &Names, minify: bool) -> Result {
    for (entry, file, format) in [("loader/tag.js", "asklet.js", "iife"), ("loader/module.js", "asklet.mjs", "esm")] {
        let mut command = esbuild(entry, &out.join(file), format, minify);
        let Names { glue, wasm, watch, debug } = names;
        let version = env!("CARGO_PKG_VERSION");
        for (name, value) in [("GLUE", glue), ("WASM", wasm), ("WATCH", watch), ("DEBUG", debug), ("VERSION", &version)]
        {
            command.arg(format!("--define:__ASKLET_{name}__=\"{value}\""));
        }
        run(command, entry)?;
    }
    Ok(())
}

fn esbuild(entry: &str, file: &Path, format: &str, minify: bool) -> Command {
    let mut command = sh::npm_bin("esbuild");
    command.args([entry, "--bundle", "--target=es2022", "--legal-comments=none", "--log-level=warning"]);
    command.arg(format!("--format={format}")).arg(format!("--outfile={}", file.display()));
    if minify {
        command.arg("--minify");
    }
    command
}

fn run(mut command: Command, entry: &str) -> Result {
    sh::run(&mut command, &format!("esbuild failed on {entry}: see above"))
}
