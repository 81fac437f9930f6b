//! What can go wrong while writing a capture.

use std::io;
use std::path::Path;

use thiserror::Error;
use wirescope_wire::LinkType;

use crate::error::reason;

/// Why a capture could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The file could not be created.
    #[error("{path}: {}", reason(.error))]
    Create {
        /// Its name.
        path: String,
        /// What the operating system said.
        error: io::Error,
    },
    /// The operating system, or the compressor, could not go on writing.
    #[error("Can't write to file: {}", reason(.0))]
    Write(#[from] io::Error),
    /// A pcap file has one link type, and a packet has another.
    #[error(
        "a packet has link type {packet}, but the file being written has {file}; write pcapng to keep both"
    )]
    LinkTypesDiffer {
        /// The packet's.
        packet: LinkType,
        /// The file's.
        file: LinkType,
    },
    /// A packet is of an interface that the writer was not told of.
    #[error("a packet is of interface {0}, which has not been declared")]
    UndeclaredInterface(u32),
}

impl WriteError {
    /// A file at `path` that could not be created.
    pub(crate) fn create(path: &Path, error: io::Error) -> WriteError {
        WriteError::Create { path: path.display().to_string(), error }
    }
}
