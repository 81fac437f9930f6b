//! Point-to-Point Protocol (RFC 1661) with its control, authentication and multilink protocols; also in HDLC-like frames (RFC 1662).

mod authentication;
pub(crate) mod control;
mod hdlc;

pub(crate) use hdlc::print_link as print_hdlc_link;

use crate::Out;
use crate::proto::ether;
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Stop, Walk};

pub(crate) const PROTOCOLS: &Tokens = &[
    (0x21, "IP"),
    (0x23, "OSI"),
    (0x25, "NS"),
    (0x27, "DECNET"),
    (0x29, "APPLE"),
    (0x2b, "IPX"),
    (0x2d, "VJC IP"),
    (0x2f, "VJNC IP"),
    (0x31, "BRPDU"),
    (0x33, "STII"),
    (0x35, "VINES"),
    (0x281, "MPLS"),
    (0x283, "MPLS"),
    (0xfd, "Compressed"),
    (0x3d, "MLPPP"),
    (0x57, "IP6"),
    (0x201, "HELLO"),
    (0x231, "LUXCOM"),
    (0x233, "SNS"),
    (0x8021, "IPCP"),
    (0x8023, "OSICP"),
    (0x8025, "NSCP"),
    (0x8027, "DECNETCP"),
    (0x8029, "APPLECP"),
    (0x802b, "IPXCP"),
    (0x8033, "STIICP"),
    (0x8035, "VINESCP"),
    (0x8057, "IP6CP"),
    (0x8281, "MPLSCP"),
    (0xc021, "LCP"),
    (0xc023, "PAP"),
    (0xc025, "LQM"),
    (0xc223, "CHAP"),
    (0xc227, "EAP"),
    (0xc027, "SPAP"),
    (0xc123, "Old-SPAP"),
    (0xc02b, "BACP"),
    (0xc02d, "BAP"),
    (0xc03d, "MLPPP-CP"),
    (0x80fd, "CCP"),
];

const MULTILINK_FLAGS: &Tokens = &[(128, "begin"), (64, "end")];

mod protocol {
    pub(super) const IPV4: u16 = 0x0021;
    pub(super) const OSI: u16 = 0x0023;
    pub(super) const IPX: u16 = 0x002b;
    pub(super) const VAN_JACOBSON_UNCOMPRESSED: u16 = 0x002f;
    pub(super) const MULTILINK: u16 = 0x003d;
    pub(super) const IPV6: u16 = 0x0057;
    pub(super) const COMPRESSED: u16 = 0x00fd;
    pub(super) const MPLS: u16 = 0x0281;
    pub(super) const MPLS_MULTICAST: u16 = 0x0283;
    pub(super) const IPCP: u16 = 0x8021;
    pub(super) const OSICP: u16 = 0x8023;
    pub(super) const IPV6CP: u16 = 0x8057;
    pub(super) const CCP: u16 = 0x80fd;
    pub(super) const MPLSCP: u16 = 0x8281;
    pub(super) const LCP: u16 = 0xc021;
    pub(super) const PAP: u16 = 0xc023;
    pub(super) const LINK_QUALITY: u16 = 0xc025;
    pub(super) const SHIVA_PAP: u16 = 0xc027;
    pub(super) const BACP: u16 = 0xc02b;
    pub(super) const BAP: u16 = 0xc02d;
    pub(super) const OLD_SHIVA_PAP: u16 = 0xc123;
    pub(super) const CHAP: u16 = 0xc223;
    pub(super) const EAP: u16 = 0xc227;
    /// A protocol field that starts with the flag of HDLC is no protocol: the frame is escaped.
    pub(super) const ESCAPED: u16 = 0x7e00;
}

/// Address and control as HDLC has them; capture programs put a direction in place of the address.
const ADDRESS_CONTROL: u16 = 0xff03;
const IN_CONTROL: u16 = 0x0003;
const OUT_CONTROL: u16 = 0x0103;

/// Bytes that a packet of this link type has at least.
const LINK_MIN_LEN: usize = 4;

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.captured() < LINK_MIN_LEN {
        out.truncated();
        out.context.link_header_len += c.captured();
        return Ok(());
    }
    frame(out, c)?;
    // Also where fields of the header are left out or compressed.
    out.context.link_header_len += LINK_MIN_LEN;
    Ok(())
}

