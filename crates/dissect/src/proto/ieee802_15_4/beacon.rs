//! What beacons and commands of IEEE 802.15.4 carry.

use super::frame::{Failed, Frame, Parsed, address, after, part, spaced, u8_at, u16_at};
use crate::Out;
use crate::tokens::Tokens;

/// Prints the fields of a beacon before its payload.
pub(super) fn beacon(out: &mut Out, frame: &mut Frame<'_>) -> Parsed {
    let superframe = frame.u16("[ERROR: Truncated before beacon information]")?;
    if out.options.verbose > 0 {
        write!(out, "\n\tBeacon order = {}", superframe & 0xf);
        write!(out, ", Superframe order = {}, ", (superframe >> 4) & 0xf);
        write!(out, "Final CAP Slot = {}", (superframe >> 8) & 0xf);
        for (bit, text) in [(12, ", BLE enabled"), (14, ", PAN Coordinator"), (15, ", Association Permit")] {
            if superframe & (1 << bit) != 0 {
                out.text(text);
            }
        }
    }
    time_slots(out, frame)?;
    pending(out, frame)
}

/// Bytes of a guaranteed time slot.
const SLOT_LEN: usize = 3;

fn time_slots(out: &mut Out, frame: &mut Frame<'_>) -> Parsed {
    let count = frame.u8("[ERROR: Truncated before GTS info]")? & 7;
    if count == 0 {
        if out.options.verbose > 0 {
            out.text("\n\tGTS Descriptor Count = 0, ");
        }
        return Ok(());
    }
    let len = 1 + usize::from(count) * SLOT_LEN;
    let slots = frame.take(len, " [ERROR: Truncated GTS Info List]")?;
    if out.options.verbose < 2 {
        return Ok(());
    }
    write!(out, "GTS Descriptor Count = {count}, GTS Directions Mask = {:02x}, [ ", u8_at(slots, 0) & 0x7f);
    for slot in after(slots, 1).chunks_exact(SLOT_LEN) {
        out.text("[ ");
        address(out, part(slot, 0, 2));
        // The slot is read from the address.
        let place = u8_at(slot, 1);
        write!(out, ", Start slot = {}, Length = {} ] ", place & 0xf, place >> 4);
    }
    out.text("]");
    Ok(())
}

/// Prints for which addresses there is something to fetch.
fn pending(out: &mut Out, frame: &mut Frame<'_>) -> Parsed {
    let counts = frame.u8("[ERROR: Truncated before pending addresses]")?;
    let (short, extended) = (counts & 7, (counts >> 4) & 7);
    if out.options.verbose > 0 {
        write!(out, "\n\tPending address list, # short addresses = {short}");
        write!(out, ", # extended addresses = {extended}");
    }
    let (short_len, extended_len) = (usize::from(short) * 2, usize::from(extended) * 8);
    let addresses = frame.take(short_len + extended_len, " [ERROR: Pending address list truncated]")?;
    if out.options.verbose < 2 {
        return Ok(());
    }
    let (short, extended) = addresses.split_at(short_len);
    for (label, addresses, len) in
        [(", Short address list = [ ", short, 2), (", Extended address list = [ ", extended, 8)]
    {
        if addresses.is_empty() {
            continue;
        }
        out.text(label);
        for bytes in addresses.chunks_exact(len) {
            address(out, bytes);
            out.text(" ");
        }
        out.text("]");
    }
    Ok(())
}

const COMMANDS: &Tokens = &[
    (1, "Association Request command"),
    (2, "Association Response command"),
    (3, "Disassociation Notification command"),
    (4, "Data Request command"),
    (5, "PAN ID Conflict Notification command"),
    (6, "Orphan Notification command"),
    (7, "Beacon Request command"),
    (8, "Coordinator realignment command"),
    (9, "GTS request command"),
    (10, "TRLE Management Request command"),
    (11, "TRLE Management Response command"),
    (19, "DSME Association Request command"),
    (20, "DSME Association Response command"),
    (21, "DSME GTS Request command"),
    (22, "DSME GTS Response command"),
    (23, "DSME GTS Notify command"),
    (24, "DSME Information Request command"),
    (25, "DSME Information Response command"),
    (26, "DSME Beacon Allocation Notification command"),
    (27, "DSME Beacon Collision Notification command"),
    (28, "DSME Link Report command"),
    (32, "RIT Data Request command"),
    (33, "DBS Request command"),
    (34, "DBS Response command"),
    (35, "RIT Data Response command"),
    (36, "Vendor Specific command"),
];

