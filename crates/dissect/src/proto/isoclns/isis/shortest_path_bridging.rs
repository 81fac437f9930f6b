//! Shortest path bridging (IEEE 802.1aq, RFC 6329).

use super::names;
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the identifier of a configuration: format, name, level, digest.
const CONFIGURATION_LEN: usize = 51;
const CONFIGURATION_NAME_LEN: usize = 32;

/// Prints what a port can do.
pub(super) fn port_capability(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 2 {
        return Ok(());
    }
    let topology = c.u16()?;
    write!(out, "\n\t       RES: {}, MTID(s): {}", topology >> 12, topology & 0x0fff);
    while c.length() >= 2 {
        let (kind, mut value) = head(out, "\n\t       ", names::PORT_CAPABILITIES, &mut c)?;
        let Some(value) = value.as_mut() else { return Ok(()) };
        match kind {
            4 => {
                if value.length() < 2 * CONFIGURATION_LEN {
                    return too_short(out);
                }
                out.text("\n\t         MCID: ");
                configuration(out, value)?;
                out.text("\n\t         AUX-MCID: ");
                configuration(out, value)?;
            }
            5 => {
                if value.length() < 33 {
                    return too_short(out);
                }
                digest(out, value)?;
            }
            6 => {
                if value.length() < 8 {
                    return too_short(out);
                }
                while value.length() >= 6 {
                    let (algorithm, vlan) = (value.u32()?, value.u16()?);
                    write!(out, "\n\t           ECT: {algorithm:08x} BVID: {}", vlan >> 4);
                    write!(out, ", U:{:01x} M:{:01x} ", vlan >> 3 & 1, vlan >> 2 & 1);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Prints what a topology can do.
pub(super) fn topology_capability(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 2 {
        return Ok(());
    }
    let topology = c.u16()?;
    write!(
        out,
        "\n\t      O: {}, RES: {}, MTID(s): {}",
        topology >> 15,
        topology >> 12 & 7,
        topology & 0x0fff
    );
    while c.length() >= 2 {
        let (kind, mut value) = head(out, "\n\t      ", names::TOPOLOGY_CAPABILITIES, &mut c)?;
        let Some(value) = value.as_mut() else { return Ok(()) };
        match kind {
            1 => {
                if value.length() < 19 {
                    return too_short(out);
                }
                instance(out, value)?;
            }
            3 => {
                if value.length() < 8 {
                    return too_short(out);
                }
                service(out, value)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn too_short(out: &mut Out) -> Walk {
    out.text(" (too short)");
    Ok(())
}

/// Prints type and length, and parts off the value; nothing where it exceeds what is left.
fn head<'a>(
    out: &mut Out,
    indent: &str,
    kinds: &crate::Tokens,
    c: &mut Cursor<'a>,
) -> Walk<(u8, Option<Cursor<'a>>)> {
    let (kind, len) = (c.u8()?, usize::from(c.u8()?));
    out.text(indent);
    out.token(kinds, kind, format_args!("unknown"));
    write!(out, " subTLV #{kind}, length: {len}");
    if len > c.length() {
        out.text(" (> containing TLV length)");
        return Ok((kind, None));
    }
    let value = c.claim(len);
    if !value.has(len) {
        // Marked for the field and for what it is a field of.
        out.truncated();
        return Err(Stop::Truncated);
    }
    c.advance(len);
    Ok((kind, Some(value)))
}

fn configuration(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    write!(out, "ID: {}, Name: ", c.u8()?);
    let name = c.take(CONFIGURATION_NAME_LEN)?;
    out.escaped_to_zero(name);
    write!(out, "\n\t              Lvl: {}", c.u16()?);
    out.text(", Digest: ");
    for byte in c.take(16)? {
        write!(out, "{byte:02x} ");
    }
    Ok(())
}

fn digest(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let flags = c.u8()?;
    write!(
        out,
        "\n\t        RES: {} V: {} A: {} D: {}",
        flags >> 5,
        flags >> 4 & 1,
        flags >> 2 & 3,
        flags & 3
    );
    out.text("\n\t         Digest: ");
    for word in 0..8 {
        write!(out, "{:08x} ", c.u32()?);
        if word == 3 {
            out.text("\n\t                 ");
        }
    }
    Ok(())
}

fn instance(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const TREE_LEN: usize = 8;
    write!(out, "\n\t        CIST Root-ID: {:08x}", c.u32()?);
    write!(out, " {:08x}", c.u32()?);
    write!(out, ", Path Cost: {:08x}", c.u32()?);
    write!(out, ", Prio: {}", c.u16()?);
    let source = c.u32()?;
    write!(out, "\n\t        RES: {}, V: {}", source >> 21, source >> 20 & 1);
    write!(out, ", SPSource-ID: {}", source & 0x0f_ffff);
    let trees = c.u8()?;
    write!(out, ", No of Trees: {trees:x}");
    for _ in 0..trees {
        if c.length() < TREE_LEN {
            return too_short(out);
        }
        let (flags, algorithm, vlans) = (c.u8()?, c.u32()?, c.u24()?);
        write!(
            out,
            "\n\t         U:{}, M:{}, A:{}, RES:{}",
            flags >> 7,
            flags >> 6 & 1,
            flags >> 5 & 1,
            flags & 31
        );
        write!(out, ", ECT: {algorithm:08x}");
        write!(out, ", BVID: {}, SPVID: {}", vlans >> 12, vlans & 0x0fff);
    }
    Ok(())
}

fn service(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    write!(out, "\n\t        BMAC: {:08x}", c.u32()?);
    write!(out, "{:04x}", c.u16()?);
    let vlan = c.u16()?;
    write!(out, ", RES: {}, VID: {}", vlan >> 12, vlan & 0x0fff);
    while c.length() >= 4 {
        let service = c.u32()?;
        write!(
            out,
            "\n\t        T: {}, R: {}, RES: {}",
            service >> 31,
            service >> 30 & 1,
            service >> 24 & 0x3f
        );
        write!(out, ", ISID: {}", service & 0xff_ffff);
    }
    Ok(())
}
