//! Address Resolution Protocol (RFC 826, RFC 903, RFC 2390; over ATM: RFC 2225 section 8.7).

use crate::Out;
use crate::proto::fr;
use crate::proto::names::ETHER_TYPES;
use crate::tokens::Tokens;
use wirescope_wire::arp::Arp;
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

pub(crate) const OPERATIONS: &Tokens = &[
    (1, "Request"),
    (2, "Reply"),
    (3, "Reverse Request"),
    (4, "Reverse Reply"),
    (8, "Inverse Request"),
    (9, "Inverse Reply"),
    (10, "NACK Reply"),
];

pub(crate) const HARDWARE: &Tokens = &[
    (1, "Ethernet"),
    (6, "TokenRing"),
    (7, "ArcNet"),
    (15, "FrameRelay"),
    (23, "Strip"),
    (24, "IEEE 1394"),
    (19, "ATM"),
    (32, "InfiniBand"),
];

/// Trailer encapsulation (RFC 893), whose requests ask for IPv4 addresses too.
const TRAILER: u16 = 0x1000;

/// Hardware types whose addresses are of a special form.
const FRAME_RELAY: u16 = 15;
const ATM: u16 = 19;

mod operation {
    pub(super) const REQUEST: u16 = 1;
    pub(super) const REPLY: u16 = 2;
    pub(super) const REVERSE_REQUEST: u16 = 3;
    pub(super) const REVERSE_REPLY: u16 = 4;
    pub(super) const INVERSE_REQUEST: u16 = 8;
    pub(super) const INVERSE_REPLY: u16 = 9;
    pub(super) const REFUSAL: u16 = 10;
}

/// Prints an ARP or reverse ARP packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut rest = c;
    let arp = Arp::read(&mut rest)?;
    if arp.hardware() == ATM {
        return print_atm(out, c);
    }
    let (hardware_len, protocol_len) = (usize::from(arp.hardware_len()), usize::from(arp.protocol_len()));
    let packet = Packet {
        hardware: arp.hardware(),
        operation: arp.operation(),
        sender_hardware: Hardware::plain(rest.take(hardware_len)?),
        sender: rest.take(protocol_len)?,
        target_hardware: Hardware::plain(rest.take(hardware_len)?),
        target: rest.take(protocol_len)?,
        protocol: arp.protocol(),
    };
    packet.fields(out);
    let usual = packet.is_ip() && protocol_len == 4 && hardware_len != 0;
    if packet.introduction(out, usual, format_args!(" (len {hardware_len})"), format_args!("{protocol_len}"))
    {
        let known = packet.print(out);
        if !known {
            out.dump_hex_ascii("\n\t", c.bytes());
            return Ok(());
        }
    }
    out.text(", length ").len(c.length());
    Ok(())
}

/// Bits of a length in ATM ARP; the two above tell the kind of address.
const ATM_LEN_MASK: u8 = 0x3f;

/// Prints an ATM ARP packet, whose hardware addresses have two parts.
fn print_atm(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut rest = c;
    let (hardware, protocol) = (rest.u16()?, rest.u16()?);
    let [sender_hardware, sender_sub] = *rest.array::<2>()?;
    let operation = rest.u16()?;
    let [sender_len, target_hardware, target_sub, target_len] = *rest.array::<4>()?;
    let mut atm = |len: u8, sub: u8| -> Walk<Hardware<'_>> {
        Ok(Hardware {
            number: rest.take((len & ATM_LEN_MASK).into())?,
            sub: rest.take((sub & ATM_LEN_MASK).into())?,
        })
    };
    let from = atm(sender_hardware, sender_sub)?;
    let sender = rest.take(sender_len.into())?;
    let mut atm = |len: u8, sub: u8| -> Walk<Hardware<'_>> {
        Ok(Hardware {
            number: rest.take((len & ATM_LEN_MASK).into())?,
            sub: rest.take((sub & ATM_LEN_MASK).into())?,
        })
    };
    let to = atm(target_hardware, target_sub)?;
    let target = rest.take(target_len.into())?;
    let packet =
        Packet { hardware, operation, sender_hardware: from, sender, target_hardware: to, target, protocol };
    packet.fields(out);
    let usual = packet.is_ip() && sender_len == 4 && target_len == 4;
    if packet.introduction(out, usual, format_args!(""), format_args!("{sender_len}/{target_len}")) {
        let known = packet.print_atm(out);
        if !known {
            out.dump_hex_ascii("\n\t", c.bytes());
            return Ok(());
        }
    }
    out.text(", length ").len(c.length());
    Ok(())
}

/// A hardware address; ATM's have a second part.
struct Hardware<'a> {
    number: &'a [u8],
    sub: &'a [u8],
}

impl<'a> Hardware<'a> {
    fn plain(number: &'a [u8]) -> Self {
        Hardware { number, sub: &[] }
    }

    /// Writes an ATM address, of which six bytes are no Ethernet address.
    fn print_atm(&self, out: &mut Out) {
        if self.number.is_empty() {
            out.text("<No address>");
            return;
        }
        out.hex_with(self.number, b':');
        if !self.sub.is_empty() {
            out.text(",").hex_with(self.sub, b':');
        }
    }
}

