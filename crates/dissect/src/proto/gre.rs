//! Generic Routing Encapsulation (RFC 1701, RFC 2784, RFC 2890), as PPTP changes it (RFC 2637 section 4.1), and WCCP redirection.

use crate::Out;
use crate::proto::names::ETHER_TYPES;
use crate::proto::{erspan, ether, ppp};
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::ether_type;
use wirescope_wire::{Cursor, Walk};

const FLAGS: &Tokens = &[
    (0x8000, "checksum present"),
    (0x4000, "routing present"),
    (0x2000, "key present"),
    (0x1000, "sequence# present"),
    (0x0800, "source routing present"),
    (0x0080, "ack present"),
];

mod flag {
    pub(super) const CHECKSUM: u16 = 0x8000;
    pub(super) const ROUTING: u16 = 0x4000;
    pub(super) const KEY: u16 = 0x2000;
    pub(super) const SEQUENCE: u16 = 0x1000;
    pub(super) const ACKNOWLEDGEMENT: u16 = 0x0080;
    pub(super) const VERSION: u16 = 0x0007;
}

/// Protocol types that are no common Ethernet types.
mod protocol {
    pub(super) const KEEP_ALIVE: u16 = 0;
    pub(super) const OSI: u16 = 0x00fe;
    pub(super) const WCCP: u16 = 0x883e;
    pub(super) const NHRP: u16 = 0x2001;
    pub(super) const ERSPAN_I_II: u16 = 0x88be;
    pub(super) const ERSPAN_III: u16 = 0x22eb;
    pub(super) const BRIDGED: u16 = 0x6558;
    /// Mikrotik's Ethernet over IP, which has a version 1 header of its own kind.
    pub(super) const MIKROTIK: u16 = 0x6400;
}

/// The only flags that Mikrotik's header has: a key is present, version 1.
const MIKROTIK_FLAGS: u16 = 0x2001;

/// Prints a packet of either version.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("GRE");
    least(out, c, 2)?;
    let flags = c.peek_u16(0)?;
    let version = flags & flag::VERSION;
    out.field("version", version);
    out.field("flags", flags);
    write!(out, "v{version}");
    match version {
        0 => version_0(out, c),
        1 => version_1(out, c),
        _ => {
            out.text(" ERROR: unknown-version");
            Ok(())
        }
    }
}

/// Stops as invalid where fewer than `count` bytes are left of what was claimed.
fn least(out: &mut Out, c: Cursor<'_>, count: usize) -> Walk {
    if c.length() < count { out.disagree("len", c.length(), "<", count) } else { Ok(()) }
}

fn version_0(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    let flags = c.u16()?;
    show_flags(out, flags);
    least(out, c, 2)?;
    let kind = c.u16()?;
    out.field("protocol", kind);
    if flags & (flag::CHECKSUM | flag::ROUTING) != 0 {
        least(out, c, 2)?;
        let checksum = c.u16()?;
        if out.options.verbose > 0 {
            write!(out, ", sum 0x{checksum:x}");
        }
        least(out, c, 2)?;
        write!(out, ", off 0x{:x}", c.u16()?);
    }
    if flags & flag::KEY != 0 {
        least(out, c, 4)?;
        let key = c.u32()?;
        out.field("key", key);
        write!(out, ", key=0x{key:x}");
    }
    if flags & flag::SEQUENCE != 0 {
        least(out, c, 4)?;
        let sequence = c.u32()?;
        out.field("sequence", sequence);
        write!(out, ", seq {sequence}");
    }
    if flags & flag::ROUTING != 0 {
        routes(out, &mut c)?;
    }
    demarcation(out, kind, length);
    match kind {
        protocol::KEEP_ALIVE => {
            out.text("keep-alive");
            Ok(())
        }
        protocol::WCCP => redirected(out, c),
        // Type I has no header that would tell; it is the one without sequence numbers.
        protocol::ERSPAN_I_II if flags & flag::SEQUENCE == 0 => out.run("erspan", erspan::print_1, c),
        protocol::ERSPAN_I_II => out.run("erspan", erspan::print_2, c),
        protocol::ERSPAN_III => out.run("erspan", erspan::print_3, c),
        _ => payload(out, kind, c),
    }
}

fn show_flags(out: &mut Out, flags: u16) {
    if out.options.verbose > 0 {
        out.text(", Flags [");
        out.bits(FLAGS, flags, ", ", format_args!("none"));
        out.text("]");
    }
}

/// What ends the header's text.
fn demarcation(out: &mut Out, kind: u16, length: usize) {
    if out.options.link_header {
        let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("unknown");
        write!(out, ", proto {name} (0x{kind:04x})");
    }
    write!(out, ", length {length}");
    out.text(if out.options.verbose > 0 { "\n\t" } else { ": " });
}

