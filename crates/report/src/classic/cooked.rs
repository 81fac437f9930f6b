//! Packets from the text that `tcpdump -enx` prints: what tcpshow was made to read.

use wirescope_wire::ethernet::ether_type;

/// A packet as text told it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cooked {
    /// The time as it was printed.
    pub(super) time: String,
    /// Source and destination, where the link has addresses.
    pub(super) addresses: Option<([u8; 6], [u8; 6])>,
    /// The Ethernet type.
    pub(super) kind: Option<u16>,
    /// The bytes behind the link header.
    pub(super) payload: Vec<u8>,
}

/// Makes packets of lines. A line without a blank before it begins a packet; the others have its bytes.
#[derive(Debug, Default)]
pub struct Lines {
    packet: Option<Cooked>,
}

/// Most bytes that lines of digits may make for one packet: more than any datagram has.
const MAX_BYTES: usize = 1 << 16;

impl Lines {
    /// Takes a line, and gives the packet that it ends.
    pub fn line(&mut self, line: &str) -> Option<Cooked> {
        let begins = line.starts_with(|first: char| first.is_ascii_digit());
        match &mut self.packet {
            _ if begins => self.packet.replace(heading(line)),
            Some(packet) if packet.payload.len() < MAX_BYTES => {
                packet.payload.extend(digits(line));
                None
            }
            _ => None,
        }
    }

    /// The last packet.
    pub fn finish(self) -> Option<Cooked> {
        self.packet
    }
}

/// The time, the link addresses and the type; both as tcpdump prints them today and as it did in 1996, when
/// addresses were parted by a blank alone and the type was four digits.
fn heading(line: &str) -> Cooked {
    let mut words = line.split_ascii_whitespace();
    let time = words.next().unwrap_or_default().to_owned();
    let mut packet = Cooked { time, kind: Some(ether_type::IPV4), ..Cooked::default() };
    let mut words = words.filter(|word| *word != ">").peekable();
    let Some(src) = words.peek().copied().and_then(mac) else { return packet };
    words.next();
    let Some(dst) = words.next().and_then(mac) else { return packet };
    packet.addresses = Some((src, dst));
    let today = line.split_once("(0x").and_then(|(_, rest)| hex_number(rest.get(..4)?));
    packet.kind = today.or_else(|| hex_number(words.next()?));
    packet
}

fn hex_number(digits: &str) -> Option<u16> {
    u16::from_str_radix(digits, 16).ok()
}

/// An address with one or two digits for each byte.
fn mac(text: &str) -> Option<[u8; 6]> {
    let mut address = [0; 6];
    let mut parts = text.trim_end_matches(',').split(':');
    for byte in &mut address {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(address)
}

/// The bytes of a line: behind an offset such as `0x0010:` if there is one, groups of two or four digits, up to
/// what is none.
fn digits(line: &str) -> Vec<u8> {
    let line = line.trim();
    let line = line
        .split_once(':')
        .map_or(line, |(offset, rest)| if offset.starts_with("0x") { rest } else { line });
    // Two blanks part digits from characters.
    let line = line.trim_start().split("  ").next().unwrap_or_default();
    let mut bytes = Vec::new();
    for group in line.split(' ') {
        let pairs = group
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match pairs.collect::<Option<Vec<u8>>>() {
            Some(group) => bytes.extend(group),
            None => break,
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(text: &str) -> Vec<Cooked> {
        let mut lines = Lines::default();
        let mut packets: Vec<Cooked> = text.lines().filter_map(|line| lines.line(line)).collect();
        packets.extend(lines.finish());
        packets
    }

    #[test]
    fn text_of_today_and_of_1996_is_read() {
        let today = "12:13:10.570000 00:10:7b:38:46:33 > 00:10:7b:38:46:32, ethertype IPv4 (0x0800), length 60: x\n\
                     \t0x0000:  4500 001d a9  E.......\n\t0x0010:  0102                                     ..\n";
        let then = "12:13:10.570000 0:10:7b:38:46:33 0:10:7b:38:46:32 0800 60: x\n\t\t\t 4500 001d a9\n\t\t\t 0102\n";
        let [new] = packets(today).try_into().expect("one packet");
        let [old] = packets(then).try_into().expect("one packet");
        assert_eq!(new, old);
        assert_eq!((new.time.as_str(), new.kind), ("12:13:10.570000", Some(0x0800)));
        assert_eq!(new.payload, [0x45, 0, 0, 0x1d, 0xa9, 1, 2]);
    }

    #[test]
    fn what_is_no_dump_makes_no_bytes() {
        assert!(packets("listening on eth0\n\nxyz\n").is_empty());
        assert!(packets("1 a\n\tzz 45\n")[0].payload.is_empty());
        let mut lines = Lines::default();
        assert_eq!(
            (lines.line("1 a\r\n"), lines.line("\t4500 001d\r\n")),
            (None, None),
            "line ends are no digits"
        );
        assert_eq!(lines.finish().map(|packet| packet.payload), Some(vec![0x45, 0, 0, 0x1d]));
        assert_eq!(packets("1 é é\n\té5 45\n").len(), 1);
    }
}
