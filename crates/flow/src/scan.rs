//! Scans: who probed what, how, who answered, and whether data was pushed afterwards.
//!
//! A scan is judged by its *contacts*: conversations that a host opened with an endpoint. A contact
//! *failed* when it was refused, when nothing came back, or when the source itself dropped what it had
//! asked for. Two tests stand beside each other:
//!
//! - Plain thresholds: so many failed targets on one port ([`MIN_TARGETS`]) or so many failed ports on one
//!   target ([`MIN_PORTS`]), and at least half of all contacts there failed ([`MIN_FAILED_SHARE`]).
//! - Sequential hypothesis testing ([`sequential`]): every first contact with a target moves the odds of
//!   "scanner" against "client"; it decides on fewer targets when hardly any of them answers.
//!
//! A busy client, a resolver or a mail server fails now and then, so its share stays low and its odds
//! fall; the more endpoints it reached, the more must fail ([`MIN_SHARE_OF_REACHED`]). A peer of a
//! peer-to-peer network fails often, but reaches hosts all over the Internet ([`source`]). Contacts that
//! answer somebody are none: ident queries and active FTP go to hosts that had come first. Failures are
//! excused where the source got through to the same host at the same time by another way, where somebody
//! had asked DNS for the address, and where the capture cannot show what followed: one of SYNs alone, or
//! of one direction. Backscatter opens nothing. Probes with a rising time to live
//! are a traceroute's.

mod contact;
mod decoy;
mod distributed;
mod flood;
mod sequential;
mod source;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_wire::ipv4::protocol;

use crate::anomaly::{Anomaly, Kind};
use crate::conversation::{Conversation, Endpoint};
use crate::decode::Envelope;
use crate::evidence::Evidence;
use crate::hosts::{Host, Role};

pub use contact::Technique;
pub use decoy::DecoyScan;
pub use flood::SynFlood;
pub use sequential::{Decision, SequentialTest};

use contact::Contact;
use source::Source;

/// Failed targets on one port that make a horizontal scan.
pub const MIN_TARGETS: usize = 10;
/// Failed ports on one target that make a vertical scan.
pub const MIN_PORTS: usize = 7;
/// Share of the contacts on that port or target that must have failed.
pub const MIN_FAILED_SHARE: f64 = 0.5;
/// With the sequential test's consent so many failed targets or ports are enough...
pub const MIN_SEQUENTIAL: usize = 6;
/// ...if at least this share failed.
pub const MIN_SEQUENTIAL_SHARE: f64 = 0.8;
/// For a horizontal scan the failed ones must be this share of the endpoints that the source reached
/// elsewhere: who reaches hundreds of servers meets some that are down.
pub const MIN_SHARE_OF_REACHED: f64 = 0.1;
/// Share of the hosts that must not answer the pings of a sweep; a monitor's must fail like any other's.
pub const MIN_SILENT_SHARE: f64 = 0.25;
/// With at least so many of both, a scan covers a block.
const MIN_BLOCK: usize = 7;
/// Who looks this often whether the same port still answers, or pings the same host, is a monitor.
const MIN_CHECKS: u64 = 3;
/// A scan whose probes of new endpoints are this far apart, in the median, is slow.
const SLOW_AFTER_SECONDS: f64 = 15.0;

/// How the endpoints of a scan lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Few ports, many hosts.
    Horizontal,
    /// Many ports, one host.
    Vertical,
    /// Many of both.
    Block,
    /// Many scanners share one set of targets.
    Distributed,
}

impl Shape {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Horizontal => "horizontal",
            Shape::Vertical => "vertical",
            Shape::Block => "block",
            Shape::Distributed => "distributed",
        }
    }
}

/// A conversation between scanner and target that moved payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PushedData {
    /// The target and its port.
    pub server: Endpoint,
    /// The scanner's port.
    pub client_port: u16,
    /// Payload from the scanner.
    pub client_bytes: u64,
    /// Payload from the target.
    pub server_bytes: u64,
}

