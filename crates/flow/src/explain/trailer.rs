//! Bytes after the claimed end of an IP packet: ordinary padding, or the rest of something older.
//!
//! Drivers that pad a short frame without clearing the buffer send out what lay there before (CVE-2003-0001,
//! "EtherLeak"). As the buffer is used again and again from its start, what is left of an older message
//! mostly lies where it lay then.

use std::collections::VecDeque;

use wirescope_wire::dns::Dns;
use wirescope_wire::ipv4::Ipv4;
use wirescope_wire::udp::Udp;

use super::claim::Confidence;

/// Frames before this one whose bytes are looked for.
const REMEMBERED: usize = 1_024;
/// Bytes kept of each: what padding can show of a frame, and some more.
const REMEMBERED_BYTES: usize = 128;
/// Searches in remembered frames that one pass may make.
const MAX_SEARCHES: u32 = 4_096;
/// Bytes that a piece must have, and distinct ones among them, to be known again.
const MIN_PIECE: usize = 6;
const MIN_DISTINCT: usize = 4;
/// Printable bytes in a row that count as text.
const MIN_TEXT: usize = 6;
/// Records that a section of a sound message holds at most, for a guess.
const MAX_RECORDS: u16 = 64;
/// Whole labels that are a name even where the header is lost.
const MIN_LABELS: usize = 2;

/// What bytes after the end look like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remains {
    /// The rest of a DNS message.
    Dns(DnsRemains),
    /// A piece of an earlier packet of the capture.
    Earlier {
        /// Its number.
        packet: u64,
        /// Where in that frame the piece lies.
        at: usize,
        /// Bytes that agree.
        len: usize,
        /// Whether it lay at the same place of the frame, as in a buffer used again.
        same_place: bool,
    },
    /// Readable text.
    Text(Vec<u8>),
    /// One byte again and again.
    Repeated(u8),
    /// Nothing that is recognised.
    Unknown,
}

impl Remains {
    /// How sure the likeness is.
    pub fn confidence(&self) -> Confidence {
        match self {
            Remains::Dns(dns) if dns.counts.is_some() => Confidence::Likely,
            Remains::Earlier { .. } => Confidence::Likely,
            // That they are not zero is certain, and nothing more is said of them.
            Remains::Unknown | Remains::Repeated(_) => Confidence::Certain,
            Remains::Dns(_) | Remains::Text(_) => Confidence::Possible,
        }
    }
}

/// The rest of a DNS message (RFC 1035), whose first bytes the new packet has overwritten.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DnsRemains {
    /// Where the message began, counted from the claimed end of the packet; negative: before it.
    pub start: isize,
    /// Whether it was an answer, where the flags are left.
    pub is_response: Option<bool>,
    /// Entries of the four sections, where the whole counts are left.
    pub counts: Option<[u16; 4]>,
    /// The labels left, in order.
    pub labels: Vec<Vec<u8>>,
    /// Whether the last of them is cut off.
    pub is_cut: bool,
    /// Whether it began just where the payload of a UDP datagram in the same buffer would.
    pub fits_udp: bool,
}

/// What bytes after the end look like by themselves; `end` is where they start, counted from the IP header.
pub fn leaked(trailer: &[u8], end: usize) -> Remains {
    remains(trailer, end, &mut History::default(), end)
}

/// The same, earlier frames looked through too; `frame_at` is where the bytes start in the frame.
pub(super) fn remains(trailer: &[u8], end: usize, history: &mut History, frame_at: usize) -> Remains {
    if let Some(dns) = dns_with_header(trailer, end) {
        return Remains::Dns(dns);
    }
    if let Some(found) = history.find(trailer, frame_at) {
        return found;
    }
    if let Some(dns) = dns_labels(trailer) {
        return Remains::Dns(dns);
    }
    if let [first, rest @ ..] = trailer
        && rest.iter().all(|byte| byte == first)
    {
        return Remains::Repeated(*first);
    }
    match text(trailer) {
        Some(text) => Remains::Text(text),
        None => Remains::Unknown,
    }
}

