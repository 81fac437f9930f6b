//! What is probably not meant as it is written: an expression that compiles can still select the wrong packets.
//!
//! Each rule is one function and one row of [`RULES`]. A warning says that an expression hardly means what it says;
//! a note says what it leaves out, which may well be meant.

mod address;
mod bytes;
mod logic;
mod reach;

use std::ops::Range;

use crate::Options;
use crate::ast::{Node, NodeId, NodeKind, Protocol, Qualifiers, Subject, Tree};
use crate::explain::Ranges;
use crate::names::Names;

pub use reach::{UNSEEN, Unseen};

/// How sure a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The expression hardly means what it says.
    Warning,
    /// The expression leaves out something that is easily forgotten.
    Note,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Something that a rule found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How sure it is.
    pub severity: Severity,
    /// What is the matter.
    pub message: String,
    /// The bytes of the expression that it is about.
    pub span: Range<usize>,
    /// What to write instead.
    pub advice: Option<String>,
}

/// A rule: its name, how sure it is, and the check.
struct Rule {
    name: &'static str,
    severity: Severity,
    check: fn(&Examined, &mut Report),
}

const fn warning(name: &'static str, check: fn(&Examined, &mut Report)) -> Rule {
    Rule { name, severity: Severity::Warning, check }
}

const fn note(name: &'static str, check: fn(&Examined, &mut Report)) -> Rule {
    Rule { name, severity: Severity::Note, check }
}

const RULES: &[Rule] = &[
    warning("impossible-address", address::impossible_address),
    warning("address-as-name", address::address_as_name),
    warning("odd-mask", address::odd_mask),
    warning("net-of-one-address", address::net_of_one_address),
    note("network-or-broadcast-as-host", address::network_or_broadcast_as_host),
    note("leading-zero", address::leading_zero),
    warning("and-after-or", logic::and_after_or),
    warning("not-before-list", logic::not_before_list),
    warning("not-or-not", logic::not_or_not),
    warning("never-true", logic::never_true),
    warning("always-true", logic::always_true),
    note("adds-nothing", logic::adds_nothing),
    warning("beyond-width", bytes::beyond_width),
    warning("flags-without-mask", bytes::flags_without_mask),
    warning("beyond-snapshot", bytes::beyond_snapshot),
    note("ipv4-bytes", bytes::ipv4_bytes),
    warning("encapsulation-shifts", reach::encapsulation_shifts),
    note("port-of-any-transport", reach::port_of_any_transport),
    note("later-fragments", reach::later_fragments),
    note("host-in-arp", reach::host_in_arp),
    note("unseen-encapsulation", reach::unseen_encapsulation),
];

/// The most findings that are kept; a list of a thousand hosts needs no thousand lines.
const MOST_FINDINGS: usize = 64;

/// Looks for what is probably not meant. Names are not resolved for it but where terms are proved against each other.
pub fn lint(expression: &str, tree: &Tree, options: &Options, names: &dyn Names) -> Vec<Finding> {
    let examined = Examined::new(expression, tree, options, names);
    let mut findings = Vec::new();
    for rule in RULES {
        let mut report = Report { rule, findings: Vec::new() };
        (rule.check)(&examined, &mut report);
        findings.append(&mut report.findings);
    }
    findings.sort_by_key(|finding| finding.severity);
    findings.truncate(MOST_FINDINGS);
    findings
}

/// The names of all rules.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name)
}

/// Where a rule's findings go.
struct Report {
    rule: &'static Rule,
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, span: &Range<usize>, message: impl Into<String>, advice: Option<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding {
                rule: self.rule.name,
                severity: self.rule.severity,
                message: message.into(),
                span: span.clone(),
                advice,
            });
        }
    }
}

/// An expression under examination.
struct Examined<'a> {
    expression: &'a str,
    tree: &'a Tree,
    options: &'a Options,
    names: &'a dyn Names,
    ranges: Ranges,
    parents: Vec<Option<NodeId>>,
}

/// A name, address or number with its qualifiers.
struct Identifier<'a> {
    id: NodeId,
    qualifiers: Qualifiers,
    carried: bool,
    subject: &'a Subject,
    place: &'a Range<usize>,
}