/// Whether a protocol is one that routers speak over PPP: by this, PPP is told apart from what has no header.
pub(crate) fn is_common(protocol: u16) -> bool {
    use protocol::*;
    matches!(
        protocol,
        IPV4 | IPV6
            | OSI
            | MPLS
            | MPLS_MULTICAST
            | MULTILINK
            | IPCP
            | IPV6CP
            | OSICP
            | MPLSCP
            | LCP
            | PAP
            | CHAP
    )
}

/// Prints a packet inside another protocol.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    frame(out, c).map(|_| ())
}

/// Prints a packet and says how many bytes of it are header.
pub(crate) fn frame(out: &mut Out, whole: Cursor<'_>) -> Walk<usize> {
    out.label("ppp");
    let mut c = whole;
    if c.length() < 2 {
        return Err(Stop::Truncated);
    }
    let direction = match c.peek_u16(0)? {
        IN_CONTROL => "In  ",
        OUT_CONTROL => "Out ",
        ADDRESS_CONTROL => "",
        _ => "none",
    };
    if direction != "none" {
        if out.options.link_header {
            out.text(direction);
        }
        c.advance(2);
    }
    if c.length() < 2 {
        return Err(Stop::Truncated);
    }
    // An odd first byte is a protocol field compressed to one byte.
    let kind = if c.peek_u8(0)? & 1 != 0 { c.u8()?.into() } else { c.u16()? };
    let header_len = c.at().saturating_sub(whole.at());
    if out.options.link_header {
        let name = tokens::name(PROTOCOLS, kind.into());
        write!(out, "{} (0x{kind:04x}), length {}", name.unwrap_or("unknown"), whole.length());
        if name.is_none() {
            return Ok(header_len);
        }
        out.text(": ");
    }
    payload(out, kind, whole, header_len)?;
    Ok(header_len)
}

/// Prints the payload of a packet that starts with a header of `header_len` bytes.
fn payload(out: &mut Out, kind: u16, whole: Cursor<'_>, header_len: usize) -> Walk {
    let c = whole.ahead(header_len);
    if kind & 0xff00 == protocol::ESCAPED {
        // What was taken for the second byte of the protocol field is the first of the frame.
        let escaped = whole.ahead(header_len.saturating_sub(1)).claim(c.length());
        return hdlc::unescaped(out, escaped);
    }
    out.field("protocol", kind);
    out.context.macs = None;
    let ether_type = match kind {
        protocol::LCP
        | protocol::IPCP
        | protocol::OSICP
        | protocol::MPLSCP
        | protocol::IPV6CP
        | protocol::CCP
        | protocol::BACP => {
            return control::print(out, kind, c, whole.ahead(header_len.saturating_sub(2)));
        }
        protocol::MULTILINK => return multilink(out, c),
        protocol::CHAP => return authentication::chap(out, c),
        protocol::PAP => return authentication::pap(out, c),
        protocol::BAP => return Ok(()),
        protocol::COMPRESSED => {
            out.text("compressed PPP data");
            return Ok(());
        }
        protocol::EAP => ether::EAP,
        protocol::IPV4 | protocol::VAN_JACOBSON_UNCOMPRESSED | ether_type::IPV4 => ether_type::IPV4,
        protocol::IPV6 | ether_type::IPV6 => ether_type::IPV6,
        protocol::IPX | ether::IPX => ether::IPX,
        protocol::OSI => ether::OSI,
        protocol::MPLS | protocol::MPLS_MULTICAST => ether_type::MPLS,
        _ => 0,
    };
    if !ether::network(out, ether_type, c)? {
        out.token(PROTOCOLS, kind, format_args!("unknown PPP protocol (0x{kind:04x})"));
        out.text(" ");
        unknown_data(out, "\n\t", c, c.length());
    }
    Ok(())
}

/// Dumps `count` bytes, as far as they were captured.
fn unknown_data(out: &mut Out, indent: &str, c: Cursor<'_>, count: usize) {
    out.dump_hex(indent, c.clip_captured(count).bytes());
}

/// A fragment of a bundle with short sequence numbers (RFC 1990 section 3).
fn multilink(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if !out.options.link_header {
        out.text("MLPPP, ");
    }
    let length = c.length();
    if c.available() < 2 {
        out.text("[|mlppp]");
        return Ok(());
    }
    let first = c.u16()?;
    write!(out, "seq 0x{:03x}, Flags [", first & 0x0fff);
    out.bits(MULTILINK_FLAGS, (first >> 8) & 0xc0, ", ", format_args!("none"));
    write!(out, "], length {length}");
    Ok(())
}
