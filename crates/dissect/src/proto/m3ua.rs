//! Signalling System 7 MTP3 User Adaptation Layer (RFC 4666).

use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const CLASSES: &Tokens =
    &[(0, "Management"), (1, "Transfer"), (2, "SS7"), (3, "ASP"), (4, "ASP"), (9, "Routing Key Management")];

const MANAGEMENT: &Tokens = &[(0, "Error"), (1, "Notify")];

const TRANSFER: &Tokens = &[(1, "Data")];

const SIGNALLING_NETWORK: &Tokens = &[
    (1, "Destination Unavailable"),
    (2, "Destination Available"),
    (3, "Destination State Audit"),
    (4, "Signalling Congestion"),
    (5, "Destination User Part Unavailable"),
    (6, "Destination Restricted"),
];

const STATE: &Tokens = &[
    (1, "Up"),
    (2, "Down"),
    (3, "Heartbeat"),
    (4, "Up Acknowledgement"),
    (5, "Down Acknowledgement"),
    (6, "Heartbeat Acknowledgement"),
];

const TRAFFIC: &Tokens =
    &[(1, "Active"), (2, "Inactive"), (3, "Active Acknowledgement"), (4, "Inactive Acknowledgement")];

const ROUTING_KEY: &Tokens = &[
    (1, "Registration Request"),
    (2, "Registration Response"),
    (3, "Deregistration Request"),
    (4, "Deregistration Response"),
];

const PARAMETERS: &Tokens = &[
    (4, "INFO String"),
    (6, "Routing Context"),
    (7, "Diagnostic Info"),
    (9, "Heartbeat Data"),
    (11, "Traffic Mode Type"),
    (12, "Error Code"),
    (13, "Status"),
    (17, "ASP Identifier"),
    (18, "Affected Point Code"),
    (19, "Correlation ID"),
    (512, "Network Appearance"),
    (516, "User/Cause"),
    (517, "Congestion Indications"),
    (518, "Concerned Destination"),
    (519, "Routing Key"),
    (520, "Registration Result"),
    (521, "Deregistration Result"),
    (522, "Local Routing Key Identifier"),
    (523, "Destination Point Code"),
    (524, "Service Indicators"),
    (526, "Originating Point Code List"),
    (528, "Protocol Data"),
    (530, "Registration Status"),
    (531, "Deregistration Status"),
];

/// Parameters whose value is shown: the rest is told by its length.
mod parameter {
    pub(super) const ROUTING_CONTEXT: u16 = 6;
    pub(super) const CORRELATION_ID: u16 = 19;
    pub(super) const NETWORK_APPEARANCE: u16 = 512;
}

const HEADER_LEN: usize = 8;
const PARAMETER_HEADER_LEN: usize = 4;
/// Bytes of a value that is a number.
const VALUE_LEN: usize = 4;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let mut rest = c;
    if c.length() < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    rest.skip(2)?;
    let [class, kind] = *rest.array()?;
    out.text("\n\t\t");
    out.token(CLASSES, class, format_args!("Unknown message class {class}"));
    let kinds = match class {
        0 => MANAGEMENT,
        1 => TRANSFER,
        2 => SIGNALLING_NETWORK,
        3 => STATE,
        4 => TRAFFIC,
        9 => ROUTING_KEY,
        _ => &[],
    };
    if tokens::name(CLASSES, class.into()).is_some() {
        out.text(" ");
        out.token(kinds, kind, format_args!("Unknown (0x{kind:02x})"));
        out.text(" Message");
    }
    let length = rest.u32()?;
    if length as usize != c.length() {
        write!(out, "\n\t\t\t@@@@@@ Corrupted length {length} of message @@@@@@");
        return Ok(());
    }
    while rest.length() > 0 {
        parameter(out, &mut rest)?;
    }
    Ok(())
}

fn parameter(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.length() < PARAMETER_HEADER_LEN {
        return Err(Stop::Invalid);
    }
    let (tag, length) = (c.u16()?, usize::from(c.u16()?));
    out.text("\n\t\t\t");
    out.token(PARAMETERS, tag, format_args!("Unknown Parameter (0x{tag:04x})"));
    out.text(": ");
    let Some(value_len) = length.checked_sub(PARAMETER_HEADER_LEN).filter(|value| *value <= c.length())
    else {
        return Err(Stop::Invalid);
    };
    match tag {
        parameter::ROUTING_CONTEXT | parameter::CORRELATION_ID | parameter::NETWORK_APPEARANCE => {
            if value_len < VALUE_LEN {
                out.invalid();
            } else {
                // Not the value but what stands before it, as tcpdump shows it.
                write!(out, "0x{tag:04x}{length:04x}");
            }
        }
        _ => write!(out, "(length {length})"),
    }
    c.advance(value_len.next_multiple_of(4).min(c.length()));
    Ok(())
}
