//! The messages of OpenFlow 1.0.

mod bsn;
mod flow;
mod names;
mod statistics;

use super::Size::{AtLeast, Exactly};
use super::{Message, bits, data, message, quoted, require, set, vendor_name};
use crate::Out;
use crate::proto::ether;
use crate::tokens::Tokens;
use names::*;
use wirescope_wire::{Cursor, Walk};

/// By type.
pub(super) const MESSAGES: &[Message] = &[
    message("HELLO", AtLeast(0), Some(data)),
    message("ERROR", AtLeast(4), Some(error)),
    message("ECHO_REQUEST", AtLeast(0), Some(data)),
    message("ECHO_REPLY", AtLeast(0), Some(data)),
    message("VENDOR", AtLeast(4), Some(vendor)),
    message("FEATURES_REQUEST", Exactly(0), None),
    message("FEATURES_REPLY", AtLeast(24), Some(features_reply)),
    message("GET_CONFIG_REQUEST", Exactly(0), None),
    message("GET_CONFIG_REPLY", Exactly(4), Some(switch_config)),
    message("SET_CONFIG", Exactly(4), Some(switch_config)),
    message("PACKET_IN", AtLeast(10), Some(packet_in)),
    message("FLOW_REMOVED", Exactly(80), Some(flow_removed)),
    message("PORT_STATUS", Exactly(56), Some(port_status)),
    message("PACKET_OUT", AtLeast(8), Some(packet_out)),
    message("FLOW_MOD", AtLeast(64), Some(flow_mod)),
    message("PORT_MOD", Exactly(24), Some(port_mod)),
    message("STATS_REQUEST", AtLeast(4), Some(statistics::request)),
    message("STATS_REPLY", AtLeast(4), Some(statistics::reply)),
    message("BARRIER_REQUEST", Exactly(0), None),
    message("BARRIER_REPLY", Exactly(0), None),
    message("QUEUE_GET_CONFIG_REQUEST", Exactly(4), Some(queue_config_request)),
    message("QUEUE_GET_CONFIG_REPLY", AtLeast(8), Some(queue_config_reply)),
];

const PORT_LEN: usize = 48;
/// Big Switch Networks.
const BSN: u32 = 0x005c_16c7;

fn port_name(out: &mut Out, heading: &str, port: u16) {
    out.text(heading);
    out.token(PORTS, port, format_args!("{port}"));
}

fn error(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let kind = c.u16()?;
    out.text("\n\t type ");
    out.token(ERRORS, kind, format_args!("invalid (0x{kind:04x})"));
    let code = c.u16()?;
    let codes: Option<&Tokens> = match kind {
        0 => Some(HELLO_FAILED),
        1 => Some(BAD_REQUEST),
        2 => Some(BAD_ACTION),
        3 => Some(FLOW_MOD_FAILED),
        4 => Some(PORT_MOD_FAILED),
        5 => Some(QUEUE_OP_FAILED),
        _ => None,
    };
    out.text(", code ");
    out.token(codes.unwrap_or_default(), code, format_args!("invalid (0x{code:04x})"));
    data(out, c)
}

fn vendor(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let vendor = c.u32()?;
    write!(out, ", vendor 0x{vendor:08x} ({})", vendor_name(vendor));
    if vendor == BSN { bsn::message(out, c) } else { data(out, c) }
}

fn features_reply(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "\n\t dpid 0x{:016x}", c.u64()?);
    write!(out, ", n_buffers {}", c.u32()?);
    write!(out, ", n_tables {}", c.u8()?);
    c.skip(3)?;
    set(out, "\n\t capabilities ", CAPABILITIES, c.u32()?);
    set(out, "\n\t actions ", ACTION_BITS, c.u32()?);
    while c.length() > 0 {
        require(out, &c, PORT_LEN)?;
        port(out, &mut c)?;
    }
    Ok(())
}

