//! The widget as a program: cargo, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::{Bindgen, Output};

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
    // The few lines of JavaScript of our own go into the glue.
    let folder = sh::scratch().join("bound");
    let _ = std::fs::remove_dir_all(&folder);
    for (path, text) in output.local_modules() {
        sh::write(&folder.join("snippets").join(path), text)?;
    }
    let glue = through_glue(&mut output)?;
    sh::write(&folder.join("glue.mjs"), glue)?;
    // Nothing else is asked for: what only other exports need is left out.
    sh::write(&folder.join("entry.mjs"), "export { call, default } from \"./glue.mjs\";\n")?;
    let mut command = sh::npm_bin("esbuild");
    command.arg(folder.join("entry.mjs")).args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    sh::run(command.arg(format!("--outfile={}", glue_out.display())), "esbuild failed on the glue: see above")?;
    sh::write(wasm_out, output.wasm_mut().emit_wasm())
}

/// The glue, with what wasm-bindgen lets the wasm import straight from JavaScript of ours imported through it, like all the
/// rest: so the names can be shortened, and everything is one file.
fn through_glue(output: &mut Output) -> Result<String> {
    const LOCAL: &str = "./snippets/";
    let (mut paths, mut functions) = (Vec::new(), String::new());
    for import in output.wasm_mut().imports.iter_mut().filter(|import| import.module.starts_with(LOCAL)) {
        paths.push(std::mem::replace(&mut import.module, "./asklet_bg.js".into()));
        let name = format!("__wbg_local_{}", import.name);
        functions += &format!("{name}: function(...args) {{ return local.{}(...args); }},\n", import.name);
        import.name = name;
    }
    paths.dedup();
    let path = match paths.as_slice() {
        [] => return Ok(output.js().to_string()),
        [path] => path,
        _ => return Err(format!("JavaScript of ours in several files is not provided for: {}", paths.join(", "))),
    };
    let foreign = |line: &&str| !line.starts_with("import * as import") && !line.contains(&format!("\"{LOCAL}"));
    let lines: Vec<&str> = output.js().lines().filter(foreign).collect();
    let first = "__proto__: null,";
    let glue = lines.join("\n").replacen(first, &format!("{first}\n{functions}"), 1);
    Ok(format!("import * as local from \"{path}\";\n{glue}\n"))
}
