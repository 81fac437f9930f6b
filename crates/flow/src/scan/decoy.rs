//! Scans hidden among decoys: several sources that probe the same ports of one host in step.

use super::*;

/// Ports that a source must share with the others to count as in step.
const MIN_SHARED_PORTS: usize = 5;
/// Share of its ports that must be shared, and of those that must come in the same order.
const MIN_SHARED: f64 = 0.8;
/// Sources in step probe a port within this time of each other, in the median.
const IN_STEP_SECONDS: f64 = 1.0;
/// Most sources compared with each other on one victim.
const MAX_SOURCES: usize = 1_024;

/// Several sources, one of them real.
#[derive(Clone, Debug)]
pub struct DecoyScan {
    /// Host probed.
    pub victim: IpAddr,
    /// All sources.
    pub sources: BTreeSet<IpAddr>,
    /// The one that reacts to answers.
    pub genuine: Option<IpAddr>,
    /// How they probed.
    pub technique: Technique,
    /// Ports probed.
    pub ports: BTreeSet<u16>,
    /// The open ones.
    pub answered: BTreeSet<Endpoint>,
    /// The RSTs by which the genuine source gives itself away; without any, the probes.
    pub evidence: Evidence,
    /// Whether the evidence is those RSTs.
    pub by_resets: bool,
    pub(super) conversations: Vec<u32>,
}

/// The ports of one source on one victim, in the order in which they were first probed.
struct Steps<'c> {
    source: IpAddr,
    contacts: Vec<&'c Contact>,
    first: HashMap<u16, (usize, f64), RandomState>,
}

impl<'c> Steps<'c> {
    fn new(source: IpAddr, contacts: Vec<&'c Contact>) -> Self {
        let mut first: HashMap<u16, (usize, f64), RandomState> = HashMap::default();
        for contact in &contacts {
            let rank = first.len();
            let at = contact.first.time.as_nanos() as f64 / 1e9;
            first.entry(contact.target.port).or_insert((rank, at));
        }
        Steps { source, contacts, first }
    }

    /// Whether `other` probes the same ports at the same time in the same order.
    fn is_in_step(&self, other: &Steps) -> bool {
        let mut shared: Vec<(usize, usize, f64)> = self
            .first
            .iter()
            .filter_map(|(port, (rank, at))| other.first.get(port).map(|(r, a)| (*rank, *r, (a - at).abs())))
            .collect();
        let larger = self.first.len().max(other.first.len()) as f64;
        if shared.len() < MIN_SHARED_PORTS || (shared.len() as f64) < MIN_SHARED * larger {
            return false;
        }
        shared.sort_unstable_by_key(|(rank, ..)| *rank);
        let ascending = shared
            .windows(2)
            .filter(|pair| matches!(pair, [(_, before, _), (_, after, _)] if before < after))
            .count();
        let mut distances: Vec<f64> = shared.iter().map(|(_, _, distance)| *distance).collect();
        distances.sort_by(f64::total_cmp);
        let median = distances.get(distances.len() / 2).copied().unwrap_or(f64::MAX);
        ascending as f64 >= MIN_SHARED * (shared.len() - 1) as f64 && median <= IN_STEP_SECONDS
    }
}

/// Finds decoy scans and takes their contacts out of the groups.
pub(super) fn find(groups: &mut Groups) -> Vec<DecoyScan> {
    let mut by_victim: BTreeMap<(IpAddr, Technique), BTreeMap<IpAddr, Vec<&Contact>>> = BTreeMap::new();
    // Who has fewer contacts shares no more ports: most sources of a large capture are left out here.
    let groups_of_many = groups.iter().filter(|(_, contacts)| contacts.len() >= MIN_SHARED_PORTS);
    for ((source, technique), contacts) in groups_of_many {
        for contact in contacts {
            let sources = by_victim.entry((contact.target.host, technique)).or_default();
            sources.entry(source).or_default().push(contact);
        }
    }
    let mut found = Vec::new();
    for ((victim, technique), sources) in by_victim {
        let mut left: Vec<Steps> = sources
            .into_iter()
            .map(|(source, contacts)| Steps::new(source, contacts))
            .filter(|steps| steps.first.len() >= MIN_SHARED_PORTS)
            .take(MAX_SOURCES)
            .collect();
        while let Some(lead) = left.pop() {
            let (mut together, apart): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|steps| lead.is_in_step(steps));
            left = apart;
            if !together.is_empty() {
                together.push(lead);
                found.push(describe(victim, technique, &together));
            }
        }
    }
    let hidden: HashSet<u32, RandomState> =
        found.iter().flat_map(|decoy| decoy.conversations.iter().copied()).collect();
    groups.0.retain(|contact| !hidden.contains(&contact.conversation));
    found
}

fn describe(victim: IpAddr, technique: Technique, sources: &[Steps]) -> DecoyScan {
    let all = || sources.iter().flat_map(|steps| steps.contacts.iter().copied());
    // A stack that knows of its SYN completes the handshake or drops it; so does only the real source.
    // A decoy that is switched on resets too, and then nobody can be told from the others.
    let reacted: BTreeSet<IpAddr> =
        all().filter(|c| c.disowned.is_some() || c.established).map(|c| c.scanner).collect();
    let genuine = if reacted.len() == 1 { reacted.first().copied() } else { None };
    let resets: Vec<_> = all().filter(|c| Some(c.scanner) == genuine).filter_map(|c| c.disowned).collect();
    let by_resets = !resets.is_empty();
    DecoyScan {
        victim,
        sources: sources.iter().map(|steps| steps.source).collect(),
        genuine,
        technique,
        ports: all().map(|c| c.target.port).collect(),
        answered: all().filter(|c| c.answer == Answer::Answered).map(|c| c.target).collect(),
        evidence: Evidence::collect(if by_resets { resets } else { all().map(|c| c.first).collect() }),
        by_resets,
        conversations: all().map(|c| c.conversation).collect(),
    }
}
