//! Home Networking Control Protocol (RFC 7788) over DNCP (RFC 7787).

mod configuration;

use crate::Out;
use crate::escape::to_zero;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TYPES: &Tokens = &[
    (1, "Request network state"),
    (2, "Request node state"),
    (3, "Node endpoint"),
    (4, "Network state"),
    (5, "Node state"),
    (8, "Peer"),
    (9, "Keep-alive interval"),
    (10, "Trust-Verdict"),
    (32, "HNCP-Version"),
    (33, "External-Connection"),
    (34, "Delegated-Prefix"),
    (43, "Prefix-Policy"),
    (37, "DHCPv4-Data"),
    (38, "DHCPv6-Data"),
    (35, "Assigned-Prefix"),
    (36, "Node-Address"),
    (39, "DNS-Delegated-Zone"),
    (40, "Domain-Name"),
    (41, "Node-Name"),
    (42, "Managed-PSK"),
    (range::RESERVED, "Reserved"),
    (range::UNASSIGNED, "Unassigned"),
    (range::PRIVATE, "Private use"),
    (range::FUTURE, "Future use"),
];

/// Numbers beyond those of types, for what a type without a name is set aside for.
mod range {
    pub(super) const RESERVED: u32 = 0x1_0000;
    pub(super) const UNASSIGNED: u32 = 0x1_0001;
    pub(super) const PRIVATE: u32 = 0x1_0002;
    pub(super) const FUTURE: u32 = 0x1_0003;
}

mod kind {
    pub(super) const REQUEST_NETWORK_STATE: u16 = 1;
    pub(super) const REQUEST_NODE_STATE: u16 = 2;
    pub(super) const NODE_ENDPOINT: u16 = 3;
    pub(super) const NETWORK_STATE: u16 = 4;
    pub(super) const NODE_STATE: u16 = 5;
    pub(super) const PEER: u16 = 8;
    pub(super) const KEEP_ALIVE_INTERVAL: u16 = 9;
    pub(super) const TRUST_VERDICT: u16 = 10;
    pub(super) const HNCP_VERSION: u16 = 32;
    pub(super) const EXTERNAL_CONNECTION: u16 = 33;
    pub(super) const DELEGATED_PREFIX: u16 = 34;
    pub(super) const ASSIGNED_PREFIX: u16 = 35;
    pub(super) const NODE_ADDRESS: u16 = 36;
    pub(super) const DHCPV4_DATA: u16 = 37;
    pub(super) const DHCPV6_DATA: u16 = 38;
    pub(super) const DNS_DELEGATED_ZONE: u16 = 39;
    pub(super) const DOMAIN_NAME: u16 = 40;
    pub(super) const NODE_NAME: u16 = 41;
    pub(super) const MANAGED_PSK: u16 = 42;
    pub(super) const PREFIX_POLICY: u16 = 43;
}

const TLV_HEADER_LEN: usize = 4;
const KEY_LEN: usize = 32;

/// Prints a message: values of type and length, some of which hold others.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    write!(out, "hncp ({})", c.length());
    tlvs(out, c, 0)
}

/// The row of [`TYPES`] for a type.
fn name_of(kind: u16) -> u32 {
    match kind {
        0 => range::RESERVED,
        1..=5 | 8..=10 | 32..=43 => kind.into(),
        44..=511 => range::UNASSIGNED,
        768..=1023 => range::PRIVATE,
        _ => range::FUTURE,
    }
}

fn new_line(out: &mut Out, level: u8) {
    out.text("\n");
    for _ in 0..=level {
        out.text("\t");
    }
}

