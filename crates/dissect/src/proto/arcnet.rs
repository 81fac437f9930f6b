//! ARCNET (ATA 878.1) with IP and others on it (RFC 1051, RFC 1201).

use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const TYPES: &Tokens = &[
    (240, "oldip"),
    (241, "oldarp"),
    (212, "ip"),
    (213, "arp"),
    (214, "rarp"),
    (221, "atalk"),
    (247, "banyan"),
    (250, "ipx"),
    (196, "ipv6"),
    (128, "diag"),
];

/// Types, of which the older ones have no fragments.
mod kind {
    pub(super) const IPV6: u8 = 196;
    pub(super) const IP: u8 = 212;
    pub(super) const ARP: u8 = 213;
    pub(super) const REVERSE_ARP: u8 = 214;
    pub(super) const APPLETALK: u8 = 221;
    pub(super) const OLD_IP: u8 = 240;
    pub(super) const OLD_ARP: u8 = 241;
    pub(super) const IPX: u8 = 250;
    pub(super) const DIAGNOSTICS: u8 = 128;
}

/// Bytes of source, destination and type; with flags and sequence number; and with those behind four bytes that
/// make the packet long enough to be sent.
const OLD_LEN: usize = 3;
const NEW_LEN: usize = 6;
const EXCEPTION_LEN: usize = 10;
/// Flags in front of those four bytes.
const EXCEPTION: u8 = 0xff;

/// Bytes of the header that Linux hands out: where the packet lay on the card stands before the type.
const LINUX_OLD_LEN: usize = 5;
const LINUX_NEW_LEN: usize = 8;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(OLD_LEN)?;
    let [src, dst, kind] = *whole.peek_array(0)?;
    let header = Header { src, dst, kind, length: whole.length() };
    if is_old(kind) {
        if out.options.link_header {
            header.print(out, None);
        }
        return payload(out, kind, whole, OLD_LEN);
    }
    if !whole.has(NEW_LEN) {
        header.print(out, None);
        out.text(" phds");
        return whole.need(NEW_LEN);
    }
    let len = if whole.peek_u8(OLD_LEN)? == EXCEPTION { EXCEPTION_LEN } else { NEW_LEN };
    if !whole.has(len) {
        header.print(out, None);
        out.text(" phds extended");
        return whole.need(len);
    }
    let part = Part { flags: whole.peek_u8(len - 3)?, sequence: whole.peek_u16(len - 2)? };
    if out.options.link_header {
        header.print(out, Some(part));
    }
    if part.is_first() {
        return payload(out, kind, whole, len);
    }
    out.context.link_header_len += len;
    Ok(())
}

/// Prints a captured packet with the header of Linux, which has put fragments together.
pub(crate) fn print_linux_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LINUX_OLD_LEN)?;
    let [src, dst, place, _, kind] = *whole.peek_array(0)?;
    let len = if is_old(kind) { LINUX_OLD_LEN } else { LINUX_NEW_LEN };
    whole.need(len)?;
    if out.options.link_header {
        // What stands in the place of the type is shown, as it always has been.
        Header { src, dst, kind: place, length: whole.length() }.print(out, None);
    }
    payload(out, kind, whole, len)
}

fn is_old(kind: u8) -> bool {
    matches!(kind, kind::OLD_IP | kind::OLD_ARP | kind::DIAGNOSTICS)
}

struct Header {
    src: u8,
    dst: u8,
    kind: u8,
    length: usize,
}

/// Which part of a datagram a packet is (RFC 1201 section 3).
#[derive(Clone, Copy)]
struct Part {
    flags: u8,
    sequence: u16,
}

impl Part {
    /// Whether the datagram starts here: it is not split, or this is the first fragment, which is odd.
    fn is_first(self) -> bool {
        self.flags == 0 || self.flags % 2 == 1
    }
}

impl Header {
    fn print(&self, out: &mut Out, part: Option<Part>) {
        write!(out, "{:02x} {:02x} ", self.src, self.dst);
        if !out.options.quiet {
            out.token(TYPES, self.kind, format_args!("{:02x}", self.kind));
            out.text(" ");
            if let Some(Part { flags, sequence }) = part {
                write!(out, "seqid {sequence:04x} ");
                if flags % 2 == 1 {
                    write!(out, "(first of {} fragments) ", flags / 2 + 2);
                } else if flags > 0 {
                    write!(out, "(fragment {}) ", flags / 2 + 1);
                }
            }
        }
        write!(out, "{}: ", self.length);
    }
}

/// Prints what a type stands for; it is dumped where nobody knows it.
fn payload(out: &mut Out, kind: u8, whole: Cursor<'_>, header_len: usize) -> Walk {
    let c = whole.ahead(header_len);
    let ether_type = match kind {
        kind::OLD_IP | kind::IP => ether_type::IPV4,
        kind::IPV6 => ether_type::IPV6,
        kind::OLD_ARP | kind::ARP | kind::REVERSE_ARP => ether_type::ARP,
        kind::APPLETALK => ether::ATALK,
        kind::IPX => ether::IPX,
        _ => 0,
    };
    if kind == kind::APPLETALK && out.options.verbose > 0 {
        out.text("et1 ");
    }
    if !ether::network(out, ether_type, c)? {
        out.unknown(c.bytes());
    }
    out.context.link_header_len += header_len;
    Ok(())
}
