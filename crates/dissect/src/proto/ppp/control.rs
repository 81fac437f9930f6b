//! The control protocols: codes and configuration options (RFC 1661, RFC 1332, RFC 1962, RFC 2125, RFC 5072).

use super::{PROTOCOLS, protocol, unknown_data};
use crate::Out;
use crate::proto::names::OUIS;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

pub(crate) const CONTROL_CODES: &Tokens = &[
    (0, "Vendor-Extension"),
    (1, "Conf-Request"),
    (2, "Conf-Ack"),
    (3, "Conf-Nack"),
    (4, "Conf-Reject"),
    (5, "Term-Request"),
    (6, "Term-Ack"),
    (7, "Code-Reject"),
    (8, "Prot-Reject"),
    (9, "Echo-Request"),
    (10, "Echo-Reply"),
    (11, "Disc-Req"),
    (12, "Ident"),
    (13, "Time-Rem"),
    (14, "Reset-Req"),
    (15, "Reset-Ack"),
];

const LCP_OPTIONS: &Tokens = &[
    (0, "Vend-Ext"),
    (1, "MRU"),
    (2, "ACCM"),
    (3, "Auth-Prot"),
    (4, "Qual-Prot"),
    (5, "Magic-Num"),
    (6, "deprecated(6)"),
    (7, "PFC"),
    (8, "ACFC"),
    (9, "FCS-Alt"),
    (10, "SDP"),
    (11, "Num-Mode"),
    (12, "deprecated(12)"),
    (13, "Call-Back"),
    (14, "deprecated(14)"),
    (15, "deprecated(15)"),
    (16, "deprecated(16)"),
    (17, "MRRU"),
    (18, "12-Bit seq #"),
    (19, "End-Disc"),
    (20, "Proprietary"),
    (21, "DCE-Id"),
    (22, "MP+"),
    (23, "Link-Disc"),
    (24, "LCP-Auth-Opt"),
    (25, "COBS"),
    (26, "Prefix-elision"),
    (27, "Multilink-header-Form"),
    (28, "I18N"),
    (29, "SDL-over-SONET/SDH"),
    (30, "PPP-Muxing"),
];

const CHAP_ALGORITHMS: &Tokens = &[(5, "MD5"), (128, "MS-CHAPv1"), (129, "MS-CHAPv2")];

const CALLBACKS: &Tokens =
    &[(0, "UserAuth"), (1, "DialString"), (2, "LocalID"), (3, "E.164"), (4, "X.500"), (6, "CBCP")];

const IPCP_OPTIONS: &Tokens = &[
    (1, "IP-Addrs"),
    (2, "IP-Comp"),
    (3, "IP-Addr"),
    (4, "Home-Addr"),
    (129, "Pri-DNS"),
    (130, "Pri-NBNS"),
    (131, "Sec-DNS"),
    (132, "Sec-NBNS"),
];

const COMPRESSIONS: &Tokens = &[(45, "VJ-Comp"), (97, "IP Header Compression")];

const COMPRESSION_SUBOPTIONS: &Tokens = &[(1, "RTP-Compression"), (2, "Enhanced RTP-Compression")];

const IPV6CP_OPTIONS: &Tokens = &[(1, "Interface-ID")];

const CCP_OPTIONS: &Tokens = &[
    (0, "OUI"),
    (1, "Pred-1"),
    (2, "Pred-2"),
    (3, "Puddle"),
    (16, "HP-PPC"),
    (17, "Stac-LZS"),
    (18, "MPPC"),
    (19, "Gand-FZA"),
    (20, "V.42bis"),
    (21, "BSD-Comp"),
    (23, "LZS-DCP"),
    (24, "MVRCA"),
    (25, "DEC"),
    (26, "Deflate"),
    (255, "Reserved"),
];

const BACP_OPTIONS: &Tokens = &[(1, "Favored-Peer")];

