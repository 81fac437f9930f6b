//! Telnet (RFC 854, options RFC 855, authentication RFC 2941, encryption RFC 2946).

use crate::Out;
use crate::options::HexDump;
use wirescope_wire::{Cursor, Walk};

/// Names of commands from [`FIRST_COMMAND`] on.
const COMMANDS: &[&str] = &[
    "EOF", "SUSP", "ABORT", "EOR", "SE", "NOP", "DMARK", "BRK", "IP", "AO", "AYT", "EC", "EL", "GA", "SB",
    "WILL", "WONT", "DO", "DONT", "IAC",
];
const OPTIONS: &[&str] = &[
    "BINARY",
    "ECHO",
    "RCP",
    "SUPPRESS GO AHEAD",
    "NAME",
    "STATUS",
    "TIMING MARK",
    "RCTE",
    "NAOL",
    "NAOP",
    "NAOCRD",
    "NAOHTS",
    "NAOHTD",
    "NAOFFD",
    "NAOVTS",
    "NAOVTD",
    "NAOLFD",
    "EXTEND ASCII",
    "LOGOUT",
    "BYTE MACRO",
    "DATA ENTRY TERMINAL",
    "SUPDUP",
    "SUPDUP OUTPUT",
    "SEND LOCATION",
    "TERMINAL TYPE",
    "END OF RECORD",
    "TACACS UID",
    "OUTPUT MARKING",
    "TTYLOC",
    "3270 REGIME",
    "X.3 PAD",
    "NAWS",
    "TSPEED",
    "LFLOW",
    "LINEMODE",
    "XDISPLOC",
    "OLD-ENVIRON",
    "AUTHENTICATION",
    "ENCRYPT",
    "NEW-ENVIRON",
];
const SUBCOMMANDS: &[&str] = &["IS", "SEND", "INFO"];
const AUTHENTICATION_COMMANDS: &[&str] = &["IS", "SEND", "REPLY", "NAME"];
/// An empty name stands for a number that was never given.
const AUTHENTICATION_TYPES: &[&str] = &[
    "NULL",
    "KERBEROS_V4",
    "KERBEROS_V5",
    "SPX",
    "MINK",
    "SRP",
    "RSA",
    "SSL",
    "",
    "",
    "LOKI",
    "SSA",
    "KEA_SJ",
    "KEA_SJ_INTEG",
    "DSS",
    "NTLM",
];
const ENCRYPTION_COMMANDS: &[&str] =
    &["IS", "SUPPORT", "REPLY", "START", "END", "REQUEST-START", "REQUEST-END", "END_KEYID", "DEC_KEYID"];
const ENCRYPTION_TYPES: &[&str] = &[
    "NULL",
    "DES_CFB64",
    "DES_OFB64",
    "DES3_CFB64",
    "DES3_OFB64",
    "",
    "CAST5_40_CFB64",
    "CAST5_40_OFB64",
    "CAST128_CFB64",
    "CAST128_OFB64",
];

const INTERPRET_AS_COMMAND: u8 = 255;
const FIRST_COMMAND: u8 = 236;
const SUBNEGOTIATION: u8 = 250;
const SUBNEGOTIATION_END: u8 = 240;
const OPTION_AUTHENTICATION: u8 = 37;
const OPTION_ENCRYPT: u8 = 38;

/// One command of a connection.
enum Command<'a> {
    /// A byte 255 of data.
    Data,
    Plain(&'static str),
    Option(&'static str, u8),
    Subnegotiation(u8, &'a [u8]),
}

/// Prints the commands at the start of a segment; what stands behind data is not looked for.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let in_hex = matches!(out.options.hex, HexDump::HexAscii { .. }) && out.options.verbose > 2;
    let start = c.at();
    let mut first = true;
    while c.length() > 0 {
        let mut rest = c;
        let Some(command) = parse(&mut rest)? else { break };
        let length = rest.at() - c.at();
        if in_hex {
            out.text(if first { "\nTelnet:" } else { "" });
            out.dump_hex_from("\n", c.clip(length).bytes(), c.at() - start);
            match 8usize.checked_sub(length) {
                Some(missing) => write!(out, "{:1$}\t", "", missing * 3),
                None => {
                    out.text("\n\t\t\t\t");
                }
            }
        } else {
            out.text(if first { " [telnet " } else { ", " });
        }
        first = false;
        print_command(out, &command);
        c.skip(length)?;
    }
    if !first {
        out.text(if in_hex { "\n" } else { "]" });
    }
    Ok(())
}

/// Reads a command and advances past it; nothing where none begins or the segment ends within.
fn parse<'a>(c: &mut Cursor<'a>) -> Walk<Option<Command<'a>>> {
    if c.u8()? != INTERPRET_AS_COMMAND || c.length() == 0 {
        return Ok(None);
    }
    let code = c.u8()?;
    if code == INTERPRET_AS_COMMAND {
        return Ok(Some(Command::Data));
    }
    let Some(name) = code.checked_sub(FIRST_COMMAND).and_then(|row| COMMANDS.get(usize::from(row))) else {
        return Ok(None);
    };
    if code < SUBNEGOTIATION {
        return Ok(Some(Command::Plain(name)));
    }
    if c.length() == 0 {
        return Ok(None);
    }
    let option = c.u8()?;
    if code != SUBNEGOTIATION {
        return Ok(Some(Command::Option(name, option)));
    }
    let bytes = c.bytes();
    let mut at = 0;
    while c.length() > at + 1 {
        let pair = c.peek_array::<2>(at)?;
        if *pair == [INTERPRET_AS_COMMAND, SUBNEGOTIATION_END] {
            break;
        }
        at += 1;
    }
    if c.peek_u8(at)? != INTERPRET_AS_COMMAND {
        return Ok(None);
    }
    c.advance(at + 2);
    Ok(Some(Command::Subnegotiation(option, bytes.get(..at).unwrap_or_default())))
}

fn print_command(out: &mut Out, command: &Command<'_>) {
    match *command {
        Command::Data => {
            out.text("IAC IAC");
        }
        Command::Plain(name) => {
            out.text(name);
        }
        Command::Option(name, option) => {
            out.text(name).text(" ");
            number_or_name(out, OPTIONS, option);
        }
        Command::Subnegotiation(option, bytes) => {
            out.text("SB ");
            number_or_name(out, OPTIONS, option);
            let names: &[&[&str]] = match option {
                OPTION_AUTHENTICATION => &[AUTHENTICATION_COMMANDS, AUTHENTICATION_TYPES],
                OPTION_ENCRYPT => &[ENCRYPTION_COMMANDS, ENCRYPTION_TYPES],
                _ => &[SUBCOMMANDS],
            };
            for (place, byte) in bytes.iter().enumerate() {
                out.text(" ");
                number_or_name(out, names.get(place).copied().unwrap_or_default(), *byte);
            }
            out.text(" SE");
        }
    }
}

fn number_or_name(out: &mut Out, names: &[&'static str], value: u8) {
    match names.get(usize::from(value)) {
        Some(name) if !name.is_empty() => {
            out.text(name);
        }
        _ if value == 0 => {
            out.text("0");
        }
        _ => write!(out, "{value:#x}"),
    }
}
