//! How many packets of a capture each term passes, in one pass over it.

use std::path::{Path, PathBuf};

use wirescope_capture::{FileReader, Mixed, Source};
use wirescope_filter::ast::{NodeId, Tree};
use wirescope_filter::explain::Line;
use wirescope_filter::lint::{Finding, Severity, UNSEEN, Unseen};
use wirescope_filter::names::SystemNames;
use wirescope_filter::{Options, Part, compile, compile_part};

use super::Failure;
use super::arguments::Arguments;

/// Expressions with more terms are counted as a whole only: each term costs a program and its run on each packet.
const MOST_COUNTED_TERMS: usize = 512;

/// A capture to count in.
pub(super) struct Capture {
    path: PathBuf,
    source: FileReader,
}

/// What was counted in a capture.
pub(super) struct Counted {
    pub(super) path: PathBuf,
    pub(super) options: Options,
    /// The packets that were read.
    pub(super) packets: u64,
    /// Those that each term passes, by its node.
    pub(super) terms: Vec<(NodeId, u64)>,
    /// Those that the whole expression passes.
    pub(super) passed: u64,
    /// Packets that ordinary terms do not look into.
    pub(super) unseen: Vec<(&'static Unseen, u64)>,
    /// Why reading ended early.
    pub(super) damage: Option<String>,
}

/// Opens captures.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<Capture>, Failure> {
    let open = |path: &PathBuf| {
        let source =
            FileReader::open(path, Mixed::Refused).map_err(|error| Failure::Message(error.to_string()))?;
        Ok(Capture { path: path.clone(), source })
    };
    paths.iter().map(open).collect()
}

impl Capture {
    /// What a filter for this capture is compiled for.
    pub(super) fn options(&self) -> Options {
        let properties = self.source.properties();
        let mut options = Options::new(properties.link);
        options.snaplen = properties.snapshot_len;
        options.origin = properties.byte_order.into();
        options
    }
}

impl Counted {
    /// The packets that a term passes, where that was counted.
    pub(super) fn of(&self, node: NodeId) -> Option<u64> {
        self.terms.iter().find(|term| term.0 == node).map(|term| term.1)
    }
}

/// A filter and the packets it has passed.
struct Tally {
    part: Part,
    packets: u64,
}

impl Tally {
    fn see(&mut self, data: &[u8], wire_len: u32) {
        if let Part::Some(program) = &self.part
            && program.matches(data, wire_len)
        {
            self.packets += 1;
        }
    }
}

/// Counts in one capture, as far as its packets can be read.
pub(super) fn count(
    capture: Capture,
    tree: &Tree,
    lines: &[Line],
    arguments: &Arguments,
) -> Result<Counted, Failure> {
    let mut options = capture.options();
    arguments.apply(&mut options);
    let Capture { path, mut source } = capture;
    let wrong = |error: wirescope_filter::Error| Failure::Message(format!("{}: {error}", path.display()));
    let shown = if lines.len() > MOST_COUNTED_TERMS { lines.get(..1) } else { Some(lines) };
    let mut terms = Vec::new();
    for line in shown.unwrap_or(&[]) {
        let part = compile_part(tree, line.node, &options, &SystemNames).map_err(wrong)?;
        terms.push((line.node, Tally { part, packets: 0 }));
    }
    let mut unseen: Vec<(&Unseen, Tally)> = Vec::new();
    for kind in UNSEEN {
        // Some link types know nothing of tags.
        if let Ok(program) = compile(kind.filter, &options) {
            unseen.push((kind, Tally { part: Part::Some(Box::new(program)), packets: 0 }));
        }
    }
    let (mut packets, mut damage) = (0, None);
    while packets < arguments.count.unwrap_or(u64::MAX) {
        match source.next() {
            Ok(Some(packet)) => {
                packets += 1;
                for (_, tally) in &mut terms {
                    tally.see(packet.data, packet.wire_len);
                }
                for (_, tally) in &mut unseen {
                    tally.see(packet.data, packet.wire_len);
                }
            }
            Ok(None) => break,
            Err(error) => {
                damage = Some(error.to_string());
                break;
            }
        }
    }
    let terms: Vec<(NodeId, u64)> = terms.into_iter().map(|(node, tally)| (node, tally.packets)).collect();
    let passed = terms.first().map_or(packets, |whole| whole.1);
    let unseen = unseen.into_iter().map(|(kind, tally)| (kind, tally.packets)).collect();
    Ok(Counted { path, options, packets, terms, passed, unseen, damage })
}

/// The rule that guesses at what counting knows.
const GUESS: &str = "unseen-encapsulation";

/// Where packets were counted, what the filter does not see is known and no longer guessed.
pub(super) fn replace_guess(
    expression: &str,
    tree: &Tree,
    captures: &[Counted],
    findings: &mut Vec<Finding>,
) {
    let guessed = findings.iter().any(|finding| finding.rule == GUESS);
    findings.retain(|finding| finding.rule != GUESS);
    let Some(root) = tree.root.and_then(|root| tree.nodes.get(root)).filter(|_| guessed) else { return };
    for capture in captures {
        for (kind, packets) in capture.unseen.iter().filter(|(_, packets)| *packets > 0) {
            let verb = if *packets == 1 { "packet" } else { "packets" };
            let advice =
                kind.prefix.map(|prefix| format!("write ({expression}) or ({prefix} and ({expression}))"));
            findings.push(Finding {
                rule: "unseen-packets",
                severity: Severity::Warning,
                message: format!(
                    "{} has {packets} {verb} {}, into which no term looks",
                    name(&capture.path),
                    kind.what
                ),
                span: root.span.clone(),
                advice,
            });
        }
    }
    findings.sort_by_key(|finding| finding.severity);
}

/// A capture's name as it is shown: nothing in it reaches the terminal as it is.
pub(super) fn name(path: &Path) -> String {
    path.to_string_lossy().chars().map(|sign| if sign.is_control() { '?' } else { sign }).collect()
}
