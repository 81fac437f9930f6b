//! LAN Emulation over ATM (ATM Forum af-lane-0021.000).

use crate::Out;
use crate::proto::ether::{self, Around};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPERATIONS: &Tokens = &[
    (1, "configure request"),
    (257, "configure response"),
    (2, "join request"),
    (258, "join response"),
    (3, "ready query"),
    (259, "ready indication"),
    (4, "register request"),
    (260, "register response"),
    (5, "unregister request"),
    (261, "unregister response"),
    (6, "ARP request"),
    (262, "ARP response"),
    (7, "flush request"),
    (263, "flush response"),
    (8, "NARP request"),
    (9, "topology request"),
];

/// What control frames start with in place of a client's identifier.
const CONTROL: u16 = 0xff00;

/// Prints a frame of an emulated Ethernet, or one that controls it.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let client = c.u16()?;
    if client == CONTROL {
        let (protocol, version, operation) = (c.u8()?, c.u8()?, c.u16()?);
        write!(out, "lec: proto {protocol:x} vers {version:x} ");
        out.token(OPERATIONS, operation, format_args!("opcode-#{operation}"));
        return Ok(());
    }
    out.field("client", client);
    let around = Around { encapsulation: Some(&|out| write!(out, "lecid:{client:x} ")), ..Around::default() };
    if !out.options.link_header {
        write!(out, "lecid:{client:x} ");
    }
    out.context.link_header_len += 2;
    ether::print_link_around(out, c, around)
}
