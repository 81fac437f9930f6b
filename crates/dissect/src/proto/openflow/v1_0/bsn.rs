//! Big Switch Networks' messages and actions.

use super::names::*;
use crate::Out;
use crate::proto::ether;
use crate::proto::openflow::{require, require_exactly};
use wirescope_wire::{Cursor, Walk};

mod subtype {
    pub(super) const SET_IP_MASK: u32 = 0;
    pub(super) const GET_IP_MASK_REQUEST: u32 = 1;
    pub(super) const GET_IP_MASK_REPLY: u32 = 2;
    pub(super) const SET_MIRRORING: u32 = 3;
    pub(super) const GET_MIRRORING_REPLY: u32 = 5;
    pub(super) const SHELL_COMMAND: u32 = 6;
    pub(super) const SHELL_OUTPUT: u32 = 7;
    pub(super) const SHELL_STATUS: u32 = 8;
    pub(super) const GET_INTERFACES_REQUEST: u32 = 9;
    pub(super) const GET_L2_TABLE_REQUEST: u32 = 13;
    pub(super) const VIRTUAL_PORT_REMOVE_REQUEST: u32 = 17;
    pub(super) const BW_ENABLE_GET_REQUEST: u32 = 19;
    pub(super) const BW_CLEAR_DATA_REQUEST: u32 = 21;
    pub(super) const HYBRID_GET_REQUEST: u32 = 27;
}

/// Prints a message from behind the vendor on.
pub(super) fn message(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t");
    require(out, &c, 4)?;
    let kind = c.u32()?;
    out.text(" subtype ");
    out.token(BSN_MESSAGES, kind, format_args!("unknown (0x{kind:08x})"));
    match kind {
        subtype::GET_IP_MASK_REQUEST => {
            require_exactly(out, &c, 8)?;
            write!(out, ", index {}", c.u8()?);
            c.skip(7)?;
        }
        subtype::SET_IP_MASK | subtype::GET_IP_MASK_REPLY => {
            require_exactly(out, &c, 8)?;
            write!(out, ", index {}", c.u8()?);
            c.skip(3)?;
            let mask = *c.array()?;
            out.text(", mask ").ipv4(mask);
        }
        subtype::SET_MIRRORING..=subtype::GET_MIRRORING_REPLY => {
            require_exactly(out, &c, 4)?;
            let reports = c.u8()?;
            out.text(", report_mirror_ports ");
            out.token(BSN_ON_OFF, reports, format_args!("bogus ({reports})"));
            c.skip(3)?;
        }
        subtype::GET_INTERFACES_REQUEST
        | subtype::GET_L2_TABLE_REQUEST
        | subtype::BW_ENABLE_GET_REQUEST
        | subtype::BW_CLEAR_DATA_REQUEST
        | subtype::HYBRID_GET_REQUEST => require_exactly(out, &c, 0)?,
        subtype::VIRTUAL_PORT_REMOVE_REQUEST => {
            require_exactly(out, &c, 4)?;
            write!(out, ", vport_no {}", c.u32()?);
        }
        subtype::SHELL_COMMAND => {
            require(out, &c, 4)?;
            write!(out, ", service {}", c.u32()?);
            text(out, c)?;
        }
        subtype::SHELL_OUTPUT => text(out, c)?,
        subtype::SHELL_STATUS => {
            require_exactly(out, &c, 4)?;
            write!(out, ", status 0x{:08x}", c.u32()?);
        }
        _ => c.need(c.length())?,
    }
    Ok(())
}

fn text(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(", data '");
    let length = c.length();
    out.escaped_take(&mut c, length)?;
    out.text("'");
    Ok(())
}

/// Prints an action from behind the vendor on.
pub(super) fn action(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const MIRROR: u32 = 1;
    const VLAN: u16 = 0x8100;
    out.text("\n\t ");
    require(out, &c, 4)?;
    let kind = c.u32()?;
    out.text(" subtype ");
    out.token(BSN_ACTIONS, kind, format_args!("unknown (0x{kind:08x})"));
    if kind != MIRROR {
        return c.need(c.length());
    }
    require_exactly(out, &c, 12)?;
    write!(out, ", dest_port {}", c.u32()?);
    let (tag, control) = (c.u16()?, c.u16()?);
    match (tag, control) {
        (0, 0) => _ = out.text(", vlan_tag none"),
        (VLAN, _) => {
            out.text(", vlan_tag 802.1Q (");
            ether::vlan_tag(out, control);
            out.text(")");
        }
        _ => write!(out, ", vlan_tag unknown (0x{tag:04x})"),
    }
    let stage = c.u8()?;
    out.text(", copy_stage ");
    out.token(BSN_COPY_STAGES, stage, format_args!("unknown ({stage})"));
    c.skip(3)
}
