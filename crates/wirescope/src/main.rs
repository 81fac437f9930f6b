//! Wirescope: packet analysis from the first packet to the verdict.
#![forbid(unsafe_code)]

mod commands;
mod dump;
mod filter_command;
mod getopt;
mod live;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use dump::Program;

/// The name under which the whole program is tcpdump.
const TCPDUMP: &str = "tcpdump";

/// The name under which the whole program is tcpshow, and the option that makes `show` the same.
const TCPSHOW: &str = "tcpshow";
const CLASSIC: &str = "--classic";

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
    Show(commands::show::Arguments),
    Explain(commands::explain::Arguments),
    Detect(commands::detect::Arguments),
    Summary(commands::summary::Arguments),
    Flows(commands::flows::Arguments),
    Scans(commands::scans::Arguments),
    Rpc(commands::rpc::Arguments),
    Rpcinfo(commands::rpcinfo::Arguments),
    Irc(commands::irc::Arguments),
    Hosts(commands::hosts::Arguments),
    Record(commands::record::Arguments),
    Recall(commands::recall::Arguments),
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
    /// Run a command on each file whose name comes through standard input
    #[command(name = dump::finished::RUNNER, hide = true)]
    RunOnFinishedFiles {
        /// The command
        command: OsString,
    },
}

/// The command line of the program. As with tcpdump, `-c` is the count of packets to capture, wherever a command has no
/// `-c` of its own.
fn command_line() -> clap::Command {
    Arguments::command().mut_subcommands(|command| {
        let counts = command.get_arguments().any(|argument| argument.get_id() == "count");
        let is_taken = command.get_arguments().any(|argument| argument.get_short() == Some('c'));
        if counts && !is_taken { command.mut_arg("count", |argument| argument.short('c')) } else { command }
    })
}

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let called = arguments.first().map_or("wirescope".into(), |called| called.to_string_lossy().into_owned());
    let name =
        Path::new(&called).file_name().map_or(called.clone(), |name| name.to_string_lossy().into_owned());
    // tcpdump's options are not for another parser to look at.
    if name == TCPDUMP && arguments.get(1).is_none_or(|first| first != dump::finished::RUNNER) {
        return dump::main(&Program { called, command: name.clone(), name }, arguments.split_off(1));
    }
    if arguments.get(1).is_some_and(|command| command == "dump") {
        let program = Program { called, command: format!("{name} dump"), name };
        return dump::main(&program, arguments.split_off(2));
    }
    // Nor are tcpshow's.
    if name == TCPSHOW {
        let program = Program { called, command: name.clone(), name };
        return commands::status(&program, commands::show::classic(&program, arguments.split_off(1)));
    }
    let is_show = arguments.get(1).is_some_and(|command| command == "show");
    if is_show && arguments.iter().any(|argument| argument == CLASSIC) {
        let program = Program { called, command: format!("{name} show {CLASSIC}"), name };
        let words = arguments.split_off(2).into_iter().filter(|word| word != CLASSIC).collect();
        return commands::status(&program, commands::show::classic(&program, words));
    }
    let matches = command_line().get_matches_from(arguments);
    let command = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()).command;
    let program = Program { called, command: name.clone(), name };
    let done = match &command {
        Command::Dump { arguments } => return dump::main(&program, arguments.clone()),
        Command::Filter(arguments) => return filter_command::main(arguments),
        Command::RunOnFinishedFiles { command } => return dump::finished::run(&program, command.clone()),
        Command::Investigate(arguments) => commands::investigate::run(&program, arguments),
        Command::Show(arguments) => commands::show::run(&program, arguments),
        Command::Explain(arguments) => commands::explain::run(&program, arguments),
        Command::Detect(arguments) => commands::detect::run(&program, arguments),
        Command::Summary(arguments) => commands::summary::run(&program, arguments),
        Command::Flows(arguments) => commands::flows::run(&program, arguments),
        Command::Scans(arguments) => commands::scans::run(&program, arguments),
        Command::Rpc(arguments) => commands::rpc::run(&program, arguments),
        Command::Rpcinfo(arguments) => commands::rpcinfo::run(&program, arguments),
        Command::Irc(arguments) => commands::irc::run(&program, arguments),
        Command::Hosts(arguments) => commands::hosts::run(&program, arguments),
        Command::Record(arguments) => commands::record::run(&program, arguments),
        Command::Recall(arguments) => commands::recall::run(&program, arguments),
    };
    commands::status(&program, done)
}
