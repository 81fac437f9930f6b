//! Link Layer Discovery Protocol (IEEE 802.1AB-2016).

mod dcbx;
mod ieee802_1;
mod ieee802_3;
mod med;

use crate::Out;
use crate::proto::names::{ADDRESS_FAMILIES, OUIS};
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const TLVS: &Tokens = &[
    (0, "End"),
    (1, "Chassis ID"),
    (2, "Port ID"),
    (3, "Time to Live"),
    (4, "Port Description"),
    (5, "System Name"),
    (6, "System Description"),
    (7, "System Capabilities"),
    (8, "Management Address"),
    (127, "Organization specific"),
];

const CHASSIS_SUBTYPES: &Tokens = &[
    (1, "Chassis component"),
    (2, "Interface alias"),
    (3, "Port component"),
    (4, "MAC address"),
    (5, "Network address"),
    (6, "Interface name"),
    (7, "Local"),
];

const PORT_SUBTYPES: &Tokens = &[
    (1, "Interface alias"),
    (2, "Port component"),
    (3, "MAC address"),
    (4, "Network Address"),
    (5, "Interface Name"),
    (6, "Agent circuit ID"),
    (7, "Local"),
];

const CAPABILITIES: &Tokens = &[
    (1, "Other"),
    (2, "Repeater"),
    (4, "Bridge"),
    (8, "WLAN AP"),
    (16, "Router"),
    (32, "Telephone"),
    (64, "Docsis"),
    (128, "Station Only"),
];

const INTERFACE_NUMBERINGS: &Tokens = &[(2, "Interface Index"), (3, "System Port Number")];

const IANA_SUBTYPES: &Tokens = &[(1, "MUD-URL")];

/// Types of values.
mod tlv {
    pub(super) const END: u8 = 0;
    pub(super) const CHASSIS_ID: u8 = 1;
    pub(super) const PORT_ID: u8 = 2;
    pub(super) const TIME_TO_LIVE: u8 = 3;
    pub(super) const PORT_DESCRIPTION: u8 = 4;
    pub(super) const SYSTEM_NAME: u8 = 5;
    pub(super) const SYSTEM_DESCRIPTION: u8 = 6;
    pub(super) const SYSTEM_CAPABILITIES: u8 = 7;
    pub(super) const MANAGEMENT_ADDRESS: u8 = 8;
    pub(super) const ORGANIZATION: u8 = 127;
}

/// Who defines values of their own.
mod oui {
    pub(super) const IANA: u32 = 0x00005e;
    pub(super) const IEEE_802_1: u32 = 0x0080c2;
    pub(super) const IEEE_802_3: u32 = 0x00120f;
    pub(super) const TIA: u32 = 0x0012bb;
    pub(super) const DCBX: u32 = 0x001b21;
}

/// Address families in chassis, port and management addresses.
mod family {
    pub(super) const IPV4: u8 = 1;
    pub(super) const IPV6: u8 = 2;
    pub(super) const IEEE_802: u8 = 6;
}

/// Bytes of a value's type and length.
const HEADER_LEN: usize = 2;

/// How far a value is understood: what is not is dumped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Yes,
    No,
}

/// Prints an advertisement.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "LLDP, length {}", c.length());
    while c.length() >= HEADER_LEN {
        let header = c.u16()?;
        let (kind, len) = ((header >> 9) as u8, usize::from(header & 0x1ff));
        if out.options.verbose > 0 {
            out.text("\n\t");
            out.token(TLVS, kind, format_args!("Unknown"));
            write!(out, " TLV ({kind}), length {len}");
        }
        // Only the end may be empty.
        if kind == tlv::END || len == 0 {
            return Ok(());
        }
        if c.length() < len {
            return Err(Stop::Truncated);
        }
        c.need(len)?;
        let value = c.split(len);
        let known = value_of(out, kind, value)?;
        if out.options.verbose > 1 || (out.options.verbose > 0 && known == Known::No) {
            out.dump_hex("\n\t  ", value.bytes());
        }
    }
    Ok(())
}

/// Prints a value; of all but the system's name nothing is shown in short.
fn value_of(out: &mut Out, kind: u8, value: Cursor<'_>) -> Walk<Known> {
    if kind == tlv::SYSTEM_NAME {
        out.field("system_name", value.bytes());
        out.text(": ").escaped_to_zero(value.bytes());
        return Ok(Known::Yes);
    }
    let is_short = out.options.verbose == 0;
    match kind {
        tlv::CHASSIS_ID => {
            at_least(value, 2)?;
            if !is_short {
                chassis_id(out, value)?;
            }
        }
        tlv::PORT_ID => {
            at_least(value, 2)?;
            if !is_short {
                port_id(out, value)?;
            }
        }
        tlv::TIME_TO_LIVE if !is_short => {
            at_least(value, 2)?;
            write!(out, ": TTL {}s", value.peek_u16(0)?);
        }
        tlv::PORT_DESCRIPTION if !is_short => _ = out.text(": ").escaped_to_zero(value.bytes()),
        tlv::SYSTEM_DESCRIPTION if !is_short => _ = out.text("\n\t  ").escaped_to_zero(value.bytes()),
        tlv::SYSTEM_CAPABILITIES if !is_short => {
            at_least(value, 4)?;
            for (what, bits) in [("System  ", value.peek_u16(0)?), ("Enabled ", value.peek_u16(2)?)] {
                out.text("\n\t  ").text(what).text("Capabilities [");
                out.bits(CAPABILITIES, bits, ", ", format_args!("none"));
                write!(out, "] (0x{bits:04x})");
            }
        }
        tlv::MANAGEMENT_ADDRESS if !is_short => management_address(out, value)?,
        tlv::ORGANIZATION if !is_short => return organization(out, value),
        tlv::TIME_TO_LIVE
        | tlv::PORT_DESCRIPTION
        | tlv::SYSTEM_DESCRIPTION
        | tlv::SYSTEM_CAPABILITIES
        | tlv::MANAGEMENT_ADDRESS
        | tlv::ORGANIZATION => {}
        _ => return Ok(Known::No),
    }
    Ok(Known::Yes)
}

