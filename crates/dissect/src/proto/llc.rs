//! Logical Link Control (IEEE 802.2) and the Subnetwork Access Protocol (IEEE 802 section 10.3, RFC 2684 section 5).

use crate::Out;
use crate::proto::names::{ETHER_TYPES, OUIS};
use crate::proto::{ether, ip, smb, stp};
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Walk};

pub(crate) const SERVICE_ACCESS_POINTS: &Tokens = &[
    (0, "Null"),
    (255, "Global"),
    (2, "802.1B I"),
    (3, "802.1B G"),
    (6, "IP"),
    (4, "SNA"),
    (14, "ProWay NM"),
    (66, "STP"),
    (78, "RS511"),
    (126, "ISO8208"),
    (142, "ProWay"),
    (170, "SNAP"),
    (224, "IPX"),
    (240, "NetBeui"),
    (254, "OSI"),
];

const COMMANDS: &Tokens = &[
    (3, "ui"),
    (227, "test"),
    (175, "xid"),
    (99, "ua"),
    (67, "disc"),
    (15, "dm"),
    (111, "sabme"),
    (135, "frmr"),
];

const FLAGS: &Tokens =
    &[(0, "Command"), (1, "Response"), (16, "Poll"), (17, "Final"), (256, "Poll"), (257, "Final")];

const GROUP_FLAGS: &Tokens = &[(0, "Individual"), (1, "Group")];

const SUPERVISORY: &Tokens = &[(0, "Receiver Ready"), (1, "Receiver not Ready"), (2, "Reject")];

const CISCO_PIDS: &Tokens =
    &[(0x2000, "CDP"), (0x2003, "VTP"), (0x2004, "DTP"), (273, "UDLD"), (267, "PVST"), (268, "VLAN Bridge")];

const BRIDGED_PIDS: &Tokens = &[
    (1, "Ethernet + FCS"),
    (7, "Ethernet w/o FCS"),
    (2, "802.4 + FCS"),
    (8, "802.4 w/o FCS"),
    (3, "Token Ring + FCS"),
    (9, "Token Ring w/o FCS"),
    (4, "FDDI + FCS"),
    (10, "FDDI w/o FCS"),
    (5, "802.6 + FCS"),
    (11, "802.6 w/o FCS"),
    (14, "BPDU"),
];

/// Service access points, without the bit that tells groups and responses.
mod sap {
    pub(super) const IP: u8 = 0x06;
    pub(super) const SPANNING_TREE: u8 = 0x42;
    pub(super) const SNAP: u8 = 0xaa;
    pub(super) const IPX: u8 = 0xe0;
    pub(super) const NETBEUI: u8 = 0xf0;
    pub(super) const OSI: u8 = 0xfe;
    /// Both are this in IPX straight behind a length field: no LLC at all.
    pub(super) const GLOBAL: u8 = 0xff;
}

/// Control fields.
const UNNUMBERED: u16 = 0x03;
const INFORMATION: u16 = 0x03;
const SUPERVISORY_BIT: u16 = 0x01;
const XID: u16 = 0xaf;
const POLL_UNNUMBERED: u16 = 0x10;
const POLL: u16 = 0x0100;
/// The format identifier of basic exchange identification (IEEE 802.2 section 5.4.1.1.2).
const XID_FORMAT: u8 = 0x81;

/// Who assigned a protocol identifier in SNAP.
mod oui {
    pub(super) const ETHERNET: u32 = 0x000000;
    pub(super) const CISCO: u32 = 0x00000c;
    pub(super) const CISCO_BRIDGED: u32 = 0x0000f8;
    pub(super) const BRIDGED: u32 = 0x0080c2;
    pub(super) const APPLETALK: u32 = 0x080007;
}

/// What a frame turned out to be.
pub(crate) struct Header {
    /// Bytes of LLC and SNAP.
    pub(crate) len: usize,
    /// Whether the payload was printed; otherwise it is dumped.
    pub(crate) known: bool,
}

impl Header {
    fn known(len: usize) -> Walk<Header> {
        Ok(Header { len, known: true })
    }
}

/// Prints a frame whose addresses are in the context, with its bytes where nobody knows what it carries, and says how
/// much of it is header.
pub(crate) fn frame_or_bytes(out: &mut Out, c: Cursor<'_>) -> Walk<usize> {
    let header = frame(out, c)?;
    if !header.known {
        out.unknown(c.bytes());
    }
    Ok(header.len)
}

