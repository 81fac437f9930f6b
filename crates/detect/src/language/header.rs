//! The head of a rule: action, protocol, both ends and the direction between them; and the variables
//! that stand in it.

use super::address::AddressSet;
use super::error::{Fault, Parsed};
use super::port::PortSet;
use super::rule::Action;
use super::text::Text;
use std::collections::HashMap;

/// The protocol a rule is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Protocol {
    /// Every IP packet.
    Ip,
    /// ICMP and ICMPv6.
    Icmp,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// One end of a rule's head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// Addresses that are meant.
    pub addresses: AddressSet,
    /// Ports that are meant; of no meaning for `ip` and `icmp`.
    pub ports: PortSet,
}

/// The variables known so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    addresses: HashMap<String, AddressSet>,
    ports: HashMap<String, PortSet>,
    /// Texts of `var`, which may stand for addresses, ports or anything else.
    texts: HashMap<String, String>,
    /// What the actions do that `ruletype` defined.
    actions: HashMap<String, Action>,
}

impl Variables {
    /// Takes a line `var NAME VALUE`, `ipvar …` or `portvar …`.
    pub(super) fn define(&mut self, kind: &str, definition: Text<'_>) -> Parsed<()> {
        let (name, value) = definition.word();
        if name.is_empty() || value.is_empty() {
            return Err(definition.fault(format!("{kind} needs a name and a value")));
        }
        let key = name.text.to_owned();
        match kind {
            "ipvar" => {
                let set = AddressSet::parse(value, self)?;
                self.addresses.insert(key, set);
            }
            "portvar" => {
                let set = PortSet::parse(value, self)?;
                self.ports.insert(key, set);
            }
            _ => {
                // What a plain variable is for shows only where it is used: note whatever it can be.
                let set = AddressSet::parse(value, self);
                let ports = PortSet::parse(value, self);
                self.texts.insert(key.clone(), value.text.to_owned());
                if let Ok(set) = set {
                    self.addresses.insert(key.clone(), set);
                }
                if let Ok(ports) = ports {
                    self.ports.insert(key, ports);
                }
            }
        }
        Ok(())
    }

    /// Notes that `ruletype` defined an action.
    pub(super) fn define_action(&mut self, name: String, action: Action) {
        self.actions.insert(name, action);
    }

    /// What an action does that `ruletype` defined.
    pub(super) fn action(&self, name: &str) -> Option<Action> {
        self.actions.get(name).copied()
    }

    /// What stands for a variable that is not defined: `$(NAME:-DEFAULT)`, or a fault in the words of
    /// `$(NAME:?MESSAGE)`.
    pub(super) fn fallback<'t>(&self, name: Text<'t>) -> Parsed<Option<Text<'t>>> {
        let key = bare(name);
        let is_known =
            self.texts.contains_key(key) || self.addresses.contains_key(key) || self.ports.contains_key(key);
        let inner = name.strip_prefix("(").and_then(|t| t.text.strip_suffix(')').map(|end| t.to(end.len())));
        let Some((_, said)) = inner.and_then(|inner| inner.split_once(':')).filter(|_| !is_known) else {
            return Ok(None);
        };
        match (said.strip_prefix("-"), said.strip_prefix("?")) {
            (Some(default), _) => Ok(Some(default)),
            (_, Some(message)) => Err(name.fault(format!("${key}: {}", message.text))),
            _ => Ok(None),
        }
    }

    /// The addresses of a variable, named without its `$`.
    pub(super) fn addresses(&self, name: Text<'_>) -> Parsed<&AddressSet> {
        let key = bare(name);
        self.addresses.get(key).ok_or_else(|| self.unknown(name, key, "addresses", "ipvar"))
    }

    /// The ports of a variable.
    pub(super) fn ports(&self, name: Text<'_>) -> Parsed<&PortSet> {
        let key = bare(name);
        self.ports.get(key).ok_or_else(|| self.unknown(name, key, "ports", "portvar"))
    }

    /// The text with the values of plain variables for every `$NAME` and `$(NAME)` (paths use them).
    pub(super) fn expand(&self, text: Text<'_>) -> Parsed<String> {
        let mut expanded = String::with_capacity(text.text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            expanded.push_str(before.text);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = match after.text.starts_with('(') {
                true => after.text.find(')').map_or(after.text.len(), |close| close + 1),
                false => after.text.find(|c| !is_name(c)).unwrap_or(after.text.len()),
            };
            let name = after.to(end);
            let value = match self.fallback(name)? {
                Some(default) => Some(default.text),
                None => self.texts.get(bare(name)).map(String::as_str),
            };
            expanded.push_str(value.ok_or_else(|| self.unknown(name, bare(name), "a text", "var"))?);
            rest = after.from(end);
        }
        expanded.push_str(rest.text);
        Ok(expanded)
    }

    fn unknown(&self, at: Text<'_>, key: &str, what: &str, definition: &str) -> Fault {
        let exists =
            self.texts.contains_key(key) || self.addresses.contains_key(key) || self.ports.contains_key(key);
        if exists {
            return at.fault(format!("the variable ${key} does not hold {what}"));
        }
        at.fault(format!("the variable ${key} is not defined"))
            .advise(format!("define it before its first use: {definition} {key} …"))
    }
}

