//! MAC Security (IEEE 802.1AE section 9).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FLAGS: &Tokens = &[(8, "E"), (4, "C"), (64, "S"), (16, "B"), (32, "I")];

/// The version bit of the tag control information, which must be zero.
const VERSION: u8 = 0x80;
/// A secure channel identifier is present.
const CHANNEL_PRESENT: u8 = 0x20;
/// The payload is encrypted.
const ENCRYPTED: u8 = 0x08;
/// Bits of the short length; the two above them must be zero.
const SHORT_LENGTH_MASK: u8 = 0x3f;
/// Bytes of the tag without and with a secure channel identifier.
const TAG_LEN: usize = 6;
const CHANNEL_LEN: usize = 8;
/// Bytes of the integrity check value that the default cipher suite appends.
const CHECK_VALUE_LEN: usize = 16;

/// The security tag after its Ethernet type.
struct Tag {
    control: u8,
    short_len: u8,
    packet_number: u32,
    channel: Option<u64>,
}

/// Prints the security tag and leaves `c` at the payload, without the integrity check value; false where
/// the payload cannot be read on.
pub(crate) fn header(out: &mut Out, c: &mut Cursor<'_>) -> Walk<bool> {
    out.label("macsec");
    let control = if c.available() < TAG_LEN { 0 } else { c.peek_u8(0)? };
    let tag_len = if control & CHANNEL_PRESENT == 0 { TAG_LEN } else { TAG_LEN + CHANNEL_LEN };
    if c.available() < tag_len {
        out.truncated();
        c.advance(c.available());
        return Ok(false);
    }
    let start = *c;
    let tag = Tag {
        control: c.u8()?,
        short_len: c.u8()?,
        packet_number: c.u32()?,
        channel: if tag_len > TAG_LEN { Some(c.u64()?) } else { None },
    };
    if tag.short_len & !SHORT_LENGTH_MASK != 0 || tag.control & VERSION != 0 {
        out.invalid();
        *c = start.ahead(start.captured());
        return Ok(false);
    }
    tag.fields(out);
    if out.options.link_header {
        tag.print(out);
    }
    if tag.control & ENCRYPTED != 0 {
        if !out.options.link_header {
            if let Some((src, dst)) = out.context.macs {
                out.ether_host(src).text(" > ").ether_host(dst).text(" ");
            }
            out.text("802.1AE MACsec, ");
            tag.print(out);
        }
        out.unknown(c.bytes());
        return Ok(false);
    }
    // The check value is taken off what was captured too, even where it was cut off itself.
    let secured = usize::from(tag.short_len);
    let payload = c
        .length()
        .checked_sub(CHECK_VALUE_LEN)
        .zip(c.captured().checked_sub(CHECK_VALUE_LEN))
        .map(|(length, captured)| c.clip_captured(captured).claim(length))
        .filter(|payload| secured <= payload.available());
    match payload {
        Some(payload) => {
            *c = if secured == 0 { payload } else { payload.clip(secured) };
            Ok(true)
        }
        None => {
            out.truncated();
            c.advance(c.captured());
            Ok(false)
        }
    }
}

impl Tag {
    fn fields(&self, out: &mut Out) {
        out.field("association_number", self.control & 3);
        out.field("packet_number", self.packet_number);
        if let Some(channel) = self.channel {
            out.field("secure_channel", channel);
        }
    }

    fn print(&self, out: &mut Out) {
        write!(out, "an {}, pn {}, flags ", self.control & 3, self.packet_number);
        out.bits(FLAGS, self.control, "", format_args!("none"));
        if self.short_len != 0 {
            write!(out, ", sl {}", self.short_len);
        }
        if let Some(channel) = self.channel {
            write!(out, ", sci {channel:016x}");
        }
        out.text(", ");
    }
}
