//! The lines about a TCP header.

use std::fmt::Write;

use wirescope_flow::decode::Segment;
use wirescope_wire::Cursor;
use wirescope_wire::tcp::{Tcp, flag};

use super::options::{self, END, FILLER, HeaderOption};

/// The flags, highest bit first; the two of RFC 3168 keep their numbers from before.
const FLAGS: [(u8, char); 8] = [
    (flag::CWR, '1'),
    (flag::ECE, '2'),
    (flag::URG, 'U'),
    (flag::ACK, 'A'),
    (flag::PSH, 'P'),
    (flag::RST, 'R'),
    (flag::SYN, 'S'),
    (flag::FIN, 'F'),
];

/// Appends flags, numbers and options.
pub(super) fn write(text: &mut String, segment: &Segment<'_>) {
    text.extend(FLAGS.map(|(bit, letter)| if segment.flags & bit != 0 { letter } else { '*' }));
    let header_len = Tcp::LEN + segment.options.len();
    let _ = write!(
        text,
        " Seq: 0x{:X}  Ack: 0x{:X}  Win: 0x{:X}  TcpLen: {header_len}",
        segment.seq, segment.ack, segment.window
    );
    if segment.has(flag::URG) {
        let _ = write!(text, "  UrgPtr: 0x{:X}", segment.urgent);
    }
    text.push('\n');
    let options = options::walk(segment.options);
    if !options.is_empty() {
        let _ = write!(text, "TCP Options ({}) => ", options.len());
        options.iter().for_each(|option| write_option(text, *option));
        text.push('\n');
    }
}

/// Appends one option (IANA's "TCP Option Kind Numbers") and a blank.
fn write_option(text: &mut String, option: HeaderOption<'_>) {
    let c = Cursor::over(option.data);
    let half = |at| c.peek_u16(at).unwrap_or(0);
    let whole = |at| c.peek_u32(at).unwrap_or(0);
    let _ = match option.kind {
        END => write!(text, "EOL "),
        FILLER => write!(text, "NOP "),
        2 => write!(text, "MSS: {} ", half(0)),
        3 => write!(text, "WS: {} ", c.peek_u8(0).unwrap_or(0)),
        4 => write!(text, "SackOK "),
        5 => write!(text, "Sack: {}@{} ", half(0), half(2)),
        6 => write!(text, "Echo: {} ", whole(0)),
        7 => write!(text, "Echo Rep: {} ", whole(0)),
        8 => write!(text, "TS: {} {} ", whole(0), whole(4)),
        11 => write!(text, "CC {} ", whole(0)),
        12 => write!(text, "CC NEW: {} ", whole(0)),
        13 => write!(text, "CC ECHO: {} ", whole(0)),
        other if option.data.is_empty() => write!(text, "Opt {other} "),
        other => {
            let _ = write!(text, "Opt {other} ({}): ", option.data.len());
            options::write_unknown(text, option.data);
            write!(text, " ")
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_named_and_others_shown_as_digits() {
        let options = [
            2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 5, 10, 0, 1, 0, 2, 0, 3, 0, 4, 34,
            5, 1, 2, 3, 0, 0,
        ];
        let segment = Segment {
            src_port: 1,
            dst_port: 2,
            seq: 0xabc,
            ack: 0,
            flags: flag::SYN | flag::URG | flag::CWR,
            window: 512,
            urgent: 3,
            options: &options,
            payload: &[],
            payload_len: 0,
        };
        let mut text = String::new();
        write(&mut text, &segment);
        assert_eq!(
            text,
            "1*U***S* Seq: 0xABC  Ack: 0x0  Win: 0x200  TcpLen: 57  UrgPtr: 0x3\n\
             TCP Options (8) => MSS: 1460 NOP WS: 7 SackOK TS: 9 0 Sack: 1@2 Opt 34 (3): 0102 03 EOL \n"
        );
    }

    #[test]
    fn options_end_where_a_length_is_wrong() {
        assert_eq!(options::walk(&[1, 2, 1, 1]).len(), 1);
        assert_eq!(options::walk(&[1, 1, 8, 10, 0]).len(), 2);
    }
}
