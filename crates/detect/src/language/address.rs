//! Sets of addresses: `any`, hosts, networks, lists, negation, variables.

use super::error::Parsed;
use super::header::Variables;
use super::list::entries;
use super::text::Text;
use std::net::IpAddr;

/// An IPv4 or IPv6 network.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    /// Its first address; bits beyond the prefix are zero.
    pub address: IpAddr,
    /// Bits that must agree.
    pub prefix: u8,
}

impl Network {
    /// Whether the network holds `address`.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(host)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                (net.to_bits() ^ host.to_bits()) & mask == 0
            }
            (IpAddr::V6(net), IpAddr::V6(host)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                (net.to_bits() ^ host.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

/// Addresses that are meant: those of `included` (of all, where that is empty) but those of `excluded`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AddressSet {
    /// Networks that are meant; empty for all.
    pub included: Vec<Network>,
    /// Networks that are not.
    pub excluded: Vec<Network>,
}

impl AddressSet {
    /// All addresses.
    pub const fn any() -> Self {
        AddressSet { included: Vec::new(), excluded: Vec::new() }
    }

    /// Whether every address is meant.
    pub fn is_any(&self) -> bool {
        self.included.is_empty() && self.excluded.is_empty()
    }

    /// Whether `address` is meant.
    pub fn contains(&self, address: IpAddr) -> bool {
        (self.included.is_empty() || self.included.iter().any(|network| network.contains(address)))
            && !self.excluded.iter().any(|network| network.contains(address))
    }

    /// Reads a list without brackets; ports in brackets behind an address do not count.
    pub(super) fn of_list(list: Text<'_>, variables: &Variables) -> Parsed<AddressSet> {
        let parts = list.commas().into_iter().flat_map(Text::words);
        let hosts = parts.map(|part| {
            let end = if part.text.starts_with('[') { None } else { part.text.find('[') };
            end.map_or(part, |end| part.to(end))
        });
        AddressSet::of(hosts, variables)
    }

    /// Reads a set; variables are taken from `variables`.
    pub(super) fn parse(text: Text<'_>, variables: &Variables) -> Parsed<AddressSet> {
        AddressSet::of([text], variables)
    }

    /// What all of the lists name.
    fn of<'t>(lists: impl IntoIterator<Item = Text<'t>>, variables: &Variables) -> Parsed<AddressSet> {
        let mut set = AddressSet::any();
        let mut all_included = false;
        for list in lists {
            entries(list, variables, &mut |t, negated| {
                add(t, negated, variables, &mut set, &mut all_included)
            })?;
        }
        if all_included {
            set.included.clear();
        }
        Ok(set)
    }
}

/// Adds what one entry of a list names.
fn add(
    t: Text<'_>,
    negated: bool,
    variables: &Variables,
    set: &mut AddressSet,
    all_included: &mut bool,
) -> Parsed<()> {
    if let Some(name) = t.strip_prefix("$") {
        return merge(t, variables.addresses(name)?, negated, set, all_included);
    }
    if t.text.eq_ignore_ascii_case("any") {
        if negated {
            return Err(t.fault("'!any' matches no address at all"));
        }
        *all_included = true;
        return Ok(());
    }
    let network = network(t)?;
    if negated {
        set.excluded.push(network)
    } else {
        set.included.push(network)
    }
    Ok(())
}

/// Adds a whole set. A negated set that itself excludes cannot be said with two lists.
fn merge(
    at: Text<'_>,
    other: &AddressSet,
    negated: bool,
    set: &mut AddressSet,
    all_included: &mut bool,
) -> Parsed<()> {
    if !negated {
        *all_included |= other.included.is_empty();
        set.included.extend_from_slice(&other.included);
        set.excluded.extend_from_slice(&other.excluded);
        return Ok(());
    }
    match (other.included.is_empty(), other.excluded.is_empty()) {
        (true, true) => {
            Err(at.fault(format!("'!{}' matches no address, since the variable is 'any'", at.text)))
        }
        (false, true) => {
            set.excluded.extend_from_slice(&other.included);
            Ok(())
        }
        (true, false) => {
            set.included.extend_from_slice(&other.excluded);
            Ok(())
        }
        (false, false) => Err(at.fault("a variable that itself excludes addresses cannot be negated")),
    }
}

/// Reads a host or a network in CIDR or mask form.
pub(super) fn network(t: Text<'_>) -> Parsed<Network> {
    let (host, mask) = match t.split_once('/') {
        Some((host, mask)) => (host, Some(mask)),
        None => (t, None),
    };
    let address: IpAddr = host.text.parse().map_err(|_| {
        t.fault(format!("'{}' is not an address", host.text))
            .advise("write an address, a network such as 10.0.0.0/8, a list in brackets, a $VARIABLE or any")
    })?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match mask {
        None => most,
        Some(mask) => prefix(mask, most)?,
    };
    let address = match address {
        IpAddr::V4(a) => {
            IpAddr::V4((a.to_bits() & u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)).into())
        }
        IpAddr::V6(a) => {
            IpAddr::V6((a.to_bits() & u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)).into())
        }
    };
    Ok(Network { address, prefix })
}

fn prefix(mask: Text<'_>, most: u8) -> Parsed<u8> {
    if let Ok(dotted) = mask.text.parse::<std::net::Ipv4Addr>() {
        let bits = dotted.to_bits();
        if bits.leading_ones() + bits.trailing_zeros() == 32 {
            return Ok(bits.leading_ones() as u8);
        }
    }
    match mask.text.parse::<u8>() {
        Ok(prefix) if prefix <= most => Ok(prefix),
        _ => Err(mask.fault(format!("'{}' is not a prefix length up to {most}", mask.text))),
    }
}
