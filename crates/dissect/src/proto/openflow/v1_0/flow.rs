//! Matches and actions of flows (OpenFlow 1.0.0 sections 5.2.3 and 5.2.4).

use super::names::*;
use super::{BSN, bogus, bsn, port_name};
use crate::Out;
use crate::proto::openflow::{data, require, vendor_name};
use wirescope_wire::{Cursor, Stop, Walk};

mod wildcard {
    pub(super) const IN_PORT: u32 = 1 << 0;
    pub(super) const DL_VLAN: u32 = 1 << 1;
    pub(super) const DL_SRC: u32 = 1 << 2;
    pub(super) const DL_DST: u32 = 1 << 3;
    pub(super) const DL_TYPE: u32 = 1 << 4;
    pub(super) const NW_PROTO: u32 = 1 << 5;
    pub(super) const TP_SRC: u32 = 1 << 6;
    pub(super) const TP_DST: u32 = 1 << 7;
    pub(super) const NW_SRC_SHIFT: u32 = 8;
    pub(super) const NW_DST_SHIFT: u32 = 14;
    pub(super) const NW_MASK: u32 = 0x3f;
    pub(super) const DL_VLAN_PCP: u32 = 1 << 20;
    pub(super) const NW_TOS: u32 = 1 << 21;
    pub(super) const ALL: u32 = (1 << 22) - 1;
}

/// The bits of the wildcards that count how much of the addresses is left open.
pub(super) const ADDRESS_WILDCARDS: u32 =
    wildcard::NW_MASK << wildcard::NW_SRC_SHIFT | wildcard::NW_MASK << wildcard::NW_DST_SHIFT;

const IPV4: u16 = 0x0800;
const ARP: u16 = 0x0806;
const ICMP: u8 = 1;
const ADDRESS_BITS: u32 = 32;

/// Prints the fields that a match does not leave open, each behind `heading`.
pub(super) fn matching(out: &mut Out, c: &mut Cursor<'_>, heading: &str) -> Walk {
    let open = c.u32()?;
    let shown = |bit: u32| open & bit == 0;
    if open & !wildcard::ALL != 0 {
        write!(out, "{heading}wildcards 0x{open:08x} (bogus)");
    }
    let port = c.u16()?;
    if shown(wildcard::IN_PORT) {
        out.text(heading);
        port_name(out, "match in_port ", port);
    }
    for (bit, name) in [(wildcard::DL_SRC, "match dl_src "), (wildcard::DL_DST, "match dl_dst ")] {
        let address = *c.array()?;
        if shown(bit) {
            out.text(heading).text(name).ether_host(address);
        }
    }
    let vlan = c.u16()?;
    if shown(wildcard::DL_VLAN) {
        out.text(heading).text("match dl_vlan ");
        vlan_id(out, vlan);
    }
    let priority = c.u8()?;
    if shown(wildcard::DL_VLAN_PCP) {
        out.text(heading).text("match dl_vlan_pcp ");
        vlan_priority(out, priority);
    }
    c.skip(1)?;
    let ether_type = c.u16()?;
    let ether_type_is = |wanted: u16| shown(wildcard::DL_TYPE) && ether_type == wanted;
    if shown(wildcard::DL_TYPE) {
        write!(out, "{heading}match dl_type 0x{ether_type:04x}");
    }
    let tos = c.u8()?;
    if shown(wildcard::NW_TOS) {
        write!(out, "{heading}match nw_tos 0x{tos:02x}");
    }
    let protocol = c.u8()?;
    if shown(wildcard::NW_PROTO) {
        let name = if ether_type_is(ARP) { "arp_opcode" } else { "nw_proto" };
        write!(out, "{heading}match {name} {protocol}");
    }
    c.skip(2)?;
    for (shift, name) in [(wildcard::NW_SRC_SHIFT, "nw_src"), (wildcard::NW_DST_SHIFT, "nw_dst")] {
        let address = *c.array()?;
        let open_bits = open >> shift & wildcard::NW_MASK;
        if open_bits < ADDRESS_BITS {
            write!(out, "{heading}match {name} ");
            out.ipv4(address);
            write!(out, "/{}", ADDRESS_BITS - open_bits);
        }
    }
    let is_icmp = ether_type_is(IPV4) && shown(wildcard::NW_PROTO) && protocol == ICMP;
    for (bit, name, icmp_name) in
        [(wildcard::TP_SRC, "tp_src", "icmp_type"), (wildcard::TP_DST, "tp_dst", "icmp_code")]
    {
        let port = c.u16()?;
        if shown(bit) {
            write!(out, "{heading}match {} {port}", if is_icmp { icmp_name } else { name });
        }
    }
    Ok(())
}