/// Prints a frame whose addresses are in the context, and says how much of it is header.
pub(crate) fn frame(out: &mut Out, whole: Cursor<'_>) -> Walk<Header> {
    out.label("llc");
    if whole.available() < 3 {
        return cut_off(out, whole);
    }
    let mut c = whole;
    let (dsap, ssap) = (c.u8()?, c.u8()?);
    let unnumbered = c.peek_u8(0)? & 3 == 3;
    let control = if unnumbered {
        c.u8()?.into()
    } else if whole.available() < 4 {
        return cut_off(out, whole);
    } else {
        c.u16_le()?
    };
    if dsap == sap::GLOBAL && ssap == sap::GLOBAL {
        if out.options.link_header {
            out.text("IPX 802.3: ");
        }
        sap_payload(out, sap::IPX, whole)?;
        return Header::known(0);
    }
    let llc = Llc { dsap, ssap, control, unnumbered, len: c.at().saturating_sub(whole.at()) };
    llc.fields(out);
    if out.options.link_header {
        llc.header(out);
    }
    if let Some(header) = llc.payload(out, c)? {
        return Ok(header);
    }
    if !out.options.link_header {
        llc.endpoints(out);
    }
    llc.control(out, c)
}

/// What was captured of a frame too short for its header is dumped.
fn cut_off(out: &mut Out, c: Cursor<'_>) -> Walk<Header> {
    out.truncated();
    out.dump_hex_ascii("\n\t", c.bytes());
    Header::known(c.available())
}

/// A header that has been read.
struct Llc {
    dsap: u8,
    ssap: u8,
    control: u16,
    unnumbered: bool,
    len: usize,
}

impl Llc {
    fn fields(&self, out: &mut Out) {
        out.field("dsap", self.dsap);
        out.field("ssap", self.ssap);
        out.field("control", self.control);
    }

    fn header(&self, out: &mut Out) {
        let (dsap, ssap) = (self.dsap & !1, self.ssap & !1);
        out.text("LLC, dsap ");
        out.token(SERVICE_ACCESS_POINTS, dsap, format_args!("Unknown"));
        write!(out, " (0x{dsap:02x}) ");
        out.token(GROUP_FLAGS, self.dsap & 1, format_args!(""));
        out.text(", ssap ");
        out.token(SERVICE_ACCESS_POINTS, ssap, format_args!("Unknown"));
        write!(out, " (0x{ssap:02x}) ");
        out.token(FLAGS, self.ssap & 1, format_args!(""));
        let digits = if self.unnumbered { 2 } else { 4 };
        out.text(", ctrl 0x").hex(self.control, digits).text(": ");
    }

    /// Prints what equal service access points carry; nothing where that is not known.
    fn payload(&self, out: &mut Out, c: Cursor<'_>) -> Walk<Option<Header>> {
        let point = self.dsap & !1;
        if self.ssap & !1 != point {
            return Ok(None);
        }
        let is_information = self.control == INFORMATION && self.unnumbered;
        let printed = match point {
            sap::SNAP if is_information => {
                let known = snap(out, c, BRIDGED_PADDING)?;
                return Ok(Some(Header { len: self.len + SNAP_LEN, known }));
            }
            sap::NETBEUI if self.control & SUPERVISORY_BIT == 0 || self.control == UNNUMBERED => {
                smb::print_netbeui(out, c, self.control)?;
                true
            }
            sap::IPX if is_information => {
                if out.options.link_header {
                    out.text("IPX 802.2: ");
                }
                sap_payload(out, point, c)?
            }
            _ if is_information => sap_payload(out, point, c)?,
            _ => false,
        };
        Ok(printed.then_some(Header { len: self.len, known: true }))
    }

    /// Who talks to whom, where the header was not shown.
    fn endpoints(&self, out: &mut Out) {
        let (dsap, ssap) = (self.dsap & !1, self.ssap & !1);
        let macs = out.context.macs;
        if ssap != dsap {
            if let Some((src, _)) = macs {
                out.ether_host(src).text(" ");
            }
            out.token(SERVICE_ACCESS_POINTS, ssap, format_args!("Unknown SSAP 0x{ssap:02x}"));
            out.text(" > ");
            if let Some((_, dst)) = macs {
                out.ether_host(dst).text(" ");
            }
        } else if let Some((src, dst)) = macs {
            out.ether_host(src).text(" > ").ether_host(dst).text(" ");
        }
        out.token(SERVICE_ACCESS_POINTS, dsap, format_args!("Unknown DSAP 0x{dsap:02x}"));
        out.text(" ");
    }

    /// What the control field says.
    fn control(&self, out: &mut Out, c: Cursor<'_>) -> Walk<Header> {
        let control = self.control;
        let length = c.length() + self.len;
        let response = u16::from(self.ssap & 1);
        if self.unnumbered {
            let command = control & !POLL_UNNUMBERED;
            out.text("Unnumbered, ");
            out.token(COMMANDS, command, format_args!("{command:02x}"));
            self.flags(out, response | (control & POLL_UNNUMBERED), length);
            if command == XID && (c.length() == 0 || identification(out, c)?) {
                return Header::known(self.len);
            }
        } else if control & SUPERVISORY_BIT != 0 {
            out.text("Supervisory, ");
            out.token(SUPERVISORY, (control >> 2) & 3, format_args!("?"));
            write!(out, ", rcv seq {}", control >> 9);
            self.flags(out, response | (control & POLL), length);
            return Header::known(self.len);
        } else {
            write!(out, "Information, send seq {}, rcv seq {}", (control >> 1) & 0x7f, control >> 9);
            self.flags(out, response | (control & POLL), length);
        }
        Ok(Header { len: self.len, known: false })
    }

