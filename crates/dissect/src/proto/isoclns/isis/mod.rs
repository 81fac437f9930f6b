//! Intermediate System to Intermediate System (ISO/IEC 10589, RFC 1195, RFC 5305).

mod names;
mod neighbors;
mod prefixes;
mod shortest_path_bridging;
mod tlv;

use super::address::{LSP_LEN, NODE_LEN, SYSTEM_LEN};
use super::{between, checksum, other_version};
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes of the header that all PDUs share.
const COMMON_LEN: usize = 8;
const VERSION: u8 = 1;
/// Bytes of the headers of the kinds of PDUs, the common one included.
const LAN_HELLO_LEN: usize = COMMON_LEN + 19;
const POINT_TO_POINT_HELLO_LEN: usize = COMMON_LEN + 12;
const LSP_HEADER_LEN: usize = COMMON_LEN + 19;
const CSNP_LEN: usize = COMMON_LEN + 25;
const PSNP_LEN: usize = COMMON_LEN + 9;
/// Where the checksum of a link-state PDU covers from, and where it stands there.
const LSP_SUM_FROM: usize = COMMON_LEN + 4;
const LSP_SUM_AT: usize = LSP_LEN + 4;

/// Bits of a hello's priority.
const PRIORITY: u8 = 0x7f;

mod pdu {
    pub(super) const L1_LAN_HELLO: u8 = 15;
    pub(super) const L2_LAN_HELLO: u8 = 16;
    pub(super) const POINT_TO_POINT_HELLO: u8 = 17;
    pub(super) const L1_LSP: u8 = 18;
    pub(super) const L2_LSP: u8 = 20;
    pub(super) const L1_CSNP: u8 = 24;
    pub(super) const L2_CSNP: u8 = 25;
    pub(super) const L1_PSNP: u8 = 26;
    pub(super) const L2_PSNP: u8 = 27;
}

/// Prints a PDU.
pub(super) fn print(out: &mut Out, whole: Cursor<'_>) -> Walk {
    let length = whole.length();
    whole.need(COMMON_LEN)?;
    if !out.options.link_header {
        out.text("IS-IS");
    }
    let mut c = whole;
    let [_, header_len, version, id_len, kind, pdu_version, _, max_areas] = *c.array::<COMMON_LEN>()?;
    let header_len = usize::from(header_len);
    if version != VERSION {
        return other_version(out, version, whole);
    }
    if id_len != 0 && usize::from(id_len) != SYSTEM_LEN {
        write!(out, "system ID length of {id_len} is not supported");
        out.dump_hex("\n\t", whole.claimed_bytes());
        return Ok(());
    }
    if pdu_version != VERSION {
        return other_version(out, pdu_version, whole);
    }
    if length < header_len {
        write!(out, "fixed header length {header_len} > packet length {length}");
        out.dump_hex("\n\t", whole.claimed_bytes());
        return Ok(());
    }
    if header_len < COMMON_LEN {
        write!(out, "fixed header length {header_len} < minimum header size {COMMON_LEN}");
        out.dump_hex("\n\t", whole.claimed_bytes());
        return Ok(());
    }
    let areas = match max_areas {
        0 => 3,
        255 => {
            out.text("bad packet -- 255 areas");
            out.dump_hex("\n\t", whole.claimed_bytes());
            return Ok(());
        }
        _ => max_areas,
    };
    out.field("type", kind);
    let pdu = Pdu { whole, kind, header_len };
    if out.options.verbose == 0 {
        let between = between(out);
        out.text(between);
        out.token(names::PDUS, kind, format_args!("unknown PDU-Type {kind}"));
        return pdu.brief(out, c);
    }
    write!(out, "{}length {length}\n\t", between(out));
    out.token(names::PDUS, kind, format_args!("unknown, type {kind}"));
    write!(out, ", hlen: {header_len}, v: {version}, pdu-v: {pdu_version}");
    write!(out, ", sys-id-len: {SYSTEM_LEN} ({id_len}), max-area: {areas} ({max_areas})");
    if out.options.verbose > 1 {
        out.dump_hex("\n\t", whole.clip(COMMON_LEN).bytes());
    }
    pdu.verbose(out, c)
}

