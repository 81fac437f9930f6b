//! What can go wrong with a trail.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use wirescope_capture::WriteError;

/// Why a trail cannot be written or read.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum TrailError {
    /// The operating system refused something.
    #[error("{}: {}", .path.display(), reason(.error))]
    File { path: PathBuf, error: io::Error },
    /// Another recorder writes to the folder.
    #[error("{}: another recorder is writing to this trail", .0.display())]
    Locked(PathBuf),
    /// The folder has no ledger.
    #[error("{}: no trail is recorded here", .0.display())]
    NoTrail(PathBuf),
    /// The folder has things that are not a trail's, and no ledger.
    #[error("{}: the folder is in use for something else", .0.display())]
    NotEmpty(PathBuf),
    /// The ledger cannot be read on.
    #[error("{}, line {line}: {fault}", .path.display())]
    Ledger { path: PathBuf, line: usize, fault: String },
    /// A packet could not be written into a block.
    #[error(transparent)]
    Packet(#[from] WriteError),
    /// The compressor gave up.
    #[error("compressing a block failed: {}", reason(.0))]
    Compress(io::Error),
}

impl TrailError {
    /// Something that the operating system said of a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> TrailError {
        let path = path.to_owned();
        move |error| TrailError::File { path, error }
    }

    /// Whether there is no room left to write to.
    pub fn is_full(&self) -> bool {
        let kind = match self {
            TrailError::File { error, .. } => error.kind(),
            _ => return false,
        };
        matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }
}

/// The operating system's words for an error, without the number that Rust adds.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text.get(..at).unwrap_or(&text).to_owned(),
        None => text,
    }
}
