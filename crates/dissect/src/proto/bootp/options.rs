//! Vendor extensions and DHCP options (RFC 2132 and the many that followed).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

/// How the value of an option is written.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Bytes in decimal with dots.
    Bytes,
    Text,
    Addresses,
    AddressPairs,
    /// 32 bits each.
    Longs,
    SignedLongs,
    /// 16 bits each.
    Shorts,
    Flag,
    /// In a way of its own.
    Special,
}

/// Options with their forms.
const OPTIONS: &[(u8, Form, &str)] = &[
    (0, Form::Bytes, "PAD"),
    (1, Form::Addresses, "Subnet-Mask"),
    (2, Form::SignedLongs, "Time-Zone"),
    (3, Form::Addresses, "Default-Gateway"),
    (4, Form::Addresses, "Time-Server"),
    (5, Form::Addresses, "IEN-Name-Server"),
    (6, Form::Addresses, "Domain-Name-Server"),
    (7, Form::Addresses, "LOG"),
    (8, Form::Addresses, "CS"),
    (9, Form::Addresses, "LPR-Server"),
    (10, Form::Addresses, "IM"),
    (11, Form::Addresses, "RL"),
    (12, Form::Text, "Hostname"),
    (13, Form::Shorts, "BS"),
    (255, Form::Bytes, "END"),
    (14, Form::Text, "DP"),
    (15, Form::Text, "Domain-Name"),
    (16, Form::Addresses, "SS"),
    (17, Form::Text, "RP"),
    (18, Form::Text, "EP"),
    (19, Form::Flag, "IPF"),
    (20, Form::Flag, "SRT"),
    (21, Form::AddressPairs, "PF"),
    (22, Form::Shorts, "RSZ"),
    (23, Form::Bytes, "TTL"),
    (24, Form::Longs, "MTU-Timeout"),
    (25, Form::Shorts, "MTU-Table"),
    (26, Form::Shorts, "MTU"),
    (27, Form::Flag, "LSN"),
    (28, Form::Addresses, "BR"),
    (29, Form::Flag, "MD"),
    (30, Form::Flag, "MS"),
    (31, Form::Flag, "Router-Discovery"),
    (32, Form::Addresses, "RSA"),
    (33, Form::AddressPairs, "Static-Route"),
    (34, Form::Flag, "UT"),
    (35, Form::Longs, "AT"),
    (36, Form::Flag, "IE"),
    (37, Form::Bytes, "TT"),
    (38, Form::Longs, "KI"),
    (39, Form::Flag, "KG"),
    (40, Form::Text, "YD"),
    (41, Form::Addresses, "YS"),
    (42, Form::Addresses, "NTP"),
    (43, Form::Bytes, "Vendor-Option"),
    (44, Form::Addresses, "Netbios-Name-Server"),
    (45, Form::Addresses, "WDD"),
    (46, Form::Special, "Netbios-Node"),
    (47, Form::Text, "Netbios-Scope"),
    (48, Form::Addresses, "XFS"),
    (49, Form::Addresses, "XDM"),
    (64, Form::Shorts, "N+D"),
    (65, Form::Addresses, "N+S"),
    (68, Form::Addresses, "MH"),
    (69, Form::Addresses, "SMTP"),
    (70, Form::Addresses, "POP3"),
    (71, Form::Addresses, "NNTP"),
    (72, Form::Addresses, "WWW"),
    (73, Form::Addresses, "FG"),
    (74, Form::Addresses, "IRC"),
    (75, Form::Addresses, "STS"),
    (76, Form::Addresses, "STDA"),
    (50, Form::Addresses, "Requested-IP"),
    (51, Form::Longs, "Lease-Time"),
    (52, Form::Special, "OO"),
    (66, Form::Text, "TFTP"),
    (67, Form::Text, "BF"),
    (53, Form::Bytes, "DHCP-Message"),
    (54, Form::Addresses, "Server-ID"),
    (55, Form::Bytes, "Parameter-Request"),
    (56, Form::Text, "MSG"),
    (57, Form::Shorts, "MSZ"),
    (58, Form::Longs, "RN"),
    (59, Form::Longs, "RB"),
    (60, Form::Text, "Vendor-Class"),
    (61, Form::Special, "Client-ID"),
    (98, Form::Text, "UAP"),
    (116, Form::Flag, "Auto-Configure"),
    (78, Form::Bytes, "SLP-DA"),
    (79, Form::Bytes, "SLP-SCOPE"),
    (117, Form::Shorts, "NSSEARCH"),
    (77, Form::Special, "User-Class"),
    (118, Form::Addresses, "SUBNET"),
    (121, Form::Special, "Classless-Static-Route"),
    (249, Form::Special, "Classless-Static-Route-Microsoft"),
    (143, Form::Special, "SZTP-Redirect"),
    (150, Form::Addresses, "TFTP-Server-Address"),
    (80, Form::Text, "SLP-NA"),
    (81, Form::Special, "FQDN"),
    (82, Form::Special, "Agent-Information"),
    (83, Form::Bytes, "ARMT"),
    (88, Form::Text, "TZSTR"),
    (89, Form::Bytes, "FQDNS"),
    (90, Form::Bytes, "AUTH"),
    (91, Form::Longs, "Last-Transaction-Time"),
    (92, Form::Addresses, "Associated-IP"),
    (93, Form::Shorts, "ARCH"),
    (94, Form::Bytes, "NDI"),
    (97, Form::Bytes, "GUID"),
    (95, Form::Text, "LDAP"),
    (100, Form::Text, "POSIX-TZ"),
    (101, Form::Text, "TZ-Name"),
    (112, Form::Addresses, "NI"),
    (113, Form::Text, "NITAG"),
    (114, Form::Text, "URL"),
    (161, Form::Text, "MUD-URL"),
    (108, Form::Special, "IPv6-Only-Preferred"),
];

