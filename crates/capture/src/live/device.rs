//! The interfaces that packets can be captured on, and what each can do.

use wirescope_wire::LinkType;

use super::LiveError;
use super::system::{self, Socket};

/// The name that stands for all interfaces together.
pub const ANY: &str = "any";

/// An interface, as a list for people shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// Name, such as `eth0`.
    pub name: String,
    /// A few words, where the name does not say it all.
    pub description: Option<&'static str>,
    /// Configured up.
    pub is_up: bool,
    /// Ready to carry packets.
    pub is_running: bool,
    /// The machine talking to itself.
    pub is_loopback: bool,
    /// Has the other end of its cable, where it has a cable.
    pub is_connected: Option<bool>,
}

/// `ETHTOOL_GLINK`: is there a link?
const DRIVER_LINK: u32 = 0x0a;
/// `ETHTOOL_GET_TS_INFO`: which time stamps are there?
const DRIVER_STAMPS: u32 = 0x41;
/// Words of its answer, and where the sources and the receive filters stand.
const DRIVER_STAMPS_LEN: usize = 11;
const DRIVER_STAMPS_SOURCES_AT: usize = 1;
const DRIVER_STAMPS_FILTERS_AT: usize = 7;

/// The order of the list: what one most likely wants to capture on comes first.
const NOT_RUNNING: u32 = 1 << 4;
const NOT_UP: u32 = 1 << 3;
const NOT_CONNECTED: u32 = 1 << 2;
const LOOPBACK: u32 = 1 << 1;
const ALL_INTERFACES: u32 = 1 << 0;

impl Device {
    fn demerit(&self) -> u32 {
        let bit = |holds: bool, bit: u32| if holds { bit } else { 0 };
        bit(!self.is_running, NOT_RUNNING)
            | bit(!self.is_up, NOT_UP)
            | bit(self.is_connected == Some(false), NOT_CONNECTED)
            | bit(self.is_loopback, LOOPBACK)
            | bit(self.name == ANY, ALL_INTERFACES)
    }
}

/// The line that `-D` shows, without its number: `eth0 [Up, Running, Connected]`.
impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        if let Some(description) = self.description {
            write!(f, " ({description})")?;
        }
        let mut words = Vec::new();
        words.extend(self.is_up.then_some("Up"));
        words.extend(self.is_running.then_some("Running"));
        words.extend(self.is_loopback.then_some("Loopback"));
        if words.is_empty() {
            words.push("none");
        }
        match self.is_connected {
            Some(true) => words.push("Connected"),
            Some(false) => words.push("Disconnected"),
            None => {}
        }
        write!(f, " [{}]", words.join(", "))
    }
}

/// All interfaces, the most useful ones first; `-D` numbers them from 1.
pub fn devices() -> Result<Vec<Device>, LiveError> {
    let names = system::interface_names().map_err(LiveError::Interfaces)?;
    let socket = Socket::for_questions().ok();
    let mut devices: Vec<Device> =
        names.into_iter().map(|(_, name)| describe(name, socket.as_ref())).collect();
    devices.push(Device {
        name: ANY.to_owned(),
        description: Some("Pseudo-device that captures on all interfaces"),
        is_up: true,
        is_running: true,
        is_loopback: false,
        is_connected: None,
    });
    devices.sort_by_key(Device::demerit);
    Ok(devices)
}

fn describe(name: String, socket: Option<&Socket>) -> Device {
    let flags = socket.and_then(|socket| socket.interface_flags(&name).ok()).unwrap_or(0);
    let is_loopback = flags & libc::IFF_LOOPBACK != 0;
    let is_connected = socket.filter(|_| !is_loopback).and_then(|socket| {
        let mut words = [DRIVER_LINK, 0];
        socket.driver_request(&name, &mut words).ok()?;
        words.last().map(|linked| *linked != 0)
    });
    Device {
        description: None,
        is_up: flags & libc::IFF_UP != 0,
        is_running: flags & libc::IFF_RUNNING != 0,
        is_loopback,
        is_connected,
        name,
    }
}

/// The interface that is captured on when none is named: the first one that is up and running.
pub fn default_device() -> Result<String, LiveError> {
    let first = devices()?.into_iter().next();
    first.map(|device| device.name).ok_or(LiveError::NoDevice)
}

/// The name of the interface with a number of the list, counted from 1.
pub fn device_by_number(number: usize) -> Result<String, LiveError> {
    let place = number.checked_sub(1).ok_or(LiveError::InvalidIndex)?;
    devices()?.into_iter().nth(place).map(|device| device.name).ok_or(LiveError::InvalidIndex)
}

