//! What all contacts of a source together say about it: a busy client, a monitor, a peer, or none of them.

use super::*;

/// A peer reaches at least so many endpoints, and this share of all it tries.
const PEER_REACHED: usize = 5;
const PEER_REACHED_SHARE: f64 = 0.1;
/// On networks whose peers share one port, a scan looks more alike: there it must be this share.
const PEER_REACHED_SHARE_ONE_PORT: f64 = 0.2;
/// Share of the networks among the hosts of a peer: nobody chose them for their place.
const PEER_SPREAD: f64 = 0.8;
/// Endpoints for each host of a peer at most: each listens on one port, some move.
const PEER_ENDPOINTS: f64 = 1.5;
/// Ports for each host where peers choose their own.
const PEER_PORTS: f64 = 0.3;

/// One source with one technique, seen as a whole.
pub(super) struct Source {
    technique: Technique,
    /// How often each endpoint was tried.
    tries: HashMap<Endpoint, u64, RandomState>,
    hosts: usize,
    ports: usize,
    /// Networks of 16 bits (IPv6: 48) among the hosts.
    networks: usize,
    /// Endpoints at which some contact succeeded.
    reached: usize,
}

impl Source {
    pub(super) fn new(technique: Technique, contacts: &[Contact]) -> Self {
        let mut tries: HashMap<Endpoint, u64, RandomState> = HashMap::default();
        let mut reached: HashSet<Endpoint, RandomState> = HashSet::default();
        for contact in contacts {
            *tries.entry(contact.target).or_default() += match technique {
                Technique::Icmp => contact.tries,
                _ => 1,
            };
            if contact.outcome == contact::Outcome::Success {
                reached.insert(contact.target);
            }
        }
        let hosts: HashSet<IpAddr, RandomState> = tries.keys().map(|endpoint| endpoint.host).collect();
        let ports: HashSet<u16, RandomState> = tries.keys().map(|endpoint| endpoint.port).collect();
        let networks: HashSet<[u8; 16], RandomState> = hosts.iter().map(|host| network(*host)).collect();
        Source {
            technique,
            hosts: hosts.len(),
            ports: ports.len(),
            networks: networks.len(),
            reached: reached.len(),
            tries,
        }
    }

    /// Whether it looks again and again at this endpoint.
    pub(super) fn checks(&self, endpoint: Endpoint) -> bool {
        self.tries.get(&endpoint).is_some_and(|tries| *tries >= MIN_CHECKS)
    }

    /// Failed targets on one port that make a scan of this source.
    pub(super) fn min_targets(&self) -> usize {
        MIN_TARGETS.max((self.reached as f64 * MIN_SHARE_OF_REACHED).ceil() as usize)
    }

    /// Share of the targets that must have failed.
    pub(super) fn min_share(&self) -> f64 {
        let checked = self.tries.values().filter(|tries| **tries >= MIN_CHECKS).count();
        let is_sweep = self.technique == Technique::Icmp && checked * 2 < self.tries.len();
        if is_sweep { MIN_SILENT_SHARE } else { MIN_FAILED_SHARE }
    }

    /// Whether the sequential test may decide on few failures. Streams, logs and pings to hosts that are
    /// down go unanswered without being probes, the rest of older conversations looks like probes with ACK;
    /// and who mostly succeeds is a client with bad luck.
    pub(super) fn may_be_judged_early(&self) -> bool {
        let is_doubtful =
            matches!(self.technique, Technique::Udp | Technique::Icmp | Technique::Ack | Technique::Maimon);
        !is_doubtful && self.reached * 2 <= self.tries.len()
    }

    /// Whether it takes part in a peer-to-peer network: the addresses that others handed it lie all over
    /// the Internet, most of them have left, but some talk.
    pub(super) fn is_peer(&self) -> bool {
        let (endpoints, hosts) = (self.tries.len() as f64, self.hosts as f64);
        let own_ports = self.ports as f64 >= PEER_PORTS * hosts;
        let share = if own_ports { PEER_REACHED_SHARE } else { PEER_REACHED_SHARE_ONE_PORT };
        self.reached >= PEER_REACHED
            && self.reached as f64 >= share * endpoints
            && endpoints <= PEER_ENDPOINTS * hosts
            && self.networks as f64 >= PEER_SPREAD * hosts
    }
}

/// The network that a host belongs to, large enough for an organisation: 16 bits of an IPv4 address, 48 of
/// an IPv6 one.
pub(super) fn network(address: IpAddr) -> [u8; 16] {
    let mut bytes = [0u8; 16];
    let octets: &[u8] = match &address {
        IpAddr::V4(v4) => &v4.octets()[..2],
        IpAddr::V6(v6) => &v6.octets()[..6],
    };
    bytes.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
    bytes
}
