//! The messages of OpenFlow 1.3. Flows, groups, meters and statistics are told by their names alone.

mod names;

use super::Size::{Any, AtLeast, Exactly};
use super::{Message, data, message, quoted, require, set, vendor_name};
use crate::Out;
use crate::tokens::Tokens;
use names::*;
use wirescope_wire::{Cursor, Walk};

/// By type.
pub(super) const MESSAGES: &[Message] = &[
    message("HELLO", AtLeast(0), Some(hello)),
    message("ERROR", AtLeast(4), Some(error)),
    message("ECHO_REQUEST", AtLeast(0), Some(data)),
    message("ECHO_REPLY", AtLeast(0), Some(data)),
    message("EXPERIMENTER", AtLeast(8), Some(experimenter)),
    message("FEATURES_REQUEST", Exactly(0), None),
    message("FEATURES_REPLY", Exactly(24), Some(features_reply)),
    message("GET_CONFIG_REQUEST", Exactly(0), None),
    message("GET_CONFIG_REPLY", Exactly(4), Some(switch_config)),
    message("SET_CONFIG", Exactly(4), Some(switch_config)),
    message("PACKET_IN", Any, None),
    message("FLOW_REMOVED", Any, None),
    message("PORT_STATUS", Exactly(72), Some(port_status)),
    message("PACKET_OUT", Any, None),
    message("FLOW_MOD", Any, None),
    message("GROUP_MOD", Any, None),
    message("PORT_MOD", Exactly(32), Some(port_mod)),
    message("TABLE_MOD", Exactly(8), Some(table_mod)),
    message("MULTIPART_REQUEST", Any, None),
    message("MULTIPART_REPLY", Any, None),
    message("BARRIER_REQUEST", Exactly(0), None),
    message("BARRIER_REPLY", Exactly(0), None),
    message("QUEUE_GET_CONFIG_REQUEST", Exactly(8), Some(queue_config_request)),
    message("QUEUE_GET_CONFIG_REPLY", Any, None),
    message("ROLE_REQUEST", Exactly(16), Some(role)),
    message("ROLE_REPLY", Exactly(16), Some(role)),
    message("GET_ASYNC_REQUEST", Exactly(0), None),
    message("GET_ASYNC_REPLY", Exactly(24), Some(asynchronous)),
    message("SET_ASYNC", Exactly(24), Some(asynchronous)),
    message("METER_MOD", Any, None),
];

fn port_name(out: &mut Out, heading: &str, port: u32) {
    out.text(heading);
    out.token(PORTS, port, format_args!("{port}"));
}

fn hello(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const ELEMENT_LEN: usize = 4;
    const VERSION_BITMAP: u16 = 1;
    while c.length() > 0 {
        let left = c.length();
        out.text("\n\t");
        require(out, &c, ELEMENT_LEN)?;
        let kind = c.u16()?;
        out.text(" type ");
        out.token(HELLO_ELEMENTS, kind, format_args!("unknown (0x{kind:04x})"));
        let length = usize::from(c.u16()?);
        write!(out, ", length {length}");
        if length < ELEMENT_LEN {
            return out.disagree("elem_length", length, "<", ELEMENT_LEN);
        }
        if length > left {
            return out.disagree("elem_length", length, ">", left);
        }
        let mut value = c.split(length - ELEMENT_LEN);
        match (kind, length) {
            (VERSION_BITMAP, 8) => set(out, ", bitmap ", VERSIONS, value.u32()?),
            (VERSION_BITMAP, _) => _ = out.text(" (bogus)"),
            _ => {}
        }
        value.need(value.length())?;
    }
    Ok(())
}

fn error(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let kind = c.u16()?;
    out.text("\n\t type ");
    out.token(ERRORS, kind, format_args!("invalid (0x{kind:04x})"));
    let code = c.u16()?;
    let codes: &Tokens = match kind {
        0 => HELLO_FAILED,
        1 => BAD_REQUEST,
        2 => BAD_ACTION,
        3 => BAD_INSTRUCTION,
        4 => BAD_MATCH,
        5 => FLOW_MOD_FAILED,
        6 => GROUP_MOD_FAILED,
        7 => PORT_MOD_FAILED,
        8 => TABLE_MOD_FAILED,
        9 => QUEUE_OP_FAILED,
        10 => SWITCH_CONFIG_FAILED,
        11 => ROLE_REQUEST_FAILED,
        12 => METER_MOD_FAILED,
        13 => TABLE_FEATURES_FAILED,
        _ => &[],
    };
    out.text(", code ");
    out.token(codes, code, format_args!("invalid (0x{code:04x})"));
    data(out, c)
}

