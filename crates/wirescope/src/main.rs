//! Wirescope: packet analysis from the first packet to the verdict.
#![forbid(unsafe_code)]

mod commands;
mod dump;
mod filter_command;
mod getopt;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dump::Program;

/// The name under which the whole program is tcpdump.
const TCPDUMP: &str = "tcpdump";

/// Packet analysis from the first packet to the verdict: tcpdump's language and text, and what analysts
/// build around it.
#[derive(Parser)]
#[command(name = "wirescope", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What wirescope does.
#[derive(Subcommand)]
enum Command {
    Investigate(commands::investigate::Arguments),
    Explain(commands::explain::Arguments),
    Detect(commands::detect::Arguments),
    Summary(commands::summary::Arguments),
    Flows(commands::flows::Arguments),
    Scans(commands::scans::Arguments),
    Rpc(commands::rpc::Arguments),
    Rpcinfo(commands::rpcinfo::Arguments),
    Irc(commands::irc::Arguments),
    Hosts(commands::hosts::Arguments),
    /// Read, filter, print and write packets, with the options and the text of tcpdump
    ///
    /// Also what the program is under the name tcpdump. `wirescope dump -h` lists the options.
    #[command(disable_help_flag = true)]
    Dump {
        /// tcpdump's options and filter expression
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    Filter(filter_command::Arguments),
}

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let called = arguments.first().map_or("wirescope".into(), |called| called.to_string_lossy().into_owned());
    let name =
        Path::new(&called).file_name().map_or(called.clone(), |name| name.to_string_lossy().into_owned());
    // tcpdump's options are not for another parser to look at.
    if name == TCPDUMP {
        return dump::main(&Program { called, command: name.clone(), name }, arguments.split_off(1));
    }
    if arguments.get(1).is_some_and(|command| command == "dump") {
        let program = Program { called, command: format!("{name} dump"), name };
        return dump::main(&program, arguments.split_off(2));
    }
    let command = Arguments::parse_from(arguments).command;
    let program = Program { called, command: name.clone(), name };
    let done = match &command {
        Command::Dump { arguments } => return dump::main(&program, arguments.clone()),
        Command::Filter(arguments) => return filter_command::main(arguments),
        Command::Investigate(arguments) => commands::investigate::run(&program, arguments),
        Command::Explain(arguments) => commands::explain::run(&program, arguments),
        Command::Detect(arguments) => commands::detect::run(&program, arguments),
        Command::Summary(arguments) => commands::summary::run(&program, arguments),
        Command::Flows(arguments) => commands::flows::run(&program, arguments),
        Command::Scans(arguments) => commands::scans::run(&program, arguments),
        Command::Rpc(arguments) => commands::rpc::run(&program, arguments),
        Command::Rpcinfo(arguments) => commands::rpcinfo::run(&program, arguments),
        Command::Irc(arguments) => commands::irc::run(&program, arguments),
        Command::Hosts(arguments) => commands::hosts::run(&program, arguments),
    };
    commands::status(&program, done)
}
