//! What TCP and UDP carry, by what the payload says and else by the port.

use std::net::IpAddr;

use wirescope_wire::ipv4::protocol;

use crate::bounded::Bounded;
use crate::decode::{Decoded, Transport};

/// Most endpoints remembered for what they once said on a port that is not its own.
const MAX_ENDPOINTS: usize = 16_384;
const TCP: u8 = protocol::TCP;
const UDP: u8 = protocol::UDP;

/// An application protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Application {
    /// Its name.
    pub name: &'static str,
    /// Whether its payload gave it away on a port that is not its own.
    pub is_off_port: bool,
}

/// Payload of nothing known.
const DATA: Application = Application { name: "data", is_off_port: false };

/// Ports that belong to a protocol (IANA "Service Names and Port Numbers"), ascending.
const PORTS: &[(u8, u16, &str)] = &[
    (TCP, 20, "ftp-data"),
    (TCP, 21, "ftp"),
    (TCP, 22, "ssh"),
    (TCP, 23, "telnet"),
    (TCP, 25, "smtp"),
    (TCP, 43, "whois"),
    (TCP, 49, "tacacs"),
    (TCP, 53, "dns"),
    (TCP, 79, "finger"),
    (TCP, 80, "http"),
    (TCP, 88, "kerberos"),
    (TCP, 110, "pop3"),
    (TCP, 111, "portmapper"),
    (TCP, 113, "ident"),
    (TCP, 119, "nntp"),
    (TCP, 135, "msrpc"),
    (TCP, 139, "netbios-ssn"),
    (TCP, 143, "imap"),
    (TCP, 179, "bgp"),
    (TCP, 389, "ldap"),
    (TCP, 443, "tls"),
    (TCP, 445, "smb"),
    (TCP, 465, "tls"),
    (TCP, 502, "modbus"),
    (TCP, 512, "exec"),
    (TCP, 513, "login"),
    (TCP, 514, "shell"),
    (TCP, 515, "printer"),
    (TCP, 554, "rtsp"),
    (TCP, 587, "smtp"),
    (TCP, 636, "tls"),
    (TCP, 853, "tls"),
    (TCP, 993, "tls"),
    (TCP, 995, "tls"),
    (TCP, 1080, "socks"),
    (TCP, 1433, "ms-sql"),
    (TCP, 1723, "pptp"),
    (TCP, 1883, "mqtt"),
    (TCP, 2049, "nfs"),
    (TCP, 3306, "mysql"),
    (TCP, 3389, "rdp"),
    (TCP, 5060, "sip"),
    (TCP, 5222, "xmpp"),
    (TCP, 5432, "postgresql"),
    (TCP, 5900, "vnc"),
    (TCP, 6000, "x11"),
    (TCP, 6379, "redis"),
    (TCP, 6667, "irc"),
    (TCP, 8080, "http"),
    (TCP, 8443, "tls"),
    (UDP, 53, "dns"),
    (UDP, 67, "dhcp"),
    (UDP, 68, "dhcp"),
    (UDP, 69, "tftp"),
    (UDP, 88, "kerberos"),
    (UDP, 111, "portmapper"),
    (UDP, 123, "ntp"),
    (UDP, 137, "netbios-ns"),
    (UDP, 138, "netbios-dgm"),
    (UDP, 161, "snmp"),
    (UDP, 162, "snmp-trap"),
    (UDP, 443, "quic"),
    (UDP, 500, "isakmp"),
    (UDP, 514, "syslog"),
    (UDP, 520, "rip"),
    (UDP, 546, "dhcpv6"),
    (UDP, 547, "dhcpv6"),
    (UDP, 1434, "ms-sql-m"),
    (UDP, 1812, "radius"),
    (UDP, 1813, "radius"),
    (UDP, 1900, "ssdp"),
    (UDP, 2049, "nfs"),
    (UDP, 2055, "netflow"),
    (UDP, 3478, "stun"),
    (UDP, 4500, "ipsec-nat-t"),
    (UDP, 4789, "vxlan"),
    (UDP, 5060, "sip"),
    (UDP, 5353, "mdns"),
    (UDP, 5355, "llmnr"),
    (UDP, 6081, "geneve"),
];

