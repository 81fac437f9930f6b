//! `preprocessor …` lines: fragments, streams, HTTP and port scans, each as its own line sets it.

use super::address::AddressSet;
use super::config::Config;
use super::error::Parsed;
use super::header::{Variables, words_outside_brackets};
use super::number;
use super::text::Text;
use std::net::IpAddr;

/// What several lines set, each for the networks that it is bound to (`bind_to`, `server`), and one that is
/// bound to none for all others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByNetwork<T> {
    bound: Vec<(AddressSet, T)>,
    otherwise: Option<T>,
    /// `otherwise` holds only as long as no line sets anything.
    is_implied: bool,
}

impl<T> Default for ByNetwork<T> {
    fn default() -> Self {
        ByNetwork { bound: Vec::new(), otherwise: None, is_implied: false }
    }
}

impl<T> ByNetwork<T> {
    /// What is set for an address; `None` where no line is for it.
    #[inline]
    pub fn of(&self, address: IpAddr) -> Option<&T> {
        if self.bound.is_empty() {
            return self.otherwise.as_ref();
        }
        let bound = self.bound.iter().find(|(networks, _)| networks.contains(address));
        bound.map(|(_, setting)| setting).or(self.otherwise.as_ref())
    }

    /// Whether no line has set anything.
    pub fn is_empty(&self) -> bool {
        self.bound.is_empty() && self.otherwise.is_none()
    }

    /// Sets what holds for all where no line says more.
    fn imply(&mut self, setting: T) {
        if self.is_empty() {
            (self.otherwise, self.is_implied) = (Some(setting), true);
        }
    }

    fn set(&mut self, networks: Option<AddressSet>, setting: T) {
        if std::mem::take(&mut self.is_implied) {
            self.otherwise = None;
        }
        match networks {
            Some(networks) => self.bound.push((networks, setting)),
            None => self.otherwise = Some(setting),
        }
    }
}

/// Which overlapping bytes count, as the attacked system would decide; see `crates/flow`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub enum TcpPolicy {
    First,
    Last,
    #[default]
    Bsd,
    BsdRight,
    Linux,
    Windows,
    Solaris,
}

impl TcpPolicy {
    fn parse(word: Text<'_>) -> Option<TcpPolicy> {
        Some(match word.text.to_ascii_lowercase().as_str() {
            "first" | "vista" | "win-vista" | "hpux" => TcpPolicy::First,
            "last" => TcpPolicy::Last,
            "bsd" | "macos" | "old-linux" | "irix" | "hpux10" => TcpPolicy::Bsd,
            "bsd-right" => TcpPolicy::BsdRight,
            "linux" => TcpPolicy::Linux,
            "windows" | "win2003" | "win-2003" => TcpPolicy::Windows,
            "solaris" => TcpPolicy::Solaris,
            _ => return None,
        })
    }
}

/// `stream5_tcp`: how the streams to some hosts are put together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Streams {
    /// Whose bytes count where segments overlap.
    pub policy: TcpPolicy,
    /// Rules that need an established stream match only after a whole handshake (`require_3whs`), once so many
    /// seconds have passed since the first packet.
    pub require_handshake: Option<u32>,
    /// Ports of servers whose streams are put together (`ports`): what clients send, and what servers send.
    pub ports: [StreamPorts; 2],
}

/// Ports of servers for which one direction of the streams is put together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum StreamPorts {
    /// All of them.
    #[default]
    All,
    /// These.
    Only(Vec<u16>),
}

impl StreamPorts {
    /// Whether the streams of a port are put together.
    pub fn has(&self, port: u16) -> bool {
        match self {
            StreamPorts::All => true,
            StreamPorts::Only(ports) => ports.contains(&port),
        }
    }

    fn add(&mut self, more: &StreamPorts) {
        match (&mut *self, more) {
            (StreamPorts::Only(ports), StreamPorts::Only(more)) => ports.extend_from_slice(more),
            _ => *self = StreamPorts::All,
        }
    }
}

