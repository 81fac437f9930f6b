//! What is said to people: version and usage in tcpdump's form, and lines on standard error.

use std::io::Write;
use std::path::Path;

use wirescope_capture::{Interface, Properties};
use wirescope_wire::LinkType;

use super::Program;

/// The version text.
pub(crate) fn version() -> String {
    format!(
        "tcpdump version 5.0.0-PRE-GIT (wirescope {version})\nlibpcap version 1.11.0-PRE-GIT (wirescope {version})\n",
        version = env!("CARGO_PKG_VERSION")
    )
}

/// The usage text.
pub(crate) fn usage(program: &Program) -> String {
    format!(
        "Usage: {} [-AbdDefgHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
\t\t[ -C file_size ] [ --duration time ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
\t\t[ -i interface ] [ --immediate-mode ] [ --ip-oneline ]
\t\t[ -j tstamptype ] [ --json ] [ --lengths ] [ -M secret ] [ --no-sandbox ] [ --number ]
\t\t[ --pcapng ] [ --print ] [ --print-sampling nth ] [ -Q in|out|inout ]
\t\t[ -r file ] [ -s snaplen ] [ --skip count ] [ --stats-json ] [ --status ]
\t\t[ -T type ] [ --version ]
\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]{}\n",
        program.name,
        if program.has_commands() { " [ -- command ]" } else { "" }
    )
}

/// Says what is being read.
pub(crate) fn reading_from(path: &Path, properties: &Properties) {
    let link = link_type(properties.link, properties.link_number);
    let (path, snapshot_len) = (path.display(), properties.snapshot_len);
    say(&format!("reading from file {path}, link-type {link}, snapshot length {snapshot_len}"));
}

/// Says on which interface packets are captured.
pub(crate) fn listening_on(interface: &Interface) -> String {
    let name = interface.name.as_deref().unwrap_or_default();
    let (link, snapshot_len) = (link_type(interface.link, interface.link.0.into()), interface.snapshot_len);
    format!("listening on {name}, link-type {link}, snapshot length {snapshot_len} bytes")
}

/// A link type as people know it.
fn link_type(link: LinkType, number: u32) -> String {
    match (link.name(), link.description()) {
        (Some(name), Some(description)) => format!("{name} ({description})"),
        _ => number.to_string(),
    }
}

/// Writes a line on standard error. Where nobody can read it, nothing is lost by going on.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
