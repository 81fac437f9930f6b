//! NetBIOS frames over LLC (IBM LAN Technical Reference, chapter 5).

use super::message;
use super::template::Structure;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Commands with their names and templates, short and long; an empty template means none.
const COMMANDS: &[(u8, &str, &str, &str)] = &[
    (
        0x00,
        "Add Group Name Query",
        ", [P23]Name to add=[n2]#",
        "[P5]ResponseCorrelator=[w]\n[P16]Name to add=[n2]\n",
    ),
    (
        0x01,
        "Add Name Query",
        ", [P23]Name to add=[n2]#",
        "[P5]ResponseCorrelator=[w]\n[P16]Name to add=[n2]\n",
    ),
    (0x02, "Name In Conflict", "", ""),
    (0x03, "Status Query", "", ""),
    (0x07, "Terminate Trace", "", ""),
    (0x08, "Datagram", "", "[P7]Destination=[n2]\nSource=[n2]\n"),
    (0x09, "Broadcast Datagram", "", "[P7]Destination=[n2]\nSource=[n2]\n"),
    (
        0x0a,
        "Name Query",
        ", [P7]Name=[n2]#",
        "[P1]SessionNumber=[B]\nNameType=[B][P2]\nResponseCorrelator=[w]\nName=[n2]\nName of sender=[n2]\n",
    ),
    (
        0x0d,
        "Add Name Response",
        ", [P1]GroupName=[w] [P4]Destination=[n2] Source=[n2]#",
        "AddNameInProcess=[B]\nGroupName=[w]\nTransmitCorrelator=[w][P2]\nDestination=[n2]\nSource=[n2]\n",
    ),
    (
        0x0e,
        "Name Recognized",
        "",
        "[P1]Data2=[w]\nTransmitCorrelator=[w]\nResponseCorelator=[w]\nDestination=[n2]\nSource=[n2]\n",
    ),
    (0x0f, "Status Response", "", ""),
    (0x13, "Terminate Trace", "", ""),
    (
        0x14,
        "Data Ack",
        "",
        "[P3]TransmitCorrelator=[w][P2]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x15,
        "Data First/Middle",
        "",
        "Flags=[{RECEIVE_CONTINUE|NO_ACK||PIGGYBACK_ACK_INCLUDED|}]\nResyncIndicator=[w][P2]\nResponseCorelator=[w]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x16,
        "Data Only/Last",
        "",
        "Flags=[{|NO_ACK|PIGGYBACK_ACK_ALLOWED|PIGGYBACK_ACK_INCLUDED|}]\nResyncIndicator=[w][P2]\nResponseCorelator=[w]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x17,
        "Session Confirm",
        "",
        "Data1=[B]\nData2=[w]\nTransmitCorrelator=[w]\nResponseCorelator=[w]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (0x18, "Session End", "", "[P1]Data2=[w][P4]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n"),
    (
        0x19,
        "Session Initialize",
        "",
        "Data1=[B]\nData2=[w]\nTransmitCorrelator=[w]\nResponseCorelator=[w]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x1a,
        "No Receive",
        "",
        "Flags=[{|SEND_NO_ACK}]\nDataBytesAccepted=[b][P4]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x1b,
        "Receive Outstanding",
        "",
        "[P1]DataBytesAccepted=[b][P4]\nRemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (
        0x1c,
        "Receive Continue",
        "",
        "[P2]TransmitCorrelator=[w]\n[P2]RemoteSessionNumber=[B]\nLocalSessionNumber=[B]\n",
    ),
    (0x1f, "Session Alive", "", ""),
];

/// Prints a frame; `control` is LLC's control field.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>, control: u16) -> Walk {
    out.label("netbeui");
    let end = c.available();
    let command = c.peek_u8(4)?;
    let header_len = usize::from(u16::from_le_bytes(*c.peek_array(0)?));
    let header_end = header_len.min(end);
    let mut structure = Structure::new(c);
    let verbose = out.options.verbose > 1;
    let place = if verbose {
        write!(out, "\n>>> NBF Packet\nType=0x{control:X} ");
        structure.print(out, 0, end, "Length=[d] Signature=[w] Command=[B]\n#")?
    } else {
        out.text("NBF Packet: ");
        structure.print(out, 0, end, "[P5]#")?
    };
    let Some(mut at) = place else { return Ok(()) };
    let (name, template) = match COMMANDS.iter().find(|row| row.0 == command) {
        Some((_, name, _, long)) if verbose => (*name, *long),
        Some((_, name, short, _)) => (*name, *short),
        None => ("Unknown NBF Command", ""),
    };
    out.text(name);
    if verbose {
        let known = COMMANDS.iter().any(|row| row.0 == command);
        out.text(if known { ":\n" } else { "\n" });
        if known && template.is_empty() {
            out.text("\n");
        }
    }
    if !template.is_empty() {
        match structure.print(out, at, header_end, template)? {
            Some(next) => at = next,
            None => return Ok(()),
        }
    }
    let _ = at;
    if !verbose || header_len >= end {
        return Ok(());
    }
    payload(out, c, header_end, end)
}

/// Looks for a message behind the header.
fn payload(out: &mut Out, c: Cursor<'_>, header_end: usize, end: usize) -> Walk {
    let rest = c.ahead(header_end);
    if !rest.has(5) {
        return Ok(());
    }
    for at in 0..MAX_SEARCH {
        if !rest.has(at + 4) {
            break;
        }
        if message::starts(rest.ahead(at)) {
            if at > 0 {
                writeln!(out, "found SMB packet at {at}");
            }
            return message::print(out, rest.ahead(at), end.saturating_sub(header_end + at));
        }
    }
    Ok(())
}

/// Places behind the header at which a message may start.
const MAX_SEARCH: usize = 128;
