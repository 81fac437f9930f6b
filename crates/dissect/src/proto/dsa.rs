//! Tags of Marvell's Distributed Switch Architecture between Ethernet addresses and type (Linux kernel,
//! `net/dsa/tag_dsa.c`).

use crate::Out;
use crate::proto::ether::{self, Around, SwitchTag};
use crate::proto::names::ETHER_TYPES;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const MODES: &Tokens = &[(0, "To CPU"), (1, "From CPU"), (2, "To Sniffer"), (3, "Forward")];

const CODES: &Tokens = &[
    (0, "BPDU (MGMT) Trap"),
    (1, "Frame2Reg"),
    (2, "IGMP/MLD Trap"),
    (3, "Policy Trap"),
    (4, "ARP Mirror"),
    (5, "Policy Mirror"),
];

/// Bytes of a tag, and of one behind an Ethernet type and reserved bytes.
const TAG_LEN: usize = 4;
const ETHERTYPE_TAG_LEN: usize = 8;

/// Prints a captured frame with a tag.
pub(crate) fn print_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    with_tag(out, c, SwitchTag { len: TAG_LEN, print: tag })
}

/// Prints a captured frame whose tag has an Ethernet type of its own.
pub(crate) fn print_ethertype_link(out: &mut Out, c: Cursor<'_>) -> Walk {
    with_tag(out, c, SwitchTag { len: ETHERTYPE_TAG_LEN, print: ethertype_tag })
}

fn with_tag(out: &mut Out, c: Cursor<'_>, tag: SwitchTag) -> Walk {
    ether::print_link_around(out, c, Around { switch_tag: Some(tag), ..Around::default() })
}

fn tag(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text(if out.options.link_header { "Marvell DSA " } else { "DSA " });
    Tag::read(c)?.print(out);
    Ok(())
}

fn ethertype_tag(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (kind, [reserved_1, reserved_2]) = (c.u16()?, *c.array()?);
    if out.options.link_header {
        let name = tokens::name(ETHER_TYPES, kind.into()).unwrap_or("Unknown");
        write!(out, "Marvell EDSA ethertype 0x{kind:04x} ({name}), ");
        write!(out, "rsvd {} {}, ", reserved_1, reserved_2);
    } else {
        write!(out, "EDSA 0x{kind:04x}, ");
    }
    Tag::read(c)?.print(out);
    Ok(())
}

/// Where a frame comes from or goes to.
#[derive(Clone, Copy)]
enum Mode {
    ToCpu,
    FromCpu,
    ToSniffer,
    Forward,
}

struct Tag {
    mode: Mode,
    is_tagged: bool,
    device: u8,
    port: u8,
    /// A group of ports in place of one, or a frame that the sniffer saw arrive.
    trunk_or_receive: bool,
    canonical: bool,
    code: u8,
    priority: u8,
    vlan: u16,
}

impl Tag {
    fn read(mut c: Cursor<'_>) -> Walk<Self> {
        let [a, b, d, e] = *c.array()?;
        Ok(Tag {
            mode: match a >> 6 {
                0 => Mode::ToCpu,
                1 => Mode::FromCpu,
                2 => Mode::ToSniffer,
                _ => Mode::Forward,
            },
            is_tagged: a & 0x20 != 0,
            device: a & 0x1f,
            port: b >> 3,
            trunk_or_receive: b & 0x04 != 0,
            canonical: b & 0x01 != 0,
            // Its lowest bit stands apart.
            code: (b & 0x06) | ((d >> 4) & 0x01),
            priority: d >> 5,
            vlan: u16::from_be_bytes([d & 0x0f, e]),
        })
    }

    fn print(&self, out: &mut Out) {
        out.field("device", self.device);
        out.field("port", self.port);
        out.field("vlan", self.vlan);
        if out.options.link_header { self.print_long(out) } else { self.print_short(out) }
    }

    fn print_long(&self, out: &mut Out) {
        let Tag { device, port, .. } = *self;
        out.text("mode ");
        out.token(MODES, self.mode as u8, format_args!("unknown"));
        match self.mode {
            Mode::Forward => write!(out, ", dev {device}, {} {port}, ", self.port_or_trunk()),
            Mode::FromCpu => write!(out, ", target dev {device}, port {port}, "),
            Mode::ToCpu => {
                write!(out, ", source dev {device}, port {port}, code ");
                out.token(CODES, self.code, format_args!("reserved"));
                out.text(", ");
            }
            Mode::ToSniffer => {
                let direction = if self.trunk_or_receive { "ingress" } else { "egress" };
                write!(out, ", source dev {device}, port {port}, {direction} sniff, ");
            }
        }
        out.text(if self.is_tagged { "tagged, " } else { "untagged, " });
        out.text(if self.canonical { "CFI, " } else { "" });
        write!(out, "VID {}, FPri {}, ", self.vlan, self.priority);
    }

    fn print_short(&self, out: &mut Out) {
        let Tag { device, port, .. } = *self;
        match self.mode {
            Mode::Forward => write!(out, "Forward {} {device}.{port}, ", self.port_or_trunk()),
            Mode::FromCpu => write!(out, "CPU > port {device}.{port}, "),
            Mode::ToCpu => write!(out, "port {device}.{port} > CPU, "),
            Mode::ToSniffer => {
                let direction = if self.trunk_or_receive { "Rx" } else { "Tx" };
                write!(out, "port {device}.{port} > {direction} Sniffer, ");
            }
        }
        write!(out, "VLAN {}{}, ", self.vlan, if self.is_tagged { 't' } else { 'u' });
    }

    fn port_or_trunk(&self) -> &'static str {
        if self.trunk_or_receive { "trunk" } else { "port" }
    }
}
