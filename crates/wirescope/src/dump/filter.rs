//! The filter of a request: where its expression comes from, what it is compiled for, how it is shown.

use std::ffi::OsStr;

use wirescope_capture::{Interface, MAXIMUM_SNAPSHOT_LEN, Properties};
use wirescope_filter::{Program, listing};
use wirescope_wire::LinkType;

use super::options::Request;
use super::{Failure, hints, reason};

/// An expression as it was given.
pub(crate) struct Expression {
    text: String,
    /// Its words where it comes from the command line, as the shell cut them.
    words: Vec<String>,
}

/// What a filter is compiled for.
pub(crate) struct Target {
    options: wirescope_filter::Options,
}

/// A compiled filter.
pub(crate) struct Filter {
    program: Program,
    /// Whether there was an expression; without one every packet passes.
    restricts: bool,
}

impl Expression {
    /// The expression from the command line, or from the file that is named in its stead.
    pub(crate) fn gather(request: &Request) -> Result<Expression, Failure> {
        if let Some(path) = &request.filter_file {
            return Ok(Expression { text: read_file(path)?, words: Vec::new() });
        }
        let words: Vec<String> =
            request.expression.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Ok(Expression { text: words.join(" "), words })
    }

    /// Compiles the expression.
    pub(crate) fn compile(&self, target: &Target) -> Result<Filter, Failure> {
        let compile = |text: &str| wirescope_filter::compile(text, &target.options);
        match compile(&self.text) {
            Ok(program) => Ok(Filter { program, restricts: !self.text.trim().is_empty() }),
            Err(error) => {
                let mut hints = error.hints;
                hints.extend(hints::stray_words(&self.words, &|text| compile(text).is_ok()));
                Err(Failure::Message { text: error.message, hints })
            }
        }
    }
}

impl Target {
    /// The packets of a file, whose header says what they are.
    pub(crate) fn of_file(request: &Request, properties: &Properties) -> Target {
        let mut target = Target::new(request, properties.link, properties.snapshot_len);
        target.options.origin = properties.byte_order.into();
        target
    }

    /// The packets of an interface, with the mask of its network.
    pub(crate) fn of_interface(request: &Request, interface: &Interface, mask: Option<u32>) -> Target {
        let mut target = Target::new(request, interface.link, interface.snapshot_len);
        target.options.live = true;
        target.options.netmask = request.netmask.or(mask).or(target.options.netmask);
        target
    }

    /// No packets: what the options say.
    pub(crate) fn without_capture(request: &Request) -> Target {
        let link = request.link.unwrap_or(LinkType::EN10MB);
        Target::new(request, link, request.snapshot_len.unwrap_or(MAXIMUM_SNAPSHOT_LEN))
    }

    fn new(request: &Request, link: LinkType, snaplen: u32) -> Target {
        let mut options = wirescope_filter::Options::new(link);
        options.snaplen = snaplen;
        options.optimise = !request.no_optimize;
        options.live = request.filter_as_live;
        options.netmask = request.netmask.or(options.netmask);
        Target { options }
    }
}

impl Filter {
    /// The program as text: once for people, twice for C, three times for programs.
    pub(crate) fn listing(&self, times: u8) -> String {
        let instructions = self.program.instructions();
        match times {
            0 | 1 => listing::assembly(instructions),
            2 => listing::c_array(instructions),
            _ => listing::decimal(instructions),
        }
    }

    /// The program, whether or not it lets every packet pass.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// The program, or nothing where every packet passes.
    pub(crate) fn into_program(self) -> Option<Program> {
        self.restricts.then_some(self.program)
    }
}

/// Reads an expression from a file, in which `#` starts a comment.
fn read_file(path: &OsStr) -> Result<String, Failure> {
    let shown = path.to_string_lossy();
    let bytes = std::fs::read(path).map_err(|error| {
        let what = if error.kind() == std::io::ErrorKind::IsADirectory { "read" } else { "can't open" };
        Failure::message(format!("{what} {shown}: {}", reason(&error)))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().map(|line| line.split('#').next().unwrap_or("")).collect::<Vec<_>>().join("\n"))
}
