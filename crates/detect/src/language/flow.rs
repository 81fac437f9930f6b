//! `flow`, `flowbits` and `stream_size`: what a rule asks of the conversation.

use super::error::Parsed;
use super::text::Text;

/// Which way the packet must go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// From the client, which opened the conversation.
    ToServer,
    /// From the server.
    ToClient,
}

/// Whether the conversation must be established.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Established {
    /// It must.
    Yes,
    /// It must not.
    No,
    /// It need not even be tracked.
    Stateless,
}

/// Whether reassembled packets are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamOnly {
    /// Only packets as captured.
    NoStream,
    /// Only reassembled data.
    OnlyStream,
}

/// `flow`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flow {
    /// Direction, where it matters.
    pub direction: Option<Direction>,
    /// State, where it matters.
    pub established: Option<Established>,
    /// Reassembly, where it matters.
    pub stream: Option<StreamOnly>,
    /// Reassembled fragments do not count.
    pub no_fragments: bool,
    /// Only reassembled fragments count.
    pub only_fragments: bool,
}

impl Flow {
    pub(super) fn parse(value: Text<'_>) -> Parsed<Flow> {
        let mut flow = Flow::default();
        for part in value.commas() {
            match part.text {
                "to_server" | "from_client" => flow.direction = Some(Direction::ToServer),
                "to_client" | "from_server" => flow.direction = Some(Direction::ToClient),
                "established" => flow.established = Some(Established::Yes),
                "not_established" => flow.established = Some(Established::No),
                "stateless" => flow.established = Some(Established::Stateless),
                "no_stream" => flow.stream = Some(StreamOnly::NoStream),
                "only_stream" => flow.stream = Some(StreamOnly::OnlyStream),
                "no_frag" => flow.no_fragments = true,
                "only_frag" => flow.only_fragments = true,
                other => {
                    return Err(part.fault(format!("'{other}' is not known to flow")).advise(
                        "possible are: to_server, to_client, from_server, from_client, established, not_established, stateless, no_stream, only_stream, no_frag, only_frag",
                    ));
                }
            }
        }
        Ok(flow)
    }
}

/// What `flowbits` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlowbitsAction {
    /// Sets the bits.
    Set,
    /// Sets them, and clears the others of their group.
    SetExclusive,
    /// Clears them.
    Unset,
    /// Turns them round.
    Toggle,
    /// Holds where they are set.
    IsSet,
    /// Holds where they are not.
    IsNotSet,
    /// Clears all bits of the group, or all.
    Reset,
    /// The rule raises no alert.
    NoAlert,
}

/// `flowbits`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flowbits {
    /// What to do.
    pub action: FlowbitsAction,
    /// Names of the bits; none for `noalert` and where all bits of the group are meant.
    pub names: Vec<String>,
    /// With several names: whether one is enough (`a|b`) or all are needed (`a&b`).
    pub any: bool,
    /// The group the bits belong to.
    pub group: Option<String>,
}

impl Flowbits {
    pub(super) fn parse(value: Text<'_>) -> Parsed<Flowbits> {
        let parts = value.commas();
        let [action, rest @ ..] = &parts[..] else {
            return Err(value.fault("flowbits needs an action"));
        };
        let kind = match action.text.to_ascii_lowercase().as_str() {
            "set" => FlowbitsAction::Set,
            "setx" => FlowbitsAction::SetExclusive,
            "unset" => FlowbitsAction::Unset,
            "toggle" => FlowbitsAction::Toggle,
            "isset" => FlowbitsAction::IsSet,
            "isnotset" => FlowbitsAction::IsNotSet,
            "reset" => FlowbitsAction::Reset,
            "noalert" => FlowbitsAction::NoAlert,
            other => {
                return Err(action
                    .fault(format!("'{other}' is not known to flowbits"))
                    .advise("possible are: set, setx, unset, toggle, isset, isnotset, reset, noalert"));
            }
        };
        let needs_name = !matches!(kind, FlowbitsAction::NoAlert | FlowbitsAction::Reset);
        let whole_group =
            rest.len() > 1 && rest.first().is_some_and(|word| matches!(word.text, "any" | "all"));
        let (names, any) = match rest.first() {
            Some(word) if whole_group => (Vec::new(), word.text == "any"),
            Some(names) if kind != FlowbitsAction::Reset => {
                let any = names.text.contains('|');
                (names.text.split(['&', '|']).map(|name| name.trim().to_owned()).collect(), any)
            }
            _ => (Vec::new(), false),
        };
        let group = match kind {
            FlowbitsAction::Reset => rest.first(),
            _ => rest.get(1),
        };
        if needs_name && !whole_group && (names.is_empty() || names.iter().any(String::is_empty)) {
            return Err(value.fault("flowbits needs the name of a bit"));
        }
        Ok(Flowbits { action: kind, names, any, group: group.map(|group| group.text.to_owned()) })
    }
}
