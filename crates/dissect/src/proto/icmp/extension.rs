//! ICMP multi-part extensions (RFC 4884): MPLS labels (RFC 4950), interfaces (RFC 5837, RFC 8335).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::icmp::kind;
use wirescope_wire::{Cursor, Stop, Walk, checksum};

const OBJECTS: &Tokens = &[
    (1, "MPLS Stack Entry Object"),
    (2, "Interface Information Object"),
    (3, "Interface Identification Object"),
];

const INTERFACE_ROLES: &Tokens = &[
    (0, "Incoming IP Interface"),
    (1, "Sub-IP Component of Incoming IP Interface"),
    (2, "Outgoing IP Interface"),
    (3, "IP Next hop"),
];

const EXTENDED_ECHO_CODES: &Tokens = &[
    (0, "No error"),
    (1, "Malformed Query"),
    (2, "No Such Interface"),
    (3, "No Such Table Entry"),
    (4, "Multiple Interfaces Satisfy Query"),
];

const EXTENDED_ECHO_STATES: &Tokens = &[
    (0, "Reserved"),
    (1, "Incomplete"),
    (2, "Reachable"),
    (3, "Stale"),
    (4, "Delay"),
    (5, "Probe"),
    (6, "Failed"),
];

mod object {
    pub(super) const MPLS_STACK: u8 = 1;
    pub(super) const INTERFACE_INFORMATION: u8 = 2;
    pub(super) const INTERFACE_IDENTIFICATION: u8 = 3;
}

mod family {
    pub(super) const IPV4: u16 = 1;
    pub(super) const IPV6: u16 = 2;
}

/// Where extensions start in a message whose length attribute is not used: after 128 bytes of datagram.
const EXTENSION_AT: usize = 8 + 128;
/// Bytes of the extension header and of an object's header.
const HEAD: usize = 4;
/// The only version there is.
const VERSION: u8 = 2;
/// Bytes that an interface name may take (RFC 5837 section 4.3), its length byte included.
const MAX_NAME: usize = 64;

/// Prints the extensions of an error message, where it has any.
pub(super) fn print_after_quoted(out: &mut Out, c: Cursor<'_>, message: u8) -> Walk {
    let may_be_extended =
        matches!(message, kind::UNREACHABLE | kind::TIME_EXCEEDED | kind::PARAMETER_PROBLEM);
    if !may_be_extended || c.length() <= EXTENSION_AT {
        return Ok(());
    }
    let extension = c.ahead(EXTENSION_AT);
    extension.need(HEAD)?;
    let says_length = c.peek_u8(5)? != 0;
    // Senders older than RFC 4884 say no length; then only the checksum tells extensions from data.
    if !says_length && extension.has(extension.length()) && checksum::internet(extension.claimed_bytes()) != 0
    {
        return Ok(());
    }
    let version = extension.peek_u8(0)? >> 4;
    write!(out, "\n\tICMP Multi-Part extension v{version}");
    if version != VERSION {
        out.text(" packet not supported");
        return Ok(());
    }
    checksum_and_objects(out, extension)
}

/// Prints what an extended echo request asks about, or what the reply says.
pub(crate) fn print_extended_echo(out: &mut Out, c: Cursor<'_>, request: bool) -> Walk {
    let bits = c.peek_u8(7)?;
    if request {
        write!(out, "\n\t{} Interface", if bits & 1 != 0 { "Local" } else { "Remote" });
        // One object, whose length counts; the data of the echo may follow it.
        let extension = c.ahead(8);
        extension.need(2 * HEAD)?;
        let object_len = usize::from(extension.peek_u16(HEAD)?);
        return checksum_and_objects(out, extension.claim(HEAD + object_len));
    }
    let (code, state) = (c.peek_u8(1)?, bits >> 5);
    write!(out, "\n\tCode {code} (");
    out.token(EXTENDED_ECHO_CODES, code, format_args!("Unknown"));
    write!(out, "), State {state} (");
    out.token(EXTENDED_ECHO_STATES, state, format_args!("Unknown"));
    write!(out, "), active {} ipv4 {} ipv6 {}", bits >> 2 & 1, bits >> 1 & 1, bits & 1);
    Ok(())
}

fn checksum_and_objects(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    if c.has(length) {
        let wrong = checksum::internet(c.claimed_bytes()) != 0;
        write!(
            out,
            ", checksum 0x{:04x} ({}correct), length {length}",
            c.peek_u16(2)?,
            if wrong { "in" } else { "" }
        );
    }
    let mut rest = c.ahead(HEAD);
    while rest.length() > HEAD {
        if !print_object(out, &mut rest)? {
            break;
        }
    }
    Ok(())
}

