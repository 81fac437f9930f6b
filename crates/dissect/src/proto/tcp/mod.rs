//! Transmission Control Protocol (RFC 9293, options as IANA lists them).

mod mptcp;
mod options;
mod sequences;
mod signature;

pub(crate) use sequences::{Relative, Sequences};

use crate::registry;
use crate::tokens::Tokens;
use crate::{Network, Out};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::tcp::{Tcp, flag};
use wirescope_wire::{Cursor, Stop, Walk, checksum};

/// Letters of the flags from the lowest bit on.
const FLAG_LETTERS: &[u8; 8] = b"FSRP.UEW";
/// AE, the ninth flag (RFC 9768); its letter is the last.
const ACCURATE_ECN_BIT: u16 = 0x100;

/// How each set of flags is shown, and how long that is. Asking flag by flag costs branches that nobody can foresee.
#[allow(clippy::indexing_slicing)] // runs at compile time
const FLAG_TEXTS: [([u8; 16], usize); 256] = {
    let mut texts = [(*b"Flags [none]    ", 12); 256];
    let mut set = 1;
    while set < 256 {
        let (mut bit, mut len) = (0, 7);
        while bit < 8 {
            if set >> bit & 1 == 1 {
                texts[set].0[len] = FLAG_LETTERS[bit];
                len += 1;
            }
            bit += 1;
        }
        texts[set].0[len] = b']';
        texts[set].1 = len + 1;
        set += 1;
    }
    texts
};

/// Causes that some stacks put into the payload of a reset.
const RESET_CAUSES: &Tokens = &[
    (0, "Reserved"),
    (1, "Illegal option length"),
    (2, "Desynchronized state"),
    (3, "New data is received after CLOSE is called"),
    (4, "ABORT process"),
    (5, "Unexpected ACK received by non-synchronized state connection"),
    (6, "Unexpected SYN in the window"),
    (7, "Unexpected security compartment"),
    (8, "Malformed message"),
    (9, "Not authorized"),
    (10, "Resource exceeded"),
    (11, "Network failure"),
    (12, "Reset received from the peer"),
    (13, "Destination unreachable"),
    (14, "Connection timeout"),
    (15, "Too much outstanding data"),
    (16, "Unacceptable performance"),
    (17, "Middlebox interference"),
];

/// Prints a TCP segment and its payload.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    if !c.has(4) {
        addresses(out);
        return Err(Stop::Truncated);
    }
    let (src_port, dst_port) = (c.peek_u16(0)?, c.peek_u16(2)?);
    let mut rest = c;
    let read = Tcp::read(&mut rest);
    // Looked up before it is needed: the conversation is seldom in a near cache, and writing goes on meanwhile.
    let relative = read.ok().and_then(|tcp| relative(out, tcp));
    endpoints(out, src_port, dst_port);
    let header_len = usize::from(c.peek_u8(12)? >> 4) * 4;
    let length = c.length();
    if header_len < Tcp::LEN {
        write!(
            out,
            " tcp {} [bad hdr length {header_len} - too short, < {}]",
            (length as u32).wrapping_sub(header_len as u32),
            Tcp::LEN
        );
        return Err(Stop::Invalid);
    }
    let tcp = read?;
    let Some(relative) = relative else {
        quiet(out, length, header_len);
        return Ok(());
    };
    flags(out, tcp);
    if header_len > length {
        write!(out, " [bad hdr length {header_len} - too long, > {length}]");
        return Err(Stop::Invalid);
    }
    fields(out, tcp);
    if out.options.verbose > 0 && !out.options.no_checksums && !out.context.fragmented && c.has(length) {
        print_checksum(out, tcp, c);
    }
    let payload_len = length - header_len;
    numbers(out, tcp, relative, payload_len);
    if header_len > Tcp::LEN {
        let block = rest.clip(header_len - Tcp::LEN);
        if !options::print(out, block, c, tcp, relative)? {
            return Ok(());
        }
    }
    out.text_len(b", length ", payload_len);
    if payload_len == 0 {
        return Ok(());
    }
    if !c.has(header_len) {
        write!(out, " [remaining caplen({}) < header length({header_len})]", c.captured());
        return Err(Stop::Truncated);
    }
    payload(out, c.ahead(header_len), tcp)
}

fn quiet(out: &mut Out, length: usize, header_len: usize) {
    write!(out, "tcp {}", (length as u32).wrapping_sub(header_len as u32));
    if header_len > length {
        write!(out, " [bad hdr length {header_len} - too long, > {length}]");
    }
}

#[inline]
fn fields(out: &mut Out, tcp: Tcp<'_>) {
    out.fields(|| {
        [
            ("src_port", tcp.src_port().into()),
            ("dst_port", tcp.dst_port().into()),
            ("seq", tcp.seq().into()),
            ("ack", tcp.ack().into()),
            ("header_length", tcp.header_len().into()),
            ("flags", flag_bits(tcp).into()),
            ("window", tcp.window().into()),
            ("checksum", tcp.checksum().into()),
            ("urgent", tcp.urgent().into()),
        ]
    });
}

/// The nine flags as one number.
fn flag_bits(tcp: Tcp<'_>) -> u16 {
    u16::from(tcp.reserved() & 1) << 8 | u16::from(tcp.flags())
}

