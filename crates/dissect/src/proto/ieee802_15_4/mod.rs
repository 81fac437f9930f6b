//! IEEE 802.15.4: wireless personal area networks, with or without a TAP header.

mod beacon;
mod elements;
mod frame;
mod mlme;

use crate::Out;
use crate::tokens::Tokens;
use beacon::{beacon, command};
use frame::{Failed, Frame, Parsed};
use wirescope_wire::{Cursor, Stop, Walk};

const TYPES: [&str; 8] =
    ["Beacon", "Data", "ACK", "Command", "Reserved", "Multipurpose", "Fragment", "Extended"];
const BEACON: u16 = 0;
const COMMAND: u16 = 3;
const MULTIPURPOSE: u16 = 5;

/// The frame control field.
mod control {
    pub(super) const SECURITY: u16 = 1 << 3;
    pub(super) const PAN_COMPRESSION: u16 = 1 << 6;
    pub(super) const NO_SEQUENCE: u16 = 1 << 8;
    pub(super) const ELEMENTS: u16 = 1 << 9;

    pub(super) fn dst_mode(control: u16) -> u16 {
        (control >> 10) & 3
    }

    pub(super) fn version(control: u16) -> u16 {
        (control >> 12) & 3
    }

    pub(super) fn src_mode(control: u16) -> u16 {
        (control >> 14) & 3
    }
}

const CONTROL_FLAGS: &Tokens = &[
    (1 << 3, "Security Enabled, "),
    (1 << 4, "Frame Pending, "),
    (1 << 5, "AR, "),
    (1 << 6, "PAN ID Compression, "),
    (1 << 8, "Sequence Number Suppression, "),
    (1 << 9, "IE present, "),
];

/// The frame control field of multipurpose frames, of which the second byte is optional.
mod multipurpose {
    pub(super) const LONG: u16 = 1 << 3;
    pub(super) const PAN: u16 = 1 << 8;
    pub(super) const SECURITY: u16 = 1 << 9;
    pub(super) const NO_SEQUENCE: u16 = 1 << 10;
    pub(super) const ELEMENTS: u16 = 1 << 15;
}

const MULTIPURPOSE_FLAGS: &Tokens = &[
    (1 << 9, "Security Enabled, "),
    (1 << 11, "Frame Pending, "),
    (1 << 14, "AR, "),
    (1 << 8, "PAN ID Present, "),
    (1 << 10, "Sequence Number Suppression, "),
    (1 << 15, "IE present, "),
];

/// How an address is written.
const NO_ADDRESS: u16 = 0;
const RESERVED: u16 = 1;
const EXTENDED: u16 = 3;

/// The first version whose frames have elements, and in which an address may go without its network.
const WITH_ELEMENTS: u16 = 2;

/// Prints a captured frame.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    let bytes = c.bytes();
    let [low, high] = *c.peek_array(0)?;
    let control = u16::from_le_bytes([low, high]);
    let kind = control & 7;
    out.field("type", kind);
    let name = TYPES.get(usize::from(kind)).copied().unwrap_or_default();
    write!(out, "IEEE 802.15.4 {name} packet ");
    let printed = match kind {
        0..=3 => standard(out, Frame::new(bytes, 2), control),
        MULTIPURPOSE => short_or_long(out, Frame::new(bytes, 1), control),
        _ => return Ok(()),
    };
    match printed {
        Ok(rest) => {
            if !rest.is_empty() {
                out.unknown(rest);
            }
            Ok(())
        }
        Err(Failed::Told(text)) => {
            out.text(text);
            Ok(())
        }
        Err(Failed::Cut) => Err(Stop::Truncated),
    }
}

/// Bytes of version and length of a TAP header, which counts them.
const TAP_LEN: usize = 4;

/// Prints a captured frame behind a TAP header.
pub(crate) fn print_tap_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    c.need(TAP_LEN)?;
    let (version, length) = (c.peek_u8(0)?, usize::from(c.ahead(2).u16_le()?));
    if version != 0 || length < TAP_LEN {
        return Err(Stop::Invalid);
    }
    let mut frame = c;
    frame.skip(length)?;
    out.context.link_header_len += length;
    out.label("802.15.4");
    print_link(out, frame)
}

/// Writes the names of flags, each of which ends as it is to.
fn flags(out: &mut Out, names: &Tokens, control: u16) {
    if out.options.verbose > 2 {
        for (_, name) in names.iter().filter(|(bit, _)| u32::from(control) & *bit != 0) {
            out.text(name);
        }
    }
}

