//! Names for addresses, ports and link-layer addresses.

use std::collections::HashMap;
use std::net::IpAddr;

/// Most addresses whose names are remembered; further ones evict the whole table. At about 100 bytes a
/// name this keeps the cache below 10 MB however many hosts a capture holds.
const MAX_CACHED_ADDRESSES: usize = 65_536;

/// Asks the system for the name of a host. The answer is kept by [`Names`].
pub trait Resolve: Send {
    /// The name of `address`, or `None` where it has none.
    fn name(&self, address: IpAddr) -> Option<String>;
}

/// Names of ports, hosts and link-layer addresses. Empty where numbers are wanted.
#[derive(Default)]
pub struct Names {
    tcp: HashMap<u16, String>,
    udp: HashMap<u16, String>,
    ethers: HashMap<[u8; 6], String>,
    interfaces: HashMap<u32, String>,
    resolver: Option<Box<dyn Resolve>>,
    addresses: HashMap<IpAddr, Option<String>>,
}

impl Names {
    /// No names at all (`-n`).
    pub fn none() -> Self {
        Names::default()
    }

    /// Names from the texts of `/etc/services` and `/etc/ethers`, and hosts from `resolver`.
    pub fn new(services: &str, ethers: &str, resolver: Option<Box<dyn Resolve>>) -> Self {
        let mut names = Names { resolver, ..Names::default() };
        services.lines().for_each(|line| names.add_service(line));
        ethers.lines().for_each(|line| names.add_ether(line));
        names
    }

    /// Adds the names of this machine's network interfaces, by index.
    pub fn with_interfaces(mut self, interfaces: impl IntoIterator<Item = (u32, String)>) -> Self {
        self.interfaces.extend(interfaces);
        self
    }

    /// Takes a line such as `http 80/tcp www`; the first name for a port stays.
    fn add_service(&mut self, line: &str) {
        let mut words = without_comment(line).split_whitespace();
        let (Some(name), Some(place)) = (words.next(), words.next()) else { return };
        let Some((port, proto)) = place.split_once('/') else { return };
        let Ok(port) = port.parse::<u16>() else { return };
        match proto {
            "tcp" => self.tcp.entry(port).or_insert_with(|| name.to_owned()),
            "udp" => self.udp.entry(port).or_insert_with(|| name.to_owned()),
            _ => return,
        };
    }

    /// Takes a line such as `00:11:22:33:44:55 printer`.
    fn add_ether(&mut self, line: &str) {
        let mut words = without_comment(line).split_whitespace();
        let (Some(address), Some(name)) = (words.next(), words.next()) else { return };
        let mut bytes = [0u8; 6];
        let mut parts = address.split([':', '-', '.']);
        for byte in &mut bytes {
            let Some(Ok(value)) = parts.next().map(|part| u8::from_str_radix(part, 16)) else { return };
            *byte = value;
        }
        if parts.next().is_none() {
            self.ethers.entry(bytes).or_insert_with(|| name.to_owned());
        }
    }

    pub(crate) fn tcp_port(&self, port: u16) -> Option<&str> {
        self.tcp.get(&port).map(String::as_str)
    }

    pub(crate) fn udp_port(&self, port: u16) -> Option<&str> {
        self.udp.get(&port).map(String::as_str)
    }

    pub(crate) fn ether(&self, address: [u8; 6]) -> Option<&str> {
        self.ethers.get(&address).map(String::as_str)
    }

    pub(crate) fn interface(&self, index: u32) -> Option<&str> {
        self.interfaces.get(&index).map(String::as_str)
    }

    /// The name of a host, asked for once and then remembered, also when there is none.
    pub(crate) fn host(&mut self, address: IpAddr) -> Option<&str> {
        let resolver = self.resolver.as_deref()?;
        if self.addresses.len() >= MAX_CACHED_ADDRESSES && !self.addresses.contains_key(&address) {
            self.addresses.clear();
        }
        self.addresses.entry(address).or_insert_with(|| resolver.name(address)).as_deref()
    }
}

fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_of_a_port_counts_and_protocols_are_kept_apart() {
        let names = Names::new("# c\nhttp\t80/tcp www # web\nother 80/tcp\ndomain 53/udp\n", "", None);
        assert_eq!(names.tcp_port(80), Some("http"));
        assert_eq!(names.udp_port(80), None);
        assert_eq!(names.udp_port(53), Some("domain"));
    }

    #[test]
    fn ethers_are_read_with_short_bytes() {
        let names = Names::new("", "0:1:2:a:b:c host\nbad:line x\n", None);
        assert_eq!(names.ether([0, 1, 2, 10, 11, 12]), Some("host"));
    }
}
