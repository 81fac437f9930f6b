//! Options on other protocols: `ssl_version`, `ssl_state`, `cvs`.

use super::error::{Fault, Parsed};
use super::text::Text;

/// Versions of TLS that `ssl_version` asks for: one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TlsVersions(pub u8);

/// Versions by name, in the order of their bits.
const VERSIONS: &[&str] = &["sslv2", "sslv3", "tls1.0", "tls1.1", "tls1.2"];

/// Messages of a TLS handshake that `ssl_state` asks for: one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TlsStates(pub u8);

/// States by name, in the order of their bits.
const STATES: &[&str] = &["client_hello", "server_hello", "client_keyx", "server_keyx", "unknown"];

impl TlsVersions {
    /// The bit of SSL 2.0, which has records of its own.
    pub(crate) const SSL2: TlsVersions = TlsVersions(1);

    /// The bit of a version as records name it: major and minor number.
    pub(crate) fn of_record(major: u8, minor: u8) -> Option<TlsVersions> {
        (major == 3 && minor < 4).then(|| TlsVersions(2 << minor))
    }

    pub(super) fn parse(value: Text<'_>) -> Parsed<TlsVersions> {
        bits(value, VERSIONS, "ssl_version").map(TlsVersions)
    }
}

impl TlsStates {
    pub(crate) const CLIENT_HELLO: TlsStates = TlsStates(1);
    pub(crate) const SERVER_HELLO: TlsStates = TlsStates(1 << 1);
    pub(crate) const CLIENT_KEY: TlsStates = TlsStates(1 << 2);
    pub(crate) const SERVER_KEY: TlsStates = TlsStates(1 << 3);
    pub(crate) const UNKNOWN: TlsStates = TlsStates(1 << 4);

    pub(super) fn parse(value: Text<'_>) -> Parsed<TlsStates> {
        bits(value, STATES, "ssl_state").map(TlsStates)
    }
}

/// The bits of the names in a list; one with `!` stands for all the others.
fn bits(value: Text<'_>, names: &[&str], option: &str) -> Parsed<u8> {
    let all = (1u8 << names.len()) - 1;
    let mut found = 0;
    for part in value.commas() {
        let (negated, name) = match part.strip_prefix("!") {
            Some(rest) => (true, rest.trim()),
            None => (false, part),
        };
        let Some(at) = names.iter().position(|known| known.eq_ignore_ascii_case(name.text)) else {
            return Err(name
                .fault(format!("'{}' is not known to {option}", name.text))
                .advise(format!("possible are: {}", names.join(", "))));
        };
        found |= if negated { all & !(1 << at) } else { 1 << at };
    }
    Ok(found)
}

/// Reads `cvs:invalid-entry`, the only form there is.
pub(super) fn cvs(value: Text<'_>) -> Parsed<()> {
    match value.text {
        "invalid-entry" => Ok(()),
        other => {
            Err(Fault::new(value.at, format!("'{other}' is not known to cvs"))
                .advise("write cvs:invalid-entry"))
        }
    }
}