/// The IPv4 network that an interface is in: its number and its mask. None for [`ANY`], and for an interface
/// without an address.
pub fn ipv4_network(device: &str) -> Option<(u32, u32)> {
    let socket = Socket::for_questions().ok()?;
    socket.ipv4_network(device).ok()
}

/// How packets of a kind of interface are had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kind {
    pub(super) link: LinkType,
    /// The link-layer header is left out by the kernel, and one made up.
    pub(super) cooked: bool,
    /// A second link type that the same bytes can be taken for.
    pub(super) also: Option<LinkType>,
}

/// What a kind of interface, an `ARPHRD_` number, is captured as.
pub(super) fn kind_of(hardware_type: u16) -> Kind {
    const RAWIP: u16 = 519;
    const VSOCKMON: u16 = 826;
    const NETLINK: u16 = 824;
    const IEEE802_15_4: u16 = 804;
    const NONE: u16 = 0xfffe;
    let raw = |link| Kind { link, cooked: false, also: None };
    match hardware_type {
        libc::ARPHRD_ETHER => Kind { link: LinkType::EN10MB, cooked: false, also: Some(LinkType::DOCSIS) },
        libc::ARPHRD_LOOPBACK | libc::ARPHRD_METRICOM => raw(LinkType::EN10MB),
        libc::ARPHRD_EETHER => raw(LinkType::EN3MB),
        libc::ARPHRD_AX25 => raw(LinkType::AX25_KISS),
        libc::ARPHRD_PRONET => raw(LinkType::PRONET),
        libc::ARPHRD_CHAOS => raw(LinkType::CHAOS),
        libc::ARPHRD_CAN => raw(LinkType::CAN_SOCKETCAN),
        libc::ARPHRD_IEEE802 | libc::ARPHRD_IEEE802_TR => raw(LinkType::IEEE802),
        libc::ARPHRD_ARCNET => raw(LinkType::ARCNET_LINUX),
        libc::ARPHRD_FDDI => raw(LinkType::FDDI),
        libc::ARPHRD_IEEE80211 => raw(LinkType::IEEE802_11),
        libc::ARPHRD_IEEE80211_PRISM => raw(LinkType::PRISM_HEADER),
        libc::ARPHRD_IEEE80211_RADIOTAP => raw(LinkType::IEEE802_11_RADIO),
        libc::ARPHRD_CISCO => raw(LinkType::C_HDLC),
        libc::ARPHRD_TUNNEL
        | libc::ARPHRD_TUNNEL6
        | libc::ARPHRD_SIT
        | libc::ARPHRD_CSLIP
        | libc::ARPHRD_SLIP6
        | libc::ARPHRD_CSLIP6
        | libc::ARPHRD_ADAPT
        | libc::ARPHRD_SLIP
        | libc::ARPHRD_RAWHDLC
        | libc::ARPHRD_DLCI
        | RAWIP
        | NONE => raw(LinkType::RAW),
        libc::ARPHRD_FRAD => raw(LinkType::FRELAY),
        libc::ARPHRD_LOCALTLK => raw(LinkType::LTALK),
        IEEE802_15_4 => raw(LinkType::IEEE802_15_4_NOFCS),
        NETLINK => raw(LinkType::NETLINK),
        VSOCKMON => raw(LinkType::VSOCK),
        _ => Kind { link: LinkType::LINUX_SLL, cooked: true, also: None },
    }
}

/// The kind of the pseudo-interface for all.
pub(super) const KIND_OF_ANY: Kind =
    Kind { link: LinkType::LINUX_SLL2, cooked: true, also: Some(LinkType::LINUX_SLL) };

/// The link types that packets of an interface can be had with, as `-L` lists them.
pub fn link_types(device: &str) -> Result<Vec<LinkType>, LiveError> {
    if device == ANY {
        return Ok(vec![LinkType::LINUX_SLL, LinkType::LINUX_SLL2]);
    }
    let kind = kind_of(hardware_type(device)?);
    Ok(std::iter::once(kind.link).chain(kind.also).collect())
}

fn hardware_type(device: &str) -> Result<u16, LiveError> {
    let socket = Socket::open(true).map_err(|error| not_opened(device, error))?;
    socket.hardware_type(device).map_err(|error| unknown(device, "SIOCGIFHWADDR", error))
}

/// An error of opening a socket.
pub(super) fn not_opened(device: &str, error: std::io::Error) -> LiveError {
    let (device, call) = (device.to_owned(), "socket");
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        LiveError::NotPermitted { device, call, error }
    } else {
        LiveError::Setup { device, call, error }
    }
}