/// The name inside `$(NAME)` or `$NAME`, without a default after `:`.
fn bare(name: Text<'_>) -> &str {
    let inner = name.text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(name.text);
    inner.split(':').next().unwrap_or(inner)
}

/// The head of a rule.
pub(super) struct Header {
    pub(super) action: Action,
    pub(super) protocol: Protocol,
    pub(super) source: Endpoint,
    pub(super) destination: Endpoint,
    pub(super) bidirectional: bool,
}

impl Header {
    /// The head of a rule that names an event: an action alone.
    pub(super) fn of_event(text: Text<'_>, variables: &Variables) -> Parsed<Header> {
        let any = || Endpoint { addresses: AddressSet::any(), ports: PortSet::any() };
        Ok(Header {
            action: Action::parse(text.trim(), variables)?,
            protocol: Protocol::Ip,
            source: any(),
            destination: any(),
            bidirectional: false,
        })
    }

    /// Reads the head: everything before the opening parenthesis.
    pub(super) fn parse(text: Text<'_>, variables: &Variables) -> Parsed<Header> {
        let words = words_outside_brackets(text);
        if let Some(action) = words.first() {
            Action::parse(*action, variables)?;
        }
        let [action, protocol, source, source_port, direction, destination, destination_port] = words[..]
        else {
            return Err(text.trim().fault(format!("a rule's head has seven parts, this one has {}", words.len())).advise(
                "ACTION PROTOCOL SOURCE PORT -> DESTINATION PORT, as in: alert tcp any any -> 192.0.2.0/24 80",
            ));
        };
        let bidirectional = match direction.text {
            "->" => false,
            "<>" => true,
            "<-" => {
                return Err(direction
                    .fault("'<-' does not exist")
                    .advise("swap the two ends and write '->'"));
            }
            other => {
                return Err(direction
                    .fault(format!("'{other}' is not a direction"))
                    .advise("write '->' or '<>'"));
            }
        };
        Ok(Header {
            action: Action::parse(action, variables)?,
            protocol: Protocol::parse(protocol)?,
            source: Endpoint::parse(source, source_port, variables)?,
            destination: Endpoint::parse(destination, destination_port, variables)?,
            bidirectional,
        })
    }
}

impl Endpoint {
    fn parse(addresses: Text<'_>, ports: Text<'_>, variables: &Variables) -> Parsed<Endpoint> {
        Ok(Endpoint {
            addresses: AddressSet::parse(addresses, variables)?,
            ports: PortSet::parse(ports, variables)?,
        })
    }
}

impl Protocol {
    fn parse(word: Text<'_>) -> Parsed<Protocol> {
        match word.text.to_ascii_lowercase().as_str() {
            "ip" => Ok(Protocol::Ip),
            "icmp" => Ok(Protocol::Icmp),
            // The protocols above are found by what their options ask for.
            "tcp" | "http" | "ftp" | "smtp" | "ssh" | "tls" | "imap" | "pop3" => Ok(Protocol::Tcp),
            "udp" | "dns" => Ok(Protocol::Udp),
            other => Err(Fault::unsupported(word.at, format!("the protocol '{other}' is not supported"))
                .advise("rules are for ip, icmp, tcp or udp")),
        }
    }
}

/// Words parted by blanks, but for blanks within brackets or parentheses.
pub(super) fn words_outside_brackets(text: Text<'_>) -> Vec<Text<'_>> {
    let mut words = Vec::new();
    let (mut start, mut depth) = (None, 0usize);
    for (at, c) in text.text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c.is_whitespace() && depth == 0 {
            if let Some(start) = start.take() {
                words.push(text.to(at).from(start));
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(start) = start {
        words.push(text.from(start));
    }
    words
}
