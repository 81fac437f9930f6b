//! User Datagram Protocol (RFC 768).

use crate::proto::nfs;
use crate::registry;
use crate::{Network, Out, PortProtocol};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::udp::Udp;
use wirescope_wire::{Cursor, Stop, Walk, checksum};

/// Prints a UDP datagram and its payload.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !c.has(4) {
        match out.context.network {
            Network::None => out,
            _ => out.network_src().text(" > ").network_dst().text(": "),
        };
        return Err(Stop::Truncated);
    }
    let (src_port, dst_port) = (c.peek_u16(0)?, c.peek_u16(2)?);
    if c.length() < Udp::LEN {
        endpoints(out, src_port, dst_port);
        return out.disagree("length", c.length(), "<", Udp::LEN);
    }
    if !c.has(6) {
        endpoints(out, src_port, dst_port);
        return Err(Stop::Truncated);
    }
    // A datagram too long for its length field has a length of 0 (RFC 2675 section 4).
    let claimed = match usize::from(c.peek_u16(4)?) {
        0 if c.length() > usize::from(u16::MAX) => c.length(),
        claimed => claimed,
    };
    if claimed < Udp::LEN {
        endpoints(out, src_port, dst_port);
        return out.disagree("undersized-udplength", claimed, "<", Udp::LEN);
    }
    if !c.has(Udp::LEN) {
        endpoints(out, src_port, dst_port);
        return Err(Stop::Truncated);
    }
    let mut rest = c;
    let udp = Udp::read(&mut rest)?;
    let claimed = claimed - Udp::LEN;
    let length = claimed.min(rest.length());
    let payload = rest.claim(length);
    // Remote procedure calls show their own addresses.
    if out.options.port_protocol != Some(PortProtocol::Rpc) {
        endpoints(out, src_port, dst_port);
    }
    fields(out, udp);
    if let Some(forced) = out.options.port_protocol {
        return match registry::forced_udp(forced) {
            Some(row) => out.run(row.proto, row.print, payload),
            None => Ok(()),
        };
    }
    // A checksum is not told with NFS.
    if !out.options.quiet
        && let Some(print) = nfs::udp_printer(src_port, dst_port, &payload)
    {
        return out.run("nfs", print, payload);
    }
    // IPv4 may do without this checksum, so there it is told only when much is.
    let wanted = if matches!(out.context.network, Network::V6 { .. }) { 1 } else { 2 };
    if out.options.verbose >= wanted && !out.options.no_checksums && !out.context.fragmented {
        print_checksum(out, udp, c.claim(length + Udp::LEN));
    }
    if !out.options.quiet
        && let Some(row) = out.registry.udp.find(src_port, dst_port, &payload)
    {
        out.context.ports = (src_port, dst_port);
        return out.run(row.proto, row.print, payload);
    }
    if claimed > length && !out.context.fragmented {
        write!(out, "UDP, bad length {claimed} > {length}");
    } else {
        out.text_len(b"UDP, length ", claimed);
    }
    Ok(())
}

#[inline]
fn fields(out: &mut Out, udp: Udp<'_>) {
    out.fields(|| {
        [
            ("src_port", udp.src_port().into()),
            ("dst_port", udp.dst_port().into()),
            ("length", udp.length().into()),
            ("checksum", udp.checksum().into()),
        ]
    });
}

/// Writes addresses and ports; only the ports where the IP printer has shown the addresses already.
#[inline]
fn endpoints(out: &mut Out, src_port: u16, dst_port: u16) {
    if out.context.ip_protocol == protocol::UDP {
        out.network_src().text_udp_port(b".", src_port).text(" > ");
        out.network_dst().text_udp_port(b".", dst_port).text(": ");
    } else {
        out.udp_port(src_port).text(" > ").udp_port(dst_port).text(": ");
    }
}

fn print_checksum(out: &mut Out, udp: Udp<'_>, datagram: Cursor<'_>) {
    let found = udp.checksum();
    if found == 0 {
        out.text("[no cksum] ");
        return;
    }
    if !datagram.has(datagram.length()) {
        return;
    }
    let Some(pseudo) = out.context.network.pseudo_header(protocol::UDP, datagram.length()) else { return };
    let sum = pseudo.bytes(datagram.claimed_bytes()).checksum();
    if sum == 0 {
        out.text("[udp sum ok] ");
    } else {
        let right = checksum::expected(found, sum);
        out.text("[bad udp cksum 0x").hex(found, 4).text(" -> 0x").hex(right, 4).text("!] ");
    }
}