mod code {
    pub(super) const VENDOR_EXTENSION: u8 = 0;
    pub(super) const CONFIGURE_REQUEST: u8 = 1;
    pub(super) const CONFIGURE_REJECT: u8 = 4;
    pub(super) const TERMINATE_REQUEST: u8 = 5;
    pub(super) const CODE_REJECT: u8 = 7;
    pub(super) const PROTOCOL_REJECT: u8 = 8;
    pub(super) const ECHO_REQUEST: u8 = 9;
    pub(super) const DISCARD_REQUEST: u8 = 11;
    pub(super) const IDENTIFICATION: u8 = 12;
    pub(super) const TIME_REMAINING: u8 = 13;
}

/// Bytes of code, identifier and length.
const HEADER_LEN: usize = 4;
/// Bytes of an option's type and length.
const OPTION_HEADER_LEN: usize = 2;

/// Prints a message of the control protocol `kind`; `before` starts two bytes before it.
pub(super) fn print(out: &mut Out, kind: u16, whole: Cursor<'_>, before: Cursor<'_>) -> Walk {
    let mut c = whole;
    let name = tokens::name(PROTOCOLS, kind.into()).unwrap_or("unknown");
    out.text(name).text(", ");
    if c.length() < HEADER_LEN || !c.has(2) {
        write!(out, "[|{name}]");
        return Ok(());
    }
    let [code, id] = *c.array::<2>()?;
    out.field("code", code);
    out.field("id", id);
    out.token(CONTROL_CODES, code, format_args!("Unknown Opcode"));
    write!(out, " (0x{code:02x}), id {id}, length {}", whole.length() + 2);
    if out.options.verbose == 0 {
        return Ok(());
    }
    let length = usize::from(c.u16()?);
    if length < HEADER_LEN {
        write!(out, "\n\tencoded length {length} (< 4))");
        return Ok(());
    }
    if length > whole.length() {
        write!(out, "\n\tencoded length {length} (> packet length {}))", whole.length());
        return Ok(());
    }
    let body_len = length - HEADER_LEN;
    write!(out, "\n\tencoded length {length} (=Option(s) length {body_len})");
    if body_len == 0 {
        return Ok(());
    }
    if out.options.verbose > 1 {
        unknown_data(out, "\n\t", before, 6);
    }
    if !body(out, kind, code, c.claim(body_len), before.claim(length + 2))? {
        write!(out, "[|{name}]");
    }
    Ok(())
}

/// Prints what follows the header; false where it was cut off in a way that has its own mark.
fn body(out: &mut Out, kind: u16, code: u8, c: Cursor<'_>, before: Cursor<'_>) -> Walk<bool> {
    match code {
        code::VENDOR_EXTENSION if c.length() >= 7 => {
            write!(out, "\n\t  Magic-Num 0x{:08x}", c.peek_u32(0)?);
            vendor(out, " Vendor: ", c.peek_u24(4)?);
        }
        code::CONFIGURE_REQUEST..=code::CONFIGURE_REJECT => options(out, kind, c)?,
        code::TERMINATE_REQUEST..=code::CODE_REJECT => {}
        code::PROTOCOL_REJECT if c.length() >= 2 => {
            let rejected = c.peek_u16(0)?;
            let name = tokens::name(PROTOCOLS, rejected.into()).unwrap_or("unknown");
            write!(out, "\n\t  Rejected {name} Protocol (0x{rejected:04x})");
            if c.length() > 2 {
                out.text("\n\t  Rejected Packet");
                unknown_data(out, "\n\t    ", c.ahead(2), c.length() - 2);
            }
        }
        code::ECHO_REQUEST..=code::DISCARD_REQUEST if c.length() >= 4 => {
            write!(out, "\n\t  Magic-Num 0x{:08x}", c.peek_u32(0)?);
            if c.length() > 4 {
                out.text("\n\t  -----trailing data-----");
                if !c.has(c.length()) {
                    return Ok(false);
                }
                unknown_data(out, "\n\t  ", c.ahead(4), c.length() - 4);
            }
        }
        code::IDENTIFICATION if c.length() >= 4 => {
            write!(out, "\n\t  Magic-Num 0x{:08x}", c.peek_u32(0)?);
            if c.length() > 4 {
                out.text("\n\t  Message\n\t    ");
                // As long as the body, which is past its end by what was read of it.
                let (mut message, count) = (c.ahead(4), c.length());
                return Ok(out.escaped_take(&mut message, count).is_ok());
            }
        }
        code::TIME_REMAINING if c.length() >= 8 => {
            write!(out, "\n\t  Magic-Num 0x{:08x}", c.peek_u32(0)?);
            write!(out, ", Seconds-Remaining {}s", c.peek_u32(4)?);
        }
        // Already dumped where more is to be told.
        _ if out.options.verbose <= 1 => unknown_data(out, "\n\t  ", before, before.length()),
        _ => {}
    }
    Ok(true)
}

