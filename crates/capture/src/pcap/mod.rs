//! The classic capture file format (draft-ietf-opsawg-pcap), in all the dialects that libpcap reads.

mod read;
mod write;

pub(crate) use read::{Decoder, HEADER_LEN, maximum_packet_len, open, repair_snapshot_len, resolve_alias};
pub(crate) use write::{header, record, whole_records};
