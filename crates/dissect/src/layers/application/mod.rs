//! What TCP and UDP carry: by port, and where no port tells, by its looks.

mod dhcp;
mod dns;
mod lines;
mod ntp;
mod rpc;
mod snmp;
mod tftp;
mod tls;

use std::ops::RangeInclusive;

use wirescope_wire::Cursor;

use super::tunnel;
use super::walker::{Show, Walker};

/// Ports on either side, and who shows what goes to or from them.
type Ports = (RangeInclusive<u16>, Show);

/// What payload may look like, and who shows it.
type Looks = (fn(Cursor<'_>) -> bool, Show);

const UDP_PORTS: &[Ports] = &[
    (53..=53, dns::message),
    (67..=68, dhcp::message),
    (69..=69, tftp::packet),
    (111..=111, rpc::message),
    (123..=123, ntp::message),
    (161..=162, snmp::message),
    (4789..=4789, tunnel::vxlan),
    (5353..=5353, dns::message),
    (5355..=5355, dns::message),
    (6081..=6081, tunnel::geneve),
    (8472..=8472, tunnel::vxlan),
];

const TCP_PORTS: &[Ports] = &[
    (21..=21, lines::ftp),
    (23..=23, lines::telnet),
    (25..=25, lines::smtp),
    (53..=53, dns::over_tcp),
    (80..=80, lines::http),
    (110..=110, lines::pop),
    (111..=111, rpc::over_tcp),
    (587..=587, lines::smtp),
    (6660..=6669, lines::irc),
    (8080..=8080, lines::http),
];

/// What payload looks like where no port tells: the first that says yes.
const TCP_LOOKS: &[Looks] = &[
    (tls::looks, tls::records),
    (lines::look_like_http, lines::http),
    (rpc::looks_marked, rpc::over_tcp),
    (lines::look, lines::any),
];
const UDP_LOOKS: &[Looks] = &[(rpc::looks, rpc::message), (lines::look, lines::any)];

/// Payload of TCP, between these ports.
pub(super) fn over_tcp(w: &mut Walker<'_>, ports: (u16, u16), c: Cursor<'_>) {
    payload(w, ports, c, TCP_PORTS, TCP_LOOKS);
}

/// Payload of UDP, between these ports.
pub(super) fn over_udp(w: &mut Walker<'_>, ports: (u16, u16), c: Cursor<'_>) {
    payload(w, ports, c, UDP_PORTS, UDP_LOOKS);
}

fn payload(w: &mut Walker<'_>, ports: (u16, u16), c: Cursor<'_>, by_port: &[Ports], by_looks: &[Looks]) {
    if c.length() == 0 {
        return;
    }
    // On a port of text TLS may be spoken too (RFC 2817, RFC 3207); it looks like nothing else.
    let has = |row: &&Ports| (row.0.contains(&ports.0) || row.0.contains(&ports.1)) && !tls::looks(c);
    let show = by_port.iter().find(has).map(|row| row.1);
    match show.or_else(|| by_looks.iter().find(|row| row.0(c)).map(|row| row.1)) {
        Some(show) => w.enter(show, c),
        None => w.data(c),
    }
}