/// Values that are too short end the walk as if they had been cut off.
fn at_least(value: Cursor<'_>, len: usize) -> Walk {
    if value.length() < len { Err(Stop::Truncated) } else { Ok(()) }
}

/// How an identifier is to be understood.
enum Identifier {
    Text,
    Mac,
    Network,
    Unknown,
}

fn chassis_id(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let subtype = value.u8()?;
    write!(out, "\n\t  Subtype {} ({subtype}): ", name(CHASSIS_SUBTYPES, subtype, "Unknown"));
    identifier(
        out,
        value,
        match subtype {
            1 | 2 | 3 | 6 | 7 => Identifier::Text,
            4 => Identifier::Mac,
            5 => Identifier::Network,
            _ => Identifier::Unknown,
        },
    )
}

fn port_id(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let subtype = value.u8()?;
    write!(out, "\n\t  Subtype {} ({subtype}): ", name(PORT_SUBTYPES, subtype, "Unknown"));
    identifier(
        out,
        value,
        match subtype {
            1 | 2 | 5 | 6 | 7 => Identifier::Text,
            3 => Identifier::Mac,
            4 => Identifier::Network,
            _ => Identifier::Unknown,
        },
    )
}

fn identifier(out: &mut Out, mut value: Cursor<'_>, form: Identifier) -> Walk {
    match form {
        Identifier::Text => _ = out.escaped_to_zero(value.bytes()),
        Identifier::Mac => {
            let address = *value.array()?;
            out.ether_host(address);
        }
        Identifier::Network => network_address(out, value)?,
        Identifier::Unknown => {}
    }
    Ok(())
}

/// Writes an address behind its family.
fn network_address(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let family = c.u8()?;
    let named = |out: &mut Out| write!(out, "AFI {} ({family})", name(ADDRESS_FAMILIES, family, "Unknown"));
    match family {
        family::IPV4 => {
            let address = *c.array()?;
            named(out);
            out.text(": ").host4(address);
        }
        family::IPV6 => {
            let address = *c.array()?;
            named(out);
            out.text(": ").host6(address);
        }
        family::IEEE_802 => {
            let address = *c.array()?;
            named(out);
            out.text(": ").ether_host(address);
        }
        _ => {
            named(out);
            out.text(", no AF printer !");
        }
    }
    Ok(())
}

/// An address under which the system is managed, its interface, and what it is in the management's terms.
fn management_address(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let len = usize::from(value.u8()?);
    at_least(value, len)?;
    let mut address = value.split(len);
    address.need(1)?;
    let before = out.buffer().len();
    write!(out, "\n\t  Management Address length {len}, ");
    if let Err(stop) = network_address(out, address.split(len)) {
        out.take_back(before);
        return Err(stop);
    }
    at_least(value, 5)?;
    let (numbering, interface) = (value.u8()?, value.u32()?);
    let numbering_name = name(INTERFACE_NUMBERINGS, numbering, "Unknown");
    write!(out, "\n\t  {numbering_name} Interface Numbering ({numbering}): {interface}");
    if value.length() > 0 {
        let len = usize::from(value.u8()?);
        if len > 0 {
            at_least(value, len)?;
            write!(out, "\n\t  OID length {len}");
            out.escaped_to_zero(value.split(len).bytes());
        }
    }
    Ok(())
}

/// What a value defined by an organization has before its own fields: its identifier and a subtype.
const ORGANIZATION_LEN: usize = 4;

/// A value that an organization defined.
fn organization(out: &mut Out, value: Cursor<'_>) -> Walk<Known> {
    at_least(value, 3)?;
    let oui = value.peek_u24(0)?;
    write!(out, ": OUI {} (0x{oui:06x})", tokens::name(OUIS, oui).unwrap_or("Unknown"));
    let print = match oui {
        oui::IEEE_802_1 => ieee802_1::print,
        oui::IEEE_802_3 => ieee802_3::print,
        oui::IANA => iana,
        oui::TIA => med::print,
        oui::DCBX => dcbx::print,
        _ => return Ok(Known::No),
    };
    if value.length() < ORGANIZATION_LEN {
        return Ok(Known::Yes);
    }
    // A value too short for its fields ends without a word.
    match print(out, value.ahead(ORGANIZATION_LEN - 1)) {
        Err(_) => Ok(Known::Yes),
        known => known,
    }
}

/// Writes the subtype of an organization's value.
fn subtype(out: &mut Out, names: &Tokens, value: &mut Cursor<'_>) -> Walk<u8> {
    let subtype = value.u8()?;
    write!(out, "\n\t  {} Subtype ({subtype})", name(names, subtype, "unknown"));
    Ok(subtype)
}

fn name(names: &Tokens, value: u8, unknown: &'static str) -> &'static str {
    tokens::name(names, value.into()).unwrap_or(unknown)
}

/// Bytes of the shortest description's address.
const MUD_MIN_LEN: usize = 4;

/// Where to find the Manufacturer Usage Description (RFC 8520 section 11).
fn iana(out: &mut Out, mut value: Cursor<'_>) -> Walk<Known> {
    value.need(1 + MUD_MIN_LEN)?;
    if subtype(out, IANA_SUBTYPES, &mut value)? != 1 {
        return Ok(Known::No);
    }
    out.text("\n\t  MUD-URL=").escaped_to_zero(value.bytes());
    Ok(Known::Yes)
}
