//! The loader: its two forms, and the parts that it fetches where they are needed, bundled from `loader/`.

use std::path::Path;
use std::process::Command;

use crate::locales;
use crate::sh::{self, Result};

/// The names of the files that the loader fetches, seen from where it is.
pub struct Names<'a> {
    /// The widget's program, and what joins it to JavaScript.
    pub glue: &'a str,
    pub wasm: &'a str,
    /// The parts, see [`parts`].
    pub watch: &'a str,
    pub debug: &'a str,
    /// What the widget fetches by itself: for prompts, and for requests of an owner's own form.
    pub more: &'a str,
    pub form: &'a str,
}

/// What a service worker imports. Its name is in the owner's code, so it has no hash.
pub const WORKER: &str = "asklet-worker.mjs";

/// Writes the loader's parts, the one that watches and the one that shows why surveys are asked or not; and what not every
/// prompt needs.
pub fn parts(watch: &Path, debug: &Path, more: &Path, form: &Path, minify: bool) -> Result {
    let parts = [
        ("loader/watch/watch.js", watch),
        ("loader/debug/debug.js", debug),
        ("src/browser/more.js", more),
        ("src/browser/form.js", form),
    ];
    for (entry, file) in parts {
        run(esbuild(entry, file, "esm", minify), entry)?;
    }
    Ok(())
}

/// Writes `asklet.js` (classic script), `asklet.mjs` (module) and `asklet-worker.mjs` (for service workers) into `out`.
pub fn build(out: &Path, names: &Names, minify: bool) -> Result {
    let files = sh::scratch().join("files.mjs");
    sh::write(&files, addresses(names)?)?;
    for (entry, file, format) in [
        ("loader/tag.js", "asklet.js", "iife"),
        ("loader/module.js", "asklet.mjs", "esm"),
        ("loader/worker.js", WORKER, "esm"),
    ] {
        let mut command = esbuild(entry, &out.join(file), format, minify);
        let Names { glue, wasm, watch, debug, .. } = names;
        let version = env!("CARGO_PKG_VERSION");
        for (name, value) in [("GLUE", glue), ("WASM", wasm), ("WATCH", watch), ("DEBUG", debug), ("VERSION", &version)]
        {
            command.arg(format!("--define:__ASKLET_{name}__=\"{value}\""));
        }
        command.arg(format!("--alias:asklet-files={}", files.display()));
        command.arg(format!("--alias:asklet-glue=./{}", names.glue)).arg(format!("--external:./{}", names.glue));
        run(command, entry)?;
    }
    Ok(())
}

/// A module with the addresses of what the widget fetches by itself, written out, so that bundlers find the files and take them
/// along.
fn addresses(names: &Names) -> Result<String> {
    let mut code = String::from("export const files = {\n");
    let mut add = |name: &str, path: &str| code += &format!("  {name:?}: new URL({path:?}, import.meta.url),\n");
    add("more", names.more);
    add("form", names.form);
    for tag in locales::tags()? {
        add(&tag, &format!("locales/{tag}.json"));
    }
    Ok(code + "};\n")
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