/// A message of which the counts of its sections are left, one question, and a label behind them.
fn dns_with_header(trailer: &[u8], end: usize) -> Option<DnsRemains> {
    (-4isize..trailer.len() as isize - Dns::LEN as isize).find_map(|start| {
        let byte = |at: isize| usize::try_from(start + at).ok().and_then(|at| trailer.get(at)).copied();
        let count = |at: isize| Some(u16::from_be_bytes([byte(at)?, byte(at + 1)?]));
        let counts = [count(4)?, count(6)?, count(8)?, count(10)?];
        let [questions, others @ ..] = counts;
        let flags_fit =
            byte(2).is_none_or(|flags| flags & 0x78 == 0) && byte(3).is_none_or(|low| low & 0x70 == 0);
        if questions != 1 || others.iter().any(|count| *count > MAX_RECORDS) || !flags_fit {
            return None;
        }
        let name_at = usize::try_from(start + Dns::LEN as isize).ok()?;
        let (labels, is_cut) = labels(trailer.get(name_at..)?)?;
        let payload_at = (Ipv4::LEN + Udp::LEN) as isize;
        Some(DnsRemains {
            start,
            is_response: byte(2).map(|flags| flags & 0x80 != 0),
            counts: Some(counts),
            labels,
            is_cut,
            fits_udp: end as isize + start == payload_at,
        })
    })
}

/// Labels alone, at least two of them whole.
fn dns_labels(trailer: &[u8]) -> Option<DnsRemains> {
    (0..trailer.len()).find_map(|start| {
        let (labels, is_cut) = labels(trailer.get(start..)?)?;
        let whole = labels.len().saturating_sub(usize::from(is_cut));
        let bytes: usize = labels.iter().map(Vec::len).sum();
        (whole >= MIN_LABELS && bytes >= MIN_PIECE).then_some(DnsRemains {
            start: start as isize,
            is_response: None,
            counts: None,
            labels,
            is_cut,
            fits_udp: false,
        })
    })
}

/// The labels of a name of host names' characters, and whether the bytes end within it.
fn labels(mut bytes: &[u8]) -> Option<(Vec<Vec<u8>>, bool)> {
    let mut labels = Vec::new();
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    loop {
        let Some((length, rest)) = bytes.split_first() else {
            return (!labels.is_empty()).then_some((labels, true));
        };
        if *length == 0 || *length >= 0xc0 {
            return (!labels.is_empty()).then_some((labels, false));
        }
        if *length > 0x3f {
            return None;
        }
        let label = rest.get(..usize::from(*length)).unwrap_or(rest);
        if !label.iter().all(is_host) {
            return None;
        }
        let is_cut = label.len() < usize::from(*length);
        if !label.is_empty() {
            labels.push(label.to_vec());
        }
        if is_cut {
            return (!labels.is_empty()).then_some((labels, true));
        }
        bytes = rest.get(label.len()..)?;
    }
}

/// The longest run of printable bytes, where it is long enough to be text.
fn text(bytes: &[u8]) -> Option<Vec<u8>> {
    let printable = |byte: &u8| (0x20..0x7f).contains(byte) || matches!(byte, b'\r' | b'\n' | b'\t');
    let longest = bytes.split(|byte| !printable(byte)).max_by_key(|run| run.len())?;
    let letters = longest.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    (longest.len() >= MIN_TEXT && letters * 2 >= longest.len()).then(|| longest.to_vec())
}

/// The claimed bytes of the frames before, to find in them what padding shows.
#[derive(Debug, Default)]
pub(super) struct History {
    frames: VecDeque<Frame>,
    searches: u32,
}

#[derive(Debug)]
struct Frame {
    number: u64,
    len: u8,
    kept: [u8; REMEMBERED_BYTES],
}

impl Frame {
    fn bytes(&self) -> &[u8] {
        self.kept.get(..usize::from(self.len)).unwrap_or(&self.kept)
    }
}

