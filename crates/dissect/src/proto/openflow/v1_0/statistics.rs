//! Statistics of a switch (OpenFlow 1.0.0 section 5.3.5).

use super::names::*;
use super::{flow, port_name};
use crate::Out;
use crate::proto::openflow::{bits, data, quoted, require, require_exactly, vendor_name};
use wirescope_wire::{Cursor, Walk};

mod kind {
    pub(super) const DESC: u16 = 0;
    pub(super) const FLOW: u16 = 1;
    pub(super) const AGGREGATE: u16 = 2;
    pub(super) const TABLE: u16 = 3;
    pub(super) const PORT: u16 = 4;
    pub(super) const QUEUE: u16 = 5;
    pub(super) const VENDOR: u16 = 0xffff;
}

fn heading(out: &mut Out, c: &mut Cursor<'_>) -> Walk<(u16, u16)> {
    let kind = c.u16()?;
    out.text("\n\t type ");
    out.token(STATISTICS, kind, format_args!("invalid (0x{kind:04x})"));
    let flags = c.u16()?;
    write!(out, ", flags 0x{flags:04x}");
    Ok((kind, flags))
}

/// Prints a request.
pub(super) fn request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (kind, flags) = heading(out, &mut c)?;
    if flags != 0 {
        out.text(" (bogus)");
    }
    match kind {
        kind::DESC | kind::TABLE => require_exactly(out, &c, 0),
        kind::FLOW | kind::AGGREGATE => {
            require_exactly(out, &c, 44)?;
            flow::matching(out, &mut c, "\n\t ")?;
            let table = c.u8()?;
            out.text("\n\t table_id ");
            out.token(TABLES, table, format_args!("{table}"));
            c.skip(1)?;
            port_name(out, ", out_port ", c.u16()?);
            Ok(())
        }
        kind::PORT => {
            require_exactly(out, &c, 8)?;
            port_name(out, "\n\t port_no ", c.u16()?);
            c.skip(6)
        }
        kind::QUEUE => {
            require_exactly(out, &c, 8)?;
            port_name(out, "\n\t port_no ", c.u16()?);
            c.skip(2)?;
            let queue = c.u32()?;
            out.text(", queue_id ");
            out.token(QUEUES, queue, format_args!("{queue}"));
            Ok(())
        }
        kind::VENDOR => vendor(out, c),
        _ => c.need(c.length()),
    }
}

/// Prints a reply.
pub(super) fn reply(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (kind, flags) = heading(out, &mut c)?;
    bits(out, REPLY_FLAGS, flags.into());
    let entry = match kind {
        kind::DESC => return description(out, c),
        kind::AGGREGATE => return aggregate(out, c),
        kind::VENDOR => return vendor(out, c),
        kind::FLOW => flow_entry,
        kind::TABLE => table_entry,
        kind::PORT => port_entry,
        kind::QUEUE => queue_entry,
        _ => return c.need(c.length()),
    };
    while c.length() > 0 {
        entry(out, &mut c)?;
    }
    Ok(())
}

fn vendor(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    require(out, &c, 4)?;
    let vendor = c.u32()?;
    write!(out, ", vendor 0x{vendor:08x} ({})", vendor_name(vendor));
    data(out, c)
}

fn description(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t ");
    require_exactly(out, &c, 1056)?;
    quoted(out, &mut c, " mfr_desc ", 256)?;
    quoted(out, &mut c, "\n\t  hw_desc ", 256)?;
    quoted(out, &mut c, "\n\t  sw_desc ", 256)?;
    quoted(out, &mut c, "\n\t  serial_num ", 32)?;
    quoted(out, &mut c, "\n\t  dp_desc ", 256)
}

fn aggregate(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("\n\t");
    require_exactly(out, &c, 24)?;
    write!(out, " packet_count {}", c.u64()?);
    write!(out, ", byte_count {}", c.u64()?);
    write!(out, ", flow_count {}", c.u32()?);
    c.skip(4)
}

fn flow_entry(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const ENTRY_LEN: usize = 88;
    out.text("\n\t");
    require(out, c, ENTRY_LEN)?;
    let left = c.length();
    let length = usize::from(c.u16()?);
    write!(out, " length {length}");
    if length < ENTRY_LEN {
        return out.disagree("entry_len", length, "<", ENTRY_LEN);
    }
    if length > left {
        return out.disagree("entry_len", length, ">", left);
    }
    let mut entry = c.split(length - 2);
    let table = entry.u8()?;
    out.text(", table_id ");
    out.token(TABLES, table, format_args!("{table}"));
    entry.skip(1)?;
    flow::matching(out, &mut entry, "\n\t  ")?;
    write!(out, "\n\t  duration_sec {}", entry.u32()?);
    write!(out, ", duration_nsec {}", entry.u32()?);
    write!(out, ", priority {}", entry.u16()?);
    write!(out, ", idle_timeout {}", entry.u16()?);
    write!(out, ", hard_timeout {}", entry.u16()?);
    entry.skip(6)?;
    write!(out, ", cookie 0x{:016x}", entry.u64()?);
    write!(out, ", packet_count {}", entry.u64()?);
    write!(out, ", byte_count {}", entry.u64()?);
    flow::actions(out, entry, "\n\t  ")
}

fn table_entry(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const ENTRY_LEN: usize = 64;
    out.text("\n\t");
    require(out, c, ENTRY_LEN)?;
    let mut entry = c.split(ENTRY_LEN);
    let table = entry.u8()?;
    out.text(" table_id ");
    out.token(TABLES, table, format_args!("{table}"));
    entry.skip(3)?;
    quoted(out, &mut entry, ", name ", 32)?;
    let wildcards = entry.u32()?;
    write!(out, "\n\t  wildcards 0x{wildcards:08x}");
    bits(out, WILDCARDS, wildcards & !flow::ADDRESS_WILDCARDS);
    write!(out, "\n\t  max_entries {}", entry.u32()?);
    write!(out, ", active_count {}", entry.u32()?);
    write!(out, ", lookup_count {}", entry.u64()?);
    write!(out, ", matched_count {}", entry.u64()?);
    Ok(())
}

fn port_entry(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const ENTRY_LEN: usize = 104;
    out.text("\n\t ");
    require(out, c, ENTRY_LEN)?;
    let mut entry = c.split(ENTRY_LEN);
    port_name(out, " port_no ", entry.u16()?);
    if out.options.verbose < 2 {
        return entry.need(entry.length());
    }
    entry.skip(6)?;
    for name in [
        "rx_packets",
        "tx_packets",
        "rx_bytes",
        "tx_bytes",
        "rx_dropped",
        "tx_dropped",
        "rx_errors",
        "tx_errors",
        "rx_frame_err",
        "rx_over_err",
        "rx_crc_err",
        "collisions",
    ] {
        let value = entry.u64()?;
        write!(out, ", {name} {value}");
    }
    Ok(())
}

fn queue_entry(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const ENTRY_LEN: usize = 32;
    out.text("\n\t ");
    require(out, c, ENTRY_LEN)?;
    let mut entry = c.split(ENTRY_LEN);
    port_name(out, " port_no ", entry.u16()?);
    entry.skip(2)?;
    write!(out, ", queue_id {}", entry.u32()?);
    write!(out, ", tx_bytes {}", entry.u64()?);
    write!(out, ", tx_packets {}", entry.u64()?);
    write!(out, ", tx_errors {}", entry.u64()?);
    Ok(())
}
