//! Addresses that are mistyped or stand under the wrong word.

use std::net::Ipv4Addr;

use super::{Examined, Report};
use crate::ast::{Kind, Subject};
use crate::hint::padded;

/// `192.168.1.256`: a byte holds 255 at most.
pub(super) fn impossible_address(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        let (Subject::Dotted(text) | Subject::DottedPrefix(text, _)) = identifier.subject else { continue };
        let wrong = text.split('.').find(|part| part.parse::<u32>().is_ok_and(|part| part > 255));
        if let Some(part) = wrong {
            let message = format!("{text} is no IPv4 address: {part} is more than a byte holds (255)");
            report.add(identifier.place, message, None);
        }
    }
}

/// `10.0.0.1.2`, `10.0.0.l`: what does not read as an address is looked up as a name.
pub(super) fn address_as_name(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        let Subject::Name(name) = identifier.subject else { continue };
        if !matches!(identifier.qualifiers.kind, None | Some(Kind::Host | Kind::Net)) {
            continue;
        }
        let parts: Vec<&str> = name.trim_end_matches('.').split('.').collect();
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        let others = name.bytes().filter(|byte| !byte.is_ascii_digit() && *byte != b'.').count();
        let like_address = parts.len() >= 3
            && digits > others
            && others <= 2
            && parts.iter().filter(|part| part.parse::<u32>().is_ok()).count() + 1 >= parts.len();
        if !like_address {
            continue;
        }
        let message = format!("{name} looks like an address, but is none, and is looked up as a name");
        let swapped: String = name
            .chars()
            .map(|sign| match sign {
                'l' | 'I' => '1',
                'O' | 'o' => '0',
                other => other,
            })
            .collect();
        let advice = swapped.parse::<Ipv4Addr>().ok().map(|address| {
            format!(
                "with digits in place of letters it is {}",
                examined.replaced(identifier.place, &address.to_string())
            )
        });
        report.add(identifier.place, message, advice);
    }
}

/// `mask 0.0.0.255`, `mask 255.0.255.0`, `/0`: masks that are rarely meant.
pub(super) fn odd_mask(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        match identifier.subject {
            Subject::DottedMask(text, mask) => {
                let Some(bits) = padded(mask) else { continue };
                if bits.leading_ones() == 32 - bits.trailing_zeros().min(32) || bits == 0 {
                    continue;
                }
                let message =
                    format!("the mask {mask} has ones behind zeros, so it is no prefix of an address");
                let inverse = Ipv4Addr::from_bits(!bits);
                let advice = (bits.leading_zeros() > 0).then(|| {
                    format!("a mask has ones where addresses must agree: net {text} mask {inverse}")
                });
                report.add(identifier.place, message, advice);
            }
            Subject::DottedPrefix(text, 0) => {
                let message = format!("{text}/0 is every IPv4 address");
                report.add(identifier.place, message, Some("for any IPv4 packet write ip".to_owned()));
            }
            _ => {}
        }
    }
}

/// `net 192.168.1.0`: with all four bytes given, a network is a single address.
pub(super) fn net_of_one_address(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        let Subject::Dotted(text) = identifier.subject else { continue };
        if identifier.qualifiers.kind != Some(Kind::Net) || text.split('.').count() != 4 {
            continue;
        }
        let Some(address) = padded(text) else { continue };
        let message =
            format!("net {text} is the one address {text}: four bytes are given, so all must agree");
        let advice = match address.trailing_zeros() {
            0..=7 => format!("for the one address write host {text}"),
            8..=15 => format!("for the network write net {text}/24"),
            16..=23 => format!("for the network write net {text}/16"),
            _ => format!("for the network write net {text}/8"),
        };
        report.add(identifier.place, message, Some(advice));
    }
}

/// `host 10.0.0.0`, `host 10.0.0.255`: in most networks these are no hosts.
pub(super) fn network_or_broadcast_as_host(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        let Subject::Dotted(text) = identifier.subject else { continue };
        if !matches!(identifier.qualifiers.kind, None | Some(Kind::Host)) || text.split('.').count() != 4 {
            continue;
        }
        let Some(address) = padded(text) else { continue };
        match (address, address & 0xff) {
            (0 | u32::MAX, _) => {}
            (_, 0) => report.add(
                identifier.place,
                format!("{text} looks like the address of a network, and only packets with exactly it match"),
                Some(format!("for the whole network write net {text}/24")),
            ),
            (_, 255) => report.add(
                identifier.place,
                format!("{text} looks like a broadcast address, and only packets with exactly it match"),
                None,
            ),
            _ => {}
        }
    }
}

/// `010.1.2.3`: other programs read that as octal.
pub(super) fn leading_zero(examined: &Examined, report: &mut Report) {
    for identifier in examined.identifiers() {
        let (Subject::Dotted(text) | Subject::DottedPrefix(text, _)) = identifier.subject else { continue };
        let zero = |part: &str| part.len() > 1 && part.starts_with('0') && !part.contains(['x', 'X']);
        if text.split('.').any(zero) {
            let plain: Vec<&str> = text
                .split('.')
                .map(|part| match part.trim_start_matches('0') {
                    "" => "0",
                    digits => digits,
                })
                .collect();
            let message =
                format!("in {text} a byte begins with 0; here it is decimal, elsewhere often octal");
            report.add(identifier.place, message, Some(format!("write {}", plain.join("."))));
        }
    }
}