/// What both forms of the packet say.
struct Packet<'a> {
    hardware: u16,
    protocol: u16,
    operation: u16,
    sender_hardware: Hardware<'a>,
    sender: &'a [u8],
    target_hardware: Hardware<'a>,
    target: &'a [u8],
}

impl Packet<'_> {
    fn fields(&self, out: &mut Out) {
        out.fields(|| {
            [
                ("hardware", self.hardware.into()),
                ("protocol", self.protocol.into()),
                ("operation", self.operation.into()),
                ("sender_hardware", self.sender_hardware.number.into()),
                ("sender", self.sender.into()),
                ("target_hardware", self.target_hardware.number.into()),
                ("target", self.target.into()),
            ]
        });
    }

    fn is_ip(&self) -> bool {
        matches!(self.protocol, ether_type::IPV4 | TRAILER)
    }

    /// Names the kinds of address where they are not the usual ones, and the operation; false where
    /// nothing can be said about the rest.
    fn introduction(
        &self,
        out: &mut Out,
        usual: bool,
        hardware_len: std::fmt::Arguments<'_>,
        protocol_len: std::fmt::Arguments<'_>,
    ) -> bool {
        if !out.options.link_header {
            out.text("ARP, ");
        }
        let verbose = out.options.verbose > 0;
        if !usual || verbose {
            out.token(HARDWARE, self.hardware, format_args!("Unknown Hardware ({})", self.hardware));
            write!(out, "{hardware_len}, ");
            out.token(ETHER_TYPES, self.protocol, format_args!("Unknown Protocol (0x{:04x})", self.protocol));
            write!(out, " (len {protocol_len})");
            if !verbose {
                return false;
            }
            out.text(", ");
        }
        out.token(OPERATIONS, self.operation, format_args!("Unknown ({})", self.operation));
        out.text(" ");
        true
    }

    /// Prints who asks whom for what; false where the operation is not known.
    fn print(&self, out: &mut Out) -> bool {
        match self.operation {
            operation::REQUEST => {
                out.text("who-has ");
                self.protocol_address(out, self.target, "<wrong len>");
                if self.target_hardware.number.iter().any(|byte| *byte != 0) {
                    out.text(" (");
                    self.hardware_address(out, &self.target_hardware);
                    out.text(")");
                }
                out.text(" tell ");
                self.protocol_address(out, self.sender, "<wrong len>");
            }
            operation::REPLY => {
                self.protocol_address(out, self.sender, "<wrong len>");
                out.text(" is-at ");
                self.hardware_address(out, &self.sender_hardware);
            }
            operation::REVERSE_REQUEST | operation::INVERSE_REQUEST => {
                out.text("who-is ");
                self.hardware_address(out, &self.target_hardware);
                out.text(" tell ");
                self.hardware_address(out, &self.sender_hardware);
            }
            operation::REVERSE_REPLY => {
                self.hardware_address(out, &self.target_hardware);
                out.text(" at ");
                self.protocol_address(out, self.target, "<wrong len>");
            }
            operation::INVERSE_REPLY => {
                self.hardware_address(out, &self.sender_hardware);
                out.text(" at ");
                self.protocol_address(out, self.sender, "<wrong len>");
            }
            _ => return false,
        }
        true
    }

    /// The same for ATM, with operations of its own.
    fn print_atm(&self, out: &mut Out) -> bool {
        match self.operation {
            operation::REQUEST => {
                out.text("who-has ");
                self.protocol_address(out, self.target, "<wrong tplen>");
                if !self.target_hardware.number.is_empty() {
                    out.text(" (");
                    self.target_hardware.print_atm(out);
                    out.text(")");
                }
                out.text(" tell ");
                self.protocol_address(out, self.sender, "<wrong splen>");
            }
            operation::REPLY => {
                self.protocol_address(out, self.sender, "<wrong splen>");
                out.text(" is-at ");
                self.sender_hardware.print_atm(out);
            }
            operation::INVERSE_REQUEST => {
                out.text("who-is ");
                self.target_hardware.print_atm(out);
                out.text(" tell ");
                self.sender_hardware.print_atm(out);
            }
            operation::INVERSE_REPLY => {
                self.sender_hardware.print_atm(out);
                out.text("at ");
                self.protocol_address(out, self.sender, "<wrong splen>");
            }
            operation::REFUSAL => {
                out.text("for ");
                self.protocol_address(out, self.sender, "<wrong splen>");
            }
            _ => return false,
        }
        true
    }

    fn hardware_address(&self, out: &mut Out, address: &Hardware<'_>) {
        if self.hardware == FRAME_RELAY && !address.number.is_empty() {
            fr::link_address(out, address.number);
        } else {
            out.link_address(address.number);
        }
    }

    fn protocol_address(&self, out: &mut Out, address: &[u8], wrong_len: &str) {
        match *address {
            _ if !self.is_ip() => out.text("<wrong proto type>"),
            [a, b, c, d] => out.host4([a, b, c, d]),
            _ => out.text(wrong_len),
        };
    }
}
