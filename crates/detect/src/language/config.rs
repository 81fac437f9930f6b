//! Configuration lines: `config …` and `preprocessor …`. What has an effect here is honoured, the rest named.

use super::address::AddressSet;
use super::error::Parsed;
use super::header::Variables;
use super::number;
use super::text::Text;
use std::net::IpAddr;

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
    /// Fragments are put together, by this policy.
    pub fragments: Option<TcpPolicy>,
    /// TCP streams are tracked and put together, by this policy.
    pub streams: Option<TcpPolicy>,
    /// Rules that need an established stream match only after a whole handshake (`require_3whs`).
    pub require_handshake: bool,
    /// Ports whose streams are put together: none where all are.
    pub stream_ports: Vec<u16>,
    /// UDP conversations are tracked.
    pub track_udp: bool,
    /// Port scans are reported.
    pub port_scan: Option<PortScan>,
    /// Events of preprocessors are raised without a rule that names them
    /// (`autogenerate_preprocessor_decoder_rules`).
    pub raise_all_events: bool,
    /// HTTP is parsed on these ports; none where it is not parsed.
    pub http_ports: Vec<u16>,
    /// Lines without an effect here.
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
            fragments: None,
            streams: None,
            require_handshake: false,
            stream_ports: Vec::new(),
            track_udp: false,
            port_scan: None,
            raise_all_events: false,
            http_ports: Vec::new(),
            ignored: Vec::new(),
        }
    }
}

impl Config {
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
            "autogenerate_preprocessor_decoder_rules" => self.raise_all_events = true,
            _ => self.ignored.push(format!("config {}", name.text)),
        }
        Ok(())
    }

    /// Reads the rest of a `preprocessor` line.
    pub(super) fn preprocessor_line(&mut self, line: Text<'_>, variables: &Variables) -> Parsed<()> {
        let (name, value) = match line.split_once(':') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (line.trim(), line.from(line.text.len())),
        };
        match name.text {
            "frag3_engine" => self.fragments = Some(policy_after(value, "policy")?.unwrap_or_default()),
            "frag3_global" => {
                self.fragments.get_or_insert_default();
            }
            "stream5_global" => {
                self.streams.get_or_insert_default();
                self.track_udp = !says(value, "track_udp", "no");
                if says(value, "track_tcp", "no") {
                    self.streams = None;
                }
            }
            "stream5_tcp" => {
                self.streams = Some(policy_after(value, "policy")?.unwrap_or_default());
                self.require_handshake =
                    value.words().iter().any(|word| word.text.trim_matches(',') == "require_3whs");
            }
            "stream5_udp" => self.track_udp = true,
            "sfportscan" => self.port_scan = port_scan(value, variables)?,
            "http_inspect" => {}
            "http_inspect_server" => self.http_ports = braced_ports(value, "ports")?,
            _ => self.ignored.push(format!("preprocessor {}", name.text)),
        }
        Ok(())
    }
}

/// Whether `key` is followed by `word`.
fn says(value: Text<'_>, key: &str, word: &str) -> bool {
    value.words().windows(2).any(|pair| {
        matches!(pair, [name, argument] if name.text == key && argument.text.trim_end_matches(',') == word)
    })
}

fn policy_after(value: Text<'_>, key: &str) -> Parsed<Option<TcpPolicy>> {
    for pair in value.words().windows(2) {
        if let [name, argument] = pair
            && name.text.trim_end_matches(',') == key
        {
            let word = argument.to(argument.text.trim_end_matches(',').len());
            return match TcpPolicy::parse(word) {
                Some(policy) => Ok(Some(policy)),
                None => Err(word.fault(format!("'{}' is not a policy", word.text)).advise(
                    "possible are: first, last, bsd, bsd-right, linux, windows, solaris and names of systems that act like them",
                )),
            };
        }
    }
    Ok(None)
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

fn braced_ports(value: Text<'_>, key: &str) -> Parsed<Vec<u16>> {
    braced_words(value, key)
        .into_iter()
        .map(|word| number::number_up_to(word, 65_535).map(|n| n as u16))
        .collect()
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