fn vendor(out: &mut Out, introduction: &str, oui: u32) {
    let name = tokens::name(OUIS, oui).unwrap_or("Unknown");
    write!(out, "{introduction}{name} ({oui})");
}

/// Prints an option, given whole and as its value; false where it is not known.
type PrintOption = fn(&mut Out, Cursor<'_>, Cursor<'_>) -> Walk<bool>;

/// How the protocol names and prints its options.
struct Kind {
    names: &'static Tokens,
    unnamed: &'static str,
    print: PrintOption,
    mark: &'static str,
    /// Options behind which nothing more is printed where their own length is bogus.
    last_if_bogus: &'static [u8],
}

const LCP_LAST_IF_BOGUS: &[u8] = &[4, 5, 13, 17, 19, 23];
const IPCP_LAST_IF_BOGUS: &[u8] = &[2, 3, 4, 129, 130, 131, 132];

fn kind_of(protocol: u16) -> Option<Kind> {
    let kind = |names, unnamed, print: PrintOption, mark, last_if_bogus| {
        Some(Kind { names, unnamed, print, mark, last_if_bogus })
    };
    match protocol {
        protocol::LCP => kind(LCP_OPTIONS, "", link_option, "[|lcp]", LCP_LAST_IF_BOGUS),
        protocol::IPCP => kind(IPCP_OPTIONS, "unknown", ipcp_option, "[|ipcp]", IPCP_LAST_IF_BOGUS),
        protocol::IPV6CP => kind(IPV6CP_OPTIONS, "unknown", ipv6cp_option, "[|ip6cp]", &[]),
        protocol::CCP => kind(CCP_OPTIONS, "Unknown", ccp_option, "[|ccp]", &[]),
        protocol::BACP => kind(BACP_OPTIONS, "Unknown", bacp_option, "[|bacp]", &[]),
        _ => None,
    }
}

/// Prints the options of a configuration message.
fn options(out: &mut Out, protocol: u16, mut c: Cursor<'_>) -> Walk {
    let Some(kind) = kind_of(protocol) else { return Ok(()) };
    let message_len = c.length() + HEADER_LEN;
    while c.length() > 0 {
        if c.captured() < OPTION_HEADER_LEN {
            out.text(kind.mark);
            return Ok(());
        }
        if usize::from(c.peek_u8(1)?) > message_len {
            return Ok(());
        }
        let option_len = option(out, &kind, c)?;
        if option_len == 0 {
            return Ok(());
        }
        if c.length() < option_len {
            write!(out, " [remaining options length {} < {option_len}]", c.length());
            out.invalid();
            return Ok(());
        }
        c.advance(option_len);
    }
    Ok(())
}

