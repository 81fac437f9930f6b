//! `sfportscan`: hosts that try many ports or many hosts, told by what answers them.
//!
//! Two tables say who tried (scanners) and who was tried (scanned). Each counts the attempts that nobody
//! completed, and the refusals (RST, ICMP unreachable). Refusals make a scan; attempts alone, many of
//! them, make a filtered one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;

use wirescope_flow::bounded::Bounded;
use wirescope_flow::decode::{Ip, Meaning, Quoted, Transport};
use wirescope_flow::stream::Direction;
use wirescope_wire::Timestamp;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::flag;

use crate::language::{PORT_SCAN_GENERATOR as GENERATOR, PortScan, PortScanLevel, Rule, RuleSet};

/// Bytes that a tracker counts against `memcap`.
const TRACKER_BYTES: usize = 128;
/// Trackers held at most, whatever `memcap` says.
const MAX_TRACKERS: usize = 1 << 18;

/// What is tried.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    Tcp,
    Udp,
    Icmp,
    Protocol,
}

impl Kind {
    fn of(number: u8) -> Kind {
        match number {
            protocol::TCP => Kind::Tcp,
            protocol::UDP => Kind::Udp,
            protocol::ICMP | protocol::ICMPV6 => Kind::Icmp,
            _ => Kind::Protocol,
        }
    }

    /// Its name in the configuration.
    fn name(self) -> &'static str {
        match self {
            Kind::Tcp => "tcp",
            Kind::Udp => "udp",
            Kind::Icmp => "icmp",
            Kind::Protocol => "ip_proto",
        }
    }
}

/// Who tries whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// One host many ports of another.
    Scan,
    /// The same, hidden among many forged sources.
    Decoy,
    /// One host the same port of many others.
    Sweep,
    /// Many hosts the same ports of one.
    Distributed,
}

impl Shape {
    const ALL: [Shape; 4] = [Shape::Scan, Shape::Decoy, Shape::Sweep, Shape::Distributed];

    /// Its name in the configuration.
    fn name(self) -> &'static str {
        match self {
            Shape::Scan => "portscan",
            Shape::Decoy => "decoy_portscan",
            Shape::Sweep => "portsweep",
            Shape::Distributed => "distributed_portscan",
        }
    }
}

/// From which counts on something is a scan; 0 attempts: attempts alone never are.
#[derive(Clone, Copy)]
struct Bounds {
    attempts: u32,
    refusals: u32,
    hosts: u32,
    ports: u32,
}

const fn bounds(attempts: u32, refusals: u32, hosts: u32, ports: u32) -> Bounds {
    Bounds { attempts, refusals, hosts, ports }
}

/// The bounds of a level: one row a kind, in it the shapes in the order of [`Shape::ALL`].
fn bounds_of(level: PortScanLevel, kind: Kind, shape: Shape) -> Option<Bounds> {
    use PortScanLevel::{High, Low, Medium};
    let row = match (level, kind) {
        (Low, Kind::Tcp | Kind::Udp) => {
            [bounds(0, 5, 25, 5), bounds(0, 15, 50, 30), bounds(0, 5, 5, 15), bounds(0, 15, 50, 15)]
        }
        (Medium, Kind::Tcp) => [
            bounds(200, 10, 60, 15),
            bounds(200, 30, 120, 60),
            bounds(30, 7, 7, 10),
            bounds(200, 30, 120, 30),
        ],
        (Medium, Kind::Udp) => [
            bounds(200, 10, 60, 15),
            bounds(200, 30, 120, 60),
            bounds(30, 5, 5, 20),
            bounds(200, 30, 120, 30),
        ],
        (High, Kind::Tcp) => {
            [bounds(200, 5, 100, 10), bounds(200, 7, 200, 60), bounds(30, 3, 3, 10), bounds(200, 5, 200, 10)]
        }
        (High, Kind::Udp) => {
            [bounds(200, 3, 100, 10), bounds(200, 7, 200, 60), bounds(30, 3, 3, 10), bounds(200, 3, 200, 10)]
        }
        (Low, Kind::Protocol) => {
            [bounds(0, 10, 10, 50), bounds(0, 40, 50, 25), bounds(0, 10, 10, 10), bounds(0, 15, 25, 50)]
        }
        (Medium | High, Kind::Protocol) => [
            bounds(200, 10, 10, 50),
            bounds(200, 40, 50, 25),
            bounds(30, 10, 10, 10),
            bounds(200, 15, 25, 50),
        ],
        // An echo has no ports: there are only sweeps.
        (_, Kind::Icmp) if shape != Shape::Sweep => return None,
        (Low, Kind::Icmp) => [bounds(0, 5, 5, 5); 4],
        (Medium, Kind::Icmp) => [bounds(20, 5, 5, 5); 4],
        (High, Kind::Icmp) => [bounds(10, 3, 3, 5); 4],
    };
    row.get(shape as usize).copied()
}

