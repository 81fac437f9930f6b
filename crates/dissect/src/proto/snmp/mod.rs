//! Simple Network Management Protocol, versions 1, 2c and 3 (RFC 1157, RFC 3416, RFC 3412, RFC 3414).

mod ber;
mod mib;

use crate::Out;
use ber::Kind;
use wirescope_wire::{Cursor, Walk};

const ERRORS: &[&str] = &[
    "noError",
    "tooBig",
    "noSuchName",
    "badValue",
    "readOnly",
    "genErr",
    "noAccess",
    "wrongType",
    "wrongLength",
    "wrongEncoding",
    "wrongValue",
    "noCreation",
    "inconsistentValue",
    "resourceUnavailable",
    "commitFailed",
    "undoFailed",
    "authorizationError",
    "notWritable",
    "inconsistentName",
];
const GENERIC_TRAPS: &[&str] = &[
    "coldStart",
    "warmStart",
    "linkDown",
    "linkUp",
    "authenticationFailure",
    "egpNeighborLoss",
    "enterpriseSpecific",
];
const VERSIONS: &[&str] = &["SNMPv1", "SNMPv2c", "SNMPv2u", "SNMPv3"];

mod pdu {
    pub(super) const GET: u32 = 0;
    pub(super) const GET_NEXT: u32 = 1;
    pub(super) const RESPONSE: u32 = 2;
    pub(super) const TRAP_V1: u32 = 4;
    pub(super) const GET_BULK: u32 = 5;
    pub(super) const REPORT: u32 = 8;
}

mod version {
    pub(super) const V1: i32 = 0;
    pub(super) const V2C: i32 = 1;
    pub(super) const V3: i32 = 3;
}

/// A generic trap that stands for one of the enterprise's own.
const ENTERPRISE_SPECIFIC: i32 = 6;
const USER_SECURITY_MODEL: i32 = 3;
/// The community that everybody uses and that is not worth showing.
const USUAL_COMMUNITY: &[u8] = b"public";

/// Parses the element at the cursor or ends the part of the message that is being printed.
macro_rules! parse {
    ($out:expr, $c:expr) => {
        match ber::parse($out, $c)? {
            Some(element) => element,
            None => return Ok(()),
        }
    };
}

/// The same for an element of one kind; another one is shown after a complaint.
macro_rules! expect {
    ($out:expr, $c:expr, integer, $complaint:expr) => {{
        let element = parse!($out, $c);
        match element.kind {
            Kind::Integer(value) => value,
            _ => {
                $out.text($complaint);
                return ber::print($out, &element);
            }
        }
    }};
    ($out:expr, $c:expr, $kind:pat, $complaint:expr) => {{
        let element = parse!($out, $c);
        if !matches!(element.kind, $kind) {
            $out.text($complaint);
            return ber::print($out, &element);
        }
        element
    }};
}

/// Says how many bytes follow where nothing should.
fn extra(out: &mut Out, c: Cursor<'_>, what: &str) {
    if c.length() > 0 {
        write!(out, "[{} extra after {what}]", c.length());
    }
}

/// The same after the last element of a sequence, which began at `last`: bytes up to its length go
/// unnoticed.
fn extra_after_last(out: &mut Out, last: Cursor<'_>, rest: Cursor<'_>, what: &str) {
    let length = rest.at() - last.at();
    if rest.length() > length {
        write!(out, "[{} extra after {what}]", rest.length() - length);
    }
}

/// Prints an SNMP message.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" ");
    let message = expect!(out, &mut c, Kind::Sequence, "[!init SEQ]");
    extra(out, c, "iSEQ");
    let mut c = message.data;
    let version = expect!(out, &mut c, integer, "[version!=INT]");
    out.field("version", i64::from(version));
    let verbose = out.options.verbose > 0;
    match version {
        version::V1 | version::V2C | version::V3 if verbose => {
            let name = usize::try_from(version).ok().and_then(|version| VERSIONS.get(version));
            write!(out, "{{ {} ", name.copied().unwrap_or_default());
        }
        version::V1 | version::V2C | version::V3 => {}
        _ => {
            write!(out, "SNMP [version = {version}]");
            return Ok(());
        }
    }
    if version == version::V3 {
        version_3(out, c)?
    } else {
        community(out, c, version)?
    }
    if verbose {
        out.text("} ");
    }
    Ok(())
}