pub(crate) const MESSAGES: &Tokens = &[
    (1, "Discover"),
    (2, "Offer"),
    (3, "Request"),
    (4, "Decline"),
    (5, "ACK"),
    (6, "NACK"),
    (7, "Release"),
    (8, "Inform"),
    (10, "LeaseQuery"),
    (11, "LeaseUnassigned"),
    (12, "LeaseUnknown"),
    (13, "LeaseActive"),
];

const OVERLOADS: &Tokens = &[(1, "file"), (2, "sname"), (3, "file+sname")];

const NODE_TYPES: &Tokens = &[(1, "b-node"), (2, "p-node"), (4, "m-node"), (8, "h-node")];

const HARDWARE: &Tokens =
    &[(1, "ether"), (6, "ieee802"), (7, "arcnet"), (15, "frelay"), (23, "strip"), (24, "ieee1394")];

const NAME_FLAGS: &Tokens = &[(1, "S"), (2, "O"), (4, "E"), (8, "N")];

const AGENT_OPTIONS: &Tokens = &[(1, "Circuit-ID"), (2, "Remote-ID"), (6, "Subscriber-ID")];

mod tag {
    pub(super) const PAD: u8 = 0;
    pub(super) const NETBIOS_NODE: u8 = 46;
    pub(super) const OVERLOAD: u8 = 52;
    pub(super) const MESSAGE: u8 = 53;
    pub(super) const PARAMETER_REQUEST: u8 = 55;
    pub(super) const CLIENT_ID: u8 = 61;
    pub(super) const USER_CLASS: u8 = 77;
    pub(super) const CLIENT_NAME: u8 = 81;
    pub(super) const AGENT: u8 = 82;
    pub(super) const IPV6_ONLY: u8 = 108;
    pub(super) const CLASSLESS_ROUTE: u8 = 121;
    pub(super) const ZERO_TOUCH: u8 = 143;
    pub(super) const CLASSLESS_ROUTE_MICROSOFT: u8 = 249;
    pub(super) const END: u8 = 255;
}

/// The form and the name of an option.
pub(crate) fn row(tag: u8) -> Option<(Form, &'static str)> {
    OPTIONS.iter().find(|row| row.0 == tag).map(|row| (row.1, row.2))
}

fn name(tag: u8) -> &'static str {
    row(tag).map_or("Unknown", |row| row.1)
}

/// Prints the options behind their magic cookie.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t  Vendor-rfc1048 Extensions");
    write!(out, "\n\t    Magic Cookie 0x{:08x}", c.u32()?);
    let verbose = out.options.verbose > 2;
    while c.captured() > 0 {
        let tag = c.u8()?;
        if tag == tag::PAD && !verbose {
            continue;
        }
        if tag == tag::END && !verbose {
            return Ok(());
        }
        let length = if matches!(tag, tag::PAD | tag::END) { 0 } else { c.u8()? };
        write!(out, "\n\t    {} ({tag}), length {length}{}", name(tag), if length > 0 { ": " } else { "" });
        if tag == tag::PAD {
            let more = c.bytes().iter().take_while(|byte| **byte == tag::PAD).count();
            c.skip(more)?;
            write!(out, ", occurs {}", more + 1);
        }
        c.need(length.into())?;
        option(out, c.split(length.into()), tag)?;
    }
    Ok(())
}

