//! Internet Relay Chat (RFC 1459, RFC 2812), known by its commands on any port: servers, channels, nicks.

use std::collections::{BTreeMap, BTreeSet};

use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::flag;

use crate::conversation::{Conversation, Endpoint, Opening};
use crate::evidence::{Evidence, Seen};
use crate::stream::Direction;

/// The ports that people associate with IRC.
pub const IRC_PORTS: std::ops::RangeInclusive<u16> = 6660..=6669;
/// A line of IRC has at most 512 bytes; longer ones are something else, or tags of IRCv3.
const MAX_LINE: usize = 1024;
/// Lines without a sign of IRC after which a stream is taken for something else.
const MAX_LINES_WITHOUT: u32 = 12;
/// Most channels and most nicks kept of one conversation.
const MAX_NAMES: usize = 256;

/// What one conversation said in IRC.
#[derive(Clone, Default, Debug)]
pub struct IrcSession {
    /// Channels joined or spoken in.
    pub channels: BTreeSet<String>,
    /// Nicks taken by the client.
    pub nicks: BTreeSet<String>,
    /// How often the client gave each command.
    pub commands: BTreeMap<String, u64>,
}

/// Signs of IRC, each a bit: different ones are better evidence than one twice.
mod sign {
    pub(super) const NICK: u8 = 1;
    pub(super) const USER: u8 = 2;
    pub(super) const CHANNEL: u8 = 4;
    pub(super) const NUMERIC: u8 = 8;
    pub(super) const NOTICE: u8 = 16;
    pub(super) const PING: u8 = 32;
}

/// Reads the lines of one TCP conversation for signs of IRC.
#[derive(Clone, Default, Debug)]
pub struct IrcReader {
    lines: [Vec<u8>; 2],
    signs: u8,
    without: u32,
    session: IrcSession,
}

/// What a reader thinks of its conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opinion {
    /// Too early to say.
    Undecided,
    /// This is IRC.
    Irc,
    /// This is something else.
    Other,
}

impl IrcReader {
    /// Takes the next bytes of one direction.
    pub fn data(&mut self, direction: Direction, bytes: &[u8]) {
        let side = usize::from(direction == Direction::FromServer);
        let Some(pending) = self.lines.get_mut(side) else { return };
        let mut line = std::mem::take(pending);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.len() + part.len() > MAX_LINE {
                self.without = self.without.saturating_add(MAX_LINES_WITHOUT);
                line.clear();
                continue;
            }
            line.extend_from_slice(part);
            if line.ends_with(b"\n") {
                self.line(direction, &line);
                line.clear();
            }
        }
        if let Some(pending) = self.lines.get_mut(side) {
            *pending = line;
        }
    }

    /// What the lines so far say. On the ports of IRC one sign is enough.
    pub fn opinion(&self, server_port: u16) -> Opinion {
        let wanted = if IRC_PORTS.contains(&server_port) { 1 } else { 2 };
        match self.signs.count_ones() {
            signs if signs >= wanted => Opinion::Irc,
            _ if self.without >= MAX_LINES_WITHOUT => Opinion::Other,
            _ => Opinion::Undecided,
        }
    }

    /// What was said.
    pub fn into_session(self) -> IrcSession {
        self.session
    }

    fn line(&mut self, direction: Direction, line: &[u8]) {
        let before = self.signs;
        let text = String::from_utf8_lossy(line);
        let mut words = text.split_ascii_whitespace();
        let mut first = words.next().unwrap_or("");
        let prefixed = first.starts_with(':');
        if prefixed {
            first = words.next().unwrap_or("");
        }
        let command = first.to_ascii_uppercase();
        let (target, rest) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let is_channel = target.starts_with(['#', '&', '+', '!']);
        let known = match (command.as_str(), direction) {
            ("NICK", _) if !target.is_empty() => sign::NICK,
            // With one argument it is FTP or POP that speaks.
            ("USER", Direction::FromClient) if !rest.is_empty() => sign::USER,
            ("JOIN" | "PART" | "PRIVMSG" | "TOPIC" | "MODE", _) if is_channel => sign::CHANNEL,
            ("PRIVMSG", _) if rest.starts_with(':') => sign::CHANNEL,
            ("NOTICE", Direction::FromServer) if prefixed || target == "AUTH" => sign::NOTICE,
            ("PING" | "PONG", _) if !target.is_empty() => sign::PING,
            (number, Direction::FromServer)
                if prefixed && number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()) =>
            {
                sign::NUMERIC
            }
            _ => 0,
        };
        self.signs |= known;
        if known == 0 && before == 0 {
            self.without += 1;
        }
        if known != 0 {
            self.note(direction, prefixed, command, target, is_channel);
        }
    }

    fn note(
        &mut self,
        direction: Direction,
        prefixed: bool,
        command: String,
        target: &str,
        is_channel: bool,
    ) {
        let session = &mut self.session;
        if is_channel && session.channels.len() < MAX_NAMES {
            session.channels.extend(target.trim_start_matches(':').split(',').map(str::to_owned));
        }
        if direction == Direction::FromClient && !prefixed {
            if command == "NICK" && session.nicks.len() < MAX_NAMES {
                session.nicks.insert(target.trim_start_matches(':').to_owned());
            }
            *session.commands.entry(command).or_default() += 1;
        }
    }
}

