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
