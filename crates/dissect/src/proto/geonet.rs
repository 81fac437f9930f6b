//! GeoNetworking, by which vehicles talk to those near them (ETSI TS 102 636-4-1 V1.1.1), with its transport
//! (ETSI TS 102 636-5-1) and the header of its messages (ETSI TS 102 637).

use crate::Out;
use crate::proto::calm_fast::payload;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (0, "CAM"),
    (1, "DENM"),
    (101, "TPEGM"),
    (102, "TSPDM"),
    (103, "VPM"),
    (104, "SRM"),
    (105, "SLAM"),
    (106, "ecoCAM"),
    (107, "ITM"),
    (150, "SA"),
];

/// Types and subtypes of headers.
const HEADER_TYPES: &Tokens = &[
    (0x00, "Any"),
    (0x10, "Beacon"),
    (0x20, "GeoUnicast"),
    (0x30, "GeoAnycastCircle"),
    (0x31, "GeoAnycastRect"),
    (0x32, "GeoAnycastElipse"),
    (0x40, "GeoBroadcastCircle"),
    (0x41, "GeoBroadcastRect"),
    (0x42, "GeoBroadcastElipse"),
    (0x50, "TopoScopeBcast-SH"),
    (0x51, "TopoScopeBcast-MH"),
    (0x60, "LocService-Request"),
    (0x61, "LocService-Reply"),
];
/// Types that have no subtypes: whatever stands there, it is the first.
const WITHOUT_SUBTYPES: [u8; 3] = [0, 1, 2];

const NEXT_HEADERS: &Tokens = &[(0, "Any"), (1, "BTP-A"), (2, "BTP-B"), (3, "IPv6")];
const BTP_A: u8 = 1;
const BTP_B: u8 = 2;

/// Bytes of the header that all packets have, and of what packets over several hops have besides.
const COMMON_LEN: usize = 36;
const MULTIPLE_HOPS_LEN: usize = 32;
/// Bytes of it before the position of the sender.
const COMMON_FIELDS_LEN: usize = 8;
/// Bytes of the transport's header, and of the header of a message.
const TRANSPORT_LEN: usize = 4;
const MESSAGE_LEN: usize = 2;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("GeoNet ");
    if let Some((src, _)) = out.context.macs {
        out.text("src:").ether_host(src);
    }
    out.text("; ");
    if c.length() < COMMON_LEN {
        write!(out, " (common header length {} < {COMMON_LEN})", c.length());
        return Err(Stop::Invalid);
    }
    c.need(COMMON_FIELDS_LEN)?;
    packet(out, c)
}

fn packet(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let first = c.peek_u8(0)?;
    let next = first & 0xf;
    write!(out, "v:{} NH:{next}-", first >> 4);
    out.token(NEXT_HEADERS, next, format_args!("Unknown"));
    let kind = c.peek_u8(1)?;
    let (major, minor) = (kind >> 4, kind & 0xf);
    out.field("header_type", kind);
    write!(out, " HT:{major}-{minor}-");
    let named = if WITHOUT_SUBTYPES.contains(&major) { kind & 0xf0 } else { kind };
    out.token(HEADER_TYPES, named, format_args!("Unknown"));
    write!(out, " HopLim:{}", c.peek_u8(7)?);
    write!(out, " Payload:{} ", c.peek_u16(4)?);
    c.skip(8)?;
    position(out, &mut c)?;
    // Where the headers of other types end is not known.
    let extension_len = match (major, minor) {
        (0 | 1, _) | (5, 0) => Some(0),
        (5, 1) => Some(MULTIPLE_HOPS_LEN),
        _ => None,
    };
    if let Some(len) = extension_len {
        if c.length() < len {
            write!(out, " (header size {len} > {})", c.length());
            return Err(Stop::Invalid);
        }
        c.skip(len)?;
        if matches!(next, BTP_A | BTP_B) {
            transport(out, &mut c)?;
        }
    }
    payload(out, c)
}

/// Who sent the packet, and where that was: time, latitude, longitude and more.
fn position(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let address = c.take(8)?;
    out.text("GN_ADDR:").link_address(address).text(" ");
    c.skip(4)?;
    write!(out, "lat:{} ", c.u32()?);
    write!(out, "lon:{}", c.u32()?);
    c.skip(8)
}

/// The Basic Transport Protocol, and what its message is, which stays with the payload.
fn transport(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < TRANSPORT_LEN {
        write!(out, " (BTP length {} < {TRANSPORT_LEN})", c.length());
        return Err(Stop::Invalid);
    }
    write!(out, "; BTP Dst:{}", c.u16()?);
    write!(out, " Src:{}", c.u16()?);
    if c.length() >= MESSAGE_LEN {
        write!(out, "; ItsPduHeader v:{}", c.peek_u8(0)?);
        let message = c.peek_u8(1)?;
        write!(out, " t:{message}-");
        out.token(MESSAGES, message, format_args!("unknown ({message})"));
    }
    Ok(())
}
