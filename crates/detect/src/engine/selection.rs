//! Which of the rules that match a packet raise alerts: actions in their order, as many as the event queue
//! lets through, and of those the ones that no filter holds back.

use super::filters::Match;
use super::{Alert, Engine};
use crate::language::{Action, Condition, FlowbitsAction, Rule, RuleSet};
use crate::matcher::Matched;
use crate::packet::Inspected;

impl Engine {
    /// Turns matches into alerts. The rules of the first action that has any act, and the others do not,
    /// unless the configuration asks for all.
    pub(super) fn raise(
        &mut self,
        inspected: &Inspected<'_>,
        packets: &[u64],
        matched: &[Matched],
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        if matched.is_empty() {
            return;
        }
        let mut detected: Vec<(Action, usize)> = Vec::with_capacity(matched.len());
        for found in matched.iter().filter(|found| !found.quiet) {
            let Some(rule) = self.set.rules.get(found.rule) else { continue };
            let is_over = |filter| self.filters.detects(filter, event(inspected, rule));
            if rule.detection_filter.is_none_or(is_over) {
                detected.push((rule.action, found.rule));
            }
        }
        let mut taken = 0;
        for place in 0..self.set.config.action_order.len() {
            let Some(&action) = self.set.config.action_order.get(place) else { return };
            let rules: Vec<usize> =
                detected.iter().filter(|found| found.0 == action).map(|found| found.1).collect();
            if rules.is_empty() {
                continue;
            }
            if action == Action::Pass {
                self.counts.passed += 1;
                return;
            }
            for rule in self.choose(rules, &mut taken) {
                self.act(rule, inspected, packets, alert);
            }
            if !self.set.config.all_actions {
                return;
            }
        }
    }

    /// The rules that the event queue lets through, in the order of their alerts; `taken` counts those of
    /// one packet.
    fn choose(&mut self, mut rules: Vec<usize>, taken: &mut usize) -> Vec<usize> {
        let (config, limits) = (&self.set.config, &mut self.counters.limits);
        limits.matches += rules.len().saturating_sub(config.detection_events) as u64;
        rules.truncate(config.detection_events);
        // Rules that look at nothing but the protocol of IP are not chosen from: they come first.
        rules.sort_by_key(|number| {
            let Some(rule) = self.set.rules.get(*number) else { return (true, usize::MAX, u32::MAX) };
            let chosen_by = match config.order_by_priority {
                true => priority(&self.set, rule) as usize,
                false => usize::MAX - longest_content(rule),
            };
            (!is_about_protocol(rule), chosen_by, rule.sid)
        });
        let room = config.events_queued.saturating_sub(*taken);
        limits.queue += rules.len().saturating_sub(room) as u64;
        rules.truncate(room);
        let left = config.events_logged.saturating_sub(*taken);
        limits.log += rules.len().saturating_sub(left) as u64;
        *taken += rules.len();
        rules.truncate(left);
        rules
    }

    /// Does what one rule asks for, unless filters hold it back.
    fn act(
        &mut self,
        number: usize,
        inspected: &Inspected<'_>,
        packets: &[u64],
        alert: &mut dyn FnMut(&Alert<'_>),
    ) {
        let Some(rule) = self.set.rules.get(number) else { return };
        let event = event(inspected, rule);
        let action = self.filters.action(rule.action, event);
        if matches!(action, Action::Pass | Action::SilentDrop) {
            return;
        }
        if !self.filters.raises(event) {
            self.counters.limits.event += 1;
            return;
        }
        self.counts.logged += 1;
        if action == Action::Log {
            return;
        }
        self.counts.alerts += 1;
        let classification = rule.classtype.as_ref().and_then(|name| self.set.classifications.get(name));
        let priority = priority(&self.set, rule);
        alert(&Alert { rule, classification, priority, packets, inspected });
    }

    /// Whether a match of a rule raises an alert at all.
    pub(super) fn is_loud(&self, rule: usize) -> bool {
        let asks_for_none = |condition: &Condition| match condition {
            Condition::Flowbits(bits) => bits.action == FlowbitsAction::NoAlert,
            _ => false,
        };
        let rule = self.set.rules.get(rule);
        rule.is_some_and(|rule| rule.action.alerts() && !rule.conditions.iter().any(asks_for_none))
    }
}

/// A match, as filters see it.
fn event(inspected: &Inspected<'_>, rule: &Rule) -> Match {
    let (src, dst) = (inspected.ip.src, inspected.ip.dst);
    Match { gid: rule.gid, sid: rule.sid, src, dst, time: inspected.time }
}

/// The priority that a rule gives itself, or has from its class; 0 where nothing says.
pub(super) fn priority(set: &RuleSet, rule: &Rule) -> u32 {
    let of_class = || Some(set.classifications.get(rule.classtype.as_ref()?)?.priority);
    rule.priority.or_else(of_class).unwrap_or(0)
}

/// Whether a rule looks at nothing but the protocol of IP.
fn is_about_protocol(rule: &Rule) -> bool {
    matches!(rule.conditions.as_slice(), [Condition::IpProtocol(_)])
}

fn longest_content(rule: &Rule) -> usize {
    let lengths = rule.conditions.iter().filter_map(|condition| match condition {
        Condition::Content(content) => Some(content.pattern.len()),
        _ => None,
    });
    lengths.max().unwrap_or(0)
}