fn option(out: &mut Out, mut c: Cursor<'_>, tag: u8) -> Walk {
    if tag == tag::MESSAGE && c.length() == 1 {
        let message = c.u8()?;
        out.field("message_type", message);
        out.token(MESSAGES, message, format_args!("Unknown ({message})"));
        return Ok(());
    }
    if tag == tag::PARAMETER_REQUEST {
        for (place, requested) in c.bytes().iter().enumerate() {
            out.text(if place % 4 == 0 { "\n\t      " } else { ", " });
            write!(out, "{} ({requested})", name(*requested));
        }
        return Ok(());
    }
    match row(tag) {
        Some((Form::Special, _)) => special(out, &mut c, tag)?,
        Some((form, _)) => value(out, &mut c, form)?,
        None => {
            let form = match c.length() % 4 {
                1 | 3 => Form::Bytes,
                2 => Form::Shorts,
                _ => Form::Longs,
            };
            value(out, &mut c, form)?;
        }
    }
    if c.length() > 0 {
        write!(out, "\n\t  trailing data length {}", c.length());
    }
    Ok(())
}

/// Prints a value whose form says all; what does not fit the form is left.
fn value(out: &mut Out, c: &mut Cursor<'_>, form: Form) -> Walk {
    match form {
        Form::Text => {
            out.text("\"");
            let length = c.length();
            out.escaped_take(c, length)?;
            out.text("\"");
        }
        Form::Flag if c.length() != 1 => fault(out, c, format_args!("length != 1 byte")),
        Form::Flag => match c.u8()? {
            0 => {
                out.text("N");
            }
            1 => {
                out.text("Y");
            }
            other => write!(out, "{other}?"),
        },
        Form::Addresses => list(out, c, 4, ",", |out, c| {
            out.host4(*c.array()?);
            Ok(())
        })?,
        Form::Longs => list(out, c, 4, ",", |out, c| {
            out.dec(c.u32()?);
            Ok(())
        })?,
        Form::SignedLongs => list(out, c, 4, ",", |out, c| {
            let _: () = write!(out, "{}", c.i32()?);
            Ok(())
        })?,
        Form::Shorts => list(out, c, 2, ",", |out, c| {
            out.dec(c.u16()?);
            Ok(())
        })?,
        Form::Bytes => list(out, c, 1, ".", |out, c| {
            out.dec(c.u8()?);
            Ok(())
        })?,
        Form::AddressPairs => {
            let whole = c.length();
            list(out, c, 8, ",", |out, c| {
                out.text("(").host4(*c.array()?).text(":").host4(*c.array()?).text(")");
                Ok(())
            })?;
            if c.length() > 0 {
                out.text(if c.length() < whole { "," } else { "" });
                fault(out, c, format_args!("length != N x 8 bytes"));
            }
        }
        Form::Special => {}
    }
    Ok(())
}

/// Prints all values of `size` bytes that are there, parted by `between`.
fn list<'a>(
    out: &mut Out,
    c: &mut Cursor<'a>,
    size: usize,
    between: &str,
    print: impl Fn(&mut Out, &mut Cursor<'a>) -> Walk,
) -> Walk {
    let mut before = "";
    while c.length() >= size {
        out.text(before);
        print(out, c)?;
        before = between;
    }
    Ok(())
}

/// Says what is wrong with an option and leaves the rest of it alone.
fn fault(out: &mut Out, c: &mut Cursor<'_>, what: std::fmt::Arguments<'_>) {
    write!(out, "[{what}]");
    c.advance(c.length());
}

fn special(out: &mut Out, c: &mut Cursor<'_>, tag: u8) -> Walk {
    match tag {
        tag::NETBIOS_NODE | tag::OVERLOAD | tag::CLIENT_ID if c.length() < 1 => {
            fault(out, c, format_args!("length < 1 byte"));
        }
        tag::NETBIOS_NODE => coded(out, c, NODE_TYPES)?,
        tag::OVERLOAD => coded(out, c, OVERLOADS)?,
        tag::CLIENT_ID => client_id(out, c)?,
        tag::CLIENT_NAME => client_name(out, c)?,
        tag::AGENT => agent(out, c)?,
        tag::USER_CLASS => user_class(out, c)?,
        tag::CLASSLESS_ROUTE | tag::CLASSLESS_ROUTE_MICROSOFT => classless_routes(out, c)?,
        tag::ZERO_TOUCH => zero_touch(out, c)?,
        tag::IPV6_ONLY if c.length() != 4 => fault(out, c, format_args!("length != 4 bytes")),
        tag::IPV6_ONLY => write!(out, "{}", c.u32()?),
        _ => write!(out, "[unknown special tag {tag}, size {}]", c.length()),
    }
    Ok(())
}

