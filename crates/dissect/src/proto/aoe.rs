//! ATA over Ethernet (AoE protocol definition, revision 11, Brantley Coile).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const COMMANDS: &Tokens = &[
    (0, "Issue ATA Command"),
    (1, "Query Config Information"),
    (2, "MAC Mask List"),
    (3, "Reserve/Release"),
];

const FLAGS: &Tokens = &[(8, "Response"), (4, "Error"), (2, "MBZ-1"), (1, "MBZ-0")];

const ERRORS: &Tokens = &[
    (1, "Unrecognized command code"),
    (2, "Bad argument parameter"),
    (3, "Device unavailable"),
    (4, "Config string present"),
    (5, "Unsupported version"),
    (6, "Target is reserved"),
];

const ATA_FLAGS: &Tokens = &[
    (128, "MBZ-7"),
    (64, "Ext48"),
    (32, "MBZ-5"),
    (16, "Device"),
    (8, "MBZ-3"),
    (4, "MBZ-2"),
    (2, "Async"),
    (1, "Write"),
];

const QUERY_COMMANDS: &Tokens = &[
    (0, "read config string"),
    (1, "test config string"),
    (2, "test config string prefix"),
    (3, "set config string"),
    (4, "force set config string"),
];

const MASK_COMMANDS: &Tokens = &[(0, "Read Mac Mask List"), (1, "Edit Mac Mask List")];

const MASK_ERRORS: &Tokens = &[(1, "Unspecified Error"), (2, "Bad DCmd directive"), (3, "Mask list full")];

const DIRECTIVES: &Tokens =
    &[(0, "No Directive"), (1, "Add mac address to mask list"), (2, "Delete mac address from mask list")];

const RESERVE_COMMANDS: &Tokens =
    &[(0, "Read reserve list"), (1, "Set reserve list"), (2, "Force set reserve list")];

/// The version that is known.
const VERSION: u8 = 1;
/// Of the flags: the request failed.
const ERROR: u8 = 4;

/// Commands.
mod command {
    pub(super) const ISSUE: u8 = 0;
    pub(super) const QUERY: u8 = 1;
    pub(super) const MASK: u8 = 2;
    pub(super) const RESERVE: u8 = 3;
}

/// Bytes of the header, and of what each command has at least.
const HEADER_LEN: usize = 10;
const ISSUE_LEN: usize = 12;
const QUERY_LEN: usize = 8;
const MASK_LEN: usize = 4;
const DIRECTIVE_LEN: usize = 8;
const RESERVE_LEN: usize = 2;
const ADDRESS_LEN: usize = 6;
/// Most bytes of a configuration string.
const MAX_STRING_LEN: usize = 1024;

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    write!(out, "AoE length {}", whole.length());
    match message(out, whole) {
        // What cannot be is said first, and then whether it was there at all.
        Err(Stop::Invalid) => {
            out.invalid();
            whole.need(whole.length())
        }
        walk => walk,
    }
}

fn message(out: &mut Out, whole: Cursor<'_>) -> Walk {
    at_least(whole, 1)?;
    let first = whole.peek_u8(0)?;
    let (version, flags) = (first >> 4, first & 0xf);
    out.field("version", version);
    write!(out, ", Ver {version}");
    if version != VERSION {
        return Ok(());
    }
    at_least(whole, HEADER_LEN)?;
    out.text(", Flags: [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    if out.options.verbose == 0 {
        return Ok(());
    }
    let mut c = whole.ahead(1);
    let error = c.u8()?;
    if flags & ERROR != 0 {
        out.text("\n\tError: ");
        out.token(ERRORS, error, format_args!("Invalid ({error})"));
    }
    write!(out, "\n\tMajor: 0x{:04x}", c.u16()?);
    write!(out, ", Minor: 0x{:02x}", c.u8()?);
    let command = c.u8()?;
    out.field("command", command);
    out.text(", Command: ");
    out.token(COMMANDS, command, format_args!("Unknown (0x{command:02x})"));
    write!(out, ", Tag: 0x{:08x}", c.u32()?);
    match command {
        command::ISSUE => issue(out, c),
        command::QUERY => query(out, c),
        command::MASK => mask(out, c),
        command::RESERVE => reserve(out, c),
        _ => Ok(()),
    }
}

fn at_least(c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len { Err(Stop::Invalid) } else { Ok(()) }
}

/// A command for the disk.
fn issue(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(c, ISSUE_LEN)?;
    out.text("\n\tAFlags: [");
    out.bits(ATA_FLAGS, c.u8()?, ", ", format_args!("none"));
    out.text("]");
    write!(out, ", Err/Feature: {}", c.u8()?);
    write!(out, ", Sector Count: {}", c.u8()?);
    write!(out, ", Cmd/Status: {}", c.u8()?);
    for index in 0..6 {
        let block = c.u8()?;
        out.text(if index == 0 { "\n\t" } else { ", " });
        write!(out, "lba{index}: {block}");
    }
    // What is reserved.
    c.skip(2)?;
    if c.length() > 0 {
        write!(out, "\n\tData: {} bytes", c.length());
    }
    Ok(())
}

/// What a server offers, and whose it is.
fn query(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(c, QUERY_LEN)?;
    write!(out, "\n\tBuffer Count: {}", c.u16()?);
    write!(out, ", Firmware Version: {}", c.u16()?);
    write!(out, ", Sector Count: {}", c.u8()?);
    let bits = c.u8()?;
    write!(out, ", AoE: {}, CCmd: ", bits >> 4);
    out.token(QUERY_COMMANDS, bits & 0xf, format_args!("Unknown (0x02x)"));
    let len = usize::from(c.u16()?);
    if len > MAX_STRING_LEN || len > c.length() {
        return Err(Stop::Invalid);
    }
    if len > 0 {
        write!(out, "\n\tConfig String (length {len}): ");
        out.escaped_take(&mut c, len)?;
    }
    Ok(())
}

/// Which stations a server answers.
fn mask(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(c, MASK_LEN)?;
    // What is reserved.
    c.skip(1)?;
    let command = c.u8()?;
    out.text("\n\tMCmd: ");
    out.token(MASK_COMMANDS, command, format_args!("Unknown (0x{command:02x})"));
    let error = c.u8()?;
    out.text(", MError: ");
    out.token(MASK_ERRORS, error, format_args!("Unknown (0x{error:02x})"));
    let count = c.u8()?;
    write!(out, ", Dir Count: {count}");
    at_least(c, usize::from(count) * DIRECTIVE_LEN)?;
    for _ in 0..count {
        c.skip(1)?;
        let directive = c.u8()?;
        out.text("\n\t DCmd: ");
        out.token(DIRECTIVES, directive, format_args!("Unknown (0x{directive:02x})"));
        let address = *c.array()?;
        out.text(", Ethernet Address: ").ether_host(address);
    }
    Ok(())
}

/// Which stations may write.
fn reserve(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    at_least(c, RESERVE_LEN)?;
    let command = c.u8()?;
    out.text("\n\tRCmd: ");
    out.token(RESERVE_COMMANDS, command, format_args!("Unknown (0x{command:02x})"));
    let count = c.u8()?;
    write!(out, ", NMacs: {count}");
    at_least(c, usize::from(count) * ADDRESS_LEN)?;
    for index in 0..count {
        let address = *c.array()?;
        write!(out, "\n\tEthernet Address {index}: ");
        out.ether_host(address);
    }
    Ok(())
}
