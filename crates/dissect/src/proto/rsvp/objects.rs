//! Objects of messages (RFC 2205 appendix A, RFC 3209 section 4, RFC 3473, RFC 4090, RFC 4875).

use super::{names, services};
use crate::Out;
use crate::proto::names::{ADDRESS_FAMILIES, ETHER_TYPES};
use crate::proto::{gmpls, signature};
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 4;

mod class {
    pub(super) const SESSION: u8 = 1;
    pub(super) const HOP: u8 = 3;
    pub(super) const INTEGRITY: u8 = 4;
    pub(super) const TIME_VALUES: u8 = 5;
    pub(super) const ERROR: u8 = 6;
    pub(super) const STYLE: u8 = 8;
    pub(super) const FLOWSPEC: u8 = 9;
    pub(super) const FILTER: u8 = 10;
    pub(super) const SENDER_TEMPLATE: u8 = 11;
    pub(super) const SENDER_TSPEC: u8 = 12;
    pub(super) const ADSPEC: u8 = 13;
    pub(super) const CONFIRM: u8 = 15;
    pub(super) const LABEL: u8 = 16;
    pub(super) const LABEL_REQUEST: u8 = 19;
    pub(super) const EXPLICIT_ROUTE: u8 = 20;
    pub(super) const RECORD_ROUTE: u8 = 21;
    pub(super) const HELLO: u8 = 22;
    pub(super) const MESSAGE: u8 = 23;
    pub(super) const MESSAGE_ACK: u8 = 24;
    pub(super) const MESSAGE_LIST: u8 = 25;
    pub(super) const RECOVERY_LABEL: u8 = 34;
    pub(super) const UPSTREAM_LABEL: u8 = 35;
    pub(super) const LABEL_SET: u8 = 36;
    pub(super) const LEAF: u8 = 50;
    pub(super) const DETOUR: u8 = 63;
    pub(super) const CLASS_TYPE: u8 = 66;
    pub(super) const CLASS_TYPE_OLD: u8 = 125;
    pub(super) const SUGGESTED_LABEL: u8 = 129;
    pub(super) const RESTART: u8 = 131;
    pub(super) const CAPABILITY: u8 = 134;
    pub(super) const NOTIFY: u8 = 195;
    pub(super) const STATUS: u8 = 196;
    pub(super) const PROPERTIES: u8 = 204;
    pub(super) const FAST_REROUTE: u8 = 205;
    pub(super) const SESSION_ATTRIBUTE: u8 = 207;
    pub(super) const UNI: u8 = 229;
}

/// What becomes of an object.
enum Printed {
    Known,
    /// It is of a class or type that nothing is known of.
    Unknown,
    /// It is shorter than its type.
    Short,
}

/// Prints the objects of `message` on lines that start with `indent`.
pub(super) fn print_all(out: &mut Out, message: Cursor<'_>, mut c: Cursor<'_>, indent: &str) -> Walk {
    while c.length() > 0 {
        c.need(HEADER_LEN)?;
        let left = c.length();
        let (len, class, kind) = (usize::from(c.u16()?), c.u8()?, c.u8()?);
        if !len.is_multiple_of(4) {
            write!(out, "{indent}ERROR: object header size {len} not a multiple of 4");
            return Ok(());
        }
        if len < HEADER_LEN {
            write!(out, "{indent}ERROR: object header too short {len} < {HEADER_LEN}");
            return Ok(());
        }
        out.text(indent);
        out.token(names::OBJECTS, class, format_args!("Unknown"));
        let action = match class & 0xc0 {
            0xc0 => "ignore and forward",
            0x80 => "ignore silently",
            _ => "reject",
        };
        write!(out, " Object ({class}) Flags: [{action} if unknown], Class-Type: ");
        out.token(names::TYPES, u16::from_be_bytes([class, kind]), format_args!("Unknown"));
        write!(out, " ({kind}), length: {len}");
        if left < len {
            write!(out, "{indent}ERROR: object goes past end of objects TLV");
            return Ok(());
        }
        let body = c.claim(len - HEADER_LEN);
        body.need(body.length())?;
        let object = Object { class, kind, body, message, indent };
        match object.print(out)? {
            Printed::Known if out.options.verbose <= 1 => {}
            Printed::Known | Printed::Unknown => {
                out.dump_hex(&format!("{indent}  "), body.claimed_bytes());
            }
            Printed::Short => {
                write!(out, "{indent}ERROR: object is too short");
                return Ok(());
            }
        }
        c.advance(len - HEADER_LEN);
    }
    Ok(())
}

