//! Cisco's VLAN Trunking Protocol.

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "Summary advertisement"),
    (2, "Subset advertisement"),
    (3, "Advertisement request"),
    (4, "Join message"),
];

/// What the third byte of a message means.
const HEADER: &Tokens = &[(1, "Followers"), (2, "Seq number"), (3, "Rsvd"), (4, "Rsvd")];

const VLAN_TYPES: &Tokens = &[(1, "Ethernet"), (2, "FDDI"), (3, "TrCRF"), (4, "FDDI-net"), (5, "TrBRF")];

const VLAN_STATUS: &Tokens = &[(0, "Operational"), (1, "Suspended")];

const VLAN_TLVS: &Tokens = &[
    (1, "Source-Routing Ring Number TLV"),
    (2, "Source-Routing Bridge Number TLV"),
    (3, "STP type TLV"),
    (4, "Parent VLAN TLV"),
    (5, "Translationally bridged VLANs TLV"),
    (6, "Pruning TLV"),
    (7, "Bridge Type TLV"),
    (8, "Max ARP Hop Count TLV"),
    (9, "Max STE Hop Count TLV"),
    (10, "Backup CRF Mode TLV"),
];

const STP_TYPES: &Tokens = &[(1, "SRT"), (2, "SRB"), (3, "Auto")];

mod message {
    pub(super) const SUMMARY: u8 = 1;
    pub(super) const SUBSET: u8 = 2;
    pub(super) const REQUEST: u8 = 3;
}

mod tlv {
    pub(super) const STP_TYPE: u8 = 3;
    pub(super) const PRUNING: u8 = 6;
    pub(super) const BRIDGE_TYPE: u8 = 7;
    pub(super) const STE_HOPS: u8 = 9;
    pub(super) const BACKUP_CRF_MODE: u8 = 10;
}

/// Bytes before what each message has of its own.
const HEADER_LEN: usize = 36;
const DOMAIN_LEN: u8 = 32;
const LATEST_VERSION: u8 = 3;
/// Bytes of a VLAN's description before its name.
const VLAN_LEN: usize = 12;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    match message(out, c) {
        // What cannot be is said first, and then whether it was there at all.
        Err(Stop::Invalid) => {
            out.invalid();
            c.need(c.length())
        }
        walk => walk,
    }
}

fn message(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("VTP");
    if c.length() < HEADER_LEN {
        return out.disagree("length", c.length(), "<", HEADER_LEN);
    }
    c.need(HEADER_LEN)?;
    let version = c.peek_u8(0)?;
    if version > LATEST_VERSION {
        return out.disagree("version", version, ">", LATEST_VERSION);
    }
    let kind = c.peek_u8(1)?;
    out.field("version", version);
    out.field("type", kind);
    write!(out, "v{version}, Message ");
    out.token(MESSAGES, kind, format_args!("Unknown message type"));
    write!(out, " (0x{kind:02x}), length {}", c.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text("\n\tDomain name: ");
    let domain_len = c.peek_u8(3)?;
    if !(1..=DOMAIN_LEN).contains(&domain_len) {
        write!(out, " [MgmtD Len {domain_len}]");
        return Err(Stop::Invalid);
    }
    out.escaped_padded(&mut c.ahead(4), usize::from(domain_len))?;
    out.text(", ");
    out.token(HEADER, kind, format_args!("Unknown"));
    write!(out, ": {}", c.peek_u8(2)?);
    let mut body = c.ahead(HEADER_LEN);
    match kind {
        message::SUMMARY => summary(out, body),
        message::SUBSET => {
            write!(out, ", Config Rev {:x}", body.u32()?);
            while body.length() > 0 && body.peek_u8(0)? != 0 {
                vlan(out, &mut body)?;
            }
            Ok(())
        }
        message::REQUEST => {
            write!(out, "\n\tStart value: {}", body.u32()?);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn summary(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (revision, updater) = (c.u32()?, *c.array()?);
    write!(out, "\n\t  Config Rev {revision:x}, Updater ");
    out.host4(updater);
    write!(out, ", Timestamp 0x{:08x} 0x{:08x} 0x{:08x}", c.u32()?, c.u32()?, c.u32()?);
    write!(out, ", MD5 digest: {:08x}{:08x}{:08x}{:08x}", c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    Ok(())
}

/// One VLAN with its name and what is told of it.
fn vlan(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let len = usize::from(c.peek_u8(0)?);
    if len < VLAN_LEN {
        return Err(Stop::Invalid);
    }
    let (status, kind) = (c.peek_u8(1)?, c.peek_u8(2)?);
    write!(
        out,
        "\n\tVLAN info status {}, type {}, VLAN-id {}, MTU {}, SAID 0x{:08x}, Name ",
        tokens::name(VLAN_STATUS, status.into()).unwrap_or("Unknown"),
        tokens::name(VLAN_TYPES, kind.into()).unwrap_or("Unknown"),
        c.peek_u16(4)?,
        c.peek_u16(6)?,
        c.peek_u32(8)?
    );
    let name_len = usize::from(c.peek_u8(3)?);
    let padded_len = name_len.next_multiple_of(4);
    c.advance(VLAN_LEN);
    out.escaped_padded(&mut c.clone(), name_len)?;
    c.advance(padded_len);
    let mut left = len.saturating_sub(VLAN_LEN + padded_len);
    while left > 0 {
        let taken = vlan_tlv(out, *c, left)?;
        c.advance(taken);
        left = left.saturating_sub(taken);
    }
    Ok(())
}

/// One fact about a VLAN: its length counts 16-bit words. Gives back how many bytes it took.
fn vlan_tlv(out: &mut Out, c: Cursor<'_>, left: usize) -> Walk<usize> {
    let (kind, words) = (c.peek_u8(0)?, c.peek_u8(1)?);
    out.text("\n\t\t");
    out.token(VLAN_TLVS, kind, format_args!("Unknown"));
    write!(out, " (0x{kind:04x}) TLV");
    let len = 2 + 2 * usize::from(words);
    if left < len {
        out.text(" (TLV goes past the end of the packet)");
        return Err(Stop::Invalid);
    }
    if words != 1 {
        write!(out, " [TLV length {words} != 1]");
        return Err(Stop::Invalid);
    }
    let value = c.peek_u16(2)?;
    let either = |one, other| if value == 1 { one } else { other };
    let name = match kind {
        tlv::STE_HOPS => {
            write!(out, ", {value}");
            return Ok(len);
        }
        tlv::PRUNING => either("Enabled", "Disabled"),
        tlv::STP_TYPE => tokens::name(STP_TYPES, value.into()).unwrap_or("Unknown"),
        tlv::BRIDGE_TYPE => either("SRB", "SRT"),
        tlv::BACKUP_CRF_MODE => either("Backup", "Not backup"),
        _ => {
            out.dump_hex("\n\t\t  ", c.peek(0, len)?);
            return Ok(len);
        }
    };
    write!(out, ", {name} ({value})");
    Ok(len)
}
