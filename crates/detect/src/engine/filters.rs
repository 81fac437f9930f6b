//! Which matches become alerts: rates, limits and suppression. Every table here is bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use wirescope_flow::bounded::Bounded;
use wirescope_wire::Timestamp;

use crate::language::{
    Action, AddressSet, DetectionFilter, EventFilter, FilterKind, RateFilter, RuleSet, Suppression, Track,
};

/// Counters kept per kind of filter; the least recently used make room.
const MAX_COUNTERS: usize = 65_536;

/// What is counted together: a rule and a host.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    gid: u32,
    sid: u32,
    host: Option<IpAddr>,
}

#[derive(Clone, Copy)]
struct Counter {
    since: Timestamp,
    count: u32,
}

/// A match, as filters see it.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) gid: u32,
    pub(super) sid: u32,
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) time: Timestamp,
}

impl Match {
    fn key(&self, track: Track) -> Key {
        let host = match track {
            Track::BySource => Some(self.src),
            Track::ByDestination => Some(self.dst),
            Track::ByRule => None,
        };
        Key { gid: self.gid, sid: self.sid, host }
    }
}

/// The filters of a rule set with their counters.
pub(super) struct Filters {
    /// Filters by generator and rule; 0 stands for all.
    events: HashMap<(u32, u32), EventFilter>,
    rates: HashMap<(u32, u32), Vec<RateFilter>>,
    suppressions: Vec<Suppression>,
    detection_counts: Bounded<Key, Counter>,
    event_counts: Bounded<Key, Counter>,
    /// What each rate filter of a rule, by its place among them, has counted.
    rate_counts: Bounded<(usize, Key), Counter>,
    /// When rates were exceeded.
    rate_exceeded: Bounded<(usize, Key), Timestamp>,
    /// Events that each filter has held back, by generator and rule, and those that each suppression has.
    filtered: HashMap<(u32, u32), u64>,
    suppressed: Vec<u64>,
}

/// A filter and how many events it has held back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilteredEvents {
    /// Generator; 0 for all.
    pub gid: u32,
    /// Rule; 0 for all.
    pub sid: u32,
    /// What held them back.
    pub by: FilteredBy,
    /// How many.
    pub count: u64,
}

/// What holds events back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilteredBy {
    /// A filter of rates.
    Filter(EventFilter),
    /// A suppression, for the hosts of one side or for all.
    Suppression(Option<Track>),
}

impl Filters {
    pub(super) fn new(set: &RuleSet) -> Self {
        let in_rules = set.rules.iter().filter_map(|rule| Some(((rule.gid, rule.sid), rule.threshold?)));
        let lines = set.event_filters.iter().map(|f| ((f.gid.unwrap_or(0), f.sid.unwrap_or(0)), *f));
        let mut rates: HashMap<(u32, u32), Vec<RateFilter>> = HashMap::new();
        for filter in &set.rate_filters {
            rates.entry((filter.gid, filter.sid)).or_default().push(filter.clone());
        }
        Filters {
            events: in_rules.chain(lines).collect(),
            rates,
            suppressions: set.suppressions.clone(),
            filtered: HashMap::new(),
            suppressed: vec![0; set.suppressions.len()],
            detection_counts: Bounded::new(MAX_COUNTERS),
            event_counts: Bounded::new(MAX_COUNTERS),
            rate_counts: Bounded::new(MAX_COUNTERS),
            rate_exceeded: Bounded::new(MAX_COUNTERS),
        }
    }

    /// How many counters had to make room for others.
    pub(super) fn evicted(&self) -> u64 {
        self.detection_counts.evicted()
            + self.event_counts.evicted()
            + self.rate_counts.evicted()
            + self.rate_exceeded.evicted()
    }

    /// Whether a rule with a detection filter matches at all: only above its rate.
    pub(super) fn detects(&mut self, filter: DetectionFilter, found: Match) -> bool {
        let counter = count(&mut self.detection_counts, found.key(filter.track), filter.seconds, found.time);
        counter > filter.count
    }

