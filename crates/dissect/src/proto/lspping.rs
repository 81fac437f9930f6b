//! Detecting failures of label-switched paths (LSP ping, RFC 8029; before RFC 4379).

use crate::Out;
use crate::proto::names::ENTERPRISES;
use crate::proto::{bgp, l2vpn, ntp};
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[(1, "MPLS Echo Request"), (2, "MPLS Echo Reply")];

const REPLY_MODES: &Tokens = &[
    (1, "Do not reply"),
    (2, "Reply via an IPv4/IPv6 UDP packet"),
    (3, "Reply via an IPv4/IPv6 UDP packet with Router Alert"),
    (4, "Reply via application level control channel"),
];

const RETURN_CODES: &Tokens = &[
    (0, "No return code or return code contained in the Error Code TLV"),
    (1, "Malformed echo request received"),
    (2, "One or more of the TLVs was not understood"),
    (3, "Replying router is an egress for the FEC at stack depth"),
    (4, "Replying router has no mapping for the FEC at stack depth"),
    (5, "Reserved"),
    (6, "Reserved"),
    (7, "Reserved"),
    (8, "Label switched at stack-depth"),
    (9, "Label switched but no MPLS forwarding at stack-depth"),
    (10, "Mapping for this FEC is not the given label at stack depth"),
    (11, "No label entry at stack-depth"),
    (12, "Protocol not associated with interface at FEC stack depth"),
    (13, "Premature termination of ping due to label stack shrinking to a single label"),
];

const KINDS: &Tokens = &[
    (1, "Target FEC Stack"),
    (2, "Downstream Mapping"),
    (3, "Pad"),
    (9, "Error Code"),
    (5, "Vendor Enterprise Code"),
    (7, "Interface Label Stack"),
    (10, "Reply TOS Byte"),
    (15, "BFD Discriminator"),
    (0xfc00, "Vendor Private Code"),
];

const CLASSES: &Tokens = &[
    (1, "LDP IPv4 prefix"),
    (2, "LDP IPv6 prefix"),
    (3, "RSVP IPv4 Session Query"),
    (4, "RSVP IPv6 Session Query"),
    (5, "Reserved"),
    (6, "VPN IPv4 prefix"),
    (7, "VPN IPv6 prefix"),
    (8, "L2 VPN endpoint"),
    (9, "FEC 128 pseudowire (old)"),
    (10, "FEC 128 pseudowire"),
    (12, "BGP labeled IPv4 prefix"),
    (13, "BGP labeled IPv6 prefix"),
];

const ADDRESS_KINDS: &Tokens = &[(1, "IPv4"), (2, "Unnumbered IPv4"), (3, "IPv6"), (4, "IPv6")];

/// Bytes of the header and of a field's type and length.
const HEADER_LEN: usize = 32;
const HEAD_LEN: usize = 4;
const VERSION: u16 = 1;

mod kind {
    pub(super) const TARGET: u16 = 1;
    pub(super) const DOWNSTREAM: u16 = 2;
    pub(super) const VENDOR: u16 = 5;
    pub(super) const BFD: u16 = 15;
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    c.need(HEADER_LEN)?;
    let version = c.u16()?;
    if version != VERSION {
        write!(out, "LSP-PING version {version} packet not supported");
        return Ok(());
    }
    c.skip(2)?;
    let [kind, mode, code, subcode] = *c.array()?;
    let (handle, sequence) = (c.u32()?, c.u32()?);
    out.field("type", kind);
    out.field("sequence", sequence);
    if out.options.verbose == 0 {
        write!(out, "LSP-PINGv{version}, ");
        out.token(MESSAGES, kind, format_args!("unknown ({kind})"));
        write!(out, ", seq {sequence}, length: {}", whole.length());
        return Ok(());
    }
    write!(out, "\n\tLSP-PINGv{version}, msg-type: ");
    out.token(MESSAGES, kind, format_args!("unknown"));
    write!(out, " ({kind}), length: {}\n\t  reply-mode: ", whole.length());
    out.token(REPLY_MODES, mode, format_args!("unknown"));
    write!(out, " ({mode})\n\t  Return Code: ");
    out.token(RETURN_CODES, code, format_args!("unknown"));
    // These are about a place in the stack of labels.
    if matches!(code, 3 | 4 | 8..=11) {
        write!(out, " {subcode}");
    }
    write!(out, " ({code})\n\t  Return Subcode: ({subcode})");
    write!(out, "\n\t  Sender Handle: 0x{handle:08x}, Sequence: {sequence}");
    ntp::timestamp(out, "\n\t  TimeStamp Sent: ", &mut c)?;
    if c.peek_u64(0)? != 0 {
        ntp::timestamp(out, "\n\t  TimeStamp Received: ", &mut c)?;
    } else {
        c.skip(8)?;
        out.text("\n\t  TimeStamp Received: no timestamp");
    }
    while c.length() >= HEAD_LEN {
        if !field(out, &mut c)? {
            break;
        }
    }
    Ok(())
}

