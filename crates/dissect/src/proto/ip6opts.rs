//! Options of IPv6 hop-by-hop and destination options headers (RFC 8200 section 4.2, RFC 2711, RFC 2675,
//! RFC 6275 section 6.3).

use crate::Out;
use wirescope_wire::{Cursor, Walk};

mod option {
    pub(super) const PAD_ONE: u8 = 0x00;
    pub(super) const PAD: u8 = 0x01;
    pub(super) const ROUTER_ALERT: u8 = 0x05;
    pub(super) const JUMBO: u8 = 0xc2;
    pub(super) const HOME_ADDRESS: u8 = 0xc9;
}

/// Bytes of type and length.
const HEAD: usize = 2;
const ROUTER_ALERT_LEN: usize = 2;
const JUMBO_LEN: usize = 4;
const HOME_ADDRESS_LEN: usize = 16;
/// A jumbo payload must not fit into the header's 16 bits.
const MIN_JUMBO: u32 = 65_536;

/// What was found of the jumbo payload option, and whether it may stand here.
#[derive(Clone, Copy)]
pub(crate) struct Jumbo {
    hop_by_hop: bool,
    no_payload_length: bool,
    found: Option<u32>,
}

impl Jumbo {
    /// For hop-by-hop options; `no_payload_length` where the IPv6 header leaves the length to them.
    pub(crate) fn allowed(no_payload_length: bool) -> Self {
        Jumbo { hop_by_hop: true, no_payload_length, found: None }
    }

    fn forbidden() -> Self {
        Jumbo { hop_by_hop: false, no_payload_length: false, found: None }
    }

    /// The payload length that a valid option gave.
    pub(crate) fn length(self) -> Option<u32> {
        self.found
    }

    /// Judges one option: the remark about it, empty where it counts.
    fn take(&mut self, length: u32) -> &'static str {
        if self.found.is_some() {
            " - already seen"
        } else if !self.hop_by_hop {
            " - not a hop-by-hop option"
        } else if !self.no_payload_length {
            " - payload len != 0"
        } else if length < MIN_JUMBO {
            " - < 65536"
        } else {
            self.found = Some(length);
            ""
        }
    }
}

/// Prints hop-by-hop options and advances past them.
pub(crate) fn print_hop_by_hop(out: &mut Out, c: &mut Cursor<'_>, jumbo: &mut Jumbo) -> Walk {
    print(out, c, "hbh", "HBH ", jumbo)
}

/// Prints destination options and advances past them.
pub(crate) fn print_destination(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    print(out, c, "dstopt", "DSTOPT ", &mut Jumbo::forbidden())
}

fn print(out: &mut Out, c: &mut Cursor<'_>, label: &'static str, name: &str, jumbo: &mut Jumbo) -> Walk {
    out.label(label);
    let units = usize::from(c.peek_u8(1)?);
    let len = (units + 1) * 8;
    c.need(len)?;
    out.text(name);
    let options = c.split(len).ahead(HEAD);
    if out.options.verbose > 0 || jumbo.hop_by_hop {
        print_options(out, options, jumbo)?;
    }
    if out.options.verbose > 0 {
        out.text(" ");
    }
    Ok(())
}

/// Walks the options; of those before each hop what they say counts also where nobody wants to read it.
fn print_options(out: &mut Out, mut c: Cursor<'_>, jumbo: &mut Jumbo) -> Walk {
    let verbose = out.options.verbose > 0;
    while c.length() > 0 {
        let kind = c.peek_u8(0)?;
        if kind == option::PAD_ONE {
            if verbose {
                out.text("(pad1)");
            }
            c.advance(1);
            continue;
        }
        let len = read_len(out, &c)?;
        let body = c.split(HEAD + len).ahead(HEAD);
        match kind {
            option::PAD if verbose => {
                out.text("(padn)");
            }
            option::ROUTER_ALERT => {
                exact(out, "(rtalert)", len, ROUTER_ALERT_LEN)?;
                let value = body.peek_u16(0)?;
                out.field("router_alert", value);
                if verbose {
                    write!(out, "(rtalert: 0x{value:04x}) ");
                }
            }
            option::JUMBO => {
                exact(out, "(jumbo)", len, JUMBO_LEN)?;
                let length = body.peek_u32(0)?;
                let remark = jumbo.take(length);
                if verbose {
                    write!(out, "(jumbo: {length}{remark}) ");
                }
            }
            option::HOME_ADDRESS => home_address(out, body)?,
            option::PAD => {}
            _ if verbose => write!(out, "(unknown opt-type 0x{kind:02x} len={len})"),
            _ => {}
        }
    }
    Ok(())
}

/// The length of the option's body; the option must fit into what is left.
fn read_len(out: &mut Out, c: &Cursor<'_>) -> Walk<usize> {
    if c.length() < HEAD {
        return out.disagree("remaining length", c.length(), "<", HEAD);
    }
    let len = usize::from(c.peek_u8(1)?);
    if c.length() < HEAD + len {
        return out.disagree("remaining length", c.length(), "<", HEAD + len);
    }
    Ok(len)
}

fn exact(out: &mut Out, option: &str, len: usize, right: usize) -> Walk {
    if len != right {
        return out.disagree(&format!("{option} length"), len, "!=", right);
    }
    Ok(())
}

/// The home address of a mobile node, with options of its own after it.
fn home_address(out: &mut Out, body: Cursor<'_>) -> Walk {
    if body.length() < HOME_ADDRESS_LEN {
        return out.disagree("(homeaddr) length", body.length(), "<", HOME_ADDRESS_LEN);
    }
    let address = *body.peek_array::<16>(0)?;
    out.field("home_address", address);
    if out.options.verbose > 0 {
        out.text("(homeaddr: ").host6(address);
        sub_options(out, body.ahead(HOME_ADDRESS_LEN))?;
        out.text(")");
    }
    Ok(())
}

fn sub_options(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    while c.length() > 0 {
        let kind = c.peek_u8(0)?;
        if kind == option::PAD_ONE {
            out.text(", pad1");
            c.advance(1);
            continue;
        }
        let len = read_len(out, &c)?;
        if kind == option::PAD {
            out.text(", padn");
        } else {
            write!(out, ", unknown subopt-type 0x{kind:02x} len={len}");
        }
        c.advance(HEAD + len);
    }
    Ok(())
}