/// An object whose header was printed.
#[derive(Clone, Copy)]
struct Object<'a> {
    class: u8,
    kind: u8,
    body: Cursor<'a>,
    message: Cursor<'a>,
    indent: &'a str,
}

impl Object<'_> {
    fn print(self, out: &mut Out) -> Walk<Printed> {
        let Some(least) = self.least_len() else { return Ok(Printed::Unknown) };
        if self.body.length() < least {
            return Ok(Printed::Short);
        }
        match self.class {
            class::SESSION => self.session(out)?,
            class::CONFIRM | class::NOTIFY | class::LEAF => self.single_address(out)?,
            class::LABEL | class::SUGGESTED_LABEL | class::UPSTREAM_LABEL | class::RECOVERY_LABEL => {
                self.label(out)?
            }
            class::STYLE => {
                let (flags, style) = (self.body.peek_u8(0)?, self.body.peek_u24(1)?);
                self.line(out, "Reservation Style: ");
                out.token(names::STYLES, style, format_args!("Unknown"));
                write!(out, ", Flags: [0x{flags:02x}]");
            }
            class::SENDER_TEMPLATE | class::FILTER => self.sender(out)?,
            class::LABEL_REQUEST => self.label_request(out)?,
            class::EXPLICIT_ROUTE | class::RECORD_ROUTE => self.route(out)?,
            class::UNI => self.network_interface(out)?,
            class::SENDER_TSPEC | class::ADSPEC | class::FLOWSPEC => {
                services::print(out, self.body, self.indent)?
            }
            class::FAST_REROUTE => self.fast_reroute(out)?,
            class::ERROR => self.error(out)?,
            class::PROPERTIES => return self.properties(out),
            class::MESSAGE | class::MESSAGE_ACK | class::MESSAGE_LIST => self.messages(out)?,
            class::INTEGRITY => self.integrity(out)?,
            class::LABEL_SET => self.label_set(out)?,
            _ => self.small(out)?,
        }
        Ok(Printed::Known)
    }

    /// The least length of the body of this class and type; nothing where it is not known.
    fn least_len(&self) -> Option<usize> {
        Some(match (self.class, self.kind) {
            (class::SESSION, 1) => 8,
            (class::SESSION, 2) => 20,
            (class::SESSION, 8) => 36,
            (class::SESSION, 14) => 26,
            (class::SESSION, 7 | 11 | 13) => 12,
            (class::CONFIRM | class::NOTIFY | class::LEAF, 1) => 4,
            (class::CONFIRM | class::NOTIFY | class::LEAF, 2) => 16,
            (
                class::LABEL | class::SUGGESTED_LABEL | class::UPSTREAM_LABEL | class::RECOVERY_LABEL,
                kind @ 1..=3,
            ) => [0, 4, 12].get(usize::from(kind - 1)).copied().unwrap_or(0),
            (class::STYLE, 1) => 4,
            (class::SENDER_TEMPLATE | class::FILTER, 1 | 7) => 8,
            (class::SENDER_TEMPLATE | class::FILTER, 2) => 20,
            (class::SENDER_TEMPLATE | class::FILTER, 13) => 40,
            (class::SENDER_TEMPLATE | class::FILTER, 12) => 16,
            (class::FILTER, 3 | 8) => 20,
            (class::LABEL_REQUEST, 1) => 0,
            (class::LABEL_REQUEST, 2 | 3) => 12,
            (class::LABEL_REQUEST, 4) => 4,
            (class::EXPLICIT_ROUTE | class::RECORD_ROUTE | class::UNI, 1) => 4,
            (class::HELLO, 1 | 2) | (class::RESTART, 1) => 8,
            (class::CAPABILITY, 1) | (class::SESSION_ATTRIBUTE, 7) => 4,
            (class::HOP, 1 | 3) => 8,
            (class::HOP, 2 | 4) => 20,
            (class::TIME_VALUES, 1) => 4,
            (class::SENDER_TSPEC | class::ADSPEC | class::FLOWSPEC, 2) => 4,
            (class::FAST_REROUTE, 1) => 20,
            (class::FAST_REROUTE, 7) => 16,
            (class::DETOUR, 7) => 0,
            (class::CLASS_TYPE | class::CLASS_TYPE_OLD, 1) => 4,
            (class::ERROR, 1 | 3) => 8,
            (class::ERROR, 2 | 4) => 20,
            (class::PROPERTIES, 1) => 4,
            (class::MESSAGE, 1) | (class::MESSAGE_ACK, 1 | 2) | (class::MESSAGE_LIST, 1) => 8,
            (class::INTEGRITY, 1) => 32,
            (class::STATUS, 1) => 4,
            (class::LABEL_SET, 1) => 4,
            _ => return None,
        })
    }

    /// Starts a line.
    fn line<'o>(&self, out: &'o mut Out, text: &str) -> &'o mut Out {
        out.text(self.indent).text("  ").text(text)
    }

    fn session(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        match self.kind {
            1 => {
                let address = *c.array()?;
                self.line(out, "IPv4 DestAddress: ").host4(address);
            }
            2 => {
                let address = *c.array()?;
                self.line(out, "IPv6 DestAddress: ").host6(address);
            }
            8 => {
                let (end, _, tunnel, extended) = (*c.array()?, c.u16()?, c.u16()?, *c.array()?);
                self.line(out, "IPv6 Tunnel EndPoint: ").host6(end);
                write!(out, ", Tunnel ID: 0x{tunnel:04x}, Extended Tunnel ID: ");
                out.host6(extended);
                return Ok(());
            }
            14 => {
                let (path, _, tunnel, extended) = (c.u32()?, c.u16()?, c.u16()?, *c.array()?);
                self.line(out, "IPv6 P2MP LSP ID: ");
                write!(out, "0x{path:08x}, Tunnel ID: 0x{tunnel:04x}, Extended Tunnel ID: ");
                out.host6(extended);
                return Ok(());
            }
            kind => {
                let (end, _, tunnel, extended) = (*c.array()?, c.u16()?, c.u16()?, *c.array()?);
                let what = if kind == 13 { "IPv4 P2MP LSP ID: " } else { "IPv4 Tunnel EndPoint: " };
                self.line(out, what).host4(end);
                write!(out, ", Tunnel ID: 0x{tunnel:04x}, Extended Tunnel ID: ");
                out.host4(extended);
                return Ok(());
            }
        }
        write!(out, ", Protocol ID: 0x{:02x}", c.u8()?);
        self.line(out, "Flags: ");
        write!(out, "[0x{:02x}], DestPort {}", c.u8()?, c.u16()?);
        Ok(())
    }

    fn single_address(self, out: &mut Out) -> Walk {
        let heading = match (self.class, self.kind) {
            (class::CONFIRM, 1) => "IPv4 Receiver Address: ",
            (class::CONFIRM, _) => "IPv6 Receiver Address: ",
            (class::NOTIFY, 1) => "IPv4 Notify Node Address: ",
            (class::NOTIFY, _) => "IPv6 Notify Node Address: ",
            _ => "Sub-LSP destination address: ",
        };
        if self.kind == 1 {
            self.line(out, heading).host4(*self.body.peek_array(0)?);
        } else {
            self.line(out, heading).host6(*self.body.peek_array(0)?);
        }
        Ok(())
    }

    fn label(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        match self.kind {
            1 => {
                while c.length() >= 4 {
                    self.line(out, "Label: ").dec(c.u32()?);
                }
            }
            2 => {
                self.line(out, "Generalized Label: ").dec(c.u32()?);
            }
            _ => {
                self.line(out, "Waveband ID: ").dec(c.u32()?);
                self.line(out, "Start Label: ").dec(c.u32()?).text(", Stop Label: ").dec(c.u32()?);
            }
        }
        Ok(())
    }

    /// Who sends: for classic reservations with a port, for tunnels with the number of a path.
    fn sender(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        let is_filter = self.class == class::FILTER;
        let is_v6 = matches!(self.kind, 2 | 3 | 8 | 13);
        let heading = match self.kind {
            13 => "IPv6 Tunnel Sender Address: ",
            12 => "IPv4 Tunnel Sender Address: ",
            7 if !is_filter => "IPv4 Tunnel Sender Address: ",
            _ => "Source Address: ",
        };
        if is_v6 {
            let address = *c.array()?;
            self.line(out, heading).host6(address);
        } else {
            let address = *c.array()?;
            self.line(out, heading).host4(address);
        }
        if self.kind == 3 {
            c.skip(1)?;
            write!(out, ", Flow Label: {}", c.u24()?);
            return Ok(());
        }
        c.skip(2)?;
        let number = c.u16()?;
        match self.kind {
            1 | 2 => write!(out, ", Source Port: {number}"),
            7 | 8 => write!(out, ", LSP-ID: 0x{number:04x}"),
            _ => {
                write!(out, ", LSP ID: 0x{number:04x}");
                self.line(out, "Sub-Group Originator ID: ");
                if is_v6 {
                    out.host6(*c.array()?);
                } else {
                    out.host4(*c.array()?);
                }
                c.skip(2)?;
                write!(out, ", Sub-Group ID: 0x{:04x}", c.u16()?);
            }
        }
        Ok(())
    }

    fn label_request(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        let protocol = |object: Self, out: &mut Out, kind: u16| {
            object.line(out, "L3 Protocol ID: ");
            out.token(ETHER_TYPES, kind, format_args!("Unknown Protocol (0x{kind:04x})"));
        };
        match self.kind {
            1 => {
                while c.length() >= 4 {
                    c.skip(2)?;
                    protocol(self, out, c.u16()?);
                }
            }
            2 => {
                c.skip(2)?;
                protocol(self, out, c.u16()?);
                out.text(if c.peek_u8(0)? & 0x80 != 0 {
                    ",no merge capability"
                } else {
                    ", merge capability"
                });
                for name in ["Minimum VPI/VCI: ", "Maximum VPI/VCI: "] {
                    self.line(out, name);
                    write!(out, "{}/{}", c.u16()? & 0x0fff, c.u16()? & 0x0fff);
                }
            }
            3 => {
                c.skip(2)?;
                protocol(self, out, c.u16()?);
                let bits = match c.peek_u16(0)? >> 7 & 3 {
                    0 => "10",
                    2 => "23",
                    _ => "",
                };
                self.line(out, "Minimum/Maximum DLCI: ");
                write!(out, "{}/{}, {bits} bit DLCI", c.u32()? & 0x7f_ffff, c.u32()? & 0x7f_ffff);
            }
            _ => {
                let (encoding, switching, payload) = (c.u8()?, c.u8()?, c.u16()?);
                self.line(out, "LSP Encoding Type: ");
                out.token(gmpls::ENCODINGS, encoding, format_args!("Unknown"));
                write!(out, " ({encoding})");
                self.line(out, "Switching Type: ");
                out.token(gmpls::SWITCHING_CAPABILITIES, switching, format_args!("Unknown"));
                write!(out, " ({switching}), Payload ID: ");
                out.token(gmpls::PAYLOADS, payload, format_args!("Unknown"));
                write!(out, " (0x{payload:04x})");
            }
        }
        Ok(())
    }

    /// The way that is to be taken, or was.
    fn route(self, out: &mut Out) -> Walk {
        const LOOSE: u8 = 0x80;
        const IPV4: u8 = 1;
        const LABEL: u8 = 3;
        const LEN: usize = 8;
        let mut c = self.body;
        while c.length() > 0 {
            let (first, len) = (c.peek_u8(0)?, usize::from(c.peek_u8(1)?));
            let kind = first & !LOOSE;
            self.line(out, "Subobject Type: ");
            out.token(names::HOPS, kind, format_args!("Unknown {kind}"));
            write!(out, ", length {len}");
            if len == 0 {
                self.line(out, "ERROR: zero length ERO subtype");
                break;
            }
            if len > c.length() {
                self.line(out, "ERROR: ERO subobject length > object length");
                break;
            }
            if matches!(kind, IPV4 | LABEL) && len != LEN {
                out.text(" ERROR: length != 8");
                return Err(Stop::Invalid);
            }
            if kind == IPV4 {
                let (address, bits, flags) = (*c.peek_array(2)?, c.peek_u8(6)?, c.peek_u8(7)?);
                if bits != 32 {
                    write!(out, " ERROR: Prefix length {bits} != 32");
                    return Err(Stop::Invalid);
                }
                out.text(if first & LOOSE != 0 { ", Loose, " } else { ", Strict, " }).host4(address);
                write!(out, "/{bits}, Flags: [");
                out.bits(names::HOP_FLAGS, flags, ", ", format_args!("none"));
                out.text("]");
            } else if kind == LABEL {
                let (flags, kind, label) = (c.peek_u8(2)?, c.peek_u8(3)?, c.peek_u32(4)?);
                out.text(", Flags: [");
                out.bits(names::LABEL_FLAGS, flags, ", ", format_args!("none"));
                alternate_hex(out, "] (", flags);
                out.text("), Class-Type: ");
                let class_and_type = u16::from_be_bytes([class::RECORD_ROUTE, kind]);
                out.token(names::TYPES, class_and_type, format_args!("Unknown"));
                write!(out, " ({kind}), {label}");
            }
            c.advance(len);
        }
        Ok(())
    }

    /// What a client asks of an optical network (OIF UNI 1.0).
    fn network_interface(self, out: &mut Out) -> Walk {
        const HEAD_LEN: usize = 4;
        let mut c = self.body;
        while c.length() > 0 {
            if c.length() < HEAD_LEN {
                return out.disagree("object length", c.length(), "<", HEAD_LEN);
            }
            let (len, kind, family) = (usize::from(c.peek_u16(0)?), c.peek_u8(2)?, c.peek_u8(3)?);
            self.line(out, "Subobject Type: ");
            out.token(names::UNI_PARTS, kind, format_args!("Unknown"));
            let family_name = tokens::name(ADDRESS_FAMILIES, family.into()).unwrap_or("Unknown");
            write!(out, " ({kind}), AF: {family_name} ({family}), length: {len}");
            if len < HEAD_LEN || len > c.length() {
                return Err(Stop::Invalid);
            }
            let mut part = c.claim(len).ahead(HEAD_LEN);
            c.advance(len);
            match (kind, family) {
                (1 | 2, 1) if part.length() >= 4 => {
                    self.line(out, "  UNI IPv4 TNA address: ").host4(*part.array()?);
                }
                (1 | 2, 2) if part.length() >= 16 => {
                    self.line(out, "  UNI IPv6 TNA address: ").host6(*part.array()?);
                }
                (1 | 2, 1 | 2) => return Err(Stop::Invalid),
                (4, _) => {
                    if part.length() < 12 {
                        return Err(Stop::Invalid);
                    }
                    let (first, port, label) = (part.u32()?, part.u32()?, part.u32()?);
                    self.line(out, "  U-bit: ");
                    write!(out, "{:x}, Label type: {}", first >> 31, first & 0x7f);
                    write!(out, ", Logical port id: {port}, Label: {label}");
                }
                (5, _) => {
                    if part.length() < 1 {
                        return Err(Stop::Invalid);
                    }
                    self.line(out, "  Service level: ").dec(part.u8()?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn fast_reroute(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        let (setup, holding, hops, _) = (c.u8()?, c.u8()?, c.u8()?, c.u8()?);
        let bandwidth = f64::from(f32::from_bits(c.u32()?)) * 8.0 / 1_000_000.0;
        self.line(out, "Setup Priority: ");
        write!(out, "{setup}, Holding Priority: {holding}, Hop-limit: {hops}, Bandwidth: ");
        out.general(bandwidth).text(" Mbps");
        if self.kind == 1 {
            self.line(out, "Include-any: ");
            write!(
                out,
                "0x{:08x}, Exclude-any: 0x{:08x}, Include-all: 0x{:08x}",
                c.u32()?,
                c.u32()?,
                c.u32()?
            );
        } else {
            self.line(out, "Include Colors: ");
            write!(out, "0x{:08x}, Exclude Colors: 0x{:08x}", c.u32()?, c.u32()?);
        }
        Ok(())
    }

    fn error(self, out: &mut Out) -> Walk {
        const ROUTING: u8 = 24;
        const DIFFSERV: u8 = 28;
        const DIFFSERV_OLD: u8 = 125;
        let mut c = self.body;
        let is_v6 = matches!(self.kind, 2 | 4);
        self.line(out, "Error Node Address: ");
        if is_v6 {
            out.host6(*c.array()?)
        } else {
            out.host4(*c.array()?)
        };
        let (flags, code, value) = (c.u8()?, c.u8()?, c.u16()?);
        write!(out, ", Flags: [0x{flags:02x}]");
        self.line(out, "Error Code: ");
        out.token(names::ERRORS, code, format_args!("unknown"));
        write!(out, " ({code})");
        let values = match code {
            ROUTING => names::ROUTING_ERRORS,
            DIFFSERV | DIFFSERV_OLD if !is_v6 => names::DIFFSERV_ERRORS,
            _ => {
                if !is_v6 {
                    write!(out, ", Unknown Error Value ({value})");
                }
                return Ok(());
            }
        };
        out.text(", Error Value: ");
        out.token(values, value, format_args!("unknown"));
        write!(out, " ({value})");
        Ok(())
    }

    fn properties(self, out: &mut Out) -> Walk<Printed> {
        let mut c = self.body;
        let (count, padding) = (c.u16()?, usize::from(c.u16()?));
        self.line(out, "TLV count: ");
        write!(out, "{count}, padding bytes: {padding}");
        while c.length() >= 2 + padding {
            let (kind, len) = (c.peek_u8(0)?, usize::from(c.peek_u8(1)?));
            self.line(out, "  ");
            out.token(names::PROPERTIES, kind, format_args!("unknown"));
            write!(out, " TLV (0x{kind:02x}), length: {len}");
            if len < 2 {
                write!(out, "{}ERROR: property TLV is too short", self.indent);
                break;
            }
            if len > c.length() {
                return Ok(Printed::Short);
            }
            out.dump_hex(&format!("{}    ", self.indent), c.claim(len).ahead(2).claimed_bytes());
            c.advance(len);
        }
        Ok(Printed::Known)
    }

    /// Identifiers of messages, which acknowledgements and summaries name.
    fn messages(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        self.line(out, "Flags ");
        write!(out, "[0x{:02x}], epoch: {}", c.u8()?, c.u24()?);
        while c.length() >= 4 {
            let identifier = c.u32()?;
            self.line(out, "  Message-ID ");
            write!(out, "0x{identifier:08x} ({identifier})");
            if self.class != class::MESSAGE_LIST {
                break;
            }
        }
        Ok(())
    }

    /// A signature of the message, in which it counts as zeros.
    fn integrity(self, out: &mut Out) -> Walk {
        const SIGNATURE_AT: usize = 16;
        const ZEROS: [u8; signature::LEN] = [0; signature::LEN];
        let mut c = self.body;
        let (flags, _, key_high, key_low) = (c.u8()?, c.u8()?, c.u16()?, c.u32()?);
        self.line(out, "Key-ID ");
        write!(out, "0x{key_high:04x}{key_low:08x}, Sequence 0x{:016x}, Flags [", c.u64()?);
        out.bits(names::INTEGRITY_FLAGS, flags, ", ", format_args!("none"));
        out.text("]");
        let signed = c.take(signature::LEN)?;
        self.line(out, "MD5-sum 0x").hex_bytes(signed).text(" ");
        let at = self.body.at().saturating_sub(self.message.at()) + SIGNATURE_AT;
        let bytes = self.message.claimed_bytes();
        let before = bytes.get(..at).unwrap_or_default();
        let behind = bytes.get(at + signature::LEN..).unwrap_or_default();
        signature::print_check(out, signed, &[before, &ZEROS, behind]);
        Ok(())
    }

    fn label_set(self, out: &mut Out) -> Walk {
        const RANGES: [u8; 2] = [2, 3];
        let mut c = self.body;
        let first = c.u32()?;
        let action = (first >> 24) as u8;
        self.line(out, "Action: ");
        out.token(names::LABEL_ACTIONS, action, format_args!("Unknown"));
        write!(out, " ({action}), Label type: {}", first & 0x7f);
        if RANGES.contains(&action) {
            if c.length() < 8 {
                return Ok(());
            }
            self.line(out, "Start range: ").dec(c.u32()?).text(", End range: ").dec(c.u32()?);
            return Ok(());
        }
        let mut number = 1;
        while c.length() >= 4 {
            self.line(out, "Subchannel #");
            write!(out, "{number}: {}", c.u32()?);
            number += 1;
        }
        Ok(())
    }

    /// Objects that take a line or two.
    fn small(self, out: &mut Out) -> Walk {
        let mut c = self.body;
        match self.class {
            class::HELLO => {
                self.line(out, "Source Instance: ");
                write!(out, "0x{:08x}, Destination Instance: 0x{:08x}", c.u32()?, c.u32()?);
            }
            class::RESTART => {
                self.line(out, "Restart  Time: ");
                write!(out, "{}ms, Recovery Time: {}ms", c.u32()?, c.u32()?);
            }
            class::CAPABILITY => {
                let flags = c.u32()?;
                if flags & !7 != 0 {
                    self.line(out, "[reserved=");
                    write!(out, "0x{:08x} must be zero]", flags & !7);
                }
                self.line(out, "Flags: [");
                out.bits(names::CAPABILITY_FLAGS, flags & 7, ", ", format_args!("none"));
                out.text("]");
            }
            class::SESSION_ATTRIBUTE => {
                let (setup, holding, flags, len) = (c.u8()?, c.u8()?, c.u8()?, usize::from(c.u8()?));
                let name = c.claimed_bytes();
                self.line(out, "Session Name: ").escaped(name.get(..len).unwrap_or(name));
                self.line(out, "Setup Priority: ");
                write!(out, "{setup}, Holding Priority: {holding}, Flags: [");
                out.bits(names::SESSION_FLAGS, flags, ", ", format_args!("none"));
                alternate_hex(out, "] (", flags);
                out.text(")");
            }
            class::HOP => {
                self.line(out, "Previous/Next Interface: ");
                if matches!(self.kind, 2 | 4) {
                    out.host6(*c.array()?)
                } else {
                    out.host4(*c.array()?)
                };
                write!(out, ", Logical Interface Handle: 0x{:08x}", c.u32()?);
                if c.length() > 0 {
                    out.dump_hex(&format!("{}  ", self.indent), c.claimed_bytes());
                }
            }
            class::TIME_VALUES => {
                self.line(out, "Refresh Period: ").dec(c.u32()?).text("ms");
            }
            class::DETOUR => {
                while c.length() >= 8 {
                    let (point, avoided) = (*c.array()?, *c.array()?);
                    self.line(out, "PLR-ID: ").host4(point).text(", Avoid-Node-ID: ").host4(avoided);
                }
            }
            class::STATUS => {
                self.line(out, "Flags [");
                out.bits(names::STATUS_FLAGS, c.u32()?, ", ", format_args!("none"));
                out.text("]");
            }
            _ => {
                self.line(out, "CT: ").dec(c.u32()? & 7);
            }
        }
        Ok(())
    }
}

/// Writes a number as C's `%#x` does: zero has no prefix.
fn alternate_hex(out: &mut Out, before: &str, value: u8) {
    match value {
        0 => write!(out, "{before}0"),
        _ => write!(out, "{before}{value:#x}"),
    }
}