impl Streams {
    fn parse(value: Text<'_>) -> Parsed<Streams> {
        let mut streams = Streams { policy: policy(value)?.unwrap_or_default(), ..Streams::default() };
        if has_word(value, "require_3whs") {
            let seconds = setting(value, "require_3whs").and_then(|word| number::number(word).ok());
            streams.require_handshake = Some(seconds.unwrap_or(0).min(u64::from(u32::MAX)) as u32);
        }
        let mut said: [Option<StreamPorts>; 2] = [None, None];
        for part in value.commas() {
            if let [key, side, ports @ ..] = &part.words()[..]
                && key.text == "ports"
            {
                let named = match side.text {
                    "client" => 0..1,
                    "server" => 1..2,
                    "both" => 0..2,
                    other => {
                        return Err(side
                            .fault(format!("'{other}' is not a side"))
                            .advise("ports client|server|both, then all, none or the ports"));
                    }
                };
                let ports = stream_ports(ports)?;
                for side in said.get_mut(named).into_iter().flatten() {
                    side.get_or_insert(StreamPorts::Only(Vec::new())).add(&ports);
                }
            }
        }
        // Where only one side is named, the other is not put together.
        if said.iter().any(Option::is_some) {
            streams.ports = said.map(|ports| ports.unwrap_or(StreamPorts::Only(Vec::new())));
        }
        Ok(streams)
    }
}

fn stream_ports(words: &[Text<'_>]) -> Parsed<StreamPorts> {
    match words {
        [all] if all.text == "all" => Ok(StreamPorts::All),
        [none] if none.text == "none" => Ok(StreamPorts::Only(Vec::new())),
        ports => ports.iter().map(|port| self::port(*port)).collect::<Parsed<_>>().map(StreamPorts::Only),
    }
}

fn port(word: Text<'_>) -> Parsed<u16> {
    number::number_up_to(word, u64::from(u16::MAX)).map(|port| port as u16)
}

/// The port of HTTP servers where a line names none.
const HTTP_PORT: u16 = 80;

impl Config {
    /// Reads the rest of a `preprocessor` line.
    pub(super) fn preprocessor_line(&mut self, line: Text<'_>, variables: &Variables) -> Parsed<()> {
        let (name, value) = match line.split_once(':') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (line.trim(), line.from(line.text.len())),
        };
        match name.text {
            "frag3_engine" => {
                self.fragments.set(bound_to(value, variables)?, policy(value)?.unwrap_or_default());
                if let Some(seconds) = setting(value, "timeout") {
                    let seconds = number::number_up_to(seconds, u64::from(u32::MAX))? as u32;
                    self.fragment_timeout_s = Some(self.fragment_timeout_s.unwrap_or(0).max(seconds));
                }
            }
            "frag3_global" => self.fragments.imply(TcpPolicy::default()),
            "stream5_global" => {
                self.track_udp = !says(value, "track_udp", "no");
                self.track_tcp = !says(value, "track_tcp", "no");
                self.streams.imply(Streams::default());
            }
            "stream5_tcp" => self.streams.set(bound_to(value, variables)?, Streams::parse(value)?),
            "stream5_udp" => self.track_udp = true,
            "sfportscan" => self.port_scan = port_scan(value, variables)?,
            "http_inspect" => {}
            "http_inspect_server" => self.http_server(value, variables)?,
            _ => self.ignore(format!("preprocessor {}", name.text)),
        }
        Ok(())
    }

    /// Reads `http_inspect_server: server default|ADDRESS|{ ADDRESSES } … ports { … } …`.
    fn http_server(&mut self, value: Text<'_>, variables: &Variables) -> Parsed<()> {
        let of_server = || match braced(value, "server") {
            Some(list) => AddressSet::of_list(list, variables).map(Some),
            None => match setting(value, "server") {
                Some(word) if word.text != "default" => AddressSet::parse(word, variables).map(Some),
                _ => Ok(None),
            },
        };
        let mut ports = braced_words(value, "ports").into_iter().map(port).collect::<Parsed<Vec<_>>>()?;
        if ports.is_empty() {
            ports.push(HTTP_PORT);
        }
        self.http_servers.set(of_server()?, ports);
        Ok(())
    }
}

/// Words of a line; blanks and commas within brackets do not part them.
fn words<'t>(value: Text<'t>) -> impl Iterator<Item = Text<'t>> {
    words_outside_brackets(value).into_iter().map(|word| word.to(word.text.trim_end_matches(',').len()))
}

/// The word behind `key`.
fn setting<'t>(value: Text<'t>, key: &str) -> Option<Text<'t>> {
    words(value).skip_while(|word| word.text != key).nth(1)
}

fn has_word(value: Text<'_>, key: &str) -> bool {
    words(value).any(|word| word.text == key)
}

/// Whether `key` is followed by `word`.
fn says(value: Text<'_>, key: &str, word: &str) -> bool {
    setting(value, key).is_some_and(|found| found.text == word)
}

