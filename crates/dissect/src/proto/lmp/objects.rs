//! Bodies of objects (RFC 4204 section 13).

use super::names;
use crate::Out;
use crate::Tokens;
use crate::proto::gmpls;
use wirescope_wire::{Cursor, Walk};

mod class {
    pub(super) const CONTROL_CHANNEL: u8 = 1;
    pub(super) const NODE: u8 = 2;
    pub(super) const LINK: u8 = 3;
    pub(super) const INTERFACE: u8 = 4;
    pub(super) const MESSAGE: u8 = 5;
    pub(super) const CONFIGURATION: u8 = 6;
    pub(super) const HELLO: u8 = 7;
    pub(super) const VERIFY_BEGIN: u8 = 8;
    pub(super) const VERIFY_BEGIN_ACK: u8 = 9;
    pub(super) const VERIFY: u8 = 10;
    pub(super) const TE_LINK: u8 = 11;
    pub(super) const DATA_LINK: u8 = 12;
    pub(super) const CHANNEL_STATUS: u8 = 13;
    pub(super) const CHANNEL_STATUS_REQUEST: u8 = 14;
    pub(super) const ERROR: u8 = 20;
    pub(super) const SERVICE: u8 = 51;
}

/// How an identifier is shown.
#[derive(Clone, Copy)]
enum Form {
    Ipv4,
    Ipv6,
    Number,
}

impl Form {
    fn len(self) -> usize {
        if let Form::Ipv6 = self { 16 } else { 4 }
    }

    /// The form of the types 1 to 3 of links and channels.
    fn of(kind: u8) -> Option<Form> {
        Some(match kind {
            1 => Form::Ipv4,
            2 => Form::Ipv6,
            3 => Form::Number,
            _ => return None,
        })
    }
}

/// Writes an identifier behind its name, with its first bytes in hex, and advances past it.
fn identifier(out: &mut Out, name: &str, form: Form, c: &mut Cursor<'_>) -> Walk {
    let number = c.peek_u32(0)?;
    match form {
        Form::Ipv4 => {
            let address = *c.array()?;
            out.text(name).host4(address);
        }
        Form::Ipv6 => {
            let address = *c.array()?;
            out.text(name).host6(address);
        }
        Form::Number => write!(out, "{name}{}", c.u32()?),
    }
    write!(out, " (0x{number:08x})");
    Ok(())
}

/// Prints the body of an object; false where its class or its type is not known.
pub(super) fn print(out: &mut Out, class: u8, kind: u8, mut c: Cursor<'_>) -> Walk<bool> {
    let len = c.length();
    let is_known = match (class, kind) {
        (class::CONTROL_CHANNEL, 1 | 2) => {
            single(out, c, "\n\t    Control Channel ID: ", Form::Number)?;
            true
        }
        // Identifiers of interfaces are called those of links, too.
        (class::LINK | class::INTERFACE, 1..=6) => {
            let (name, form) = match kind {
                1 | 2 => ("\n\t    IPv4 Link ID: ", Form::Ipv4),
                3 | 4 => ("\n\t    IPv6 Link ID: ", Form::Ipv6),
                _ => ("\n\t    Link ID: ", Form::Number),
            };
            single(out, c, name, form)?;
            true
        }
        (class::MESSAGE, 1) => {
            single(out, c, "\n\t    Message ID: ", Form::Number)?;
            true
        }
        (class::MESSAGE, 2) => {
            single(out, c, "\n\t    Message ID Ack: ", Form::Number)?;
            true
        }
        (class::NODE, 1 | 2) => {
            single(out, c, "\n\t    Node ID: ", Form::Ipv4)?;
            true
        }
        (class::CONFIGURATION, 1) if correct(out, len == 4) => {
            write!(out, "\n\t    Hello Interval: {}\n\t    Hello Dead Interval: {}", c.u16()?, c.u16()?);
            true
        }
        (class::HELLO, 1) if correct(out, len == 8) => {
            write!(out, "\n\t    Tx Seq: {}, Rx Seq: {}", c.u32()?, c.u32()?);
            true
        }
        (class::VERIFY_BEGIN, 1) if correct(out, len == 20) => {
            verify_begin(out, c)?;
            true
        }
        (class::VERIFY_BEGIN_ACK, 1) if correct(out, len == 4) => {
            write!(out, "\n\t    Verify Dead Interval: {}", c.u16()?);
            write!(out, "\n\t    Verify Transport Response: {}", c.u16()?);
            true
        }
        (class::VERIFY, 1) if correct(out, len == 4) => {
            write!(out, "\n\t    Verify ID: {}", c.u32()?);
            true
        }
        (class::ERROR, 1 | 2) if correct(out, len == 4) => {
            let errors = if kind == 1 { names::VERIFY_ERRORS } else { names::SUMMARY_ERRORS };
            out.text("\n\t    Error Code: ");
            out.bits(errors, c.u32()?, ", ", format_args!("none"));
            true
        }
        (class::CONFIGURATION | class::HELLO | class::VERIFY_BEGIN..=class::VERIFY, 1)
        | (class::ERROR, 1 | 2) => true,
        (class::SERVICE, 1..=4) => {
            service(out, kind, c)?;
            true
        }
        _ => match (class, Form::of(kind)) {
            (class::TE_LINK, Some(form)) => {
                te_link(out, form, c)?;
                true
            }
            (class::DATA_LINK, Some(form)) => {
                data_link(out, form, c)?;
                true
            }
            (class::CHANNEL_STATUS, Some(form)) => {
                channel_status(out, form, c)?;
                true
            }
            (class::CHANNEL_STATUS_REQUEST, Some(form)) => {
                while c.length() >= form.len() {
                    identifier(out, "\n\t    Interface ID: ", form, &mut c)?;
                }
                true
            }
            _ => false,
        },
    };
    Ok(is_known)
}

