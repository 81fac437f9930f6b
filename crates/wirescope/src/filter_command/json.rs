//! An explanation for programs: one JSON object on one line. Terms are a list, each with its depth, so that no
//! reader needs to follow deep nesting.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Explanation;
use super::count::Counted;

pub(super) fn write(out: &mut Vec<u8>, explanation: &Explanation) -> io::Result<()> {
    let Explanation { expression, options, .. } = explanation;
    let mut object = json!({
        "expression": expression,
        "link_type": link_type(options),
        "snapshot_length": options.snaplen,
        "optimized": options.optimise,
        "terms": terms(explanation),
        "findings": findings(explanation),
        "captures": explanation.captures.iter().map(capture).collect::<Vec<_>>(),
    });
    let (member, value) = match &explanation.program {
        Ok(program) => {
            let instructions = program.instructions().iter();
            let rows: Vec<Value> = instructions.map(|row| json!([row.code, row.jt, row.jf, row.k])).collect();
            ("program", Value::from(rows))
        }
        Err(error) => ("error", Value::from(error.message.as_str())),
    };
    if let Some(members) = object.as_object_mut() {
        members.insert(member.to_owned(), value);
    }
    writeln!(out, "{object}")
}

fn link_type(options: &wirescope_filter::Options) -> Value {
    options.link.name().map_or_else(|| json!(options.link.0), Value::from)
}

fn terms(explanation: &Explanation) -> Vec<Value> {
    let term = |line: &wirescope_filter::explain::Line| {
        let span = explanation.tree.nodes.get(line.node).map(|node| node.span.clone()).unwrap_or_default();
        json!({
            "id": line.node,
            "depth": line.depth,
            "start": span.start,
            "end": span.end,
            "source": explanation.expression.get(span).unwrap_or(""),
            "meaning": line.text,
            "group": line.is_group,
        })
    };
    explanation.lines.iter().map(term).collect()
}

fn findings(explanation: &Explanation) -> Vec<Value> {
    let finding = |finding: &wirescope_filter::lint::Finding| {
        json!({
            "rule": finding.rule,
            "severity": finding.severity.name(),
            "message": finding.message,
            "start": finding.span.start,
            "end": finding.span.end,
            "advice": finding.advice,
        })
    };
    explanation.findings.iter().map(finding).collect()
}

fn capture(counted: &Counted) -> Value {
    let terms: Vec<Value> =
        counted.terms.iter().map(|(id, packets)| json!({ "id": id, "packets": packets })).collect();
    json!({
        "file": counted.path.to_string_lossy(),
        "link_type": link_type(&counted.options),
        "packets": counted.packets,
        "passed": counted.passed,
        "damage": counted.damage,
        "terms": terms,
    })
}
