//! Interfaces by name and by number, opened, and advice where one cannot be had.

use std::ffi::OsString;
use std::path::Path;

use wirescope_capture::Source;
use wirescope_capture::live::{self, LiveCapture, LiveError, LiveOptions, ipv4_network};

use crate::dump::{Failure, Program};

/// The capabilities that capturing takes, as setcap(8) writes them.
const CAPABILITIES: &str = "cap_net_raw,cap_net_admin=ep";

/// The names of interfaces that are given by name, or by their number in the list of `-D`. If none is given, that of
/// the first in the list.
pub(crate) fn names(given: &[OsString]) -> Result<Vec<String>, LiveError> {
    if given.is_empty() {
        return live::default_device().map(|name| vec![name]);
    }
    let devices = live::devices()?;
    let mut names = Vec::new();
    for word in given {
        let word = word.to_string_lossy().into_owned();
        let name = match word.parse() {
            Ok(number) if devices.iter().all(|device| device.name != word) => live::device_by_number(number)?,
            _ => word,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Opens the interfaces that are given, each with the filter that the expression makes for its link type, says what
/// could not be had of the options, and lets packets in.
pub(crate) fn open(
    program: &Program,
    given: &[OsString],
    options: &LiveOptions,
    expression: &str,
) -> Result<LiveCapture, Failure> {
    let cannot = |error| failure(program, &error);
    let names = names(given).map_err(cannot)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut capture = LiveCapture::open(&names, options).map_err(cannot)?;
    for warning in capture.warnings() {
        program.error(&format!("WARNING: {warning}"));
    }
    for (number, interface) in capture.interfaces().to_vec().iter().enumerate() {
        let mut options = wirescope_filter::Options::new(interface.link);
        options.live = true;
        options.snaplen = capture.properties().snapshot_len;
        let network = interface.name.as_deref().and_then(ipv4_network);
        options.netmask = network.map(|(_, mask)| mask).or(options.netmask);
        let filter = wirescope_filter::compile(expression, &options)
            .map_err(|error| Failure::Message { text: error.message, hints: error.hints })?;
        capture.set_filter_of(number, &filter).map_err(cannot)?;
    }
    capture.start().map_err(cannot)?;
    Ok(capture)
}

/// Why a capture cannot start, with advice.
pub(crate) fn failure(program: &Program, error: &LiveError) -> Failure {
    let hints = match error {
        LiveError::NoSuchDevice(name) => no_such_device(program, name),
        LiveError::InvalidIndex => {
            vec![format!("{} -D lists the interfaces with their numbers", program.command)]
        }
        LiveError::NotPermitted { .. } => not_permitted(program),
        LiveError::NotUp(name) => vec![format!("to bring it up: sudo ip link set dev {name} up")],
        LiveError::LinkType(_) => vec![format!("{} -L -i INTERFACE lists what there is", program.command)],
        _ => Vec::new(),
    };
    Failure::Message { text: error.to_string(), hints }
}

fn no_such_device(program: &Program, name: &str) -> Vec<String> {
    let devices = live::devices().unwrap_or_default();
    let names: Vec<String> = devices.into_iter().map(|device| device.name).collect();
    let mut hints = vec![format!("this machine has {}", names.join(", "))];
    if Path::new(name).is_file() {
        hints.push(format!("{name} is a file; to read it: {} -r {name}", program.command));
    }
    hints
}

/// The two ways to the right to capture.
fn not_permitted(program: &Program) -> Vec<String> {
    let mut hints =
        vec![format!("with the superuser's rights, given up once all is open: sudo {} ...", program.command)];
    if let Ok(path) = std::env::current_exe() {
        hints.push(format!(
            "for all who may run it, without sudo: sudo setcap {CAPABILITIES} {}",
            path.display()
        ));
    }
    hints
}
