//! Cisco's VLAN Query Protocol.

use crate::Out;
use crate::escape::to_zero;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "Request, Join Port"),
    (2, "Response, VLAN"),
    (3, "Request, Reconfirm"),
    (4, "Response, Reconfirm"),
];

const ERRORS: &Tokens =
    &[(0, "No error"), (3, "Access denied"), (4, "Shutdown port"), (5, "Wrong VTP domain")];

const OBJECTS: &Tokens = &[
    (object::CLIENT_ADDRESS, "Client IP Address"),
    (object::PORT_NAME, "Port Name"),
    (object::VLAN_NAME, "VLAN Name"),
    (object::VTP_DOMAIN, "VTP Domain"),
    (object::ETHERNET_PACKET, "Ethernet Packet"),
    (object::MAC_NULL, "MAC Null"),
    (object::MAC_ADDRESS, "MAC Address"),
];

mod object {
    pub(super) const CLIENT_ADDRESS: u32 = 0x0c01;
    pub(super) const PORT_NAME: u32 = 0x0c02;
    pub(super) const VLAN_NAME: u32 = 0x0c03;
    pub(super) const VTP_DOMAIN: u32 = 0x0c04;
    pub(super) const ETHERNET_PACKET: u32 = 0x0c05;
    pub(super) const MAC_NULL: u32 = 0x0c06;
    pub(super) const MAC_ADDRESS: u32 = 0x0c08;
}

const VERSION: u8 = 1;
const HEADER_LEN: usize = 8;

/// Prints a message; its objects only when asked for.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    c.need(HEADER_LEN)?;
    let [version, kind, error, items] = *c.array()?;
    if version != VERSION {
        write!(out, "VQP version {version} packet not supported");
        return Ok(());
    }
    out.field("type", kind);
    out.field("error", error);
    let verbose = out.options.verbose > 0;
    out.text(if verbose { "\n\tVQPv1, " } else { "VQPv1 " });
    out.token(MESSAGES, kind, format_args!("unknown ({kind})"));
    out.text(" Message, error-code ");
    out.token(ERRORS, error, format_args!("unknown"));
    if !verbose {
        write!(out, " ({error}), length {length}");
        return Ok(());
    }
    write!(out, " ({error}), seq 0x{:08x}, items {items}, length {length}", c.u32()?);
    for _ in 0..items {
        if c.length() == 0 {
            break;
        }
        print_object(out, &mut c)?;
    }
    Ok(())
}

fn print_object(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (kind, length) = (c.peek_u32(0)?, usize::from(c.peek_u16(4)?));
    c.advance(6);
    out.text("\n\t  ");
    out.token(OBJECTS, kind, format_args!("Unknown"));
    write!(out, " Object (0x{kind:08x}), length {length}, value: ");
    if length == 0 {
        return Ok(());
    }
    c.need(length)?;
    let mut value = c.split(length);
    match kind {
        object::CLIENT_ADDRESS => {
            if length != 4 {
                return Err(Stop::Invalid);
            }
            let address: [u8; 4] = *value.array()?;
            out.ipv4(address);
            write!(out, " (0x{:08x})", u32::from_be_bytes(address));
        }
        object::PORT_NAME | object::VLAN_NAME | object::VTP_DOMAIN | object::ETHERNET_PACKET => {
            out.escaped(to_zero(value.bytes()));
        }
        object::MAC_NULL | object::MAC_ADDRESS => {
            if length != 6 {
                return Err(Stop::Invalid);
            }
            out.ether_host(*value.array()?);
        }
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t    ", value.bytes()),
        _ => {}
    }
    Ok(())
}
