//! `wirescope show --classic`, also under the name `tcpshow`: tcpshow's options, which are words behind one
//! hyphen and no task for a parser of today's.

use std::ffi::OsString;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use wirescope_report::classic::{Break, Classic, Options, cooked};
use wirescope_wire::Packet;

use super::super::input::Input;
use super::super::output::Output;
use super::Numbers;
use crate::dump::{Failure, Program, reason};

/// Most bytes of a line of text; tcpdump prints shorter ones.
const MAX_LINE: u64 = 1 << 16;

const USAGE: &str = "\
options of tcpshow:
  -b           break long lines of data
  -sb          break long lines of data at blanks
  -w N         with lines of N characters (60)
  -data        only who talks to whom, and the data
  -nodata      how much data there is, instead of the data
  -noip        no IP headers
  -nolink      no times and no link headers
  -s           show what stands behind the end of a datagram
  -terse       a line or two for each header
  -track       show which acknowledgement a segment should get
  -pp          a point-to-point link: no link addresses
  -cooked      read what tcpdump -enx printed from standard input, unless captures are named
  -h           this text
and besides:
  -r FILE      read this capture, as FILE alone does; standard input without any
  -c N         stop after N packets
  -N LIST      only the packets with these numbers: 17, 3-9, 100- or a list of them
  -n           numbers for ports
";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Request {
    options: Options,
    help: bool,
    /// Text is read from standard input.
    cooked: bool,
    numeric: bool,
    most: Option<u64>,
    numbers: Option<Numbers>,
    /// Captures and then the filter.
    words: Vec<OsString>,
}

/// The input, as for the other commands.
#[derive(Parser)]
struct Words {
    #[command(flatten)]
    input: Input,
}

/// Does what tcpshow's options ask for.
pub(crate) fn run(program: &Program, arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let request = Request::parse(program, arguments)?;
    if request.help {
        let mut output = Output::plain();
        output.write(
            format!("Usage: {} [OPTION]... [FILE]... [FILTER]\n{USAGE}", program.command).as_bytes(),
        )?;
        output.finish()?;
        return Ok(ExitCode::SUCCESS);
    }
    let input = request.input();
    let mut printer = Printer {
        classic: Classic::new(request.options, input.service_naming()),
        output: Output::plain(),
        written: Ok(()),
        left: request.most.unwrap_or(u64::MAX),
        numbers: request.numbers.clone(),
    };
    let status = if request.cooked && !request.names_capture() {
        request.read_text(&mut printer)?;
        ExitCode::SUCCESS
    } else {
        let packet = |number, packet: &Packet| printer.print(number, |classic| classic.packet(packet));
        input.each_packet_until(program, packet)?.status
    };
    printer.written?;
    printer.output.finish()?;
    Ok(status)
}

/// What prints packets, as many as are wanted.
struct Printer {
    classic: Classic,
    output: Output,
    written: Result<(), Failure>,
    left: u64,
    numbers: Option<Numbers>,
}