impl<'a> Examined<'a> {
    fn new(expression: &'a str, tree: &'a Tree, options: &'a Options, names: &'a dyn Names) -> Examined<'a> {
        let mut parents = vec![None; tree.nodes.len()];
        for (id, node) in tree.nodes.iter().enumerate() {
            for child in node.kind.operands() {
                if let Some(parent) = parents.get_mut(child) {
                    *parent = Some(id);
                }
            }
        }
        Examined { expression, tree, options, names, ranges: Ranges::of(tree), parents }
    }

    fn kind(&self, id: NodeId) -> Option<&'a NodeKind> {
        self.tree.nodes.get(id).map(|node| &node.kind)
    }

    fn node(&self, id: NodeId) -> Option<&'a Node> {
        self.tree.nodes.get(id)
    }

    fn nodes(&self) -> impl Iterator<Item = (NodeId, &'a Node)> {
        self.tree.nodes.iter().enumerate()
    }

    fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.parents.get(id).copied().flatten()
    }

    /// The expression's text there.
    fn text(&self, span: &Range<usize>) -> &'a str {
        self.expression.get(span.clone()).unwrap_or("")
    }

    fn identifiers(&self) -> impl Iterator<Item = Identifier<'a>> {
        self.nodes().filter_map(|(id, node)| match &node.kind {
            NodeKind::Identifier { qualifiers, carried, subject, place } => Some(Identifier {
                id,
                qualifiers: qualifiers.unwrap_or_default(),
                carried: *carried,
                subject,
                place,
            }),
            _ => None,
        })
    }

    /// The expression with something else there.
    fn replaced(&self, span: &Range<usize>, by: &str) -> String {
        let before = self.expression.get(..span.start).unwrap_or("");
        format!("{before}{by}{}", self.expression.get(span.end..).unwrap_or(""))
    }

    /// What else must hold wherever a node decides, because `and` joins them.
    fn joined_with(&self, id: NodeId) -> Vec<NodeId> {
        let mut joined = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            if let Some(NodeKind::And(first, second)) = self.kind(parent) {
                joined.push(if *first == at { *second } else { *first });
            }
            at = parent;
        }
        joined
    }

    /// Whether some part of what must hold there fits: a test itself, one of those joined by `and`, or each of
    /// those joined by `or`.
    fn requires(&self, id: NodeId, fits: &dyn Fn(&NodeKind) -> bool) -> bool {
        self.joined_with(id).into_iter().any(|other| self.demands(other, fits))
    }

    /// The same of one test. Operands stand before what joins them, so one walk decides it for all.
    fn demands(&self, id: NodeId, fits: &dyn Fn(&NodeKind) -> bool) -> bool {
        let first = crate::part::first_of(self.tree, id);
        let mut demand: Vec<bool> = Vec::new();
        for at in first..=id {
            let of = |node: NodeId| {
                node.checked_sub(first).and_then(|index| demand.get(index)).copied().unwrap_or(false)
            };
            let held = match self.kind(at) {
                Some(NodeKind::And(first, second)) => of(*first) || of(*second),
                Some(NodeKind::Or(first, second)) => of(*first) && of(*second),
                Some(NodeKind::Not(_)) | None => false,
                Some(kind) => fits(kind),
            };
            demand.push(held);
        }
        demand.last().copied().unwrap_or(false)
    }

    /// Whether only IPv4 packets can come as far as a node, by what it is joined with.
    fn is_ipv4_only(&self, id: NodeId) -> bool {
        self.requires(id, &|kind| match kind {
            NodeKind::Protocol(protocol) => {
                matches!(protocol, Protocol::Ip | Protocol::Icmp | Protocol::Igmp | Protocol::Igrp)
            }
            NodeKind::Identifier { qualifiers, subject, .. } => {
                matches!(subject, Subject::Dotted(_) | Subject::DottedPrefix(..) | Subject::DottedMask(..))
                    || qualifiers.is_some_and(|qualifiers| qualifiers.protocol == Some(Protocol::Ip))
            }
            NodeKind::Broadcast(Some(Protocol::Ip)) | NodeKind::Multicast(Some(Protocol::Ip)) => true,
            _ => false,
        })
    }
}