/// First bytes that only one protocol has.
const OPENINGS: &[(u8, &[u8], &str)] = &[
    (TCP, b"SSH-", "ssh"),
    (TCP, b"GET /", "http"),
    (TCP, b"POST /", "http"),
    (TCP, b"HEAD /", "http"),
    (TCP, b"PUT /", "http"),
    (TCP, b"OPTIONS ", "http"),
    (TCP, b"CONNECT ", "http"),
    (TCP, b"HTTP/1.", "http"),
    (TCP, b"\x16\x03\x01", "tls"),
    (TCP, b"\x16\x03\x03", "tls"),
    (TCP, b"NICK ", "irc"),
    (TCP, b"USER ", "login text"),
    (TCP, b"RFB 00", "vnc"),
    (TCP, b"\x13BitTorrent protocol", "bittorrent"),
    (UDP, b"SIP/2.0 ", "sip"),
    (UDP, b"M-SEARCH * HTTP/1.1", "ssdp"),
    (UDP, b"d1:ad2:id20:", "bittorrent-dht"),
];

fn by_port(transport: u8, port: u16) -> Option<&'static str> {
    let at = PORTS.binary_search_by(|row| (row.0, row.1).cmp(&(transport, port))).ok()?;
    PORTS.get(at).map(|row| row.2)
}

/// The port of the two that is the server's: one that belongs to a protocol, or else the lower.
pub(super) fn server_port(transport: u8, (src, dst): (u16, u16)) -> u16 {
    let is_known = |port| by_port(transport, port).is_some();
    match (is_known(src), is_known(dst)) {
        (true, false) => src,
        (false, true) => dst,
        _ => src.min(dst),
    }
}

/// Recognises applications, and remembers endpoints that gave one away on another's port.
#[derive(Debug)]
pub(super) struct Applications {
    endpoints: Bounded<(IpAddr, u16, u8), Application>,
}

impl Default for Applications {
    fn default() -> Self {
        Applications { endpoints: Bounded::new(MAX_ENDPOINTS) }
    }
}

impl Applications {
    /// What a packet's payload is; `None` where it has none.
    pub(super) fn of(&mut self, decoded: &Decoded) -> Option<Application> {
        let ip = decoded.ip.as_ref()?;
        let (transport, src_port, dst_port, payload) = match &decoded.transport {
            Transport::Tcp(segment) => (TCP, segment.src_port, segment.dst_port, segment.payload),
            Transport::Udp(datagram) => (UDP, datagram.src_port, datagram.dst_port, datagram.payload),
            Transport::Icmp(_) | Transport::None => return None,
        };
        if payload.is_empty() {
            return None;
        }
        let usual = by_port(transport, dst_port).or_else(|| by_port(transport, src_port));
        let opening = OPENINGS.iter().find(|row| row.0 == transport && payload.starts_with(row.1));
        let server = server_port(transport, (src_port, dst_port));
        let host = if server == src_port { ip.src } else { ip.dst };
        match (usual, opening) {
            // FTP and mail log in with USER, on ports of their own.
            (Some(name), Some((_, _, "login text"))) => Some(Application { name, is_off_port: false }),
            (usual, Some((_, _, name))) if usual != Some(name) && *name != "login text" => {
                let found = Application { name, is_off_port: true };
                self.endpoints.insert((host, server, transport), found);
                Some(found)
            }
            (Some(name), _) => Some(
                self.endpoints
                    .get(&(host, server, transport))
                    .copied()
                    .unwrap_or(Application { name, is_off_port: false }),
            ),
            (None, _) => Some(self.endpoints.get(&(host, server, transport)).copied().unwrap_or(DATA)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_ascend_and_tell_who_serves() {
        assert!(PORTS.is_sorted_by_key(|row| (row.0, row.1)));
        assert_eq!((by_port(TCP, 80), by_port(UDP, 80)), (Some("http"), None));
        assert_eq!(server_port(TCP, (40_000, 8_080)), 8_080);
        assert_eq!(server_port(TCP, (80, 22_000)), 80);
        assert_eq!(server_port(UDP, (31_789, 31_790)), 31_789);
    }
}
