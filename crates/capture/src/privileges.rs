//! Giving up what a process no longer needs once its files and sockets are open.

use std::io;
use std::path::Path;

use caps::{CapSet, Capability, CapsHashSet};
use thiserror::Error;

use crate::error::reason;
use crate::live::system;

/// Why privileges could not be given up. The process must not go on as if they were.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum PrivilegeError {
    /// There is no such user.
    #[error("Couldn't find user '{0}'")]
    UnknownUser(String),
    /// The users of the system could not be looked up.
    #[error("Couldn't look up user '{user}': {}", reason(.error))]
    LookUp { user: String, error: io::Error },
    /// The system refused to change the user.
    #[error("Couldn't change to '{user}' uid={uid} gid={gid}: {}", reason(.error))]
    Change { user: String, uid: u32, gid: u32, error: io::Error },
    /// Capabilities could not be given up.
    #[error("Couldn't give up capabilities: {0}")]
    Capabilities(String),
}

/// Whether this process runs with the superuser's rights, so that there is something to give up.
pub fn is_superuser() -> bool {
    system::is_superuser()
}

/// Becomes `user` for good: that user's groups, then group, then user, in all threads. For the superuser only.
///
/// Capabilities stay within reach, so that one of them can still be kept: what follows must be
/// [`give_up_capabilities`].
pub fn become_user(user: &str) -> Result<(), PrivilegeError> {
    let found = system::find_user(user)
        .map_err(|error| PrivilegeError::LookUp { user: user.to_owned(), error })?
        .ok_or_else(|| PrivilegeError::UnknownUser(user.to_owned()))?;
    caps::securebits::set_keepcaps(true).map_err(capabilities_failed)?;
    system::become_user(&found).map_err(|error| PrivilegeError::Change {
        user: user.to_owned(),
        uid: found.user,
        gid: found.group,
        error,
    })
}

/// Gives up all capabilities of the calling thread and of the threads that it starts from now on.
///
/// A process that stays the superuser keeps the ownership of files that comes with it, but may no longer do what
/// goes beyond an owner's rights: open packet sockets, load modules, read others' files.
pub fn give_up_capabilities() -> Result<(), PrivilegeError> {
    give_up_capabilities_but_writing(&[])
}

/// The same, but keeps the one that lets a process write where its user may not, if it is there and one of `paths`,
/// files to be written or folders to make files in, cannot be written to without it.
pub fn give_up_capabilities_but_writing(paths: &[&Path]) -> Result<(), PrivilegeError> {
    // What is inherited by programs that are run goes first, while there is still the right to say so.
    caps::clear(None, CapSet::Ambient).map_err(capabilities_failed)?;
    caps::clear(None, CapSet::Inheritable).map_err(capabilities_failed)?;
    caps::clear(None, CapSet::Effective).map_err(capabilities_failed)?;
    let mut kept = CapsHashSet::new();
    if paths.iter().any(|path| !system::may_write(path)) {
        let right = Capability::CAP_DAC_OVERRIDE;
        let has = caps::has_cap(None, CapSet::Permitted, right).map_err(capabilities_failed)?;
        kept.extend(has.then_some(right));
    }
    caps::set(None, CapSet::Effective, &kept).map_err(capabilities_failed)?;
    caps::set(None, CapSet::Permitted, &kept).map_err(capabilities_failed)
}

/// Lets programs that are run from now on have the right to write where their user may not, as far as this process has
/// it, or takes that back.
pub fn lend_right_to_write(lend: bool) -> Result<(), PrivilegeError> {
    let right = Capability::CAP_DAC_OVERRIDE;
    let has = caps::has_cap(None, CapSet::Permitted, right).map_err(capabilities_failed)?;
    if !has {
        return Ok(());
    }
    if lend {
        caps::raise(None, CapSet::Inheritable, right).map_err(capabilities_failed)?;
        caps::raise(None, CapSet::Ambient, right).map_err(capabilities_failed)
    } else {
        caps::clear(None, CapSet::Ambient).map_err(capabilities_failed)?;
        caps::clear(None, CapSet::Inheritable).map_err(capabilities_failed)
    }
}

fn capabilities_failed(error: caps::errors::CapsError) -> PrivilegeError {
    PrivilegeError::Capabilities(error.to_string())
}

/// Rules out that this process, or a program that it runs, gets privileges back by running a program.
pub fn gain_none() -> io::Result<()> {
    system::gain_no_privileges()
}

/// The capabilities that are left, by their kernel names.
pub fn capabilities() -> Vec<String> {
    let left = caps::read(None, CapSet::Permitted).unwrap_or_else(|_| CapsHashSet::new());
    let mut names: Vec<String> = left.iter().map(ToString::to_string).collect();
    names.sort();
    names
}
