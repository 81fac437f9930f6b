//! Distributed scans: several sources divide one set of targets among them.

use super::*;

/// Sources that make a scan distributed, and the failed endpoints each must have.
const MIN_SOURCES: usize = 3;
const MIN_EACH: usize = 3;
/// Endpoints of all sources together.
const MIN_TOGETHER: usize = 12;
/// Of the endpoints of a source this share must be its own, or the sources merely do the same thing.
const MIN_OWN_SHARE: f64 = 0.7;
/// Share of a source's contacts that must have failed.
const MIN_FAILED: f64 = 0.8;
/// Sources work together when the pause between one's end and the next one's start is under this share
/// of the whole, or under a minute.
const LONGEST_PAUSE_SHARE: f64 = 0.25;
const SHORT_PAUSE_SECONDS: f64 = 60.0;

/// What the sources may have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Common {
    /// The port; they divide the hosts, all in one network.
    Port(u16, [u8; 16]),
    /// The host; they divide the ports.
    Host(IpAddr),
}

struct Part<'c> {
    source: IpAddr,
    contacts: Vec<&'c Contact>,
    endpoints: BTreeSet<Endpoint>,
}

/// Marks scans that are part of a distributed one, and adds parts too small to be found alone.
pub(super) fn find(scans: &mut Vec<Scan>, groups: &Groups, all: &ByClient) {
    let mut candidates: BTreeMap<(Technique, Common), Vec<Part>> = BTreeMap::new();
    for ((source, technique), contacts) in groups.iter().filter(|(_, contacts)| contacts.len() >= MIN_EACH) {
        let mut commons: BTreeMap<Common, Vec<&Contact>> = BTreeMap::new();
        for contact in contacts {
            let port = Common::Port(contact.target.port, source::network(contact.target.host));
            commons.entry(port).or_default().push(contact);
            commons.entry(Common::Host(contact.target.host)).or_default().push(contact);
        }
        for (common, contacts) in commons {
            let failed = contacts.iter().filter(|c| has_failed(c)).count();
            let endpoints: BTreeSet<Endpoint> = contacts.iter().map(|c| c.target).collect();
            if endpoints.len() >= MIN_EACH && failed as f64 >= MIN_FAILED * contacts.len() as f64 {
                let part = Part { source, contacts, endpoints };
                candidates.entry((technique, common)).or_default().push(part);
            }
        }
    }
    let mut members: BTreeMap<(IpAddr, Technique), Vec<&Contact>> = BTreeMap::new();
    for ((technique, _), parts) in candidates {
        for part in work_together(parts) {
            members.entry((part.source, technique)).or_default().extend(part.contacts);
        }
    }
    for ((source, technique), mut contacts) in members {
        contacts.sort_unstable_by_key(|contact| contact.conversation);
        contacts.dedup_by_key(|contact| contact.conversation);
        let known = scans.iter_mut().find(|scan| {
            scan.scanner == source && (scan.technique == technique || scan.technique == Technique::Connect)
        });
        match known {
            Some(scan) => scan.shape = Shape::Distributed,
            None => {
                let mut test = SequentialTest::default();
                contacts.iter().for_each(|contact| test.observe(!contact.outcome.is_failure()));
                let mut scan = describe(source, technique, &contacts, test.decision(), all);
                scan.shape = Shape::Distributed;
                scans.push(scan);
            }
        }
    }
}

/// Silence is no failure for UDP: streams and logs ask for no answer, and many hosts send them.
fn has_failed(contact: &Contact) -> bool {
    let refused = contact.answer == Answer::Refused;
    contact.outcome.is_failure() && (refused || contact.technique != Technique::Udp)
}

/// The parts that belong to one distributed scan; none if they do not.
fn work_together(mut parts: Vec<Part>) -> Vec<Part> {
    let mut sharers: BTreeMap<Endpoint, usize> = BTreeMap::new();
    for endpoint in parts.iter().flat_map(|part| &part.endpoints) {
        *sharers.entry(*endpoint).or_default() += 1;
    }
    parts.retain(|part| {
        let own = part.endpoints.iter().filter(|endpoint| sharers.get(endpoint) == Some(&1)).count();
        own as f64 >= MIN_OWN_SHARE * part.endpoints.len() as f64
    });
    let together: usize = parts.iter().map(|part| part.endpoints.len()).sum();
    if parts.len() < MIN_SOURCES || together < MIN_TOGETHER || !is_one_effort(&parts) {
        return Vec::new();
    }
    parts
}

/// Whether the times of the parts overlap or follow upon each other.
fn is_one_effort(parts: &[Part]) -> bool {
    let seconds = |contact: &&Contact| contact.first.time.as_nanos() as f64 / 1e9;
    let mut spans: Vec<(f64, f64)> = parts
        .iter()
        .map(|part| {
            let times = part.contacts.iter().map(seconds);
            times.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let start = spans.first().map_or(0.0, |span| span.0);
    let end = spans.iter().map(|span| span.1).fold(f64::MIN, f64::max);
    let longest = ((end - start) * LONGEST_PAUSE_SHARE).max(SHORT_PAUSE_SECONDS);
    let mut until = start;
    spans.into_iter().all(|(low, high)| {
        let near = low - until <= longest;
        until = until.max(high);
        near
    })
}
