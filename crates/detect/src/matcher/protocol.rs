//! Options that read a protocol in the payload: `ssl_version`, `ssl_state`, `cvs`, `ftpbounce`.

use std::net::{IpAddr, Ipv4Addr};

use wirescope_wire::{Cursor, Walk};

use crate::language::{TlsStates, TlsVersions};

/// Most records that are looked at in one payload.
const MAX_RECORDS: usize = 64;
/// Types of TLS records (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const FIRST_RECORD: u8 = 20;

/// What the TLS records of a payload say.
#[derive(Clone, Copy, Default)]
struct Tls {
    versions: u8,
    states: u8,
}

impl Tls {
    fn read(payload: &[u8]) -> Tls {
        let mut tls = Tls::default();
        let mut c = Cursor::over(payload);
        if tls.ssl2_hello(payload) {
            return tls;
        }
        for _ in 0..MAX_RECORDS {
            if tls.record(&mut c).is_err() {
                break;
            }
        }
        tls
    }

    /// A hello of SSL 2.0: a length of two bytes with its high bit set, type 1 or 4, and the version.
    fn ssl2_hello(&mut self, payload: &[u8]) -> bool {
        let [length, _, kind @ (1 | 4), rest @ ..] = payload else { return false };
        let version = if *kind == 1 { rest } else { rest.get(2..).unwrap_or_default() };
        if length & 0x80 == 0 || !matches!(version, [0, 2, ..] | [3, ..]) {
            return false;
        }
        let state = if *kind == 1 { TlsStates::CLIENT_HELLO } else { TlsStates::SERVER_HELLO };
        self.states |= state.0;
        self.versions |= TlsVersions::SSL2.0;
        true
    }

    fn record(&mut self, c: &mut Cursor<'_>) -> Walk<()> {
        let kind = c.u8()?;
        let (major, minor) = (c.u8()?, c.u8()?);
        let Some(version) = TlsVersions::of_record(major, minor) else { return c.skip(usize::MAX) };
        if !(FIRST_RECORD..=APPLICATION_DATA).contains(&kind) {
            return c.skip(usize::MAX);
        }
        self.versions |= version.0;
        let length = usize::from(c.u16()?);
        if kind == HANDSHAKE {
            let state = match c.bytes().first() {
                Some(1) => TlsStates::CLIENT_HELLO,
                Some(2) => TlsStates::SERVER_HELLO,
                Some(12) => TlsStates::SERVER_KEY,
                Some(16) => TlsStates::CLIENT_KEY,
                _ => TlsStates::UNKNOWN,
            };
            self.states |= state.0;
        }
        c.skip(length)
    }
}

/// Whether a record of the payload has one of the versions.
pub(super) fn has_tls_version(payload: &[u8], wanted: TlsVersions) -> bool {
    Tls::read(payload).versions & wanted.0 != 0
}

/// Whether a handshake message of the payload is one of those.
pub(super) fn has_tls_state(payload: &[u8], wanted: TlsStates) -> bool {
    Tls::read(payload).states & wanted.0 != 0
}

/// Whether a CVS request has an `Entry` line that is not made of five parts between slashes, which old
/// servers write past their buffer for (CVE-2004-0396).
pub(super) fn has_invalid_cvs_entry(payload: &[u8]) -> bool {
    payload
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.strip_prefix(b"Entry "))
        .any(|entry| entry.first() != Some(&b'/') || entry.iter().filter(|byte| **byte == b'/').count() < 5)
}

/// Whether the argument of an FTP `PORT` command (RFC 959 section 4.1.2) is another host than the client.
pub(super) fn is_ftp_bounce(argument: &[u8], client: IpAddr) -> bool {
    let mut octets = [0u8; 4];
    let mut rest = argument.trim_ascii_start();
    for octet in &mut octets {
        let digits = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, after) = rest.split_at(digits);
        let Some(value) = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok()) else {
            return false;
        };
        let [b',', after @ ..] = after else { return false };
        (*octet, rest) = (value, after);
    }
    IpAddr::V4(Ipv4Addr::from(octets)) != client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_records_are_told_apart() {
        let hello = b"\x16\x03\x01\x00\x04\x01\x00\x00\x00\x17\x03\x03\x00\x01x";
        assert!(
            has_tls_state(hello, TlsStates::CLIENT_HELLO) && !has_tls_state(hello, TlsStates::SERVER_HELLO)
        );
        assert!(has_tls_version(hello, TlsVersions(0b100)) && has_tls_version(hello, TlsVersions(0b1_0000)));
        assert!(!has_tls_version(hello, TlsVersions(0b010)));
        assert!(has_tls_version(b"\x80\x2e\x01\x00\x02\x00", TlsVersions::SSL2));
        assert!(!has_tls_state(b"GET / HTTP/1.0", TlsStates(0x1f)));
        assert!(!has_tls_state(b"\x16\x03", TlsStates(0x1f)), "cut short");
    }

    #[test]
    fn a_bounce_names_another_host() {
        let client = "10.0.0.1".parse().unwrap();
        assert!(is_ftp_bounce(b" 10,0,0,2,4,5\r\n", client));
        assert!(!is_ftp_bounce(b" 10,0,0,1,4,5\r\n", client));
        assert!(!is_ftp_bounce(b" 10,0,0\r\n", client) && !is_ftp_bounce(b"999,0,0,2,1,1", client));
    }

    #[test]
    fn cvs_entries_have_five_parts() {
        assert!(!has_invalid_cvs_entry(b"Root /\nEntry /a.c/1.1///\n"));
        assert!(has_invalid_cvs_entry(b"Entry a.c/1.1\n") && has_invalid_cvs_entry(b"x\nEntry /a.c\n"));
    }
}
