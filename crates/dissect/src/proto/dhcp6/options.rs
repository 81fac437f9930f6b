//! DHCPv6 options (RFC 8415 section 21 and those that other documents add).

use crate::Out;
use crate::proto::domain;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const OPTIONS: &Tokens = &[
    (1, "client-ID"),
    (2, "server-ID"),
    (3, "IA_NA"),
    (4, "IA_TA"),
    (5, "IA_ADDR"),
    (6, "option-request"),
    (7, "preference"),
    (8, "elapsed-time"),
    (9, "relay-message"),
    (11, "authentication"),
    (12, "server-unicast"),
    (13, "status-code"),
    (14, "rapid-commit"),
    (15, "user-class"),
    (16, "vendor-class"),
    (17, "vendor-specific-info"),
    (18, "interface-ID"),
    (19, "reconfigure-message"),
    (20, "reconfigure-accept"),
    (21, "SIP-servers-domain"),
    (22, "SIP-servers-address"),
    (23, "DNS-server"),
    (24, "DNS-search-list"),
    (25, "IA_PD"),
    (26, "IA_PD-prefix"),
    (31, "SNTP-servers"),
    (32, "lifetime"),
    (27, "NIS-server"),
    (28, "NIS+-server"),
    (29, "NIS-domain-name"),
    (30, "NIS+-domain-name"),
    (33, "BCMCS-domain-name"),
    (34, "BCMCS-server"),
    (36, "Geoconf-Civic"),
    (37, "Remote-ID"),
    (38, "Subscriber-ID"),
    (39, "Client-FQDN"),
    (40, "PANA-agent"),
    (41, "POSIX-timezone"),
    (42, "POSIX-tz-database"),
    (43, "Echo-request-option"),
    (44, "Lease-query"),
    (45, "LQ-client-data"),
    (46, "Clt-time"),
    (47, "LQ-relay-data"),
    (48, "LQ-client-link"),
    (56, "NTP-server"),
    (59, "Bootfile-URL"),
    (64, "AFTR-Name"),
    (112, "MUD-URL"),
    (136, "SZTP-redirect"),
];

const STATUS_CODES: &Tokens = &[
    (0, "Success"),
    (1, "UnspecFail"),
    (2, "NoAddrsAvail"),
    (3, "NoBinding"),
    (4, "NotOnLink"),
    (5, "UseMulticast"),
    (6, "NoPrefixAvail"),
    (7, "UnknownQueryType"),
    (8, "MalformedQuery"),
    (9, "NotConfigured"),
    (10, "NotAllowed"),
];

mod code {
    pub(super) const CLIENT_ID: u16 = 1;
    pub(super) const SERVER_ID: u16 = 2;
    pub(super) const IA_NA: u16 = 3;
    pub(super) const IA_TA: u16 = 4;
    pub(super) const IA_ADDRESS: u16 = 5;
    pub(super) const OPTION_REQUEST: u16 = 6;
    pub(super) const PREFERENCE: u16 = 7;
    pub(super) const ELAPSED_TIME: u16 = 8;
    pub(super) const RELAY_MESSAGE: u16 = 9;
    pub(super) const AUTHENTICATION: u16 = 11;
    pub(super) const STATUS: u16 = 13;
    pub(super) const USER_CLASS: u16 = 15;
    pub(super) const VENDOR_CLASS: u16 = 16;
    pub(super) const VENDOR_SPECIFIC: u16 = 17;
    pub(super) const INTERFACE_ID: u16 = 18;
    pub(super) const RECONFIGURE_MESSAGE: u16 = 19;
    pub(super) const SIP_DOMAINS: u16 = 21;
    pub(super) const SIP_ADDRESSES: u16 = 22;
    pub(super) const DNS_SERVERS: u16 = 23;
    pub(super) const DNS_SEARCH_LIST: u16 = 24;
    pub(super) const IA_PD: u16 = 25;
    pub(super) const IA_PREFIX: u16 = 26;
    pub(super) const NIS_SERVERS: u16 = 27;
    pub(super) const NISP_SERVERS: u16 = 28;
    pub(super) const SNTP_SERVERS: u16 = 31;
    pub(super) const LIFETIME: u16 = 32;
    pub(super) const BCMCS_SERVERS: u16 = 34;
    pub(super) const REMOTE_ID: u16 = 37;
    pub(super) const SUBSCRIBER_ID: u16 = 38;
    pub(super) const PANA_AGENT: u16 = 40;
    pub(super) const POSIX_TIMEZONE: u16 = 41;
    pub(super) const POSIX_TZ_DATABASE: u16 = 42;
    pub(super) const LEASE_QUERY: u16 = 44;
    pub(super) const CLIENT_DATA: u16 = 45;
    pub(super) const CLIENT_TIME: u16 = 46;
    pub(super) const RELAY_DATA: u16 = 47;
    pub(super) const CLIENT_LINK: u16 = 48;
    pub(super) const NTP_SERVER: u16 = 56;
    pub(super) const BOOTFILE_URL: u16 = 59;
    pub(super) const AFTR_NAME: u16 = 64;
    pub(super) const MUD_URL: u16 = 112;
    pub(super) const ZERO_TOUCH: u16 = 136;
}