/// Prints one object; false where nothing after it can be trusted.
fn print_object(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    let (len, class, class_type) = (usize::from(c.u16()?), c.u8()?, c.u8()?);
    out.text("\n\t  ");
    out.token(OBJECTS, class, format_args!("unknown"));
    write!(out, " ({class}), Class-Type: {class_type}, length {len}");
    // A class of zero is padding that was taken for an object.
    let Some(body_len) = len.checked_sub(HEAD).filter(|_| class != 0) else { return Ok(false) };
    let body = c.claim(body_len);
    let sound = match class {
        object::MPLS_STACK => mpls_stack(out, body, class_type)?,
        object::INTERFACE_INFORMATION => interface_information(out, body, class_type)?,
        object::INTERFACE_IDENTIFICATION => interface_identification(out, body, class_type)?,
        _ => dump(out, body)?,
    };
    if !sound || c.length() < body_len {
        return Ok(false);
    }
    c.advance(body_len);
    Ok(true)
}

fn dump(out: &mut Out, body: Cursor<'_>) -> Walk<bool> {
    out.dump_hex("\n\t    ", body.claimed_bytes());
    Ok(true)
}

fn mpls_stack(out: &mut Out, body: Cursor<'_>, class_type: u8) -> Walk<bool> {
    const INCOMING: u8 = 1;
    if class_type != INCOMING {
        return dump(out, body);
    }
    let entry = body.peek_u32(0)?;
    write!(out, "\n\t    label {}, tc {}", entry >> 12, entry >> 9 & 7);
    if entry & 0x100 != 0 {
        out.text(", [S]");
    }
    write!(out, ", ttl {}", entry & 0xff);
    Ok(true)
}

/// What an interface is: the class type says which parts follow, in this order.
fn interface_information(out: &mut Out, mut body: Cursor<'_>, class_type: u8) -> Walk<bool> {
    const INDEX: u8 = 0x08;
    const ADDRESS: u8 = 0x04;
    const NAME: u8 = 0x02;
    const MTU: u8 = 0x01;
    out.text("\n\t    Interface Role: ");
    out.token(INTERFACE_ROLES, class_type >> 6, format_args!("an unknown interface role"));
    if class_type & INDEX != 0 {
        if body.length() < 4 {
            return Ok(false);
        }
        write!(out, "\n\t    Interface Index: {}", body.u32()?);
    }
    if class_type & ADDRESS != 0 {
        if body.length() < 4 {
            return Ok(false);
        }
        out.text("\n\t    IP Address sub-object: ");
        let family = body.u16()?;
        body.skip(2)?;
        match family {
            family::IPV4 if body.length() < 4 => return Ok(false),
            family::IPV6 if body.length() < 16 => return Ok(false),
            family::IPV4 => {
                out.host4(*body.array()?);
            }
            family::IPV6 => {
                out.host6(*body.array()?);
            }
            _ => {
                out.text("Unknown Address Family Identifier");
                return Ok(false);
            }
        }
    }
    if class_type & NAME != 0 {
        if body.length() < 1 {
            return Ok(false);
        }
        interface_name(out, &mut body)?;
    }
    if class_type & MTU != 0 {
        if body.length() < 4 {
            return Ok(false);
        }
        write!(out, "\n\t    MTU: {}", body.u32()?);
    }
    Ok(true)
}

fn interface_name(out: &mut Out, body: &mut Cursor<'_>) -> Walk {
    out.text("\n\t    Interface Name");
    let len = usize::from(body.u8()?);
    if len == 0 {
        write!(out, " [length {len}]");
        return Err(Stop::Invalid);
    }
    body.need(len - 1)?;
    if len % 4 != 0 {
        write!(out, " [length {len} != N x 4]");
        return Err(Stop::Invalid);
    }
    if len > MAX_NAME {
        write!(out, " [length {len} > {MAX_NAME}]");
        return Err(Stop::Invalid);
    }
    write!(out, ", length {len}: ");
    out.escaped_padded(body, len - 1)
}

/// The interface that an extended echo request asks about.
fn interface_identification(out: &mut Out, mut body: Cursor<'_>, class_type: u8) -> Walk<bool> {
    const BY_NAME: u8 = 1;
    const BY_INDEX: u8 = 2;
    const BY_ADDRESS: u8 = 3;
    let len = body.length();
    match class_type {
        BY_NAME => {
            write!(out, "\n\t    Interface Name, length {len}: ");
            out.escaped_padded(&mut body, len)?;
        }
        BY_INDEX if len >= 4 => write!(out, "\n\t    Interface Index: {}", body.u32()?),
        BY_ADDRESS if len >= 4 => {
            out.text("\n\t    IP Address sub-object: ");
            let (family, address_len) = (body.u16()?, body.u8()?);
            body.skip(1)?;
            match family {
                family::IPV4 => {
                    if address_len != 4 {
                        write!(out, "[length {address_len} != 4] ");
                    }
                    out.host4(*body.array()?);
                }
                family::IPV6 => {
                    if address_len != 16 {
                        write!(out, "[length {address_len} != 16] ");
                    }
                    out.host6(*body.array()?);
                }
                _ => {
                    out.text("Unknown Address Family Identifier");
                }
            }
        }
        BY_INDEX | BY_ADDRESS => return Ok(false),
        _ => return dump(out, body),
    }
    Ok(true)
}
