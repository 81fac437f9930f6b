//! Values that IEEE 802.3 defines (IEEE 802.3-2018 section 79.3).

use super::ieee802_1::aggregation;
use super::{Known, name, subtype};
use crate::Out;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

const SUBTYPES: &Tokens = &[
    (1, "MAC/PHY configuration/status"),
    (2, "Power via MDI"),
    (3, "Link aggregation"),
    (4, "Max frame size"),
];

const AUTONEGOTIATION: &Tokens = &[(1, "supported"), (2, "enabled")];

const CAPABILITIES: &Tokens = &[
    (0x4000, "10BASE-T hdx"),
    (0x2000, "10BASE-T fdx"),
    (0x1000, "100BASE-T4"),
    (0x800, "100BASE-TX hdx"),
    (0x400, "100BASE-TX fdx"),
    (0x200, "100BASE-T2 hdx"),
    (0x100, "100BASE-T2 fdx"),
    (0x80, "Pause for fdx links"),
    (0x40, "Asym PAUSE for fdx"),
    (0x20, "Sym PAUSE for fdx"),
    (0x10, "Asym and Sym PAUSE for fdx"),
    (0x08, "1000BASE-{X LX SX CX} hdx"),
    (0x04, "1000BASE-{X LX SX CX} fdx"),
    (0x02, "1000BASE-T hdx"),
    (0x01, "1000BASE-T fdx"),
];

const MEDIUM_ATTACHMENTS: &Tokens = &[
    (0, "Unknown"),
    (1, "AUI"),
    (2, "10BASE_5"),
    (3, "FOIRL"),
    (4, "10BASE2"),
    (5, "10BASET duplex mode unknown"),
    (6, "10BASEFP"),
    (7, "10BASEFB"),
    (8, "10BASEFL duplex mode unknown"),
    (9, "10BROAD36"),
    (10, "10BASET hdx"),
    (11, "10BASET fdx"),
    (12, "10BASEFL hdx"),
    (13, "10BASEFL fdx"),
    (14, "100BASET4"),
    (15, "100BASETX hdx"),
    (16, "100BASETX fdx"),
    (17, "100BASEFX hdx"),
    (18, "100BASEFX fdx"),
    (19, "100BASET2 hdx"),
    (20, "100BASET2 fdx"),
    (21, "1000BASEX hdx"),
    (22, "1000BASEX fdx"),
    (23, "1000BASELX hdx"),
    (24, "1000BASELX fdx"),
    (25, "1000BASESX hdx"),
    (26, "1000BASESX fdx"),
    (27, "1000BASECX hdx"),
    (28, "1000BASECX fdx"),
    (29, "1000BASET hdx"),
    (30, "1000BASET fdx"),
    (31, "10GBASEX"),
    (32, "10GBASELX4"),
    (33, "10GBASER"),
    (34, "10GBASEER"),
    (35, "10GBASELR"),
    (36, "10GBASESR"),
    (37, "10GBASEW"),
    (38, "10GBASEEW"),
    (39, "10GBASELW"),
    (40, "10GBASESW"),
];

const POWER_SUPPORT: &Tokens = &[(1, "PSE"), (2, "supported"), (4, "enabled"), (8, "can be controlled")];

const POWER_PAIRS: &Tokens = &[(1, "signal"), (2, "spare")];

const POWER_CLASSES: &Tokens = &[(1, "class0"), (2, "class1"), (3, "class2"), (4, "class3"), (5, "class4")];

/// Prints a value from its subtype on.
pub(super) fn print(out: &mut Out, mut value: Cursor<'_>) -> Walk<Known> {
    match subtype(out, SUBTYPES, &mut value)? {
        1 => {
            let (status, capabilities, medium) = (value.u8()?, value.u16()?, value.u16()?);
            out.text("\n\t    autonegotiation [");
            out.bits(AUTONEGOTIATION, status, ", ", format_args!("none"));
            write!(out, "] (0x{status:02x})\n\t    PMD autoneg capability [");
            out.bits(CAPABILITIES, capabilities, ", ", format_args!("unknown"));
            let medium_name = tokens::name(MEDIUM_ATTACHMENTS, medium.into()).unwrap_or("unknown");
            write!(out, "] (0x{capabilities:04x})\n\t    MAU type {medium_name} (0x{medium:04x})");
        }
        2 => {
            let [support, pairs, class] = *value.array()?;
            out.text("\n\t    MDI power support [");
            out.bits(POWER_SUPPORT, support, ", ", format_args!("none"));
            write!(out, "], power pair {}", name(POWER_PAIRS, pairs, "unknown"));
            write!(out, ", power class {}", name(POWER_CLASSES, class, "unknown"));
        }
        3 => aggregation(out, value)?,
        4 => write!(out, "\n\t    MTU size {}", value.u16()?),
        _ => return Ok(Known::No),
    }
    Ok(Known::Yes)
}
