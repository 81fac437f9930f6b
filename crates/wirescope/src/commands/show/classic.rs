//! `wirescope show --classic`, also under the name `tcpshow`: tcpshow's options, which are words behind one
//! hyphen and no task for a parser of today's.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::Parser;
use wirescope_report::classic::{Break, Classic, Options};

use super::super::input::Input;
use super::super::output::Output;
use super::Numbers;
use crate::dump::{Failure, Program};

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
  -cooked      nothing is to be captured: accepted for scripts, since captures are always read
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
    let mut classic = Classic::new(request.options, input.service_naming());
    let mut output = Output::plain();
    let mut written = Ok(());
    let mut left = request.most.unwrap_or(u64::MAX);
    let passed = input.each_packet_until(program, |number, packet| {
        if request.numbers.as_ref().is_none_or(|numbers| numbers.contain(number)) {
            written = output.write(classic.packet(packet).as_bytes());
            left -= 1;
        }
        let last = request.numbers.as_ref().map_or(u64::MAX, Numbers::last);
        match written.is_err() || left == 0 || number >= last {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })?;
    written?;
    output.finish()?;
    Ok(passed.status)
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
                "-cooked" => {}
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

    /// The words as all commands take them; standard input where none is a capture.
    fn input(&self) -> Input {
        let stdin = OsString::from("-");
        let names_file =
            self.words.first().is_some_and(|word| *word == stdin || std::path::Path::new(word).exists());
        let looks_like_file = self.words.first().is_some_and(|word| Input::ends_like_capture(word));
        let numeric = self.numeric.then(|| OsString::from("-n"));
        let stdin = (!names_file && !looks_like_file).then_some(stdin);
        let words = [OsString::from("show")].into_iter().chain(numeric).chain(stdin);
        Words::parse_from(words.chain(self.words.iter().cloned())).input
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