/// Bytes of identifiers without a known form that are shown unless all are wanted.
const SHOWN_BYTES: usize = 10;

/// Prints options up to the end of `c`; what was cut off is marked, and the message around goes on.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.available() > 0 {
        match print_one(out, &mut c) {
            Err(Stop::Truncated) => {
                out.truncated();
                break;
            }
            walk => walk?,
        }
    }
    Ok(())
}

fn print_one(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let (code, length) = (c.u16()?, usize::from(c.u16()?));
    c.need(length)?;
    out.text(" (");
    name(out, code);
    // Names may run on past the end of their option.
    let value = Value { beyond: *c, c: c.split(length) };
    if value.is_too_short(code) {
        out.text(" ?");
    } else {
        value.print(out, code)?;
    }
    out.text(")");
    Ok(())
}

fn name(out: &mut Out, code: u16) {
    out.token(OPTIONS, code, format_args!("opt_{code}"));
}

/// The value of one option.
struct Value<'a> {
    c: Cursor<'a>,
    /// The same position with the end of the options.
    beyond: Cursor<'a>,
}

impl<'a> Value<'a> {
    /// Whether the length cannot be that of the option.
    fn is_too_short(&self, code: u16) -> bool {
        let length = self.c.length();
        match code {
            code::CLIENT_ID | code::SERVER_ID | code::STATUS => length < 2,
            code::IA_NA | code::IA_PD => length < 12,
            code::IA_TA | code::REMOTE_ID | code::NTP_SERVER => length < 4,
            code::IA_ADDRESS => length < 24,
            code::OPTION_REQUEST => !length.is_multiple_of(2),
            code::PREFERENCE | code::RECONFIGURE_MESSAGE => length != 1,
            code::ELAPSED_TIME => length != 2,
            code::AUTHENTICATION => length < 11,
            code::VENDOR_CLASS | code::VENDOR_SPECIFIC => length < 4,
            code::USER_CLASS | code::ZERO_TOUCH => length < 2,
            code::SIP_ADDRESSES
            | code::DNS_SERVERS
            | code::SNTP_SERVERS
            | code::NIS_SERVERS
            | code::NISP_SERVERS
            | code::BCMCS_SERVERS
            | code::PANA_AGENT
            | code::CLIENT_LINK => !length.is_multiple_of(16),
            code::IA_PREFIX => length < 25,
            code::LIFETIME | code::CLIENT_TIME => length != 4,
            code::LEASE_QUERY => length < 17,
            code::RELAY_DATA => length < 16,
            code::POSIX_TIMEZONE | code::POSIX_TZ_DATABASE => length < 5,
            code::AFTR_NAME => length < 3,
            _ => false,
        }
    }

