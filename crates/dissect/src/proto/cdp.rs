//! Cisco Discovery Protocol (Cisco, "Cisco Discovery Protocol", Catalyst token ring guide, chapter B).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const CAPABILITIES: &Tokens = &[
    (1, "Router"),
    (2, "Transparent Bridge"),
    (4, "Source Route Bridge"),
    (8, "L2 Switch"),
    (16, "L3 capable"),
    (32, "IGMP snooping"),
    (64, "L1 capable"),
];

/// Bytes of version, time to live and checksum.
const HEADER_LEN: usize = 4;
/// Bytes of a field's type and length.
const FIELD_HEADER_LEN: usize = 4;
/// The field that is shown in short, too.
const DEVICE: u16 = 1;

type PrintValue = fn(&mut Out, Cursor<'_>) -> Walk;

/// What is known of a kind of field.
struct Kind {
    number: u16,
    name: &'static str,
    print: PrintValue,
    min_len: usize,
    max_len: usize,
}

const fn kind(number: u16, name: &'static str, print: PrintValue, min_len: usize, max_len: usize) -> Kind {
    Kind { number, name, print, min_len, max_len }
}

/// Fields of any length.
const ANY: usize = usize::MAX;

/// Fields whose kind is not known. Some numbers are not given out; their bytes are not dumped.
const UNKNOWN: &str = "unknown field type";

const KINDS: &[Kind] = &[
    kind(0, UNKNOWN, nothing, 0, ANY),
    kind(1, "Device-ID", string, 0, ANY),
    kind(2, "Address", addresses, 4, ANY),
    kind(3, "Port-ID", string, 0, ANY),
    kind(4, "Capability", capabilities, 4, 4),
    kind(5, "Version String", lines, 0, ANY),
    kind(6, "Platform", string, 0, ANY),
    kind(7, "Prefixes", prefixes, 0, ANY),
    kind(8, "Protocol-Hello option", nothing, 0, ANY),
    kind(9, "VTP Management Domain", string, 0, ANY),
    kind(10, "Native VLAN ID", vlan, 2, 2),
    kind(11, "Duplex", duplex, 1, 1),
    kind(12, UNKNOWN, nothing, 0, ANY),
    kind(13, UNKNOWN, nothing, 0, ANY),
    kind(14, "ATA-186 VoIP VLAN assignment", voice_vlan, 3, 3),
    kind(15, "ATA-186 VoIP VLAN request", voice_vlan, 2, 3),
    kind(16, "power consumption", power, 1, 3),
    kind(17, "MTU", mtu, 4, 4),
    kind(18, "AVVID trust bitmap", bits, 1, 1),
    kind(19, "AVVID untrusted ports CoS", bits, 1, 1),
    kind(20, "System Name", string, 0, ANY),
    kind(21, "System Object ID (not decoded)", nothing, 0, ANY),
    kind(22, "Management Addresses", addresses, 4, ANY),
    kind(23, "Physical Location", location, 1, ANY),
    kind(24, UNKNOWN, nothing, 0, ANY),
    kind(25, UNKNOWN, nothing, 0, ANY),
    kind(26, "Power available", power_available, 8, ANY),
];

/// Prints an advertisement.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < HEADER_LEN {
        write!(out, " (packet length {length} < {HEADER_LEN})");
        return Err(Stop::Invalid);
    }
    let [version, ttl] = *c.array()?;
    out.field("version", version);
    out.field("ttl", ttl);
    write!(out, "CDPv{version}, ttl: {ttl}s");
    let verbose = out.options.verbose > 0;
    let checksum = c.u16()?;
    if verbose {
        write!(out, ", checksum: 0x{checksum:04x} (unverified), length {length}");
    }
    while c.length() > 0 {
        field(out, &mut c)?;
    }
    if !verbose {
        write!(out, ", length {length}");
    }
    Ok(())
}

fn field(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < FIELD_HEADER_LEN {
        write!(out, " (remaining packet length {} < {FIELD_HEADER_LEN})", c.length());
        return Err(Stop::Invalid);
    }
    let verbose = out.options.verbose > 0;
    let (number, length) = (c.peek_u16(0)?, usize::from(c.peek_u16(2)?));
    let known = KINDS.iter().find(|kind| kind.number == number);
    let name = known.map_or(UNKNOWN, |kind| kind.name);
    if length < FIELD_HEADER_LEN {
        if verbose {
            write!(out, "\n\t{name} (0x{number:04x}), TLV length: {length} {} (too short)", bytes(length));
        } else {
            write!(out, ", {name} TLV length {length} too short");
        }
        return Err(Stop::Invalid);
    }
    if length > c.length() {
        write!(out, " (TLV length {length} > {})", c.length());
        return Err(Stop::Invalid);
    }
    let value = c.split(length).ahead(FIELD_HEADER_LEN);
    if verbose {
        let len = value.length();
        write!(out, "\n\t{name} (0x{number:04x}), value length: {len} {}: ", bytes(len));
    }
    match known {
        Some(kind) if (kind.min_len..=kind.max_len).contains(&value.length()) => {
            if verbose {
                (kind.print)(out, value)
            } else if number == DEVICE {
                write!(out, ", {name} ");
                string(out, value)
            } else {
                Ok(())
            }
        }
        Some(_) => {
            out.text(" (malformed TLV)");
            dump(out, value)
        }
        None => dump(out, value),
    }
}