/// One scanner, one technique.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Source of the probes.
    pub scanner: IpAddr,
    /// How it probed.
    pub technique: Technique,
    /// How the endpoints lie.
    pub shape: Shape,
    /// Whether the probes were far apart.
    pub slow: bool,
    /// Destination ports probed; empty for ICMP.
    pub ports: BTreeSet<u16>,
    /// Hosts probed.
    pub targets: BTreeSet<IpAddr>,
    /// Answered as open.
    pub answered: BTreeSet<Endpoint>,
    /// Answered with RST or ICMP unreachable.
    pub refused: BTreeSet<Endpoint>,
    /// Answered in no way.
    pub silent: BTreeSet<Endpoint>,
    /// Conversations that moved payload.
    pub data: Vec<PushedData>,
    /// Probes a second, from the first to the last.
    pub rate: Option<f64>,
    /// What the sequential test said of it.
    pub sequential: Decision,
    /// The probes.
    pub evidence: Evidence,
    /// What they were wrapped in.
    pub envelope: Envelope,
    /// Positions of its conversations.
    conversations: Vec<u32>,
}

/// Everything of this kind found in a list of conversations.
#[derive(Clone, Default, Debug)]
pub struct Scans {
    /// Scans, in the order of their first probes.
    pub scans: Vec<Scan>,
    /// Scans hidden among decoys.
    pub decoys: Vec<DecoyScan>,
    /// SYN floods.
    pub floods: Vec<SynFlood>,
    /// Positions of the conversations that were probes or part of a flood.
    probes: HashSet<u32, RandomState>,
}

impl Scans {
    /// Whether the conversation at this position was counted as a probe or as part of a flood.
    pub fn is_probe(&self, position: usize) -> bool {
        self.probes.contains(&(position as u32))
    }
}

impl Scans {
    /// Takes `tcp-flags` off the probes of stealth scans: the scan says it.
    pub(crate) fn claim(&self, conversations: &[Conversation], anomalies: &mut Vec<Anomaly>) {
        let stealthy = self.scans.iter().filter(|scan| scan.technique.is_stealth());
        let claimed: HashSet<u64, RandomState> = stealthy
            .flat_map(|scan| &scan.conversations)
            .filter_map(|position| conversations.get(*position as usize))
            .flat_map(|conversation| conversation.openings.iter().map(|seen| seen.number))
            .collect();
        anomalies.retain(|anomaly| {
            !(anomaly.kinds.is_only(Kind::TcpFlags) && claimed.contains(&anomaly.seen.number))
        });
    }

    /// Gives scanners and their targets their roles.
    pub(crate) fn mark_roles(&self, hosts: &mut [Host]) {
        let mut scanners: HashSet<IpAddr, RandomState> = self.scans.iter().map(|scan| scan.scanner).collect();
        scanners.extend(self.decoys.iter().filter_map(|decoy| decoy.genuine));
        let mut targets: HashSet<IpAddr, RandomState> =
            self.scans.iter().flat_map(|scan| scan.targets.iter().copied()).collect();
        targets.extend(self.decoys.iter().map(|decoy| decoy.victim));
        targets.extend(self.floods.iter().map(|flood| flood.victim.host));
        for host in hosts {
            if scanners.contains(&host.address) {
                host.roles.insert(Role::Scanner);
            }
            if targets.contains(&host.address) {
                host.roles.insert(Role::Target);
            }
        }
    }
}

/// Finds scans and floods in a list of conversations; `is_asked_for` tells the addresses that somebody
/// looked up in DNS.
pub fn find(conversations: &[Conversation], is_asked_for: impl Fn(IpAddr) -> bool) -> Scans {
    let floods = flood::find(conversations);
    let flooding: HashSet<u32, RandomState> =
        floods.iter().flat_map(|flood| flood.conversations.iter().copied()).collect();
    let contacts = contact::contacts(conversations, &flooding, is_asked_for);
    let mut groups = Groups::new(contacts);
    let all = ByClient::new(conversations);
    let decoys = decoy::find(&mut groups);
    let mut scans: Vec<Scan> = groups
        .iter()
        .filter_map(|((scanner, technique), contacts)| scan(scanner, technique, contacts, &all))
        .collect();
    distributed::find(&mut scans, &groups, &all);
    scans.sort_by_key(|scan| scan.evidence.first_packet());
    let mut probes = flooding;
    probes.extend(scans.iter().flat_map(|scan| scan.conversations.iter().copied()));
    probes.extend(decoys.iter().flat_map(|decoy| decoy.conversations.iter().copied()));
    Scans { scans, decoys, floods, probes }
}

/// Conversations, with the positions of those that each host opened.
struct ByClient<'c> {
    conversations: &'c [Conversation],
    positions: HashMap<IpAddr, Vec<u32>, RandomState>,
}

