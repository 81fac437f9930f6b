//! Pragmatic General Multicast (RFC 3208), with the options of its congestion control.

use super::zeromq;
use crate::{Network, Out, PortProtocol};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, Stop, Walk};

const HEADER_LEN: usize = 16;
/// Bytes of an option's type, length and flags.
const OPTION_LEN: usize = 4;
/// In the header's options: some follow.
const OPTIONS_PRESENT: u8 = 1;
/// The bit of an option's type that says it is the last.
const END: u8 = 0x80;

mod kind {
    pub(super) const SPM: u8 = 0;
    pub(super) const POLL: u8 = 1;
    pub(super) const POLR: u8 = 2;
    pub(super) const ODATA: u8 = 4;
    pub(super) const RDATA: u8 = 5;
    pub(super) const NAK: u8 = 8;
    pub(super) const NNAK: u8 = 9;
    pub(super) const NCF: u8 = 10;
    pub(super) const ACK: u8 = 11;
    pub(super) const SPMR: u8 = 12;
}

mod option {
    pub(super) const LENGTH: u8 = 0x00;
    pub(super) const FRAGMENT: u8 = 0x01;
    pub(super) const NAK_LIST: u8 = 0x02;
    pub(super) const JOIN: u8 = 0x03;
    pub(super) const NAK_BO_IVL: u8 = 0x04;
    pub(super) const NAK_BO_RNG: u8 = 0x05;
    pub(super) const REDIRECT: u8 = 0x07;
    pub(super) const PARITY_PRM: u8 = 0x08;
    pub(super) const PARITY_GRP: u8 = 0x09;
    pub(super) const CURR_TGSIZE: u8 = 0x0a;
    pub(super) const NBR_UNREACH: u8 = 0x0b;
    pub(super) const PATH_NLA: u8 = 0x0c;
    pub(super) const SYN: u8 = 0x0d;
    pub(super) const FIN: u8 = 0x0e;
    pub(super) const RST: u8 = 0x0f;
    pub(super) const CR: u8 = 0x10;
    pub(super) const CRQST: u8 = 0x11;
    pub(super) const PGMCC_DATA: u8 = 0x12;
    pub(super) const PGMCC_FEEDBACK: u8 = 0x13;
}

/// An address of the network layer, with its family in front.
#[derive(Clone, Copy)]
enum Address {
    V4([u8; 4]),
    V6([u8; 16]),
}

impl Address {
    const IPV4: u16 = 1;
    const IPV6: u16 = 2;

    /// Reads an address of a family; others are unknown, and what follows cannot be found.
    fn read(c: &mut Cursor<'_>, family: u16) -> Walk<Address> {
        match family {
            Address::IPV4 => Ok(Address::V4(*c.array()?)),
            Address::IPV6 => Ok(Address::V6(*c.array()?)),
            _ => Err(Stop::Invalid),
        }
    }

    /// Reads family, reserved bytes and address.
    fn read_with_family(c: &mut Cursor<'_>) -> Walk<Address> {
        let [high, low, _, _] = *c.array()?;
        Address::read(c, u16::from_be_bytes([high, low]))
    }

    fn len(family: u16) -> Option<usize> {
        match family {
            Address::IPV4 => Some(4),
            Address::IPV6 => Some(16),
            _ => None,
        }
    }

    fn print(self, out: &mut Out) {
        match self {
            Address::V4(address) => out.ipv4(address),
            Address::V6(address) => out.ipv6(address),
        };
    }
}

/// Prints a packet, by itself or inside UDP.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let whole = c;
    let over_ip = out.context.ip_protocol == protocol::PGM;
    if !c.has(4) {
        if out.context.network != Network::None {
            out.network_src().text(" > ").network_dst().text(":");
        }
        return Err(Stop::Truncated);
    }
    let (source, destination) = (c.u16()?, c.u16()?);
    out.field("src_port", source);
    out.field("dst_port", destination);
    if over_ip {
        out.network_src().text_dec(b".", source).text(" > ");
        out.network_dst().text_dec(b".", destination).text(": ");
    } else {
        out.dec(source).text(" > ").dec(destination).text(": ");
    }
    whole.need(HEADER_LEN)?;
    let [kind, options] = *c.array()?;
    c.skip(2)?;
    let session = c.array::<6>()?;
    let data_len = c.u16()?;
    out.field("type", kind);
    out.field("tsdu_length", data_len);
    write!(out, "PGM, length {data_len}");
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(" 0x").hex_bytes(session).text(" ");
    body(out, &mut c, kind)?;
    if options & OPTIONS_PRESENT != 0 && !option_list(out, &mut c)? {
        return Ok(());
    }
    write!(out, " [{}]", whole.length());
    if out.options.port_protocol == Some(PortProtocol::PgmZmtp1) && matches!(kind, kind::ODATA | kind::RDATA)
    {
        return out.run("zmtp1", zeromq::print_datagram, c);
    }
    Ok(())
}

