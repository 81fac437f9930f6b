//! Names of hosts, networks, ports and protocols, as the machine's files and resolver know them.

use std::net::{IpAddr, ToSocketAddrs};
use std::path::Path;
use std::sync::OnceLock;

/// A port by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PortName {
    /// Its number; larger than a port can be if it was given as such a number.
    pub number: u32,
    /// The number of the only transport protocol that has it under this name; `None` where several do.
    pub transport: Option<u32>,
}

/// Where names are looked up.
pub trait Names {
    /// The addresses of a host; none for an unknown one.
    fn host(&self, name: &str) -> Vec<IpAddr>;
    /// The hardware address of a host.
    fn ethernet_host(&self, name: &str) -> Option<[u8; 6]>;
    /// The number of a network, without trailing zero bytes.
    fn network(&self, name: &str) -> Option<u32>;
    /// A port by name or number.
    fn port(&self, name: &str) -> Option<PortName>;
    /// An Internet protocol's number.
    fn protocol(&self, name: &str) -> Option<u32>;
    /// The name of a port, for people to read.
    fn port_name(&self, _number: u32) -> Option<String> {
        None
    }
    /// The name of an Internet protocol, for people to read.
    fn protocol_name(&self, _number: u32) -> Option<String> {
        None
    }
}

/// The names of this machine: the files in `/etc` and the system's resolver.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SystemNames;

/// Files longer than this are not read further.
const LARGEST_FILE: usize = 4 << 20;

fn lines(path: &Path) -> Vec<Vec<String>> {
    let Ok(text) = std::fs::read(path) else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(text.get(..LARGEST_FILE).unwrap_or(&text)).into_owned();
    text.lines()
        .map(|line| line.split('#').next().unwrap_or("").split_whitespace().map(str::to_owned).collect())
        .filter(|words: &Vec<String>| words.len() > 1)
        .collect()
}

/// Rows of a file, read once.
fn file(cell: &'static OnceLock<Vec<Vec<String>>>, path: &str) -> &'static [Vec<String>] {
    cell.get_or_init(|| lines(Path::new(path)))
}

/// The row whose name or alias this is: a file's first column and those from the third on.
fn row<'a>(rows: &'a [Vec<String>], name: &str) -> Option<&'a [String]> {
    let named = |row: &&Vec<String>| row.iter().enumerate().any(|(column, word)| column != 1 && word == name);
    rows.iter().find(named).map(Vec::as_slice)
}

fn services() -> &'static [Vec<String>] {
    static SERVICES: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    file(&SERVICES, "/etc/services")
}

fn protocols() -> &'static [Vec<String>] {
    static PROTOCOLS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    file(&PROTOCOLS, "/etc/protocols")
}

fn service(name: &str, transport: &str) -> Option<u32> {
    services().iter().find_map(|row| {
        let named = row.iter().enumerate().any(|(column, word)| column != 1 && word == name);
        let (number, protocol) = row.get(1)?.split_once('/')?;
        if named && protocol == transport { number.parse().ok() } else { None }
    })
}

impl Names for SystemNames {
    fn host(&self, name: &str) -> Vec<IpAddr> {
        let mut addresses = Vec::new();
        for address in (name, 0).to_socket_addrs().into_iter().flatten() {
            if !addresses.contains(&address.ip()) {
                addresses.push(address.ip());
            }
        }
        addresses
    }

    fn ethernet_host(&self, name: &str) -> Option<[u8; 6]> {
        static ETHERS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
        let row =
            file(&ETHERS, "/etc/ethers").iter().find(|row| row.get(1).is_some_and(|host| host == name))?;
        let mut address = [0; 6];
        let mut parts = row.first()?.split(':');
        for byte in &mut address {
            *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
        }
        Some(address)
    }

    fn network(&self, name: &str) -> Option<u32> {
        static NETWORKS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
        let row = row(file(&NETWORKS, "/etc/networks"), name)?;
        let mut number: u32 = 0;
        for part in row.get(1)?.split('.') {
            number = number << 8 | u32::from(part.parse::<u8>().ok()?);
        }
        while number != 0 && number & 0xff == 0 {
            number >>= 8;
        }
        Some(number)
    }

    fn port(&self, name: &str) -> Option<PortName> {
        const TCP: u32 = 6;
        const UDP: u32 = 17;
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = name.parse().unwrap_or(u32::MAX);
            return Some(PortName { number, transport: None });
        }
        match (service(name, "tcp"), service(name, "udp")) {
            (Some(tcp), Some(udp)) if tcp == udp => Some(PortName { number: tcp, transport: None }),
            (Some(number), _) => Some(PortName { number, transport: Some(TCP) }),
            (None, Some(number)) => Some(PortName { number, transport: Some(UDP) }),
            (None, None) => None,
        }
    }

    fn protocol(&self, name: &str) -> Option<u32> {
        row(protocols(), name)?.get(1)?.parse().ok()
    }

    fn port_name(&self, number: u32) -> Option<String> {
        let number = number.to_string();
        let has = |row: &&Vec<String>| {
            row.get(1).and_then(|port| port.split_once('/')).is_some_and(|port| port.0 == number)
        };
        services().iter().find(has)?.first().cloned()
    }

    fn protocol_name(&self, number: u32) -> Option<String> {
        let number = number.to_string();
        protocols().iter().find(|row| row.get(1) == Some(&number))?.first().cloned()
    }
}

/// The protocols that the link layer names, by Ethernet type or service access point.
pub(crate) fn link_protocol(name: &str) -> Option<u32> {
    Some(match name {
        "aarp" => 0x80f3,
        "arp" => 0x0806,
        "atalk" => 0x809b,
        "decnet" => 0x6003,
        "ip" => 0x0800,
        "ip6" => 0x86dd,
        "lat" => 0x6004,
        "loopback" => 0x9000,
        "mopdl" => 0x6001,
        "moprc" => 0x6002,
        "rarp" => 0x8035,
        "sca" => 0x6007,
        "slow" => 0x8809,
        "iso" => 0xfe,
        "stp" => 0x42,
        "ipx" => 0xe0,
        "netbeui" => 0xf0,
        _ => return None,
    })
}
