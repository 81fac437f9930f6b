//! The rule language of Snort 2.9, with what Snort 3 and Suricata share with it.
//!
//! A rule file is lines: variables, configuration, includes and rules. [`RuleSet::load`] reads a file and
//! what it includes. Whatever is not understood is an [`Error`] that names file, line and column.

mod address;
mod built_in;
mod bytes;
mod config;
mod content;
mod error;
mod filter;
mod flow;
mod header;
mod ip;
mod list;
mod number;
mod options;
mod pcre;
mod port;
mod preprocessor;
mod protocol;
mod rule;
mod rule_set;
mod source;
mod text;

pub use address::{AddressSet, Network};
pub use bytes::{
    ByteExtract, ByteJump, ByteMath, ByteOrder, ByteTest, Encoding, MathOperation, Operand, TestOperation,
};
pub use config::{Checksums, Config};
pub use content::{Buffer, Content, FastPattern};
pub use error::Error;
pub use filter::{DetectionFilter, EventFilter, FilterKind, RateFilter, Suppression, Track};
pub use flow::{Direction, Established, Flow, Flowbits, FlowbitsAction, StreamOnly};
pub use header::{Endpoint, Protocol};
pub use ip::{FlagMatch, FragmentBits, IpOption, TcpFlags};
pub use number::Comparison;
pub use pcre::Pcre;
pub use port::PortSet;
pub use preprocessor::{
    ByNetwork, PORT_SCAN_GENERATOR, PortScan, PortScanLevel, StreamPorts, Streams, TcpPolicy,
};
pub use protocol::{TlsStates, TlsVersions};
pub use rule::{Action, Asn1, Condition, Reference, Rule, StreamSide};
pub use rule_set::{Classification, Loader, ReferenceSystem, RuleSet};
pub use source::Location;
