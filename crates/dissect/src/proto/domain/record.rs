//! Questions and resource records (RFC 1035 section 3).

use super::{CLASS_TOP_BIT, CLASSES, INTERNET, TYPES, edns, name};
use crate::Out;
use wirescope_wire::dns::Dns;
use wirescope_wire::{Cursor, Stop, Walk};

/// The two forms of DNS, which differ in what the top bit of a class means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unicast,
    Multicast,
}

pub(super) mod record_type {
    pub(in super::super) const A: u16 = 1;
    pub(in super::super) const NS: u16 = 2;
    pub(in super::super) const CNAME: u16 = 5;
    pub(in super::super) const SOA: u16 = 6;
    pub(in super::super) const PTR: u16 = 12;
    pub(in super::super) const MX: u16 = 15;
    pub(in super::super) const TXT: u16 = 16;
    pub(in super::super) const AAAA: u16 = 28;
    pub(in super::super) const SRV: u16 = 33;
    pub(in super::super) const A6: u16 = 38;
    pub(in super::super) const DNAME: u16 = 39;
    pub(in super::super) const OPT: u16 = 41;
    pub(in super::super) const TSIG: u16 = 250;
    pub(in super::super) const URI: u16 = 256;
}

/// The response code with the upper bits that an OPT record among the additional ones brings (RFC 6891
/// section 6.1.3). `c` stands behind the header.
pub(super) fn response_code(header: Dns<'_>, c: Cursor<'_>) -> u16 {
    let code = u16::from(header.rcode());
    match extension(header, c) {
        Ok(Some(upper)) => u16::from(upper) << 4 | code,
        _ => code,
    }
}

/// The upper bits of the response code, from the first OPT record.
fn extension(header: Dns<'_>, mut c: Cursor<'_>) -> Walk<Option<u8>> {
    let [questions, answers, authorities, additionals] = header.counts();
    if additionals == 0 {
        return Ok(None);
    }
    for _ in 0..questions {
        name::skip(&mut c)?;
        c.skip(4)?;
    }
    for _ in 0..u32::from(answers) + u32::from(authorities) {
        skip(&mut c)?;
    }
    for _ in 0..additionals {
        let mut record = c;
        name::skip(&mut record)?;
        if record.u16()? == record_type::OPT {
            return record.peek_u8(2).map(Some);
        }
        skip(&mut c)?;
    }
    Ok(None)
}

/// Advances past a record.
fn skip(c: &mut Cursor<'_>) -> Walk {
    name::skip(c)?;
    c.skip(8)?;
    let length = c.u16()?;
    c.skip(length.into())
}

/// Prints a question: what is asked first, then of whom.
pub(super) fn question<'a>(out: &mut Out, message: Cursor<'a>, c: &mut Cursor<'a>, kind: Kind) -> Walk {
    let mut asked = *c;
    name::skip(c)?;
    c.need(4)?;
    let (record_type, class) = (c.u16()?, c.u16()?);
    print_type(out, record_type);
    match kind {
        Kind::Unicast => print_class(out, class),
        Kind::Multicast => {
            print_class(out, class & !CLASS_TOP_BIT);
            out.text(if class & CLASS_TOP_BIT != 0 { " (QU)" } else { " (QM)" });
        }
    }
    out.text("? ");
    name::print(out, message, &mut asked)
}

/// Prints a resource record and advances past it.
pub(super) fn print<'a>(out: &mut Out, message: Cursor<'a>, c: &mut Cursor<'a>, kind: Kind) -> Walk {
    let named = if out.options.verbose > 0 {
        out.text(" ");
        name::print(out, message, c)?;
        true
    } else {
        name::skip(c).is_ok()
    };
    if !named || !c.has(10) {
        // Nothing more to tell of this record, nor of those after it.
        c.advance(c.captured());
        return Ok(());
    }
    let (record_type, class, ttl) = (c.u16()?, c.u16()?, c.u32()?);
    if record_type != record_type::OPT {
        match kind {
            Kind::Unicast => print_class(out, class),
            Kind::Multicast => {
                print_class(out, class & !CLASS_TOP_BIT);
                if class & CLASS_TOP_BIT != 0 {
                    out.text(" (Cache flush)");
                }
            }
        }
        if out.options.verbose > 2 {
            out.text(" [").relative_time(ttl).text("]");
        }
    }
    let length = usize::from(c.u16()?);
    print_type(out, record_type);
    c.need(length)?;
    let record = Record { message, length, class, ttl };
    record.data(out, *c, record_type)?;
    c.advance(length);
    Ok(())
}