/// Which packets prove that a host went to an IRC server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// The server's SYN/ACKs.
    SynAcks,
    /// The client's SYNs.
    Syns,
    /// All packets of a conversation that was joined in the middle.
    Conversation,
}

/// An IRC server that a host talked to, or tried to.
#[derive(Clone, Debug)]
pub struct IrcServer {
    /// The client.
    pub host: std::net::IpAddr,
    /// The server and its port.
    pub server: Endpoint,
    /// Whether it answered.
    pub answered: bool,
    /// Which packets the evidence is: the best there are.
    pub proof: Proof,
    /// Those packets.
    pub evidence: Evidence,
    /// What was said, in all conversations together.
    pub session: IrcSession,
}

/// The IRC servers among conversations. `session` gives what a conversation said in IRC, if it did;
/// `is_probe` says which ones belong to scans and so ask for no chat.
pub fn servers<'c>(
    conversations: &'c [Conversation],
    session: impl Fn(usize) -> Option<&'c IrcSession>,
    is_probe: impl Fn(usize) -> bool,
) -> Vec<IrcServer> {
    let mut found: BTreeMap<(std::net::IpAddr, Endpoint), Vec<(usize, &Conversation)>> = BTreeMap::new();
    for (at, conversation) in conversations.iter().enumerate() {
        if conversation.protocol != protocol::TCP {
            continue;
        }
        let silent = conversation.from_client.payload + conversation.from_server.payload == 0;
        let opened = matches!(conversation.opening, Opening::Syn | Opening::SynAck);
        let by_port = IRC_PORTS.contains(&conversation.server.port) && silent && opened && !is_probe(at);
        if by_port || session(at).is_some() {
            found
                .entry((conversation.client.host, conversation.server))
                .or_default()
                .push((at, conversation));
        }
    }
    found
        .into_iter()
        .map(|((host, server), all)| {
            let synacks: Vec<Seen> = all.iter().flat_map(|(_, c)| c.synacks.iter().copied()).collect();
            let syns: Vec<Seen> = all
                .iter()
                .filter(|(_, c)| c.from_client.flags & flag::SYN != 0)
                .flat_map(|(_, c)| c.openings.iter().copied())
                .collect();
            let spoke = all.iter().any(|(_, c)| c.from_server.payload > 0);
            let (proof, evidence) = match (synacks.is_empty(), syns.is_empty()) {
                (false, _) => (Proof::SynAcks, Evidence::collect(synacks)),
                (true, false) => (Proof::Syns, Evidence::collect(syns)),
                (true, true) => {
                    let joined = all.first().map(|(_, c)| c.evidence.clone());
                    (Proof::Conversation, joined.unwrap_or_default())
                }
            };
            let answered = spoke || all.iter().any(|(_, c)| !c.synacks.is_empty());
            let mut joined = IrcSession::default();
            for said in all.iter().filter_map(|(at, _)| session(*at)) {
                joined.channels.extend(said.channels.iter().cloned());
                joined.nicks.extend(said.nicks.iter().cloned());
                for (command, count) in &said.commands {
                    *joined.commands.entry(command.clone()).or_default() += count;
                }
            }
            IrcServer { host, server, answered, proof, evidence, session: joined }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(port: u16, client: &[u8], server: &[u8]) -> Opinion {
        let mut reader = IrcReader::default();
        reader.data(Direction::FromServer, server);
        // Cut in odd places: lines must not depend on segments.
        for piece in client.chunks(3) {
            reader.data(Direction::FromClient, piece);
        }
        reader.opinion(port)
    }

    #[test]
    fn irc_is_known_by_its_commands_on_any_port() {
        let client = b"NICK ghost\r\nUSER ghost 0 * :g\r\nJOIN #warez\r\n";
        assert_eq!(opinion(31337, client, b":irc.example.net 001 ghost :Welcome\r\n"), Opinion::Irc);
        assert_eq!(opinion(6667, b"NICK ghost\r\n", b""), Opinion::Irc);
        let mut reader = IrcReader::default();
        reader.data(Direction::FromClient, client);
        let session = reader.into_session();
        assert!(session.channels.contains("#warez") && session.nicks.contains("ghost"));
    }

    #[test]
    fn other_line_protocols_are_not_irc() {
        let ftp = opinion(21, b"USER ftp\r\nPASS x@y\r\nLIST\r\n", b"220 ready\r\n331 pass\r\n230 in\r\n");
        assert_ne!(ftp, Opinion::Irc);
        let many = "GET / HTTP/1.0\r\n".repeat(20);
        assert_eq!(opinion(6667, many.as_bytes(), b""), Opinion::Other);
        assert_eq!(opinion(6667, &[7; 5000], b""), Opinion::Other, "no lines at all");
    }
}
