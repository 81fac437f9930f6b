//! Point-to-Point Tunneling Protocol, control messages (RFC 2637).

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const MESSAGES: &Tokens = &[
    (0, "NOT_DEFINED"),
    (1, "SCCRQ"),
    (2, "SCCRP"),
    (3, "StopCCRQ"),
    (4, "StopCCRP"),
    (5, "ECHORQ"),
    (6, "ECHORP"),
    (7, "OCRQ"),
    (8, "OCRP"),
    (9, "ICRQ"),
    (10, "ICRP"),
    (11, "ICCN"),
    (12, "CCRQ"),
    (13, "CDN"),
    (14, "WEN"),
    (15, "SLI"),
];

const BEARERS: &Tokens = &[(1, "A"), (2, "D"), (3, "Any")];

const FRAMINGS: &Tokens = &[(1, "A"), (2, "S"), (3, "E")];

const ERRORS: &Tokens = &[
    (0, "None"),
    (1, "Not-Connected"),
    (2, "Bad-Format"),
    (3, "Bad-Value"),
    (4, "No-Resource"),
    (5, "Bad-Call-ID"),
    (6, "PAC-Error"),
];

const STOP_REASONS: &Tokens = &[(1, "None"), (2, "Stop-Protocol"), (3, "Stop-Local-Shutdown")];

const START_RESULTS: &Tokens = &[
    (1, "Successful channel establishment"),
    (2, "General error"),
    (3, "Command channel already exists"),
    (4, "Requester is not authorized to establish a command channel"),
    (5, "The protocol version of the requester is not supported"),
];

const ECHO_RESULTS: &Tokens = &[(1, "OK"), (2, "General Error")];

const OUTGOING_RESULTS: &Tokens = &[
    (1, "Connected"),
    (2, "General Error"),
    (3, "No Carrier"),
    (4, "Busy"),
    (5, "No Dial Tone"),
    (6, "Time-out"),
    (7, "Do Not Accept"),
];

const INCOMING_RESULTS: &Tokens = &[(1, "Connect"), (2, "General Error"), (3, "Do Not Accept")];

const DISCONNECT_RESULTS: &Tokens =
    &[(1, "Lost Carrier"), (2, "General Error"), (3, "Admin Shutdown"), (4, "Request")];

const CONTROL_MESSAGE: u16 = 1;
const MANAGEMENT_MESSAGE: u16 = 2;
const MAGIC_COOKIE: u32 = 0x1a2b_3c4d;

