//! Cisco's Dynamic Trunking Protocol.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TLVS: &Tokens = &[(1, "Domain"), (2, "Status"), (3, "DTP type"), (4, "Neighbor")];

mod tlv {
    pub(super) const DOMAIN: u16 = 1;
    pub(super) const STATUS: u16 = 2;
    pub(super) const TYPE: u16 = 3;
    pub(super) const NEIGHBOR: u16 = 4;
}

/// Bytes of a TLV's type and length.
const TLV_HEADER_LEN: usize = 4;

/// Prints a frame.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() == 0 {
        out.text("[zero packet length]");
        return Err(Stop::Invalid);
    }
    let length = c.length();
    let version = c.u8()?;
    out.field("version", version);
    write!(out, "DTPv{version}, length {length}");
    if out.options.verbose == 0 {
        return Ok(());
    }
    while c.length() > 0 {
        if c.length() < TLV_HEADER_LEN {
            write!(out, "[{} bytes remaining]", c.length());
            return Err(Stop::Invalid);
        }
        let (kind, len) = (c.peek_u16(0)?, usize::from(c.peek_u16(2)?));
        out.text("\n\t");
        out.token(TLVS, kind, format_args!("Unknown"));
        write!(out, " (0x{kind:04x}) TLV, length {len}");
        if len < TLV_HEADER_LEN || len > c.length() {
            write!(out, "[TLV length {len}]");
            return Err(Stop::Invalid);
        }
        let whole = c;
        c.advance(len);
        value(out, whole.ahead(TLV_HEADER_LEN).claim(len - TLV_HEADER_LEN), kind)?;
    }
    Ok(())
}

fn value(out: &mut Out, mut c: Cursor<'_>, kind: u16) -> Walk {
    let len = c.length();
    match kind {
        tlv::DOMAIN => {
            out.text(", ");
            out.escaped_padded(&mut c, len)
        }
        tlv::STATUS | tlv::TYPE if len == 1 => {
            write!(out, ", 0x{:x}", c.u8()?);
            Ok(())
        }
        tlv::NEIGHBOR if len == 6 => {
            let neighbor = *c.array()?;
            out.text(", ").ether_host(neighbor);
            Ok(())
        }
        tlv::STATUS | tlv::TYPE | tlv::NEIGHBOR => Err(Stop::Invalid),
        _ => c.need(len),
    }
}
