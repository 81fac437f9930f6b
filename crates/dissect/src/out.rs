//! Where printers write: text into one buffer, fields into a sink, and the state that a walk carries.

use crate::depth::MAX_DEPTH;
use crate::fields::{Fields, Value};
use crate::ipsec::Associations;
use crate::names::Names;
use crate::options::Options;
use crate::proto::State;
use crate::registry::Registry;
use std::fmt::{self, Write};
use wirescope_wire::checksum::{self, Sum};
use wirescope_wire::{Cursor, Stop, Walk};

/// The one shape of a printer: reads from the cursor, writes text and fields, stops where bytes end.
pub type Print = fn(&mut Out, Cursor<'_>) -> Walk;

/// The network header around what is being printed: what pseudo-headers and address texts need.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Network {
    /// None was seen.
    #[default]
    None,
    /// IPv4.
    V4 {
        /** Source. */
        src: [u8; 4],
        /** Destination. */
        dst: [u8; 4],
        /** Where a source route ends, which checksums cover; mostly the destination. */
        final_dst: [u8; 4],
    },
    /// IPv6.
    V6 {
        /** Source. */
        src: [u8; 16],
        /** Destination. */
        dst: [u8; 16],
        /** Where a routing header ends, which checksums cover; mostly the destination. */
        final_dst: [u8; 16],
    },
}

impl Network {
    /// The sum of the pseudo-header that a transport's checksum covers.
    pub(crate) fn pseudo_header(self, protocol: u8, length: usize) -> Option<Sum> {
        match self {
            Network::None => None,
            Network::V4 { src, final_dst, .. } => {
                Some(checksum::pseudo_ipv4(src, final_dst, protocol, length as u16))
            }
            Network::V6 { src, final_dst, .. } => {
                Some(checksum::pseudo_ipv6(src, final_dst, protocol, length as u32))
            }
        }
    }
}

/// What the layers below told about the packet that is being printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// Bytes that `-x`, `-X` and `-A` leave out as link-layer header.
    pub(crate) link_header_len: usize,
    /// Link-layer addresses (source, destination), where the link has them.
    pub(crate) macs: Option<([u8; 6], [u8; 6])>,
    /// The innermost IP header so far.
    pub(crate) network: Network,
    /// Where that header starts, as a distance from the start of the packet.
    pub(crate) network_at: usize,
    /// Whether that IP datagram is a fragment (offset or more-fragments set).
    pub(crate) fragmented: bool,
    /// Time to live or hop limit of the innermost IP header.
    pub(crate) ttl: u8,
    /// Protocol that the innermost IP header itself names, before any extension headers.
    pub(crate) ip_protocol: u8,
}

/// The text of packets as it is made, and what printing them needs.
pub struct Out {
    buffer: Vec<u8>,
    /// What to print.
    pub options: Options,
    pub(crate) context: Context,
    pub(crate) names: Names,
    pub(crate) registry: &'static Registry,
    pub(crate) state: State,
    pub(crate) ipsec: Associations,
    sink: Option<Box<dyn Fields>>,
    proto: &'static str,
    depth: u16,
}

