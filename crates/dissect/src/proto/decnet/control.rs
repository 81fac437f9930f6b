//! Messages by which DECnet nodes and routers find each other and tell routes.

use super::node;
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Kinds of messages.
mod kind {
    pub(super) const MASK: u8 = 0x0f;
    pub(super) const INITIALIZATION: u8 = 0x01;
    pub(super) const VERIFICATION: u8 = 0x03;
    pub(super) const TEST: u8 = 0x05;
    pub(super) const LEVEL_1_ROUTES: u8 = 0x07;
    pub(super) const LEVEL_2_ROUTES: u8 = 0x09;
    pub(super) const ROUTER_HELLO: u8 = 0x0b;
    pub(super) const END_NODE_HELLO: u8 = 0x0d;
}

/// Bytes that messages have at least, with their flags.
const INITIALIZATION_LEN: usize = 12;
const VERIFICATION_LEN: usize = 4;
const ROUTES_LEN: usize = 4;
const ROUTER_HELLO_LEN: usize = 18;
const END_NODE_HELLO_LEN: usize = 32;

/// Prints a message; the whole packet is dumped where its kind is not known.
pub(super) fn print(out: &mut Out, c: Cursor<'_>, whole: Cursor<'_>) -> Walk {
    let kind = c.peek_u8(0)? & kind::MASK;
    out.field("control", kind);
    let mut body = c.ahead(1);
    match kind {
        kind::INITIALIZATION => {
            out.text("init ");
            at_least(c, INITIALIZATION_LEN)?;
            initialization(out, body)
        }
        kind::VERIFICATION | kind::TEST => {
            let (name, what) =
                if kind == kind::TEST { ("test ", "data") } else { ("verification ", "fcnval") };
            out.text(name);
            at_least(c, VERIFICATION_LEN)?;
            source(out, body.u16_le()?);
            write!(out, " {what} {:o}", body.u8()?);
            Ok(())
        }
        kind::LEVEL_1_ROUTES => {
            out.text("lev-1-routing ");
            routes(out, c, "ids")
        }
        kind::LEVEL_2_ROUTES => {
            out.text("lev-2-routing ");
            routes(out, c, "areas")
        }
        kind::ROUTER_HELLO => {
            out.text("router-hello ");
            at_least(c, ROUTER_HELLO_LEN)?;
            let hello = Hello::read(&mut body)?;
            let (priority, _) = (body.u8()?, body.u8()?);
            hello.print(out);
            write!(out, " pri {priority} hello {}", body.u16_le()?);
            Ok(())
        }
        kind::END_NODE_HELLO => {
            out.text("endnode-hello ");
            at_least(c, END_NODE_HELLO_LEN)?;
            end_node(out, body)
        }
        _ => {
            out.text("unknown control message");
            out.unknown(whole.claimed_bytes());
            Ok(())
        }
    }
}

fn at_least(c: Cursor<'_>, len: usize) -> Walk {
    if c.length() < len { Err(Stop::Invalid) } else { Ok(()) }
}

fn source(out: &mut Out, address: u16) {
    out.text("src ");
    node(out, address);
}

const VERIFY: u8 = 0x04;

/// Writes the type of a node, and what is asked of it.
fn information(out: &mut Out, bits: u8, flags: &[(u8, &str)]) {
    out.text(match bits & 0x03 {
        1 => "l2rout ",
        2 => "l1rout ",
        3 => "endnode ",
        _ => "reserved-ntype? ",
    });
    for (flag, name) in flags {
        if bits & flag != 0 {
            out.text(name);
        }
    }
}

fn initialization(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (address, bits, block_size) = (c.u16_le()?, c.u8()?, c.u16_le()?);
    let (version, eco, user_eco, hello) = (c.u8()?, c.u8()?, c.u8()?, c.u16_le()?);
    information(out, bits, &[(VERIFY, "verif "), (0x08, "blo ")]);
    source(out, address);
    write!(out, "blksize {block_size} vers {version} eco {eco} ueco {user_eco} hello {hello}");
    Ok(())
}

/// What all hellos have.
struct Hello {
    version: [u8; 3],
    address: u16,
    bits: u8,
    block_size: u16,
}

impl Hello {
    fn read(c: &mut Cursor<'_>) -> Walk<Self> {
        let version = *c.array()?;
        Ok(Hello { version, address: address(c)?, bits: c.u8()?, block_size: c.u16_le()? })
    }

    fn print(&self, out: &mut Out) {
        information(out, self.bits, &[(VERIFY, "verif "), (0x20, "nomcast "), (0x40, "blo ")]);
        let [version, eco, user_eco] = self.version;
        write!(out, "vers {version} eco {eco} ueco {user_eco} ");
        source(out, self.address);
        write!(out, " blksize {}", self.block_size);
    }
}

/// Reads the node that a link-layer address ends with.
fn address(c: &mut Cursor<'_>) -> Walk<u16> {
    c.skip(4)?;
    c.u16_le()
}

fn end_node(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let hello = Hello::read(&mut c)?;
    // The area, and a seed for verification.
    c.skip(9)?;
    let (router, interval, _, data) = (address(&mut c)?, c.u16_le()?, c.u8()?, c.u8()?);
    hello.print(out);
    out.text(" rtr ");
    node(out, router);
    write!(out, " hello {interval} data {data:o}");
    Ok(())
}

/// Most entries of a segment of routes.
const MAX_ROUTES: u16 = 1024;

/// How long a segment is that tells of one route.
const SEGMENT_LEN: usize = 6;

/// Prints the segments of a message with routes: each tells of nodes or areas that follow one another.
fn routes(out: &mut Out, c: Cursor<'_>, what: &str) -> Walk {
    at_least(c, ROUTES_LEN)?;
    source(out, c.ahead(1).u16_le()?);
    out.text(" ");
    let mut c = c.ahead(ROUTES_LEN);
    // The checksum comes last.
    while c.length() > SEGMENT_LEN {
        let count = c.u16_le()?;
        if count > MAX_ROUTES {
            return Ok(());
        }
        let first = c.u16_le()?;
        let route = c.u16_le()?;
        write!(out, "{{{what} {first}-{}", u32::from(first) + u32::from(count));
        write!(out, " cost {} hops {}}} ", route & 0x1ff, (route >> 10) & 0x1f);
    }
    Ok(())
}