/// What the type of the packet puts between header and options.
fn body(out: &mut Out, c: &mut Cursor<'_>, kind: u8) -> Walk {
    match kind {
        kind::SPM => {
            c.need(16)?;
            let (seq, trail, lead) = (c.u32()?, c.u32()?, c.u32()?);
            let path = Address::read_with_family(c)?;
            write!(out, "SPM seq {seq} trail {trail} lead {lead} nla ");
            path.print(out);
        }
        kind::POLL => {
            let (seq, round, _) = (c.u32()?, c.u16()?, c.u16()?);
            let path = Address::read_with_family(c)?;
            let (interval, random, mask) = (c.u32()?, c.u32()?, c.u32()?);
            write!(out, "POLL seq {seq} round {round} nla ");
            path.print(out);
            write!(out, " ivl {interval} rnd 0x{random:08x} mask 0x{mask:08x}");
        }
        kind::POLR => {
            let (seq, round, _) = (c.u32()?, c.u16()?, c.u16()?);
            write!(out, "POLR seq {seq} round {round}");
        }
        kind::ODATA | kind::RDATA => {
            let (seq, trail) = (c.u32()?, c.u32()?);
            let name = if kind == kind::ODATA { "ODATA" } else { "RDATA" };
            write!(out, "{name} trail {trail} seq {seq}");
        }
        kind::NAK | kind::NNAK | kind::NCF => negative(out, c, kind)?,
        kind::ACK => {
            let (seq, _bitmap) = (c.u32()?, c.u32()?);
            write!(out, "ACK seq {seq}");
        }
        kind::SPMR => {
            out.text("SPMR");
        }
        _ => write!(out, "UNKNOWN type 0x{kind:02x}"),
    }
    Ok(())
}

/// A request for what was lost, or its confirmation.
fn negative(out: &mut Out, c: &mut Cursor<'_>, kind: u8) -> Walk {
    let seq = c.u32()?;
    let source = Address::read_with_family(c)?;
    c.skip(4)?;
    // tcpdump takes the first two bytes of the address itself for its family.
    let group = Address::read(c, c.peek_u16(0)?)?;
    out.text(match kind {
        kind::NAK => "NAK (",
        kind::NNAK => "NNAK (",
        _ => "NCF (",
    });
    source.print(out);
    out.text(" -> ");
    group.print(out);
    write!(out, "), seq {seq}");
    Ok(())
}

/// Prints all options; false where their lengths contradict each other, which ends the packet.
fn option_list(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    c.need(OPTION_LEN)?;
    let (first, length, total) = (c.u8()?, c.u8()?, c.u16()?);
    if first & !END != option::LENGTH {
        write!(out, "[First option bad, should be PGM_OPT_LENGTH, is {}]", first & !END);
        return Ok(false);
    }
    if usize::from(length) != OPTION_LEN {
        write!(out, "[Bad OPT_LENGTH option, length {length} != {OPTION_LEN}]");
        return Ok(false);
    }
    let Some(mut left) = usize::from(total).checked_sub(OPTION_LEN) else {
        write!(out, "[Bad total option length {total} < {OPTION_LEN}]");
        return Ok(false);
    };
    write!(out, " OPTS LEN {total}");
    while left > 0 {
        if left < OPTION_LEN {
            out.text("[Total option length leaves no room for final option]");
            return Ok(false);
        }
        let (kind, length) = (c.u8()?, usize::from(c.u8()?));
        if length < OPTION_LEN {
            write!(out, "[Bad option, length {length} < {OPTION_LEN}]");
            break;
        }
        if left < length {
            out.text("[Total option length leaves no room for final option]");
            return Ok(false);
        }
        if !one_option(out, c, kind, length)? {
            return Ok(false);
        }
        left -= length;
        if kind & END != 0 {
            break;
        }
    }
    Ok(true)
}

