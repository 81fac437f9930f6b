//! Data Center Bridging Exchange before IEEE 802.1 took it over (DCB Capability Exchange Protocol, revision 1.01).

use super::{Known, subtype};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const SUBTYPES: &Tokens =
    &[(1, "DCB Capability Exchange Protocol Rev 1"), (2, "DCB Capability Exchange Protocol Rev 1.01")];

/// The subtype of the revision whose fields are not shown.
const REVISION_1: u8 = 1;

/// Prints a value from its subtype on: values in it have headers like those around it.
pub(super) fn print(out: &mut Out, mut value: Cursor<'_>) -> Walk<Known> {
    if subtype(out, SUBTYPES, &mut value)? == REVISION_1 {
        return Ok(Known::No);
    }
    let mut known = Known::Yes;
    while value.length() >= super::HEADER_LEN {
        let header = value.u16()?;
        let (kind, len) = (header >> 9, usize::from(header & 0x1ff));
        if kind == 0 || len == 0 || value.length() < len {
            return Ok(Known::Yes);
        }
        let feature = value.split(len);
        known = if (1..=4).contains(&kind) { Known::Yes } else { Known::No };
        match kind {
            1 => control(out, feature)?,
            2 => priority_groups(out, feature)?,
            3 => flow_control(out, feature)?,
            4 => applications(out, feature)?,
            _ => {}
        }
        if known == Known::No || out.options.verbose > 1 {
            out.dump_hex("\n\t    ", feature.bytes());
        }
    }
    Ok(known)
}

/// Bytes that each kind of value has at least.
const CONTROL_LEN: usize = 10;
const PRIORITY_GROUPS_LEN: usize = 17;
const FLOW_CONTROL_LEN: usize = 6;
const APPLICATIONS_MIN_LEN: usize = 4;
const APPLICATION_LEN: usize = 6;

/// Names a feature and its versions.
fn heading(out: &mut Out, feature: &mut Cursor<'_>, name: &str, kind: u8, min_len: usize) -> Walk {
    let len = feature.length();
    if len < min_len {
        return Err(Stop::Invalid);
    }
    let [operating, most] = *feature.array()?;
    write!(out, "\n\t    {name} (type 0x{kind:x}, length {len})");
    write!(out, "\n\t      Oper_Version: {operating}\n\t      Max_Version: {most}");
    Ok(())
}

fn control(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    heading(out, &mut c, "Control - Protocol Control", 1, CONTROL_LEN)?;
    let (sequence, acknowledged) = (c.u32()?, c.u32()?);
    write!(out, "\n\t      Sequence Number: {sequence}\n\t      Acknowledgement Number: {acknowledged}");
    Ok(())
}

/// The state of a feature and its subtype.
fn information(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let [bits, subtype] = *c.array()?;
    write!(out, "\n\t      Info block(0x{bits:02X}): Enable bit: {}", bits >> 7);
    write!(out, ", Willing bit: {}, Error Bit: {}", (bits >> 6) & 1, (bits >> 5) & 1);
    write!(out, "\n\t      SubType: {subtype}");
    Ok(())
}

fn priority_groups(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    heading(out, &mut c, "Feature - Priority Group", 2, PRIORITY_GROUPS_LEN)?;
    information(out, &mut c)?;
    out.text("\n\t      Priority Allocation");
    let groups = c.array::<4>()?.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    for (priority, group) in groups.enumerate() {
        write!(out, "\n\t          PgId_{priority}: {group}");
    }
    out.text("\n\t      Priority Group Allocation");
    for (group, percentage) in c.array::<8>()?.iter().enumerate() {
        write!(out, "\n\t          Pg percentage[{group}]: {percentage}");
    }
    write!(out, "\n\t      NumTCsSupported: {}", c.u8()?);
    Ok(())
}

fn flow_control(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    heading(out, &mut c, "Feature - Priority Flow Control", 3, FLOW_CONTROL_LEN)?;
    information(out, &mut c)?;
    let [enabled, supported] = *c.array()?;
    write!(out, "\n\t      PFC Config (0x{enabled:02X})");
    for priority in 0..8 {
        let state = if enabled & (1 << priority) != 0 { "Enabled" } else { "Disabled" };
        write!(out, "\n\t          Priority Bit {priority}: {state}");
    }
    write!(out, "\n\t      NumTCPFCSupported: {supported}");
    Ok(())
}

fn applications(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    heading(out, &mut c, "Feature - Application", 4, APPLICATIONS_MIN_LEN)?;
    information(out, &mut c)?;
    while c.length() >= APPLICATION_LEN {
        let (protocol, selector, priorities) = (c.u16()?, c.u24()?, c.u8()?);
        let field = selector >> 22;
        let meaning = if field == 0 { "L2 EtherType" } else { "Socket Number" };
        write!(out, "\n\t      Application Value\n\t          Application Protocol ID: 0x{protocol:04x}");
        write!(out, "\n\t          SF (0x{field:x}) Application Protocol ID is {meaning}");
        write!(out, "\n\t          OUI: 0x{:06x}", selector & 0x3f_ffff);
        write!(out, "\n\t          User Priority Map: 0x{priorities:02x}");
    }
    Ok(())
}