/// Prints a field; false where nothing can follow.
fn field(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    let (kind, len) = (c.u16()?, usize::from(c.u16()?));
    if kind == 0 && len == 0 {
        return Ok(false);
    }
    out.text("\n\t  ");
    out.token(KINDS, kind, format_args!("Unknown"));
    write!(out, " TLV ({kind}), length: {len}");
    if len > c.length() {
        out.text("\n\t\t packet is too short");
        return Ok(false);
    }
    let value = c.claim(len);
    value.need(len)?;
    let is_known = match kind {
        kind::TARGET => {
            target(out, value)?;
            true
        }
        kind::DOWNSTREAM => {
            downstream(out, value)?;
            true
        }
        kind::BFD => {
            if at_least(out, value, 4) {
                write!(out, "\n\t    BFD Discriminator 0x{:08x}", value.peek_u32(0)?);
            }
            true
        }
        kind::VENDOR => {
            if at_least(out, value, 4) {
                let vendor = value.peek_u32(0)?;
                out.text("\n\t    Vendor: ");
                out.token(ENTERPRISES, vendor, format_args!("Unknown"));
                write!(out, " (0x{vendor:04x})");
            }
            true
        }
        _ => false,
    };
    if out.options.verbose > 1 || !is_known {
        out.dump_hex("\n\t    ", value.claimed_bytes());
    }
    c.advance(len.next_multiple_of(4));
    Ok(true)
}

/// Whether a value has `len` bytes; otherwise that is said.
fn at_least(out: &mut Out, value: Cursor<'_>, len: usize) -> bool {
    if value.length() < len {
        out.text("\n\t      TLV is too short");
    }
    value.length() >= len
}

/// The paths that are asked about.
fn target(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        if !at_least(out, c, HEAD_LEN) {
            break;
        }
        let (kind, len) = (c.u16()?, usize::from(c.u16()?));
        if !at_least(out, c, len) {
            break;
        }
        out.text("\n\t    ");
        out.token(CLASSES, kind, format_args!("Unknown"));
        write!(out, " subTLV ({kind}), length: {len}");
        let value = c.claim(len);
        let is_known = class(out, kind, value)?;
        if out.options.verbose > 1 || !is_known {
            out.dump_hex("\n\t      ", value.claimed_bytes());
        }
        c.advance(len.next_multiple_of(4));
    }
    Ok(())
}

mod class {
    pub(super) const LDP_IPV4: u16 = 1;
    pub(super) const LDP_IPV6: u16 = 2;
    pub(super) const RSVP_IPV4: u16 = 3;
    pub(super) const RSVP_IPV6: u16 = 4;
    pub(super) const VPN_IPV4: u16 = 6;
    pub(super) const VPN_IPV6: u16 = 7;
    pub(super) const LAYER_2: u16 = 8;
    pub(super) const PSEUDOWIRE_OLD: u16 = 9;
    pub(super) const PSEUDOWIRE: u16 = 10;
    pub(super) const BGP_IPV4: u16 = 12;
    pub(super) const BGP_IPV6: u16 = 13;
}

