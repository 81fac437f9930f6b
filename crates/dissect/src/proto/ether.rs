//! Ethernet (IEEE 802.3 sections 3.1 and 3.2) with VLAN tags (IEEE 802.1Q section 9), MACsec and the tags of switches.

use crate::proto::names::ETHER_TYPES;
use crate::proto::{arista, llc, macsec};
use crate::text::hex_pair;
use crate::tokens;
use crate::{Out, Print};
use wirescope_wire::ethernet::{Ethernet, MAX_LENGTH, VlanTag, is_vlan};
use wirescope_wire::{Cursor, Stop, Walk};

/// What a link type adds to a frame.
#[derive(Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    /// Prints the encapsulation that the frame came in, where link-layer headers are shown.
    pub(crate) encapsulation: Option<&'a dyn Fn(&mut Out)>,
    /// A tag that a switch put between the addresses and the type.
    pub(crate) switch_tag: Option<SwitchTag>,
}

/// A tag of fixed length, which is always shown.
#[derive(Clone, Copy)]
pub(crate) struct SwitchTag {
    /// Bytes of the tag.
    pub(crate) len: usize,
    /// Prints the tag that the cursor starts with.
    pub(crate) print: Print,
}

/// Prints a packet that starts with an Ethernet header.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    print_link_around(out, c, Around::default())
}

/// Prints a packet that starts with an Ethernet header in something else.
pub(crate) fn print_link_around(out: &mut Out, c: Cursor<'_>, around: Around<'_>) -> Walk {
    out.context.link_header_len += frame(out, c, around)?;
    Ok(())
}

/// Bytes that a netANALYZER puts before each frame.
const NETANALYZER_LEN: usize = 4;
/// Bytes of preamble that it delivers besides when it is transparent.
const NETANALYZER_PREAMBLE_LEN: usize = 8;

/// Prints a frame captured by a Hilscher netANALYZER.
pub(crate) fn print_netanalyzer(out: &mut Out, c: Cursor<'_>) -> Walk {
    behind(out, c, NETANALYZER_LEN)
}

/// Prints a frame captured by a Hilscher netANALYZER, with its preamble.
pub(crate) fn print_netanalyzer_transparent(out: &mut Out, c: Cursor<'_>) -> Walk {
    behind(out, c, NETANALYZER_LEN + NETANALYZER_PREAMBLE_LEN)
}

/// Prints a frame after `skipped` bytes of something that is not shown.
fn behind(out: &mut Out, mut c: Cursor<'_>, skipped: usize) -> Walk {
    c.skip(skipped)?;
    out.context.link_header_len += skipped;
    print_link(out, c)
}

/// Prints a frame inside another protocol, such as GRE or VXLAN.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    frame(out, c, Around::default()).map(|_| ())
}

/// Prints a frame and says how many bytes of it are link-layer header.
pub(crate) fn frame(out: &mut Out, whole: Cursor<'_>, around: Around<'_>) -> Walk<usize> {
    if whole.length() < whole.captured() {
        write!(out, "[length {} < caplen {}]", whole.length(), whole.captured());
        out.invalid();
        return Ok(whole.length());
    }
    let tag_len = around.switch_tag.map_or(0, |tag| tag.len);
    if whole.captured() < Ethernet::LEN + tag_len {
        out.truncated();
        return Ok(whole.captured());
    }
    let mut c = whole;
    let dst = *c.array::<6>()?;
    let src = *c.array::<6>()?;
    out.context.macs = Some((src, dst));
    out.fields(|| [("src", src.into()), ("dst", dst.into())]);
    let mut frame = Frame { whole, src, dst, around: &around, length_shown: false };
    if out.options.link_header {
        frame.addresses(out);
    }
    if let Some(tag) = around.switch_tag {
        (tag.print)(out, c)?;
        c.advance(tag.len);
    }
    frame.print_from_type(out, c)
}

/// A frame whose addresses have been read.
struct Frame<'a> {
    whole: Cursor<'a>,
    src: [u8; 6],
    dst: [u8; 6],
    around: &'a Around<'a>,
    /// Whether the length of the frame has been shown; later types are set off by a comma.
    length_shown: bool,
}