/// Whether a length is right; otherwise that is said.
fn correct(out: &mut Out, is_correct: bool) -> bool {
    if !is_correct {
        out.text(" (not correct for object)");
    }
    is_correct
}

/// An object that is an identifier.
fn single(out: &mut Out, mut c: Cursor<'_>, name: &str, form: Form) -> Walk {
    if correct(out, c.length() == form.len()) {
        identifier(out, name, form, &mut c)?;
    }
    Ok(())
}

fn flags(out: &mut Out, flags: &Tokens, value: u8) {
    out.text("\n\t    Flags: [");
    out.bits(flags, value, ", ", format_args!("none"));
    out.text("]");
}

fn te_link(out: &mut Out, form: Form, mut c: Cursor<'_>) -> Walk {
    if !correct(out, c.length() == 4 + 2 * form.len()) {
        return Ok(());
    }
    flags(out, names::TE_LINK_FLAGS, c.u8()?);
    c.skip(3)?;
    identifier(out, "\n\t    Local Link-ID: ", form, &mut c)?;
    identifier(out, "\n\t    Remote Link-ID: ", form, &mut c)
}

fn data_link(out: &mut Out, form: Form, mut c: Cursor<'_>) -> Walk {
    if !correct(out, c.length() >= 4 + 2 * form.len()) {
        return Ok(());
    }
    flags(out, names::DATA_LINK_FLAGS, c.u8()?);
    c.skip(3)?;
    identifier(out, "\n\t    Local Interface ID: ", form, &mut c)?;
    identifier(out, "\n\t    Remote Interface ID: ", form, &mut c)?;
    while c.length() > 0 {
        if !data_link_part(out, &mut c)? {
            break;
        }
    }
    Ok(())
}

/// What a data link is like; false where nothing can follow.
fn data_link_part(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    let left = c.length();
    let (kind, len) = (c.u8()?, usize::from(c.u8()?));
    out.text("\n\t    Subobject, Type: ");
    out.token(names::DATA_LINK_PARTS, kind, format_args!("Unknown"));
    write!(out, " ({kind}), Length: {len}");
    let complaint = match len {
        0..4 => " (too short)",
        _ if len % 4 != 0 => " (not a multiple of 4)",
        _ if len > left => " (goes past the end of the object)",
        _ => "",
    };
    if !complaint.is_empty() {
        out.text(complaint);
        return Ok(false);
    }
    let mut part = c.claim(len - 2);
    c.advance(len - 2);
    match kind {
        1 => {
            let (capability, encoding) = (part.u8()?, part.u8()?);
            out.text("\n\t      Switching Type: ");
            out.token(gmpls::SWITCHING_CAPABILITIES, capability, format_args!("Unknown"));
            write!(out, " ({capability})\n\t      Encoding Type: ");
            out.token(gmpls::ENCODINGS, encoding, format_args!("Unknown"));
            write!(out, " ({encoding})");
            for name in ["Min", "Max"] {
                let bandwidth = gmpls::megabits(&mut part)?;
                write!(out, "\n\t      {name} Reservable Bandwidth: {bandwidth:.3} Mbps");
            }
        }
        2 => write!(out, "\n\t      Wavelength: {}", part.peek_u32(2)?),
        _ => {}
    }
    Ok(true)
}