fn check_modes(dst: u16, src: u16) -> Parsed {
    if src == RESERVED {
        return Err(Failed::Told("[ERROR: Invalid src address mode]"));
    }
    if dst == RESERVED {
        return Err(Failed::Told("[ERROR: Invalid dst address mode]"));
    }
    Ok(())
}

/// Which of the two addresses, destination and source, come with their network.
fn networks(version: u16, compressed: bool, dst: u16, src: u16) -> (bool, bool) {
    let both = dst != NO_ADDRESS && src != NO_ADDRESS;
    if version < WITH_ELEMENTS {
        return (dst != NO_ADDRESS, src != NO_ADDRESS && !compressed);
    }
    match (dst, src) {
        (NO_ADDRESS, NO_ADDRESS) => (compressed, false),
        (EXTENDED, EXTENDED) => (!compressed, false),
        _ if compressed => (both, false),
        _ => (dst != NO_ADDRESS, src != NO_ADDRESS && !(both && src == EXTENDED)),
    }
}

/// Prints a beacon, data, an acknowledgment or a command; gives back what is left of it.
fn standard<'a>(out: &mut Out, mut frame: Frame<'a>, control: u16) -> Parsed<&'a [u8]> {
    let kind = control & 7;
    let version = control::version(control);
    write!(out, "v{version} ");
    flags(out, CONTROL_FLAGS, control);
    if control & control::NO_SEQUENCE != 0 {
        if version < WITH_ELEMENTS {
            out.text("[ERROR: Sequence number suppressed on frames where version < 2]");
        }
        if out.options.verbose > 0 {
            out.text("seq suppressed ");
        }
    } else {
        frame.sequence(out)?;
    }
    let (dst, src) = (control::dst_mode(control), control::src_mode(control));
    check_modes(dst, src)?;
    let compressed = control & control::PAN_COMPRESSION != 0;
    if version < WITH_ELEMENTS && compressed && (dst == NO_ADDRESS || src == NO_ADDRESS) {
        out.text("[ERROR: PAN ID Compression != 0, and only one address with frame version < 2]");
    }
    let (dst_network, src_network) = networks(version, compressed, dst, src);
    frame.network(out, dst_network)?;
    frame.address(out, dst)?;
    out.text(" < ");
    frame.network(out, src_network)?;
    frame.address(out, src)?;
    out.text(" ");
    let is_secure = control & control::SECURITY != 0;
    let has_elements = control & control::ELEMENTS != 0;
    inner(out, &mut frame, is_secure, has_elements)?;
    match kind {
        BEACON if version < WITH_ELEMENTS => beacon(out, &mut frame)?,
        COMMAND => command(out, &mut frame)?,
        _ => {}
    }
    Ok(frame.rest())
}

/// Prints a multipurpose frame; gives back what is left of it.
fn short_or_long<'a>(out: &mut Out, mut frame: Frame<'a>, control: u16) -> Parsed<&'a [u8]> {
    let mut control = control;
    if control & multipurpose::LONG != 0 {
        frame.take_at_most(1);
        write!(out, "v{} ", (control >> 12) & 3);
        flags(out, MULTIPURPOSE_FLAGS, control);
    } else {
        control &= 0xff;
    }
    if control & multipurpose::NO_SEQUENCE == 0 {
        frame.sequence(out)?;
    }
    let (dst, src) = ((control >> 4) & 3, (control >> 6) & 3);
    check_modes(dst, src)?;
    frame.network(out, control & multipurpose::PAN != 0)?;
    frame.address(out, dst)?;
    out.text(" < ").text(" -:");
    frame.address(out, src)?;
    out.text(" ");
    let is_secure = control & multipurpose::SECURITY != 0;
    inner(out, &mut frame, is_secure, control & multipurpose::ELEMENTS != 0)?;
    Ok(frame.rest())
}

/// Levels of security from which on a payload is encrypted.
const ENCRYPTED: u8 = 4;

/// Prints what stands between the addresses and the payload, and what follows that.
fn inner(out: &mut Out, frame: &mut Frame<'_>, is_secure: bool, has_elements: bool) -> Parsed {
    let level = if is_secure { frame.security(out)? } else { 0 };
    let has_payload_elements = has_elements && elements::header_list(out, frame)?;
    frame.integrity_code(out, level)?;
    if has_payload_elements {
        if level >= ENCRYPTED {
            out.text("Payload IEs present, but encrypted, cannot print ");
        } else {
            elements::payload_list(out, frame)?;
        }
    }
    frame.check_sequence(out);
    Ok(())
}