/// Seconds that counts are kept for.
fn window(level: PortScanLevel) -> i64 {
    match level {
        PortScanLevel::Low => 60,
        PortScanLevel::Medium => 90,
        PortScanLevel::High => 600,
    }
}

/// One event: its identifier and its name.
fn event(kind: Kind, shape: Shape, filtered: bool) -> (u32, String) {
    let (first, name) = match kind {
        Kind::Tcp => (1, "TCP"),
        Kind::Protocol => (9, "IP"),
        Kind::Udp => (17, "UDP"),
        Kind::Icmp => {
            return if filtered {
                (26, "(portscan) ICMP Filtered Sweep".to_owned())
            } else {
                (25, "(portscan) ICMP Sweep".to_owned())
            };
        }
    };
    let sid = first + shape as u32 + if filtered { 4 } else { 0 };
    let filtered = if filtered { "Filtered " } else { "" };
    let (before, what) = match (kind, shape) {
        (Kind::Protocol, Shape::Scan) => ("", "Protocol Scan"),
        (Kind::Protocol, Shape::Decoy) => ("Decoy ", "Protocol Scan"),
        (Kind::Protocol, Shape::Sweep) => ("", "Protocol Sweep"),
        (Kind::Protocol, Shape::Distributed) => ("Distributed ", "Protocol Scan"),
        (_, Shape::Scan) => ("", "Portscan"),
        (_, Shape::Decoy) => ("Decoy ", "Portscan"),
        (_, Shape::Sweep) => ("", "Portsweep"),
        (_, Shape::Distributed) => ("Distributed ", "Portscan"),
    };
    (sid, format!("(portscan) {name} {filtered}{before}{what}"))
}

/// What was seen of one host in the running window.
#[derive(Clone, Copy, Default)]
struct Tracker {
    /// Second at which counting starts anew.
    until: i64,
    attempts: u32,
    refusals: u32,
    /// Changes of the other host, the last one, and the range.
    hosts: u32,
    host: Option<IpAddr>,
    low_host: Option<IpAddr>,
    high_host: Option<IpAddr>,
    /// Changes of the port, the last one, and the range.
    ports: u32,
    port: Option<u16>,
    low_port: u16,
    high_port: u16,
    /// An event was raised for this window.
    raised: bool,
}

/// What a packet says about an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Change {
    Attempted,
    Completed,
    Refused,
}

impl Tracker {
    fn update(&mut self, change: Change, other: IpAddr, port: u16, now: Timestamp, seconds: i64) {
        if now.seconds > self.until {
            *self = Tracker { until: now.seconds + seconds, ..Tracker::default() };
        }
        match change {
            Change::Attempted => self.attempts = self.attempts.saturating_add(1),
            Change::Completed => self.attempts = self.attempts.saturating_sub(1),
            Change::Refused => self.refusals = self.refusals.saturating_add(1),
        }
        if change != Change::Attempted {
            return;
        }
        if self.host.replace(other) != Some(other) {
            self.hosts = self.hosts.saturating_add(1);
            self.low_host = Some(self.low_host.map_or(other, |low| low.min(other)));
            self.high_host = Some(self.high_host.map_or(other, |high| high.max(other)));
        }
        let is_first = self.port.is_none();
        if self.port.replace(port) != Some(port) {
            self.ports = self.ports.saturating_add(1);
            self.low_port = if is_first { port } else { self.low_port.min(port) };
            self.high_port = self.high_port.max(port);
        }
    }