impl History {
    /// Remembers a frame up to its claimed end.
    pub(super) fn remember(&mut self, number: u64, frame: &[u8], claimed: usize) {
        if self.frames.len() >= REMEMBERED {
            self.frames.pop_front();
        }
        let mut kept = [0; REMEMBERED_BYTES];
        let len = frame.len().min(claimed).min(REMEMBERED_BYTES);
        for (to, from) in kept.iter_mut().zip(frame.iter().take(len)) {
            *to = *from;
        }
        self.frames.push_back(Frame { number, len: len as u8, kept });
    }

    /// The latest frame that holds these bytes: at the same place, or anywhere.
    fn find(&mut self, trailer: &[u8], frame_at: usize) -> Option<Remains> {
        let from = trailer.iter().position(|byte| *byte != 0)?;
        let until = trailer.iter().rposition(|byte| *byte != 0)? + 1;
        let piece = trailer.get(from..until)?;
        let mut distinct = [false; 256];
        piece.iter().for_each(|byte| {
            if let Some(seen) = distinct.get_mut(usize::from(*byte)) {
                *seen = true;
            }
        });
        let enough = distinct.iter().filter(|seen| **seen).count() >= MIN_DISTINCT;
        if piece.len() < MIN_PIECE || !enough || self.searches >= MAX_SEARCHES {
            return None;
        }
        self.searches += 1;
        let frames = || self.frames.iter().rev();
        let same_place = frames().find_map(|frame| {
            let kept = frame.bytes();
            let at = frame_at + from;
            // The older frame may end within the piece; what is left of it must be enough.
            let overlap = kept.get(at..)?.iter().zip(piece).take_while(|(a, b)| a == b).count();
            (overlap >= MIN_PIECE && (overlap == piece.len() || at + overlap == kept.len()))
                .then_some(Remains::Earlier { packet: frame.number, at, len: overlap, same_place: true })
        });
        same_place.or_else(|| {
            frames().find_map(|frame| {
                let at = frame.bytes().windows(piece.len()).position(|window| window == piece)?;
                Some(Remains::Earlier { packet: frame.number, at, len: piece.len(), same_place: false })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_query_is_read() {
        let trailer = b"\x3b\0\0\0\x01\0\0\0\0\0\0\x03VGR\x03A";
        let Remains::Dns(dns) = remains(trailer, 29, &mut History::default(), 43) else { panic!("no DNS") };
        assert_eq!((dns.start, dns.is_response, dns.fits_udp, dns.is_cut), (-1, Some(false), true, true));
        assert_eq!(dns.counts, Some([1, 0, 0, 0]));
        assert_eq!(dns.labels, [b"VGR".to_vec(), b"A".to_vec()]);
    }

    #[test]
    fn a_name_without_its_header_is_a_name() {
        let trailer = b"\x9a\x07example\x03com\0\0\x01";
        let Remains::Dns(dns) = remains(trailer, 40, &mut History::default(), 54) else { panic!("no DNS") };
        assert_eq!((dns.labels.len(), dns.is_cut, dns.counts), (2, false, None));
    }

    #[test]
    fn a_piece_of_an_earlier_frame_is_found_where_it_lay() {
        let mut history = History::default();
        let frame: Vec<u8> = (0..60).map(|byte| byte * 3 + 1).collect();
        history.remember(7, &frame, 60);
        let found = remains(&frame[43..60], 29, &mut history, 43);
        assert_eq!(found, Remains::Earlier { packet: 7, at: 43, len: 17, same_place: true });
        let found = remains(&frame[20..30], 29, &mut history, 43);
        assert_eq!(found, Remains::Earlier { packet: 7, at: 20, len: 10, same_place: false });
    }

    #[test]
    fn text_repetition_and_noise_are_told_apart() {
        let of = |bytes: &[u8]| remains(bytes, 29, &mut History::default(), 43);
        assert_eq!(of(b"\x81User-Agent: x\xff"), Remains::Text(b"User-Agent: x".to_vec()));
        assert_eq!(of(&[0xaa; 9]), Remains::Repeated(0xaa));
        assert_eq!(of(b"\x81\x92\xa1\xbf\xb8\xb3\xd8\x2a\x83"), Remains::Unknown);
        assert_eq!(of(b"\x05"), Remains::Repeated(5));
    }
}
