//! What Realtek's switches send: the Realtek Remote Control Protocol, and tags and probes that are only named.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const OPERATIONS: &Tokens = &[(0, "hello"), (1, "get"), (2, "set")];

const HELLO: u8 = 0;
const GET: u8 = 1;
const SET: u8 = 2;
/// Marks the operation of a reply.
const REPLY: u8 = 0x80;

/// Prints a frame, behind whom it is from and to.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if let Some((src, dst)) = out.context.macs {
        out.ether_host(src).text(" > ").ether_host(dst).text(", ");
    }
    let protocol = c.peek_u8(0)?;
    out.field("protocol", protocol);
    let name = match protocol {
        0x01 => return remote_control(out, c),
        0x02 => "REP",
        0x03 | 0x23 => "RLDP",
        0x04 => "Realtek 8-byte DSA tag",
        0x90..=0x9f => "Realtek RTL8306 4-byte DSA tag",
        0xa0..=0xaf => "Realtek RTL8366RB 4-byte DSA tag",
        _ => {
            write!(out, "Realtek unknown type 0x{protocol:02x}");
            return Ok(());
        }
    };
    out.text(name);
    Ok(())
}

fn remote_control(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.label("rrcp");
    c.skip(1)?;
    let code = c.u8()?;
    let (is_reply, operation) = (code & REPLY != 0, code & !REPLY);
    write!(out, "RRCP {}: ", if is_reply { "reply" } else { "query" });
    out.token(OPERATIONS, operation, format_args!("unknown opcode (0x{operation:02x})"));
    let mut body = c.ahead(2);
    if matches!(operation, GET | SET) {
        write!(out, " addr=0x{:04x}, data=0x{:08x}", body.u16_le()?, body.u32_le()?);
    }
    write!(out, ", auth=0x{:04x}", c.u16()?);
    match operation {
        HELLO if is_reply => {
            let (downlink, uplink, address) = (body.u8()?, body.u8()?, *body.array()?);
            let (chip, vendor) = (body.u16()?, body.u32()?);
            write!(out, " downlink_port={downlink}, uplink_port={uplink}, uplink_mac=");
            out.ether_host(address);
            write!(out, ", vendor_id={vendor:08x} ,chip_id={chip:04x} ");
        }
        GET | SET => {
            let (low, high) = (body.u32()?, body.u32()?);
            write!(out, ", cookie=0x{high:08x}{low:08x} ");
        }
        _ => {}
    }
    Ok(())
}