/// A PDU whose common header has been read.
struct Pdu<'a> {
    whole: Cursor<'a>,
    kind: u8,
    header_len: usize,
}

impl<'a> Pdu<'a> {
    /// The length that the header must have; nothing for kinds that are not known.
    fn expected_len(&self) -> Option<usize> {
        Some(match self.kind {
            pdu::L1_LAN_HELLO | pdu::L2_LAN_HELLO => LAN_HELLO_LEN,
            pdu::POINT_TO_POINT_HELLO => POINT_TO_POINT_HELLO_LEN,
            pdu::L1_LSP | pdu::L2_LSP => LSP_HEADER_LEN,
            pdu::L1_CSNP | pdu::L2_CSNP => CSNP_LEN,
            pdu::L1_PSNP | pdu::L2_PSNP => PSNP_LEN,
            _ => return None,
        })
    }

    /// Whether the header has the length that it must have; otherwise that is said,
    /// with what would follow the common header, and the PDU is dumped.
    fn has_sound_length(&self, out: &mut Out) -> bool {
        match self.expected_len() {
            Some(expected) if expected != self.header_len => {
                let between = if matches!(self.kind, pdu::L1_PSNP | pdu::L2_PSNP) { "-" } else { "," };
                write!(
                    out,
                    "{between} bogus fixed header length {} should be {}",
                    self.header_len,
                    expected - COMMON_LEN
                );
                out.dump_hex("\n\t", self.whole.claimed_bytes());
                false
            }
            _ => true,
        }
    }

    /// Stops unless the header of a known kind was captured as a whole.
    fn need_header(&self) -> Walk {
        self.whole.need(self.expected_len().unwrap_or(COMMON_LEN))
    }

    /// Prints the main fields in the same line.
    fn brief(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        if !self.has_sound_length(out) {
            return Ok(());
        }
        self.need_header()?;
        match self.kind {
            pdu::L1_LAN_HELLO | pdu::L2_LAN_HELLO => {
                let (source, priority) = (c.peek(1, SYSTEM_LEN)?, c.peek_u8(11)?);
                let lan = c.peek(12, NODE_LEN)?;
                out.text(", src-id ").isis_system(source).text(", lan-id ").isis_system(lan);
                write!(out, ", prio {priority}");
            }
            pdu::POINT_TO_POINT_HELLO => {
                out.text(", src-id ").isis_system(c.peek(1, SYSTEM_LEN)?);
            }
            pdu::L1_LSP | pdu::L2_LSP => {
                let (lifetime, sequence) = (c.peek_u16(2)?, c.peek_u32(4 + LSP_LEN)?);
                out.text(", lsp-id ").isis_system(c.peek(4, LSP_LEN)?);
                write!(out, ", seq 0x{sequence:08x}, lifetime {lifetime:>5}s");
            }
            pdu::L1_CSNP | pdu::L2_CSNP | pdu::L1_PSNP | pdu::L2_PSNP => {
                out.text(", src-id ").isis_system(c.peek(2, NODE_LEN)?);
            }
            _ => {}
        }
        write!(out, ", length {}", self.whole.length());
        Ok(())
    }

    fn verbose(&self, out: &mut Out, c: Cursor<'a>) -> Walk {
        if !self.has_sound_length(out) {
            return Ok(());
        }
        self.need_header()?;
        let pdu_len = match self.kind {
            pdu::L1_LAN_HELLO | pdu::L2_LAN_HELLO => lan_hello(out, c)?,
            pdu::POINT_TO_POINT_HELLO => point_to_point_hello(out, c)?,
            pdu::L1_LSP | pdu::L2_LSP => self.link_state(out, c)?,
            pdu::L1_CSNP | pdu::L2_CSNP => complete_sequence_numbers(out, c)?,
            pdu::L1_PSNP | pdu::L2_PSNP => partial_sequence_numbers(out, c)?,
            _ => {
                if out.options.verbose <= 1 {
                    out.dump_hex("\n\t  ", c.claimed_bytes());
                }
                out.dump_hex("\n\t", self.whole.claimed_bytes());
                return Ok(());
            }
        };
        let header_len = self.header_len;
        if out.options.verbose > 1 {
            out.dump_hex("\n\t  ", c.clip(header_len - COMMON_LEN).bytes());
        }
        if pdu_len < header_len {
            return out.disagree("packet length", pdu_len, "<", header_len);
        }
        let length = pdu_len.min(self.whole.length());
        tlv::print_all(out, self.whole.claim(length), header_len)
    }

