//! Headers of frames: which there are, how long they are, and what they say (IEEE 802.11-2016 section 9.2.4).

use super::names::CONTROL_SUBTYPES;
use crate::Out;
use crate::tokens;
use wirescope_wire::{Cursor, Walk};

/// The frame control field of a frame that has a known type.
#[derive(Clone, Copy)]
pub(super) struct Control(u16);

/// Types of frames.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Management,
    Control,
    Data,
}

/// Subtypes of control frames.
mod subtype {
    pub(super) const WRAPPER: u8 = 7;
    pub(super) const BLOCK_ACK_REQUEST: u8 = 8;
    pub(super) const BLOCK_ACK: u8 = 9;
    pub(super) const POWER_SAVE_POLL: u8 = 10;
    pub(super) const REQUEST_TO_SEND: u8 = 11;
    pub(super) const CLEAR_TO_SEND: u8 = 12;
    pub(super) const ACKNOWLEDGMENT: u8 = 13;
    pub(super) const END: u8 = 14;
    pub(super) const END_ACK: u8 = 15;
}

/// Bits of the frame control field.
const TO_DS: u16 = 0x0100;
const FROM_DS: u16 = 0x0200;
const MORE_FRAGMENTS: u16 = 0x0400;
const RETRY: u16 = 0x0800;
const POWER_MANAGEMENT: u16 = 0x1000;
const MORE_DATA: u16 = 0x2000;
const PROTECTED: u16 = 0x4000;
const HT_CONTROL: u16 = 0x8000;

/// Bits of a data frame's subtype.
const ACK: u8 = 1;
const POLL: u8 = 2;
const NULL: u8 = 4;
const QOS: u8 = 8;

/// Where addresses stand.
const ADDRESS_1: usize = 4;
const ADDRESS_2: usize = 10;
const ADDRESS_3: usize = 16;
const ADDRESS_4: usize = 24;

/// Bytes of headers and their parts.
const DATA_LEN: usize = 24;
const MANAGEMENT_LEN: usize = 24;
const ADDRESS_LEN: usize = 6;
const QOS_LEN: usize = 2;
const HT_CONTROL_LEN: usize = 4;
const MESH_LEN: usize = 6;

/// Bits of a mesh header's flags that say how many addresses it has; the others must be zero.
const ADDRESS_EXTENSION: u8 = 3;

impl Control {
    pub(super) fn read(mut frame: Cursor<'_>) -> Walk<Self> {
        frame.u16_le().map(Control)
    }

    fn type_number(self) -> u16 {
        (self.0 >> 2) & 3
    }

    pub(super) fn subtype(self) -> u8 {
        ((self.0 >> 4) & 0xf) as u8
    }

    /// The type; only asked once the header's length was known.
    pub(super) fn class(self) -> Class {
        match self.type_number() {
            0 => Class::Management,
            1 => Class::Control,
            _ => Class::Data,
        }
    }

    fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }

    pub(super) fn is_protected(self) -> bool {
        self.has(PROTECTED)
    }

    pub(super) fn is_qos_data(self) -> bool {
        self.class() == Class::Data && self.subtype() & QOS != 0
    }

    pub(super) fn is_null_data(self) -> bool {
        self.subtype() & NULL != 0
    }

    /// Bytes of the header; where the type is not known that is said.
    pub(super) fn header_len(self, out: &mut Out) -> Option<usize> {
        let ht_control_len = if self.has(HT_CONTROL) { HT_CONTROL_LEN } else { 0 };
        match self.type_number() {
            0 => Some(MANAGEMENT_LEN + ht_control_len),
            1 => {
                let len = self.control_len();
                if len.is_none() {
                    write!(out, "unknown 802.11 ctrl frame subtype ({})", self.subtype());
                }
                len
            }
            2 => {
                let address_len = if self.has(TO_DS) && self.has(FROM_DS) { ADDRESS_LEN } else { 0 };
                let qos_len = if self.subtype() & QOS != 0 { QOS_LEN + ht_control_len } else { 0 };
                Some(DATA_LEN + address_len + qos_len)
            }
            other => {
                write!(out, "unknown 802.11 frame type ({other})");
                None
            }
        }
    }

    fn control_len(self) -> Option<usize> {
        match self.subtype() {
            subtype::WRAPPER => Some(12),
            subtype::BLOCK_ACK_REQUEST => Some(20),
            subtype::BLOCK_ACK | subtype::POWER_SAVE_POLL | subtype::REQUEST_TO_SEND => Some(16),
            subtype::CLEAR_TO_SEND | subtype::ACKNOWLEDGMENT => Some(10),
            subtype::END | subtype::END_ACK => Some(16),
            _ => None,
        }
    }

    pub(super) fn fields(self, out: &mut Out, frame: Cursor<'_>) {
        out.fields(|| [("type", self.type_number().into()), ("subtype", self.subtype().into())]);
        out.field("flags", self.0 >> 8);
        if self.class() != Class::Control
            && let Some((src, dst)) = self.source_and_destination(frame)
        {
            out.fields(|| [("src", src.into()), ("dst", dst.into())]);
        }
    }

    /// Who sent a frame and for whom; access points pass frames on for others (table 9-26).
    pub(super) fn source_and_destination(self, frame: Cursor<'_>) -> Option<([u8; 6], [u8; 6])> {
        let (src, dst) = match (self.has(TO_DS), self.has(FROM_DS)) {
            _ if self.class() == Class::Management => (ADDRESS_2, ADDRESS_1),
            (false, false) => (ADDRESS_2, ADDRESS_1),
            (false, true) => (ADDRESS_3, ADDRESS_1),
            (true, false) => (ADDRESS_2, ADDRESS_3),
            (true, true) => (ADDRESS_4, ADDRESS_3),
        };
        Some((address(frame, src).ok()?, address(frame, dst).ok()?))
    }

    /// Prints the header, with the mesh header behind it where there is one.
    pub(super) fn header(self, out: &mut Out, frame: Cursor<'_>, mesh: Option<Cursor<'_>>) -> Walk {
        if out.options.verbose > 0 {
            self.flags(out);
            // Stations that poll have their association's number in place of the duration.
            if self.class() != Class::Control || self.subtype() != subtype::POWER_SAVE_POLL {
                write!(out, "{}us ", frame.ahead(2).u16_le()?);
            }
        }
        if let Some(mesh) = mesh {
            mesh_header(out, mesh)?;
        }
        match self.class() {
            Class::Management => {
                addresses(out, frame, &[("BSSID:", ADDRESS_3), ("DA:", ADDRESS_1), ("SA:", ADDRESS_2)])
            }
            Class::Control => self.control_header(out, frame),
            Class::Data => self.data_header(out, frame),
        }
    }

    fn flags(self, out: &mut Out) {
        const NAMES: [(u16, &str); 6] = [
            (MORE_DATA, "More Data "),
            (MORE_FRAGMENTS, "More Fragments "),
            (POWER_MANAGEMENT, "Pwr Mgmt "),
            (RETRY, "Retry "),
            (HT_CONTROL, "+HTC "),
            (PROTECTED, "Protected "),
        ];
        for (bit, name) in NAMES {
            if self.has(bit) {
                out.text(name);
            }
        }
    }

    fn data_header(self, out: &mut Out, frame: Cursor<'_>) -> Walk {
        let subtype = self.subtype();
        if subtype & (ACK | POLL | QOS) != 0 {
            out.text("CF ");
            out.text(match (subtype & ACK != 0, subtype & POLL != 0) {
                (true, true) => "Ack/Poll",
                (true, false) => "Ack",
                (false, true) => "Poll",
                (false, false) => "",
            });
            if subtype & QOS != 0 {
                out.text("+QoS");
            }
            out.text(" ");
        }
        let roles: &[(&str, usize)] = match (self.has(TO_DS), self.has(FROM_DS)) {
            (false, false) => &[("DA:", ADDRESS_1), ("SA:", ADDRESS_2), ("BSSID:", ADDRESS_3)],
            (false, true) => &[("DA:", ADDRESS_1), ("BSSID:", ADDRESS_2), ("SA:", ADDRESS_3)],
            (true, false) => &[("BSSID:", ADDRESS_1), ("SA:", ADDRESS_2), ("DA:", ADDRESS_3)],
            (true, true) => &[("RA:", ADDRESS_1), ("TA:", ADDRESS_2), ("DA:", ADDRESS_3), ("SA:", ADDRESS_4)],
        };
        addresses(out, frame, roles)
    }

    fn control_header(self, out: &mut Out, frame: Cursor<'_>) -> Walk {
        match self.subtype() {
            subtype::BLOCK_ACK_REQUEST => block_ack_request(out, frame),
            subtype::BLOCK_ACK | subtype::REQUEST_TO_SEND => {
                addresses(out, frame, &[("RA:", ADDRESS_1), ("TA:", ADDRESS_2)])
            }
            subtype::POWER_SAVE_POLL => addresses(out, frame, &[("BSSID:", ADDRESS_1), ("TA:", ADDRESS_2)]),
            subtype::CLEAR_TO_SEND | subtype::ACKNOWLEDGMENT => addresses(out, frame, &[("RA:", ADDRESS_1)]),
            subtype::END | subtype::END_ACK => {
                addresses(out, frame, &[("RA:", ADDRESS_1), ("BSSID:", ADDRESS_2)])
            }
            _ => Ok(()),
        }
    }

    /// Prints what a control frame is, and its addresses where the header was not shown.
    pub(super) fn control_body(self, out: &mut Out, frame: Cursor<'_>) -> Walk {
        let subtype = self.subtype();
        out.text(tokens::name(CONTROL_SUBTYPES, subtype.into()).unwrap_or("Unknown Ctrl Subtype"));
        if subtype == subtype::POWER_SAVE_POLL {
            write!(out, " AID({:x})", frame.ahead(2).u16_le()?);
            return Ok(());
        }
        if out.options.link_header {
            return Ok(());
        }
        match subtype {
            subtype::BLOCK_ACK_REQUEST => block_ack_request(out, frame),
            subtype::REQUEST_TO_SEND => addresses(out, frame, &[(" TA:", ADDRESS_2)]),
            subtype::BLOCK_ACK
            | subtype::CLEAR_TO_SEND
            | subtype::ACKNOWLEDGMENT
            | subtype::END
            | subtype::END_ACK => addresses(out, frame, &[(" RA:", ADDRESS_1)]),
            _ => Ok(()),
        }
    }
}

