//! Configuration Testing Protocol (Ethernet version 2.0 section 8): messages that stations loop back.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const FUNCTIONS: &Tokens = &[(1, "Reply"), (2, "Forward Data")];

const REPLY: u16 = 1;
const FORWARD_DATA: u16 = 2;

/// Prints the message that is next to be acted on.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text("Loopback");
    if c.length() < 2 {
        return out.disagree("len", c.length(), "<", 2);
    }
    let skip_count = c.u16_le()?;
    out.field("skip_count", skip_count);
    write!(out, ", skipCount {skip_count}");
    if skip_count % 8 != 0 {
        out.text(" (bogus)");
    }
    if usize::from(skip_count) > c.length() {
        return out.disagree("skipCount", skip_count, ">", c.length());
    }
    c.skip(skip_count.into())?;
    message(out, c)
}

fn message(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 2 {
        return out.disagree("len", c.length(), "<", 2);
    }
    let function = c.u16_le()?;
    out.field("function", function);
    out.text(", ");
    out.token(FUNCTIONS, function, format_args!(" invalid ({function})"));
    match function {
        REPLY => {
            if c.length() < 2 {
                return out.disagree("len", c.length(), "<", 2);
            }
            let receipt = c.u16_le()?;
            out.field("receipt", receipt);
            write!(out, ", receipt number {receipt}, data ({} octets)", c.length());
        }
        FORWARD_DATA => {
            if c.length() < 6 {
                return out.disagree("len", c.length(), "<", 6);
            }
            let address = *c.array::<6>()?;
            out.field("forwarding_address", address);
            out.text(", forwarding address ").ether_host(address);
            write!(out, ", data ({} octets)", c.length());
        }
        _ => {}
    }
    c.need(c.length())
}
