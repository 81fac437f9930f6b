//! Contacts: what one conversation says about its source as a scanner.

use super::*;

use wirescope_wire::tcp::flag;

use crate::conversation::{Opening, Side, Verdict};
use crate::evidence::Seen;

/// A host that had come first within this time is answered, not probed.
const ANSWERS_WITHIN_SECONDS: f64 = 300.0;
/// More datagrams than this are a conversation that nobody answered, not a probe.
const MAX_PROBE_DATAGRAMS: u64 = 4;
/// A host that also gets through to the target within this time of a failure tried several ways at once.
const TRIED_TOGETHER_SECONDS: f64 = 5.0;
/// Stacks send a segment again after this time at the earliest (RFC 6298 recommends a second, systems take
/// 0.2); copies that a mirror port makes come sooner.
const REPEATED_AFTER_SECONDS: f64 = 0.2;
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
    /// A failure that something else explains, so that it speaks neither for a scanner nor for a client.
    Excused,
}

impl Outcome {
    pub(super) fn is_failure(self) -> bool {
        self == Outcome::Failure
    }

    /// Whether it failed, unless that says nothing.
    pub(super) fn failed(self) -> Option<bool> {
        match self {
            Outcome::Success => Some(false),
            Outcome::Failure => Some(true),
            Outcome::Excused => None,
        }
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
    /// Whether a SYN/ACK came once, and neither ACK nor RST followed.
    is_half_open: bool,
    /// Whether it is a datagram from a service to a port of clients, which answers what was not seen.
    is_from_service: bool,
    /// How often it was tried.
    pub(super) tries: u64,
    pub(super) conversation: u32,
}

impl Contact {
    fn new(conversation: &Conversation, position: u32) -> Option<Contact> {
        let technique = Technique::of(conversation)?;
        let (client, server) = (conversation.client, conversation.server);
        let first = conversation.openings.first().copied()?;
        if client.host == server.host || server.is_for_many() || is_unset(client.host) {
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
            (stealthy, _) if stealthy.is_stealth() => false,
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
            is_half_open: conversation.verdict() == Verdict::HalfOpen
                && conversation.synacks.len() == 1
                && conversation.client_resets.is_empty(),
            is_from_service: technique == Technique::Udp
                && answer == Answer::Silent
                && conversation.is_from_service(),
            tries: conversation.opening_count,
            conversation: position,
        })
    }
}

/// All contacts among conversations, but for those of a flood, answers to somebody, and traceroutes.
/// `is_asked_for` tells the addresses that somebody looked up in DNS.
pub(super) fn contacts(
    conversations: &[Conversation],
    flooding: &HashSet<u32, RandomState>,
    is_asked_for: impl Fn(IpAddr) -> bool,
) -> Vec<Contact> {
    let mut contacts: Vec<Contact> = (0u32..)
        .zip(conversations)
        .filter(|(position, _)| !flooding.contains(position))
        .filter_map(|(position, conversation)| Contact::new(conversation, position))
        .collect();
    contacts.sort_by_key(|contact| contact.first.number);
    let mut meetings = Meetings::new(conversations, &contacts);
    contacts.retain(|contact| !meetings.is_answer(contact));
    let is_of_syns_alone = is_of_syns_alone(conversations);
    for contact in contacts.iter_mut().filter(|contact| contact.outcome.is_failure()) {
        if is_of_syns_alone && contact.is_half_open {
            contact.outcome = Outcome::Success;
        } else if contact.is_from_service || is_asked_for(contact.target.host) || meetings.explain(contact) {
            contact.outcome = Outcome::Excused;
        }
    }
    drop_traceroutes(&mut contacts);
    contacts
}

/// Whether the capture has no TCP segments but SYNs and SYN/ACKs, as a filter leaves them. Nothing follows
/// then from a SYN/ACK after which nothing came.
pub(super) fn is_of_syns_alone(conversations: &[Conversation]) -> bool {
    let has_more = |side: &Side| side.acknowledged || side.reset || side.finished;
    !conversations.iter().any(|c| has_more(&c.from_client) || has_more(&c.from_server))
}

/// When hosts got through to each other, by client and server; only for pairs between which a contact
/// failed.
struct Meetings(HashMap<(IpAddr, IpAddr), Vec<f64>, RandomState>);

impl Meetings {
    fn new(conversations: &[Conversation], contacts: &[Contact]) -> Self {
        let pairs: HashSet<(IpAddr, IpAddr), RandomState> = contacts
            .iter()
            .filter(|contact| contact.outcome.is_failure())
            .flat_map(|contact| {
                [(contact.target.host, contact.scanner), (contact.scanner, contact.target.host)]
            })
            .collect();
        let mut meetings: HashMap<(IpAddr, IpAddr), Vec<f64>, RandomState> = HashMap::default();
        for conversation in conversations {
            let pair = (conversation.client.host, conversation.server.host);
            if pairs.contains(&pair) && matches!(conversation.verdict(), Verdict::Data | Verdict::OpenNoData)
            {
                let at = conversation.first_time().as_nanos() as f64 / 1e9;
                meetings.entry(pair).or_default().push(at);
            }
        }
        Meetings(meetings)
    }

    /// Whether the target had come to the source shortly before: an ident query, active FTP and the like.
    fn is_answer(&self, contact: &Contact) -> bool {
        let at = contact.first.time.as_nanos() as f64 / 1e9;
        self.0
            .get(&(contact.target.host, contact.scanner))
            .is_some_and(|calls| calls.iter().any(|call| *call <= at && at - call <= ANSWERS_WITHIN_SECONDS))
    }

    /// Whether the source got through to the same host at the same time by another way: QUIC besides TCP,
    /// port 139 besides 445. Each meeting explains one failure, or a scan that finds something to talk
    /// to would explain itself.
    fn explain(&mut self, contact: &Contact) -> bool {
        let at = contact.first.time.as_nanos() as f64 / 1e9;
        let Some(meetings) = self.0.get_mut(&(contact.scanner, contact.target.host)) else { return false };
        let near = meetings.iter().position(|meeting| (meeting - at).abs() <= TRIED_TOGETHER_SECONDS);
        near.map(|near| meetings.swap_remove(near)).is_some()
    }
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
/// alone, also come from conversations that are older than the capture: servers that end them send from a
/// service to a client, and stacks that end them or keep them alive repeat themselves.
fn is_stealth_probe(conversation: &Conversation, technique: Technique) -> bool {
    let (client, server) = (&conversation.from_client, &conversation.from_server);
    let lone = client.packets == conversation.opening_count
        && client.payload + client.repeated + server.payload == 0
        && !server.acknowledged;
    let of_conversation = conversation.is_from_service() || is_repeated(conversation);
    lone && !(of_conversation && matches!(technique, Technique::Ack | Technique::Maimon))
}

/// Whether a stack sent the first segment again.
fn is_repeated(conversation: &Conversation) -> bool {
    match (conversation.openings.first(), conversation.openings.last()) {
        (Some(first), Some(last)) => last.time.seconds_since(first.time) >= REPEATED_AFTER_SECONDS,
        _ => false,
    }
}

fn is_unset(address: IpAddr) -> bool {
    address.is_unspecified()
}