/// The address `at` bytes into the frame.
pub(super) fn address(frame: Cursor<'_>, at: usize) -> Walk<[u8; 6]> {
    frame.peek_array(at).copied()
}

/// The sender of a management frame.
pub(super) fn sender(frame: Cursor<'_>) -> Walk<[u8; 6]> {
    address(frame, ADDRESS_2)
}

/// Writes addresses, each behind its role.
fn addresses(out: &mut Out, frame: Cursor<'_>, roles: &[(&str, usize)]) -> Walk {
    for (role, at) in roles {
        let address = address(frame, *at)?;
        out.text(role).ether_host(address).text(" ");
    }
    Ok(())
}

/// The addresses of a request for a block of acknowledgments, and what it asks for.
fn block_ack_request(out: &mut Out, frame: Cursor<'_>) -> Walk {
    addresses(out, frame, &[(" RA:", ADDRESS_1), ("TA:", ADDRESS_2)])?;
    let mut rest = frame.ahead(ADDRESS_3);
    write!(out, "CTL({:x}) SEQ({}) ", rest.u16_le()?, rest.u16_le()?);
    Ok(())
}

/// Bytes of the mesh header at the start of a body; none where there is none (section 9.2.4.7.3).
pub(super) fn mesh_len(body: Cursor<'_>) -> usize {
    match body.peek_u8(0) {
        Ok(flags) if flags & !ADDRESS_EXTENSION == 0 => MESH_LEN + usize::from(flags) * ADDRESS_LEN,
        _ => 0,
    }
}

fn mesh_header(out: &mut Out, mut mesh: Cursor<'_>) -> Walk {
    let (flags, ttl, sequence) = (mesh.u8()?, mesh.u8()?, mesh.u32_le()?);
    let extension = flags & ADDRESS_EXTENSION;
    write!(out, "MeshData (AE {extension} TTL {ttl} seq {sequence}");
    for role in [" A4:", " A5:", " A6:"].iter().take(extension.into()) {
        let address = *mesh.array()?;
        out.text(role).ether_host(address);
    }
    out.text(") ");
    Ok(())
}
