//! Addresses with what is encoded around them (RFC 7761 section 4.9.1).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// How addresses of a message are encoded.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// Each says its family itself.
    Encoded,
    /// All have the length that the header gives (RFC 2117 section 4.1).
    OfLength(usize),
}

impl Encoding {
    /// The encoding of a message whose header gives this length of addresses, where it can be one.
    pub(super) fn of_header(address_len: u8) -> Self {
        match address_len {
            4 | 16 => Encoding::OfLength(address_len.into()),
            _ => Encoding::Encoded,
        }
    }

    /// The bytes of an address, for which what tells about it is read where each address has it.
    fn address_len(self, c: &mut Cursor<'_>) -> Walk<usize> {
        const IPV4: u8 = 1;
        const IPV6: u8 = 2;
        const NATIVE: u8 = 0;
        let len = match self {
            Encoding::Encoded => {
                c.need(2)?;
                if c.length() < 2 {
                    return Err(Stop::Truncated);
                }
                match (c.u8()?, c.u8()?) {
                    (IPV4, NATIVE) => 4,
                    (IPV6, NATIVE) => 16,
                    _ => return Err(Stop::Truncated),
                }
            }
            Encoding::OfLength(len) => len,
        };
        Ok(len)
    }
}

fn host(out: &mut Out, c: &mut Cursor<'_>, len: usize) -> Walk {
    if c.length() < len {
        return Err(Stop::Truncated);
    }
    if len == 4 {
        out.host4(*c.array()?);
    } else {
        out.host6(*c.array()?);
    }
    Ok(())
}

/// Writes the address of a router.
pub(super) fn unicast(out: &mut Out, encoding: Encoding, c: &mut Cursor<'_>) -> Walk {
    let len = encoding.address_len(c)?;
    host(out, c, len)
}

/// Writes a group: address, mask and flags.
pub(super) fn group(out: &mut Out, encoding: Encoding, c: &mut Cursor<'_>) -> Walk {
    let flags = masked(out, encoding, c)?;
    if flags != 0 {
        write!(out, "(0x{flags:02x})");
    }
    Ok(())
}

/// Writes a source: address, mask and what tree is meant.
pub(super) fn source(out: &mut Out, encoding: Encoding, c: &mut Cursor<'_>) -> Walk {
    const NAMES: [(u8, &str); 3] = [(0x04, "S"), (0x02, "W"), (0x01, "R")];
    let flags = masked(out, encoding, c)?;
    if flags == 0 {
        return Ok(());
    }
    out.text("(");
    for (flag, name) in NAMES {
        out.text(if flags & flag != 0 { name } else { "" });
    }
    if flags & 0xf8 != 0 {
        write!(out, "+0x{:02x}", flags & 0xf8);
    }
    out.text(")");
    Ok(())
}

/// Writes an address, and its mask where it does not cover all of it; gives back the flags.
fn masked(out: &mut Out, encoding: Encoding, c: &mut Cursor<'_>) -> Walk<u8> {
    let len = encoding.address_len(c)?;
    if c.length() < len + 2 {
        return Err(Stop::Truncated);
    }
    c.need(len + 2)?;
    let [flags, bits] = *c.array()?;
    host(out, c, len)?;
    if usize::from(bits) != 8 * len {
        write!(out, "/{bits}");
    }
    Ok(flags)
}
