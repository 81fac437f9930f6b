//! The language of `-E`: `spi@host algorithm:secret`, `algorithm:secret`, `file NAME`, and in files also
//! `ikev2 I|R cookie cookie algorithm:secret algorithm:secret`; several are parted by commas.

use super::cipher::{Algorithm, Cipher};
use super::{Association, Associations, Scope};
use std::net::IpAddr;

/// Files may name files; no one nests them deeper.
const MAX_FILE_DEPTH: usize = 4;
/// Longest secret in bytes.
const MAX_SECRET: usize = 256;
/// Bytes that `-hmac96` leaves of an authentication code, and that IKEv2's integrity algorithms do.
const HMAC_96_LEN: usize = 12;

pub(super) fn read(associations: &mut Associations, text: &str) {
    for line in text.split(['\n', ',']).filter(|line| !line.is_empty()) {
        one(associations, line, 0);
    }
}

fn one(associations: &mut Associations, line: &str, file_depth: usize) {
    let Some((key, rest)) = line.split_once([' ', '\t']) else {
        add_esp(associations, Scope::AnyEsp, line);
        return;
    };
    if key.eq_ignore_ascii_case("file") {
        file(associations, rest, file_depth);
    } else if key.eq_ignore_ascii_case("ikev2") {
        ike(associations, rest);
    } else if let Some(scope) = scope(associations, key) {
        add_esp(associations, scope, rest.trim_start());
    }
}

fn file(associations: &mut Associations, name: &str, depth: usize) {
    if depth >= MAX_FILE_DEPTH {
        associations.warnings.push(format!("print_esp: {name}: files of secrets name each other too deeply"));
        return;
    }
    match std::fs::read_to_string(name) {
        Ok(text) => {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                one(associations, line, depth + 1);
            }
        }
        Err(error) => associations.warnings.push(format!("print_esp: can't open {name}: {error}")),
    }
}

/// Reads `spi@host`.
fn scope(associations: &mut Associations, key: &str) -> Option<Scope> {
    let (number, host) = key.split_once('@').unwrap_or((key, ""));
    let Some(spi) = integer(number).filter(|_| !host.is_empty()) else {
        associations.warnings.push(format!("print_esp: failed to decode spi# {key}"));
        return None;
    };
    match host.parse::<IpAddr>() {
        Ok(dst) => Some(Scope::Esp { spi, dst }),
        Err(_) => {
            associations.warnings.push(format!("print_esp: can not decode IP# {host}"));
            None
        }
    }
}

/// A number in decimal, in hex behind `0x`, or in octal behind `0`.
fn integer(text: &str) -> Option<u32> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        u32::from_str_radix(hex, 16).ok()
    } else if text.len() > 1 && text.starts_with('0') {
        u32::from_str_radix(text, 8).ok()
    } else {
        text.parse().ok()
    }
}

fn add_esp(associations: &mut Associations, scope: Scope, decode: &str) {
    if let Some((cipher, auth_len)) = cipher(associations, decode) {
        associations.add(Association { scope, cipher, auth_len });
    }
}

/// Reads `algorithm:secret`; gives the cipher and the length of the authentication code.
fn cipher(associations: &mut Associations, decode: &str) -> Option<(Cipher, usize)> {
    let Some((name, secret)) = decode.trim().split_once(':') else {
        associations.warnings.push(format!("failed to decode espsecret: {decode}"));
        return None;
    };
    let (name, auth_len) = match name.strip_suffix("-hmac96") {
        Some(name) => (name, HMAC_96_LEN),
        None => (name, 0),
    };
    let name = name.strip_suffix("-cbc").unwrap_or(name);
    let Some(algorithm) = Algorithm::from_name(name) else {
        associations.warnings.push(format!("failed to find cipher algo {name}"));
        return None;
    };
    let secret = match secret.strip_prefix("0x") {
        Some(hex) => bytes(hex)?,
        None => secret.bytes().take(MAX_SECRET).collect(),
    };
    Some((Cipher::new(algorithm, &secret), auth_len))
}

/// Bytes from hex digits, as far as those go in pairs.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = hex
        .as_bytes()
        .chunks_exact(2)
        .take(MAX_SECRET)
        .map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    (!bytes.is_empty()).then_some(bytes)
}

/// Reads the rest of an `ikev2` line: side, both cookies, integrity algorithm, encryption algorithm.
fn ike(associations: &mut Associations, line: &str) {
    let mut words = line.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let (side, initiator, responder) = (word(), word(), word());
    let (_integrity, encryption) = (word(), word());
    let cookie = |text: &str| <[u8; 8]>::try_from(bytes(text.strip_prefix("0x")?)?).ok();
    let (Some(initiator), Some(responder), "I" | "R") = (cookie(initiator), cookie(responder), side) else {
        associations
            .warnings
            .push(format!("print_esp: failed to find appropriate fields in line \"{line}\""));
        return;
    };
    if let Some((cipher, _)) = cipher(associations, encryption) {
        let scope = Scope::Ike { from_initiator: side == "I", initiator, responder };
        associations.add(Association { scope, cipher, auth_len: HMAC_96_LEN });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(text: &str) -> Vec<String> {
        let associations = Associations::new(Some(text));
        associations.warnings().to_vec()
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_rest_counts() {
        let text = "0x1@10.0.0.1 rot13:0x00,0x2@nowhere 3des-cbc:0x00,0x3@10.0.0.1 aes128-cbc-hmac96:0x01";
        let associations = Associations::new(Some(text));
        assert_eq!(associations.warnings().len(), 2);
        assert!(associations.warnings().iter().any(|warning| warning.ends_with("rot13")));
        let dst = "10.0.0.1".parse().unwrap();
        assert_eq!(associations.find(Scope::Esp { spi: 3, dst }).map(|found| found.auth_len), Some(12));
        assert!(warnings("blowfish-cbc:word").is_empty());
    }

    #[test]
    fn a_missing_file_is_a_warning() {
        assert_eq!(warnings("file /nonexistent/secrets").len(), 1);
    }
}