fn print_type(out: &mut Out, record_type: u16) {
    out.text(" ");
    out.token(TYPES, record_type, format_args!("Type{record_type}"));
}

fn print_class(out: &mut Out, class: u16) {
    if class != INTERNET {
        out.text(" ");
        out.token(CLASSES, class, format_args!("(Class {class})"));
    }
}

/// What the data of a record is shown with.
struct Record<'a> {
    message: Cursor<'a>,
    length: usize,
    class: u16,
    ttl: u32,
}

impl<'a> Record<'a> {
    fn data(&self, out: &mut Out, mut c: Cursor<'a>, record_type: u16) -> Walk {
        match record_type {
            record_type::A => {
                let address = *c.array()?;
                out.text(" ").ipv4(address);
            }
            record_type::AAAA => {
                let address = *c.array()?;
                out.text(" ").ipv6(address);
            }
            record_type::NS | record_type::CNAME | record_type::PTR | record_type::DNAME => {
                self.name(out, &mut c)?;
            }
            record_type::SOA if out.options.verbose > 0 => self.start_of_authority(out, c)?,
            record_type::MX => {
                let preference = c.u16()?;
                self.name(out, &mut c)?;
                out.text(" ").dec(preference);
            }
            record_type::TXT => self.strings(out, c)?,
            record_type::SRV => {
                let [priority, weight, port] = [c.u16()?, c.u16()?, c.u16()?];
                self.name(out, &mut c)?;
                write!(out, ":{port} {priority} {weight}");
            }
            record_type::A6 => self.a6(out, c)?,
            record_type::OPT => {
                out.text(" UDPsize=").dec(self.class);
                if self.ttl & 0x8000 != 0 {
                    out.text(" DO");
                }
                if self.length > 0 {
                    edns::print(out, self.message, c, self.length)?;
                }
            }
            record_type::TSIG if out.options.verbose > 0 => self.transaction_signature(out, c)?,
            record_type::URI => self.uri(out, c)?,
            _ => {}
        }
        Ok(())
    }

    fn name(&self, out: &mut Out, c: &mut Cursor<'a>) -> Walk {
        out.text(" ");
        name::print(out, self.message, c)
    }

    fn start_of_authority(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk {
        self.name(out, &mut c)?;
        self.name(out, &mut c)?;
        for _ in 0..5 {
            out.text(" ").dec(c.u32()?);
        }
        Ok(())
    }

    fn strings(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk {
        let end = c.at() + self.length;
        while c.at() < end {
            out.text(" \"");
            let count = usize::from(c.u8()?);
            out.escaped_take(&mut c, count)?;
            out.text("\"");
        }
        Ok(())
    }

    /// An IPv6 address of which a number of leading bits stand under another name (RFC 2874).
    fn a6(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk {
        let prefix_len = usize::from(c.u8()?);
        if prefix_len > 128 {
            write!(out, " {prefix_len}(bad plen)");
            return Ok(());
        }
        if prefix_len < 128 {
            let octets = (128 - prefix_len).div_ceil(8);
            let mut address = [0; 16];
            for (to, from) in address.iter_mut().rev().zip(c.take(octets)?.iter().rev()) {
                *to = *from;
            }
            write!(out, " {prefix_len} ");
            out.ipv6(address);
        }
        if prefix_len > 0 {
            self.name(out, &mut c)?;
        }
        Ok(())
    }

    fn transaction_signature(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk {
        self.name(out, &mut c)?;
        c.advance(6);
        write!(out, " fudge={}", c.u16()?);
        let signature_len = c.u16()?;
        write!(out, " maclen={signature_len}");
        c.advance(usize::from(signature_len));
        write!(out, " origid={}", c.u16()?);
        write!(out, " error={}", c.u16()?);
        write!(out, " otherlen={}", c.u16()?);
        Ok(())
    }

    fn uri(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk {
        let Some(target_len) = self.length.checked_sub(4) else {
            write!(out, " len {} is too short (< 4)", self.length);
            return Err(Stop::Truncated);
        };
        write!(out, " {} {} ", c.u16()?, c.u16()?);
        out.escaped_take(&mut c, target_len)
    }
}