/// Prints values that stand within `level` others. Where more is not asked for, only their names, equal ones
/// counted.
fn tlvs(out: &mut Out, mut c: Cursor<'_>, level: u8) -> Walk {
    let in_line = out.options.verbose <= level;
    let mut names = Names { level, last: None, count: 0, any: false };
    while c.length() > 0 {
        if !in_line {
            new_line(out, level);
        }
        // A name still to be written is lost where the bytes end.
        let (kind, value) = tlv(&mut c)?;
        if in_line {
            names.add(out, name_of(kind));
            continue;
        }
        out.field("type", kind);
        out.token(TYPES, name_of(kind), format_args!("Easter Egg (42)"));
        if name_of(kind) > u16::MAX.into() {
            write!(out, ": type={kind}");
        }
        write!(out, " ({})", TLV_HEADER_LEN + value.length());
        if record(out, kind, value, level) == Err(Stop::Invalid) {
            // tcpdump goes on behind all that is damaged but options of DHCPv4.
            if kind == kind::DHCPV4_DATA && value.length() > 0 {
                return Err(Stop::Invalid);
            }
            out.invalid();
        }
    }
    names.end(out);
    Ok(())
}

/// Names in one line.
struct Names {
    level: u8,
    last: Option<u32>,
    count: u32,
    any: bool,
}

impl Names {
    fn add(&mut self, out: &mut Out, name: u32) {
        if self.last != Some(name) {
            self.end(out);
            self.last = Some(name);
        }
        self.count += 1;
    }

    /// Writes the name last added, and how often it came.
    fn end(&mut self, out: &mut Out) {
        let Some(name) = self.last.take() else { return };
        match (self.any, self.level) {
            (true, _) => _ = out.text(", "),
            (false, 0) => _ = out.text(" "),
            (false, level) => new_line(out, level),
        }
        out.token(TYPES, name, format_args!("Easter Egg"));
        if self.count > 1 {
            write!(out, " (x{})", self.count);
        }
        self.any = true;
        self.count = 0;
    }
}

/// Reads type, length and value, and what pads the value.
fn tlv<'a>(c: &mut Cursor<'a>) -> Walk<(u16, Cursor<'a>)> {
    c.need(TLV_HEADER_LEN)?;
    if c.length() < TLV_HEADER_LEN {
        return Err(Stop::Invalid);
    }
    let (kind, length) = (c.peek_u16(0)?, usize::from(c.peek_u16(2)?));
    c.need(TLV_HEADER_LEN + length)?;
    c.advance(TLV_HEADER_LEN);
    if c.length() < length {
        return Err(Stop::Truncated);
    }
    let value = c.clip(length);
    c.advance(length.next_multiple_of(4).min(c.length()));
    Ok((kind, value))
}

