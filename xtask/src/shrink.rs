//! Makes the release widget small: what nobody calls goes, on both sides of the border between wasm and glue.
//!
//! wasm-bindgen keeps every exported class and closure of every dependency (leptos brings wasm-streams), and
//! names each import with a hash that no compressor can shorten, once in the wasm and once in the glue.

use std::collections::HashMap;
use std::path::Path;

use walrus::Module;

use crate::sh::{self, Result};

/// WebAssembly proposals that every browser of the last years ships. Not `-all`: that has some they do not.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// Shrinks the glue and its wasm in place.
pub fn shrink(glue: &Path, wasm: &Path) -> Result {
    let shaken = sh::scratch().join("glue.mjs");
    sh::write(&shaken, without_side_effects(&sh::read(glue)?))?;
    let mut text = bundle(&shaken, glue, false)?;

    let mut module = read(wasm)?;
    delete_exports(&mut module, |name| !text.contains(&format!("wasm.{name}")));
    text = rename(&mut module, &text)?;
    sh::write(wasm, module.emit_wasm())?;
    optimise(wasm)?;

    let module = read(wasm)?;
    let used: Vec<&str> = module.imports.iter().map(|import| import.name.as_str()).collect();
    sh::write(&shaken, drop_imports(&text, &used))?;
    bundle(&shaken, glue, true).map(drop)
}

/// The glue with nothing in it that keeps a bundler from seeing which classes are unused.
fn without_side_effects(glue: &str) -> String {
    let lines = glue.lines().filter(|line| !line.starts_with("if (Symbol.dispose) IntoUnderlying"));
    lines
        .map(|line| line.replace("new FinalizationRegistry", "/* @__PURE__ */ new FinalizationRegistry") + "\n")
        .collect()
}

/// Bundles the exported functions and the default export of `module` into `out`: the rest falls away.
fn bundle(module: &Path, out: &Path, minify: bool) -> Result<String> {
    let text = sh::read(module)?;
    let names: Vec<&str> = exported(&text);
    let entry = sh::scratch().join("entry.mjs");
    sh::write(&entry, format!("export {{ {} }} from \"./glue.mjs\";\n", names.join(", ")))?;
    let mut command = sh::npm_bin("esbuild");
    command.arg(&entry).args(["--bundle", "--format=esm", "--target=es2022"]);
    command.args(["--legal-comments=none", "--log-level=warning"]);
    if minify {
        command.arg("--minify");
    }
    let text = sh::output(&mut command)?;
    sh::write(out, &text)?;
    Ok(text)
}

/// What a module exports for the loader: the default, and the functions as wasm-bindgen or esbuild writes them.
fn exported(module: &str) -> Vec<&str> {
    let functions = module.lines().filter_map(|line| {
        line.strip_prefix("export function ").and_then(|rest| rest.split_once('(')).map(|(name, _)| name)
    });
    let list = module.rsplit_once("export {").map_or("", |(_, list)| list);
    let names = list.split(',').filter_map(|item| {
        let name = item.trim().trim_end_matches(';').trim().trim_end_matches('}').trim();
        let name = name.rsplit_once(" as ").map_or(name, |(_, name)| name);
        (!name.is_empty() && name != "initSync").then_some(name)
    });
    functions.chain(names).collect()
}

/// Gives every import and export a name of one or two letters, and returns the glue with the same names.
fn rename(module: &mut Module, glue: &str) -> Result<String> {
    let imports: HashMap<String, String> =
        module.imports.iter().enumerate().map(|(i, import)| (import.name.clone(), short(i))).collect();
    let exports: HashMap<String, String> =
        module.exports.iter().enumerate().map(|(i, export)| (export.name.clone(), short(i))).collect();
    for import in module.imports.iter_mut() {
        if !glue.contains(&format!("{}: function", import.name)) {
            return Err(format!("the glue has no import `{}`: wasm-bindgen writes it differently now", import.name));
        }
        import.name.clone_from(&imports[&import.name]);
        import.module = "a".into();
    }
    for export in module.exports.iter_mut() {
        export.name.clone_from(&exports[&export.name]);
    }

    let mut out = String::with_capacity(glue.len());
    let mut rest = glue.replacen("\"./asklet_bg.js\":", "\"a\":", 1);
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
        out.push_str(&rest[..start]);
        let word = &rest[start..end];
        let new = if out.ends_with("wasm.") {
            exports.get(word)
        } else if rest[end..].starts_with(": function") {
            imports.get(word)
        } else {
            None
        };
        out.push_str(new.map_or(word, String::as_str));
        rest = rest.split_off(end);
    }
    Ok(out + &rest)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// a, b, ... z, aa, ab, ...
fn short(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { letter.to_string() } else { short(index / 26 - 1) + &letter.to_string() }
}

/// The glue without the imports that the optimised program no longer has. esbuild writes one property after the
/// other, each from a line with its name to the line before the next.
fn drop_imports(glue: &str, used: &[&str]) -> String {
    const INDENT: &str = "    ";
    let name = |line: &str| -> Option<String> {
        let (name, _) = line.strip_prefix(INDENT)?.split_once(": function")?;
        name.chars().all(is_word).then(|| name.to_string())
    };
    let mut keep = true;
    let mut out = String::with_capacity(glue.len());
    for line in glue.lines() {
        if let Some(name) = name(line) {
            keep = used.contains(&name.as_str());
        } else if !line.starts_with(INDENT) {
            keep = true;
        }
        if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn optimise(wasm: &Path) -> Result {
    let mut command = sh::npm_bin("wasm-opt");
    command.arg(wasm).args(FEATURES);
    // -Os compresses better than -Oz, which prefers what is short before compression; a flat program rebuilt
    // (flatten, rereloop) better still.
    command.args([
        "--flatten",
        "--rereloop",
        "--gufa",
        "-Os",
        "--converge",
        "--monomorphize",
        "--one-caller-inline-max-function-size=100",
    ]);
    command.args(["--strip-debug", "--strip-producers", "--strip-target-features", "-o"]);
    sh::run(command.arg(wasm), "wasm-opt failed: see above")
}

fn delete_exports(module: &mut Module, unwanted: impl Fn(&str) -> bool) {
    let ids: Vec<_> = module.exports.iter().filter(|export| unwanted(&export.name)).map(|export| export.id()).collect();
    ids.into_iter().for_each(|id| module.exports.delete(id));
}

fn read(wasm: &Path) -> Result<Module> {
    Module::from_file(wasm).map_err(|error| format!("cannot read {}: {error:#}", wasm.display()))
}
