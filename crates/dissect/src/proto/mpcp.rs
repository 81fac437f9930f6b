//! The Multi-Point Control Protocol of passive optical networks (IEEE 802.3ah).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPERATIONS: &Tokens = &[
    (1, "Pause"),
    (2, "Gate"),
    (3, "Report"),
    (4, "Register Request"),
    (5, "Register"),
    (6, "Register ACK"),
];

mod operation {
    pub(super) const PAUSE: u16 = 1;
    pub(super) const GATE: u16 = 2;
    pub(super) const REPORT: u16 = 3;
    pub(super) const REGISTER_REQUEST: u16 = 4;
    pub(super) const REGISTER: u16 = 5;
    pub(super) const REGISTER_ACK: u16 = 6;
}

const GRANT_FLAGS: &Tokens = &[
    (8, "Discovery"),
    (16, "Force Grant #1"),
    (32, "Force Grant #2"),
    (64, "Force Grant #3"),
    (128, "Force Grant #4"),
];
const REGISTER_REQUEST_FLAGS: &Tokens = &[(1, "Register"), (3, "De-Register")];
const REGISTER_FLAGS: &Tokens = &[(1, "Re-Register"), (2, "De-Register"), (3, "ACK"), (4, "NACK")];
const REGISTER_ACK_FLAGS: &Tokens = &[(0, "NACK"), (1, "ACK")];
const QUEUES: &Tokens =
    &[(1, "Q0"), (2, "Q1"), (4, "Q2"), (8, "Q3"), (16, "Q4"), (32, "Q5"), (64, "Q6"), (128, "Q7")];

/// How many grants follow, in the flags of a gate.
const GRANTS: u8 = 0x07;

/// Prints a message.
pub(crate) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let mut c = whole;
    c.need(6)?;
    let (operation, time) = (c.u16()?, c.u32()?);
    out.field("operation", operation);
    out.text("MPCP, Opcode ");
    out.token(OPERATIONS, operation, format_args!("Unknown ({operation})"));
    if operation != operation::PAUSE {
        write!(out, ", Timestamp {time} ticks");
    }
    write!(out, ", length {}", whole.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    match operation {
        operation::PAUSE => {}
        operation::GATE => gate(out, &mut c)?,
        operation::REPORT => report(out, &mut c)?,
        operation::REGISTER_REQUEST => {
            let (flags, pending) = (c.u8()?, c.u8()?);
            enclosed(out, "\n\tFlags", REGISTER_REQUEST_FLAGS, flags, "Reserved");
            write!(out, ", Pending-Grants {pending}");
        }
        operation::REGISTER => {
            let (port, flags, time, pending) = (c.u16()?, c.u8()?, c.u16()?, c.u8()?);
            write!(out, "\n\tAssigned-Port {port}");
            enclosed(out, ", Flags", REGISTER_FLAGS, flags, "Reserved");
            write!(out, "\n\tSync-Time {time} ticks, Echoed-Pending-Grants {pending}");
        }
        operation::REGISTER_ACK => {
            let (flags, port, time) = (c.u8()?, c.u16()?, c.u16()?);
            write!(out, "\n\tEchoed-Assigned-Port {port}");
            enclosed(out, ", Flags", REGISTER_ACK_FLAGS, flags, "Reserved");
            write!(out, "\n\tEchoed-Sync-Time {time} ticks");
        }
        _ => out.dump_hex("\n\t", whole.claimed_bytes()),
    }
    Ok(())
}

fn enclosed(out: &mut Out, label: &str, names: &Tokens, flags: u8, none: &str) {
    write!(out, "{label} [ ");
    out.bits(names, flags, ", ", format_args!("{none}"));
    out.text(" ]");
}

/// When which terminal may send.
fn gate(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let flags = c.u8()?;
    let count = flags & GRANTS;
    write!(out, "\n\tGrant Numbers {count}");
    enclosed(out, ", Flags", GRANT_FLAGS, flags & !GRANTS, "?");
    for grant in 1..=count {
        let (start, duration) = (c.u32()?, c.u16()?);
        write!(out, "\n\tGrant #{grant}, Start-Time {start} ticks, duration {duration} ticks");
    }
    write!(out, "\n\tSync-Time {} ticks", c.u16()?);
    Ok(())
}

/// How much waits in which queue; the first set is only counted.
fn report(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let sets = c.u8()?;
    write!(out, "\n\tTotal Queue-Sets {sets}");
    for _ in 1..sets {
        let queues = c.u8()?;
        write!(out, "\n\t  Queue-Set #{sets}");
        enclosed(out, ", Report-Bitmap", QUEUES, queues, "Unknown");
        for queue in (0..8).filter(|queue| queues & (1 << queue) != 0) {
            write!(out, "\n\t    Q{} Report, Duration {} ticks", queue + 1, c.u16()?);
        }
    }
    Ok(())
}