impl Printer {
    /// Prints a packet if it is wanted; breaks off where no later one is.
    fn print(&mut self, number: u64, text: impl FnOnce(&mut Classic) -> String) -> ControlFlow<()> {
        if self.numbers.as_ref().is_none_or(|numbers| numbers.contain(number)) {
            self.written = self.output.write(text(&mut self.classic).as_bytes());
            self.left -= 1;
        }
        let last = self.numbers.as_ref().map_or(u64::MAX, Numbers::last);
        match self.written.is_err() || self.left == 0 || number >= last {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

impl Request {
    fn parse(program: &Program, arguments: Vec<OsString>) -> Result<Request, Failure> {
        let mut request = Request::default();
        let (mut broken, mut at_blanks, mut width) = (false, false, None);
        let mut rest = arguments.into_iter();
        while let Some(word) = rest.next() {
            let options = &mut request.options;
            match word.to_str().unwrap_or_default() {
                "-b" => broken = true,
                "-sb" => at_blanks = true,
                "-w" => width = Some(value::<usize>(&mut rest, "-w", "lines have at least one character")?),
                "-data" => options.only_data = true,
                "-nodata" => options.no_data = true,
                "-noip" => options.no_ip = true,
                "-nolink" => options.no_link = true,
                "-s" => options.spurious = true,
                "-terse" => options.terse = true,
                "-track" => options.track = true,
                "-pp" => options.point_to_point = true,
                "-cooked" => request.cooked = true,
                "-h" | "-help" | "--help" => request.help = true,
                "-n" => request.numeric = true,
                "-c" => request.most = Some(value(&mut rest, "-c", "there is at least one packet to show")?),
                "-N" => {
                    let list = argument(&mut rest, "-N")?.to_string_lossy().into_owned();
                    request.numbers = Some(list.parse().map_err(|why| wrong("-N", why))?);
                }
                "-r" => {
                    let file = argument(&mut rest, "-r")?;
                    request.words.insert(0, file);
                }
                option if option.len() > 1 && option.starts_with('-') => {
                    return Err(Failure::Message {
                        text: format!("unknown option {option}"),
                        hints: vec![format!("{} -h lists the options", program.command)],
                    });
                }
                _ => request.words.push(word),
            }
        }
        if broken || at_blanks || width.is_some() {
            request.options.breaks = Some(Break { width: width.unwrap_or(Break::WIDTH), at_blanks });
        }
        Ok(request)
    }

    /// Whether the first word is a capture, or was meant for one.
    fn names_capture(&self) -> bool {
        let is_capture =
            |word: &OsString| word == "-" || Path::new(word).exists() || Input::ends_like_capture(word);
        self.words.first().is_some_and(is_capture)
    }

    /// The words as all commands take them; standard input where none is a capture.
    fn input(&self) -> Input {
        let numeric = self.numeric.then(|| OsString::from("-n"));
        let stdin = (!self.names_capture()).then(|| OsString::from("-"));
        let words = [OsString::from("show")].into_iter().chain(numeric).chain(stdin);
        Words::parse_from(words.chain(self.words.iter().cloned())).input
    }

    /// Prints the packets that text on standard input tells of.
    fn read_text(&self, printer: &mut Printer) -> Result<(), Failure> {
        if !self.words.is_empty() {
            return Err(Failure::Message {
                text: "-cooked reads text, which no filter goes over".to_owned(),
                hints: vec!["give the filter to the tcpdump that prints the text".to_owned()],
            });
        }
        let mut lines = cooked::Lines::default();
        let mut number = 0;
        let mut stdin = io::stdin().lock();
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = stdin.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
            if read.map_err(|error| Failure::message(format!("standard input: {}", reason(&error))))? == 0 {
                break;
            }
            if let Some(packet) = lines.line(&String::from_utf8_lossy(&line)) {
                number += 1;
                if printer.print(number, |classic| classic.cooked(&packet)).is_break() {
                    return Ok(());
                }
            }
        }
        if let Some(packet) = lines.finish() {
            let _ = printer.print(number + 1, |classic| classic.cooked(&packet));
        }
        Ok(())
    }
}

fn argument(rest: &mut impl Iterator<Item = OsString>, option: &str) -> Result<OsString, Failure> {
    rest.next().ok_or_else(|| wrong(option, "an argument is missing".to_owned()))
}

/// A number of one or more.
fn value<T: std::str::FromStr + Default + PartialEq>(
    rest: &mut impl Iterator<Item = OsString>,
    option: &str,
    least: &str,
) -> Result<T, Failure> {
    let text = argument(rest, option)?.to_string_lossy().into_owned();
    match text.parse::<T>() {
        Ok(number) if number == T::default() => Err(wrong(option, least.to_owned())),
        Ok(number) => Ok(number),
        Err(_) => Err(wrong(option, format!("\"{}\" is no number", text.escape_default()))),
    }
}

fn wrong(option: &str, why: String) -> Failure {
    Failure::message(format!("{option}: {why}"))
}