    /// Whether the counts make a scan of this shape, and whether a filtered one.
    fn is(&self, shape: Shape, bounds: Bounds) -> Option<bool> {
        let (many_hosts, many_ports) = (self.hosts >= bounds.hosts, self.ports >= bounds.ports);
        let fits = match shape {
            Shape::Scan => !many_hosts && many_ports,
            Shape::Decoy => many_hosts && many_ports,
            Shape::Sweep | Shape::Distributed => many_hosts && self.ports <= bounds.ports,
        };
        let refused = self.refusals >= bounds.refusals;
        let filtered = bounds.attempts > 0 && self.attempts >= bounds.attempts;
        (fits && (refused || filtered)).then_some(!refused)
    }

    /// The counts as text, which is what the event's packet carries.
    fn text(&self, whose: &str) -> String {
        let range = |host: Option<IpAddr>| host.map(|host| host.to_string()).unwrap_or_default();
        format!(
            "Priority Count: {}\nConnection Count: {}\nIP Count: {}\n{whose} IP Range: {}:{}\n\
             Port/Proto Count: {}\nPort/Proto Range: {}:{}\n",
            self.refusals,
            self.attempts,
            self.hosts,
            range(self.low_host),
            range(self.high_host),
            self.ports,
            self.low_port,
            self.high_port,
        )
    }
}

/// What the conversation of a packet says about it.
#[derive(Clone, Copy)]
pub(super) struct InConversation {
    pub(super) direction: Direction,
    pub(super) is_new: bool,
    pub(super) established: bool,
    /// This packet made it so.
    pub(super) newly_established: bool,
    /// Packets of the server so far, this one included.
    pub(super) server_packets: u64,
}

/// A scan that the engine has to raise.
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) scanner: IpAddr,
    pub(super) scanned: IpAddr,
    /// What the event's packet carries.
    pub(super) text: String,
}

/// An attempt, or what became of one.
struct Attempt {
    kind: Kind,
    change: Change,
    scanner: IpAddr,
    scanned: IpAddr,
    port: u16,
}

/// Watches for scans.
pub(super) struct PortScans {
    settings: PortScan,
    /// The events that are raised, by identifier.
    rules: HashMap<u32, Rule>,
    scanners: Bounded<(IpAddr, Kind), Tracker>,
    scanned: Bounded<(IpAddr, Kind), Tracker>,
}

impl PortScans {
    /// The watch that a rule set asks for: `sfportscan` says how, event rules say which events.
    pub(super) fn new(set: &RuleSet) -> Option<PortScans> {
        let settings = set.config.port_scan.clone()?;
        let mut rules: HashMap<u32, Rule> = HashMap::new();
        for (sid, name) in events() {
            let given = set.event_rules.iter().find(|rule| (rule.gid, rule.sid) == (GENERATOR, sid));
            let rule = match given {
                Some(rule) => Some(Rule { message: name, ..rule.clone() }),
                None if set.config.raise_all_events => named(sid, &name),
                None => None,
            };
            rules.extend(rule.map(|rule| (sid, rule)));
        }
        let cap = (settings.memory / TRACKER_BYTES / 2).clamp(1, MAX_TRACKERS);
        Some(PortScans { settings, rules, scanners: Bounded::new(cap), scanned: Bounded::new(cap) })
    }

    /// How many trackers had to make room for others.
    pub(super) fn evicted(&self) -> u64 {
        self.scanners.evicted() + self.scanned.evicted()
    }

