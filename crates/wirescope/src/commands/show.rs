//! `wirescope show`: packets field by field.

mod classic;

use std::ops::ControlFlow;
use std::process::ExitCode;

use wirescope_dissect::layers::layers;
use wirescope_dissect::{Dissector, Names, Options, TimeFormat};
use wirescope_report::packet::{LayerObject, PacketObject, problems};
use wirescope_report::rfc3339;
use wirescope_report::text::{self, PacketHead};
use wirescope_wire::Packet;

use super::input::Input;
use super::numbers::Numbers;
use super::output::Output;
use crate::dump::{Failure, Program};

pub(crate) use classic::run as classic;

/// Packets field by field: name, value, meaning and bytes, and which lengths disagree
///
/// With --classic, and under the name tcpshow, the text is that of tcpshow 1.0; `wirescope show --classic -h` lists
/// its options.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Only the packets with these numbers: 17, 3-9, 100- or a list such as 1,5-7
    #[arg(short = 'N', long, value_name = "LIST")]
    numbers: Option<Numbers>,
    /// Only packets in which something contradicts itself
    #[arg(long)]
    odd: bool,
    /// The text of tcpshow 1.0
    #[arg(long)]
    classic: bool,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    debug_assert!(!arguments.classic, "the classic command line has been taken by its own parser");
    let input = &arguments.input;
    let mut view = View::new(input.service_names());
    let mut output = if input.json { Output::plain() } else { Output::styled() };
    let mut written = Ok(());
    let mut shown = 0;
    let last = arguments.numbers.as_ref().map_or(u64::MAX, Numbers::last);
    let passed = input.each_packet_until(program, |number, packet| {
        if arguments.numbers.as_ref().is_none_or(|numbers| numbers.contain(number)) {
            match view.show(&mut output, arguments, number, packet, shown == 0) {
                Ok(was_shown) => shown += u64::from(was_shown),
                Err(failure) => written = Err(failure),
            }
        }
        let is_done = written.is_err() || number >= last || shown == input.limit();
        if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    written?;
    if shown == 0 && !input.json {
        let packets: u64 = passed.files.iter().map(|file| file.packets).sum();
        output.write(format!("{}\n", nothing(arguments, packets)).as_bytes())?;
    }
    output.finish()?;
    Ok(passed.status)
}

/// Why nothing was shown.
fn nothing(arguments: &Arguments, packets: u64) -> String {
    let read = if packets == 1 { "one packet".to_owned() } else { format!("{packets} packets") };
    match (&arguments.numbers, arguments.odd) {
        _ if packets == 0 => "no packets: the input is empty".to_owned(),
        (Some(_), _) => format!("no packet has one of these numbers and is wanted; {read} were read"),
        (None, true) => format!("no packet contradicts itself; {read} were read"),
        (None, false) => format!("no packet passes the filter; {read} were read"),
    }
}

/// What takes packets apart: fields, and tcpdump's line above them.
struct View {
    dissector: Dissector,
    names: Names,
}

impl View {
    fn new(names: Names) -> View {
        let options = Options { numeric: true, time: TimeFormat::None, ..Options::default() };
        View { dissector: Dissector::new(options, Names::none()), names }
    }

    /// Writes a packet, if it is wanted; whether it was.
    fn show(
        &mut self,
        output: &mut Output,
        arguments: &Arguments,
        number: u64,
        packet: &Packet,
        is_first: bool,
    ) -> Result<bool, Failure> {
        let layers = layers(packet, &self.names);
        let problems = problems(&layers);
        if arguments.odd && problems == 0 {
            return Ok(false);
        }
        self.dissector.clear();
        if self.dissector.knows(packet.link) {
            self.dissector.print(packet, number);
        }
        let summary = String::from_utf8_lossy(self.dissector.text());
        let (time, summary) = (rfc3339(packet.time), summary.trim_end());
        let link = packet.link.name().map_or_else(|| format!("link type {}", packet.link.0), str::to_owned);
        if arguments.input.json {
            output.json(&PacketObject {
                packet: number,
                time,
                link,
                wire_length: packet.wire_len,
                captured_length: packet.data.len(),
                summary,
                problems,
                layers: layers.iter().map(|layer| LayerObject::new(layer, packet.data)).collect(),
            })?;
        } else {
            let head = PacketHead { number, time: &time, link: &link, wire_len: packet.wire_len, summary };
            let parting = if is_first { "" } else { "\n" };
            let text = text::packet(&head, &layers, packet.data);
            output.write(format!("{parting}{text}").as_bytes())?;
        }
        if arguments.input.is_live() {
            output.flush_now()?;
        }
        Ok(true)
    }
}