impl<'c> ByClient<'c> {
    fn new(conversations: &'c [Conversation]) -> Self {
        let mut positions: HashMap<IpAddr, Vec<u32>, RandomState> = HashMap::default();
        for (position, conversation) in (0u32..).zip(conversations) {
            positions.entry(conversation.client.host).or_default().push(position);
        }
        ByClient { conversations, positions }
    }

    fn at(&self, position: u32) -> Option<&'c Conversation> {
        self.conversations.get(position as usize)
    }

    fn of(&self, client: IpAddr) -> impl Iterator<Item = &'c Conversation> {
        self.positions.get(&client).into_iter().flatten().filter_map(|position| self.at(*position))
    }
}

/// Contacts by source and technique, in the order of addresses, and within these in the order in which they came.
struct Groups(Vec<Contact>);

impl Groups {
    fn new(mut contacts: Vec<Contact>) -> Self {
        contacts.sort_by_key(Groups::key);
        Groups(contacts)
    }

    fn key(contact: &Contact) -> (IpAddr, Technique) {
        (contact.scanner, contact.technique)
    }

    fn iter(&self) -> impl Iterator<Item = ((IpAddr, Technique), &[Contact])> {
        let groups = self.0.chunk_by(|one, other| Groups::key(one) == Groups::key(other));
        groups.filter_map(|contacts| Some((Groups::key(contacts.first()?), contacts)))
    }
}

/// How the contacts with one port, or with one host, went: each host or port once.
struct Tally<T> {
    members: HashMap<T, bool, RandomState>,
    test: SequentialTest,
}

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Tally { members: HashMap::default(), test: SequentialTest::default() }
    }
}

impl<T: Eq + std::hash::Hash> Tally<T> {
    /// Counts a contact; only the first with each member moves the sequential test.
    fn count(&mut self, member: T, failed: bool) {
        let test = &mut self.test;
        let so_far = self.members.entry(member).or_insert_with(|| {
            test.observe(!failed);
            failed
        });
        *so_far &= failed;
    }

    /// Whether at least `threshold` members failed, and `share` of all; or fewer with the sequential test's
    /// consent, where that is `hasty`.
    fn is_scanned(&self, threshold: usize, share: f64, hasty: bool) -> bool {
        let failed = self.members.values().filter(|failed| **failed).count();
        let failed_share = failed as f64 / self.members.len().max(1) as f64;
        let sequential = hasty
            && self.test.decision() == Decision::Scanner
            && failed >= MIN_SEQUENTIAL
            && failed_share >= MIN_SEQUENTIAL_SHARE;
        sequential || (failed >= threshold && failed_share >= share)
    }
}

/// The scan among the contacts of one source, if there is one.
fn scan(scanner: IpAddr, technique: Technique, contacts: &[Contact], all: &ByClient) -> Option<Scan> {
    if contacts.len() < MIN_SEQUENTIAL.min(MIN_PORTS) {
        return None;
    }
    let source = Source::new(technique, contacts);
    let mut by_port: HashMap<u16, Tally<IpAddr>, RandomState> = HashMap::default();
    let mut by_host: HashMap<IpAddr, Tally<u16>, RandomState> = HashMap::default();
    for contact in contacts {
        let Some(failed) = contact.outcome.failed() else { continue };
        let failed = failed && !(source.checks(contact.target) && contact.answer == Answer::Answered);
        by_port.entry(contact.target.port).or_default().count(contact.target.host, failed);
        by_host.entry(contact.target.host).or_default().count(contact.target.port, failed);
    }
    let hasty = source.may_be_judged_early();
    by_port.retain(|_, tally| {
        !source.is_peer() && tally.is_scanned(source.min_targets(), source.min_share(), hasty)
    });
    by_host.retain(|_, tally| tally.is_scanned(MIN_PORTS, MIN_FAILED_SHARE, hasty));
    let probes: Vec<&Contact> = contacts
        .iter()
        .filter(|c| by_port.contains_key(&c.target.port) || by_host.contains_key(&c.target.host))
        .collect();
    let decided = by_port
        .values()
        .map(|tally| tally.test.decision())
        .chain(by_host.values().map(|t| t.test.decision()));
    let sequential = decided.max()?;
    Some(describe(scanner, technique, &probes, sequential, all))
}

