//! An explanation for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use wirescope_filter::lint::{Finding, Severity};
use wirescope_filter::{listing, point_at};

use super::Explanation;
use super::arguments::{Arguments, Form};
use super::count::name;

const HEADING: Style = Style::new().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();
const WEAK: Style = Style::new().dimmed();

/// How wide a column of counts is.
const COUNT_WIDTH: usize = 12;

pub(super) fn write(out: &mut Vec<u8>, explanation: &Explanation, arguments: &Arguments) -> io::Result<()> {
    if arguments.only_program == 0 {
        terms(out, explanation)?;
        findings(out, explanation)?;
    }
    program(out, explanation, arguments)
}

fn heading(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    writeln!(out, "{HEADING}{text}{HEADING:#}")
}

fn terms(out: &mut Vec<u8>, explanation: &Explanation) -> io::Result<()> {
    let link = explanation.options.link;
    let link = match (link.name(), link.description()) {
        (Some(name), Some(description)) => format!("{name} ({description})"),
        _ => format!("link type {}", link.0),
    };
    heading(out, &format!("A packet of {link} passes if"))?;
    if explanation.lines.is_empty() {
        writeln!(out, "  (there is no condition: every packet passes)")?;
    }
    let captures = &explanation.captures;
    if !captures.is_empty() {
        for (number, capture) in captures.iter().enumerate() {
            let (file, packets) = (name(&capture.path), capture.packets);
            let column = if captures.len() > 1 { format!("column {}: ", number + 1) } else { String::new() };
            writeln!(out, "  {column}packets of {file} that each term passes, of {packets}")?;
            if let Some(damage) = &capture.damage {
                writeln!(out, "  {WARNING}reading ended early:{WARNING:#} {damage}")?;
            }
        }
    }
    for line in &explanation.lines {
        for capture in captures {
            let count = capture.of(line.node).map_or("-".to_owned(), |packets| packets.to_string());
            write!(out, "{count:>COUNT_WIDTH$}")?;
        }
        let indent = "  ".repeat(line.depth + 1);
        let span = explanation.tree.nodes.get(line.node).map(|node| node.span.clone()).unwrap_or_default();
        let source = printable(explanation.expression.get(span).unwrap_or(""));
        let text = printable(&line.text);
        if line.is_group {
            writeln!(out, "{indent}{text}")?;
        } else {
            writeln!(out, "{indent}{text}  {WEAK}[{source}]{WEAK:#}")?;
        }
    }
    writeln!(out)
}

fn findings(out: &mut Vec<u8>, explanation: &Explanation) -> io::Result<()> {
    if explanation.findings.is_empty() {
        return Ok(());
    }
    heading(out, "What to think of")?;
    for finding in &explanation.findings {
        one_finding(out, &explanation.expression, finding)?;
    }
    writeln!(out)
}

fn one_finding(out: &mut Vec<u8>, expression: &str, finding: &Finding) -> io::Result<()> {
    let style = match finding.severity {
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    };
    let (word, rule) = (finding.severity.name(), finding.rule);
    let message = printable(&finding.message);
    writeln!(out, "  {style}{word}{style:#}: {message} {WEAK}({rule}){WEAK:#}")?;
    let whole = finding.span == (0..expression.len());
    if finding.severity == Severity::Warning && !whole {
        for line in point_at(expression, &finding.span) {
            writeln!(out, "    {line}")?;
        }
    }
    match &finding.advice {
        Some(advice) => writeln!(out, "    {}", printable(advice)),
        None => Ok(()),
    }
}

fn program(out: &mut Vec<u8>, explanation: &Explanation, arguments: &Arguments) -> io::Result<()> {
    let Ok(program) = &explanation.program else { return Ok(()) };
    let instructions = program.instructions();
    let text = match arguments.form() {
        Form::Assembly => listing::assembly(instructions),
        Form::C => listing::c_array(instructions),
        Form::Decimal => listing::decimal(instructions),
        Form::None => return Ok(()),
    };
    if arguments.only_program == 0 {
        let count = instructions.len();
        heading(out, &format!("Program of {count} instruction{}", if count == 1 { "" } else { "s" }))?;
    }
    out.write_all(text.as_bytes())
}

/// Text of the expression, of which nothing reaches the terminal as a command.
fn printable(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