    /// Prints the header of a link-state PDU, and says how long the PDU is.
    fn link_state(&self, out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
        const PARTITION: u8 = 0x80;
        const ATTACHED: u8 = 0x78;
        const OVERLOAD: u8 = 0x04;
        let (pdu_len, lifetime) = (usize::from(c.u16()?), c.u16()?);
        let (lsp, sequence, sum) = (c.take(LSP_LEN)?, c.u32()?, c.u16()?);
        let kind = c.u8()?;
        out.text("\n\t  lsp-id: ").isis_system(lsp);
        write!(out, ", seq: 0x{sequence:08x}, lifetime: {lifetime:>5}s\n\t  chksum: 0x{sum:04x}");
        let length = pdu_len.min(self.whole.length());
        let covered = self.whole.ahead(LSP_SUM_FROM).claim(length.saturating_sub(LSP_SUM_FROM));
        checksum::print(out, covered, sum, LSP_SUM_AT);
        write!(out, ", PDU length: {pdu_len}, Flags: [ ");
        if kind & OVERLOAD != 0 {
            out.text("Overload bit set, ");
        }
        if kind & ATTACHED != 0 {
            for (bit, name) in [(0x08, "default "), (0x10, "delay "), (0x20, "expense "), (0x40, "error ")] {
                out.text(if kind & bit != 0 { name } else { "" });
            }
            out.text("ATT bit set, ");
        }
        if kind & PARTITION != 0 {
            out.text("P bit set, ");
        }
        out.token(names::LSP_SYSTEMS, kind & 3, format_args!("Unknown(0x{:x})", kind & 3));
        out.text(" ]");
        Ok(pdu_len)
    }
}

fn circuit_type(out: &mut Out, circuit: u8) {
    out.token(names::CIRCUITS, circuit, format_args!("unknown circuit type 0x{circuit:02x}"));
}

/// Prints the header of a hello on a LAN, and says how long the PDU is.
fn lan_hello(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    let circuit = c.u8()?;
    let (source, holding_time, pdu_len, priority) = (c.take(SYSTEM_LEN)?, c.u16()?, c.u16()?, c.u8()?);
    out.text("\n\t  source-id: ").isis_system(source);
    write!(out, ",  holding time: {holding_time}s, Flags: [");
    circuit_type(out, circuit);
    out.text("]\n\t  lan-id:    ").isis_system(c.take(NODE_LEN)?);
    write!(out, ", Priority: {}, PDU length: {pdu_len}", priority & PRIORITY);
    Ok(pdu_len.into())
}

fn point_to_point_hello(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    let circuit = c.u8()?;
    let (source, holding_time, pdu_len) = (c.take(SYSTEM_LEN)?, c.u16()?, c.u16()?);
    let identifier = c.u8()?;
    out.text("\n\t  source-id: ").isis_system(source);
    write!(out, ", holding time: {holding_time}s, Flags: [");
    circuit_type(out, circuit);
    write!(out, "]\n\t  circuit-id: 0x{identifier:02x}, PDU length: {pdu_len}");
    Ok(pdu_len.into())
}

fn complete_sequence_numbers(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    let (pdu_len, source) = (c.u16()?, c.take(NODE_LEN)?);
    out.text("\n\t  source-id:    ").isis_system(source);
    write!(out, ", PDU length: {pdu_len}");
    out.text("\n\t  start lsp-id: ").isis_system(c.take(LSP_LEN)?);
    out.text("\n\t  end lsp-id:   ").isis_system(c.take(LSP_LEN)?);
    Ok(pdu_len.into())
}

fn partial_sequence_numbers(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    let (pdu_len, source) = (c.u16()?, c.take(NODE_LEN)?);
    out.text("\n\t  source-id:    ").isis_system(source);
    write!(out, ", PDU length: {pdu_len}");
    Ok(pdu_len.into())
}