/// The two decimal digits of each number below 100.
#[allow(clippy::indexing_slicing)] // runs at compile time
const DIGITS: [[u8; 2]; 100] = {
    let mut table = [[0u8; 2]; 100];
    let mut n = 0;
    while n < 100 {
        table[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    table
};

/// Each byte in decimal followed by a dot, and how many bytes that takes.
#[allow(clippy::indexing_slicing)] // runs at compile time
const OCTETS: [([u8; 4], u8); 256] = {
    let mut table = [([b'.'; 4], 0u8); 256];
    let mut n = 0;
    while n < 256 {
        let (h, t, u) = (b'0' + (n / 100) as u8, b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8);
        table[n] = match n {
            0..10 => ([u, b'.', b'.', b'.'], 2),
            10..100 => ([t, u, b'.', b'.'], 3),
            _ => ([h, t, u, b'.'], 4),
        };
        n += 1;
    }
    table
};

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Out {
    pub(crate) fn new(options: Options, names: Names) -> Self {
        Out {
            buffer: Vec::with_capacity(64 * 1024),
            ipsec: Associations::new(options.esp_secrets.as_deref()),
            options,
            context: Context {
                link_header_len: 0,
                macs: None,
                network: Network::None,
                network_at: 0,
                fragmented: false,
                ttl: 0,
                ip_protocol: 0,
            },
            names,
            registry: Registry::get(),
            state: State::default(),
            sink: None,
            proto: "",
            depth: 0,
        }
    }

    /// Forgets what the packet before left behind.
    pub(crate) fn begin(&mut self) {
        self.context = Context {
            link_header_len: 0,
            macs: None,
            network: Network::None,
            network_at: 0,
            fragmented: false,
            ttl: 0,
            ip_protocol: 0,
        };
        self.proto = "";
        self.depth = 0;
    }

    /// The text so far.
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// The text so far, to be taken from.
    pub(crate) fn buffer_mut(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Sends the fields of the following packets to `sink`, and gives back the one before.
    pub(crate) fn set_sink(&mut self, sink: Option<Box<dyn Fields>>) -> Option<Box<dyn Fields>> {
        std::mem::replace(&mut self.sink, sink)
    }

    // ---- protocols -------------------------------------------------------------------------------

    /// Prints `c` as `proto`: names the protocol for truncation marks, opens it for fields, bounds the
    /// depth. Contradictory bytes are marked ` (invalid)` and end here; truncation ends the packet.
    #[inline]
    pub fn run(&mut self, proto: &'static str, print: Print, c: Cursor<'_>) -> Walk {
        if self.depth >= MAX_DEPTH {
            self.text(" [nested too deeply]");
            return Ok(());
        }
        self.depth += 1;
        self.proto = proto;
        if let Some(sink) = &mut self.sink {
            sink.enter(proto, c.at());
        }
        let walk = print(self, c);
        if let Some(sink) = &mut self.sink {
            sink.leave();
        }
        self.depth -= 1;
        match walk {
            Err(Stop::Invalid) => {
                self.invalid();
                Ok(())
            }
            walk => walk,
        }
    }

    /// Goes one level deeper for a structure that nests within its own protocol (options in options).
    pub(crate) fn nest(&mut self, print: impl FnOnce(&mut Out) -> Walk) -> Walk {
        if self.depth >= MAX_DEPTH {
            self.text(" [nested too deeply]");
            return Ok(());
        }
        self.depth += 1;
        let walk = print(self);
        self.depth -= 1;
        walk
    }

    /// Names the protocol that a truncation mark carries from here on.
    #[inline]
    pub(crate) fn label(&mut self, proto: &'static str) {
        self.proto = proto;
    }

    /// The protocol that a truncation mark would carry.
    pub(crate) fn current_label(&self) -> &'static str {
        self.proto
    }

    /// Writes the mark of a truncated packet, ` [|proto]`.
    pub(crate) fn truncated(&mut self) {
        let proto = self.proto;
        self.text(" [|").text(proto).text("]");
    }

    /// Writes the mark of contradictory bytes.
    pub(crate) fn invalid(&mut self) {
        self.text(" (invalid)");
    }

    /// Says which value cannot be, as in ` [length 5 < 8]`, and stops as invalid.
    #[cold]
    pub(crate) fn disagree<T>(
        &mut self,
        what: &str,
        value: impl fmt::Display,
        relation: &str,
        bound: impl fmt::Display,
    ) -> Walk<T> {
        write!(self, " [{what} {value} {relation} {bound}]");
        Err(Stop::Invalid)
    }

    /// Hands a value on beside the text; costs nothing where nobody listens.
    #[inline(always)]
    pub fn field<'v>(&mut self, name: &'static str, value: impl Into<Value<'v>>) {
        if let Some(sink) = &mut self.sink {
            sink.field(name, value.into());
        }
    }

    /// Whether fields are listened to; asked only where they are work to make.
    pub(crate) fn wants_fields(&self) -> bool {
        self.sink.is_some()
    }

    /// Writes the source of the innermost IP header, by name where names are wanted.
    #[inline]
    pub(crate) fn network_src(&mut self) -> &mut Self {
        match self.context.network {
            Network::V4 { src, .. } => self.host4(src),
            Network::V6 { src, .. } => self.host6(src),
            Network::None => self,
        }
    }

    /// Writes the destination of the innermost IP header, by name where names are wanted.
    #[inline]
    pub(crate) fn network_dst(&mut self) -> &mut Self {
        match self.context.network {
            Network::V4 { dst, .. } => self.host4(dst),
            Network::V6 { dst, .. } => self.host6(dst),
            Network::None => self,
        }
    }

    // ---- text ------------------------------------------------------------------------------------

    /// Writes formatted text: `write!(out, "…")` is a statement here. Right for cold protocols; the hot
    /// ones use the direct methods below, which cost a third.
    #[inline]
    pub fn write_fmt(&mut self, args: fmt::Arguments<'_>) {
        match args.as_str() {
            Some(text) => {
                self.text(text);
            }
            // Writing to memory cannot fail, and the formats are our own.
            None => drop(Bytes(&mut self.buffer).write_fmt(args)),
        }
    }

    /// Writes text.
    #[inline]
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.buffer.extend_from_slice(text.as_bytes());
        self
    }

    /// Writes bytes as they are; they must have been made printable.
    #[inline]
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.buffer.extend_from_slice(bytes);
        self
    }

    /// Writes one byte as it is.
    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        self.buffer.push(byte);
        self
    }

    /// Writes a number in decimal.
    #[inline]
    pub fn dec(&mut self, value: impl Into<u64>) -> &mut Self {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut wide: u64 = value.into();
        while wide > u64::from(u32::MAX) {
            at -= 2;
            put_pair(&mut digits, at, (wide % 100) as usize);
            wide /= 100;
        }
        // What is left fits 32 bits, whose divisions are the cheap ones.
        let mut rest = wide as u32;
        while rest >= 100 {
            at -= 2;
            put_pair(&mut digits, at, (rest % 100) as usize);
            rest /= 100;
        }
        if rest >= 10 {
            at -= 2;
            put_pair(&mut digits, at, rest as usize);
        } else {
            at -= 1;
            if let Some(digit) = digits.get_mut(at) {
                *digit = b'0' + rest as u8;
            }
        }
        self.buffer.extend_from_slice(digits.get(at..).unwrap_or_default());
        self
    }

    /// Writes a length in decimal.
    #[inline]
    pub fn len(&mut self, value: usize) -> &mut Self {
        self.dec(value as u64)
    }

    /// Writes a number in decimal, zeros in front up to `width` digits (at most nine).
    #[inline]
    pub(crate) fn dec_zero(&mut self, value: u64, width: usize) -> &mut Self {
        let mut digits = [b'0'; 20];
        let mut at = digits.len();
        let mut rest = value;
        let least = digits.len().saturating_sub(width);
        while rest > 0 || at > least {
            at = at.saturating_sub(1);
            if let Some(digit) = digits.get_mut(at) {
                *digit = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
        }
        self.buffer.extend_from_slice(digits.get(at..).unwrap_or_default());
        self
    }

    /// Writes a point and a fraction of six or nine digits.
    #[inline]
    pub(crate) fn fraction(&mut self, value: u32, width: usize) -> &mut Self {
        let mut digits = [b'.'; 10];
        let (low, high) = (value % 1_000, value / 1_000);
        put_three(&mut digits, if width == 9 { 7 } else { 4 }, low);
        put_three(&mut digits, if width == 9 { 4 } else { 1 }, high % 1_000);
        if width == 9 {
            put_three(&mut digits, 1, high / 1_000);
            self.buffer.extend_from_slice(&digits);
        } else {
            self.buffer.extend_from_slice(digits.first_chunk::<7>().unwrap_or(&[0; 7]));
        }
        self
    }

    /// Writes a number in hex with `digits` digits, as `%04x` does for four; more where it needs more.
    #[inline]
    pub fn hex(&mut self, value: impl Into<u64>, digits: usize) -> &mut Self {
        let value = value.into();
        let needed = (64 - value.leading_zeros()).div_ceil(4) as usize;
        for place in (0..needed.max(digits)).rev() {
            let nibble = (value.unbounded_shr(4 * place as u32) & 0xf) as usize;
            self.buffer.push(HEX.get(nibble).copied().unwrap_or(b'0'));
        }
        self
    }

    /// Writes a byte in hex with capital letters.
    pub(crate) fn hex_upper(&mut self, byte: u8) -> &mut Self {
        for nibble in [byte >> 4, byte & 0xf] {
            let digit = HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            self.buffer.push(digit.to_ascii_uppercase());
        }
        self
    }

    /// Writes bytes in hex without anything between them.
    pub(crate) fn hex_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            self.hex(*byte, 2);
        }
        self
    }

    /// Writes an IPv4 address as numbers.
    #[inline]
    pub fn ipv4(&mut self, address: [u8; 4]) -> &mut Self {
        let mut text = [0u8; 16];
        let mut at = 0;
        for octet in address {
            let (digits, len) = OCTETS.get(usize::from(octet)).copied().unwrap_or_default();
            if let Some(place) = text.get_mut(at..at + 4) {
                place.copy_from_slice(&digits);
            }
            at += usize::from(len);
        }
        self.buffer.extend_from_slice(text.get(..at - 1).unwrap_or_default());
        self
    }

    /// Writes an IPv6 address as numbers (RFC 5952, and dotted where the C library does so).
    pub fn ipv6(&mut self, address: [u8; 16]) -> &mut Self {
        let mut words = [0u16; 8];
        for (word, pair) in words.iter_mut().zip(address.as_chunks::<2>().0) {
            *word = u16::from_be_bytes(*pair);
        }
        let (zeros_at, zeros_len) = longest_zeros(&words);
        // ::a.b.c.d and ::ffff:a.b.c.d, as inet_ntop shows them; a run of seven or eight is no address.
        let dotted = zeros_at == 0 && (zeros_len == 6 || (zeros_len == 5 && words[5] == 0xffff));
        let mut at = 0;
        while at < 8 {
            if at == zeros_at && zeros_len >= 2 {
                self.text(if at == 0 { "::" } else { ":" });
                at += zeros_len;
                continue;
            }
            if dotted && at == 6 {
                let [.., a, b, c, d] = address;
                return self.ipv4([a, b, c, d]);
            }
            let word = words.get(at).copied().unwrap_or_default();
            self.hex_short(word);
            at += 1;
            if at < 8 {
                self.byte(b':');
            }
        }
        self
    }

    /// Writes 16 bits in hex without zeros in front.
    #[inline]
    fn hex_short(&mut self, value: u16) -> &mut Self {
        self.hex(value, 1)
    }

    /// Writes a link-layer address as numbers with colons.
    #[inline]
    pub fn mac(&mut self, address: [u8; 6]) -> &mut Self {
        let mut text = [b':'; 17];
        for (place, byte) in text.chunks_mut(3).zip(address) {
            let pair = [HEX.get(usize::from(byte >> 4)), HEX.get(usize::from(byte & 0xf))];
            for (to, from) in place.iter_mut().zip(pair) {
                *to = from.copied().unwrap_or(b'0');
            }
        }
        self.buffer.extend_from_slice(&text);
        self
    }

    /// Writes text padded with blanks on the right to `width` characters.
    pub(crate) fn left(&mut self, text: &str, width: usize) -> &mut Self {
        self.text(text);
        for _ in text.len()..width {
            self.byte(b' ');
        }
        self
    }

    /// Writes a number in decimal, blanks in front up to `width` characters.
    pub(crate) fn dec_right(&mut self, value: impl Into<u64>, width: usize) -> &mut Self {
        let value = value.into();
        let digits = if value == 0 { 1 } else { value.ilog10() as usize + 1 };
        for _ in digits..width {
            self.byte(b' ');
        }
        self.dec(value)
    }
}