/// Prints a command.
pub(super) fn command(out: &mut Out, frame: &mut Frame<'_>) -> Parsed {
    let code = frame.u8("[ERROR: Truncated before Command ID]")?;
    out.field("command", code);
    out.text("Command ID = ");
    out.token(COMMANDS, code, format_args!("Reserved 0x{code:02x}"));
    out.text(" ");
    let rest = frame.rest();
    if rest.is_empty() {
        return Ok(());
    }
    let read = match code {
        1 => association_request(out, rest),
        2 => association_response(out, rest),
        3 => disassociation(out, frame)?,
        // These carry nothing.
        4..=7 => 0,
        8 => realignment(out, rest),
        9 => time_slot_request(out, rest),
        _ => {
            out.text("Command Data = ");
            spaced(out, rest);
            0
        }
    };
    frame.take_at_most(read);
    Ok(())
}

fn association_request(out: &mut Out, rest: &[u8]) -> usize {
    let [capabilities] = *rest else {
        out.text("Invalid Association request command length");
        return 0;
    };
    out.text(if capabilities & 0x02 != 0 { "FFD, " } else { "RFD, " });
    for (bit, text) in [
        (0x04, "AC powered, "),
        (0x08, "Receiver on when idle, "),
        (0x10, "Fast association, "),
        (0x40, "Security supported, "),
        (0x80, "Allocate address, "),
    ] {
        if capabilities & bit != 0 {
            out.text(text);
        }
    }
    1
}

fn association_response(out: &mut Out, rest: &[u8]) -> usize {
    let [_, _, status] = *rest else {
        out.text("Invalid Association response command length");
        return 0;
    };
    out.text("Short address = ");
    address(out, part(rest, 0, 2));
    match status {
        0x00 => _ = out.text(", Association successful"),
        0x01 => _ = out.text(", PAN at capacity"),
        0x02 => _ = out.text(", PAN access denied"),
        0x03 => _ = out.text(", Hooping sequence offset duplication"),
        0x80 => _ = out.text(", Fast association successful"),
        _ => write!(out, ", Status = 0x{status:02x}"),
    }
    3
}

fn disassociation(out: &mut Out, frame: &Frame<'_>) -> Result<usize, Failed> {
    let [reason] = *frame.rest() else {
        out.text("Invalid Disassociation Notification command length");
        return Ok(0);
    };
    match reason {
        0 => _ = out.text("Reserved"),
        1 => _ = out.text("Reason = The coordinator wishes the device to leave PAN"),
        2 => _ = out.text("Reason = The device wishes to leave the PAN"),
        // Another byte than the reason is shown.
        _ => write!(out, "Reason = 0x{:02x}", frame.beyond(2)?),
    }
    Ok(1)
}

fn realignment(out: &mut Out, rest: &[u8]) -> usize {
    if !matches!(rest.len(), 7 | 8) {
        out.text("Invalid Coordinator Realignment command length");
        return 0;
    }
    write!(out, "Pan ID = 0x{:04x}, Coordinator short address = ", u16_at(rest, 0));
    address(out, part(rest, 2, 2));
    write!(out, ", Channel Number = {}", u8_at(rest, 4));
    if let Some(page) = rest.get(7) {
        write!(out, ", page = {page}");
    }
    out.text(", Short address = ");
    address(out, part(rest, 5, 2));
    rest.len()
}

fn time_slot_request(out: &mut Out, rest: &[u8]) -> usize {
    let [request] = *rest else {
        out.text("Invalid GTS Request command length");
        return 0;
    };
    write!(out, "GTS Length = {}, ", request & 0xf);
    out.text(if request & 0x10 != 0 { "Receive-only GTS, " } else { "Transmit-only GTS, " });
    out.text(if request & 0x20 != 0 { "GTS allocation" } else { "GTS deallocations" });
    1
}