/// Sums up the probes of one scanner.
fn describe(
    scanner: IpAddr,
    technique: Technique,
    probes: &[&Contact],
    sequential: Decision,
    all: &ByClient,
) -> Scan {
    let mut outcomes: BTreeMap<Endpoint, Answer> = BTreeMap::new();
    let mut starts: BTreeMap<Endpoint, f64> = BTreeMap::new();
    for probe in probes {
        let answer = outcomes.entry(probe.target).or_insert(Answer::Silent);
        *answer = (*answer).max(probe.answer);
        let start = probe.first.time.as_nanos() as f64 / 1e9;
        starts.entry(probe.target).and_modify(|s| *s = s.min(start)).or_insert(start);
    }
    let endpoints =
        |wanted: Answer| outcomes.iter().filter(move |(_, a)| **a == wanted).map(|(e, _)| *e).collect();
    let targets: BTreeSet<IpAddr> = outcomes.keys().map(|endpoint| endpoint.host).collect();
    let ports: BTreeSet<u16> = match technique {
        Technique::Icmp => BTreeSet::new(),
        _ => outcomes.keys().map(|endpoint| endpoint.port).collect(),
    };
    let shape = match (targets.len(), ports.len()) {
        (hosts, ports) if hosts >= MIN_BLOCK && ports >= MIN_BLOCK => Shape::Block,
        (hosts, ports) if hosts >= ports => Shape::Horizontal,
        _ => Shape::Vertical,
    };
    let established = probes.iter().filter(|probe| probe.established).count();
    let answered = probes.iter().filter(|probe| probe.answer == Answer::Answered).count();
    let technique = match technique {
        Technique::Syn if established * 2 > answered => Technique::Connect,
        technique => technique,
    };
    let evidence = Evidence::collect(
        probes.iter().flat_map(|probe| all.at(probe.conversation)).flat_map(|c| c.openings.iter().copied()),
    );
    let seconds = evidence.last_time().seconds_since(evidence.first_time());
    Scan {
        scanner,
        technique,
        shape,
        slow: is_slow(starts.into_values().collect()),
        ports,
        answered: endpoints(Answer::Answered),
        refused: endpoints(Answer::Refused),
        silent: endpoints(Answer::Silent),
        data: pushed_data(scanner, &targets, probes, all),
        targets,
        rate: (seconds > 0.0).then(|| evidence.count() as f64 / seconds),
        sequential,
        evidence,
        envelope: envelope(probes.iter().filter_map(|probe| all.at(probe.conversation))),
        conversations: probes.iter().map(|probe| probe.conversation).collect(),
    }
}

/// What the packets of several conversations were wrapped in.
fn envelope<'c>(conversations: impl Iterator<Item = &'c Conversation>) -> Envelope {
    conversations.fold(Envelope::default(), |all, conversation| all.and(conversation.envelope))
}

/// How an endpoint answered; the better answer counts where there were several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Answer {
    Silent,
    Refused,
    Answered,
}

fn is_slow(mut starts: Vec<f64>) -> bool {
    starts.sort_by(f64::total_cmp);
    let mut gaps: Vec<f64> =
        starts.windows(2).map(|pair| pair.last().unwrap_or(&0.0) - pair.first().unwrap_or(&0.0)).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).is_some_and(|median| *median >= SLOW_AFTER_SECONDS)
}

/// Conversations from the scanner to its targets, from its first probe on, that moved payload. The
/// payload of a UDP probe is the probe itself: there somebody must have answered.
fn pushed_data(
    scanner: IpAddr,
    targets: &BTreeSet<IpAddr>,
    probes: &[&Contact],
    all: &ByClient,
) -> Vec<PushedData> {
    let Some(first) = probes.iter().map(|probe| probe.first.number).min() else { return Vec::new() };
    let moved = |c: &&'_ Conversation| match c.protocol {
        protocol::TCP => c.from_client.payload + c.from_server.payload > 0 && c.is_answered(),
        protocol::UDP => c.from_server.payload > 0,
        _ => false,
    };
    let mut data: Vec<PushedData> = all
        .of(scanner)
        .filter(|c| targets.contains(&c.server.host))
        .filter(|c| c.evidence.first_packet() >= Some(first))
        .filter(moved)
        .map(|c| PushedData {
            server: c.server,
            client_port: c.client.port,
            client_bytes: c.from_client.payload,
            server_bytes: c.from_server.payload,
        })
        .collect();
    data.sort_by_key(|data| (data.server, data.client_port));
    data
}

#[cfg(test)]
mod tests;
