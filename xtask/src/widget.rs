//! The widget as a program: cargo, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::sh::{self, Result};
use crate::toolchain::{self, Build, Toolchain};

/// Minifies the prompt's style sheet into a file that the crate's build script reads.
pub fn style() -> Result<Option<PathBuf>> {
    let source = sh::root().join("style/prompt.css");
    if !source.is_file() {
        return Ok(None);
    }
    let css =
        sh::output(sh::npm_bin("esbuild").arg(&source).args(["--minify", "--target=chrome105,firefox110,safari16"]))?;
    let file = sh::scratch().join("prompt.css");
    sh::write_changed(&file, css.trim())?;
    Ok(Some(file))
}

/// Builds the crate and returns the path of the wasm as rustc wrote it.
pub fn compile(toolchain: &Toolchain, build: Build) -> Result<PathBuf> {
    let profile = if build == Build::Release { "widget" } else { "dev" };
    let mut command = toolchain.cargo("rustc", build)?;
    // Only the cdylib: with an rlib beside it cargo does no link-time optimisation.
    command.args(["--package=asklet", "--lib", "--crate-type=cdylib", "--features=embed"]);
    command.args(["--profile", profile]);
    if let Some(style) = style()? {
        command.env("ASKLET_STYLE", style);
    }
    sh::run(&mut command, "the widget does not compile: mend what the compiler says above")?;
    let folder = if build == Build::Release { "widget" } else { "debug" };
    Ok(toolchain.target.join(toolchain::TARGET).join(folder).join("asklet.wasm"))
}

/// Writes the glue and the wasm that belongs to it.
pub fn bind(wasm: &Path, glue_out: &Path, wasm_out: &Path, build: Build) -> Result {
    let failed = |error| format!("wasm-bindgen failed on {}: {error:#}", wasm.display());
    let release = build == Build::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("asklet", sh::read_bytes(wasm)?)
        .typescript(false)
        // The loader says where the wasm is.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(true);
    let mut output = bindgen.web(true).and_then(|b| b.generate_output()).map_err(failed)?;
    if output.snippets().values().any(|list| !list.is_empty()) || !output.local_modules().is_empty() {
        return Err("a dependency brings JavaScript snippets, which the widget does not ship: leave it out".into());
    }
    sh::write(wasm_out, output.wasm_mut().emit_wasm())?;
    sh::write(glue_out, output.js())
}
