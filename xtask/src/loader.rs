//! The loader's two forms, bundled from `loader/` with the names of the files that it fetches.

use std::path::Path;

use crate::sh::{self, Result};

/// The names that the loader is built with.
pub struct Names<'a> {
    pub glue: &'a str,
    pub wasm: &'a str,
}

/// Writes `asklet.js` (classic script) and `asklet.mjs` (module) into `out`.
pub fn build(out: &Path, names: &Names, minify: bool) -> Result {
    for (entry, file, format) in [("loader/tag.js", "asklet.js", "iife"), ("loader/module.js", "asklet.mjs", "esm")] {
        let mut command = sh::npm_bin("esbuild");
        command.args([entry, "--bundle", "--target=es2022", "--legal-comments=none", "--log-level=warning"]);
        command.arg(format!("--format={format}")).arg(format!("--outfile={}", out.join(file).display()));
        for (name, value) in [("GLUE", names.glue), ("WASM", names.wasm), ("VERSION", env!("CARGO_PKG_VERSION"))] {
            command.arg(format!("--define:__ASKLET_{name}__=\"{value}\""));
        }
        if minify {
            command.arg("--minify");
        }
        sh::run(&mut command, &format!("esbuild failed on {entry}: see above"))?;
    }
    Ok(())
}