/// The type of Alteon's jumbo frames, which are LLC despite having a type
/// (draft-ietf-isis-ext-eth-01 section 3).
const JUMBO: u16 = 0x8870;
/// The type of Arista's timestamps, which stand before the type proper.
const ARISTA: u16 = 0xd28b;
/// The type of MACsec, which may hide all that follows.
const MACSEC: u16 = wirescope_wire::ethernet::ether_type::MACSEC;

impl Frame<'_> {
    /// Prints from the type field on and says how many bytes of the frame are link-layer header.
    // In one piece with `frame`: a cursor that was just written in parts and is then copied whole makes a processor wait.
    #[inline(always)]
    fn print_from_type(&mut self, out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
        let mut kind = c.u16()?;
        if kind == MACSEC {
            match self.macsec(out, &mut c)? {
                Some(inner) => kind = inner,
                None => return Ok(self.header_len(c)),
            }
        }
        while is_vlan(kind) {
            match self.vlan(out, &mut c, kind) {
                Some(inner) => kind = inner,
                None => return Ok(self.header_len(c) + c.captured().min(c.length())),
            }
        }
        out.field("type", kind);
        match kind {
            0..=MAX_LENGTH => self.length_field(out, c, kind),
            JUMBO => self.link_control(out, c),
            ARISTA => self.arista(out, c, kind),
            _ => {
                if out.options.link_header {
                    type_name(out, kind);
                    self.length_once(out);
                }
                if !payload(out, kind, c)? {
                    if !out.options.link_header {
                        self.addresses(out);
                        type_name(out, kind);
                        self.length(out);
                    }
                    out.unknown(c.bytes());
                }
                Ok(self.header_len(c))
            }
        }
    }

    fn header_len(&self, c: Cursor<'_>) -> usize {
        c.at().saturating_sub(self.whole.at())
    }

    fn addresses(&self, out: &mut Out) {
        if let Some(encapsulation) = self.around.encapsulation {
            encapsulation(out);
        }
        if out.options.numeric {
            out.macs(self.src, self.dst);
        } else {
            out.ether_host(self.src).text(" > ").ether_host(self.dst).text(", ");
        }
    }

    fn length(&self, out: &mut Out) {
        out.text_len(b", length ", self.whole.length()).text(": ");
    }

    /// Writes the frame's length the first time and a comma later on.
    fn length_once(&mut self, out: &mut Out) {
        if self.length_shown {
            out.text(", ");
        } else {
            self.length(out);
            self.length_shown = true;
        }
    }

    /// Prints a MACsec header; the type that follows it, or nothing where the rest is hidden.
    fn macsec(&mut self, out: &mut Out, c: &mut Cursor<'_>) -> Walk<Option<u16>> {
        if out.options.link_header {
            type_name(out, MACSEC);
            self.length_once(out);
        }
        let outer = out.current_label();
        if !macsec::header(out, c)? {
            return Ok(None);
        }
        out.label(outer);
        if c.length() < 2 {
            write!(out, " [length {} < 2]", c.length());
            out.invalid();
            return Ok(None);
        }
        c.u16().map(Some)
    }

    /// Prints a VLAN tag of type `kind`; the type that follows it, or nothing where it was cut off.
    fn vlan(&mut self, out: &mut Out, c: &mut Cursor<'_>, kind: u16) -> Option<u16> {
        let Ok(tag) = VlanTag::read(c) else {
            out.label("vlan");
            out.truncated();
            return None;
        };
        if out.options.link_header {
            type_name(out, kind);
            self.length_once(out);
            vlan_tag(out, tag.control);
            out.text(", ");
        }
        out.field("vlan", tag.id());
        Some(tag.ether_type)
    }

    /// The type field is a length: what follows is LLC, and padding may come after it.
    fn length_field(&mut self, out: &mut Out, c: Cursor<'_>, length: u16) -> Walk<usize> {
        let c = c.clip(length.into());
        if out.options.link_header {
            out.text("802.3");
            if !self.length_shown {
                out.text(", length ").len(c.length()).text(": ");
            }
        }
        self.link_control(out, c)
    }

    fn link_control(&mut self, out: &mut Out, c: Cursor<'_>) -> Walk<usize> {
        Ok(self.header_len(c) + llc::frame_or_bytes(out, c)?)
    }

    /// Arista's own header; what it is put before follows with its type.
    #[cold]
    fn arista(&mut self, out: &mut Out, mut c: Cursor<'_>, kind: u16) -> Walk<usize> {
        if c.available() < 2 {
            out.text("[|arista]");
            return Ok(self.header_len(c) + c.available());
        }
        type_name(out, kind);
        self.length(out);
        self.length_shown = false;
        if arista::header(out, &mut c)? {
            let mut walk = Ok(0);
            out.nest(|out| {
                walk = self.print_from_type(out, c);
                walk.map(|_| ())
            })?;
            return walk;
        }
        if !out.options.link_header {
            self.addresses(out);
            type_name(out, kind);
            self.length(out);
        }
        out.unknown(c.bytes());
        Ok(self.header_len(c))
    }
}