fn vlan_id(out: &mut Out, vlan: u16) {
    const NONE: u16 = 0xffff;
    const MAX: u16 = 0x0ffe;
    match vlan {
        NONE => _ = out.text("NONE"),
        1..=MAX => _ = out.dec(vlan),
        _ => _ = out.dec(vlan).text(" (bogus)"),
    }
}

fn vlan_priority(out: &mut Out, priority: u8) {
    out.dec(priority).text(if priority > 7 { " (bogus)" } else { "" });
}

const ACTION_LEN: usize = 8;

mod action {
    pub(super) const OUTPUT: u16 = 0;
    pub(super) const SET_VLAN_VID: u16 = 1;
    pub(super) const SET_VLAN_PCP: u16 = 2;
    pub(super) const SET_DL_SRC: u16 = 4;
    pub(super) const SET_DL_DST: u16 = 5;
    pub(super) const SET_NW_SRC: u16 = 6;
    pub(super) const SET_NW_DST: u16 = 7;
    pub(super) const SET_NW_TOS: u16 = 8;
    pub(super) const SET_TP_SRC: u16 = 9;
    pub(super) const SET_TP_DST: u16 = 10;
    pub(super) const ENQUEUE: u16 = 11;
    pub(super) const VENDOR: u16 = 0xffff;
}

/// Prints actions, each behind `heading`. Contradictions end them, but not what they belong to.
pub(super) fn actions(out: &mut Out, c: Cursor<'_>, heading: &str) -> Walk {
    match each_action(out, c, heading) {
        Err(Stop::Invalid) => {
            out.invalid();
            c.need(c.length())
        }
        walk => walk,
    }
}

fn each_action(out: &mut Out, mut c: Cursor<'_>, heading: &str) -> Walk {
    while c.length() > 0 {
        let left = c.length();
        out.text(heading).text("action");
        require(out, &c, ACTION_LEN)?;
        let kind = c.u16()?;
        out.text(" type ");
        out.token(ACTIONS, kind, format_args!("invalid (0x{kind:04x})"));
        let length = usize::from(c.u16()?);
        write!(out, ", len {length}");
        if length < ACTION_LEN {
            return out.disagree("alen", length, "<", ACTION_LEN);
        }
        if length > left {
            return out.disagree("alen", length, ">", left);
        }
        let value = c.split(length - 4);
        // A length that is no multiple of eight contradicts every type.
        if length % 8 != 0 || expected_len(kind).is_some_and(|expected| expected != length) {
            bogus(out, value)?;
        } else {
            print_action(out, value, kind)?;
        }
    }
    Ok(())
}

fn expected_len(kind: u16) -> Option<usize> {
    match kind {
        action::SET_DL_SRC | action::SET_DL_DST | action::ENQUEUE => Some(16),
        action::OUTPUT..=action::SET_TP_DST => Some(8),
        _ => None,
    }
}

fn print_action(out: &mut Out, mut c: Cursor<'_>, kind: u16) -> Walk {
    const CONTROLLER: u16 = 0xfffd;
    match kind {
        action::OUTPUT => {
            let port = c.u16()?;
            port_name(out, ", port ", port);
            let max_len = c.u16()?;
            if port == CONTROLLER {
                write!(out, ", max_len {max_len}");
            }
        }
        action::SET_VLAN_VID => {
            let vlan = c.u16()?;
            out.text(", vlan_vid ");
            vlan_id(out, vlan);
        }
        action::SET_VLAN_PCP => {
            let priority = c.u8()?;
            out.text(", vlan_pcp ");
            vlan_priority(out, priority);
        }
        action::SET_DL_SRC | action::SET_DL_DST => {
            let address = *c.array()?;
            out.text(", dl_addr ").ether_host(address);
        }
        action::SET_NW_SRC | action::SET_NW_DST => {
            let address = *c.array()?;
            out.text(", nw_addr ").ipv4(address);
        }
        action::SET_NW_TOS => write!(out, ", nw_tos 0x{:02x}", c.u8()?),
        action::SET_TP_SRC | action::SET_TP_DST => write!(out, ", tp_port {}", c.u16()?),
        action::ENQUEUE => {
            port_name(out, ", port ", c.u16()?);
            c.skip(6)?;
            let queue = c.u32()?;
            out.text(", queue_id ");
            out.token(QUEUES, queue, format_args!("{queue}"));
        }
        action::VENDOR => {
            let vendor = c.u32()?;
            write!(out, ", vendor 0x{vendor:08x} ({})", vendor_name(vendor));
            return if vendor == BSN { bsn::action(out, c) } else { data(out, c) };
        }
        _ => {}
    }
    c.need(c.length())
}
