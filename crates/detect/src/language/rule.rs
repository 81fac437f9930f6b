//! A rule as it was read.

use super::bytes::{ByteExtract, ByteJump, ByteMath, ByteTest, Operand};
use super::content::Content;
use super::error::{Fault, Parsed};
use super::filter::{DetectionFilter, EventFilter};
use super::flow::{Flow, Flowbits};
use super::header::{Endpoint, Protocol, Variables};
use super::ip::{FragmentBits, IpOption, TcpFlags};
use super::number::Comparison;
use super::pcre::Pcre;
use super::protocol::{TlsStates, TlsVersions};
use super::source::Location;
use super::text::Text;

/// What a rule does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Raises an alert.
    Alert,
    /// Keeps the packet without an alert.
    Log,
    /// Keeps other rules from acting on the packet.
    Pass,
    /// Would drop the packet inline; raises an alert here.
    Drop,
    /// Would drop the packet inline and say nothing; raises no alert here either.
    SilentDrop,
    /// Would refuse the packet inline; raises an alert here.
    Reject,
}

impl Action {
    /// The order in which actions are looked at, unless `config order` says otherwise.
    pub const ORDER: [Action; 6] =
        [Action::Pass, Action::Drop, Action::SilentDrop, Action::Reject, Action::Alert, Action::Log];

    /// The action of this name.
    pub(super) fn named(name: &str) -> Option<Action> {
        Some(match name.to_ascii_lowercase().as_str() {
            "alert" => Action::Alert,
            "log" => Action::Log,
            "pass" => Action::Pass,
            "drop" | "block" => Action::Drop,
            "sdrop" => Action::SilentDrop,
            "reject" | "rejectsrc" | "rejectdst" | "rejectboth" => Action::Reject,
            _ => return None,
        })
    }

    pub(super) fn parse(word: Text<'_>, variables: &Variables) -> Parsed<Action> {
        if let Some(action) = variables.action(word.text) {
            return Ok(action);
        }
        if let Some(action) = Action::named(word.text) {
            return Ok(action);
        }
        match word.text {
            "activate" | "dynamic" => {
                Err(Fault::unsupported(word.at, format!("'{}' rules are not supported", word.text))
                    .advise("use an alert rule with flowbits, which has replaced activate and dynamic"))
            }
            other => Err(word
                .fault(format!("'{other}' is neither an action nor a known line"))
                .advise("actions are alert, log, pass, drop and reject")),
        }
    }

    /// Whether an alert is raised.
    pub fn alerts(self) -> bool {
        matches!(self, Action::Alert | Action::Drop | Action::Reject)
    }
}

/// `reference`: where to read more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// System, such as `cve`.
    pub system: String,
    /// Identifier in it.
    pub id: String,
}

/// One thing that must hold for a rule to match, in the rule's order.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Condition {
    Content(Content),
    Pcre(Pcre),
    /// `file_data` and the like: what follows looks at this buffer, from its start.
    Enter(super::Buffer),
    ByteTest(ByteTest),
    ByteJump(ByteJump),
    ByteExtract(ByteExtract),
    ByteMath(ByteMath),
    /// `isdataat`: a byte exists there.
    DataAt {
        offset: Operand,
        negated: bool,
        relative: bool,
        buffer: super::Buffer,
    },
    /// `base64_decode`: decodes for `base64_data`; `None` decodes all.
    Base64Decode {
        bytes: Option<usize>,
        offset: usize,
        relative: bool,
    },
    /// Payload bytes of the packet.
    DataSize(Comparison),
    TcpFlags(TcpFlags),
    Flow(Flow),
    Flowbits(Flowbits),
    /// `stream_size`: bytes seen of a direction.
    StreamSize {
        direction: StreamSide,
        size: Comparison,
    },
    Ttl(Comparison),
    Tos(Comparison),
    Id(Comparison),
    IpOption(IpOption),
    FragmentBits(FragmentBits),
    /// Fragment offset; in bytes.
    FragmentOffset(Comparison),
    IpProtocol(Comparison),
    SameIp,
    Sequence(u32),
    Acknowledgement(u32),
    Window(Comparison),
    IcmpType(Comparison),
    IcmpCode(Comparison),
    IcmpId(u16),
    IcmpSequence(u16),
    /// `rpc`: a call; `None` for any version or procedure.
    Rpc {
        program: u32,
        version: Option<u32>,
        procedure: Option<u32>,
    },
    /// Bytes of the request's URI.
    UriLength {
        length: Comparison,
        raw: bool,
    },
    /// `asn1`: an unsound BER element.
    Asn1(Asn1),
    /// `ssl_version`: a TLS record of one of these versions.
    TlsVersion(TlsVersions),
    /// `ssl_state`: one of these messages of a TLS handshake.
    TlsState(TlsStates),
    /// `cvs:invalid-entry`: an entry that overflows old servers.
    CvsInvalidEntry,
    /// `ftpbounce`: after the match before stands the address of another host than the sender.
    FtpBounce,
}

