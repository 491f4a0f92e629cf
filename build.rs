//! Puts the prompt's style sheet where the crate can include it: as it stands, or minified if the build says
//! where that is.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=ASKLET_STYLE");
    let sheet = env::var_os("ASKLET_STYLE").map_or_else(|| PathBuf::from("style/prompt.css"), PathBuf::from);
    println!("cargo::rerun-if-changed={}", sheet.display());
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let style = fs::read_to_string(&sheet).unwrap_or_else(|error| panic!("cannot read {}: {error}", sheet.display()));
    fs::write(Path::new(&out).join("prompt.css"), style).expect("OUT_DIR can be written");
}
