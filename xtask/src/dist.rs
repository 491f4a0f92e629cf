//! `cargo xtask dist`: everything a site owner needs, in one folder.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::loader::{self, Names};
use crate::sh::{self, Result};
use crate::toolchain::{self, Build};
use crate::{endpoint, files, locales, shrink, sizes, widget};

/// Hand-written files that go into `dist/` or decide what does.
const SOURCES: &[&str] = &[
    "loader",
    "src/browser/more.js",
    "src/browser/form.js",
    "locales",
    "package.json",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// The folder that is written.
pub fn folder() -> PathBuf {
    sh::root().join("dist")
}

/// Builds `dist/` and returns its sizes. It is swapped in whole at the end, so a failing build leaves the last good one.
pub fn build(build: Build) -> Result<Value> {
    let toolchain = toolchain::find(false)?;
    let wasm = widget::compile(&toolchain, build)?;
    let schema = schema()?;

    let stamp = sh::scratch().join("dist.stamp");
    let key = key(&wasm, &schema, build)?;
    if folder().join("sizes.json").is_file() && std::fs::read_to_string(&stamp).is_ok_and(|old| old == key) {
        println!("dist/ is up to date");
        return sizes::read(&folder());
    }

    let out = beside("dist.new");
    let _ = std::fs::remove_dir_all(&out);
    let report = fill(&out, &wasm, &schema, build).inspect_err(|_| {
        let _ = std::fs::remove_dir_all(&out);
    })?;
    swap(&out)?;
    sh::write(&stamp, key)?;
    Ok(report)
}

fn fill(out: &Path, wasm_in: &Path, schema: &str, build: Build) -> Result<Value> {
    let minify = build == Build::Release;
    let [glue, wasm, watch, debug, more, form] =
        ["glue.mjs", "glue.wasm", "watch.mjs", "debug.mjs", "more.mjs", "form.mjs"].map(|name| out.join(name));
    widget::bind(wasm_in, &glue, &wasm, build)?;
    if minify {
        shrink::shrink(&glue, &wasm)?;
    }
    loader::parts(&watch, &debug, &more, &form, minify)?;
    // One hash for all of them: each further one would cost every page some bytes, and a release changes them all anyway.
    let hash = files::hash(&[&wasm, &glue, &watch, &debug, &more, &form])?;
    let rename = |file: &Path, part: &str, extension: &str| {
        let name = format!("asklet{part}-{hash}.{extension}");
        rename(file, &out.join(&name)).map(|()| name)
    };
    let names = Names {
        glue: &rename(&glue, "", "mjs")?,
        wasm: &rename(&wasm, "", "wasm")?,
        watch: &rename(&watch, "-watch", "mjs")?,
        debug: &rename(&debug, "-debug", "mjs")?,
        more: &rename(&more, "-more", "mjs")?,
        form: &rename(&form, "-form", "mjs")?,
    };
    loader::build(out, &names, minify)?;

    for name in ["asklet.d.ts", "asklet-worker.d.ts"] {
        sh::copy(&sh::root().join("loader").join(name), &out.join(name))?;
    }
    sh::write(&out.join("asklet.schema.json"), schema)?;
    locales::write(&out.join("locales"))?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let file = sh::root().join(name);
        if file.is_file() {
            sh::copy(&file, &out.join(name))?;
        }
    }
    write_json(&out.join("package.json"), &package())?;
    reports(out, &names)
}

/// Writes `integrity.json` and `sizes.json` over the files that browsers load.
fn reports(out: &Path, names: &Names) -> Result<Value> {
    let Names { glue, wasm, watch, debug, more, form } = *names;
    let loaded: Vec<PathBuf> = ["asklet.js", "asklet.mjs", loader::WORKER, glue, wasm, watch, debug, more, form]
        .iter()
        .map(|name| out.join(name))
        .filter(|file| file.is_file())
        .collect();
    let files = files::measure(&loaded)?;
    let hashes: serde_json::Map<String, Value> =
        files.iter().map(|file| (file.name.clone(), json!(file.integrity))).collect();
    let loader = hashes.get("asklet.js").and_then(Value::as_str).unwrap_or_default();
    let tag = format!(
        "<script async src=\"/asklet/asklet.js\" integrity=\"{loader}\" crossorigin=\"anonymous\" data-config=\"/asklet.json\"></script>"
    );
    write_json(&out.join("integrity.json"), &json!({ "files": hashes, "tag": tag }))?;
    let report = sizes::report(&files, names);
    write_json(&out.join("sizes.json"), &report)?;
    Ok(report)
}

/// `package.json` of the npm package.
fn package() -> Value {
    json!({
        "name": "asklet",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "A survey widget for web pages: accessible NPS, CSAT and CES prompts whose answers are never lost",
        "license": env!("CARGO_PKG_LICENSE"),
        "type": "module",
        "main": "./asklet.mjs",
        "types": "./asklet.d.ts",
        "exports": {
            ".": { "types": "./asklet.d.ts", "default": "./asklet.mjs" },
            "./asklet.js": "./asklet.js",
            "./worker": { "types": "./asklet-worker.d.ts", "default": "./asklet-worker.mjs" },
            "./schema": "./asklet.schema.json",
            "./package.json": "./package.json",
        },
        "sideEffects": true,
    })
}

/// The config's JSON schema, printed by the command line tool, which has it from the core.
fn schema() -> Result<String> {
    sh::output(std::process::Command::new(endpoint::build_tool()?).arg("schema"))
        .map(|text| text + "\n")
        .map_err(|error| format!("`asklet schema` printed no schema: {error}"))
}

/// Changes when anything that `fill` reads has changed.
fn key(wasm: &Path, schema: &str, build: Build) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    (build == Build::Release, schema, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
    let bytes = std::fs::read(wasm).map_err(|error| format!("cannot read {}: {error}", wasm.display()))?;
    bytes.hash(&mut hasher);
    // xtask itself decides how; its path and time stand for what is in it.
    if let Some(time) = std::env::current_exe().ok().and_then(|exe| exe.metadata().ok()?.modified().ok()) {
        time.hash(&mut hasher);
    }
    for source in SOURCES {
        hash_path(&sh::root().join(source), &mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_path(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if let Ok(entries) = std::fs::read_dir(path) {
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| hash_path(entry, hasher));
    } else if let Ok(bytes) = std::fs::read(path) {
        bytes.hash(hasher);
    }
}

/// A folder that a rename can move to `dist/`: on the same disk, wherever cargo's own target folder is.
fn beside(name: &str) -> PathBuf {
    sh::root().join("target").join(name)
}

fn swap(new: &Path) -> Result {
    let (dist, old) = (folder(), beside("dist.old"));
    let _ = std::fs::remove_dir_all(&old);
    if dist.exists() {
        rename(&dist, &old)?;
    }
    rename(new, &dist)?;
    let _ = std::fs::remove_dir_all(&old);
    Ok(())
}

fn rename(from: &Path, to: &Path) -> Result {
    std::fs::rename(from, to).map_err(|error| format!("cannot rename {} to {}: {error}", from.display(), to.display()))
}

fn write_json(path: &Path, value: &Value) -> Result {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    sh::write(path, text + "\n")
}
