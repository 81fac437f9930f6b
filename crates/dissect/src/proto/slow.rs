//! Slow protocols of Ethernet: link aggregation (IEEE 802.1AX section 6), operation, administration and
//! maintenance (IEEE 802.3 section 57), and organizations' own (IEEE 802.3 annex 57B).

use crate::Out;
use crate::proto::names::OUIS;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const PROTOCOLS: &Tokens = &[(1, "LACP"), (2, "MARKER"), (3, "OAM"), (10, "OSSP")];

const OAM_FLAGS: &Tokens = &[
    (1, "Link Fault"),
    (2, "Dying Gasp"),
    (4, "Critical Event"),
    (8, "Local Evaluating"),
    (16, "Local Stable"),
    (32, "Remote Evaluating"),
    (64, "Remote Stable"),
];

const OAM_CODES: &Tokens = &[
    (0, "Information"),
    (1, "Event Notification"),
    (2, "Variable Request"),
    (3, "Variable Response"),
    (4, "Loopback Control"),
    (254, "Vendor Private"),
];

const INFORMATION_TYPES: &Tokens =
    &[(0, "End of TLV marker"), (1, "Local"), (2, "Remote"), (254, "Organization specific")];

const PARSER_STATES: &Tokens = &[(0, "forwarding"), (1, "looping back"), (2, "discarding"), (3, "reserved")];

const MULTIPLEXER_STATES: &Tokens = &[(0, "forwarding"), (4, "discarding")];

const OAM_CONFIGURATION: &Tokens = &[
    (1, "Active"),
    (2, "Unidirectional"),
    (4, "Remote-Loopback"),
    (8, "Link-Events"),
    (16, "Variable-Retrieval"),
];

const LINK_EVENTS: &Tokens = &[
    (0, "End of TLV marker"),
    (1, "Errored Symbol Period Event"),
    (2, "Errored Frame Event"),
    (3, "Errored Frame Period Event"),
    (4, "Errored Frame Seconds Summary Event"),
    (254, "Organization specific"),
];

const LOOPBACK_COMMANDS: &Tokens = &[(1, "Enable OAM Remote Loopback"), (2, "Disable OAM Remote Loopback")];

/// Types of values, with the protocol in the upper byte.
const TLVS: &Tokens = &[
    (0x0100, "Terminator"),
    (0x0101, "Actor Information"),
    (0x0102, "Partner Information"),
    (0x0103, "Collector Information"),
    (0x0200, "Terminator"),
    (0x0201, "Marker Information"),
];

const PORT_STATES: &Tokens = &[
    (1, "Activity"),
    (2, "Timeout"),
    (4, "Aggregation"),
    (8, "Synchronization"),
    (16, "Collecting"),
    (32, "Distributing"),
    (64, "Default"),
    (128, "Expired"),
];

mod protocol {
    pub(super) const LACP: u8 = 1;
    pub(super) const MARKER: u8 = 2;
    pub(super) const OAM: u8 = 3;
    pub(super) const ORGANIZATION: u8 = 10;
}

/// The version of LACP and of its markers that is known.
const VERSION: u8 = 1;

/// What ends the walk over a packet.
enum End {
    /// All of it was read, or what follows means nothing.
    Reached,
    /// The packet ends within a field.
    TooShort,
}

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let end = packet(out, c)?;
    if let End::TooShort = end {
        let is_short = out.options.verbose == 0;
        out.text(if is_short { " (packet is too short)" } else { "\n\t\t packet is too short" });
    }
    Ok(())
}

fn packet(out: &mut Out, whole: Cursor<'_>) -> Walk<End> {
    let mut c = whole;
    if c.length() < 1 {
        return Ok(End::TooShort);
    }
    let protocol = c.u8()?;
    out.field("protocol", protocol);
    let is_versioned = matches!(protocol, protocol::LACP | protocol::MARKER);
    if is_versioned {
        if c.length() < 1 {
            return Ok(End::TooShort);
        }
        let version = c.u8()?;
        let name = if protocol == protocol::LACP { "LACP" } else { "MARKER" };
        if version != VERSION {
            write!(out, "{name} version {version} packet not supported");
            return Ok(End::Reached);
        }
        write!(out, "{name}v{version}, length {}", whole.length());
    } else {
        out.token(PROTOCOLS, protocol, format_args!("unknown ({protocol})"));
        write!(out, ", length {}", whole.length());
    }
    match protocol {
        protocol::LACP | protocol::MARKER | protocol::OAM | protocol::ORGANIZATION
            if out.options.verbose == 0 =>
        {
            Ok(End::Reached)
        }
        protocol::LACP | protocol::MARKER => aggregation(out, protocol, c),
        protocol::OAM => maintenance(out, c),
        protocol::ORGANIZATION => organization(out, c),
        _ => {
            out.dump_hex("\n\t", whole.claimed_bytes());
            Ok(End::Reached)
        }
    }
}

