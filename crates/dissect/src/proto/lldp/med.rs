//! LLDP for Media Endpoint Devices (ANSI/TIA-1057).

use super::{Known, name, subtype};
use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const SUBTYPES: &Tokens = &[
    (1, "LLDP-MED Capabilities"),
    (2, "Network policy"),
    (3, "Location identification"),
    (4, "Extended power-via-MDI"),
    (5, "Inventory - hardware revision"),
    (6, "Inventory - firmware revision"),
    (7, "Inventory - software revision"),
    (8, "Inventory - serial number"),
    (9, "Inventory - manufacturer name"),
    (10, "Inventory - model name"),
    (11, "Inventory - asset ID"),
];

const CAPABILITIES: &Tokens = &[
    (1, "LLDP-MED capabilities"),
    (2, "network policy"),
    (4, "location identification"),
    (8, "extended power via MDI-PSE"),
    (16, "extended power via MDI-PD"),
    (32, "Inventory"),
];

const DEVICE_TYPES: &Tokens =
    &[(1, "endpoint class 1"), (2, "endpoint class 2"), (3, "endpoint class 3"), (4, "network connectivity")];

const APPLICATIONS: &Tokens = &[
    (1, "voice"),
    (2, "voice signaling"),
    (3, "guest voice"),
    (4, "guest voice signaling"),
    (5, "softphone voice"),
    (6, "video conferencing"),
    (7, "streaming video"),
    (8, "video signaling"),
];

const POLICY_FLAGS: &Tokens = &[(128, "Unknown"), (64, "Tagged"), (32, "reserved")];

const LOCATION_FORMATS: &Tokens = &[(1, "coordinate-based LCI"), (2, "civic address LCI"), (3, "ECS ELIN")];

const ALTITUDE_TYPES: &Tokens = &[(1, "meters"), (2, "floors")];

const DATUMS: &Tokens = &[
    (1, "World Geodesic System 1984"),
    (2, "North American Datum 1983 (NAVD88)"),
    (3, "North American Datum 1983 (MLLW)"),
];

const LOCATED: &Tokens = &[
    (0, "location of DHCP server"),
    (1, "location of the network element believed to be closest to the client"),
    (2, "location of the client"),
];

const CIVIC_ADDRESS_TYPES: &Tokens = &[
    (1, "national subdivisions (state,canton,region,province,prefecture)"),
    (2, "county, parish, gun, district"),
    (3, "city, township, shi"),
    (4, "city division, borough, city district, ward chou"),
    (5, "neighborhood, block"),
    (6, "street"),
];

const POWER_SOURCES: &Tokens =
    &[(1, "PSE - primary power source"), (2, "local - backup power source"), (3, "PSE+local - reserved")];

const POWER_PRIORITIES: &Tokens = &[(1, "critical"), (2, "high"), (3, "low")];

const INVENTORY: &Tokens = &[
    (5, "Hardware revision"),
    (6, "Firmware revision"),
    (7, "Software revision"),
    (8, "Serial number"),
    (9, "Manufacturer name"),
    (10, "Model name"),
    (11, "Asset ID"),
];

/// Prints a value from its subtype on.
pub(super) fn print(out: &mut Out, mut value: Cursor<'_>) -> Walk<Known> {
    let subtype = subtype(out, SUBTYPES, &mut value)?;
    match subtype {
        1 => {
            let (capabilities, device) = (value.u16()?, value.u8()?);
            out.text("\n\t    Media capabilities [");
            out.bits(CAPABILITIES, capabilities, ", ", format_args!("none"));
            write!(out, "] (0x{capabilities:04x})\n\t    Device type [");
            write!(out, "{}] (0x{device:02x})", name(DEVICE_TYPES, device, "unknown"));
        }
        2 => network_policy(out, value)?,
        3 => location(out, value)?,
        4 => extended_power(out, value)?,
        5..=11 => {
            out.text("\n\t  ").text(name(INVENTORY, subtype, "unknown")).text(" ");
            out.escaped_to_zero(value.bytes());
        }
        _ => return Ok(Known::No),
    }
    Ok(Known::Yes)
}

