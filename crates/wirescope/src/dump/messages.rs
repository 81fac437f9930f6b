//! What is said to people: version and usage in tcpdump's form, and lines on standard error.

use std::io::Write;
use std::path::Path;

use wirescope_capture::Properties;

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
\t\t[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
\t\t[ -i interface ] [ --immediate-mode ] [ --ip-oneline ]
\t\t[ -j tstamptype ] [ --json ] [ --lengths ] [ -M secret ] [ --number ]
\t\t[ --pcapng ] [ --print ] [ --print-sampling nth ] [ -Q in|out|inout ]
\t\t[ -r file ] [ -s snaplen ] [ --skip count ] [ -T type ] [ --version ]
\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]\n",
        program.name
    )
}

/// Says what is being read.
pub(crate) fn reading_from(path: &Path, properties: &Properties) {
    let link = match (properties.link.name(), properties.link.description()) {
        (Some(name), Some(description)) => format!("{name} ({description})"),
        _ => properties.link_number.to_string(),
    };
    let (path, snapshot_len) = (path.display(), properties.snapshot_len);
    say(&format!("reading from file {path}, link-type {link}, snapshot length {snapshot_len}"));
}

/// Writes a line on standard error. Where nobody can read it, nothing is lost by going on.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