/// One field of a message, in the order in which they stand.
#[derive(Clone, Copy)]
enum Field {
    /// A number of 16 bits in brackets behind its name.
    Number16(&'static str),
    /// A number of 32 bits in brackets behind its name.
    Number32(&'static str),
    /// A number of 32 bits in hex in brackets behind its name.
    Hex32(&'static str),
    /// Text of so many bytes in brackets behind its name.
    Text(&'static str, usize),
    /// A byte with its meaning, which is told when more is asked for.
    Code(&'static str, &'static Tokens),
    /// A type of 32 bits, shown by its meaning alone.
    Type(&'static str, &'static Tokens),
    Version,
    FramingCapabilities,
    BearerCapabilities,
    Reserved8,
    Reserved16,
}

use Field::*;

const VERSION_AND_MORE: [Field; 6] = [
    FramingCapabilities,
    BearerCapabilities,
    Number16("MAX_CHAN"),
    Number16("FIRM_REV"),
    Text("HOSTNAME", 64),
    Text("VENDOR", 64),
];
const ERROR_CODE: Field = Code("ERR_CODE", ERRORS);
const CALL: Field = Number16("CALL_ID");
const PEER_CALL: Field = Number16("PEER_CALL_ID");
const CALL_SERIAL: Field = Number16("CALL_SER_NUM");
const SPEED: Field = Number32("CONN_SPEED");
const WINDOW: Field = Number16("RECV_WIN");
const DELAY: Field = Number16("PROC_DELAY");
const CHANNEL: Field = Number32("PHY_CHAN_ID");
const FRAMING: Field = Type("FRAME_TYPE", FRAMINGS);
const BEARER: Field = Type("BEARER_TYPE", BEARERS);

/// The fields of each type of message behind the header.
fn fields_of(kind: u16) -> &'static [&'static [Field]] {
    match kind {
        1 => &[&[Version, Reserved16], &VERSION_AND_MORE],
        2 => &[&[Version, Code("RESULT_CODE", START_RESULTS), ERROR_CODE], &VERSION_AND_MORE],
        3 => &[&[Code("REASON", STOP_REASONS), Reserved8, Reserved16]],
        4 => &[&[Code("RESULT_CODE", ECHO_RESULTS), ERROR_CODE, Reserved16]],
        5 => &[&[Number32("ID")]],
        6 => &[&[Number32("ID"), Code("RESULT_CODE", ECHO_RESULTS), ERROR_CODE, Reserved16]],
        7 => &[&[
            CALL,
            CALL_SERIAL,
            Number32("MIN_BPS"),
            Number32("MAX_BPS"),
            BEARER,
            FRAMING,
            WINDOW,
            DELAY,
            Number16("PHONE_NO_LEN"),
            Reserved16,
            Text("PHONE_NO", 64),
            Text("SUB_ADDR", 64),
        ]],
        8 => &[&[
            CALL,
            PEER_CALL,
            Code("RESULT_CODE", OUTGOING_RESULTS),
            ERROR_CODE,
            Number16("CAUSE_CODE"),
            SPEED,
            WINDOW,
            DELAY,
            CHANNEL,
        ]],
        9 => &[&[
            CALL,
            CALL_SERIAL,
            BEARER,
            CHANNEL,
            Number16("DIALED_NO_LEN"),
            Number16("DIALING_NO_LEN"),
            Text("DIALED_NO", 64),
            Text("DIALING_NO", 64),
            Text("SUB_ADDR", 64),
        ]],
        10 => &[&[
            CALL,
            PEER_CALL,
            Code("RESULT_CODE", INCOMING_RESULTS),
            ERROR_CODE,
            WINDOW,
            DELAY,
            Reserved16,
        ]],
        11 => &[&[PEER_CALL, Reserved16, SPEED, WINDOW, DELAY, FRAMING]],
        12 => &[&[CALL, Reserved16]],
        13 => &[&[
            CALL,
            Code("RESULT_CODE", DISCONNECT_RESULTS),
            ERROR_CODE,
            Number16("CAUSE_CODE"),
            Reserved16,
            Text("CALL_STATS", 128),
        ]],
        14 => &[&[
            PEER_CALL,
            Reserved16,
            Number32("CRC_ERR"),
            Number32("FRAMING_ERR"),
            Number32("HARDWARE_OVERRUN"),
            Number32("BUFFER_OVERRUN"),
            Number32("TIMEOUT_ERR"),
            Number32("ALIGN_ERR"),
        ]],
        15 => &[&[PEER_CALL, Reserved16, Hex32("SEND_ACCM"), Hex32("RECV_ACCM")]],
        _ => &[],
    }
}

/// Prints a control message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(": pptp");
    let verbose = out.options.verbose > 0;
    let length = c.u16()?;
    if verbose {
        write!(out, " Length={length}");
    }
    let message = c.u16()?;
    if verbose {
        out.text(match message {
            CONTROL_MESSAGE => " CTRL-MSG",
            MANAGEMENT_MESSAGE => " MGMT-MSG",
            _ => " UNKNOWN-MSG-TYPE",
        });
    }
    let cookie = c.u32()?;
    if cookie != MAGIC_COOKIE {
        write!(out, " UNEXPECTED Magic-Cookie!!({cookie:08x})");
    }
    if verbose || cookie != MAGIC_COOKIE {
        write!(out, " Magic-Cookie={cookie:08x}");
    }
    let kind = c.u16()?;
    out.field("message_type", kind);
    match tokens::name(MESSAGES, kind.into()) {
        Some(name) => _ = out.text(" CTRL_MSGTYPE=").text(name),
        None => write!(out, " UNKNOWN_CTRL_MSGTYPE({kind})"),
    }
    field(out, &mut c, Reserved16)?;
    for part in fields_of(kind) {
        for each in *part {
            field(out, &mut c, *each)?;
        }
    }
    Ok(())
}

fn field(out: &mut Out, c: &mut Cursor<'_>, field: Field) -> Walk {
    match field {
        Number16(name) => write!(out, " {name}({})", c.u16()?),
        Number32(name) => write!(out, " {name}({})", c.u32()?),
        Hex32(name) => write!(out, " {name}(0x{:08x})", c.u32()?),
        Text(name, length) => {
            write!(out, " {name}(");
            out.escaped_padded(c, length)?;
            out.text(")");
        }
        Code(name, meanings) => {
            let code = c.u8()?;
            write!(out, " {name}({code}");
            if out.options.verbose > 0 {
                out.text(":");
                out.token(meanings, code, format_args!("?"));
            }
            out.text(")");
        }
        Type(name, meanings) => {
            let kind = c.u32()?;
            write!(out, " {name}(");
            out.token(meanings, kind, format_args!("?"));
            out.text(")");
        }
        Version => {
            let [major, minor] = *c.array()?;
            write!(out, " PROTO_VER({major}.{minor})");
        }
        FramingCapabilities => capabilities(out, " FRAME_CAP(", c.u32()?, [(1, "A"), (2, "S")]),
        BearerCapabilities => capabilities(out, " BEARER_CAP(", c.u32()?, [(2, "D"), (1, "A")]),
        Reserved8 => reserved(out, c.u8()?.into()),
        Reserved16 => reserved(out, c.u16()?),
    }
    Ok(())
}

fn capabilities(out: &mut Out, heading: &str, value: u32, letters: [(u32, &str); 2]) {
    out.text(heading);
    for (bit, letter) in letters {
        if value & bit != 0 {
            out.text(letter);
        }
    }
    out.text(")");
}

fn reserved(out: &mut Out, value: u16) {
    if value != 0 {
        write!(out, " [ERROR: reserved={value} must be zero]");
    }
}