fn port(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let mut port = c.split(PORT_LEN);
    port_name(out, "\n\t  port_no ", port.u16()?);
    let address = *port.array()?;
    out.text(", hw_addr ").ether_host(address);
    quoted(out, &mut port, ", name ", 16)?;
    if out.options.verbose < 2 {
        return port.need(port.length());
    }
    set(out, "\n\t   config ", PORT_CONFIG, port.u32()?);
    state(out, port.u32()?);
    for heading in ["\n\t   curr ", "\n\t   advertised ", "\n\t   supported ", "\n\t   peer "] {
        let features = port.u32()?;
        set(out, heading, PORT_FEATURES, features);
    }
    Ok(())
}

/// The state of a port: that of the spanning tree, and whether its link is down.
fn state(out: &mut Out, state: u32) {
    const LINK_DOWN: u32 = 0x001;
    const STP_MASK: u32 = 0x300;
    write!(out, "\n\t   state 0x{state:08x} (");
    out.token(STP_STATES, state & STP_MASK, format_args!(""));
    out.text(if state & LINK_DOWN != 0 { ", LINK_DOWN)" } else { ")" });
    if state & !(STP_MASK | LINK_DOWN) != 0 {
        out.text(" (bogus)");
    }
}

fn switch_config(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let flags = c.u16()?;
    out.text("\n\t flags ");
    out.token(FRAGMENTS, flags, format_args!("invalid (0x{flags:04x})"));
    write!(out, ", miss_send_len {}", c.u16()?);
    Ok(())
}

fn packet_in(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    buffer(out, "\n\t buffer_id ", c.u32()?);
    write!(out, ", total_len {}", c.u16()?);
    port_name(out, ", in_port ", c.u16()?);
    let reason = c.u8()?;
    out.text(", reason ");
    out.token(PACKET_IN_REASONS, reason, format_args!("invalid (0x{reason:02x})"));
    c.skip(1)?;
    packet_data(out, c)
}

fn buffer(out: &mut Out, heading: &str, buffer: u32) {
    out.text(heading);
    out.token(BUFFERS, buffer, format_args!("0x{buffer:08x}"));
}

/// A frame that goes to or comes from the controller, which is shown only where much is asked for.
fn packet_data(out: &mut Out, c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        return Ok(());
    }
    write!(out, "\n\t data ({} octets)", c.length());
    if out.options.verbose < 3 {
        return c.need(c.length());
    }
    out.text(", frame decoding below\n");
    out.run("ether", ether::print, c)?;
    out.label("openflow");
    Ok(())
}

fn flow_removed(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    flow::matching(out, &mut c, "\n\t ")?;
    write!(out, "\n\t cookie 0x{:016x}", c.u64()?);
    let priority = c.u16()?;
    if priority != 0 {
        write!(out, ", priority {priority}");
    }
    let reason = c.u8()?;
    out.text(", reason ");
    out.token(REMOVED_REASONS, reason, format_args!("unknown (0x{reason:02x})"));
    c.skip(1)?;
    write!(out, ", duration_sec {}", c.u32()?);
    write!(out, ", duration_nsec {}", c.u32()?);
    let idle = c.u16()?;
    if idle != 0 {
        write!(out, ", idle_timeout {idle}");
    }
    c.skip(2)?;
    write!(out, ", packet_count {}", c.u64()?);
    write!(out, ", byte_count {}", c.u64()?);
    Ok(())
}

fn port_status(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let reason = c.u8()?;
    out.text("\n\t reason ");
    out.token(PORT_REASONS, reason, format_args!("invalid (0x{reason:02x})"));
    c.skip(7)?;
    port(out, &mut c)
}

fn packet_out(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "\n\t buffer_id 0x{:08x}", c.u32()?);
    port_name(out, ", in_port ", c.u16()?);
    let actions_len = usize::from(c.u16()?);
    write!(out, ", actions_len {actions_len}");
    if actions_len > c.length() {
        return out.disagree("actions_len", actions_len, ">", c.length());
    }
    let actions = c.split(actions_len);
    flow::actions(out, actions, "\n\t ")?;
    packet_data(out, c)
}

