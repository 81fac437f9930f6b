//! The header of the capture, its extensions, and the cookie of the interface card.

use super::guess_ip;
use super::names::{ENCAPSULATIONS, EXTENSIONS, FLAGS, MEDIA};
use crate::Out;
use crate::tokens;
use wirescope_wire::{Cursor, Walk};

/// What all headers start with.
const MAGIC: u32 = 0x4d4743;
/// Bytes of that and the flags.
const MIN_LEN: usize = 4;

/// Flags.
const INCOMING: u8 = 0x01;
const NO_LAYER_2: u8 = 0x02;
const EXTENDED: u8 = 0x80;

/// Cards, which put cookies of their own before packets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Card {
    Atm1,
    Atm2,
    Es,
    Ggsn,
    Mfr,
    Mlfr,
    Mlppp,
    Monitor,
    Pppoe,
    PppoeAtm,
    Services,
    /// None that has a cookie.
    Other,
}

impl Card {
    /// The name of the card and bytes of its cookie.
    fn cookie(self) -> Option<(&'static str, usize)> {
        match self {
            Card::Atm1 => Some(("ATM1", 4)),
            Card::Atm2 => Some(("ATM2", 8)),
            Card::Es => Some(("ES", 0)),
            Card::Ggsn => Some(("GGSN", 8)),
            Card::Mfr => Some(("MFR", 4)),
            Card::Mlfr => Some(("MLFR", 2)),
            Card::Mlppp => Some(("MLPPP", 2)),
            Card::Monitor => Some(("MONITOR", 8)),
            Card::Pppoe => Some(("PPPoE", 0)),
            Card::PppoeAtm => Some(("PPPoE ATM", 0)),
            Card::Services => Some(("AS", 8)),
            Card::Other => None,
        }
    }
}

/// Most bytes of a cookie.
const MAX_COOKIE_LEN: usize = 8;
/// What a cookie of a link services card starts with; it is longer than the others.
const LINK_SERVICES: u8 = 0x54;
const LINK_SERVICES_LEN: usize = 2;
/// What packets of a link in a bundle start with, which have no cookie.
const FRAGMENT: u8 = 0xc0;

/// What the header told.
pub(super) struct Layer2<'a> {
    /// Bytes up to the packet.
    pub(super) len: usize,
    pub(super) is_incoming: bool,
    pub(super) cookie: &'a [u8],
    /// The two bytes behind the cookie.
    pub(super) protocol: u16,
    pub(super) bundle: u8,
    /// Whether the packet is a cell of ATM's management.
    pub(super) is_cell: bool,
    capture: Cursor<'a>,
}

impl<'a> Layer2<'a> {
    /// A byte of the cookie; zero where the cookie is shorter.
    pub(super) fn cookie_byte(&self, at: usize) -> u8 {
        self.cookie.get(at).copied().unwrap_or(0)
    }

    /// The first four bytes of the cookie.
    pub(super) fn cookie_word(&self) -> u32 {
        u32::from_be_bytes([
            self.cookie_byte(0),
            self.cookie_byte(1),
            self.cookie_byte(2),
            self.cookie_byte(3),
        ])
    }

    /// The whole of the captured packet.
    pub(super) fn whole(&self) -> Cursor<'a> {
        self.capture
    }
}

/// Reads and prints the header; nothing where no packet for the card's printer follows.
pub(super) fn read<'a>(out: &mut Out, whole: Cursor<'a>, card: Card) -> Walk<Option<Layer2<'a>>> {
    let mut c = whole;
    c.need(MIN_LEN)?;
    if c.u24()? != MAGIC {
        out.text("no magic-number found!");
        return Ok(None);
    }
    let flags = c.u8()?;
    let is_incoming = flags & INCOMING != 0;
    out.field("flags", flags);
    if out.options.link_header {
        out.text(if is_incoming { " In " } else { "Out " });
    }
    if out.options.verbose > 1 {
        out.text("\n\tJuniper PCAP Flags [");
        out.bits(FLAGS, flags, ", ", format_args!("none"));
        out.text("]");
    }
    if flags & EXTENDED != 0 {
        extensions(out, &mut c)?;
    }
    if flags & NO_LAYER_2 != 0 {
        without_layer_2(out, c)?;
        return Ok(None);
    }
    layer_2(out, whole, c, card, is_incoming).map(Some)
}

/// Bytes of an extension's type and length.
const EXTENSION_LEN: usize = 2;