/// Prints a path; false where its kind is not known.
fn class(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk<bool> {
    let expected = match kind {
        class::LDP_IPV4 | class::BGP_IPV4 => 5,
        class::LDP_IPV6 | class::BGP_IPV6 => 17,
        class::RSVP_IPV4 => 20,
        class::RSVP_IPV6 => 56,
        class::VPN_IPV4 => 13,
        class::VPN_IPV6 => 25,
        class::LAYER_2 => 14,
        class::PSEUDOWIRE_OLD => 10,
        class::PSEUDOWIRE => 14,
        _ => return Ok(false),
    };
    if c.length() != expected {
        write!(out, "\n\t      invalid subTLV length, should be {expected}");
        return Ok(true);
    }
    out.text("\n\t      ");
    match kind {
        class::LDP_IPV4 | class::BGP_IPV4 => {
            out.host4(*c.array()?).text("/").dec(c.u8()?);
        }
        class::LDP_IPV6 | class::BGP_IPV6 => {
            out.host6(*c.array()?).text("/").dec(c.u8()?);
        }
        class::RSVP_IPV4 => {
            let (end, _, tunnel) = (*c.array()?, c.u16()?, c.u16()?);
            let (extended, sender, _, path) = (*c.array()?, *c.array()?, c.u16()?, c.u16()?);
            out.text("tunnel end-point ").host4(end).text(", tunnel sender ").host4(sender);
            write!(out, ", lsp-id 0x{path:04x}\n\t      tunnel-id 0x{tunnel:04x}");
            out.text(", extended tunnel-id ").host4(extended);
        }
        class::RSVP_IPV6 => {
            let (end, _, tunnel) = (*c.array()?, c.u16()?, c.u16()?);
            let (extended, sender, _, path) = (*c.array()?, *c.array()?, c.u16()?, c.u16()?);
            out.text("tunnel end-point ").host6(end).text(", tunnel sender ").host6(sender);
            write!(out, ", lsp-id 0x{path:04x}\n\t      tunnel-id 0x{tunnel:04x}");
            out.text(", extended tunnel-id ").host6(extended);
        }
        class::VPN_IPV4 => {
            distinguisher(out, &mut c)?;
            out.text(", ").host4(*c.array()?).text("/").dec(c.u8()?);
        }
        class::VPN_IPV6 => {
            distinguisher(out, &mut c)?;
            out.text(", ").host6(*c.array()?).text("/").dec(c.u8()?);
        }
        class::LAYER_2 => {
            distinguisher(out, &mut c)?;
            write!(out, ", Sender VE ID: {}, Receiver VE ID: {}", c.u16()?, c.u16()?);
            pseudowire(out, "\n\t      Encapsulation Type: ", c.u16()?);
        }
        class::PSEUDOWIRE_OLD => {
            out.text("Remote PE: ").host4(*c.array()?);
            write!(out, "\n\t      PW ID: 0x{:08x}", c.u32()?);
            pseudowire(out, ", PW Type: ", c.u16()?);
        }
        _ => {
            out.text("Sender PE: ").host4(*c.array()?).text(", Remote PE: ").host4(*c.array()?);
            write!(out, "\n\t      PW ID: 0x{:08x}", c.u32()?);
            pseudowire(out, ", PW Type: ", c.u16()?);
        }
    }
    Ok(true)
}

fn distinguisher(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text("RD: ");
    bgp::route_distinguisher(out, c.split(bgp::DISTINGUISHER_LEN))
}

fn pseudowire(out: &mut Out, heading: &str, kind: u16) {
    out.text(heading);
    out.token(l2vpn::PSEUDOWIRES, kind, format_args!("unknown"));
    write!(out, " ({kind})");
}

/// The interface by which a packet would go on.
fn downstream(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const IPV4: u8 = 1;
    const IPV4_UNNUMBERED: u8 = 2;
    const IPV6: u8 = 3;
    if !at_least(out, c, 8) {
        return Ok(());
    }
    let (mtu, kind, _) = (c.u16()?, c.u8()?, c.u8()?);
    write!(out, "\n\t    MTU: {mtu}, Address-Type: ");
    out.token(ADDRESS_KINDS, kind, format_args!("unknown"));
    write!(out, " ({kind})");
    match kind {
        IPV4 | IPV4_UNNUMBERED => {
            if !at_least(out, c, 8) {
                return Ok(());
            }
            out.text("\n\t    Downstream IP: ").host4(*c.array()?);
            if kind == IPV4 {
                out.text("\n\t    Downstream Interface IP: ").host4(*c.array()?);
            } else {
                write!(out, "\n\t    Downstream Interface Index: 0x{:08x}", c.u32()?);
            }
        }
        IPV6 => {
            if !at_least(out, c, 32) {
                return Ok(());
            }
            out.text("\n\t    Downstream IP: ").host6(*c.array()?);
            out.text("\n\t    Downstream Interface IP: ").host6(*c.array()?);
        }
        _ => {
            if !at_least(out, c, 20) {
                return Ok(());
            }
            out.text("\n\t    Downstream IP: ").host6(*c.array()?);
            write!(out, "\n\t    Downstream Interface Index: 0x{:08x}", c.u32()?);
        }
    }
    Ok(())
}