fn flow_mod(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    flow::matching(out, &mut c, "\n\t ")?;
    write!(out, "\n\t cookie 0x{:016x}", c.u64()?);
    let command = c.u16()?;
    out.text(", command ");
    out.token(FLOW_COMMANDS, command, format_args!("invalid (0x{command:04x})"));
    for name in ["idle_timeout", "hard_timeout", "priority"] {
        let value = c.u16()?;
        if value != 0 {
            write!(out, ", {name} {value}");
        }
    }
    // Only additions and changes may be for a packet that waits, only deletions for a port.
    let buffer_id = c.u32()?;
    if command <= 2 {
        buffer(out, ", buffer_id ", buffer_id);
    }
    let port = c.u16()?;
    if (3..=4).contains(&command) {
        port_name(out, ", out_port ", port);
    }
    let flags = c.u16()?;
    write!(out, ", flags 0x{flags:04x}");
    bits(out, FLOW_FLAGS, flags.into());
    flow::actions(out, c, "\n\t ")
}

fn port_mod(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t port_no ", c.u16()?);
    let address = *c.array()?;
    out.text(", hw_addr ").ether_host(address);
    set(out, "\n\t  config ", PORT_CONFIG, c.u32()?);
    set(out, "\n\t  mask ", PORT_CONFIG, c.u32()?);
    set(out, "\n\t  advertise ", PORT_FEATURES, c.u32()?);
    c.skip(4)
}

fn queue_config_request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t port ", c.u16()?);
    c.skip(2)
}

fn queue_config_reply(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t port ", c.u16()?);
    c.skip(6)?;
    while c.length() > 0 {
        queue(out, &mut c)?;
    }
    Ok(())
}

fn queue(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const QUEUE_LEN: usize = 8;
    let left = c.length();
    out.text("\n\t ");
    require(out, c, QUEUE_LEN)?;
    write!(out, " queue_id {}", c.u32()?);
    let length = usize::from(c.u16()?);
    write!(out, ", len {length}");
    if length < QUEUE_LEN {
        return out.disagree("plen", length, "<", QUEUE_LEN);
    }
    if length > left {
        return out.disagree("plen", length, ">", left);
    }
    c.skip(2)?;
    let mut properties = c.split(length - QUEUE_LEN);
    if out.options.verbose < 2 {
        return properties.need(properties.length());
    }
    while properties.length() > 0 {
        property(out, &mut properties)?;
    }
    Ok(())
}

fn property(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const PROPERTY_LEN: usize = 8;
    const NONE: u16 = 0;
    const MIN_RATE: u16 = 1;
    const MAX_RATE: u16 = 1000;
    let left = c.length();
    out.text("\n\t  ");
    require(out, c, PROPERTY_LEN)?;
    let kind = c.u16()?;
    out.text(" property ");
    out.token(QUEUE_PROPERTIES, kind, format_args!("invalid (0x{kind:04x})"));
    let length = usize::from(c.u16()?);
    write!(out, ", len {length}");
    if length < PROPERTY_LEN {
        return out.disagree("plen", length, "<", PROPERTY_LEN);
    }
    if length > left {
        return out.disagree("plen", length, ">", left);
    }
    c.skip(4)?;
    let mut value = c.split(length - PROPERTY_LEN);
    match (kind, value.length()) {
        (NONE, 0) => {}
        (MIN_RATE, 8) => match value.u16()? {
            rate @ 0..=MAX_RATE => write!(out, ", rate {}.{}%", rate / 10, rate % 10),
            _ => _ = out.text(", rate disabled"),
        },
        (NONE | MIN_RATE, _) => _ = out.text(" (bogus)"),
        _ => {}
    }
    value.need(value.length())
}

/// Marks what cannot be, and goes on.
fn bogus(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(" (bogus)");
    c.need(c.length())
}