/// Prints what the router tells of the interface, where very much is asked for.
fn extensions(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let len = usize::from(c.u16()?);
    let verbose = out.options.verbose > 1;
    if verbose {
        write!(out, ", PCAP Extension(s) total length {len}");
    }
    c.need(len)?;
    let mut rest = c.split(len);
    while rest.length() > EXTENSION_LEN {
        let left = rest.length();
        let (kind, len) = (rest.u8()?, usize::from(rest.u8()?));
        if len + EXTENSION_LEN > left {
            return out.disagree("extension_length", left, "<", len + EXTENSION_LEN);
        }
        let value = rest.split(len);
        if verbose {
            extension(out, kind, value.bytes());
        }
    }
    if verbose {
        out.text("\n\t-----original packet-----\n\t");
    }
    Ok(())
}

/// Types of extensions from this one on have their values in network byte order.
const BIG_ENDIAN: u8 = 128;

fn extension(out: &mut Out, kind: u8, value: &[u8]) {
    let name = tokens::name(EXTENSIONS, kind.into()).unwrap_or("Unknown");
    write!(out, "\n\t  {name} Extension TLV #{kind}, length {}, value ", value.len());
    // Longer ones, such as names, are not shown.
    if value.is_empty() || value.len() > 4 {
        return;
    }
    let join = |value: u32, byte: &u8| value << 8 | u32::from(*byte);
    let number =
        if kind < BIG_ENDIAN { value.iter().rev().fold(0, join) } else { value.iter().fold(0, join) };
    let names = match kind {
        2 => return,
        3 | 7 => MEDIA,
        6 | 8 => ENCAPSULATIONS,
        _ => return write!(out, "{number}"),
    };
    write!(out, "{} ({number})", tokens::name(names, number).unwrap_or("Unknown"));
}

/// Bytes between the header and a packet without a link layer.
const FAMILY_LEN: usize = 4;

fn without_layer_2(out: &mut Out, c: Cursor<'_>) -> Walk {
    if out.options.link_header {
        out.text("no-L2-hdr, ");
    }
    if !guess_ip(out, c.ahead(FAMILY_LEN))? {
        out.text("no IP-hdr found!");
    }
    Ok(())
}

fn layer_2<'a>(
    out: &mut Out,
    whole: Cursor<'a>,
    mut c: Cursor<'a>,
    card: Card,
    is_incoming: bool,
) -> Walk<Layer2<'a>> {
    let mut layer2 =
        Layer2 { len: 0, is_incoming, cookie: &[], protocol: 0, bundle: 0, is_cell: false, capture: whole };
    if let Some((name, len)) = card.cookie() {
        let first = c.peek_u8(0)?;
        let is_link_services = first == LINK_SERVICES;
        let len = match card {
            Card::Mfr if first & FRAGMENT == FRAGMENT => 0,
            _ if is_link_services => len + LINK_SERVICES_LEN,
            _ => len,
        };
        if out.options.link_header {
            write!(out, "{name}-PIC, cookie-len {len}");
        }
        if len > MAX_COOKIE_LEN {
            return out.disagree("cookie length", len, ">", MAX_COOKIE_LEN);
        }
        layer2.cookie = c.take(len)?;
        if out.options.link_header {
            if len > 0 {
                out.text(", cookie 0x").hex_bytes(layer2.cookie);
            }
            out.text(": ");
        }
        layer2.protocol = c.peek_u16(0)?;
        layer2.bundle = layer2.cookie_byte(usize::from(is_link_services));
        match card {
            Card::Mlfr => c.advance(2),
            Card::Mfr if is_link_services => c.advance(2),
            Card::Atm1 => layer2.is_cell = layer2.cookie_byte(0) == ATM1_CELL,
            Card::Atm2 if layer2.cookie_byte(7) & ATM2_CELL != 0 => {
                layer2.is_cell = true;
                control_word(out, &mut c)?;
            }
            _ => {}
        }
    }
    layer2.len = c.at() - whole.at();
    if out.options.link_header {
        write!(out, "hlen {}, proto 0x{:04x}, ", layer2.len, layer2.protocol);
    }
    Ok(layer2)
}

/// What cookies of ATM cards have where the packet is a cell.
const ATM1_CELL: u8 = 0x80;
const ATM2_CELL: u8 = 0x70;

/// Words that are known to stand before cells: none, and two generations of the router's system.
const CONTROL_WORDS: [u32; 3] = [0x0000_0000, 0x0800_0000, 0x0838_0000];

fn control_word(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let word = c.peek_u32(0)?;
    if out.options.link_header {
        write!(out, "control-word 0x{word:08x} ");
    }
    if CONTROL_WORDS.contains(&word) {
        c.advance(4);
    }
    Ok(())
}
