//! RTP Control Protocol (RFC 3550 section 6).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

mod kind {
    pub(super) const SENDER_REPORT: u16 = 200;
    pub(super) const RECEIVER_REPORT: u16 = 201;
    pub(super) const SOURCE_DESCRIPTION: u16 = 202;
    pub(super) const BYE: u16 = 203;
}

/// Bytes of the header with the sender's identifier, of a sender's report and of a block about a receiver.
const HEAD: usize = 8;
const SENDER_LEN: usize = 20;
const BLOCK_LEN: usize = 24;

/// Prints the packets of a compound RTCP packet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.captured() > 0 {
        let len = print_one(out, c)?;
        c.advance(len);
    }
    Ok(())
}

/// Prints one packet and says how long it claims to be.
fn print_one(out: &mut Out, c: Cursor<'_>) -> Walk<usize> {
    c.need(HEAD)?;
    let (flags, words) = (c.peek_u16(0)?, c.peek_u16(2)?);
    let len = (usize::from(words) + 1) * 4;
    let mut count = usize::from(flags >> 8 & 0x1f);
    let mut rest = c.ahead(HEAD);
    match flags & 0xff {
        kind::SENDER_REPORT => {
            out.text(" sr");
            if len != count * BLOCK_LEN + SENDER_LEN + HEAD {
                write!(out, " [{len}]");
            }
            sender(out, &c)?;
            let time = f64::from(rest.peek_u32(0)?) + f64::from(rest.peek_u32(4)?) / 4_294_967_296.0;
            let (media_time, packets, bytes) = (rest.peek_u32(8)?, rest.peek_u32(12)?, rest.peek_u32(16)?);
            write!(out, " @{time:.2} {media_time} {packets}p {bytes}b");
            rest.advance(SENDER_LEN);
        }
        kind::RECEIVER_REPORT => {
            out.text(" rr");
            if len != count * BLOCK_LEN + HEAD {
                write!(out, " [{len}]");
            }
            sender(out, &c)?;
        }
        kind::SOURCE_DESCRIPTION => {
            write!(out, " sdes {len}");
            sender(out, &c)?;
            count = 0;
        }
        kind::BYE => {
            write!(out, " bye {len}");
            sender(out, &c)?;
            count = 0;
        }
        other => {
            write!(out, " type-0x{other:x} {len}");
            count = 0;
        }
    }
    if count > 1 {
        write!(out, " c{count}");
    }
    // The original never moves on from the first block, and its text is what counts here.
    for _ in 0..count {
        block(out, &rest)?;
    }
    Ok(len)
}

/// The sender's identifier, with `-v`.
fn sender(out: &mut Out, c: &Cursor<'_>) -> Walk {
    if out.options.verbose > 0 {
        write!(out, " {}", c.peek_u32(4)?);
    }
    Ok(())
}

/// What a receiver heard of one source.
fn block(out: &mut Out, c: &Cursor<'_>) -> Walk {
    c.need(BLOCK_LEN)?;
    if out.options.verbose > 0 {
        write!(out, " {}", c.peek_u32(0)?);
    }
    let (lost, sequence, jitter) = (c.peek_u32(4)? & 0x00ff_ffff, c.peek_u32(8)?, c.peek_u32(12)?);
    let since_report = f64::from(c.peek_u32(20)?) / 65_536.0;
    let report_time = f64::from(c.peek_u32(16)?) / 65_536.0;
    write!(out, " {lost}l {sequence}s {jitter}j @{report_time:.2}+{since_report:.2}");
    Ok(())
}