/// Writes the addresses of a segment whose ports were cut off.
fn addresses(out: &mut Out) {
    match out.context.network {
        Network::V4 { .. } | Network::V6 { .. } => out.network_src().text(" > ").network_dst().text(":"),
        Network::None => out,
    };
}

/// Writes addresses and ports; only the ports where the IP printer has shown the addresses already.
#[inline]
fn endpoints(out: &mut Out, src_port: u16, dst_port: u16) {
    if out.context.ip_protocol == protocol::TCP {
        out.network_src().text_tcp_port(b".", src_port).text(" > ");
        out.network_dst().text_tcp_port(b".", dst_port).text(": ");
    } else {
        out.tcp_port(src_port).text(" > ").tcp_port(dst_port).text(": ");
    }
}

#[inline]
fn flags(out: &mut Out, tcp: Tcp<'_>) {
    let bits = flag_bits(tcp);
    if bits == ACCURATE_ECN_BIT {
        out.text("Flags [e]");
        return;
    }
    if let Some((text, len)) = FLAG_TEXTS.get(usize::from(tcp.flags())) {
        out.piece(text, *len);
    }
    if bits & ACCURATE_ECN_BIT != 0 {
        out.take_back(out.buffer().len() - 1);
        out.text("e]");
    }
}

fn print_checksum(out: &mut Out, tcp: Tcp<'_>, segment: Cursor<'_>) {
    let Some(pseudo) = out.context.network.pseudo_header(protocol::TCP, segment.length()) else { return };
    let sum = pseudo.bytes(segment.claimed_bytes()).checksum();
    out.text(", cksum 0x").hex(tcp.checksum(), 4);
    if sum == 0 {
        out.text(" (correct)");
    } else {
        out.text(" (incorrect -> 0x").hex(checksum::expected(tcp.checksum(), sum), 4).text(")");
    }
}

/// The segment's numbers as they are shown, where they are; notes where its conversation began, even if the header
/// then proves to be too long.
#[inline]
fn relative(out: &mut Out, tcp: Tcp<'_>) -> Option<Relative> {
    if out.options.quiet || tcp.header_len() < Tcp::LEN {
        return None;
    }
    Some(if !out.options.absolute_sequence && tcp.flags() & flag::ACK != 0 {
        out.state.tcp.relative(&out.context.network, tcp)
    } else {
        Relative::absolute(tcp)
    })
}

/// Sequence, acknowledgement, window and urgent pointer.
#[inline]
fn numbers(out: &mut Out, tcp: Tcp<'_>, relative: Relative, payload_len: usize) {
    let set = tcp.flags();
    let verbose = out.options.verbose > 1;
    if verbose || payload_len > 0 || set & (flag::SYN | flag::FIN | flag::RST) != 0 {
        out.text_dec(b", seq ", relative.seq);
        if payload_len > 0 {
            out.text_dec(b":", relative.seq.wrapping_add(payload_len as u32));
        }
    }
    if set & flag::ACK != 0 {
        out.text_dec(b", ack ", relative.ack);
    } else if verbose && relative.ack != 0 {
        write!(out, ", [ack {} != 0 while ACK flag not set]", relative.ack);
    }
    out.text_dec(b", win ", tcp.window());
    if set & flag::URG != 0 {
        out.text(", urg ").dec(tcp.urgent());
    } else if verbose && tcp.urgent() != 0 {
        write!(out, ", [urg {} != 0 while URG flag not set]", tcp.urgent());
    }
}

/// The payload, by what `-T` says or by port.
#[inline]
fn payload(out: &mut Out, c: Cursor<'_>, tcp: Tcp<'_>) -> Walk {
    if tcp.flags() & flag::RST != 0 {
        if out.options.verbose > 0 {
            reset_data(out, c)?;
        }
        return c.need(c.length());
    }
    if let Some(forced) = out.options.port_protocol {
        return match registry::forced_tcp(forced) {
            Some(row) => out.run(row.proto, row.print, c),
            None => Ok(()),
        };
    }
    match out.registry.tcp.find(tcp.src_port(), tcp.dst_port(), &c) {
        Some(row) => out.run(row.proto, row.print, c),
        None => Ok(()),
    }
}

/// What a stack sent along with a reset: text (RFC 1122 section 4.2.2.12), or the cause as a number
/// (draft-boucadair-tcpm-rst-diagnostic-payload).
fn reset_data(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    /// Nobody needs more of the text than this.
    const MAX_TEXT: usize = 30;
    const COOKIE: u16 = 0x33aa;
    const DIAGNOSTIC_LEN: usize = 8;
    out.text(" [RST");
    let mut length = c.length();
    if length > MAX_TEXT {
        length = MAX_TEXT;
        out.text("+");
    }
    if length == DIAGNOSTIC_LEN && c.peek_u16(0)? == COOKIE {
        out.text(": ");
        let (code, enterprise) = (c.peek_u16(2)?, c.peek_u32(4)?);
        if enterprise == 0 && out.options.verbose > 1 {
            out.token(RESET_CAUSES, code, format_args!("code {code}, pen 0"));
        } else {
            write!(out, "code {code}, pen {enterprise}");
        }
    } else {
        out.text(" ");
        for _ in 0..length {
            let byte = c.u8()?;
            out.escaped_byte(byte);
        }
    }
    out.text("]");
    Ok(())
}