fn community(out: &mut Out, mut c: Cursor<'_>, version: i32) -> Walk {
    let community = expect!(out, &mut c, Kind::Text, "[comm!=STR]");
    out.field("community", community.data.claimed_bytes());
    if community.data.claimed_bytes() != USUAL_COMMUNITY {
        out.text("C=");
        ber::print(out, &community)?;
        out.text(" ");
    }
    data_unit(out, c, version)
}

fn version_3(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let verbose = out.options.verbose > 0;
    let whole = c;
    let header = expect!(out, &mut c, Kind::Sequence, "[!message]");
    if verbose {
        out.text("{ ");
    }
    let mut inner = header.data;
    _ = expect!(out, &mut inner, integer, "[msgID!=INT]");
    _ = expect!(out, &mut inner, integer, "[msgMaxSize!=INT]");
    let flags = expect!(out, &mut inner, Kind::Text, "[msgFlags!=STR]");
    if flags.data.length() != 1 {
        write!(out, "[msgFlags size {}]", flags.data.length());
        return Ok(());
    }
    let flags = flags.data.peek_u8(0)?;
    if !matches!(flags, 0 | 1 | 3 | 4 | 5 | 7) {
        write!(out, "[msgFlags=0x{flags:02X}]");
        return Ok(());
    }
    out.text("F=");
    for (bit, letter) in [(1, "a"), (2, "p"), (4, "r")] {
        out.text(if flags & bit != 0 { letter } else { "" });
    }
    out.text(" ");
    let before_model = inner;
    let model = expect!(out, &mut inner, integer, "[msgSecurityModel!=INT]");
    extra_after_last(out, before_model, inner, "message SEQ");
    if verbose {
        out.text("} ");
    }
    if model != USER_SECURITY_MODEL {
        write!(out, "[security model {model}]");
        return Ok(());
    }
    if verbose {
        out.text("{ USM ");
    }
    // What is left of the header is taken for what should follow it.
    let mut c = whole.ahead(inner.at() - whole.at());
    let security = expect!(out, &mut c, Kind::Text, "[msgSecurityParameters!=STR]");
    user_security(out, security.data)?;
    if verbose {
        out.text("} { ScopedPDU ");
    }
    scoped_data_unit(out, c)?;
    if verbose {
        out.text("} ");
    }
    Ok(())
}

fn user_security(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let verbose = out.options.verbose > 0;
    let parameters = expect!(out, &mut c, Kind::Sequence, "[!usm]");
    let mut c = parameters.data;
    let _engine = expect!(out, &mut c, Kind::Text, "[msgAuthoritativeEngineID!=STR]");
    let boots = expect!(out, &mut c, integer, "[msgAuthoritativeEngineBoots!=INT]");
    if verbose {
        write!(out, "B={boots} ");
    }
    let time = expect!(out, &mut c, integer, "[msgAuthoritativeEngineTime!=INT]");
    if verbose {
        write!(out, "T={time} ");
    }
    let user = expect!(out, &mut c, Kind::Text, "[msgUserName!=STR]");
    out.field("user", user.data.claimed_bytes());
    if user.data.length() > 0 {
        out.text("U=");
        ber::print(out, &user)?;
        out.text(" ");
    }
    let _authentication = expect!(out, &mut c, Kind::Text, "[msgAuthenticationParameters!=STR]");
    let before_privacy = c;
    let _privacy = expect!(out, &mut c, Kind::Text, "[msgPrivacyParameters!=STR]");
    extra_after_last(out, before_privacy, c, "usm SEQ");
    Ok(())
}

fn scoped_data_unit(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let scoped = expect!(out, &mut c, Kind::Sequence, "[!scoped PDU]");
    let mut c = scoped.data;
    let engine = expect!(out, &mut c, Kind::Text, "[contextEngineID!=STR]");
    out.text("E=");
    ber::print_octets(out, &engine)?;
    out.text(" ");
    let name = expect!(out, &mut c, Kind::Text, "[contextName!=STR]");
    out.text("C=");
    ber::print(out, &name)?;
    out.text(" ");
    data_unit(out, c, version::V3)
}