/// Bytes of a value's type and length, which the length counts.
const HEADER_LEN: usize = 2;

/// Values of a link's aggregation.
mod aggregation {
    pub(super) const TERMINATOR: u8 = 0;
    pub(super) const ACTOR: u16 = 0x0101;
    pub(super) const PARTNER: u16 = 0x0102;
    pub(super) const COLLECTOR: u16 = 0x0103;
    pub(super) const MARKER: u16 = 0x0201;
    pub(super) const PORT_LEN: usize = 20;
    pub(super) const COLLECTOR_LEN: usize = 16;
    pub(super) const MARKER_LEN: usize = 16;
}

/// Prints the values of an aggregation's packet or of a marker.
fn aggregation(out: &mut Out, protocol: u8, mut c: Cursor<'_>) -> Walk<End> {
    while c.length() > 0 {
        if c.length() < HEADER_LEN {
            return Ok(End::TooShort);
        }
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        let key = u16::from_be_bytes([protocol, kind]);
        out.text("\n\t");
        out.token(TLVS, key, format_args!("Unknown"));
        write!(out, " TLV (0x{kind:02x}), length {len}");
        if kind == aggregation::TERMINATOR {
            return Ok(End::Reached);
        }
        if !is_header_counted(out, len) {
            return Ok(End::Reached);
        }
        let Some(value) = value(&mut c, len)? else { return Ok(End::TooShort) };
        let wanted = match key {
            aggregation::ACTOR | aggregation::PARTNER => Some(aggregation::PORT_LEN),
            aggregation::COLLECTOR => Some(aggregation::COLLECTOR_LEN),
            aggregation::MARKER => Some(aggregation::MARKER_LEN),
            _ => None,
        };
        match wanted {
            Some(wanted) if has_length(out, len, wanted) => match key {
                aggregation::COLLECTOR => write!(out, "\n\t  Max Delay {}", value.peek_u16(0)?),
                aggregation::MARKER => marker(out, value)?,
                _ => port(out, value)?,
            },
            None if out.options.verbose == 1 => out.dump_hex("\n\t  ", value.bytes()),
            _ => {}
        }
        if out.options.verbose > 1 {
            out.dump_hex("\n\t  ", value.bytes());
        }
    }
    Ok(End::Reached)
}

/// The value behind a header whose length counts it; nothing where the packet is shorter.
fn value<'a>(c: &mut Cursor<'a>, len: usize) -> Walk<Option<Cursor<'a>>> {
    let len = len.saturating_sub(HEADER_LEN);
    if c.length() < len {
        return Ok(None);
    }
    c.need(len)?;
    Ok(Some(c.split(len)))
}

/// Whether a length counts at least its own header; says so otherwise.
fn is_header_counted(out: &mut Out, len: usize) -> bool {
    if len < HEADER_LEN {
        write!(out, "\n\t    ERROR: illegal length - should be >= {HEADER_LEN}");
    }
    len >= HEADER_LEN
}

/// Whether a value has the length that its kind always has; says so otherwise.
fn has_length(out: &mut Out, len: usize, wanted: usize) -> bool {
    if len != wanted {
        write!(out, "\n\t    ERROR: illegal length - should be {wanted}");
    }
    len == wanted
}

/// One end of a link, as the sender is or sees it.
fn port(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (system_priority, system, key) = (c.u16()?, *c.array()?, c.u16()?);
    let (port_priority, port, state) = (c.u16()?, c.u16()?, c.u8()?);
    out.text("\n\t  System ").ether_host(system);
    write!(out, ", System Priority {system_priority}, Key {key}, Port {port}");
    write!(out, ", Port Priority {port_priority}\n\t  State Flags [");
    out.bits(PORT_STATES, state, ", ", format_args!("none"));
    out.text("]");
    Ok(())
}

fn marker(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (port, system, transaction) = (c.u16()?, *c.array()?, c.u32()?);
    out.text("\n\t  Request System ").ether_host(system);
    write!(out, ", Request Port {port}, Request Transaction ID 0x{transaction:08x}");
    Ok(())
}

/// Codes of maintenance packets.
mod code {
    pub(super) const INFORMATION: u8 = 0;
    pub(super) const EVENT: u8 = 1;
    pub(super) const LOOPBACK: u8 = 4;
}

