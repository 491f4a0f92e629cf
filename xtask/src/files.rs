//! Sizes and hashes of files. Node does the sums: its brotli is the reference implementation, which servers use.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::sh::{self, Result};

/// What a visitor's browser and a site owner want to know of a file.
pub struct File {
    pub name: String,
    /// Bytes as stored.
    pub raw: u64,
    /// Bytes after brotli, quality 11.
    pub brotli: u64,
    /// Value of an `integrity` attribute.
    pub integrity: String,
}

const MEASURE: &str = r#"
const fs = require("fs"), path = require("path"), zlib = require("zlib"), { createHash } = require("crypto");
const c = zlib.constants;
console.log(JSON.stringify(process.argv.slice(1).map((file) => {
  const bytes = fs.readFileSync(file);
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24, [c.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const small = zlib.brotliCompressSync(bytes, { params });
  fs.writeFileSync(path.join(process.env.COMPRESSED, path.basename(file) + ".br"), small);
  return {
    name: path.basename(file), raw: bytes.length, brotli: small.length,
    integrity: "sha384-" + createHash("sha384").update(bytes).digest("base64"),
  };
})));
"#;

const HASH: &str = r#"
const hash = require("crypto").createHash("sha256");
for (const file of process.argv.slice(1)) hash.update(require("fs").readFileSync(file));
console.log(hash.digest("hex").slice(0, 8));
"#;

/// Where [`measure`] leaves each file as it compressed it, for the demo to serve.
pub fn compressed() -> PathBuf {
    sh::scratch().join("br")
}

/// Measures files, in the order given.
pub fn measure(paths: &[impl AsRef<Path>]) -> Result<Vec<File>> {
    let folder = compressed();
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let text = node(MEASURE, paths)?;
    let list: Value = serde_json::from_str(&text).map_err(|error| format!("node printed no JSON: {error}"))?;
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_string();
    Ok(list
        .as_array()
        .into_iter()
        .flatten()
        .map(|file| File {
            name: text(file, "name"),
            raw: file["raw"].as_u64().unwrap_or_default(),
            brotli: file["brotli"].as_u64().unwrap_or_default(),
            integrity: text(file, "integrity"),
        })
        .collect())
}

/// The first 8 hex digits of the SHA-256 of the files' content, one after another.
pub fn hash(paths: &[impl AsRef<Path>]) -> Result<String> {
    node(HASH, paths)
}

fn node(script: &str, paths: &[impl AsRef<Path>]) -> Result<String> {
    let mut command = Command::new("node");
    command.env("COMPRESSED", compressed()).args(["-e", script, "--"]).args(paths.iter().map(AsRef::as_ref));
    sh::output(&mut command)
}
