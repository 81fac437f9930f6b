//! Where printers write: text into one buffer, fields into a sink, and the state that a walk carries.

use crate::depth::MAX_DEPTH;
use crate::fields::{Field, Fields, Value};
use crate::ipsec::Associations;
use crate::names::Names;
use crate::options::Options;
use crate::proto::State;
use crate::registry::Registry;
use crate::text::{Text, decimal_width};
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
    /// Source and destination port of the UDP or SCTP packet whose payload is being printed.
    pub(crate) ports: (u16, u16),
}

/// The text of packets as it is made, and what printing them needs.
pub struct Out {
    /// The text so far.
    pub(crate) text: Text,
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

impl Out {
    pub(crate) fn new(options: Options, names: Names) -> Self {
        Out {
            text: Text::with_capacity(64 * 1024),
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
                ports: (0, 0),
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
            ports: (0, 0),
        };
        self.proto = "";
        self.depth = 0;
    }

    /// The text so far.
    #[inline]
    pub(crate) fn buffer(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Takes back all but the first `len` bytes of the text.
    pub(crate) fn take_back(&mut self, len: usize) {
        self.text.truncate(len);
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
            sink.fields(&[(name, value.into())]);
        }
    }

    /// Hands on the values of a whole header, which are made only where somebody listens. One call for all of them
    /// instead of one for each saves what finding the protocol costs each time.
    #[inline(always)]
    pub fn fields<'v, const N: usize>(&mut self, fields: impl FnOnce() -> [Field<'v>; N]) {
        if let Some(sink) = &mut self.sink {
            sink.fields(&fields());
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
            None => drop(Formatted(&mut self.text).write_fmt(args)),
        }
    }

    /// Writes text.
    #[inline]
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.text.str(text);
        self
    }

    /// Writes bytes as they are; they must have been made printable.
    #[inline]
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.text.bytes(bytes);
        self
    }

    /// Writes the first `len` bytes of a short text, as [`Text::piece`] does.
    #[inline]
    pub(crate) fn piece<const N: usize>(&mut self, piece: &[u8; N], len: usize) -> &mut Self {
        self.text.piece(piece, len);
        self
    }

    /// Writes one byte as it is.
    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        self.text.byte(byte);
        self
    }

    /// Writes a number in decimal.
    #[inline]
    pub fn dec(&mut self, value: impl Into<u64>) -> &mut Self {
        self.text.decimal(value.into());
        self
    }

    /// Writes text and a number in decimal behind it, at once: for lines that every other packet has.
    #[inline(always)]
    pub(crate) fn text_dec<const N: usize>(&mut self, text: &[u8; N], value: impl Into<u64>) -> &mut Self {
        self.text.str_dec(text, value);
        self
    }

    /// Writes text and a length in decimal behind it, at once.
    #[inline(always)]
    pub(crate) fn text_len<const N: usize>(&mut self, text: &[u8; N], value: usize) -> &mut Self {
        self.text_dec(text, value as u64)
    }

    /// Writes a length in decimal.
    #[inline]
    pub fn len(&mut self, value: usize) -> &mut Self {
        self.dec(value as u64)
    }

    /// Writes a number in decimal, zeros in front up to `width` digits.
    pub(crate) fn dec_zero(&mut self, value: u64, width: usize) -> &mut Self {
        self.text.dec_zero(value, width);
        self
    }

    /// Writes a point, six digits of microseconds and a blank.
    #[inline]
    pub(crate) fn micros(&mut self, value: u32) -> &mut Self {
        self.text.micros(value);
        self
    }

    /// Writes a point, nine digits of nanoseconds and a blank.
    pub(crate) fn nanos(&mut self, value: u32) -> &mut Self {
        self.text.nanos(value);
        self
    }

    /// Writes a number in hex with `digits` digits, as `%04x` does for four; more where it needs more.
    #[inline]
    pub fn hex(&mut self, value: impl Into<u64>, digits: usize) -> &mut Self {
        self.text.hex(value, digits);
        self
    }

    /// Writes a byte in hex with capital letters.
    pub(crate) fn hex_upper(&mut self, byte: u8) -> &mut Self {
        for nibble in [byte >> 4, byte & 0xf] {
            let digit = char::from_digit(nibble.into(), 16).unwrap_or('0');
            self.byte(digit.to_ascii_uppercase() as u8);
        }
        self
    }

    /// Writes bytes in hex without anything between them.
    pub(crate) fn hex_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.text.hex_bytes(bytes);
        self
    }

    /// Writes an IPv4 address as numbers.
    #[inline]
    pub fn ipv4(&mut self, address: [u8; 4]) -> &mut Self {
        self.text.ipv4(address);
        self
    }

    /// Writes an IPv6 address as numbers (RFC 5952, and dotted where the C library does so).
    pub fn ipv6(&mut self, address: [u8; 16]) -> &mut Self {
        self.text.ipv6(address);
        self
    }

    /// Writes a link-layer address as numbers with colons.
    #[inline]
    pub fn mac(&mut self, address: [u8; 6]) -> &mut Self {
        self.text.mac(address);
        self
    }

    /// Writes two link-layer addresses as numbers, an arrow between them and a comma behind them.
    #[inline]
    pub(crate) fn macs(&mut self, src: [u8; 6], dst: [u8; 6]) -> &mut Self {
        self.text.macs(src, dst);
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
        for _ in decimal_width(value)..width {
            self.byte(b' ');
        }
        self.dec(value)
    }
}

/// Lets `core::fmt` write into the text.
struct Formatted<'t>(&'t mut Text);

impl fmt::Write for Formatted<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.str(text);
        Ok(())
    }
}