/// An error of asking after an interface.
pub(super) fn unknown(device: &str, call: &'static str, error: std::io::Error) -> LiveError {
    match error.raw_os_error() {
        Some(libc::ENODEV | libc::ENXIO) => LiveError::NoSuchDevice(device.to_owned()),
        Some(libc::ENETDOWN) => LiveError::NotUp(device.to_owned()),
        _ => LiveError::Setup { device: device.to_owned(), call, error },
    }
}

/// Where time stamps of packets come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum StampSource {
    /// The machine, with the precision it has.
    #[default]
    Host,
    /// The machine, cheaply and less precisely.
    HostLowPrecision,
    /// The machine, as precisely as it can.
    HostHighPrecision,
    /// The machine, precisely, by a clock that is not set to the time of day.
    HostHighPrecisionUnsynced,
    /// The interface, by a clock that is kept in step with the machine's.
    Adapter,
    /// The interface, by a clock of its own.
    AdapterUnsynced,
}

/// Sources, names for `-j`, and words for `-J`.
const STAMP_SOURCES: [(StampSource, &str, &str); 6] = [
    (StampSource::Host, "host", "Host"),
    (StampSource::HostLowPrecision, "host_lowprec", "Host, low precision"),
    (StampSource::HostHighPrecision, "host_hiprec", "Host, high precision"),
    (StampSource::Adapter, "adapter", "Adapter"),
    (StampSource::AdapterUnsynced, "adapter_unsynced", "Adapter, not synced with system time"),
    (
        StampSource::HostHighPrecisionUnsynced,
        "host_hiprec_unsynced",
        "Host, high precision, not synced with system time",
    ),
];

impl StampSource {
    /// The source with this name.
    pub fn from_name(name: &str) -> Option<StampSource> {
        STAMP_SOURCES.iter().find(|row| row.1.eq_ignore_ascii_case(name)).map(|row| row.0)
    }

    /// The name that `-j` takes.
    pub fn name(self) -> &'static str {
        STAMP_SOURCES.iter().find(|row| row.0 == self).map_or("host", |row| row.1)
    }

    /// A few words on it.
    pub fn description(self) -> &'static str {
        STAMP_SOURCES.iter().find(|row| row.0 == self).map_or("Host", |row| row.2)
    }
}

/// The sources of time stamps that an interface has, as `-J` lists them.
pub fn stamp_sources(device: &str) -> Vec<StampSource> {
    let mut sources = vec![StampSource::Host];
    let mut words = [0; DRIVER_STAMPS_LEN];
    if let Some(first) = words.first_mut() {
        *first = DRIVER_STAMPS;
    }
    let asked = Socket::for_questions().and_then(|socket| socket.driver_request(device, &mut words));
    let word = |at: usize| words.get(at).copied().unwrap_or(0);
    if asked.is_ok() && word(DRIVER_STAMPS_FILTERS_AT) & (1 << libc::HWTSTAMP_FILTER_ALL) != 0 {
        let offered = word(DRIVER_STAMPS_SOURCES_AT);
        if offered & libc::SOF_TIMESTAMPING_SYS_HARDWARE != 0 {
            sources.push(StampSource::Adapter);
        }
        if offered & libc::SOF_TIMESTAMPING_RAW_HARDWARE != 0 {
            sources.push(StampSource::AdapterUnsynced);
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, flags: [bool; 3], is_connected: Option<bool>) -> Device {
        let [is_up, is_running, is_loopback] = flags;
        Device { name: name.to_owned(), description: None, is_up, is_running, is_loopback, is_connected }
    }

    #[test]
    fn lines_are_those_of_tcpdump() {
        for (device, line) in [
            (device("va", [true, true, false], Some(true)), "va [Up, Running, Connected]"),
            (device("z", [true, false, false], Some(false)), "z [Up, Disconnected]"),
            (device("pz", [false, false, false], Some(false)), "pz [none, Disconnected]"),
            (device("lo", [true, true, true], None), "lo [Up, Running, Loopback]"),
            (device("lo", [false, false, true], None), "lo [Loopback]"),
        ] {
            assert_eq!(device.to_string(), line);
        }
    }

    #[test]
    fn the_most_useful_interface_comes_first() {
        let order = [
            device("eth0", [true, true, false], Some(true)),
            device(ANY, [true, true, false], None),
            device("lo", [true, true, true], None),
            device("eth1", [true, false, false], Some(false)),
            device("lo", [false, false, true], None),
            device("eth2", [false, false, false], Some(false)),
        ];
        assert!(order.iter().map(Device::demerit).is_sorted(), "{order:?}");
    }

    #[test]
    fn names_of_stamp_sources_round_trip() {
        for (source, name, description) in STAMP_SOURCES {
            assert_eq!(StampSource::from_name(name), Some(source));
            assert_eq!((source.name(), source.description()), (name, description));
        }
        assert_eq!(StampSource::from_name("pigeon"), None);
    }
}
