//! Debian packages, where the machine has them and this user may install them.

use std::process::Command;

use crate::sh::{self, Result};

/// The command that a person would type.
pub fn command(packages: &[&str]) -> String {
    format!("sudo apt-get install {}", packages.join(" "))
}

/// Installs packages, as root or with a sudo that asks for no password. Removes nothing.
pub fn install(packages: &[&str]) -> Result {
    if sh::find(&["apt-get"]).is_none() {
        return Err(format!("there is no apt-get here to install {}", packages.join(", ")));
    }
    let root = sh::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    if !root && !sh::succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(format!("installing needs your password, run `{}`", command(packages)));
    }
    println!("      apt-get install {}", packages.join(" "));
    let apt_get = |arguments: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.args(["-n", "apt-get"]);
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let mut install = vec!["install", "-y", "-qq", "--no-remove", "--no-install-recommends"];
    install.extend(packages);
    // The lists may be absent or old: try, refresh them, try again.
    if sh::succeeds(&mut apt_get(&install)) {
        return Ok(());
    }
    sh::succeeds(&mut apt_get(&["update", "-qq"]));
    let sentence =
        format!("apt-get could not install {}: run `{}` and read what it says", packages.join(", "), command(packages));
    sh::run(&mut apt_get(&install), &sentence)
}
