//! What analyses take from DNS (RFC 1035): names of hosts, and data carried in names.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use foldhash::fast::RandomState;
use wirescope_wire::dns::{Dns, labels};
use wirescope_wire::{Cursor, Walk};

use crate::bounded::Bounded;
use crate::evidence::{Evidence, Seen};

/// Port of DNS.
pub const DNS_PORT: u16 = 53;
/// Most hosts whose names are kept, and most names of one.
const MAX_NAMED: usize = 65_536;
const MAX_NAMES: usize = 16;
/// Most groups of queries watched for tunnels at a time.
const MAX_GROUPS: usize = 4_096;
/// Most records read from one answer.
const MAX_RECORDS: usize = 64;
/// Most queries of a group kept by name; a tunnel's domain is settled by then.
const MAX_QUERIES: usize = 2_048;
/// Most distinct names counted one by one.
const MAX_DISTINCT: usize = 100_000;

/// A name carries data when it has this many bytes of labels before its last two.
const LONG_NAME: usize = 16;
/// Share of the bytes of long names that a longer domain must keep to be the tunnel's.
const DOMAIN_SHARE: f64 = 0.9;
/// A tunnel asks for that many distinct names, hardly any of them twice.
const TUNNEL_NAMES: usize = 20;
const TUNNEL_DISTINCT_SHARE: f64 = 0.6;
/// Mean bytes of labels in a query that are new under the domain: when most queries are for types that
/// carry arbitrary answers, and when they are for addresses or for what validates them, which content
/// networks have long names for too. Labels such as `_domainkey` come again and carry nothing.
const TUNNEL_MEAN_BYTES: u64 = 20;
const TUNNEL_MEAN_BYTES_ADDRESS: u64 = 40;
const TUNNEL_NAMES_ADDRESS: usize = 50;

mod kind {
    pub(super) const A: u16 = 1;
    pub(super) const PTR: u16 = 12;
    pub(super) const AAAA: u16 = 28;
    pub(super) const HTTPS: u16 = 65;
    pub(super) const NS: u16 = 2;
    pub(super) const SOA: u16 = 6;
    pub(super) const DS: u16 = 43;
    pub(super) const DNSKEY: u16 = 48;
}

/// Names learnt from answers, by address.
#[derive(Debug)]
pub struct Names {
    by_address: Bounded<IpAddr, BTreeSet<String>>,
    /// Addresses that were the answer to a name; the others were the question.
    asked_for: Bounded<IpAddr, ()>,
}

impl Default for Names {
    fn default() -> Self {
        Names { by_address: Bounded::new(MAX_NAMED), asked_for: Bounded::new(MAX_NAMED) }
    }
}

impl Names {
    /// The names of a host.
    pub fn of(&self, address: IpAddr) -> impl Iterator<Item = &str> {
        self.by_address.get(&address).into_iter().flatten().map(String::as_str)
    }

    /// Whether somebody looked up a name and was told this address.
    pub fn is_asked_for(&self, address: IpAddr) -> bool {
        self.asked_for.get(&address).is_some()
    }

    /// Learns the answer to a question for the addresses of a name.
    fn answer(&mut self, address: IpAddr, name: &str) {
        self.asked_for.entry(&address, || ());
        self.learn(address, name);
    }

    fn learn(&mut self, address: IpAddr, name: &str) {
        if let Some(names) = self.by_address.entry(&address, BTreeSet::new)
            && names.len() < MAX_NAMES
            && !names.contains(name)
        {
            names.insert(name.to_owned());
        }
    }
}

/// A client that moves data in names.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// Who asks.
    pub client: IpAddr,
    /// Whom.
    pub server: IpAddr,
    /// The part all names share.
    pub domain: String,
    /// Types asked for.
    pub kinds: BTreeSet<u16>,
    /// Queries under the domain.
    pub queries: u64,
    /// Distinct names among them.
    pub distinct_names: u64,
    /// Bytes of all labels before the domain.
    pub upstream_bytes: u64,
    /// Queries and answers.
    pub evidence: Evidence,
}