    fn flags(&self, out: &mut Out, flags: u16, length: usize) {
        out.text(", Flags [");
        out.token(FLAGS, flags, format_args!("?"));
        write!(out, "], length {length}");
    }
}

/// The classes and the window of an exchange of identification; false where it is none.
fn identification(out: &mut Out, c: Cursor<'_>) -> Walk<bool> {
    if c.captured() < 1 {
        out.truncated();
        return Ok(true);
    }
    if c.peek_u8(0)? != XID_FORMAT {
        return Ok(false);
    }
    if c.available() < 3 {
        out.truncated();
        out.dump_hex_ascii("\n\t", c.bytes());
    } else {
        write!(out, ": {:02x} {:02x}", c.peek_u8(1)?, c.peek_u8(2)?);
    }
    Ok(true)
}

/// Prints what equal service access points carry in unnumbered information.
fn sap_payload(out: &mut Out, point: u8, c: Cursor<'_>) -> Walk<bool> {
    match point {
        sap::SPANNING_TREE => out.run("stp", stp::print, c)?,
        sap::IP => out.run("ip", ip::print, c)?,
        sap::OSI => return ether::network(out, ether::OSI, c),
        sap::IPX => return ether::network(out, ether::IPX, c),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Bytes of a SNAP header: who assigned the identifier, and the identifier.
const SNAP_LEN: usize = 5;
/// Bytes of padding before a bridged frame.
const BRIDGED_PADDING: usize = 2;

/// Prints a SNAP header and its payload; false where the payload is not known.
pub(crate) fn snap(out: &mut Out, mut c: Cursor<'_>, bridged_padding: usize) -> Walk<bool> {
    out.label("snap");
    if c.available() < SNAP_LEN {
        out.truncated();
        return Ok(true);
    }
    let assigner = c.u24()?;
    let pid = c.u16()?;
    out.field("oui", assigner);
    out.field("pid", pid);
    let kind = if assigner == oui::ETHERNET { "ethertype" } else { "pid" };
    if out.options.link_header {
        write!(out, "oui {} (0x{assigner:06x}), {kind} ", assigner_name(assigner));
        write!(out, "{} (0x{pid:04x}), length {}: ", pid_name(assigner, pid), c.length());
    }
    let known = match assigner {
        oui::ETHERNET | oui::CISCO_BRIDGED => ether::payload(out, pid, c)?,
        oui::APPLETALK if pid == ether::ATALK => ether::payload(out, pid, c)?,
        oui::CISCO => cisco(out, pid, c)?,
        oui::BRIDGED => bridged(out, pid, c, bridged_padding)?,
        _ => false,
    };
    if !known && !out.options.link_header {
        if let Some((src, dst)) = out.context.macs {
            out.ether_host(src).text(" > ").ether_host(dst).text(" ");
        }
        out.text("SNAP, ");
        if assigner != oui::ETHERNET {
            write!(out, "oui {} (0x{assigner:06x}), ", assigner_name(assigner));
        }
        write!(out, "{kind} {} (0x{pid:04x}), length {}: ", pid_name(assigner, pid), c.length());
    }
    Ok(known)
}

fn assigner_name(assigner: u32) -> &'static str {
    tokens::name(OUIS, assigner).unwrap_or("Unknown")
}

fn pid_name(assigner: u32, pid: u16) -> &'static str {
    let names = match assigner {
        oui::ETHERNET | oui::CISCO_BRIDGED | oui::APPLETALK => ETHER_TYPES,
        oui::CISCO => CISCO_PIDS,
        oui::BRIDGED => BRIDGED_PIDS,
        _ => &[],
    };
    tokens::name(names, pid.into()).unwrap_or("Unknown")
}

/// Cisco's own protocols.
fn cisco(out: &mut Out, pid: u16, c: Cursor<'_>) -> Walk<bool> {
    match out.registry.cisco_pid(pid) {
        Some(row) => out.run(row.proto, row.print, c).map(|()| true),
        None => Ok(false),
    }
}

/// Frames of other links behind padding (RFC 2684 section 5.2), and bridges talking to each other.
fn bridged(out: &mut Out, pid: u16, mut c: Cursor<'_>, padding: usize) -> Walk<bool> {
    match pid {
        1 | 7 => {
            c.skip(padding)?;
            out.run("ether", ether::print, c)?;
        }
        14 => out.run("stp", stp::print, c)?,
        _ => return Ok(false),
    }
    Ok(true)
}
