//! Bootstrap Protocol and Dynamic Host Configuration Protocol (RFC 951, RFC 1542, RFC 2131).

pub(crate) mod options;

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FLAGS: &Tokens = &[(32768, "Broadcast")];

pub(crate) const OPERATIONS: &Tokens = &[(1, "Request"), (2, "Reply")];

const REQUEST: u8 = 1;
const ETHERNET: u8 = 1;
/// What begins the vendor's area: options as of RFC 1497 and DHCP, or those of Carnegie Mellon University.
const RFC1048_COOKIE: u32 = 0x6382_5363;
const CMU_COOKIE: u32 = u32::from_be_bytes(*b"CMU\0");
const SERVER_NAME_LEN: usize = 64;
const FILE_LEN: usize = 128;
const HARDWARE_ADDRESS_LEN: usize = 16;

/// Prints a BOOTP or DHCP message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let operation = c.u8()?;
    out.field("operation", operation);
    out.text("BOOTP/DHCP, ");
    out.token(OPERATIONS, operation, format_args!("unknown (0x{operation:02x})"));
    let (hardware_type, hardware_len) = (c.u8()?, c.u8()?);
    let is_ethernet = hardware_type == ETHERNET && hardware_len == 6;
    if is_ethernet && operation == REQUEST {
        let address = *whole.peek_array::<6>(28)?;
        out.text(" from ").ether_host(address);
    }
    write!(out, ", length {}", whole.length());
    if out.options.verbose == 0 && !out.wants_fields() {
        return Ok(());
    }
    if out.options.verbose == 0 {
        return fields(out, whole);
    }
    whole.need(10)?;
    if hardware_type != ETHERNET {
        write!(out, ", htype {hardware_type}");
    }
    if !is_ethernet {
        write!(out, ", hlen {hardware_len}");
    }
    header(out, c, is_ethernet)
}

/// What `-v` adds: the rest of the header and the vendor's area. `c` stands behind the hardware's length.
fn header(out: &mut Out, mut c: Cursor<'_>, is_ethernet: bool) -> Walk {
    let hops = c.u8()?;
    if hops != 0 {
        write!(out, ", hops {hops}");
    }
    let transaction_id = c.u32()?;
    out.field("transaction_id", transaction_id);
    if transaction_id != 0 {
        write!(out, ", xid 0x{transaction_id:x}");
    }
    let seconds = c.u16()?;
    if seconds != 0 {
        write!(out, ", secs {seconds}");
    }
    let flags = c.u16()?;
    out.text(", Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    if out.options.verbose > 1 {
        write!(out, " (0x{flags:04x})");
    }
    address(out, &mut c, "Client-IP", "client_address")?;
    address(out, &mut c, "Your-IP", "your_address")?;
    address(out, &mut c, "Server-IP", "server_address")?;
    address(out, &mut c, "Gateway-IP", "gateway_address")?;
    if is_ethernet {
        let address = *c.peek_array::<6>(0)?;
        out.field("client_hardware_address", address);
        out.text("\n\t  Client-Ethernet-Address ").ether_host(address);
    }
    c.advance(HARDWARE_ADDRESS_LEN);
    string(out, &mut c, "sname", SERVER_NAME_LEN)?;
    string(out, &mut c, "file", FILE_LEN)?;
    vendor_area(out, c)
}

fn vendor_area(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    match c.peek_u32(0)? {
        RFC1048_COOKIE => options::print(out, c),
        CMU_COOKIE => cmu(out, c),
        0 => Ok(()),
        cookie => {
            c.advance(4);
            write!(out, "\n\t  Vendor-#0x{cookie:x}");
            Ok(())
        }
    }
}

/// An address, where there is one.
fn address(out: &mut Out, c: &mut Cursor<'_>, name: &str, field: &'static str) -> Walk {
    let address = *c.array::<4>()?;
    if address != [0; 4] {
        out.field(field, address);
        write!(out, "\n\t  {name} ");
        out.host4(address);
    }
    Ok(())
}

/// A string, where there is one, in a field of fixed length.
fn string(out: &mut Out, c: &mut Cursor<'_>, name: &str, length: usize) -> Walk {
    let mut field = *c;
    c.advance(length);
    if field.peek_u8(0)? == 0 {
        return Ok(());
    }
    write!(out, "\n\t  {name} \"");
    let walk = out.escaped_terminated(&mut field, length);
    out.text("\"");
    walk
}

/// Fields of a message whose text is kept short.
fn fields(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const FIELDS: [&str; 4] = ["client_address", "your_address", "server_address", "gateway_address"];
    c.advance(4);
    // What was cut off is simply not handed on: the text is whole without it.
    let Ok(transaction_id) = c.u32() else { return Ok(()) };
    out.field("transaction_id", transaction_id);
    c.advance(4);
    for name in FIELDS {
        match c.array::<4>() {
            Ok([0, 0, 0, 0]) | Err(_) => {}
            Ok(address) => out.field(name, *address),
        }
    }
    if let Ok(address) = c.array::<6>() {
        out.field("client_hardware_address", *address);
    }
    Ok(())
}

/// The vendor's area in the form of Carnegie Mellon University.
fn cmu(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" vend-cmu");
    c.advance(4);
    let flags = c.u8()?;
    if flags != 0 {
        write!(out, " F:0x{flags:x}");
    }
    c.advance(3);
    let mut mask_and_gateway = [[0; 4]; 2];
    for address in &mut mask_and_gateway {
        *address = *c.array()?;
    }
    let [mask, gateway] = mask_and_gateway;
    cmu_address(out, "DG", gateway);
    // Bit 2 says that the mask is the network's own.
    cmu_address(out, if flags & 2 != 0 { "SM" } else { "SM*" }, mask);
    for name in ["NS1", "NS2", "IEN1", "IEN2", "TS1", "TS2"] {
        let address = *c.array()?;
        cmu_address(out, name, address);
    }
    Ok(())
}

fn cmu_address(out: &mut Out, name: &str, address: [u8; 4]) {
    if address != [0; 4] {
        write!(out, " {name}:");
        out.host4(address);
    }
}