    fn print(self, out: &mut Out, code: u16) -> Walk {
        let mut c = self.c;
        match code {
            code::CLIENT_ID | code::SERVER_ID => unique_identifier(out, c)?,
            code::IA_NA | code::IA_PD => {
                write!(out, " IAID:{} T1:{} T2:{}", c.u32()?, c.u32()?, c.u32()?);
                nested(out, c)?;
            }
            code::IA_TA => {
                write!(out, " IAID:{}", c.u32()?);
                nested(out, c)?;
            }
            code::IA_ADDRESS => {
                out.text(" ").host6(*c.array()?);
                write!(out, " pltime:{} vltime:{}", c.u32()?, c.u32()?);
                nested(out, c)?;
            }
            code::IA_PREFIX => {
                let (preferred, valid, length) = (c.u32()?, c.u32()?, c.u8()?);
                out.text(" ").host6(*c.array()?);
                write!(out, "/{length} pltime:{preferred} vltime:{valid}");
                nested(out, c)?;
            }
            code::OPTION_REQUEST => {
                while c.length() > 0 {
                    out.text(" ");
                    name(out, c.u16()?);
                }
            }
            code::PREFERENCE => write!(out, " {}", c.u8()?),
            code::ELAPSED_TIME => write!(out, " {}", c.u16()?),
            code::LIFETIME | code::CLIENT_TIME => write!(out, " {}", c.u32()?),
            code::RELAY_MESSAGE => {
                // Its parenthesis is not closed; the one of the option is.
                out.text(" (");
                out.nest(|out| super::print(out, c))?;
            }
            code::AUTHENTICATION => authentication(out, c)?,
            code::RECONFIGURE_MESSAGE => match c.u8()? {
                5 => {
                    out.text(" for renew");
                }
                11 => {
                    out.text(" for inf-req");
                }
                other => write!(out, " for ???({other:02x})"),
            },
            code::STATUS => {
                let status = c.u16()?;
                out.text(" ");
                out.token(STATUS_CODES, status, format_args!("code{status}"));
            }
            code::INTERFACE_ID | code::SUBSCRIBER_ID => {
                out.text(" ");
                identifier(out, c);
            }
            code::REMOTE_ID => {
                write!(out, " enterprise {} ", c.u32()?);
                identifier(out, c);
            }
            code::RELAY_DATA => {
                out.text(" ").host6(*c.array()?).text(" ");
                identifier(out, c);
            }
            code::SIP_DOMAINS | code::DNS_SEARCH_LIST => self.names(out)?,
            code::NTP_SERVER => time_servers(out, c)?,
            code::LEASE_QUERY => {
                match c.u8()? {
                    1 => {
                        out.text(" by-address");
                    }
                    2 => {
                        out.text(" by-clientID");
                    }
                    other => write!(out, " type_{other}"),
                }
                out.text(" ").host6(*c.array()?);
                nested(out, c)?;
            }
            code::CLIENT_DATA => nested(out, c)?,
            code::AFTR_NAME => labels(out, c)?,
            code::POSIX_TIMEZONE | code::POSIX_TZ_DATABASE | code::BOOTFILE_URL | code::MUD_URL => {
                out.text(" ").escaped_to_zero(c.claimed_bytes());
            }
            code::USER_CLASS | code::ZERO_TOUCH => strings(out, c)?,
            code::VENDOR_CLASS => vendor_class(out, c)?,
            code::VENDOR_SPECIFIC => vendor_specific(out, c)?,
            code::SIP_ADDRESSES
            | code::DNS_SERVERS
            | code::SNTP_SERVERS
            | code::NIS_SERVERS
            | code::NISP_SERVERS
            | code::BCMCS_SERVERS
            | code::PANA_AGENT
            | code::CLIENT_LINK => {
                while c.length() > 0 {
                    out.text(" ").host6(*c.array()?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn names(self, out: &mut Out) -> Walk {
        let end = self.c.at() + self.c.length();
        let mut c = self.beyond;
        while c.at() < end {
            out.text(" ");
            domain::print_name(out, self.beyond, &mut c)?;
        }
        Ok(())
    }
}

/// Options within an option.
fn nested(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.nest(|out| print(out, c))
}

/// Bytes without a known form, in hex.
fn identifier(out: &mut Out, c: Cursor<'_>) {
    let bytes = c.claimed_bytes();
    let all = out.options.verbose > 1 || bytes.len() <= SHOWN_BYTES;
    let shown = if all { bytes.len() } else { SHOWN_BYTES };
    out.hex_bytes(bytes.get(..shown).unwrap_or_default());
    if !all {
        out.text("...");
    }
}

/// The identifier of a client or server (RFC 8415 section 11).
fn unique_identifier(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    let kind = c.u16()?;
    match kind {
        1 if length >= 8 => {
            write!(out, " hwaddr/time type {} time {} ", c.u16()?, c.u32()?);
        }
        2 if length >= 8 => {
            write!(out, " enterprise {} ", c.u32()?);
        }
        3 if length >= 4 => {
            write!(out, " hwaddr type {} ", c.u16()?);
        }
        4 if length == 18 => {
            out.text(" uuid ");
        }
        1..=4 => {
            out.text(" ?");
            return Ok(());
        }
        _ => {
            write!(out, " type {kind}");
            return Ok(());
        }
    }
    out.hex_bytes(c.claimed_bytes());
    Ok(())
}

fn authentication(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    const DELAYED: u8 = 2;
    const RECONFIGURE_KEY: u8 = 3;
    let [protocol, algorithm, replay_detection] = *c.array()?;
    match protocol {
        DELAYED => {
            out.text(" proto: delayed");
        }
        RECONFIGURE_KEY => {
            out.text(" proto: reconfigure");
        }
        _ => write!(out, " proto: {protocol}"),
    }
    match algorithm {
        1 => {
            out.text(", alg: HMAC-MD5");
        }
        _ => write!(out, ", alg: {algorithm}"),
    }
    match replay_detection {
        0 => {
            out.text(", RDM: mono");
        }
        _ => write!(out, ", RDM: {replay_detection}"),
    }
    out.text(", RD:");
    for _ in 0..4 {
        write!(out, " {:04x}", c.u16()?);
    }
    match (protocol, c.length()) {
        (DELAYED, 0) => {}
        (DELAYED, 20..) => {
            if c.length() > 20 {
                out.text(", realm: ").hex_bytes(c.take(c.length() - 20)?);
            }
            write!(out, ", key ID: {:08x}", c.u32()?);
            out.text(", HMAC-MD5:");
            digest(out, &mut c)?;
        }
        (RECONFIGURE_KEY, 17) => {
            match c.u8()? {
                1 => out.text(" reconfig-key"),
                2 => out.text(" type: HMAC-MD5"),
                _ => out.text(" type: ??"),
            };
            out.text(" value:");
            digest(out, &mut c)?;
        }
        _ => {
            out.text(" ??");
        }
    }
    Ok(())
}

fn digest(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    for _ in 0..4 {
        write!(out, " {:08x}", c.u32()?);
    }
    Ok(())
}

/// Addresses and names of NTP servers (RFC 5908).
fn time_servers(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 4 {
        let (kind, length) = (c.u16()?, usize::from(c.u16()?));
        if length > c.length() {
            return Err(Stop::Truncated);
        }
        let mut value = c.split(length);
        write!(out, " subopt:{kind}");
        match kind {
            1 | 2 if length == 16 => {
                out.text(" ").host6(*value.array()?);
            }
            3 => {
                out.text(" ");
                let message = value;
                domain::print_name(out, message, &mut value)?;
            }
            _ => {
                out.text(" ?");
            }
        }
    }
    Ok(())
}

/// A name whose labels are shown up to the first that does not fit.
fn labels(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" ");
    while c.length() > 0 && c.peek_u8(0)? != 0 {
        let length = usize::from(c.u8()?);
        if length >= c.length() {
            out.text(" ?");
            break;
        }
        out.escaped_padded(&mut c, length)?;
        if c.peek_u8(0)? != 0 {
            out.text(".");
        }
    }
    Ok(())
}

/// Strings behind their lengths.
fn strings(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" ");
    let mut before = "";
    while c.length() >= 2 {
        let length = usize::from(c.u16()?);
        out.text(before);
        before = ",";
        if length > c.length() {
            out.text(" ?");
            break;
        }
        out.escaped_take(&mut c, length)?;
    }
    if c.length() > 0 {
        out.text(" ?");
    }
    Ok(())
}

fn vendor_class(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, " enterprise {}", c.u32()?);
    while c.length() >= 2 {
        let length = usize::from(c.u16()?);
        write!(out, " (len {length}");
        if length > c.length() {
            out.text(" ?");
            break;
        }
        out.text(" data ").escaped_take(&mut c, length)?;
        out.text(")");
    }
    if c.length() > 0 {
        out.text(" ?");
    }
    Ok(())
}

fn vendor_specific(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, " enterprise {}", c.u32()?);
    while c.length() >= 4 {
        let (code, length) = (c.u16()?, usize::from(c.u16()?));
        write!(out, " (code {code} len {length}");
        if length > c.length() {
            out.text(" ?");
            break;
        }
        out.text(" data ");
        identifier(out, c.split(length));
        out.text(")");
    }
    if c.length() > 0 {
        out.text(" ?");
    }
    Ok(())
}
