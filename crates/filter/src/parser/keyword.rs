//! Words that mean a number only behind certain keywords.

use crate::ast::Llc;

/// The type bits of an 802.11 frame's control field.
pub(super) const WLAN_TYPE_BITS: u32 = 0x0c;
/// Its subtype bits.
pub(super) const WLAN_SUBTYPE_BITS: u32 = 0xf0;

/// All values of the direction's two bits.
pub(super) const LARGEST_WLAN_DIRECTION: u32 = 3;

fn find(table: &[(&str, u32)], name: &str) -> Option<u32> {
    table.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// IEEE 802.11, frame types.
pub(super) fn wlan_type(name: &str) -> Option<u32> {
    find(&[("mgt", 0x00), ("management", 0x00), ("ctl", 0x04), ("control", 0x04), ("data", 0x08)], name)
}

/// IEEE 802.11, subtypes of one type.
pub(super) fn wlan_subtype_of(frame_type: u32, name: &str) -> Option<u32> {
    match frame_type {
        0x00 => find(MANAGEMENT_SUBTYPES, name),
        0x04 => find(CONTROL_SUBTYPES, name),
        0x08 => find(DATA_SUBTYPES, name),
        _ => None,
    }
}

/// IEEE 802.11, a subtype with the type it belongs to.
pub(super) fn wlan_subtype(name: &str) -> Option<u32> {
    [0x00, 0x04, 0x08].iter().find_map(|frame_type| Some(frame_type | wlan_subtype_of(*frame_type, name)?))
}

const MANAGEMENT_SUBTYPES: &[(&str, u32)] = &[
    ("assocreq", 0x00),
    ("assoc-req", 0x00),
    ("assocresp", 0x10),
    ("assoc-resp", 0x10),
    ("reassocreq", 0x20),
    ("reassoc-req", 0x20),
    ("reassocresp", 0x30),
    ("reassoc-resp", 0x30),
    ("probereq", 0x40),
    ("probe-req", 0x40),
    ("proberesp", 0x50),
    ("probe-resp", 0x50),
    ("beacon", 0x80),
    ("atim", 0x90),
    ("disassoc", 0xa0),
    ("disassociation", 0xa0),
    ("auth", 0xb0),
    ("authentication", 0xb0),
    ("deauth", 0xc0),
    ("deauthentication", 0xc0),
];

const CONTROL_SUBTYPES: &[(&str, u32)] = &[
    ("bar", 0x80),
    ("ba", 0x90),
    ("ps-poll", 0xa0),
    ("rts", 0xb0),
    ("cts", 0xc0),
    ("ack", 0xd0),
    ("cf-end", 0xe0),
    ("cf-end-ack", 0xf0),
];

const DATA_SUBTYPES: &[(&str, u32)] = &[
    ("data", 0x00),
    ("data-cf-ack", 0x10),
    ("data-cf-poll", 0x20),
    ("data-cf-ack-poll", 0x30),
    ("null", 0x40),
    ("cf-ack", 0x50),
    ("cf-poll", 0x60),
    ("cf-ack-poll", 0x70),
    ("qos-data", 0x80),
    ("qos-data-cf-ack", 0x90),
    ("qos-data-cf-poll", 0xa0),
    ("qos-data-cf-ack-poll", 0xb0),
    ("qos", 0xc0),
    ("qos-cf-poll", 0xe0),
    ("qos-cf-ack-poll", 0xf0),
];

/// IEEE 802.11, the two bits that say whether a frame enters or leaves the distribution system.
pub(super) fn wlan_direction(name: &str) -> Option<u32> {
    find(&[("nods", 0), ("tods", 1), ("fromds", 2), ("dstods", 3)], name)
}

/// IEEE 802.2, kinds of frames and their control bits.
pub(super) fn llc(name: &str) -> Option<Llc> {
    Some(match name {
        "i" => Llc::Information,
        "s" => Llc::Supervisory,
        "u" => Llc::Unnumbered,
        "rr" => Llc::SupervisoryCode(0x01),
        "rnr" => Llc::SupervisoryCode(0x05),
        "rej" => Llc::SupervisoryCode(0x09),
        "ui" => Llc::UnnumberedCode(0x03),
        "ua" => Llc::UnnumberedCode(0x63),
        "disc" => Llc::UnnumberedCode(0x43),
        "dm" => Llc::UnnumberedCode(0x0f),
        "sabme" => Llc::UnnumberedCode(0x6f),
        "test" => Llc::UnnumberedCode(0xe3),
        "xid" => Llc::UnnumberedCode(0xaf),
        "frmr" => Llc::UnnumberedCode(0x87),
        _ => return None,
    })
}

/// pf(4), why a packet was logged.
pub(super) fn filter_reason(name: &str) -> Option<u32> {
    let table = [
        ("match", 0),
        ("bad-offset", 1),
        ("fragment", 2),
        ("short", 3),
        ("normalize", 4),
        ("memory", 5),
        ("bad-timestamp", 6),
        ("congestion", 7),
        ("ip-option", 8),
        ("proto-cksum", 9),
        ("state-mismatch", 10),
        ("state-insert", 11),
        ("state-limit", 12),
        ("src-limit", 13),
        ("synproxy", 14),
    ];
    find(&table, name)
}

/// pf(4), what was done with a packet.
pub(super) fn filter_action(name: &str) -> Option<u32> {
    let table = [
        ("pass", 0),
        ("accept", 0),
        ("drop", 1),
        ("block", 1),
        ("scrub", 2),
        ("noscrub", 3),
        ("nat", 4),
        ("nonat", 5),
        ("binat", 6),
        ("nobinat", 7),
        ("rdr", 8),
        ("nordr", 9),
        ("synproxy-drop", 10),
    ];
    find(&table, name)
}
