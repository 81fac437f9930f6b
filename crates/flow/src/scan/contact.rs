//! Contacts: what one conversation says about its source as a scanner.

use super::*;

use wirescope_wire::tcp::flag;

use crate::conversation::{Opening, Verdict};
use crate::evidence::Seen;

/// A host that had come first within this time is answered, not probed.
const ANSWERS_WITHIN_SECONDS: f64 = 300.0;
/// More datagrams than this are a conversation that nobody answered, not a probe.
const MAX_PROBE_DATAGRAMS: u64 = 4;
/// So many different times to live, the lowest this low, are a traceroute.
const TRACEROUTE_TTLS: usize = 3;
const TRACEROUTE_LOWEST_TTL: u8 = 4;

/// How a scanner probes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Technique {
    /// A SYN, and nothing but a RST after the answer.
    Syn,
    /// Whole handshakes.
    Connect,
    /// FIN alone.
    Fin,
    /// No flags at all.
    Null,
    /// FIN, PSH and URG.
    Xmas,
    /// ACK alone.
    Ack,
    /// SYN and FIN.
    SynFin,
    /// FIN and ACK, after Uriel Maimon.
    Maimon,
    /// UDP datagrams.
    Udp,
    /// ICMP requests.
    Icmp,
}

impl Technique {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Technique::Syn => "syn",
            Technique::Connect => "connect",
            Technique::Fin => "fin",
            Technique::Null => "null",
            Technique::Xmas => "xmas",
            Technique::Ack => "ack",
            Technique::SynFin => "syn-fin",
            Technique::Maimon => "maimon",
            Technique::Udp => "udp",
            Technique::Icmp => "icmp",
        }
    }

    /// The transport: `tcp`, `udp` or `icmp`.
    pub fn transport(self) -> &'static str {
        match self {
            Technique::Udp => "udp",
            Technique::Icmp => "icmp",
            _ => "tcp",
        }
    }

    /// Whether stacks never open conversations like this.
    pub fn is_stealth(self) -> bool {
        !matches!(self, Technique::Syn | Technique::Connect | Technique::Udp | Technique::Icmp)
    }

    fn of(conversation: &Conversation) -> Option<Technique> {
        const FIN: u8 = flag::FIN;
        const XMAS: u8 = flag::FIN | flag::PSH | flag::URG;
        const SYN_FIN: u8 = flag::SYN | flag::FIN;
        const MAIMON: u8 = flag::FIN | flag::ACK;
        let meaningful = !(flag::ECE | flag::CWR);
        match conversation.opening {
            Opening::Syn => Some(Technique::Syn),
            Opening::Datagram => Some(Technique::Udp),
            Opening::Request => Some(Technique::Icmp),
            Opening::SynAck | Opening::Reply => None,
            Opening::Flags(flags) => match flags & meaningful {
                0 => Some(Technique::Null),
                FIN => Some(Technique::Fin),
                XMAS => Some(Technique::Xmas),
                flag::ACK => Some(Technique::Ack),
                SYN_FIN => Some(Technique::SynFin),
                MAIMON => Some(Technique::Maimon),
                _ => None,
            },
        }
    }
}

/// How a contact went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// An answer came, and it was wanted.
    Success,
    /// Refused, silent, or dropped by the source itself.
    Failure,
}

impl Outcome {
    pub(super) fn is_failure(self) -> bool {
        self == Outcome::Failure
    }
}

/// One conversation as a probe.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) scanner: IpAddr,
    pub(super) technique: Technique,
    pub(super) target: Endpoint,
    pub(super) first: Seen,
    pub(super) outcome: Outcome,
    pub(super) answer: Answer,
    /// Whether the handshake was completed.
    pub(super) established: bool,
    /// The RST by which the source disowned an answer.
    pub(super) disowned: Option<Seen>,
    pub(super) ttl: u8,
    pub(super) conversation: u32,
}