/// Prints one option and says how long it is; 0 where its length cannot be.
fn option(out: &mut Out, kind: &Kind, c: Cursor<'_>) -> Walk<usize> {
    let [option, len] = *c.peek_array::<2>(0)?;
    let len = usize::from(len);
    let name = tokens::name(kind.names, option.into());
    match name {
        None if kind.unnamed.is_empty() => {
            write!(out, "\n\tunknown LCP option 0x{option:02x}");
            return Ok(if len < OPTION_HEADER_LEN { 0 } else { len });
        }
        _ => {
            let name = name.unwrap_or(kind.unnamed);
            write!(out, "\n\t  {name} Option (0x{option:02x}), length {len}");
        }
    }
    if len < OPTION_HEADER_LEN {
        out.text(" (length bogus, should be >= 2)");
        return Ok(0);
    }
    let value = c.ahead(OPTION_HEADER_LEN).claim(len - OPTION_HEADER_LEN);
    // A value of a bogus length has been told; else one that nobody knows is dumped, or all of them.
    let known = match (kind.print)(out, c.clip(len), value) {
        Err(Stop::Invalid) if kind.last_if_bogus.contains(&option) => return Ok(0),
        Err(Stop::Invalid) => return Ok(len),
        known => known?,
    };
    if out.options.verbose > 1 || !known {
        unknown_data(out, "\n\t    ", value, value.length());
    }
    Ok(len)
}

/// Ends an option whose length, type and length field included, is not what `bound` asks for.
fn length(out: &mut Out, value: Cursor<'_>, relation: &str, bound: usize) -> Walk {
    let len = value.length() + OPTION_HEADER_LEN;
    let sound = if relation == "=" { len == bound } else { len >= bound };
    if sound {
        return Ok(());
    }
    write!(out, " (length bogus, should be {relation} {bound})");
    Err(Stop::Invalid)
}