/// Prints one option from behind its length on; false where its length does not fit its type.
fn one_option(out: &mut Out, c: &mut Cursor<'_>, kind: u8, length: usize) -> Walk<bool> {
    /// Options of a fixed length: type, length, name in complaints, and text.
    const FIXED: &[(u8, usize, &str, &str)] = &[
        (option::LENGTH, 4, "LENGTH", ""),
        (option::FRAGMENT, 16, "FRAGMENT", ""),
        (option::JOIN, 8, "JOIN", " JOIN "),
        (option::NAK_BO_IVL, 12, "NAK_BO_IVL", ""),
        (option::NAK_BO_RNG, 12, "NAK_BO_RNG", ""),
        (option::PARITY_PRM, 8, "PARITY_PRM", " PARITY MAXTGS "),
        (option::PARITY_GRP, 8, "PARITY_GRP", " PARITY GROUP "),
        (option::CURR_TGSIZE, 8, "CURR_TGSIZE", " PARITY ATGS "),
        (option::NBR_UNREACH, 4, "NBR_UNREACH", " NBR_UNREACH"),
        (option::SYN, 4, "SYN", " SYN"),
        (option::FIN, 4, "FIN", " FIN"),
        (option::RST, 4, "RST", " RST"),
        (option::CRQST, 4, "CRQST", " CRQST"),
    ];
    let number = kind & !END;
    let fixed = FIXED.iter().find(|row| row.0 == number);
    if let Some(&(_, expected, name, _)) = fixed
        && length != expected
    {
        write!(out, "[Bad OPT_{name} option, length {length} != {expected}]");
        return Ok(false);
    }
    match number {
        option::LENGTH => write!(out, " OPTS LEN (extra?) {}", c.u16()?),
        option::FRAGMENT => {
            c.skip(2)?;
            let (seq, offset, len) = (c.u32()?, c.u32()?, c.u32()?);
            write!(out, " FRAG seq {seq} off {offset} len {len}");
        }
        option::NAK_LIST => return nak_list(out, c, length),
        option::NAK_BO_IVL => {
            c.skip(2)?;
            write!(out, " BACKOFF ivl {} ivlseq {}", c.u32()?, c.u32()?);
        }
        option::NAK_BO_RNG => {
            c.skip(2)?;
            write!(out, " BACKOFF max {} min {}", c.u32()?, c.u32()?);
        }
        option::JOIN | option::PARITY_PRM | option::PARITY_GRP | option::CURR_TGSIZE => {
            c.skip(2)?;
            let value = c.u32()?;
            out.text(fixed.map_or("", |row| row.3)).dec(value);
        }
        option::NBR_UNREACH | option::SYN | option::FIN | option::RST | option::CRQST => {
            c.skip(2)?;
            out.text(fixed.map_or("", |row| row.3));
        }
        option::REDIRECT => return redirect(out, c, length),
        option::PGMCC_DATA => return congestion(out, c, length, "OPT_PGMCC_DATA", "OPT_PGMCC_DATA", "DATA"),
        option::PGMCC_FEEDBACK => {
            let names = ("PGM_OPT_PGMCC_FEEDBACK", "OPT_PGMCC_FEEDBACK");
            return congestion(out, c, length, names.0, names.1, "FEEDBACK");
        }
        option::PATH_NLA => {
            write!(out, " PATH_NLA [{length}]");
            c.advance(length);
        }
        option::CR => {
            out.text(" CR");
            c.advance(length);
        }
        _ => {
            write!(out, " OPT_{kind:02X} [{length}] ");
            c.advance(length);
        }
    }
    Ok(true)
}

fn nak_list(out: &mut Out, c: &mut Cursor<'_>, length: usize) -> Walk<bool> {
    c.skip(2)?;
    out.text(" NAK LIST");
    let mut left = length - OPTION_LEN;
    while left > 0 {
        if left < 4 {
            out.text("[Option length not a multiple of 4]");
            return Ok(false);
        }
        write!(out, " {}", c.u32()?);
        left -= 4;
    }
    Ok(true)
}

fn redirect(out: &mut Out, c: &mut Cursor<'_>, length: usize) -> Walk<bool> {
    const MIN_LEN: usize = 8;
    if length < MIN_LEN {
        write!(out, "[Bad OPT_REDIRECT option, length {length} < {MIN_LEN}]");
        return Ok(false);
    }
    c.skip(2)?;
    let family = c.u16()?;
    c.skip(2)?;
    if Address::len(family).is_some_and(|len| length != MIN_LEN + len) {
        write!(out, "[Bad OPT_REDIRECT option, length {length} != {MIN_LEN} + address size]");
        return Ok(false);
    }
    let address = Address::read(c, family)?;
    out.text(" REDIRECT ");
    address.print(out);
    Ok(true)
}

/// An option of the congestion control: a number and who acknowledges, or who is to.
fn congestion(
    out: &mut Out,
    c: &mut Cursor<'_>,
    length: usize,
    name_if_short: &str,
    name: &str,
    text: &str,
) -> Walk<bool> {
    const MIN_LEN: usize = 12;
    if length < MIN_LEN {
        write!(out, "[Bad {name_if_short} option, length {length} < {MIN_LEN}]");
        return Ok(false);
    }
    c.skip(2)?;
    let value = c.u32()?;
    let family = c.u16()?;
    c.skip(2)?;
    if Address::len(family).is_some_and(|len| length != MIN_LEN + len) {
        write!(out, "[Bad {name} option, length {length} != {MIN_LEN} + address size]");
        return Ok(false);
    }
    let address = Address::read(c, family)?;
    write!(out, " PGMCC {text} {value} ");
    address.print(out);
    Ok(true)
}