/// Reads DNS messages.
#[derive(Debug)]
pub struct DnsReader {
    names: Names,
    groups: Bounded<GroupKey, Group>,
    name: Vec<u8>,
}

/// Queries are grouped by client, server and the last two labels of their names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct GroupKey {
    client: IpAddr,
    server: IpAddr,
    base: Box<[u8]>,
}

/// Names are kept as labels in lower case with their length before each, without the last zero.
#[derive(Debug, Default)]
struct Group {
    queries: Vec<Query>,
    /// Once there are too many to keep: the domain so far, and the sums.
    settled: Option<Settled>,
}

#[derive(Debug)]
struct Query {
    name: Box<[u8]>,
    kind: u16,
    is_answer: bool,
    seen: Seen,
}

#[derive(Debug, Default)]
struct Settled {
    domain: Box<[u8]>,
    kinds: BTreeSet<u16>,
    queries: u64,
    names: HashSet<u64, RandomState>,
    hasher: RandomState,
    upstream_bytes: u64,
    /// Queries for types that carry arbitrary answers.
    carriers: u64,
    /// Labels met so far before the domain, and the bytes of all that were new.
    labels: HashSet<u64, RandomState>,
    new_bytes: u64,
    evidence: Evidence,
}

impl Default for DnsReader {
    fn default() -> Self {
        DnsReader { names: Names::default(), groups: Bounded::new(MAX_GROUPS), name: Vec::new() }
    }
}

impl DnsReader {
    /// Reads one message that went from `src` to `dst`.
    pub fn message(&mut self, seen: Seen, src: IpAddr, dst: IpAddr, bytes: &[u8]) {
        // What cannot be read is not DNS, or damaged; what was read before stands.
        let _ = self.read(seen, src, dst, bytes);
    }

    /// The names learnt.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The tunnels among the queries.
    pub fn tunnels(&mut self) -> Vec<Tunnel> {
        let mut tunnels: Vec<_> = self.groups.drain().filter_map(|(key, group)| group.tunnel(&key)).collect();
        tunnels.sort_unstable_by_key(|tunnel| tunnel.evidence.first_packet());
        tunnels
    }

    fn read(&mut self, seen: Seen, src: IpAddr, dst: IpAddr, bytes: &[u8]) -> Walk {
        let whole = Cursor::over(bytes);
        let mut c = whole;
        let header = Dns::read(&mut c)?;
        let [questions, answers, ..] = header.counts();
        if header.opcode() != 0 || questions != 1 {
            return Ok(());
        }
        self.name.clear();
        let name = &mut self.name;
        labels(whole, &mut c, |label| push_label(name, label))?;
        let (query_kind, _class) = (c.u16()?, c.u16()?);
        let is_answer = header.is_response();
        let (client, server) = if is_answer { (dst, src) } else { (src, dst) };
        self.watch(seen, client, server, query_kind, is_answer);
        if is_answer && header.rcode() == 0 && answers > 0 {
            self.answers(whole, c, query_kind, answers)?;
        }
        Ok(())
    }