/// Prints what follows an Ethernet type; false where nobody knows the type.
#[inline]
pub(crate) fn payload(out: &mut Out, kind: u16, mut c: Cursor<'_>) -> Walk<bool> {
    let Some(row) = out.registry.ether_type(kind) else { return Ok(false) };
    match kind {
        ATALK if out.options.verbose > 0 => {
            out.text("et1 ");
        }
        IPX => {
            out.text("(NOV-ETHII) ");
        }
        OSI => {
            out.label("isoclns");
            if c.available() == 0 {
                return Err(Stop::Truncated);
            }
            // The type is followed by a byte that tells how this was encapsulated, not by the NLPID.
            c.advance(1);
        }
        PPP if c.length() > 0 => {
            out.text(": ");
        }
        PPP => return Ok(true),
        _ => {}
    }
    out.run(row.proto, row.print, c).map(|()| true)
}

/// Prints what follows an Ethernet type in a tunnel, where no link-layer addresses are known; false where
/// nobody knows the type.
pub(crate) fn tunnelled(out: &mut Out, kind: u16, c: Cursor<'_>) -> Walk<bool> {
    out.context.macs = None;
    payload(out, kind, c)
}

/// Prints the payload of another link that names it by its own numbers, without what Ethernet puts
/// around it; false where nobody knows the type.
pub(crate) fn network(out: &mut Out, kind: u16, c: Cursor<'_>) -> Walk<bool> {
    match out.registry.ether_type(kind) {
        Some(row) => out.run(row.proto, row.print, c).map(|()| true),
        None => Ok(false),
    }
}

/// AppleTalk; shown with its kind of encapsulation.
pub(crate) const ATALK: u16 = 0x809b;
/// Novell IPX; shown with its kind of encapsulation.
pub(crate) const IPX: u16 = 0x8137;
/// ISO network protocols.
pub(crate) const OSI: u16 = 0xfefe;
/// The Extensible Authentication Protocol over LANs.
pub(crate) const EAP: u16 = 0x888e;
/// The Network Service Header.
pub(crate) const NSH: u16 = 0x894f;
/// The Point-to-Point Protocol.
pub(crate) const PPP: u16 = 0x880b;

/// Writes an Ethernet type by name and number, or the name alone.
fn type_name(out: &mut Out, kind: u16) {
    if out.options.quiet {
        return out.token(ETHER_TYPES, kind, format_args!("Unknown Ethertype (0x{kind:04x})"));
    }
    let [[a, b], [c, d]] = kind.to_be_bytes().map(hex_pair);
    out.text("ethertype ").text(tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown"));
    out.raw(&[b' ', b'(', b'0', b'x', a, b, c, d, b')']);
}

/// Writes the control information of a VLAN tag.
pub(crate) fn vlan_tag(out: &mut Out, control: u16) {
    out.text("vlan ").dec(control & 0x0fff).text(", p ").dec(control >> 13);
    if control & 0x1000 != 0 {
        out.text(", DEI");
    }
}