fn data_unit(out: &mut Out, mut c: Cursor<'_>, version: i32) -> Walk {
    let element = parse!(out, &mut c);
    let Kind::Pdu(kind) = element.kind else {
        out.text("[no PDU]");
        return Ok(());
    };
    extra(out, c, "PDU");
    let verbose = out.options.verbose > 0;
    if verbose {
        out.text("{ ");
    }
    out.field("pdu_type", kind);
    ber::print(out, &element)?;
    out.text(" ");
    if version == version::V1 && (pdu::GET_BULK..=pdu::REPORT).contains(&kind) {
        out.text("[v2 PDU in v1 message]");
        return Ok(());
    }
    if version != version::V1 && kind == pdu::TRAP_V1 {
        out.text("[v1 PDU in v2 message]");
        return Ok(());
    }
    if kind == pdu::TRAP_V1 {
        trap(out, element.data)?
    } else {
        request(out, element.data, kind)?
    }
    if verbose {
        out.text(" } ");
    }
    Ok(())
}

/// Name of an error, or its number.
fn print_error(out: &mut Out, error: i32) {
    match usize::try_from(error).ok().and_then(|error| ERRORS.get(error)) {
        Some(name) => {
            out.text(name);
        }
        None => write!(out, "err={}", error as u32),
    }
}

/// A data unit of the common form: requests, responses, notifications.
fn request(out: &mut Out, mut c: Cursor<'_>, kind: u32) -> Walk {
    let request_id = expect!(out, &mut c, integer, "[reqId!=INT]");
    out.field("request_id", i64::from(request_id));
    if out.options.verbose > 0 {
        write!(out, "R={request_id} ");
    }
    let is_bulk = kind == pdu::GET_BULK;
    // Only a response can report an error.
    let asks = !is_bulk && kind != pdu::RESPONSE;
    let status = expect!(out, &mut c, integer, "[errorStatus!=INT]");
    let mut has_error = false;
    if asks && status != 0 {
        out.text("[errorStatus(");
        print_error(out, status);
        out.text(")!=0]");
    } else if is_bulk {
        write!(out, " N={status}");
    } else if status != 0 {
        out.text(" ");
        print_error(out, status);
        has_error = true;
    }
    let index = expect!(out, &mut c, integer, "[errorIndex!=INT]");
    if asks && index != 0 {
        write!(out, "[errorIndex({index})!=0]");
    } else if is_bulk {
        write!(out, " M={index}");
    } else if index != 0 && has_error {
        write!(out, "@{index}");
    } else if index != 0 {
        write!(out, "[errorIndex({index}) w/o errorStatus]");
    } else if has_error {
        out.text("[errorIndex==0]");
    }
    if c.length() > 0 { variables(out, c, kind) } else { Ok(()) }
}

/// The list of variables with their values.
fn variables(out: &mut Out, mut c: Cursor<'_>, kind: u32) -> Walk {
    let asks = matches!(kind, pdu::GET | pdu::GET_NEXT | pdu::GET_BULK);
    let list = expect!(out, &mut c, Kind::Sequence, "[!SEQ of varbind]");
    extra(out, c, "SEQ of varbind");
    let mut c = list.data;
    while c.length() > 0 {
        out.text(" ");
        let binding = expect!(out, &mut c, Kind::Sequence, "[!varbind]");
        let mut inner = binding.data;
        let name = expect!(out, &mut inner, Kind::ObjectId, "[objName!=OID]");
        ber::print(out, &name)?;
        if !asks {
            out.text("=");
        }
        let value = parse!(out, &mut inner);
        if asks && value.kind != Kind::Null {
            out.text("[objVal!=NULL]");
        }
        ber::print(out, &value)?;
    }
    Ok(())
}

/// A trap of version 1.
fn trap(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" ");
    let enterprise = expect!(out, &mut c, Kind::ObjectId, "[enterprise!=OID]");
    ber::print(out, &enterprise)?;
    out.text(" ");
    let agent = expect!(out, &mut c, Kind::InternetAddress, "[agent-addr!=INETADDR]");
    ber::print(out, &agent)?;
    let generic = expect!(out, &mut c, integer, "[generic-trap!=INT]");
    match usize::try_from(generic).ok().and_then(|generic| GENERIC_TRAPS.get(generic)) {
        Some(name) => write!(out, " {name}"),
        None => write!(out, " gt={generic}"),
    }
    let specific = expect!(out, &mut c, integer, "[specific-trap!=INT]");
    if generic == ENTERPRISE_SPECIFIC {
        write!(out, " s={specific}");
    } else if specific != 0 {
        write!(out, "[specific-trap({specific})!=0]");
    }
    out.text(" ");
    let time = expect!(out, &mut c, Kind::Unsigned(_), "[time-stamp!=TIMETICKS]");
    ber::print(out, &time)?;
    variables(out, c, pdu::TRAP_V1)
}
