//! The lines about an ICMP message (RFC 792, RFC 950, RFC 1256), with the packet that an error quotes.

use std::fmt::Write;
use std::net::Ipv4Addr;

use wirescope_wire::Cursor;
use wirescope_wire::icmp::{Icmp, kind};
use wirescope_wire::ipv4::protocol;
use wirescope_wire::udp::Udp;

use super::ip::IpHeader;

/// Types that only the text needs.
const ROUTER_ADVERTISEMENT: u8 = 9;
const ROUTER_SOLICITATION: u8 = 10;
const INFORMATION_REQUEST: u8 = 15;
const INFORMATION_REPLY: u8 = 16;
/// The code of unreachable messages that tells the next link's size (RFC 1191 section 4).
const FRAGMENTATION_NEEDED: u8 = 4;

/// Appends the message; `after_ends` stands between ends and the rest in the quoted header.
pub(super) fn write(text: &mut String, message: &[u8], after_ends: char) {
    let c = Cursor::over(message);
    let (Ok(message_kind), Ok(code)) = (c.peek_u8(0), c.peek_u8(1)) else {
        text.push_str("ICMP header truncated\n");
        return;
    };
    let _ = write!(text, "Type:{message_kind}  Code:{code}  ");
    let (id, seq) = (c.peek_u16(4).unwrap_or(0), c.peek_u16(6).unwrap_or(0));
    let number = |at| c.peek_u32(at).unwrap_or(0);
    let _ = match message_kind {
        kind::ECHO_REPLY => write!(text, "ID:{id}  Seq:{seq}  ECHO REPLY"),
        kind::UNREACHABLE => write_unreachable(text, code, seq),
        kind::SOURCE_QUENCH => write!(text, "SOURCE QUENCH"),
        kind::REDIRECT => {
            write!(text, "REDIRECT{} NEW GW: {}", redirect(code), Ipv4Addr::from(number(4)))
        }
        kind::ECHO => write!(text, "ID:{id}   Seq:{seq}  ECHO"),
        ROUTER_ADVERTISEMENT => {
            let (addresses, size) = (c.peek_u8(4).unwrap_or(0), c.peek_u8(5).unwrap_or(0));
            write!(
                text,
                "ROUTER ADVERTISMENT: Num addrs: {addresses} Addr entry size: {size} Lifetime: {seq}"
            )
        }
        ROUTER_SOLICITATION => write!(text, "ROUTER SOLICITATION"),
        kind::TIME_EXCEEDED => write!(text, "{}", time_exceeded(code)),
        kind::PARAMETER_PROBLEM => match code {
            0 => write!(text, "PARAMETER PROBLEM: ERROR AT BYTE {}", c.peek_u8(4).unwrap_or(0)),
            1 => write!(text, "PARAMETER PROBLEM: UNSPECIFIED ERROR"),
            2 => write!(text, "PARAMETER PROBLEM: LENGTH ERROR"),
            _ => write!(text, "PARAMETER PROBLEM: UNKNOWN"),
        },
        kind::TIMESTAMP => write!(text, "ID: {id}  Seq: {seq}  TIMESTAMP REQUEST"),
        kind::TIMESTAMP_REPLY => {
            let (sent, received, answered) = (number(8), number(12), number(16));
            write!(
                text,
                "ID: {id}  Seq: {seq}  TIMESTAMP REPLY:\nOrig: {sent} Rtime: {received}  Ttime: {answered}"
            )
        }
        INFORMATION_REQUEST => write!(text, "ID: {id}  Seq: {seq}  INFO REQUEST"),
        INFORMATION_REPLY => write!(text, "ID: {id}  Seq: {seq}  INFO REPLY"),
        kind::MASK_REQUEST => write!(text, "ID: {id}  Seq: {seq}  ADDRESS REQUEST"),
        kind::MASK_REPLY => write!(text, "ID: {id}  Seq: {seq}  ADDRESS REPLY: 0x{:08X}", number(8)),
        _ => write!(text, "UNKNOWN"),
    };
    let quotes = [
        kind::UNREACHABLE,
        kind::SOURCE_QUENCH,
        kind::REDIRECT,
        kind::TIME_EXCEEDED,
        kind::PARAMETER_PROBLEM,
    ];
    if quotes.contains(&message_kind) {
        write_quoted(text, message.get(Icmp::LEN..).unwrap_or_default(), after_ends);
    }
    text.push('\n');
}

fn write_unreachable(text: &mut String, code: u8, next_mtu: u16) -> std::fmt::Result {
    const REASONS: [&str; 16] = [
        "NET UNREACHABLE",
        "HOST UNREACHABLE",
        "PROTOCOL UNREACHABLE",
        "PORT UNREACHABLE",
        "FRAGMENTATION NEEDED, DF SET",
        "SOURCE ROUTE FAILED",
        "NET UNKNOWN",
        "HOST UNKNOWN",
        "HOST ISOLATED",
        "ADMINISTRATIVELY PROHIBITED NETWORK FILTERED",
        "ADMINISTRATIVELY PROHIBITED HOST FILTERED",
        "NET UNREACHABLE TOS",
        "HOST UNREACHABLE TOS",
        "ADMINISTRATIVELY PROHIBITED,\nPACKET FILTERED",
        "PREC VIOLATION",
        "PREC CUTOFF",
    ];
    let reason = REASONS.get(usize::from(code)).unwrap_or(&"UNKNOWN");
    write!(text, "DESTINATION UNREACHABLE: {reason}")?;
    if code == FRAGMENTATION_NEEDED && next_mtu > 0 {
        write!(text, "\nNEXT LINK MTU: {next_mtu}")?;
    }
    Ok(())
}

