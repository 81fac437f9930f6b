//! Unidirectional Link Detection (RFC 5171).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TLVS: &Tokens = &[
    (1, "Device-ID TLV"),
    (2, "Port-ID TLV"),
    (3, "Echo TLV"),
    (4, "Message Interval TLV"),
    (5, "Timeout Interval TLV"),
    (6, "Device Name TLV"),
    (7, "Sequence Number TLV"),
];

const OPCODES: &Tokens = &[(0, "Reserved"), (1, "Probe message"), (2, "Echo message"), (3, "Flush message")];

const FLAGS: &Tokens = &[
    (1, "RT"),
    (2, "RSY"),
    (4, "MBZ-2"),
    (8, "MBZ-3"),
    (16, "MBZ-4"),
    (32, "MBZ-5"),
    (64, "MBZ-6"),
    (128, "MBZ-7"),
];

/// Bytes of a value's type and length, which the length counts.
const TLV_HEADER_LEN: usize = 4;

/// Kinds of values.
mod tlv {
    pub(super) const DEVICE_ID: u16 = 1;
    pub(super) const PORT_ID: u16 = 2;
    pub(super) const ECHO: u16 = 3;
    pub(super) const MESSAGE_INTERVAL: u16 = 4;
    pub(super) const TIMEOUT_INTERVAL: u16 = 5;
    pub(super) const DEVICE_NAME: u16 = 6;
    pub(super) const SEQUENCE_NUMBER: u16 = 7;
}

/// Bytes before the values.
const HEADER_LEN: usize = 4;

/// Prints a message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    out.text("UDLD");
    let [first, flags] = *c.array()?;
    let (version, opcode) = (first >> 5, first & 0x1f);
    out.field("version", version);
    out.field("opcode", opcode);
    write!(out, "v{version}, Code ");
    out.token(OPCODES, opcode, format_args!("Reserved"));
    write!(out, " ({opcode:x}), Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    write!(out, "] (0x{flags:02x}), length {length}");
    if out.options.verbose == 0 {
        return c.need(c.length());
    }
    write!(out, "\n\tChecksum 0x{:04x} (unverified)", c.u16()?);
    while c.length() > 0 {
        if c.length() < TLV_HEADER_LEN {
            return Err(Stop::Invalid);
        }
        let (kind, len) = (c.u16()?, usize::from(c.u16()?));
        out.text("\n\t");
        out.token(TLVS, kind, format_args!("Unknown"));
        write!(out, " (0x{kind:04x}) TLV, length {len}");
        // The type is not checked before the length: what is too short cannot be skipped either.
        let Some(len) = len.checked_sub(TLV_HEADER_LEN) else { return Err(Stop::Invalid) };
        if len == 0 || len > c.length() {
            return Err(Stop::Invalid);
        }
        value(out, kind, c.split(len))?;
    }
    Ok(())
}

fn value(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk {
    let len = c.length();
    match kind {
        tlv::DEVICE_ID | tlv::PORT_ID | tlv::DEVICE_NAME => {
            out.text(", ");
            out.escaped_padded(&mut c, len)
        }
        tlv::ECHO => {
            out.text(", ");
            out.escaped_take(&mut c, len)
        }
        tlv::MESSAGE_INTERVAL | tlv::TIMEOUT_INTERVAL => {
            if len != 1 {
                return Err(Stop::Invalid);
            }
            write!(out, ", {}s", c.u8()?);
            Ok(())
        }
        tlv::SEQUENCE_NUMBER => {
            if len != 4 {
                return Err(Stop::Invalid);
            }
            write!(out, ", {}", c.u32()?);
            Ok(())
        }
        _ => c.need(len),
    }
}
