//! Least privilege: what is given up between the moment when all is open and the first packet.
//!
//! The order: become a user, start the command to capture for, give up capabilities, and enter the sandbox. What was
//! asked for still works afterwards; for a series of files in a folder that the user may not write to, one capability
//! is kept.

use std::fmt;
use std::path::{Path, PathBuf};

use wirescope_capture::privileges;
use wirescope_capture::sandbox::{self, Profile, Sandbox};

use crate::dump::{Failure, messages, reason};

/// The user who ran sudo, as sudo says.
const SUDO_USER: &str = "SUDO_USER";

/// What protects the machine from a process that reads hostile bytes.
#[derive(Debug)]
pub(crate) struct Protection {
    user: Option<String>,
    sandbox: Option<Sandbox>,
}

/// Becomes the user that is named, or who ran sudo; gives that user's name, if it is another one than before.
pub(crate) fn become_user(named: Option<&str>) -> Result<Option<String>, Failure> {
    if !privileges::is_superuser() {
        return Ok(None);
    }
    let invoking = || std::env::var(SUDO_USER).ok().filter(|name| !name.is_empty() && name != "root");
    let Some(user) = named.map(str::to_owned).or_else(invoking) else { return Ok(None) };
    privileges::become_user(&user).map_err(|error| Failure::message(error.to_string()))?;
    if named.is_some() {
        messages::say(&format!("dropped privs to {user}"));
    }
    Ok(Some(user))
}

/// Gives up all capabilities but what it takes to write to `path` (`-w`), and to more files beside it.
pub(crate) fn give_up_capabilities(path: Option<&Path>, has_series: bool) -> Result<(), Failure> {
    let mut places = Vec::new();
    if let Some(path) = path.filter(|path| *path != Path::new("-")) {
        let folder = folder(path);
        if path.exists() {
            places.push(path.to_owned());
        }
        if has_series || !path.exists() {
            places.push(folder);
        }
    }
    let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
    privileges::give_up_capabilities_but_writing(&places)
        .map_err(|error| Failure::message(error.to_string()))?;
    privileges::gain_none().map_err(|error| Failure::message(reason(&error)))
}

/// The folder in which files of this name are made, as far as it is known before times are filled in.
pub(crate) fn folder(path: &Path) -> PathBuf {
    let is_fixed = |folder: &&Path| !folder.to_string_lossy().contains('%');
    match path.ancestors().skip(1).find(is_fixed) {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

impl Protection {
    /// Enters the sandbox, if there is a profile for one, after having become `user`.
    pub(crate) fn enter(user: Option<String>, profile: Option<Profile>) -> Protection {
        Protection { user, sandbox: profile.map(sandbox::enter) }
    }
}

/// What is in force, a line each.
impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let capabilities = privileges::capabilities();
        match &self.user {
            Some(user) => writeln!(f, "user: {user}")?,
            None => writeln!(f, "user: unchanged")?,
        }
        match capabilities.as_slice() {
            [] => writeln!(f, "capabilities: none")?,
            left => writeln!(f, "capabilities: {}", left.join(", "))?,
        }
        match &self.sandbox {
            Some(sandbox) => write!(f, "{sandbox}"),
            None => write!(f, "files and system calls: not restricted (--no-sandbox)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_what_stands_before_times() {
        for (path, expected) in [
            ("out.pcap", "."),
            ("/var/captures/out-%H.pcap", "/var/captures"),
            ("/var/captures/%Y/%m/out.pcap", "/var/captures"),
            ("%Y/out.pcap", "."),
            ("/out.pcap", "/"),
        ] {
            assert_eq!(folder(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
