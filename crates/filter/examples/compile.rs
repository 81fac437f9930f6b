//! Compiles a filter and lists the program: `compile [-y LINKTYPE] [-s SNAPLEN] [-O] [-d | -dd | -ddd] EXPRESSION`.

use std::process::ExitCode;

use wirescope_filter::{Options, compile, listing};
use wirescope_wire::LinkType;

fn main() -> ExitCode {
    let mut options = Options::new(LinkType::EN10MB);
    let mut list: fn(&[wirescope_filter::ir::Instruction]) -> String = listing::assembly;
    let mut words = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-y" => {
                let name = arguments.next().unwrap_or_default();
                match LinkType::from_name(&name) {
                    Some(link) => options.link = link,
                    None => {
                        eprintln!("compile: invalid data link type {name}");
                        return ExitCode::FAILURE;
                    }
                }
            }
            "-s" => {
                let length = arguments.next().and_then(|length| length.parse().ok()).unwrap_or(0);
                options.snaplen = if length == 0 { 262_144 } else { length };
            }
            "-O" => options.optimise = false,
            "--live" => options.live = true,
            "-d" => list = listing::assembly,
            "-dd" => list = listing::c_array,
            "-ddd" => list = listing::decimal,
            _ => words.push(argument),
        }
    }
    match compile(&words.join(" "), &options) {
        Ok(program) => {
            print!("{}", list(program.instructions()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("compile: {error}");
            for hint in &error.hints {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}
