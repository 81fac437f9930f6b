//! Which rules match a packet.
//!
//! Rules are compiled once ([`program`]). For each packet the ports choose a group of rules ([`group`]);
//! one search through each buffer for the groups' fast patterns yields the few rules worth evaluating
//! ([`evaluate`]), and rules without a content are evaluated always.

mod asn1;
mod base64;
mod evaluate;
mod expression;
mod extract;
mod group;
mod patterns;
mod places;
mod program;
mod protocol;

use crate::language::RuleSet;
use crate::packet::Inspected;
use group::Groups;
use program::{Program, compile};

pub use crate::language::Error;
pub use evaluate::Flowbits;
pub use group::Extent;

/// Work that one packet may cause before its evaluation is cut short; see [`Matcher::cut_short`].
const MAX_STEPS: u32 = 200_000;

/// Finds the rules that match a packet.
pub struct Matcher {
    programs: Vec<Program>,
    groups: Groups,
    candidates: group::Candidates,
    cut_short: u64,
}

impl Matcher {
    /// Compiles the rules of a set. A rule that cannot be run (its expression is not understood) is left
    /// out, and said in the errors.
    pub fn new(set: &RuleSet) -> (Matcher, Vec<Error>) {
        let mut programs = Vec::with_capacity(set.rules.len());
        let mut errors = Vec::new();
        let mut bits = program::BitNames::default();
        bits.know(&set.rules);
        for (number, rule) in set.rules.iter().enumerate().filter(|(_, rule)| rule.is_enabled) {
            match compile(rule, number, &mut bits) {
                Ok(program) => programs.push(program),
                Err(error) => errors.push(error),
            }
        }
        let groups = Groups::new(&programs);
        let candidates = group::Candidates::new(programs.len());
        (Matcher { programs, groups, candidates, cut_short: 0 }, errors)
    }

    /// How many packets were given up on because hostile bytes made rules search without end.
    pub fn cut_short(&self) -> u64 {
        self.cut_short
    }

    /// What the last packet's payload held: rules whose pattern stands in it. An [`Extent`] takes them.
    pub fn found_in_payload(&self) -> &[u32] {
        self.candidates.in_payload()
    }

    /// Puts rules that match a packet into the order in which they are met in it: by where their patterns
    /// stand, those without a pattern last.
    pub fn sort_by_place(&self, packet: &Inspected<'_>, matched: &mut [Matched]) {
        places::sort(&self.programs, packet, matched);
    }

    /// Calls `matched` with the number of every rule (its place in the set) that matches, ascending, and
    /// applies what the rules do to the conversation's bits. `extent` says what is left to be searched of
    /// the payload.
    #[inline]
    pub fn inspect(
        &mut self,
        packet: &Inspected<'_>,
        extent: Extent<'_>,
        flowbits: &mut Flowbits,
        mut matched: impl FnMut(Matched),
    ) {
        self.candidates.begin();
        self.groups.search(packet, extent, &mut self.candidates);
        let mut steps = MAX_STEPS;
        let (programs, candidates) = (&self.programs, self.candidates.sorted());
        if places::matter(programs, candidates) {
            places::evaluate(programs, candidates, packet, flowbits, &mut steps)
                .into_iter()
                .for_each(matched);
        } else {
            for &candidate in candidates {
                let Some(program) = programs.get(candidate as usize) else { continue };
                if evaluate::matches(program, packet, flowbits, &mut steps) {
                    let quiet = flowbits.apply(program);
                    matched(Matched { rule: program.rule, quiet });
                }
            }
        }
        if steps == 0 {
            self.cut_short += 1;
        }
        self.candidates.clear();
    }
}

/// A rule that matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Matched {
    /// Its place in the rule set.
    pub rule: usize,
    /// It asks for no alert (`flowbits:noalert`).
    pub quiet: bool,
}
