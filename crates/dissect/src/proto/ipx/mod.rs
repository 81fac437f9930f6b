//! Novell's Internetwork Packet Exchange, with its service advertisements and routes (Novell IPX Router Specification).

mod services;

use crate::Out;
use crate::proto::smb;
use crate::tokens;
use services::SERVICES;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of the header.
const HEADER_LEN: usize = 30;

/// Sockets, by which the payload is known.
mod socket {
    pub(super) const NCP: u16 = 0x0451;
    pub(super) const SAP: u16 = 0x0452;
    pub(super) const RIP: u16 = 0x0453;
    pub(super) const NETBIOS: u16 = 0x0455;
    pub(super) const DIAGNOSTICS: u16 = 0x0456;
    pub(super) const NWLINK_DATAGRAM: u16 = 0x0553;
    pub(super) const EIGRP: u16 = 0x85be;
}

/// Protocol number above IP by which EIGRP's printer is found.
const EIGRP_PROTOCOL: u8 = 88;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !out.options.link_header {
        out.text("IPX ");
    }
    c.need(HEADER_LEN)?;
    let mut header = c;
    header.advance(2);
    let length = usize::from(header.u16()?);
    header.advance(2);
    let destination = Endpoint::read(&mut header)?;
    let source = Endpoint::read(&mut header)?;
    out.field("source_socket", source.socket);
    out.field("destination_socket", destination.socket);
    source.print(out);
    out.text(" > ");
    destination.print(out);
    out.text(": ");
    if length < HEADER_LEN {
        write!(out, "[length {length} < {HEADER_LEN}]");
        return Err(Stop::Invalid);
    }
    payload(out, header.claim(length - HEADER_LEN), destination.socket)
}

/// A network, a node and a socket.
struct Endpoint {
    network: u32,
    node: [u8; 6],
    socket: u16,
}

impl Endpoint {
    fn read(c: &mut Cursor<'_>) -> Walk<Endpoint> {
        Ok(Endpoint { network: c.u32()?, node: *c.array()?, socket: c.u16()? })
    }

    fn print(&self, out: &mut Out) {
        out.hex(self.network, 8).text(".").mac(self.node).text(".").hex(self.socket, 4);
    }
}

fn payload(out: &mut Out, c: Cursor<'_>, socket: u16) -> Walk {
    let length = c.length();
    match socket {
        socket::SAP => services(out, c),
        socket::RIP => routes(out, c),
        socket::NETBIOS => {
            write!(out, "ipx-netbios {length}");
            smb::print_ipx(out, c)
        }
        socket::NCP => named(out, "ncp", length),
        socket::DIAGNOSTICS => named(out, "diags", length),
        socket::NWLINK_DATAGRAM => {
            named(out, "nwlink-dgm", length)?;
            smb::print_ipx(out, c)
        }
        socket::EIGRP if let Some(row) = out.registry.ip_protocol(EIGRP_PROTOCOL) => {
            out.run(row.proto, row.print, c)
        }
        _ => {
            write!(out, "ipx-#{socket:x} {length}");
            Ok(())
        }
    }
}

fn named(out: &mut Out, name: &str, length: usize) -> Walk {
    write!(out, "ipx-{name} {length}");
    Ok(())
}

/// What a message must have left for its next part.
fn remaining(out: &mut Out, c: &Cursor<'_>, needed: usize) -> Walk {
    if c.length() < needed {
        return out.disagree("length", c.length(), "<", needed);
    }
    Ok(())
}

/// Most services in a response.
const MAX_SERVICES: usize = 8;
const SERVICE_NAME_LEN: usize = 48;

/// A message of the Service Advertising Protocol.
fn services(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    remaining(out, &c, 2)?;
    let command = c.u16()?;
    match command {
        1 | 3 => {
            out.text(if command == 1 { "ipx-sap-req" } else { "ipx-sap-nearest-req" });
            if c.length() > 0 {
                remaining(out, &c, 2)?;
                let kind = c.u16()?;
                out.text(" ");
                service_kind(out, kind);
            }
            Ok(())
        }
        2 | 4 => {
            out.text(if command == 2 { "ipx-sap-resp" } else { "ipx-sap-nearest-resp" });
            for _ in 0..MAX_SERVICES {
                if c.length() == 0 {
                    break;
                }
                service(out, &mut c)?;
            }
            Ok(())
        }
        _ => {
            write!(out, "ipx-sap-?{command:x}");
            Ok(())
        }
    }
}

fn service_kind(out: &mut Out, kind: u16) {
    match tokens::name(SERVICES, kind.into()) {
        Some(name) if !out.options.numeric => out.text(name),
        _ => out.hex(kind, 4),
    };
}

/// A service: what it is, its name and where it is.
fn service(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    remaining(out, c, 2)?;
    let kind = c.u16()?;
    out.text(" ");
    service_kind(out, kind);
    out.text(" '");
    if c.length() < SERVICE_NAME_LEN {
        out.text("'");
        return Err(Stop::Invalid);
    }
    out.escaped_padded(c, SERVICE_NAME_LEN)?;
    out.text("'");
    remaining(out, c, 10)?;
    let (network, node) = (c.u32()?, *c.array::<6>()?);
    out.text(" addr ").hex(network, 8).text(".").mac(node);
    // The socket and the number of hops.
    remaining(out, c, 4)?;
    c.skip(4)
}

/// Most routes in a response.
const MAX_ROUTES: usize = 15;
const ROUTE_LEN: usize = 8;

/// A message of IPX's Routing Information Protocol.
fn routes(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    remaining(out, &c, 2)?;
    let command = c.u16()?;
    match command {
        1 => {
            out.text("ipx-rip-req");
            if c.length() > 0 { route(out, &mut c) } else { Ok(()) }
        }
        2 => {
            out.text("ipx-rip-resp");
            for _ in 0..MAX_ROUTES {
                if c.length() == 0 {
                    break;
                }
                route(out, &mut c)?;
            }
            Ok(())
        }
        _ => {
            write!(out, "ipx-rip-?{command:x}");
            Ok(())
        }
    }
}

/// A network, and how many hops and ticks it is away.
fn route(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    remaining(out, c, ROUTE_LEN)?;
    let (network, hops, ticks) = (c.u32()?, c.u16()?, c.u16()?);
    write!(out, " {network:08x}/{hops}.{ticks}");
    Ok(())
}
