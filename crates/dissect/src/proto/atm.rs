//! LLC and SNAP on Asynchronous Transfer Mode (RFC 2684 section 5, RFC 2225).

use crate::Out;
use crate::proto::{ether, llc};
use wirescope_wire::{Cursor, Stop, Walk};

/// The service access point pairs with unnumbered information that frames start with.
const SNAP: u32 = 0xaaaa03;
const OSI: u32 = 0xfefe03;
const IP: u32 = 0x060603;
/// Unnumbered information in place of a service access point: a network layer identifier follows.
const UNNUMBERED: u8 = 0x03;
/// Bytes that some interfaces put before a frame: two addresses and more.
const ADDRESSES_LEN: usize = 20;
/// Bytes of LLC that a frame has at least.
const LLC_MIN_LEN: usize = 3;

/// Prints a captured frame, and says how much of it is header.
pub(crate) fn print_link(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let start = c.at();
    if c.available() < 1 {
        return Err(Stop::Truncated);
    }
    if c.peek_u8(0)? == UNNUMBERED {
        if out.options.link_header {
            out.text("CNLPID ");
        }
        c.advance(1);
        out.context.link_header_len += 1;
        if !ether::network(out, ether::OSI, c)? {
            out.unknown(c.bytes());
        }
        return Ok(());
    }
    if c.available() < LLC_MIN_LEN {
        return Err(Stop::Truncated);
    }
    if !matches!(c.peek_u24(0)?, SNAP | OSI | IP) {
        if out.options.link_header {
            let [a, b, d, e] = [c.peek_u32(0)?, c.peek_u32(4)?, c.peek_u32(8)?, c.peek_u32(12)?];
            write!(out, "{a:08x}{b:08x} {d:08x}{e:08x} ");
        }
        c.skip(ADDRESSES_LEN)?;
    }
    let header = llc::frame(out, c)?;
    if !header.known {
        out.unknown(c.bytes());
    }
    out.context.link_header_len += c.at() - start + header.len;
    Ok(())
}
