//! What the machine's interfaces offer, as `-D`, `-L` and `-J` list it.

use std::process::ExitCode;

use wirescope_capture::live;

use super::command::shown;
use super::options::Request;
use super::{Failure, Program, messages};
use crate::live::interfaces::{failure, names};

/// Lists the interfaces (`-D`).
pub(crate) fn list(program: &Program) -> Result<ExitCode, Failure> {
    let devices = live::devices().map_err(|error| failure(program, &error))?;
    let lines = devices.iter().enumerate().map(|(at, device)| format!("{}.{device}\n", at + 1));
    shown(&lines.collect::<String>())
}

/// Lists the link types that packets of an interface can be had with (`-L`).
pub(crate) fn list_link_types(program: &Program, request: &Request) -> Result<ExitCode, Failure> {
    let dissector =
        wirescope_dissect::Dissector::new(request.print.clone(), wirescope_dissect::Names::none());
    for name in names(&request.live.interfaces).map_err(|error| failure(program, &error))? {
        if request.live.monitor {
            return Err(failure(program, &live::LiveError::NoMonitorMode(name)));
        }
        let links = live::link_types(&name).map_err(|error| failure(program, &error))?;
        messages::say(&format!("Data link types for {name} (use option -y to set):"));
        for link in links {
            let shown = match (link.name(), link.description()) {
                (Some(known), Some(described)) => format!("{known} ({described})"),
                _ => format!("DLT {}", link.0),
            };
            let printed = if dissector.knows(link) { "" } else { " (printing not supported)" };
            messages::say(&format!("  {shown}{printed}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the types of time stamp that an interface has (`-J`).
pub(crate) fn list_time_stamp_types(program: &Program, request: &Request) -> Result<ExitCode, Failure> {
    for name in names(&request.live.interfaces).map_err(|error| failure(program, &error))? {
        messages::say(&format!("Time stamp types for {name} (use option -j to set):"));
        for source in live::stamp_sources(&name) {
            messages::say(&format!("  {} ({})", source.name(), source.description()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
