//! `wirescope flows`: conversations, what became of each, and what one of them said.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::ValueEnum;
use wirescope_flow::follow::Follower;
use wirescope_flow::stream::Policy;
use wirescope_flow::{Conversation, Direction};
use wirescope_report::findings;
use wirescope_report::text::{self, Form, StreamText};

use super::answer::answer;
use super::input::Input;
use super::output::Output;
use crate::dump::{Failure, Program, reason};

/// Conversations: packets and bytes each way, what happened, and the verdict
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Print what was said in the conversation with this number, in order and each byte once
    #[arg(long, value_name = "NO", conflicts_with = "json")]
    follow: Option<u64>,
    /// How the bytes are printed
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = As::Text, requires = "follow")]
    form: As,
    /// Only what one side said
    #[arg(long, value_enum, value_name = "SIDE", requires = "follow")]
    from: Option<From>,
    /// Whose bytes stay where segments that arrive early overlap with different content
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Overlap::First, requires = "follow")]
    overlap: Overlap,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum As {
    /// Lines of text, what is none escaped
    Text,
    /// Offsets, digits and characters
    Hex,
    /// The bytes alone
    Raw,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum From {
    Client,
    Server,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Overlap {
    /// Those that came first
    First,
    /// Those that came last
    Last,
}

/// Does what the arguments ask for.
pub(crate) fn run(program: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some(number) = arguments.follow {
        return follow(program, arguments, number);
    }
    let input = &arguments.input;
    answer(
        program,
        input,
        |found, output| output.objects(found.conversations.iter().map(findings::flow)),
        |found| match found.conversations.as_slice() {
            [] => String::new(),
            _ => text::conversations(found, &input.naming(found)),
        },
        "no conversations: no packet of TCP, UDP or ICMP",
    )
}

fn follow(program: &Program, arguments: &Arguments, number: u64) -> Result<ExitCode, Failure> {
    let (form, output) = match arguments.form {
        As::Raw if std::io::stdout().is_terminal() => {
            return Err(Failure::Message {
                text: "bytes from packets do not go to a terminal as they are".to_owned(),
                hints: vec!["put > FILE behind the command, or take --as text or --as hex".to_owned()],
            });
        }
        As::Raw => (Form::Raw, Output::plain()),
        As::Hex => (Form::Hex, Output::styled()),
        As::Text => (Form::Text, Output::styled()),
    };
    let only = arguments.from.map(|from| match from {
        From::Client => Direction::FromClient,
        From::Server => Direction::FromServer,
    });
    let policy = match arguments.overlap {
        Overlap::First => Policy::First,
        Overlap::Last => Policy::Last,
    };
    let mut said = StreamText::new(output, form, only);
    let mut follower = Follower::new(number, policy, arguments.input.limits());
    let passed = arguments.input.each_packet(program, |at, packet| follower.packet(at, packet, &mut said))?;
    let Some((conversation, counts)) = follower.finish(&mut said) else {
        return Err(Failure::Message {
            text: format!("there is no conversation {number}"),
            hints: vec!["wirescope flows lists them, by number, for the same files and filter".to_owned()],
        });
    };
    if let Some(error) = said.failed.take() {
        return Err(match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::OutputClosed,
            _ => Failure::message(format!("standard output: {}", reason(&error))),
        });
    }
    let missing = said.missing;
    said.into_inner().finish()?;
    let [client, server] = counts;
    let total = |one: u64, other: u64| match only {
        Some(Direction::FromClient) => one,
        Some(Direction::FromServer) => other,
        None => one + other,
    };
    account(
        program,
        &conversation,
        missing,
        total(client.repeated, server.repeated),
        total(client.conflicting, server.conflicting),
    );
    Ok(passed.status)
}

/// Says on standard error what the stream does not show.
fn account(program: &Program, conversation: &Conversation, missing: u64, repeated: u64, conflicting: u64) {
    if conversation.from_client.payload + conversation.from_server.payload == 0 {
        program.error("nothing was said in this conversation");
    }
    if missing > 0 {
        program.error(&format!("{missing} bytes are missing from the capture"));
    }
    if repeated > 0 {
        program.error(&format!("{repeated} bytes were sent again; each is shown once"));
    }
    if conflicting > 0 {
        program.error(&format!(
            "{conflicting} of them differed from what had come before: --overlap first and --overlap last show both readings"
        ));
    }
}