fn network_policy(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let (application, bits) = (value.u8()?, value.u24()?);
    let application_name = name(APPLICATIONS, application, "none");
    write!(out, "\n\t    Application type [{application_name}] (0x{application:02x}), Flags [");
    out.bits(POLICY_FLAGS, bits >> 16, ", ", format_args!("none"));
    write!(out, "]\n\t    Vlan id {}", (bits >> 9) & 0xfff);
    write!(out, ", L2 priority {}, DSCP value {}", (bits >> 6) & 7, bits & 0x3f);
    Ok(())
}

fn location(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let format = value.u8()?;
    let format_name = name(LOCATION_FORMATS, format, "unknown");
    write!(out, "\n\t    Location data format {format_name} (0x{format:02x})");
    match format {
        1 => coordinates(out, value),
        2 => civic_address(out, value),
        3 => {
            out.text("\n\t    ECS ELIN id ").escaped_to_zero(value.bytes());
            Ok(())
        }
        _ => {
            out.text("\n\t    Location ID ");
            out.dump_hex("\n\t      ", value.bytes());
            Ok(())
        }
    }
}

/// Bytes of latitude, longitude, altitude and the datum they count from.
const COORDINATES_LEN: usize = 16;

/// A place on the globe (RFC 6225 section 2.2): each coordinate follows how many of its bits are known.
fn coordinates(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    value.need(COORDINATES_LEN)?;
    for axis in ["Latitude", "Longitude"] {
        let bits = u64::from(value.u8()?) << 32 | u64::from(value.u32()?);
        write!(out, "\n\t    {axis} resolution {}", bits >> 34);
        write!(out, ", {} value {}", axis.to_ascii_lowercase(), bits & 0x3_ffff_ffff);
    }
    let bits = u64::from(value.u8()?) << 32 | u64::from(value.u32()?);
    let kind = (bits >> 36) as u8;
    write!(out, "\n\t    Altitude type {} ({kind})", name(ALTITUDE_TYPES, kind, "unknown"));
    write!(
        out,
        "\n\t    Altitude resolution {}, altitude value 0x{:x}",
        (bits >> 30) & 0x3f,
        bits & 0x3fff_ffff
    );
    let datum = value.u8()?;
    write!(out, "\n\t    Datum {} (0x{datum:02x})", name(DATUMS, datum, "unknown"));
    Ok(())
}

/// Bytes of what is located and in which country, before the elements of its address.
const CIVIC_MIN_LEN: usize = 3;

/// An address as people write it (RFC 4776 section 3.1).
fn civic_address(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let len = usize::from(value.u8()?);
    // Devices disagree on what the length counts; as much must be there as it says at most.
    if len < CIVIC_MIN_LEN || value.length() < len + 1 {
        return Err(Stop::Invalid);
    }
    let located = value.u8()?;
    write!(out, "\n\t    LCI length {len}, LCI what {}", name(LOCATED, located, "unknown"));
    write!(out, " (0x{located:02x}), Country-code ");
    out.escaped_to_zero(value.take(2)?);
    let mut left = len - CIVIC_MIN_LEN;
    while left >= 2 {
        let (kind, len) = (value.u8()?, usize::from(value.u8()?));
        left -= 2;
        write!(
            out,
            "\n\t      CA type '{}' ({kind}), length {len}: ",
            name(CIVIC_ADDRESS_TYPES, kind, "unknown")
        );
        if left < len {
            break;
        }
        out.escaped_to_zero(value.take(len)?);
        left -= len;
    }
    Ok(())
}

/// Power in tenths of a watt; higher values are not in use.
const MAX_POWER: u16 = 1023;

fn extended_power(out: &mut Out, mut value: Cursor<'_>) -> Walk {
    let (bits, power) = (value.u8()?, value.u16()?);
    // tcpdump takes the lowest bits for the type of device, and the text is what scripts know.
    let kind = if bits & 3 == 0 { "PSE device" } else { "PD device" };
    write!(out, "\n\t    Power type [{kind}]");
    write!(out, ", Power source [{}]", name(POWER_SOURCES, (bits >> 4) & 3, "none"));
    let priority = bits & 0xf;
    write!(out, "\n\t    Power priority [{}] (0x{priority:02x})", name(POWER_PRIORITIES, priority, "none"));
    if power <= MAX_POWER {
        write!(out, ", Power {:.1} Watts", f64::from(power) / 10.0);
    } else {
        write!(out, ", Power {power} (Reserved)");
    }
    Ok(())
}
