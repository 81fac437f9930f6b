//! Every host: when it was seen, what it offers, what it uses and from whom, and what it is called.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use wirescope_wire::Timestamp;
use wirescope_wire::ipv4::protocol;

use crate::conversation::{Conversation, Endpoint};
use crate::dns::Names;

/// Most services kept of one host on each side; more belong to scanners, which have their own finding.
const MAX_SERVICES: usize = 1_024;

/// A transport and a port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Service {
    /// IP protocol.
    pub protocol: u8,
    /// Port.
    pub port: u16,
}

/// What a host is, by what it does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// It opens conversations.
    Client,
    /// It answers them.
    Server,
    /// It scans.
    Scanner,
    /// It was scanned or attacked.
    Target,
}

impl Role {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::Server => "server",
            Role::Scanner => "scanner",
            Role::Target => "target",
        }
    }
}

/// One host.
#[derive(Clone, Debug)]
pub struct Host {
    /// Address.
    pub address: IpAddr,
    /// First packet from or to it.
    pub first_time: Timestamp,
    /// Last packet from or to it.
    pub last_time: Timestamp,
    /// Packets it sent.
    pub sent_packets: u64,
    /// Bytes it sent, as IP claims them.
    pub sent_bytes: u64,
    /// Packets it was sent.
    pub received_packets: u64,
    /// Bytes it was sent.
    pub received_bytes: u64,
    /// Services it answered for, each with the number of clients.
    pub offers: BTreeMap<Service, usize>,
    /// Services it used and was answered by, each with the servers.
    pub uses: BTreeMap<Service, BTreeSet<IpAddr>>,
    /// Names learnt from DNS.
    pub names: Vec<String>,
    /// Roles.
    pub roles: BTreeSet<Role>,
}

/// All hosts of the conversations, in the order of addresses.
pub fn hosts(conversations: &[Conversation], names: &Names) -> Vec<Host> {
    let mut table = Table::default();
    let mut clients: HashMap<(IpAddr, Service), BTreeSet<IpAddr>, RandomState> = HashMap::default();
    for conversation in conversations {
        let (client, server) = (conversation.client, conversation.server);
        let (out, back) = (&conversation.from_client, &conversation.from_server);
        let Some(host) = table.entry(client, conversation) else { continue };
        host.add_traffic((out.packets, out.bytes), (back.packets, back.bytes));
        let service = Service { protocol: conversation.protocol, port: server.port };
        let used =
            conversation.is_answered() && !matches!(service.protocol, protocol::ICMP | protocol::ICMPV6);
        host.roles.insert(Role::Client);
        if used && (host.uses.len() < MAX_SERVICES || host.uses.contains_key(&service)) {
            let servers = host.uses.entry(service).or_default();
            if servers.len() < MAX_SERVICES {
                servers.insert(server.host);
            }
        }
        let Some(host) = table.entry(server, conversation) else { continue };
        host.add_traffic((back.packets, back.bytes), (out.packets, out.bytes));
        if used {
            let clients = clients.entry((server.host, service)).or_default();
            if clients.len() < MAX_SERVICES {
                clients.insert(client.host);
            }
        }
    }
    for ((address, service), clients) in clients {
        if let Some(host) = table.get_mut(&address)
            && host.offers.len() < MAX_SERVICES
        {
            host.offers.insert(service, clients.len());
            host.roles.insert(Role::Server);
        }
    }
    let mut all = table.all;
    for host in &mut all {
        host.names = names.of(host.address).map(str::to_owned).collect();
    }
    all.sort_unstable_by_key(|host| host.address);
    all
}

/// Hosts as they come, and where each stands: a table of places is a fraction of one of hosts while it grows.
#[derive(Default)]
struct Table {
    all: Vec<Host>,
    at: HashMap<IpAddr, u32, RandomState>,
}

impl Table {
    /// The host of one end of a conversation, which it is seen in.
    fn entry(&mut self, endpoint: Endpoint, conversation: &Conversation) -> Option<&mut Host> {
        let next = self.all.len();
        let at = *self.at.entry(endpoint.host).or_insert(next as u32) as usize;
        if at == next {
            self.all.push(Host::new(endpoint.host, conversation));
        }
        let host = self.all.get_mut(at)?;
        host.first_time = host.first_time.min(conversation.first_time());
        host.last_time = host.last_time.max(conversation.last_time());
        Some(host)
    }

    fn get_mut(&mut self, address: &IpAddr) -> Option<&mut Host> {
        self.all.get_mut(*self.at.get(address)? as usize)
    }
}

impl Host {
    /// A host that is seen for the first time.
    fn new(address: IpAddr, conversation: &Conversation) -> Host {
        Host {
            address,
            first_time: conversation.first_time(),
            last_time: conversation.last_time(),
            sent_packets: 0,
            sent_bytes: 0,
            received_packets: 0,
            received_bytes: 0,
            offers: BTreeMap::new(),
            uses: BTreeMap::new(),
            names: Vec::new(),
            roles: BTreeSet::new(),
        }
    }

    fn add_traffic(&mut self, sent: (u64, u64), received: (u64, u64)) {
        self.sent_packets += sent.0;
        self.sent_bytes += sent.1;
        self.received_packets += received.0;
        self.received_bytes += received.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversations;
    use crate::decode::decode;
    use crate::evidence::Seen;
    use wirescope_wire::{LinkType, Packet};

    /// A datagram from 192.0.2.`src` to 192.0.2.`dst`.
    fn datagram(src: u8, dst: u8, src_port: u16, dst_port: u16) -> Vec<u8> {
        let mut data = vec![0x45, 0, 0, 29, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, src, 192, 0, 2, dst];
        data.extend(src_port.to_be_bytes());
        data.extend(dst_port.to_be_bytes());
        data.extend([0, 9, 0, 0, b'x']);
        data
    }

    #[test]
    fn a_service_is_offered_by_who_answers_and_used_by_who_asked() {
        let mut conversations: Conversations = Conversations::new(10);
        let packets = [datagram(1, 2, 5000, 123), datagram(2, 1, 123, 5000), datagram(1, 3, 5000, 514)];
        for (number, data) in (1u64..).zip(&packets) {
            let time = Timestamp::new(number as i64, 0);
            let packet =
                Packet { time, link: LinkType::RAW, interface: 0, wire_len: data.len() as u32, data };
            conversations.packet(Seen { number, time }, &decode(&packet));
        }
        let all: Vec<Conversation> = conversations.finish().into_iter().map(|(c, ())| c).collect();
        let hosts = hosts(&all, &Names::default());
        let [client, server, silent] = hosts.as_slice() else { panic!("three hosts") };
        let service = Service { protocol: 17, port: 123 };
        assert_eq!(client.uses.get(&service), Some(&BTreeSet::from([server.address])));
        assert_eq!(server.offers, BTreeMap::from([(service, 1)]));
        assert!(
            silent.offers.is_empty() && !silent.roles.contains(&Role::Server),
            "nobody knows what it offers"
        );
        assert_eq!((client.sent_packets, client.received_packets), (2, 1));
        assert_eq!((client.first_time.seconds, client.last_time.seconds), (1, 3));
    }
}