fn coded(out: &mut Out, c: &mut Cursor<'_>, names: &Tokens) -> Walk {
    let code = c.u8()?;
    out.token(names, code, format_args!("#{code}"));
    Ok(())
}

/// A client identifier (RFC 2132 section 9.14): text, or an address behind its hardware type.
fn client_id(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let kind = c.u8()?;
    if kind == 0 {
        return value(out, c, Form::Text);
    }
    out.token(HARDWARE, kind, format_args!("hardware-type {kind},"));
    out.text(" ").hex_with(c.take(c.length())?, b':');
    Ok(())
}

/// The full name of the client (RFC 4702).
fn client_name(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < 3 {
        fault(out, c, format_args!("length < 3 bytes"));
        return Ok(());
    }
    let [flags, forward_code, reverse_code] = *c.array()?;
    if flags & 0xf0 != 0 {
        write!(out, "[MBZ nibble 0x{:x} != 0] ", flags >> 4);
    }
    if flags & 0x0f != 0 {
        out.text("[");
        out.bits(NAME_FLAGS, flags & 0x0f, "", format_args!(""));
        out.text("] ");
    }
    if forward_code != 0 || reverse_code != 0 {
        write!(out, "{forward_code}/{reverse_code} ");
    }
    value(out, c, Form::Text)
}

/// What relay agents add (RFC 3046).
fn agent(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    while c.length() >= 2 {
        let [code, length] = *c.array()?;
        out.text("\n\t      ");
        out.token(AGENT_OPTIONS, code, format_args!("Unknown"));
        write!(out, " SubOption {code}, length {length}: ");
        let length = usize::from(length);
        if length > c.length() {
            out.text("length goes past end of option");
            c.advance(c.length());
            break;
        }
        match code {
            1 | 2 | 6 => out.escaped_take(c, length)?,
            _ => out.dump_hex("\n\t\t", c.take(length)?),
        }
    }
    Ok(())
}

/// Routes without classes (RFC 3442): of each network only as many bytes as its mask covers.
fn classless_routes(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < 5 {
        fault(out, c, format_args!("length < 5 bytes"));
        return Ok(());
    }
    let mut before = "";
    while c.length() > 0 {
        out.text(before);
        before = ",";
        let mask_width = c.u8()?;
        if mask_width > 32 {
            fault(out, c, format_args!("Mask width ({mask_width}) > 32"));
            break;
        }
        let octets = usize::from(mask_width).div_ceil(8);
        if c.length() < octets + 4 {
            let remaining = c.length();
            fault(out, c, format_args!("Remaining length ({remaining}) < {} bytes", octets + 4));
            break;
        }
        out.text("(");
        if mask_width == 0 {
            out.text("default");
        } else {
            list(out, &mut c.split(octets), 1, ".", |out, c| {
                out.dec(c.u8()?);
                Ok(())
            })?;
            for _ in octets..4 {
                out.text(".0");
            }
            write!(out, "/{mask_width}");
        }
        out.text(":").host4(*c.array()?).text(")");
    }
    Ok(())
}

/// Classes of the user (RFC 3004).
fn user_class(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < 2 {
        fault(out, c, format_args!("length < 2 bytes"));
        return Ok(());
    }
    let mut instance = 0;
    while c.length() > 0 {
        let length = usize::from(c.u8()?);
        instance += 1;
        write!(out, "\n\t      instance#{instance}: ");
        if length == 0 {
            fault(out, c, format_args!("suboption length == 0"));
            break;
        }
        if c.length() < length {
            write!(out, "[length {} < suboption length {length}", c.length());
            c.advance(c.length());
            break;
        }
        value(out, &mut c.split(length), Form::Text)?;
        write!(out, ", length {length}");
    }
    Ok(())
}

/// Servers for secure zero-touch provisioning (RFC 8572 section 8.1).
fn zero_touch(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    while c.length() >= 2 {
        let length = usize::from(c.u16()?);
        write!(out, "\n\t\t    length {length}: ");
        if length > c.length() {
            out.text("length goes past end of option");
            c.advance(c.length());
            break;
        }
        value(out, &mut c.split(length), Form::Text)?;
    }
    if c.length() != 0 {
        fault(out, c, format_args!("length < 2 bytes"));
    }
    Ok(())
}