fn bytes(count: usize) -> &'static str {
    if count == 1 { "byte" } else { "bytes" }
}

fn dump(out: &mut Out, value: Cursor<'_>) -> Walk {
    if out.options.verbose > 0 {
        out.dump_hex("\n\t  ", value.claimed_bytes());
    }
    value.need(value.length())
}

/// Fields that are named and not told.
fn nothing(_: &mut Out, value: Cursor<'_>) -> Walk {
    value.need(value.length())
}

fn string(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    out.text("'");
    let length = value.length();
    out.escaped_take(&mut value, length)?;
    out.text("'");
    Ok(())
}

/// Text of several lines, which stand one below the other.
fn lines(out: &mut Out, value: Cursor<'_>) -> Walk {
    for line in value.claimed_bytes().split(|byte| *byte == b'\n') {
        out.text("\n\t  ").escaped(line);
    }
    value.need(value.length())
}

fn capabilities(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let bits = value.u32()?;
    write!(out, "(0x{bits:08x}): ");
    out.bits(CAPABILITIES, bits, ", ", format_args!("none"));
    Ok(())
}

fn vlan(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    out.dec(value.u16()?);
    Ok(())
}

fn duplex(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    out.text(if value.u8()? != 0 { "full" } else { "half" });
    Ok(())
}

fn voice_vlan(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    if value.length() == 2 {
        write!(out, "unknown 0x{:04x}", value.u16()?);
    } else {
        write!(out, "app {}, vlan {}", value.u8()?, value.u16()?);
    }
    Ok(())
}

/// Milliwatts, in one to three bytes.
fn power(out: &mut Out, value: Cursor<'_>) -> Walk {
    let bytes = value.peek(0, value.length())?;
    let milliwatts = bytes.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
    write!(out, "{:.2}W", f64::from(milliwatts) / 1000.0);
    Ok(())
}

fn mtu(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    write!(out, "{} bytes", value.u32()?);
    Ok(())
}

fn bits(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    write!(out, "0x{:02x}", value.u8()?);
    Ok(())
}

fn location(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    write!(out, "0x{:02x}", value.u8()?);
    if value.length() > 0 {
        out.text("/");
        let length = value.length();
        out.escaped_take(&mut value, length)?;
    }
    Ok(())
}

fn power_available(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    write!(out, "reqid {}, mgmtid {}", value.u16()?, value.u16()?);
    out.text(", pwravail");
    while value.length() >= 4 {
        write!(out, " {} mW", value.u32()?);
    }
    Ok(())
}

/// Protocol type and identifier of IPv4 (NLPID) and IPv6 (IEEE 802.2) addresses.
const IPV4: &[u8] = &[1, 1, 0xcc];
const IPV6: &[u8] = &[2, 8, 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd];

fn addresses(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let count = value.u32()?;
    for _ in 0..count {
        // Each takes bytes or is the last.
        if !address(out, &mut value, count)? {
            return Ok(());
        }
    }
    if value.length() > 0 {
        write!(out, " ({} bytes of stray data)", value.length());
    }
    Ok(())
}

/// Prints an address; false where none can follow.
fn address(out: &mut Out, c: &mut Cursor<'_>, count: u32) -> Walk<bool> {
    if c.length() < 2 {
        out.text(" (not enough space for PT+PL)");
        return Ok(false);
    }
    let [kind, protocol_len] = *c.peek_array(0)?;
    let protocol_len = usize::from(protocol_len);
    if c.length() < 2 + protocol_len + 2 {
        out.text(" (not enough space for P+AL)");
        return Ok(false);
    }
    let protocol = c.take(2 + protocol_len)?;
    let length = usize::from(c.u16()?);
    let is_short = c.length() < length;
    match (protocol, length) {
        (IPV4, 4) if !is_short => {
            let address = *c.array()?;
            write!(out, "IPv4 ({count}) ");
            out.host4(address);
        }
        (IPV6, 16) if !is_short => {
            let address = *c.array()?;
            write!(out, "IPv6 ({count}) ");
            out.host6(address);
        }
        (IPV4, 4) | (IPV6, 16) => {
            out.text(" (not enough space for A)");
            return Ok(false);
        }
        _ => {
            write!(out, "pt=0x{kind:02x}, pl={protocol_len}, pb=");
            for byte in protocol.iter().skip(2) {
                write!(out, " {byte:02x}");
            }
            write!(out, ", al={length}, a=");
            if is_short {
                out.text(" (not enough space for A)");
                return Ok(false);
            }
            for byte in c.take(length)? {
                write!(out, " {byte:02x}");
            }
        }
    }
    if c.length() > 0 {
        out.text(" ");
    }
    Ok(true)
}

const PREFIX_LEN: usize = 5;

fn prefixes(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let length = value.length();
    if !length.is_multiple_of(PREFIX_LEN) {
        write!(out, " [length {length} is not a multiple of {PREFIX_LEN}]");
        return value.need(length);
    }
    write!(out, " IPv4 Prefixes ({}):", length / PREFIX_LEN);
    while value.length() > 0 {
        let [a, b, c, d, prefix_len] = *value.array()?;
        write!(out, " {a}.{b}.{c}.{d}/{prefix_len}");
    }
    Ok(())
}