    /// Counts a packet and says whether it completes a scan.
    pub(super) fn packet(
        &mut self,
        now: Timestamp,
        ip: &Ip<'_>,
        transport: &Transport<'_>,
        conversation: Option<InConversation>,
    ) -> Option<Found> {
        let attempt = attempt(ip, transport, conversation)?;
        let watched = self.settings.protocols.iter().any(|name| name == "all" || name == attempt.kind.name());
        if !watched || !self.settings.watches(attempt.scanner, attempt.scanned) {
            return None;
        }
        let Attempt { kind, change, scanner, scanned, port } = attempt;
        let seconds = window(self.settings.level);
        let by_scanner = self.scanners.entry(&(scanner, kind), Tracker::default)?;
        by_scanner.update(change, scanned, port, now, seconds);
        let by_scanned = self.scanned.entry(&(scanned, kind), Tracker::default)?;
        by_scanned.update(change, scanner, port, now, seconds);
        if change == Change::Completed {
            return None;
        }
        for shape in Shape::ALL {
            let wanted = self.settings.scan_types.iter().any(|name| name == "all" || name == shape.name());
            let (tracker, whose) = match shape {
                Shape::Sweep => (&mut *by_scanner, "Scanned"),
                _ => (&mut *by_scanned, "Scanner"),
            };
            let Some(bounds) = bounds_of(self.settings.level, kind, shape).filter(|_| wanted) else {
                continue;
            };
            if tracker.raised {
                continue;
            }
            if let Some(filtered) = tracker.is(shape, bounds) {
                tracker.raised = true;
                let rule = self.rules.get(&event(kind, shape, filtered).0)?.clone();
                return Some(Found { rule, scanner, scanned, text: tracker.text(whose) });
            }
        }
        None
    }
}

/// All events.
fn events() -> impl Iterator<Item = (u32, String)> {
    let kinds = [Kind::Tcp, Kind::Protocol, Kind::Udp];
    let ports = kinds.into_iter().flat_map(|kind| {
        Shape::ALL
            .into_iter()
            .flat_map(move |shape| [false, true].map(|filtered| event(kind, shape, filtered)))
    });
    ports.chain([false, true].map(|filtered| event(Kind::Icmp, Shape::Sweep, filtered)))
}

/// A rule for an event that no rule names.
fn named(sid: u32, name: &str) -> Option<Rule> {
    let text = format!("alert (msg:\"{name}\"; gid:{GENERATOR}; sid:{sid}; rev:1;)");
    let mut set = RuleSet::default();
    set.read(Path::new("sfportscan"), &text, &mut |_| Err(std::io::ErrorKind::NotFound.into()), 0);
    set.event_rules.pop()
}

/// What a packet tells of an attempt.
fn attempt(ip: &Ip<'_>, transport: &Transport<'_>, conversation: Option<InConversation>) -> Option<Attempt> {
    let forth = |kind, change, port| Attempt { kind, change, scanner: ip.src, scanned: ip.dst, port };
    let back = |kind, change, port| Attempt { kind, change, scanner: ip.dst, scanned: ip.src, port };
    match transport {
        Transport::Tcp(segment) => {
            let held = conversation?;
            let from_client = held.direction == Direction::FromClient;
            match segment.flags & (flag::SYN | flag::ACK | flag::RST) {
                flag::SYN if from_client => Some(forth(Kind::Tcp, Change::Attempted, segment.dst_port)),
                flags if flags & flag::RST != 0 && !from_client && !held.established => {
                    Some(back(Kind::Tcp, Change::Refused, segment.src_port))
                }
                flag::ACK if from_client && held.newly_established => {
                    Some(forth(Kind::Tcp, Change::Completed, segment.dst_port))
                }
                _ => None,
            }
        }
        Transport::Udp(datagram) => {
            let held = conversation?;
            match held.direction {
                Direction::FromClient if held.is_new => {
                    Some(forth(Kind::Udp, Change::Attempted, datagram.dst_port))
                }
                Direction::FromServer if held.server_packets == 1 => {
                    Some(back(Kind::Udp, Change::Completed, datagram.src_port))
                }
                _ => None,
            }
        }
        Transport::Icmp(message) => match message.meaning {
            Meaning::Request => Some(forth(Kind::Icmp, Change::Attempted, 0)),
            Meaning::Reply => Some(back(Kind::Icmp, Change::Completed, 0)),
            Meaning::Unreachable => message.quoted.map(refused),
            _ => None,
        },
        Transport::None if ip.fragment.is_none() && Kind::of(ip.protocol) == Kind::Protocol => {
            Some(forth(Kind::Protocol, Change::Attempted, ip.protocol.into()))
        }
        Transport::None => None,
    }
}

/// An attempt that an ICMP error says was refused.
fn refused(quoted: Quoted) -> Attempt {
    let kind = Kind::of(quoted.protocol);
    let port = if kind == Kind::Protocol { quoted.protocol.into() } else { quoted.dst_port };
    Attempt { kind, change: Change::Refused, scanner: quoted.src, scanned: quoted.dst, port }
}