/// Prints the value of a type. It is there as a whole, so that only contradictions end it.
fn record(out: &mut Out, kind: u16, mut c: Cursor<'_>, level: u8) -> Walk {
    let length = c.length();
    let require = |fits: bool| if fits { Ok(()) } else { Err(Stop::Invalid) };
    match kind {
        kind::REQUEST_NETWORK_STATE => require(length == 0)?,
        kind::REQUEST_NODE_STATE => {
            require(length == 4)?;
            node(out, &mut c)?;
        }
        kind::NODE_ENDPOINT => {
            require(length == 8)?;
            node(out, &mut c)?;
            endpoint(out, &mut c)?;
        }
        kind::NETWORK_STATE => {
            require(length == 8)?;
            write!(out, " hash: {:016x}", c.u64()?);
        }
        kind::NODE_STATE => {
            require(length >= 20)?;
            node(out, &mut c)?;
            write!(out, " seqno: {} ", c.u32()?);
            interval(out, &mut c)?;
            write!(out, " hash: {:016x}", c.u64()?);
            nested(out, c, level);
        }
        kind::PEER => {
            require(length == 12)?;
            out.text(" Peer-NID: ").hex_with(c.take(4)?, b':');
            write!(out, " Peer-EPID: {:08x} Local-EPID: {:08x}", c.u32()?, c.u32()?);
        }
        kind::KEEP_ALIVE_INTERVAL => {
            require(length >= 8)?;
            endpoint(out, &mut c)?;
            out.text(" Interval: ");
            interval(out, &mut c)?;
        }
        kind::TRUST_VERDICT => {
            require(length > 4 + KEY_LEN)?;
            let [verdict, ..] = *c.array::<4>()?;
            write!(out, " Verdict: {verdict} Fingerprint: ");
            out.hex_bytes(c.take(KEY_LEN)?);
            out.text(" Common Name: ").escaped(to_zero(c.claimed_bytes()));
        }
        kind::HNCP_VERSION => {
            require(length >= 5)?;
            let [_, _, managed, hosted] = *c.array()?;
            write!(out, " M: {} P: {} H: {} L: {}", managed >> 4, managed & 15, hosted >> 4, hosted & 15);
            out.text(" User-agent: ").escaped(to_zero(c.claimed_bytes()));
        }
        kind::EXTERNAL_CONNECTION => nested(out, c, level),
        kind::DELEGATED_PREFIX => {
            require(length >= 9)?;
            configuration::delegated_prefix(out, &mut c)?;
            nested(out, c, level);
        }
        kind::PREFIX_POLICY => {
            require(length >= 1)?;
            configuration::prefix_policy(out, c)?;
        }
        kind::DHCPV4_DATA => configuration::dhcpv4(out, c, level + 1)?,
        kind::DHCPV6_DATA => configuration::dhcpv6(out, c, level + 1)?,
        kind::ASSIGNED_PREFIX => {
            require(length >= 6)?;
            endpoint(out, &mut c)?;
            write!(out, " Prty: {} Prefix: ", c.u8()? & 0x0f);
            configuration::prefix(out, &mut c)?;
            nested(out, c, level);
        }
        kind::NODE_ADDRESS => {
            require(length >= 20)?;
            endpoint(out, &mut c)?;
            out.text(" IP Address: ");
            configuration::address(out, *c.array()?);
            nested(out, c, level);
        }
        kind::DNS_DELEGATED_ZONE => {
            require(length >= 17)?;
            configuration::delegated_zone(out, &mut c)?;
            nested(out, c, level);
        }
        kind::DOMAIN_NAME => {
            require(length >= 1)?;
            out.text(" Domain: ");
            // What is missing of the name has been shown.
            _ = configuration::domain_name(out, &mut c);
        }
        kind::NODE_NAME => {
            require(length >= 17)?;
            let name_len = usize::from(c.peek_u8(16)?);
            require(length >= 17 + name_len)?;
            out.text(" IP-Address: ");
            configuration::address(out, *c.array()?);
            c.advance(1);
            out.text(" Name: \"").escaped(to_zero(c.take(name_len)?)).text("\"");
            pad(&mut c, length);
            nested(out, c, level);
        }
        kind::MANAGED_PSK => {
            require(length >= KEY_LEN)?;
            out.text(" PSK: ").hex_bytes(c.take(KEY_LEN)?);
            nested(out, c, level);
        }
        _ => {}
    }
    Ok(())
}

/// Prints the values within a value; what ends them ends only them.
fn nested(out: &mut Out, c: Cursor<'_>, level: u8) {
    match out.nest(|out| tlvs(out, c, level + 1)) {
        Err(Stop::Truncated) => out.truncated(),
        Err(Stop::Invalid) => out.invalid(),
        Ok(()) => {}
    }
}

/// Moves on to the next multiple of four bytes within a value of `length` bytes.
fn pad(c: &mut Cursor<'_>, length: usize) {
    let read = length - c.length();
    c.advance((read.next_multiple_of(4) - read).min(c.length()));
}

fn node(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text(" NID: ").hex_with(c.take(4)?, b':');
    Ok(())
}

fn endpoint(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    out.text(" EPID: ").hex(c.u32()?, 8);
    Ok(())
}

/// A time in milliseconds.
fn interval(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let millis = c.u32()?;
    write!(out, "{}.{:03}s", millis / 1000, millis % 1000);
    Ok(())
}