fn redirect(code: u8) -> &'static str {
    match code {
        0 => " NET",
        1 => " HOST",
        2 => " TOS NET",
        3 => " TOS HOST",
        _ => "",
    }
}

fn time_exceeded(code: u8) -> &'static str {
    match code {
        0 => "TTL EXCEEDED IN TRANSIT",
        1 => "TIME EXCEEDED IN FRAG REASSEMBLY",
        _ => "UNKNOWN",
    }
}

/// Appends what an error quotes: the IP header and the eight bytes that RFC 792 promises of what it carries.
fn write_quoted(text: &mut String, bytes: &[u8], after_ends: char) {
    let Some((header, rest)) = IpHeader::quoted(bytes) else {
        text.push_str("\nORIGINAL DATAGRAM TRUNCATED");
        return;
    };
    text.push_str("\n** ORIGINAL DATAGRAM DUMP:\n");
    header.write(text, after_ends);
    let c = Cursor::over(rest);
    let _ = match header.protocol {
        protocol::TCP if c.has(8) && !header.is_fragment() => {
            writeln!(text, "Seq: 0x{:X}", c.peek_u32(4).unwrap_or(0))
        }
        protocol::UDP if c.has(Udp::LEN) && !header.is_fragment() => {
            let (length, checksum) = (c.peek_u16(4).unwrap_or(0), c.peek_u16(6).unwrap_or(0));
            writeln!(text, "Len: {}  Csum: {checksum}", i32::from(length) - Udp::LEN as i32)
        }
        protocol::ICMP if c.has(Icmp::LEN) && !header.is_fragment() => write_quoted_icmp(text, &c),
        other => writeln!(text, "Protocol: 0x{other:X} (unknown or header truncated)"),
    };
    text.push_str("** END OF DUMP");
}

fn write_quoted_icmp(text: &mut String, c: &Cursor<'_>) -> std::fmt::Result {
    let Ok(message) = Icmp::read(&mut { *c }) else { return Ok(()) };
    write!(text, "Type: {}  Code: {}  Csum: {}", message.kind(), message.code(), message.checksum())?;
    match message.kind() {
        kind::PARAMETER_PROBLEM if message.code() == 0 => {
            write!(text, "  Ptr: {}", message.id() >> 8)?;
        }
        kind::REDIRECT => {
            write!(text, "  New Gwy: {}", Ipv4Addr::from(c.peek_u32(4).unwrap_or(0)))?;
        }
        ROUTER_ADVERTISEMENT => {
            let [addresses, size] = message.id().to_be_bytes();
            write!(text, "  Addrs: {addresses}  Size: {size}  Lifetime: {}", message.seq())?;
        }
        kind::ECHO_REPLY
        | kind::ECHO
        | kind::TIMESTAMP
        | kind::TIMESTAMP_REPLY
        | INFORMATION_REQUEST
        | INFORMATION_REPLY
        | kind::MASK_REQUEST
        | kind::MASK_REPLY => {
            write!(text, "  Id: {}  SeqNo: {}", message.id(), message.seq())?;
        }
        _ => {}
    }
    writeln!(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &[u8]) -> String {
        let mut text = String::new();
        write(&mut text, message, '\n');
        text
    }

    #[test]
    fn queries_show_identifier_and_sequence_number() {
        assert_eq!(text(&[8, 0, 0, 0, 0, 1, 0, 2]), "Type:8  Code:0  ID:1   Seq:2  ECHO\n");
        assert_eq!(text(&[0, 0, 0, 0, 0, 1, 0, 2]), "Type:0  Code:0  ID:1  Seq:2  ECHO REPLY\n");
        assert_eq!(text(&[17, 0, 0, 0, 0, 1, 0, 2]), "Type:17  Code:0  ID: 1  Seq: 2  ADDRESS REQUEST\n");
        let mask = [18, 0, 0, 0, 0, 1, 0, 2, 255, 255, 255, 0];
        assert_eq!(text(&mask), "Type:18  Code:0  ID: 1  Seq: 2  ADDRESS REPLY: 0xFFFFFF00\n");
        assert_eq!(text(&[77, 9, 0, 0]), "Type:77  Code:9  UNKNOWN\n");
        assert_eq!(text(&[]), "ICMP header truncated\n");
    }

    #[test]
    fn errors_show_what_they_quote() {
        let quoted = [
            0x45, 0, 0, 40, 0, 7, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0, 80, 0x04, 0, 0, 0, 1,
            0,
        ];
        let shown = text(&[&[5, 1, 0, 0, 10, 0, 0, 1][..], &quoted].concat());
        assert_eq!(
            shown,
            "Type:5  Code:1  REDIRECT HOST NEW GW: 10.0.0.1\n** ORIGINAL DATAGRAM DUMP:\n\
             192.0.2.1:80 -> 192.0.2.2:1024\nTCP TTL:64 TOS:0x0 ID:7 IpLen:20 DgmLen:40 DF\nSeq: 0x100\n\
             ** END OF DUMP\n"
        );
        let cut = text(&[3, 4, 0, 0, 0, 0, 5, 220, 0x45]);
        assert_eq!(
            cut,
            "Type:3  Code:4  DESTINATION UNREACHABLE: FRAGMENTATION NEEDED, DF SET\nNEXT LINK MTU: 1500\n\
             ORIGINAL DATAGRAM TRUNCATED\n"
        );
    }
}
