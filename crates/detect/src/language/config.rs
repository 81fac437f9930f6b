//! What configuration lines set, and the lines `config …`. What has an effect here is honoured, the rest named.

use super::error::Parsed;
use super::number;
use super::preprocessor::{ByNetwork, PortScan, Streams, TcpPolicy};
use super::rule::Action;
use super::text::Text;

/// Which checksums must be right for a packet to be inspected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct Checksums {
    pub ip: bool,
    pub tcp: bool,
    pub udp: bool,
    pub icmp: bool,
}

impl Checksums {
    /// All of them.
    pub const ALL: Checksums = Checksums { ip: true, tcp: true, udp: true, icmp: true };
    /// None of them.
    pub const NONE: Checksums = Checksums { ip: false, tcp: false, udp: false, icmp: false };

    fn parse(value: Text<'_>) -> Parsed<Checksums> {
        let mut sums = Checksums::NONE;
        for word in value.words() {
            match word.text {
                "all" => sums = Checksums::ALL,
                "none" => sums = Checksums::NONE,
                "ip" => sums.ip = true,
                "tcp" => sums.tcp = true,
                "udp" => sums.udp = true,
                "icmp" => sums.icmp = true,
                "noip" => sums = Checksums { ip: false, ..Checksums::ALL },
                "notcp" => sums = Checksums { tcp: false, ..Checksums::ALL },
                "noudp" => sums = Checksums { udp: false, ..Checksums::ALL },
                "noicmp" => sums = Checksums { icmp: false, ..Checksums::ALL },
                other => return Err(word.fault(format!("'{other}' is not a checksum mode"))),
            }
        }
        Ok(sums)
    }
}

/// What configuration lines set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Checksums that must be right.
    pub checksums: Checksums,
    /// Alerts of one packet that are raised (`event_queue: log`).
    pub events_logged: usize,
    /// Alerts of one packet that are kept to choose from (`event_queue: max_queue`).
    pub events_queued: usize,
    /// Alerts are chosen by priority; by the length of their content otherwise.
    pub order_by_priority: bool,
    /// Rules that may match one packet (`detection: max_queue_events`).
    pub detection_events: usize,
    /// Which of the rules that match a packet act: those with the first of these actions that any has.
    pub action_order: Vec<Action>,
    /// All of them act, in that order (`process_all_events`).
    pub all_actions: bool,
    /// Fragments for these destinations are put together, by this policy.
    pub fragments: ByNetwork<TcpPolicy>,
    /// Seconds after which an incomplete datagram is given up: the longest that a line names.
    pub fragment_timeout_s: Option<u32>,
    /// TCP streams for these destinations are tracked and put together.
    pub streams: ByNetwork<Streams>,
    /// TCP is tracked, where `streams` says how.
    pub track_tcp: bool,
    /// UDP conversations are tracked.
    pub track_udp: bool,
    /// Port scans are reported.
    pub port_scan: Option<PortScan>,
    /// Events of preprocessors are raised without a rule that names them
    /// (`autogenerate_preprocessor_decoder_rules`).
    pub raise_all_events: bool,
    /// HTTP is parsed on these ports of servers; on all where no line says anything.
    pub http_servers: ByNetwork<Vec<u16>>,
    /// Lines and options without an effect here, each once.
    pub ignored: Vec<String>,
}

impl Default for Config {
    /// What Snort does without any configuration line.
    fn default() -> Self {
        Config {
            checksums: Checksums::ALL,
            events_logged: 3,
            events_queued: 8,
            order_by_priority: false,
            detection_events: 5,
            action_order: Action::ORDER.to_vec(),
            all_actions: false,
            fragments: ByNetwork::default(),
            fragment_timeout_s: None,
            streams: ByNetwork::default(),
            track_tcp: true,
            track_udp: false,
            port_scan: None,
            raise_all_events: false,
            http_servers: ByNetwork::default(),
            ignored: Vec::new(),
        }
    }
}

impl Config {
    /// Notes what has no effect here, once.
    pub(super) fn ignore(&mut self, what: String) {
        if !self.ignored.contains(&what) {
            self.ignored.push(what);
        }
    }

    /// Whether any TCP streams are tracked.
    pub fn tracks_tcp(&self) -> bool {
        self.track_tcp && !self.streams.is_empty()
    }

    /// Reads the rest of a `config` line.
    pub(super) fn config_line(&mut self, line: Text<'_>) -> Parsed<()> {
        let (name, value) = match line.split_once(':') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (line.trim(), line.from(line.text.len())),
        };
        match name.text {
            "checksum_mode" => self.checksums = Checksums::parse(value)?,
            "event_queue" => {
                let words = value.words();
                for pair in words.windows(2) {
                    let [key, argument] = pair else { continue };
                    match key.text {
                        "max_queue" => self.events_queued = number::number(*argument)? as usize,
                        "log" => self.events_logged = number::number(*argument)? as usize,
                        "order_events" => self.order_by_priority = argument.text == "priority",
                        _ => {}
                    }
                }
            }
            "detection" => {
                let words: Vec<_> = value.commas().into_iter().flat_map(Text::words).collect();
                for pair in words.windows(2) {
                    if let [key, argument] = pair
                        && key.text == "max_queue_events"
                    {
                        self.detection_events = number::number(*argument)? as usize;
                    }
                }
            }
            "order" => self.order(value)?,
            "process_all_events" => self.all_actions = true,
            "autogenerate_preprocessor_decoder_rules" => self.raise_all_events = true,
            _ => self.ignore(format!("config {}", name.text)),
        }
        Ok(())
    }

    /// Reads `config order: pass alert log`: the actions named come first, the others behind them.
    fn order(&mut self, value: Text<'_>) -> Parsed<()> {
        let mut order = Vec::new();
        for word in value.words() {
            match Action::named(word.text) {
                Some(action) if order.contains(&action) => {
                    return Err(word.fault(format!("'{}' is named twice", word.text)));
                }
                Some(action) => order.push(action),
                // Rules of these actions cannot be run, so that their place does not matter.
                None if matches!(word.text, "activation" | "activate" | "dynamic") => {}
                None => {
                    return Err(word
                        .fault(format!("'{}' is not an action", word.text))
                        .advise("possible are: pass, drop, sdrop, reject, alert, log"));
                }
            }
        }
        let rest = Action::ORDER.into_iter().filter(|action| !order.contains(action));
        self.action_order = order.iter().copied().chain(rest).collect();
        Ok(())
    }
}