/// Prints a maintenance packet from its flags on.
fn maintenance(out: &mut Out, mut c: Cursor<'_>) -> Walk<End> {
    if c.length() < 3 {
        return Ok(End::TooShort);
    }
    let (flags, code) = (c.u16()?, c.u8()?);
    out.text("\n\tCode ");
    out.token(OAM_CODES, code, format_args!("Unknown ({code})"));
    out.text(" OAM PDU, Flags [");
    out.bits(OAM_FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    match code {
        code::INFORMATION => values(out, c, INFORMATION_TYPES, "Information Type", information),
        code::EVENT => {
            if c.length() < 2 {
                return Ok(End::TooShort);
            }
            write!(out, "\n\t  Sequence Number {}", c.u16()?);
            values(out, c, LINK_EVENTS, "Link Event Type", event)
        }
        code::LOOPBACK => {
            if c.length() < 1 {
                return Ok(End::TooShort);
            }
            let command = c.u8()?;
            out.text("\n\t  Command ");
            out.token(LOOPBACK_COMMANDS, command, format_args!("Unknown"));
            write!(out, " ({command})");
            Ok(End::Reached)
        }
        _ => {
            if out.options.verbose == 1 {
                out.dump_hex("\n\t  ", c.claimed_bytes());
            }
            Ok(End::Reached)
        }
    }
}

/// Prints the values of a maintenance packet; those that `print` does not know are dumped with their header.
fn values(
    out: &mut Out,
    mut c: Cursor<'_>,
    names: &Tokens,
    what: &str,
    print: fn(&mut Out, u8, Cursor<'_>, usize) -> Walk<bool>,
) -> Walk<End> {
    while c.length() > 0 {
        let start = c;
        if c.length() < HEADER_LEN {
            return Ok(End::TooShort);
        }
        let (kind, len) = (c.u8()?, usize::from(c.u8()?));
        out.text("\n\t  ");
        out.token(names, kind, format_args!("Reserved"));
        write!(out, " {what} ({kind}), length {len}");
        if kind == 0 {
            return Ok(End::Reached);
        }
        if !is_header_counted(out, len) {
            return Ok(End::Reached);
        }
        let Some(value) = value(&mut c, len)? else { return Ok(End::TooShort) };
        let known = print(out, kind, value, len)?;
        if out.options.verbose > 1 || !known {
            out.dump_hex("\n\t  ", start.peek(0, len)?);
        }
    }
    Ok(End::Reached)
}

/// Bytes of what a station says of itself or of its peer.
const INFORMATION_LEN: usize = 16;

/// What a station is able to do and what it does; false where the kind or the length is not known.
fn information(out: &mut Out, kind: u8, mut c: Cursor<'_>, len: usize) -> Walk<bool> {
    if !matches!(kind, 1 | 2) || !has_length(out, len, INFORMATION_LEN) {
        return Ok(false);
    }
    let (version, revision, state, configuration) = (c.u8()?, c.u16()?, c.u8()?, c.u8()?);
    let (size, vendor, private) = (c.u16()?, c.u24()?, c.u32()?);
    write!(out, "\n\t    OAM-Version {version}, Revision {revision}\n\t    State-Parser-Action ");
    out.token(PARSER_STATES, state & 0x03, format_args!("Reserved"));
    out.text(", State-MUX-Action ");
    out.token(MULTIPLEXER_STATES, state & 0x04, format_args!("Reserved"));
    out.text("\n\t    OAM-Config Flags [");
    out.bits(OAM_CONFIGURATION, configuration, ", ", format_args!("none"));
    write!(out, "], OAM-PDU-Config max-PDU size {size}");
    let vendor_name = tokens::name(OUIS, vendor).unwrap_or("Unknown");
    write!(out, "\n\t    OUI {vendor_name} (0x{vendor:06x}), Vendor-Private 0x{private:08x}");
    Ok(true)
}

/// Bytes of an event on the link.
const EVENT_LEN: usize = 40;
/// Events' times count tenths of a second.
const MILLIS_PER_TICK: u32 = 100;

/// Errors on the link; false where the kind or the length is not known.
fn event(out: &mut Out, kind: u8, mut c: Cursor<'_>, len: usize) -> Walk<bool> {
    if !(1..=4).contains(&kind) || !has_length(out, len, EVENT_LEN) {
        return Ok(false);
    }
    let time = u32::from(c.u16()?) * MILLIS_PER_TICK;
    write!(out, "\n\t    Timestamp {time} ms, Errored Window {}", c.u64()?);
    write!(out, "\n\t    Errored Threshold {}\n\t    Errors {}", c.u64()?, c.u64()?);
    write!(out, "\n\t    Error Running Total {}\n\t    Event Running Total {}", c.u64()?, c.u32()?);
    Ok(true)
}

/// Bytes of an organization's identifier.
const OUI_LEN: usize = 3;

/// Prints an organization's own packet: whose it is, and its bytes.
fn organization(out: &mut Out, mut c: Cursor<'_>) -> Walk<End> {
    if c.length() < OUI_LEN {
        return out.disagree("length", c.length(), "<", OUI_LEN);
    }
    let oui = c.u24()?;
    write!(out, "\n\tOUI: {} (0x{oui:06x})", tokens::name(OUIS, oui).unwrap_or("Unknown"));
    out.dump_hex("\n\t  ", c.claimed_bytes());
    Ok(End::Reached)
}