fn experimenter(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let experimenter = c.u32()?;
    write!(out, "\n\t experimenter 0x{experimenter:08x} ({})", vendor_name(experimenter));
    write!(out, ", exp_type 0x{:08x}", c.u32()?);
    data(out, c)
}

fn features_reply(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "\n\t dpid 0x{:016x}", c.u64()?);
    write!(out, ", n_buffers {}", c.u32()?);
    write!(out, ", n_tables {}", c.u8()?);
    write!(out, ", auxiliary_id {}", c.u8()?);
    c.skip(2)?;
    set(out, "\n\t capabilities ", CAPABILITIES, c.u32()?);
    c.skip(4)
}

fn switch_config(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let flags = c.u16()?;
    out.text("\n\t flags ");
    out.token(FRAGMENTS, flags, format_args!("invalid (0x{flags:04x})"));
    let length = c.u16()?;
    out.text(", miss_send_len ");
    out.token(MISS_LENGTHS, length, format_args!("{length}"));
    Ok(())
}

fn port_status(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let reason = c.u8()?;
    out.text("\n\t reason ");
    // tcpdump has forgotten the percent sign.
    out.token(PORT_REASONS, reason, format_args!("invalid (0x02x)"));
    c.skip(7)?;
    port(out, c)
}

fn port(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t  port_no ", c.u32()?);
    c.skip(4)?;
    let address = *c.array()?;
    out.text(", hw_addr ").ether_host(address);
    c.skip(2)?;
    quoted(out, &mut c, ", name ", 16)?;
    if out.options.verbose < 2 {
        return c.need(c.length());
    }
    set(out, "\n\t   config ", PORT_CONFIG, c.u32()?);
    set(out, "\n\t   state ", PORT_STATE, c.u32()?);
    for heading in ["\n\t   curr ", "\n\t   advertised ", "\n\t   supported ", "\n\t   peer "] {
        let features = c.u32()?;
        set(out, heading, PORT_FEATURES, features);
    }
    write!(out, "\n\t   curr_speed {}kbps", c.u32()?);
    write!(out, "\n\t   max_speed {}kbps", c.u32()?);
    Ok(())
}

fn port_mod(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t port_no ", c.u32()?);
    c.skip(4)?;
    let address = *c.array()?;
    out.text(", hw_addr ").ether_host(address);
    c.skip(2)?;
    set(out, "\n\t  config ", PORT_CONFIG, c.u32()?);
    set(out, "\n\t  mask ", PORT_CONFIG, c.u32()?);
    set(out, "\n\t  advertise ", PORT_FEATURES, c.u32()?);
    c.skip(4)
}

fn table_mod(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let table = c.u8()?;
    out.text("\n\t table_id ");
    out.token(TABLES, table, format_args!("{table}"));
    c.skip(3)?;
    let config = c.u32()?;
    write!(out, ", config 0x{config:08x}");
    if config != 0 {
        out.text(" (bogus)");
    }
    Ok(())
}

fn queue_config_request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    port_name(out, "\n\t port ", c.u32()?);
    c.skip(4)
}

fn role(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let role = c.u32()?;
    out.text("\n\t role ");
    out.token(ROLES, role, format_args!("invalid (0x{role:08x})"));
    c.skip(4)?;
    write!(out, ", generation_id 0x{:016x}", c.u64()?);
    Ok(())
}

/// Which messages a switch sends unasked, to equal or master controllers and to slaves.
fn asynchronous(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    for (name, tokens) in [
        ("packet_in_mask", PACKET_IN_REASONS),
        ("port_status_mask", PORT_REASON_BITS),
        // tcpdump names these bits as if they were reasons of ports.
        ("flow_removed_mask", PORT_REASON_BITS),
    ] {
        for role in ["EM", "S"] {
            let mask = c.u32()?;
            write!(out, "\n\t {name}[{role}] ");
            set(out, "", tokens, mask);
        }
    }
    Ok(())
}