/// Payload as both versions carry it.
fn payload(out: &mut Out, kind: u16, c: Cursor<'_>) -> Walk {
    out.context.macs = None;
    let known = match kind {
        ether_type::IPV4
        | ether_type::IPV6
        | ether_type::MPLS
        | ether_type::MPLS_MULTICAST
        | ether::ATALK => ether::network(out, kind, c)?,
        protocol::OSI => ether::network(out, ether::OSI, c)?,
        protocol::NHRP => match out.registry.ip_protocol(54) {
            Some(row) => out.run(row.proto, row.print, c).map(|()| true)?,
            None => false,
        },
        protocol::BRIDGED => {
            out.run("ether", ether::print, c)?;
            true
        }
        _ => false,
    };
    if !known {
        write!(out, "gre-proto-0x{kind:x}");
    }
    Ok(())
}

/// IPv4 behind a redirection header, or straight (draft-wilson-wrec-wccp-v2 section 4.12).
fn redirected(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("wccp ");
    least(out, c, 1)?;
    if c.peek_u8(0)? >> 4 != 4 {
        least(out, c, 4)?;
        let [bits, service, alternative, primary] = *c.array::<4>()?;
        let bit = |mask: u8| if bits & mask != 0 { '1' } else { '0' };
        write!(
            out,
            "T:{} A:{} U:{} SId:{service} Alt:{alternative} Pri:{primary}",
            bit(0x80),
            bit(0x40),
            bit(0x20)
        );
        out.text(": ");
    }
    payload(out, ether_type::IPV4, c)
}

/// Routes that the packet is to take (RFC 1701 section 2).
fn routes(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    loop {
        least(out, *c, 4)?;
        let family = c.u16()?;
        let [offset, len] = *c.array::<2>()?;
        if len == 0 {
            return Ok(());
        }
        let (name, item_len) = match family {
            0x0800 => ("ip", 4),
            0xfffe => ("asn", 2),
            _ => {
                write!(out, ", (rtaf=0x{family:x})");
                least(out, *c, len.into())?;
                c.advance(len.into());
                continue;
            }
        };
        write!(out, ", (rtaf={name}");
        route(out, c.split(len.into()), offset, len, item_len)?;
        out.text(")");
    }
}

/// One route: addresses or autonomous systems, the next of which is marked.
fn route(out: &mut Out, mut c: Cursor<'_>, offset: u8, len: u8, item_len: u8) -> Walk {
    if !offset.is_multiple_of(item_len) {
        write!(out, ", badoffset={offset}");
        return Ok(());
    }
    if !len.is_multiple_of(item_len) {
        write!(out, ", badlength={len}");
        return Ok(());
    }
    if offset >= len {
        write!(out, ", badoff/len={offset}/{len}");
        return Ok(());
    }
    for at in (0..len).step_by(item_len.into()) {
        let mark = if at == offset { "*" } else { "" };
        if item_len == 4 {
            let address = *c.array::<4>()?;
            out.text(" ").text(mark).ipv4(address);
        } else {
            write!(out, " {mark}{:x}", c.u16()?);
        }
    }
    Ok(())
}

fn version_1(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    let flags = c.u16()?;
    show_flags(out, flags);
    least(out, c, 2)?;
    let kind = c.u16()?;
    out.field("protocol", kind);
    let mikrotik = kind == protocol::MIKROTIK;
    if mikrotik && flags != MIKROTIK_FLAGS {
        write!(out, " unknown-eoip-flags-{flags:04x}!");
    }
    if flags & flag::KEY != 0 {
        least(out, c, 4)?;
        // The payload's length comes first.
        c.skip(2)?;
        if mikrotik {
            let tunnel = c.u16_le()?;
            out.field("tunnel", tunnel);
            write!(out, ", tunnel-id {tunnel}");
        } else {
            let call = c.u16()?;
            out.field("call", call);
            write!(out, ", call {call}");
        }
    } else {
        out.text(", (ERROR: K flag not set)");
    }
    if flags & flag::SEQUENCE != 0 {
        least(out, c, 4)?;
        let sequence = c.u32()?;
        out.field("sequence", sequence);
        write!(out, ", seq {sequence}");
    }
    if flags & flag::ACKNOWLEDGEMENT != 0 {
        least(out, c, 4)?;
        let acknowledgement = c.u32()?;
        out.field("acknowledgement", acknowledgement);
        write!(out, ", ack {acknowledgement}");
    }
    if flags & flag::SEQUENCE == 0 && !mikrotik {
        write!(out, ", no-payload, length {length}");
        return Ok(());
    }
    demarcation(out, kind, length);
    match kind {
        ether::PPP => return out.run("ppp", ppp::print, c),
        protocol::MIKROTIK if c.length() == 0 => {
            out.text("keepalive");
        }
        protocol::MIKROTIK => return out.run("ether", ether::print, c),
        _ => write!(out, "gre-proto-0x{kind:x}"),
    }
    Ok(())
}