fn link_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    match option.peek_u8(0)? {
        0 => {
            length(out, c, ">=", 6)?;
            let oui = c.u24()?;
            vendor(out, ": Vendor: ", oui);
        }
        1 | 17 => {
            length(out, c, "=", 4)?;
            write!(out, ": {}", c.u16()?);
        }
        2 | 5 => {
            length(out, c, "=", 6)?;
            write!(out, ": 0x{:08x}", c.u32()?);
        }
        3 => {
            length(out, c, ">=", 4)?;
            return authentication_option(out, option, c);
        }
        4 => {
            length(out, c, ">=", 4)?;
            out.text(if c.u16()? == protocol::LINK_QUALITY { ": LQR" } else { ": unknown" });
        }
        7 | 8 => {}
        23 => {
            length(out, c, "=", 4)?;
            write!(out, ": 0x{:04x}", c.u16()?);
        }
        13 => {
            length(out, c, ">=", 3)?;
            let operation = c.u8()?;
            let name = tokens::name(CALLBACKS, operation.into()).unwrap_or("Unknown");
            write!(out, ": Callback Operation {name} ({operation})");
        }
        19 => {
            length(out, c, ">=", 3)?;
            endpoint(out, c)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn authentication_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    let asked = c.u16()?;
    out.text(": ");
    out.token(PROTOCOLS, asked, format_args!("Unknown Auth Proto (0x04x)"));
    match asked {
        protocol::CHAP => {
            let algorithm = c.u8()?;
            out.text(", ");
            out.token(CHAP_ALGORITHMS, algorithm, format_args!("Unknown Auth Alg {algorithm}"));
        }
        protocol::PAP | protocol::EAP | protocol::SHIVA_PAP | protocol::OLD_SHIVA_PAP => {}
        _ => unknown_data(out, "\n\t", option, option.length()),
    }
    Ok(true)
}

/// The endpoint discriminator (RFC 1990 section 5.1.3).
fn endpoint(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let all = c;
    match c.u8()? {
        0 => {
            out.text(": Null");
        }
        1 => {
            out.text(": Local");
        }
        2 => {
            length(out, all, "=", 7)?;
            let address = *c.array::<4>()?;
            out.text(": IPv4 ").host4(address);
        }
        3 => {
            length(out, all, "=", 9)?;
            let address = *c.array::<6>()?;
            out.text(": MAC ").ether_host(address);
        }
        4 => {
            out.text(": Magic-Num-Block");
        }
        5 => {
            out.text(": PSNDN");
        }
        class => write!(out, ": Unknown class {class}"),
    }
    Ok(())
}

fn ipcp_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    match option.peek_u8(0)? {
        1 => {
            length(out, c, "=", 10)?;
            let (src, dst) = (*c.array::<4>()?, *c.array::<4>()?);
            out.text(": src ").host4(src).text(", dst ").host4(dst);
        }
        2 => {
            length(out, c, ">=", 4)?;
            return compression(out, c);
        }
        3 | 4 | 129..=132 => {
            length(out, c, "=", 6)?;
            let address = *c.array::<4>()?;
            out.text(": ").host4(address);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Bytes that the option of header compression has at least.
const HEADER_COMPRESSION_MIN_LEN: usize = 14;

/// Which headers are compressed, and how (RFC 1332 section 4, RFC 2509 section 2).
fn compression(out: &mut Out, mut c: Cursor<'_>) -> Walk<bool> {
    let all = c;
    let asked = c.u16()?;
    let name = tokens::name(COMPRESSIONS, asked.into()).unwrap_or("Unknown");
    write!(out, ": {name} (0x{asked:02x}):");
    if asked != 0x61 {
        return Ok(true);
    }
    length(out, all, ">=", HEADER_COMPRESSION_MIN_LEN)?;
    let [tcp, other, period, time, header] = [c.u16()?, c.u16()?, c.u16()?, c.u16()?, c.u16()?];
    write!(out, "\n\t    TCP Space {tcp}, non-TCP Space {other}");
    write!(out, ", maxPeriod {period}, maxTime {time}, maxHdr {header}");
    if c.length() == 0 {
        return Ok(true);
    }
    write!(out, "\n\t      Suboptions, length {}", c.length());
    while c.length() >= OPTION_HEADER_LEN {
        let [option, len] = *c.peek_array::<2>(0)?;
        let len = usize::from(len);
        if len == 0 {
            break;
        }
        let name = tokens::name(COMPRESSION_SUBOPTIONS, option.into()).unwrap_or("Unknown");
        write!(out, "\n\t\t{name} Suboption #{option}, length {len}");
        if c.length() < len {
            write!(out, " [remaining suboptions length {} < {len}]", c.length());
            out.invalid();
            break;
        }
        c.advance(len);
    }
    Ok(true)
}

fn ipv6cp_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    if option.peek_u8(0)? != 1 {
        return Ok(false);
    }
    length(out, c, "=", 10)?;
    let [a, b, d, e] = [c.u16()?, c.u16()?, c.u16()?, c.u16()?];
    write!(out, ": {a:04x}:{b:04x}:{d:04x}:{e:04x}");
    Ok(true)
}

fn ccp_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    match option.peek_u8(0)? {
        21 => {
            length(out, c, ">=", 3)?;
            let bits = c.u8()?;
            write!(out, ": Version: {}, Dictionary Bits: {}", bits >> 5, bits & 0x1f);
        }
        24 => {
            length(out, c, ">=", 4)?;
            let [bits, contexts] = *c.array::<2>()?;
            let pxp = if bits & 0x20 != 0 { "Enabled" } else { "Disabled" };
            write!(out, ": Features: {}, PxP: {pxp}, History: {}", bits >> 6, bits & 0x1f);
            write!(out, ", #CTX-ID: {contexts}");
        }
        26 => {
            length(out, c, ">=", 4)?;
            let [bits, check] = *c.array::<2>()?;
            let method = if bits & 0x0f == 8 { "zlib" } else { "unknown" };
            write!(out, ": Window: {}K, Method: {method} (0x{:x})", bits >> 4, bits & 0x0f);
            write!(out, ", MBZ: {}, CHK: {}", check >> 2, check & 3);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn bacp_option(out: &mut Out, option: Cursor<'_>, mut c: Cursor<'_>) -> Walk<bool> {
    if option.peek_u8(0)? != 1 {
        return Ok(false);
    }
    length(out, c, "=", 6)?;
    write!(out, ": Magic-Num 0x{:08x}", c.u32()?);
    Ok(true)
}