/// Writes the two digits of `value`, which is below 100.
#[inline]
fn put_pair(digits: &mut [u8; 20], at: usize, value: usize) {
    if let (Some(place), Some(pair)) = (digits.get_mut(at..at + 2), DIGITS.get(value)) {
        place.copy_from_slice(pair);
    }
}

/// Writes the three digits of `value`, which is below 1,000.
#[inline]
fn put_three(digits: &mut [u8; 10], at: usize, value: u32) {
    if let (Some([first, pair @ ..]), Some(low)) =
        (digits.get_mut(at..at + 3), DIGITS.get(value as usize % 100))
    {
        *first = b'0' + (value / 100) as u8;
        pair.copy_from_slice(low);
    }
}

/// Where the first of the longest runs of zero words starts, and how long it is; (8, 0) without one.
fn longest_zeros(words: &[u16; 8]) -> (usize, usize) {
    let mut best = (8, 0);
    let mut run = 0;
    for (at, word) in words.iter().enumerate() {
        run = if *word == 0 { run + 1 } else { 0 };
        if run >= 2 && run > best.1 {
            best = (at + 1 - run, run);
        }
    }
    best
}

/// Lets `core::fmt` write into the buffer.
struct Bytes<'b>(&'b mut Vec<u8>);

impl fmt::Write for Bytes<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