    /// The action that a rate filter puts in the place of the rule's own, from the match on that exceeds its
    /// rate and for as long as it says. Of several filters the first that acts counts.
    pub(super) fn action(&mut self, action: Action, found: Match) -> Action {
        let Some(filters) = self.rates.get(&(found.gid, found.sid)) else { return action };
        let mut new_action = None;
        for (number, filter) in (0..).zip(filters) {
            let key = found.key(filter.track);
            let is_for = |hosts: &AddressSet| key.host.is_none_or(|host| hosts.contains(host));
            if !filter.hosts.as_ref().is_none_or(is_for) {
                continue;
            }
            let key = (number, key);
            let acts = |since: &Timestamp| {
                filter.timeout == 0 || found.time.seconds - since.seconds < i64::from(filter.timeout)
            };
            if self.rate_exceeded.get(&key).is_some_and(acts) {
                new_action.get_or_insert(filter.new_action);
            } else if count(&mut self.rate_counts, key.clone(), filter.seconds, found.time) > filter.count {
                self.rate_exceeded.insert(key, found.time);
                new_action.get_or_insert(filter.new_action);
            }
        }
        new_action.unwrap_or(action)
    }

    /// Whether an alert is raised.
    pub(super) fn raises(&mut self, found: Match) -> bool {
        if let Some(at) = self.suppressions.iter().position(|suppression| suppresses(suppression, found)) {
            self.suppressed.get_mut(at).into_iter().for_each(|count| *count += 1);
            return false;
        }
        let keys = [(found.gid, found.sid), (found.gid, 0), (0, 0)];
        let known = keys.iter().find_map(|key| Some((*key, self.events.get(key)?)));
        let Some((key, filter)) = known.map(|(key, filter)| (key, *filter)) else { return true };
        let tracked = found.key(filter.track);
        let counter = count(&mut self.event_counts, tracked.clone(), filter.seconds, found.time);
        let raised = match filter.kind {
            FilterKind::Limit => counter <= filter.count,
            FilterKind::Threshold => {
                let is_reached = counter >= filter.count;
                if is_reached {
                    // What comes after the alert is counted anew, in a span of its own.
                    self.event_counts.insert(tracked, Counter { since: found.time, count: 0 });
                }
                is_reached
            }
            FilterKind::Both => counter == filter.count,
            FilterKind::All => true,
        };
        *self.filtered.entry(key).or_default() += u64::from(!raised);
        raised
    }

    /// The filters that have held events back, by generator and rule.
    pub(super) fn filtered(&self) -> Vec<FilteredEvents> {
        let by_filter = self.filtered.iter().filter_map(|(key, count)| {
            let by = FilteredBy::Filter(*self.events.get(key)?);
            Some(FilteredEvents { gid: key.0, sid: key.1, by, count: *count })
        });
        let by_suppression =
            self.suppressions.iter().zip(&self.suppressed).map(|(suppression, count)| FilteredEvents {
                gid: suppression.gid.unwrap_or(0),
                sid: suppression.sid.unwrap_or(0),
                by: FilteredBy::Suppression(suppression.host.as_ref().map(|host| host.0)),
                count: *count,
            });
        let mut all: Vec<_> = by_filter.chain(by_suppression).filter(|row| row.count > 0).collect();
        all.sort_by_key(|row| (row.gid, row.sid));
        all
    }
}

fn suppresses(suppression: &Suppression, found: Match) -> bool {
    let same = suppression.gid.is_none_or(|gid| gid == found.gid)
        && suppression.sid.is_none_or(|sid| sid == found.sid);
    same && match &suppression.host {
        None => true,
        Some((Track::ByDestination, hosts)) => hosts.contains(found.dst),
        Some((_, hosts)) => hosts.contains(found.src),
    }
}

/// Counts a match and says how many there were in the running span of `seconds`, 0 for all time.
fn count<K: Clone + Eq + Hash>(table: &mut Bounded<K, Counter>, key: K, seconds: u32, now: Timestamp) -> u32 {
    let Some(counter) = table.entry(&key, || Counter { since: now, count: 0 }) else { return 1 };
    if seconds != 0 && now.seconds - counter.since.seconds >= i64::from(seconds) {
        *counter = Counter { since: now, count: 0 };
    }
    counter.count = counter.count.saturating_add(1);
    counter.count
}
