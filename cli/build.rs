//! Puts the presets into the tool: `PRESETS`, the name and the text of each file in `presets/`, in the order of their names. Whether
//! a text is right is for the tests to say.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let mut list = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_stem().unwrap_or_default();
        // Strings in Rust are written as `{:?}` writes them.
        list += &format!("    ({name:?}, include_str!({:?})),\n", file.display().to_string());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("presets.rs"), list + "]\n").expect("OUT_DIR can be written");
}
