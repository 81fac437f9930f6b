//! Open Shortest Path First for IPv6 (RFC 5340; authentication trailer RFC 7166, link-local signalling RFC 5613).

mod lsa;
mod names;

use crate::Out;
use crate::proto::ospf::{self, packet};
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 16;
const VERSION: u8 = 3;
/// In the options of a packet: it is followed by such a block.
const LINK_LOCAL_SIGNALLING: u32 = 0x200;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.label("ospf3");
    let (version, kind) = (c.peek_u8(0)?, c.peek_u8(1)?);
    out.field("version", version);
    out.field("type", kind);
    write!(out, "OSPFv{version}, ");
    out.token(names::PACKETS, kind, format_args!("unknown packet type ({kind})"));
    write!(out, ", length {}", c.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    let len = usize::from(c.peek_u16(2)?);
    if len > c.length() {
        write!(out, " [len {len}]");
        return Ok(());
    }
    ospf::router_and_area(out, c)?;
    let instance = c.peek_u8(14)?;
    if instance != 0 {
        write!(out, ", Instance {instance}");
    }
    if version != VERSION {
        return Ok(());
    }
    let options = body(out, kind, c.claim(len).ahead(HEADER_LEN))?;
    let mut trailer = c.ahead(len);
    if options & LINK_LOCAL_SIGNALLING != 0 && trailer.length() > 0 {
        link_local_signalling(out, &mut trailer)?;
    }
    if trailer.length() > 0 {
        authentication(out, trailer)?;
    }
    Ok(())
}

/// Prints the body, and gives back the options of packets that may have something behind them.
fn body(out: &mut Out, kind: u8, mut c: Cursor<'_>) -> Walk<u32> {
    let is_told = out.options.verbose > 1;
    match kind {
        packet::HELLO => return hello(out, c),
        packet::DESCRIPTION => {
            let options = c.u32()? & 0xff_ffff;
            out.text("\n\tOptions [");
            out.bits(names::OPTIONS, options, ", ", format_args!("none"));
            out.text("]");
            let (mtu, flags) = (c.peek_u16(0), c.peek_u16(2)?);
            out.text(", DD Flags [");
            out.bits(names::DESCRIPTION_FLAGS, flags, ", ", format_args!("none"));
            out.text("]");
            c.advance(4);
            write!(out, ", MTU {}, DD-Sequence 0x{:08x}", mtu?, c.u32()?);
            if is_told {
                lsa::print_headers(out, c)?;
            }
            return Ok(options);
        }
        packet::REQUEST if is_told => {
            while c.length() > 0 {
                lsa::print_request(out, &mut c)?;
            }
        }
        packet::UPDATE if is_told => {
            let count = c.u32()?;
            lsa::print_all(out, count, c)?;
        }
        packet::ACKNOWLEDGEMENT if is_told => lsa::print_headers(out, c)?,
        _ => {}
    }
    Ok(0)
}

fn hello(out: &mut Out, mut c: Cursor<'_>) -> Walk<u32> {
    let (interface, priority, options) = (*c.array()?, c.u8()?, c.u24()?);
    out.text("\n\tOptions [");
    out.bits(names::OPTIONS, options, ", ", format_args!("none"));
    out.text("]");
    let (interval, dead_interval) = (c.u16()?, c.u16()?);
    write!(out, "\n\t  Hello Timer {interval}s, Dead Timer {dead_interval}s, Interface-ID ");
    out.host4(interface);
    write!(out, ", Priority {priority}");
    ospf::designated_routers(out, &mut c)?;
    if out.options.verbose > 1 {
        out.text("\n\t  Neighbor List:");
        while c.length() > 0 {
            let neighbor = *c.array()?;
            out.text("\n\t    ").host4(neighbor);
        }
    }
    Ok(options)
}

fn link_local_signalling(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let mut block = *c;
    write!(out, "\n\tLLS Checksum 0x{:04x}", block.u16()?);
    // In words of four bytes, this head included.
    let len = 4 * usize::from(block.u16()?);
    write!(out, ", Data Length {}", len / 4);
    c.need(len)?;
    c.advance(len);
    Ok(())
}

/// A digest behind a packet (RFC 7166 section 4.1).
fn authentication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const LEN: usize = 16;
    let (kind, len) = (c.u16()?, usize::from(c.u16()?));
    out.text("\n\tAuthentication Type ");
    out.token(names::AUTHENTICATIONS, kind, format_args!("unknown (0x{kind:04x})"));
    write!(out, ", Length {len}");
    if len < LEN || len > c.length() + 4 {
        return Err(Stop::Truncated);
    }
    c.skip(2)?;
    write!(out, ", SAID {}", c.u16()?);
    write!(out, ", CSN 0x{:08x}", c.u32()?);
    write!(out, ":{:08x}", c.u32()?);
    if out.options.verbose > 1 {
        let digest = c.claim(len - LEN);
        out.dump_hex("\n\tAuthentication Data ", digest.claimed_bytes());
    }
    Ok(())
}
