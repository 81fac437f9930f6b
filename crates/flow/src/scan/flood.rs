//! SYN floods: many SYNs to one port that nobody means to complete.

use super::*;

use wirescope_wire::tcp::flag;

use crate::conversation::Opening;
use crate::evidence::Seen;

/// SYNs that make a flood...
const MIN_SYNS: usize = 100;
/// ...at this rate, taken over the whole of it...
const MIN_SYNS_PER_SECOND: f64 = 2.0;
/// ...without a pause longer than this.
const LONGEST_PAUSE_SECONDS: f64 = 10.0;
/// A service that completes more than this share of its handshakes in that time is busy, not flooded.
const MAX_COMPLETED_SHARE: f64 = 0.5;

/// In a capture of SYNs alone, a service that answers this share of them may well be busy.
const MAX_ANSWERED_SHARE: f64 = 0.5;

/// A SYN flood on one port.
#[derive(Clone, Debug)]
pub struct SynFlood {
    /// Who is flooded.
    pub victim: Endpoint,
    /// SYNs of the flood.
    pub syns: u64,
    /// Distinct sources.
    pub source_count: u64,
    /// Whether no source ever answered a SYN/ACK.
    pub spoofed: bool,
    /// SYN/ACKs that the victim sent to them.
    pub synacks: u64,
    /// The last of them.
    pub last_synack: Option<Seen>,
    /// Handshakes they completed.
    pub completed: u64,
    /// The SYNs.
    pub evidence: Evidence,
    /// Positions of its conversations.
    pub(super) conversations: Vec<u32>,
}

/// One SYN that may be part of a flood.
struct Syn {
    at: f64,
    position: u32,
}

/// All floods among conversations.
pub(super) fn find(conversations: &[Conversation]) -> Vec<SynFlood> {
    let mut suspects: HashMap<Endpoint, Vec<Syn>, RandomState> = HashMap::default();
    let is_of_syns_alone = contact::is_of_syns_alone(conversations);
    for (position, conversation) in (0u32..).zip(conversations) {
        if is_abandoned(conversation) {
            let at = conversation.first_time().as_nanos() as f64 / 1e9;
            suspects.entry(conversation.server).or_default().push(Syn { at, position });
        }
    }
    let mut floods: Vec<SynFlood> = suspects
        .into_iter()
        .filter(|(_, syns)| syns.len() >= MIN_SYNS)
        .flat_map(|(victim, syns)| bursts(syns).into_iter().map(move |burst| (victim, burst)))
        .filter_map(|(victim, burst)| flood(victim, &burst, conversations))
        .filter(|flood| !is_of_syns_alone || (flood.synacks as f64) < MAX_ANSWERED_SHARE * flood.syns as f64)
        .collect();
    floods.sort_unstable_by_key(|flood| flood.evidence.first_packet());
    floods
}

/// A SYN that was sent once and never followed up. A client that means it repeats an unanswered SYN.
fn is_abandoned(conversation: &Conversation) -> bool {
    conversation.opening == Opening::Syn
        && conversation.protocol == protocol::TCP
        && !conversation.from_client.acknowledged
        && conversation.from_client.payload == 0
        && (conversation.opening_count == 1 || !conversation.client_resets.is_empty())
        && !(conversation.from_server.reset && conversation.synacks.is_empty())
}

/// Cuts a list of SYNs where it pauses.
fn bursts(mut syns: Vec<Syn>) -> Vec<Vec<Syn>> {
    syns.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut bursts: Vec<Vec<Syn>> = Vec::new();
    for syn in syns {
        match bursts.last_mut() {
            Some(burst) if burst.last().is_some_and(|last| syn.at - last.at <= LONGEST_PAUSE_SECONDS) => {
                burst.push(syn);
            }
            _ => bursts.push(vec![syn]),
        }
    }
    bursts
}

fn flood(victim: Endpoint, burst: &[Syn], all: &[Conversation]) -> Option<SynFlood> {
    let burst = core(burst);
    let (first, last) = (burst.first()?, burst.last()?);
    let seconds = last.at - first.at;
    if burst.len() < MIN_SYNS || (burst.len() as f64) < MIN_SYNS_PER_SECOND * seconds {
        return None;
    }
    let members: Vec<&Conversation> = burst.iter().filter_map(|syn| all.get(syn.position as usize)).collect();
    let sources: HashSet<IpAddr, RandomState> = members.iter().map(|c| c.client.host).collect();
    // What the service completed meanwhile, and how much of that for the sources of the flood.
    let meanwhile = |c: &&Conversation| {
        let at = c.first_time().as_nanos() as f64 / 1e9;
        c.server == victim
            && c.protocol == protocol::TCP
            && c.is_established()
            && at >= first.at
            && at <= last.at
    };
    let (mut completed, mut others) = (0u64, 0u64);
    for conversation in all.iter().filter(meanwhile) {
        let counter = if sources.contains(&conversation.client.host) { &mut completed } else { &mut others };
        *counter += 1;
    }
    if (completed + others) as f64 > MAX_COMPLETED_SHARE * (burst.len() as f64 + (completed + others) as f64)
    {
        return None;
    }
    let synacks: Vec<Seen> = members.iter().flat_map(|c| c.synacks.iter().copied()).collect();
    let reacted = completed > 0 || members.iter().any(|c| c.from_client.flags & flag::RST != 0);
    Some(SynFlood {
        victim,
        syns: members.iter().map(|c| c.opening_count).sum(),
        source_count: sources.len() as u64,
        spoofed: !reacted,
        synacks: synacks.len() as u64,
        last_synack: synacks.into_iter().max_by_key(|seen| seen.number),
        completed,
        evidence: Evidence::collect(members.iter().flat_map(|c| c.openings.iter().copied())),
        conversations: burst.iter().map(|syn| syn.position).collect(),
    })
}

/// The part of a burst that is dense: lone SYNs before and after, at another pace, are not the flood's.
fn core(burst: &[Syn]) -> &[Syn] {
    let mut gaps: Vec<f64> = burst
        .windows(2)
        .map(|pair| pair.last().map_or(0.0, |b| b.at) - pair.first().map_or(0.0, |a| a.at))
        .collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let longest = (median * 50.0).max(0.5);
    let mut core = burst;
    while gaps.first().is_some_and(|gap| *gap > longest) {
        gaps.remove(0);
        core = core.get(1..).unwrap_or(&[]);
    }
    while gaps.last().is_some_and(|gap| *gap > longest) {
        gaps.pop();
        core = core.get(..core.len() - 1).unwrap_or(&[]);
    }
    core
}