impl Contact {
    fn new(conversation: &Conversation, position: u32) -> Option<Contact> {
        let technique = Technique::of(conversation)?;
        let (client, server) = (conversation.client, conversation.server);
        let first = conversation.openings.first().copied()?;
        if client.host == server.host || is_for_many(server.host) || is_unset(client.host) {
            return None;
        }
        let refused = conversation.refusal().is_some();
        let answer = match (conversation.is_answered(), refused) {
            (true, _) => Answer::Answered,
            (false, true) => Answer::Refused,
            (false, false) => Answer::Silent,
        };
        if technique.is_stealth() && !is_stealth_probe(conversation, technique) {
            return None;
        }
        if technique == Technique::Udp
            && answer == Answer::Silent
            && conversation.opening_count > MAX_PROBE_DATAGRAMS
        {
            return None;
        }
        // A handshake completed and closed in order was wanted, also without data; one that the client
        // resets at once was not.
        let wanted = match (technique, conversation.verdict()) {
            (Technique::Udp | Technique::Icmp, _) => answer == Answer::Answered,
            (_, Verdict::Data | Verdict::OneWay) => true,
            (_, Verdict::OpenNoData) => !conversation.from_client.reset,
            _ => false,
        };
        Some(Contact {
            scanner: client.host,
            technique,
            target: server,
            first,
            outcome: if wanted { Outcome::Success } else { Outcome::Failure },
            answer,
            established: conversation.is_established(),
            disowned: conversation.disowned(),
            ttl: conversation.from_client.ttl,
            conversation: position,
        })
    }
}

/// All contacts among conversations, but for those of a flood, answers to somebody, and traceroutes.
pub(super) fn contacts(conversations: &[Conversation], flooding: &HashSet<u32, RandomState>) -> Vec<Contact> {
    let mut contacts: Vec<Contact> = (0u32..)
        .zip(conversations)
        .filter(|(position, _)| !flooding.contains(position))
        .filter_map(|(position, conversation)| Contact::new(conversation, position))
        .collect();
    contacts.sort_by_key(|contact| contact.first.number);
    let callers = callers(conversations, &contacts);
    contacts.retain(|contact| !is_answer(contact, &callers));
    drop_traceroutes(&mut contacts);
    contacts
}

/// When each host opened a conversation that came about, by client and server; only for pairs in which
/// the server was a source of contacts too.
fn callers(
    conversations: &[Conversation],
    contacts: &[Contact],
) -> HashMap<(IpAddr, IpAddr), Vec<f64>, RandomState> {
    let pairs: HashSet<(IpAddr, IpAddr), RandomState> = contacts
        .iter()
        .filter(|contact| contact.outcome.is_failure())
        .map(|contact| (contact.target.host, contact.scanner))
        .collect();
    let mut callers: HashMap<(IpAddr, IpAddr), Vec<f64>, RandomState> = HashMap::default();
    for conversation in conversations {
        let pair = (conversation.client.host, conversation.server.host);
        if pairs.contains(&pair) && matches!(conversation.verdict(), Verdict::Data | Verdict::OpenNoData) {
            callers.entry(pair).or_default().push(conversation.first_time().as_nanos() as f64 / 1e9);
        }
    }
    callers
}

/// Whether the target had come to the source shortly before: an ident query, active FTP and the like.
fn is_answer(contact: &Contact, callers: &HashMap<(IpAddr, IpAddr), Vec<f64>, RandomState>) -> bool {
    let at = contact.first.time.as_nanos() as f64 / 1e9;
    callers
        .get(&(contact.target.host, contact.scanner))
        .is_some_and(|calls| calls.iter().any(|call| *call <= at && at - call <= ANSWERS_WITHIN_SECONDS))
}

fn drop_traceroutes(contacts: &mut Vec<Contact>) {
    let mut ttls: HashMap<(IpAddr, IpAddr), BTreeSet<u8>, RandomState> = HashMap::default();
    for contact in contacts.iter() {
        ttls.entry((contact.scanner, contact.target.host)).or_default().insert(contact.ttl);
    }
    ttls.retain(|_, ttls| {
        ttls.len() >= TRACEROUTE_TTLS && ttls.first().is_some_and(|lowest| *lowest <= TRACEROUTE_LOWEST_TTL)
    });
    contacts.retain(|contact| !ttls.contains_key(&(contact.scanner, contact.target.host)));
}

/// Whether a segment that opens nothing was a probe, and not the rest of a conversation from before the
/// capture: a lone segment without payload that drew a RST or nothing. FIN and ACK together, and ACK
/// alone, also come from servers at the end of a conversation: those go from a service to a client.
fn is_stealth_probe(conversation: &Conversation, technique: Technique) -> bool {
    let (client, server) = (&conversation.from_client, &conversation.from_server);
    let lone = client.packets == conversation.opening_count
        && client.payload + client.repeated + server.payload == 0
        && !server.acknowledged;
    let from_service = conversation.client.port < 1024 && conversation.server.port >= 1024;
    lone && !(from_service && matches!(technique, Technique::Ack | Technique::Maimon))
}

/// Whether an address means more than one host.
fn is_for_many(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast() || v4.octets().last() == Some(&255),
        IpAddr::V6(v6) => v6.is_multicast(),
    }
}

fn is_unset(address: IpAddr) -> bool {
    address.is_unspecified()
}
