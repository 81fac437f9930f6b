//! The names that take the place of addresses and ports: local files, and the system's resolver.

use std::net::{IpAddr, SocketAddr};

use wirescope_capture::live::ipv4_network;
use wirescope_dissect::{Names, Resolve};

use super::options::Request;
use crate::live::interfaces::names;

/// Names are wanted, and services without one are no reason for a number instead of the host's name
/// (`NI_NAMEREQD` and `NI_NUMERICSERV` of `netdb.h`).
const NAME_REQUIRED: i32 = 8;
const NUMERIC_SERVICE: i32 = 2;

/// The names that a request wants: all that there are, or none.
pub(crate) fn of(request: &Request) -> Names {
    if request.print.numeric {
        return Names::none().with_interfaces(interfaces());
    }
    let read = |path: &str| {
        let bytes = std::fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Names::new(&read("/etc/services"), &read("/etc/ethers"), Some(Box::new(SystemResolver::of(request))))
        .with_interfaces(interfaces())
}

/// This machine's network interfaces by index, which Linux cooked captures number.
fn interfaces() -> Vec<(u32, String)> {
    let Ok(entries) = std::fs::read_dir("/sys/class/net") else { return Vec::new() };
    let named = |entry: std::fs::DirEntry| {
        let index = std::fs::read_to_string(entry.path().join("ifindex")).ok()?;
        Some((index.trim().parse().ok()?, entry.file_name().into_string().ok()?))
    };
    entries.flatten().filter_map(named).collect()
}

/// The system's own resolver: its files, its name servers, in the order that it is set up for.
struct SystemResolver {
    /// The networks, by number and mask, whose addresses alone have names; all addresses without it (`-f`).
    only: Option<Vec<(u32, u32)>>,
}

impl SystemResolver {
    fn of(request: &Request) -> SystemResolver {
        let own = || {
            let names = names(&request.live.interfaces).unwrap_or_default();
            names.iter().filter_map(|name| ipv4_network(name)).collect()
        };
        SystemResolver { only: request.foreign_numeric.then(own) }
    }

    fn is_foreign(&self, address: IpAddr) -> bool {
        let (Some(own), IpAddr::V4(address)) = (&self.only, address) else { return false };
        own.iter().all(|(network, mask)| address.to_bits() & mask != *network)
    }
}

impl Resolve for SystemResolver {
    fn name(&self, address: IpAddr) -> Option<String> {
        if self.is_foreign(address) {
            return None;
        }
        let socket = SocketAddr::new(address, 0);
        let (name, _) = dns_lookup::getnameinfo(&socket, NAME_REQUIRED | NUMERIC_SERVICE).ok()?;
        Some(name)
    }
}
