//! trunk, for those who like its watch loop: `cargo xtask trunk serve` where the machine's own cargo cannot build
//! wasm, plain `trunk serve` where it can. `Trunk.toml` and the `data-trunk` lines of `index.html` say the rest.

use std::path::PathBuf;

use crate::loader::{self, Names};
use crate::setup::{self, For};
use crate::sh::{self, Result};
use crate::{locales, toolchain, tools};

/// Where trunk puts the widget, seen from the loader: `data-target-path` in `index.html`. The loader's parts lie beside it.
const NAMES: Names = Names {
    glue: "widget/asklet.js",
    wasm: "widget/asklet_bg.wasm",
    watch: "asklet-watch.mjs",
    debug: "asklet-debug.mjs",
    more: "widget/asklet-more.mjs",
    form: "widget/asklet-form.mjs",
};

/// Runs trunk with the workspace's toolchain and wasm-bindgen.
pub fn run(arguments: &[&str]) -> Result {
    setup::run(For::Demo)?;
    let trunk = tools::get(tools::TRUNK)?;
    // trunk looks for it under this name, which rustc takes for the library's own.
    let folder = sh::scratch().join("bin");
    let name = format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX);
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    sh::copy(&sh::native_bin("xtask-runner", "bindgen-tool")?, &folder.join(name))?;

    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&path)))
        .map_err(|error| format!("PATH cannot be extended: {error}"))?;
    let mut command = std::process::Command::new(trunk);
    toolchain::find(false)?.environment(&mut command);
    command
        .current_dir(sh::root())
        .args(if arguments.is_empty() { &["serve"] } else { arguments })
        .env("PATH", path)
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        // This program builds the loader: the hook must not build xtask again with the compiler for wasm.
        .env("ASKLET_XTASK", std::env::current_exe().unwrap_or_else(|_| "cargo xtask".into()))
        // trunk takes wasm-bindgen from PATH and fetches nothing.
        .env("TRUNK_OFFLINE", "true")
        .env_remove("NO_COLOR");
    sh::run(&mut command, "trunk ended with a failure: read what it says above")
}

/// trunk's hook: the loader into the folder that trunk is filling.
pub fn loader() -> Result {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .ok_or("this is trunk's hook: run `cargo xtask dist` for the loader, or `trunk serve`")?;
    setup::npm_packages(For::Demo)?;
    let out = PathBuf::from(staging).join("asklet");
    loader::parts(&out.join(NAMES.watch), &out.join(NAMES.debug), &out.join(NAMES.more), &out.join(NAMES.form), false)?;
    locales::write(&out.join("widget/locales"))?;
    loader::build(&out, &NAMES, false)
}
