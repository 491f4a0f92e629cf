//! What a page pays: the table after a build and `cargo xtask size`.

use std::path::Path;

use serde_json::{Value, json};

use crate::files::File;
use crate::loader::Names;
use crate::sh::{self, Result};

/// `sizes.json`: bytes of every file, and of what pages fetch together.
pub fn report(files: &[File], names: &Names) -> Value {
    let list: serde_json::Map<String, Value> =
        files.iter().map(|file| (file.name.clone(), json!({ "raw": file.raw, "brotli": file.brotli }))).collect();
    let sum = |names: &[&str]| {
        let of = |field: fn(&File) -> u64| -> u64 {
            files.iter().filter(|file| names.contains(&file.name.as_str())).map(field).sum()
        };
        json!({ "raw": of(|file| file.raw), "brotli": of(|file| file.brotli) })
    };
    json!({
        "files": list,
        "every_page": sum(&["asklet.js"]),
        "page_watched": sum(&["asklet.js", names.watch]),
        "prompt_shown": sum(&["asklet.js", names.glue, names.wasm]),
        "with_form": sum(&["asklet.js", names.glue, names.wasm, names.form]),
    })
}

/// Prints the table of a report.
pub fn print(report: &Value) {
    println!("{:<28}{:>10}{:>10}", "bytes", "raw", "brotli");
    let row = |name: &str, size: &Value| {
        println!("{name:<28}{:>10}{:>10}", size["raw"].as_u64().unwrap_or(0), size["brotli"].as_u64().unwrap_or(0));
    };
    for (name, size) in report["files"].as_object().into_iter().flatten() {
        row(name, size);
    }
    row("every page", &report["every_page"]);
    row("page that is watched", &report["page_watched"]);
    row("page that shows a prompt", &report["prompt_shown"]);
    row("with a form of its own", &report["with_form"]);
}

/// The report of the `dist/` that is there.
pub fn read(dist: &Path) -> Result<Value> {
    let file = dist.join("sizes.json");
    let text = sh::read(&file).map_err(|_| "there is no dist/sizes.json: run `cargo xtask dist`".to_string())?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", file.display()))
}