    /// Learns addresses of the name asked for, also through aliases, and names of addresses.
    fn answers<'a>(&mut self, whole: Cursor<'a>, mut c: Cursor<'a>, asked: u16, answers: u16) -> Walk {
        let question = dotted(&self.name);
        for _ in 0..usize::from(answers).min(MAX_RECORDS) {
            labels(whole, &mut c, |_| ())?;
            let (kind, _class, _ttl, length) = (c.u16()?, c.u16()?, c.u32()?, c.u16()?);
            let mut data = c.split(usize::from(length));
            match kind {
                kind::A if length == 4 => {
                    self.names.answer(IpAddr::V4(Ipv4Addr::from(*data.array::<4>()?)), &question);
                }
                kind::AAAA if length == 16 => {
                    self.names.answer(IpAddr::V6(Ipv6Addr::from(*data.array::<16>()?)), &question);
                }
                kind::PTR if asked == kind::PTR => {
                    if let Some(address) = reverse_address(&question) {
                        let mut name = Vec::new();
                        labels(whole, &mut data, |label| push_label(&mut name, label))?;
                        self.names.learn(address, &dotted(&name));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn watch(&mut self, seen: Seen, client: IpAddr, server: IpAddr, kind: u16, is_answer: bool) {
        let base_at = base_at(&self.name);
        let (data, base) = self.name.split_at_checked(base_at).unwrap_or((&[], &self.name));
        if data.is_empty() || base.ends_with(b"\x04arpa") {
            return; // reverse look-ups are long by their nature
        }
        let is_long = data.len() >= LONG_NAME;
        let key = GroupKey { client, server, base: base.into() };
        let group = if is_long { self.groups.entry(&key, Group::default) } else { self.groups.touch(&key) };
        if let Some(group) = group {
            group.add(Query { name: self.name.as_slice().into(), kind, is_answer, seen });
        }
    }
}

impl Group {
    fn add(&mut self, query: Query) {
        if let Some(settled) = &mut self.settled {
            settled.add(&query);
            return;
        }
        self.queries.push(query);
        if self.queries.len() >= MAX_QUERIES {
            self.settle();
        }
    }

    /// Finds the domain and sums up what was kept.
    fn settle(&mut self) -> &mut Settled {
        let queries = std::mem::take(&mut self.queries);
        self.settled.get_or_insert_with(|| {
            let mut settled = Settled { domain: domain(&queries), ..Settled::default() };
            queries.iter().for_each(|query| settled.add(query));
            settled
        })
    }

    fn tunnel(mut self, key: &GroupKey) -> Option<Tunnel> {
        let settled = self.settle();
        let distinct = settled.names.len();
        let mean = settled.new_bytes / distinct.max(1) as u64;
        let enough = if settled.carriers * 2 >= settled.queries {
            distinct >= TUNNEL_NAMES && mean >= TUNNEL_MEAN_BYTES
        } else {
            distinct >= TUNNEL_NAMES_ADDRESS && mean >= TUNNEL_MEAN_BYTES_ADDRESS
        };
        let fresh = distinct as f64 >= TUNNEL_DISTINCT_SHARE * settled.queries as f64;
        (enough && fresh).then(|| Tunnel {
            client: key.client,
            server: key.server,
            domain: dotted(&settled.domain),
            kinds: std::mem::take(&mut settled.kinds),
            queries: settled.queries,
            distinct_names: distinct as u64,
            upstream_bytes: settled.upstream_bytes,
            evidence: std::mem::take(&mut settled.evidence),
        })
    }
}

impl Settled {
    fn add(&mut self, query: &Query) {
        let Some(data) = query.name.strip_suffix(&*self.domain) else { return };
        if data.is_empty() {
            return;
        }
        self.evidence.add(query.seen);
        if query.is_answer {
            return;
        }
        self.queries += 1;
        self.kinds.insert(query.kind);
        self.carriers += u64::from(is_carrier(query.kind));
        if self.names.len() < MAX_DISTINCT {
            self.names.insert(self.hasher.hash_one(&query.name));
        }
        for (_, label) in positions(data) {
            self.upstream_bytes += label.len() as u64;
            if self.labels.len() < MAX_DISTINCT && self.labels.insert(self.hasher.hash_one(label)) {
                self.new_bytes += label.len() as u64;
            }
        }
    }
}

/// Whether a type is neither for addresses nor for what validates them, which resolvers ask for of every
/// name.
fn is_carrier(kind: u16) -> bool {
    !matches!(kind, kind::A | kind::AAAA | kind::HTTPS | kind::NS | kind::SOA | kind::DS | kind::DNSKEY)
}

/// The longest suffix under which nearly all bytes of long names lie, with data left before it.
fn domain(queries: &[Query]) -> Box<[u8]> {
    let mut names: Vec<&[u8]> = queries.iter().filter(|q| !q.is_answer).map(|q| &*q.name).collect();
    names.retain(|name| base_at(name) >= LONG_NAME);
    let some = names.first().copied().or(queries.first().map(|query| &*query.name)).unwrap_or(&[]);
    let mut best = some.get(base_at(some)..).unwrap_or(some);
    let all: usize = names.iter().map(|name| name.len()).sum();
    for depth in positions(best).count() + 1.. {
        let mut votes: HashMap<&[u8], usize, RandomState> = HashMap::default();
        for name in &names {
            let at = suffix_at(name, depth);
            if at > 0
                && let Some(suffix) = name.get(at..)
            {
                *votes.entry(suffix).or_default() += name.len();
            }
        }
        match votes.into_iter().max_by_key(|(_, bytes)| *bytes) {
            Some((suffix, bytes)) if bytes as f64 >= DOMAIN_SHARE * all as f64 => best = suffix,
            _ => break,
        }
    }
    best.into()
}

/// Appends a label in lower case, its length before it.
fn push_label(name: &mut Vec<u8>, label: &[u8]) {
    name.push(label.len() as u8);
    name.extend(label.iter().map(u8::to_ascii_lowercase));
}

/// Lengths and bytes of the labels of a name, with their positions.
fn positions(name: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let length = usize::from(*name.get(at)?);
        let label = name.get(at + 1..at + 1 + length)?;
        let start = at;
        at += 1 + length;
        Some((start, label))
    })
}

/// Where the last `count` labels start; 0 where there are no more than that.
fn suffix_at(name: &[u8], count: usize) -> usize {
    let labels = positions(name).count();
    positions(name).nth(labels.saturating_sub(count)).map_or(0, |(at, _)| at)
}

/// Where the part of a name starts that somebody registers: its last two labels, and three where the two
/// are a country and a kind of registrant, as in `co.uk`.
fn base_at(name: &[u8]) -> usize {
    const LONGEST_KIND: usize = 3;
    let length_from = |count| positions(name).nth(positions(name).count().checked_sub(count)?);
    let (last, before) = (length_from(1), length_from(2));
    let is_country = last.is_some_and(|(_, label)| label.len() == 2);
    let is_kind = before.is_some_and(|(_, label)| label.len() <= LONGEST_KIND);
    suffix_at(name, if is_country && is_kind { 3 } else { 2 })
}

/// A name as people write it, bytes that are no plain text as `\DDD` (RFC 1035 section 5.1).
fn dotted(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for (at, label) in positions(name) {
        if at > 0 {
            text.push('.');
        }
        for byte in label {
            match byte {
                b'.' | b'\\' => text.extend(['\\', char::from(*byte)]),
                0x21..=0x7e => text.push(char::from(*byte)),
                _ => text.push_str(&format!("\\{byte:03}")),
            }
        }
    }
    text
}

/// The address in a reverse name.
fn reverse_address(name: &str) -> Option<IpAddr> {
    if let Some(rest) = name.strip_suffix(".in-addr.arpa") {
        let mut octets = [0u8; 4];
        let mut parts = rest.rsplit('.');
        for octet in &mut octets {
            *octet = parts.next()?.parse().ok()?;
        }
        return parts.next().is_none().then_some(IpAddr::V4(octets.into()));
    }
    let rest = name.strip_suffix(".ip6.arpa")?;
    let mut value = 0u128;
    let mut count = 0;
    for nibble in rest.rsplit('.') {
        value = value << 4 | u128::from(u8::from_str_radix(nibble, 16).ok().filter(|n| *n < 16)?);
        count += 1;
        if count > 32 {
            return None;
        }
    }
    (count == 32).then_some(IpAddr::V6(value.into()))
}

/// The name of a query type; its number as text where it has none here.
pub fn type_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        10 => "NULL",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        25 => "KEY",
        28 => "AAAA",
        33 => "SRV",
        35 => "NAPTR",
        39 => "DNAME",
        43 => "DS",
        46 => "RRSIG",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        99 => "SPF",
        255 => "ANY",
        _ => return format!("TYPE{kind}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirescope_wire::Timestamp;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn query(name: &str, kind: u16) -> Vec<u8> {
        let mut bytes = vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            push_label(&mut bytes, label.as_bytes());
        }
        bytes.push(0);
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&[0, 1]);
        bytes
    }

    fn ask(reader: &mut DnsReader, number: u64, name: &str, kind: u16) {
        let seen = Seen { number, time: Timestamp::default() };
        reader.message(seen, address(5), address(2), &query(name, kind));
    }

    #[test]
    fn data_in_names_is_a_tunnel_and_its_domain_is_what_they_share() {
        let mut reader = DnsReader::default();
        for number in 0..60u64 {
            let data = format!("{:032x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c));
            ask(&mut reader, number * 2 + 1, &format!("{data}.x.t.example.net"), 16);
            ask(&mut reader, number * 2 + 2, "www.example.net", 1);
        }
        let tunnels = reader.tunnels();
        assert_eq!(tunnels.len(), 1);
        let tunnel = &tunnels[0];
        assert_eq!(tunnel.domain, "x.t.example.net");
        assert_eq!((tunnel.queries, tunnel.distinct_names, tunnel.upstream_bytes), (60, 60, 60 * 32));
        assert_eq!(tunnel.kinds.iter().copied().collect::<Vec<_>>(), [16]);
    }

    #[test]
    fn ordinary_names_are_no_tunnel() {
        let mut reader = DnsReader::default();
        for number in 1..500u64 {
            ask(&mut reader, number, &format!("host{number}.cdn.example.net"), 1);
            ask(&mut reader, number, &format!("e{number}.long-but-ordinary.example.org"), 1);
            ask(&mut reader, number, "the.same-long-name.asked.again.and-again.example.com", 16);
            ask(&mut reader, number, &format!("{number}.2.0.192.in-addr.arpa"), 12);
        }
        assert!(reader.tunnels().is_empty());
    }

    #[test]
    fn names_are_learnt_from_answers() {
        let mut reader = DnsReader::default();
        let mut answer = query("www.example.net", 1);
        answer[2] = 0x81;
        answer[7] = 1;
        answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 80]);
        let seen = Seen { number: 1, time: Timestamp::default() };
        reader.message(seen, address(2), address(5), &answer);
        assert_eq!(reader.names().of(address(80)).collect::<Vec<_>>(), ["www.example.net"]);
        assert_eq!(reverse_address("80.2.0.192.in-addr.arpa"), Some(address(80)));
    }

    /// Queries for `count` names that `name` makes.
    fn tunnels(count: u64, kind: impl Fn(u64) -> u16, name: impl Fn(u64) -> String) -> Vec<Tunnel> {
        let mut reader = DnsReader::default();
        (0..count).for_each(|number| ask(&mut reader, number + 1, &name(number), kind(number)));
        reader.tunnels()
    }

    #[test]
    fn long_names_made_of_labels_that_come_again_carry_nothing() {
        let txt = |_| 16;
        assert!(tunnels(100, txt, |n| format!("selector1._domainkey.tenant{n}.mail.example")).is_empty());
        assert!(
            tunnels(100, txt, |n| format!("_dmarc.some-company-{n}.co.uk")).is_empty(),
            "registered names"
        );
        // A resolver that validates asks content networks for more than addresses.
        let mixed = |n| if n % 5 == 0 { 43 } else { 1 };
        assert!(tunnels(200, mixed, |n| format!("r{}---sn-abcd{n:04x}.video.example", n % 9)).is_empty());
    }

    #[test]
    fn a_tunnel_is_told_from_what_lies_beside_it() {
        let name = |n: u64| match n % 10 {
            0 => format!("_dmarc.some-company-{n}.org.example"),
            _ => format!("{:040x}.t.org.example", u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c)),
        };
        let [tunnel] = &tunnels(150, |_| 16, name)[..] else { panic!("one tunnel") };
        assert_eq!((tunnel.domain.as_str(), tunnel.queries), ("t.org.example", 135));
    }
}