/// The networks behind `bind_to`.
fn bound_to(value: Text<'_>, variables: &Variables) -> Parsed<Option<AddressSet>> {
    setting(value, "bind_to").map(|networks| AddressSet::parse(networks, variables)).transpose()
}

fn policy(value: Text<'_>) -> Parsed<Option<TcpPolicy>> {
    let Some(word) = setting(value, "policy") else { return Ok(None) };
    match TcpPolicy::parse(word) {
        Some(policy) => Ok(Some(policy)),
        None => Err(word.fault(format!("'{}' is not a policy", word.text)).advise(
            "possible are: first, last, bsd, bsd-right, linux, windows, solaris and names of systems that act like them",
        )),
    }
}

/// The generator of port scans, whose events are the only ones raised without conditions of a rule.
pub const PORT_SCAN_GENERATOR: u32 = 122;

/// How readily a port scan is reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum PortScanLevel {
    Low,
    Medium,
    High,
}

/// `preprocessor sfportscan`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortScan {
    /// Protocols watched: `tcp`, `udp`, `icmp`, `ip_proto` or `all`.
    pub protocols: Vec<String>,
    /// Scans reported: `portscan`, `portsweep`, `decoy_portscan`, `distributed_portscan` or `all`.
    pub scan_types: Vec<String>,
    /// How readily.
    pub level: PortScanLevel,
    /// Bytes that its counters may take (`memcap`).
    pub memory: usize,
    /// Hosts of which one must take part (`watch_ip`).
    pub watched: AddressSet,
    /// Hosts whose scans are of no interest (`ignore_scanners`); nobody's are where this is missing.
    pub ignored_scanners: Option<AddressSet>,
    /// Hosts that may be scanned (`ignore_scanned`).
    pub ignored_scanned: Option<AddressSet>,
}

impl PortScan {
    /// Whether a scan of `scanned` by `scanner` is of interest.
    pub fn watches(&self, scanner: IpAddr, scanned: IpAddr) -> bool {
        let ignored = |hosts: &Option<AddressSet>, host| hosts.as_ref().is_some_and(|set| set.contains(host));
        (self.watched.contains(scanner) || self.watched.contains(scanned))
            && !ignored(&self.ignored_scanners, scanner)
            && !ignored(&self.ignored_scanned, scanned)
    }
}

/// What stands in `key { … }`.
fn braced<'t>(value: Text<'t>, key: &str) -> Option<Text<'t>> {
    let is_blank = |c: char| c.is_whitespace() || c == ',' || c == '}';
    let at = value.text.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = value.text.get(..*at).and_then(|text| text.chars().next_back());
        let after = value.text.get(at + key.len()..).unwrap_or("");
        before.is_none_or(is_blank) && after.trim_start().starts_with('{')
    })?;
    let rest = value.from(at + key.len()).trim();
    let close = rest.text.find('}')?;
    Some(rest.to(close).from(1).trim())
}

/// The words of `key { a b c }`, which blanks or commas may part.
fn braced_words<'t>(value: Text<'t>, key: &str) -> Vec<Text<'t>> {
    let parts = braced(value, key).map(Text::commas).unwrap_or_default();
    parts.into_iter().flat_map(Text::words).collect()
}

/// Bytes that the counters of port scans take where `memcap` says nothing.
const PORT_SCAN_MEMORY: u64 = 10_000_000;

fn port_scan(value: Text<'_>, variables: &Variables) -> Parsed<Option<PortScan>> {
    if value.words().iter().any(|word| word.text == "disabled") {
        return Ok(None);
    }
    let names =
        |key: &str| braced_words(value, key).iter().map(|word| word.text.to_owned()).collect::<Vec<_>>();
    let all_if_none = |names: Vec<String>| if names.is_empty() { vec!["all".to_owned()] } else { names };
    let level = match braced_words(value, "sense_level").first().map(|word| word.text) {
        Some("high") => PortScanLevel::High,
        Some("medium") => PortScanLevel::Medium,
        _ => PortScanLevel::Low,
    };
    let memory = braced_words(value, "memcap").first().copied().map(number::number).transpose()?;
    let hosts = |key: &str| braced(value, key).map(|list| AddressSet::of_list(list, variables)).transpose();
    Ok(Some(PortScan {
        protocols: all_if_none(names("proto")),
        scan_types: all_if_none(names("scan_type")),
        level,
        memory: memory.unwrap_or(PORT_SCAN_MEMORY) as usize,
        watched: hosts("watch_ip")?.unwrap_or_default(),
        ignored_scanners: hosts("ignore_scanners")?,
        ignored_scanned: hosts("ignore_scanned")?,
    }))
}