impl Condition {
    /// The numbers in it that may be variables.
    pub(super) fn operands(&self) -> Vec<&Operand> {
        match self {
            Condition::Content(content) => {
                [&content.offset, &content.depth, &content.distance, &content.within]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            Condition::ByteTest(test) => vec![&test.count, &test.value, &test.offset],
            Condition::ByteJump(jump) => vec![&jump.count, &jump.offset, &jump.post_offset],
            Condition::ByteExtract(extract) => vec![&extract.offset],
            Condition::ByteMath(math) => vec![&math.count, &math.offset, &math.value],
            Condition::DataAt { offset, .. } => vec![offset],
            _ => Vec::new(),
        }
    }

    /// The variable that it sets.
    pub(super) fn defines(&self) -> Option<&str> {
        match self {
            Condition::ByteExtract(extract) => Some(&extract.name),
            Condition::ByteMath(math) => Some(&math.name),
            _ => None,
        }
    }
}

/// Whose bytes `stream_size` counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum StreamSide {
    Client,
    Server,
    /// Each of them must fulfil the condition.
    Both,
    /// One of them must.
    Either,
}

/// `asn1`: what to look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Asn1 {
    /// A bit string padded so as to overflow a decoder.
    pub bitstring_overflow: bool,
    /// A double whose text form overflows a decoder.
    pub double_overflow: bool,
    /// An element longer than this.
    pub oversize_length: Option<u32>,
    /// Where the element starts, from the start of the payload.
    pub absolute_offset: Option<i64>,
    /// Where it starts, from the match before.
    pub relative_offset: Option<i64>,
}

/// A rule as it was read; what it is for is decided by the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Where it stands.
    pub location: Location,
    /// What it does.
    pub action: Action,
    /// What it is for.
    pub protocol: Protocol,
    /// One end.
    pub source: Endpoint,
    /// The other.
    pub destination: Endpoint,
    /// Either end may be the source.
    pub bidirectional: bool,
    /// It is run; `rule_state` can switch it off.
    pub is_enabled: bool,
    /// Generator, 1 for rules.
    pub gid: u32,
    /// Identifier.
    pub sid: u32,
    /// Revision; 0 where none is given.
    pub revision: u32,
    /// What an alert says.
    pub message: String,
    /// Classification, by its short name.
    pub classtype: Option<String>,
    /// Priority that the rule itself gives.
    pub priority: Option<u32>,
    /// Where to read more.
    pub references: Vec<Reference>,
    /// Key and value of each piece of metadata.
    pub metadata: Vec<(String, String)>,
    /// What must hold, in order.
    pub conditions: Vec<Condition>,
    /// Rate above which the rule matches.
    pub detection_filter: Option<DetectionFilter>,
    /// Which of many alerts are raised.
    pub threshold: Option<EventFilter>,
}
