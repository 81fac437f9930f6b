//! Linux cooked capture, versions 1 and 2 (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).

use crate::Out;
use crate::proto::names::ETHER_TYPES;
use crate::proto::{ether, llc};
use crate::tokens::{self, Tokens};
use wirescope_wire::ethernet::{MAX_LENGTH, VlanTag, ether_type};
use wirescope_wire::{Cursor, Stop, Walk};

pub(crate) const PACKET_TYPES: &Tokens = &[(0, "In"), (1, "B"), (2, "M"), (3, "P"), (4, "Out")];

/// Numbers in place of an Ethernet type: IPX without LLC, and LLC.
const IPX_FRAME: u16 = 1;
const LLC_FRAME: u16 = 4;

/// Bytes of a header of version 1 and of version 2.
const LEN: usize = 16;
const LEN_2: usize = 20;

/// What both versions say, in different order.
struct Cooked {
    interface: Option<u32>,
    packet_type: u16,
    hardware_type: u16,
    address_len: u16,
    address: [u8; 8],
    protocol: u16,
}

/// Prints a packet of version 1.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.captured() < LEN {
        return Err(Stop::Truncated);
    }
    let cooked = Cooked {
        interface: None,
        packet_type: c.u16()?,
        hardware_type: c.u16()?,
        address_len: c.u16()?,
        address: *c.array()?,
        protocol: c.u16()?,
    };
    cooked.print(out, c)
}

/// Prints a packet of version 2.
pub(crate) fn print_2(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.captured() < LEN_2 {
        return Err(Stop::Truncated);
    }
    let protocol = c.u16()?;
    c.skip(2)?;
    let interface = c.u32()?;
    let cooked = Cooked {
        interface: Some(interface),
        hardware_type: c.u16()?,
        packet_type: c.u8()?.into(),
        address_len: c.u8()?.into(),
        address: *c.array()?,
        protocol,
    };
    let name = out.names.interface(interface).unwrap_or("?").to_owned();
    out.left(&name, 5).text(" ").left(packet_type(cooked.packet_type), 3).text(" ");
    cooked.print(out, c)
}

fn packet_type(packet_type: u16) -> &'static str {
    tokens::name(PACKET_TYPES, packet_type.into()).unwrap_or("?")
}

impl Cooked {
    fn print(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        self.fields(out);
        let own_len = if self.interface.is_some() { LEN_2 } else { LEN };
        if out.options.link_header {
            self.header(out, c.length() + own_len);
        }
        let start = c;
        let (c, printed) = self.payload(out, c)?;
        if let Printed::UnknownType = printed
            && !out.options.link_header
        {
            // Without the VLAN tags, which have been shown.
            self.header(out, c.length() + own_len);
        }
        if !matches!(printed, Printed::Yes { .. }) {
            out.unknown(c.bytes());
        }
        let header = if let Printed::Yes { header } = printed { header } else { 0 };
        out.context.link_header_len += own_len + c.at().saturating_sub(start.at()) + header;
        Ok(())
    }

    fn fields(&self, out: &mut Out) {
        out.field("packet_type", self.packet_type);
        out.field("hardware_type", self.hardware_type);
        out.field("address", self.address.get(..self.address_len.into()).unwrap_or(&self.address));
        out.field("protocol", self.protocol);
        if let Some(interface) = self.interface {
            out.field("interface", interface);
        }
    }

    fn header(&self, out: &mut Out, length: usize) {
        match self.interface {
            Some(interface) => write!(out, "ifindex {interface} "),
            None => write!(out, "{:>3} ", packet_type(self.packet_type)),
        }
        if self.address_len == 6 {
            let [a, b, c, d, e, f, ..] = self.address;
            out.ether_host([a, b, c, d, e, f]).text(" ");
        }
        if !out.options.quiet {
            match self.protocol {
                IPX_FRAME => out.text("802.3"),
                LLC_FRAME => out.text("802.2"),
                0..=MAX_LENGTH => out.text("ethertype Unknown (0x").hex(self.protocol, 4).text(")"),
                kind => {
                    let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
                    out.text("ethertype ").text(name).text(" (0x").hex(kind, 4).text(")")
                }
            };
            write!(out, ", length {length}: ");
        }
    }

    /// Prints the payload behind VLAN tags; also gives back where it starts.
    fn payload<'a>(&self, out: &mut Out, mut c: Cursor<'a>) -> Walk<(Cursor<'a>, Printed)> {
        let mut kind = self.protocol;
        while kind == ether_type::VLAN {
            let start = c;
            let Ok(tag) = VlanTag::read(&mut c) else {
                out.label("vlan");
                out.truncated();
                return Ok((start, Printed::Yes { header: start.captured() }));
            };
            if out.options.link_header {
                ether::vlan_tag(out, tag.control);
                out.text(", ");
            }
            out.field("vlan", tag.id());
            kind = if tag.ether_type <= MAX_LENGTH { LLC_FRAME } else { tag.ether_type };
            if !out.options.quiet {
                let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
                out.text("ethertype ").text(name).text(", ");
            }
        }
        let printed = match kind {
            IPX_FRAME => ether::network(out, ether::IPX, c)?.into(),
            LLC_FRAME => {
                let header = llc::frame(out, c)?;
                if header.known { Printed::Yes { header: header.len } } else { Printed::No }
            }
            0..=MAX_LENGTH => Printed::No,
            _ if ether::payload(out, kind, c)? => Printed::Yes { header: 0 },
            _ => Printed::UnknownType,
        };
        Ok((c, printed))
    }
}

/// What became of a payload.
enum Printed {
    /// It was printed, with so many bytes of further header.
    Yes { header: usize },
    /// It was not.
    No,
    /// It was not, as its Ethernet type is not known: then the header is shown in any case.
    UnknownType,
}

impl From<bool> for Printed {
    fn from(printed: bool) -> Self {
        if printed { Printed::Yes { header: 0 } } else { Printed::No }
    }
}