/// The bits that tell whether messages can be sent over a link under test: the number of RFC 4204 section 13.8
/// read as a decimal one, as it is shown.
const PAYLOAD_TEST: u16 = 8000;

fn verify_begin(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t    Flags: ");
    out.bits(names::VERIFY_FLAGS, c.u16()?, ", ", format_args!("none"));
    write!(out, "\n\t    Verify Interval: {}", c.u16()?);
    write!(out, "\n\t    Data links: {}", c.u32()?);
    out.text("\n\t    Encoding type: ");
    out.token(gmpls::ENCODINGS, c.u8()?, format_args!("Unknown"));
    c.skip(1)?;
    let mechanism = c.u16()?;
    write!(out, "\n\t    Verify Transport Mechanism: {mechanism} (0x{mechanism:x})");
    out.text(if mechanism & PAYLOAD_TEST != 0 { " (Payload test messages capable)" } else { "" });
    let rate = gmpls::megabits(&mut c)?;
    write!(out, "\n\t    Transmission Rate: {rate:.3} Mbps\n\t    Wavelength: {}", c.u32()?);
    Ok(())
}

fn channel_status(out: &mut Out, form: Form, mut c: Cursor<'_>) -> Walk {
    while c.length() >= form.len() + 4 {
        identifier(out, "\n\t    Interface ID: ", form, &mut c)?;
        let status = c.u32()?;
        let (active, direction) = (status >> 31, status >> 30 & 1);
        let state = if active != 0 { "Allocated" } else { "Non-allocated" };
        write!(out, "\n\t\t    Active: {state} ({active})");
        let way = if direction != 0 { "Transmit" } else { "Receive" };
        write!(out, "\n\t\t    Direction: {way} ({direction})\n\t\t    Channel Status: ");
        let status = status & 0x03ff_ffff;
        out.token(names::CHANNEL_STATUSES, status, format_args!("Unknown"));
        write!(out, " ({status})");
    }
    Ok(())
}

/// What an optical network offers to a client.
fn service(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk {
    const SDH: u8 = 5;
    const SONET: u8 = 6;
    let len = match kind {
        1 | 4 => 4,
        2 => 16,
        _ => 8,
    };
    if !correct(out, c.length() == len) {
        return Ok(());
    }
    match kind {
        1 => {
            out.text("\n\t Flags: ");
            out.bits(names::SIGNALLING_FLAGS, c.u8()?, ", ", format_args!("none"));
            write!(out, "\n\t  UNI Version: {}", c.u8()?);
        }
        2 => {
            let (link, signal) = (c.u8()?, c.u8()?);
            out.text("\n\t Link Type: ");
            out.token(gmpls::SERVICE_LINK_TYPES, link, format_args!("Unknown"));
            write!(out, " ({link})");
            let signals = match link {
                SDH => Some(gmpls::SDH_SIGNALS),
                SONET => Some(gmpls::SONET_SIGNALS),
                _ => None,
            };
            if let Some(signals) = signals {
                out.text("\n\t Signal Type: ");
                out.token(signals, signal, format_args!("Unknown"));
                write!(out, " ({signal})");
            }
            out.text("\n\t Transparency: ");
            out.bits(names::TRANSPARENCIES, c.u8()?, ", ", format_args!("none"));
            out.text("\n\t Contiguous Concatenation Types: ");
            out.bits(names::CONCATENATIONS, c.u8()?, ", ", format_args!("none"));
            write!(out, "\n\t Minimum NCC: {}\n\t Maximum NCC: {}", c.u16()?, c.u16()?);
            write!(out, "\n\t Minimum NVC:{}\n\t Maximum NVC:{}", c.u16()?, c.u16()?);
            identifier(out, "\n\t    Local Interface ID: ", Form::Ipv4, &mut c)?;
        }
        3 => {
            out.text("\n\t Transparency Flags: ");
            out.bits(names::NETWORK_TRANSPARENCIES, c.u32()?, ", ", format_args!("none"));
            out.text("\n\t TCM Monitoring Flags: ");
            out.bits(names::MONITORINGS, c.peek_u8(3)?, ", ", format_args!("none"));
        }
        _ => {
            out.text("\n\t Diversity: Flags: ");
            out.bits(names::DIVERSITIES, c.peek_u8(3)?, ", ", format_args!("none"));
        }
    }
    Ok(())
}
