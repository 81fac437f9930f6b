//! What can go wrong with a live capture; the texts are libpcap's.

use std::io;

use thiserror::Error;
use wirescope_filter::kernel::Unfit;

use crate::error::reason;

/// Why a live capture cannot start or go on.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum LiveError {
    /// No interface has this name.
    #[error("{0}: No such device exists\n(No such device exists)")]
    NoSuchDevice(String),
    /// No interface has this number in the list.
    #[error("Invalid adapter index")]
    InvalidIndex,
    /// The user may not capture.
    #[error("{device}: You don't have permission to perform this capture on that device\n({call}: {})", reason(.error))]
    NotPermitted { device: String, call: &'static str, error: io::Error },
    /// The interface is not up.
    #[error("{0}: That device is not up")]
    NotUp(String),
    /// Frames of the air with their radio headers cannot be had.
    #[error("{0}: That device doesn't support monitor mode")]
    NoMonitorMode(String),
    /// The interface has no such link type.
    #[error("{0} is not one of the DLTs supported by this device")]
    LinkType(String),
    /// A step of the set-up failed.
    #[error("{device}: {call}: {}", reason(.error))]
    Setup { device: String, call: &'static str, error: io::Error },
    /// A capture of no interface.
    #[error("no interface to capture on was named")]
    NoDevice,
    /// The interface is gone.
    #[error("The interface disappeared")]
    Disappeared,
    /// Waiting for packets failed.
    #[error("Unable to receive packets: {}", reason(.0))]
    Receive(io::Error),
    /// The list of interfaces could not be had.
    #[error("Can't get list of interfaces: {}", reason(.0))]
    Interfaces(io::Error),
    /// The filter is for another link type than the capture's.
    #[error("{0}")]
    Filter(Unfit),
}
