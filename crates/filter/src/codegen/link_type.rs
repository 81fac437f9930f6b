//! Whether the link layer's payload is of a certain protocol, for every link-layer type.

use wirescope_wire::LinkType;

use super::Generator;
use super::ethertype::{self, LARGEST_LENGTH, sap};
use super::layout::is_wlan;
use super::load::Base;
use super::test::Test;
use crate::Origin;
use crate::error::{Error, Result};
use crate::ir::code;

/// PPP's numbers of protocols.
mod ppp {
    pub(super) const IP: u32 = 0x21;
    pub(super) const XNS: u32 = 0x25;
    pub(super) const ISO: u32 = 0x23;
    pub(super) const DECNET: u32 = 0x27;
    pub(super) const ATALK: u32 = 0x29;
    pub(super) const IPX: u32 = 0x2b;
    pub(super) const COMPRESSED_TCP: u32 = 0x2d;
    pub(super) const UNCOMPRESSED_TCP: u32 = 0x2f;
    pub(super) const STP: u32 = 0x31;
    pub(super) const IP6: u32 = 0x57;
    pub(super) const MPLS: u32 = 0x0281;
}

/// Linux's number of IPv6 among the address families, as loopback headers have it.
const FAMILY_IP6: u32 = 10;
const FAMILY_IP: u32 = 2;
/// Those of Darwin, of OpenBSD and NetBSD, and of FreeBSD.
const FAMILIES_IP6_BSD: [u32; 3] = [30, 24, 28];

/// What Linux's cooked header says of an 802.2 frame, and of Novell's without LLC.
const COOKED_LLC: u32 = 4;
const COOKED_NOVELL: u32 = 1;

impl Generator<'_> {
    /// Whether the payload is of this protocol: an Ethernet type, or a service access point.
    pub(super) fn link_type(&mut self, protocol: u32) -> Result<Test> {
        if self.mpls_depth > 0 {
            return self.mpls_payload(protocol);
        }
        match self.link {
            LinkType::EN10MB
            | LinkType::NETANALYZER
            | LinkType::NETANALYZER_TRANSPARENT
            | LinkType::DSA_TAG_BRCM
            | LinkType::DSA_TAG_DSA => {
                // A tunnel names its payload by an Ethernet type, whether or not there is an Ethernet header.
                let header = if self.in_tunnel { None } else { self.header_check()? };
                let test = self.ethernet_type(protocol)?;
                Ok(self.both(header, test))
            }
            LinkType::C_HDLC => {
                let protocol = if protocol == sap::ISO { sap::ISO << 8 | sap::ISO } else { protocol };
                self.type_field(protocol, 0xffff, "HDLC protocol")
            }
            link if is_wlan(link) => {
                let data = self.wlan_data_frame()?;
                let test = self.llc_type(protocol)?;
                Ok(self.blocks.and(data, test))
            }
            LinkType::FDDI
            | LinkType::IEEE802
            | LinkType::ATM_RFC1483
            | LinkType::ATM_CLIP
            | LinkType::IP_OVER_FC => self.llc_type(protocol),
            LinkType::SUNATM => {
                let llc = self.atm_llc()?;
                let test = self.llc_type(protocol)?;
                Ok(self.blocks.and(llc, test))
            }
            LinkType::LINUX_SLL => self.cooked_type(protocol),
            LinkType::SLIP | LinkType::SLIP_BSDOS | LinkType::RAW => match protocol {
                ethertype::IP => self.equal_masked(Base::LinkHeader, 0, code::B, 0x40, 0xf0),
                ethertype::IP6 => self.equal_masked(Base::LinkHeader, 0, code::B, 0x60, 0xf0),
                _ => Ok(self.blocks.always(false)),
            },
            LinkType::IPV4 => Ok(self.blocks.always(protocol == ethertype::IP)),
            LinkType::IPV6 => Ok(self.blocks.always(protocol == ethertype::IP6)),
            LinkType::PPP | LinkType::PPP_PPPD | LinkType::PPP_SERIAL | LinkType::PPP_ETHER => {
                self.type_field(ppp_protocol(protocol), 0xffff, "PPP protocol")
            }
            LinkType::PPP_BSDOS => self.ppp_bsdos_type(protocol),
            LinkType::NULL | LinkType::LOOP | LinkType::ENC => self.loopback_type(protocol),
            LinkType::PFLOG | LinkType::IPNET => self.family_type(protocol),
            LinkType::ARCNET | LinkType::ARCNET_LINUX => self.arcnet_type(protocol),
            LinkType::LTALK => Ok(self.blocks.always(protocol == ethertype::ATALK)),
            LinkType::FRELAY => self.frame_relay_type(protocol),
            link if is_juniper(link) => {
                self.equal_masked(Base::LinkHeader, 0, code::W, 0x4d47_4300, 0xffff_ff00)
            }
            _ => match self.layout.link_type.constant {
                Some(_) => self.type_field(protocol, 0xffff, "EtherType"),
                None => Err(Error::new(format!(
                    "link-layer type filtering not implemented for {}",
                    self.link_text()
                ))),
            },
        }
    }

    fn type_field(&mut self, protocol: u32, maximum: u32, what: &str) -> Result<Test> {
        Self::at_most(protocol, maximum, what)?;
        self.equal(Base::LinkType, 0, code::H, protocol)
    }

    /// A service access point, larger than a byte only by mistake.
    fn access_point(&mut self, protocol: u32) -> Result<Test> {
        Self::at_most(protocol, 0xff, "LLC DSAP")?;
        self.equal(Base::Llc, 0, code::B, protocol)
    }

    /// Whether both service access points are this one.
    fn both_access_points(&mut self, protocol: u32) -> Result<Test> {
        self.equal(Base::Llc, 0, code::H, protocol << 8 | protocol)
    }

    /// Whether an LLC and SNAP header names this organisation and type.
    fn snap(&mut self, organisation: u32, protocol: u32) -> Result<Test> {
        let [_, first, second, third] = organisation.to_be_bytes();
        let [_, _, high, low] = protocol.to_be_bytes();
        self.equal_bytes(Base::Llc, 0, &[0xaa, 0xaa, 0x03, first, second, third, high, low])
    }

    /// Whether the type field is a length, so that an LLC header follows.
    pub(super) fn ethernet_length(&mut self) -> Result<Test> {
        let longer = self.compare_field(Base::LinkType, 0, code::H, u32::MAX, code::JGT, LARGEST_LENGTH)?;
        Ok(longer.not())
    }

    fn ethernet_type(&mut self, protocol: u32) -> Result<Test> {
        match protocol {
            sap::IP | sap::ISO | sap::NETBEUI => {
                let length = self.ethernet_length()?;
                let test = self.both_access_points(protocol)?;
                Ok(self.blocks.and(length, test))
            }
            sap::IPX => {
                let typed = self.equal(Base::LinkType, 0, code::H, ethertype::NOVELL)?;
                let length = self.ethernet_length()?;
                let snap = self.snap(0, ethertype::NOVELL)?;
                let llc = self.equal(Base::Llc, 0, code::B, sap::IPX)?;
                let raw = self.equal(Base::Llc, 0, code::H, 0xffff)?;
                let llc = self.blocks.or(llc, raw);
                let framed = self.blocks.or(snap, llc);
                let framed = self.blocks.and(length, framed);
                Ok(self.blocks.or(typed, framed))
            }
            ethertype::ATALK | ethertype::AARP => {
                let typed = self.equal(Base::LinkType, 0, code::H, protocol)?;
                let length = self.ethernet_length()?;
                let snap = self.snap(snap_organisation(protocol), protocol)?;
                let framed = self.blocks.and(length, snap);
                Ok(self.blocks.or(typed, framed))
            }
            ..=LARGEST_LENGTH => {
                Self::at_most(protocol, 0xff, "LLC DSAP")?;
                let length = self.ethernet_length()?;
                let test = self.access_point(protocol)?;
                Ok(self.blocks.and(length, test))
            }
            _ => self.type_field(protocol, 0xffff, "EtherType"),
        }
    }

    /// The payload of a link layer that always has an LLC header.
    pub(super) fn llc_type(&mut self, protocol: u32) -> Result<Test> {
        match protocol {
            ethertype::ATALK => self.snap(snap_organisation(protocol), protocol),
            sap::IP | sap::ISO | sap::NETBEUI => self.both_access_points(protocol),
            ..=LARGEST_LENGTH => self.access_point(protocol),
            _ => {
                Self::at_most(protocol, 0xffff, "EtherType")?;
                self.equal(Base::Llc, 6, code::H, protocol)
            }
        }
    }

    fn cooked_type(&mut self, protocol: u32) -> Result<Test> {
        match protocol {
            sap::IPX => {
                let typed = self.equal(Base::LinkType, 0, code::H, ethertype::NOVELL)?;
                let raw = self.equal(Base::LinkType, 0, code::H, COOKED_NOVELL)?;
                let framed = self.equal(Base::LinkType, 0, code::H, COOKED_LLC)?;
                let llc = self.equal(Base::Llc, 0, code::B, sap::IPX)?;
                let snap = self.snap(0, ethertype::NOVELL)?;
                let inside = self.blocks.or(llc, snap);
                let framed = self.blocks.and(framed, inside);
                let framed = self.blocks.or(raw, framed);
                Ok(self.blocks.or(typed, framed))
            }
            ethertype::ATALK | ethertype::AARP => {
                let typed = self.equal(Base::LinkType, 0, code::H, protocol)?;
                let framed = self.equal(Base::LinkType, 0, code::H, COOKED_LLC)?;
                let snap = self.snap(snap_organisation(protocol), protocol)?;
                let framed = self.blocks.and(framed, snap);
                Ok(self.blocks.or(typed, framed))
            }
            ..=LARGEST_LENGTH => {
                let framed = self.equal(Base::LinkType, 0, code::H, COOKED_LLC)?;
                let test = match protocol {
                    sap::IP | sap::ISO | sap::NETBEUI => self.both_access_points(protocol)?,
                    _ => self.access_point(protocol)?,
                };
                Ok(self.blocks.and(framed, test))
            }
            _ => self.type_field(protocol, 0xffff, "EtherType"),
        }
    }

    fn ppp_bsdos_type(&mut self, protocol: u32) -> Result<Test> {
        if protocol != ethertype::IP {
            return self.type_field(ppp_protocol(protocol), 0xffff, "PPP protocol");
        }
        // Van Jacobson's compressed headers are IP too.
        let plain = self.equal(Base::LinkType, 0, code::H, ppp::IP)?;
        let compressed = self.equal(Base::LinkType, 0, code::H, ppp::COMPRESSED_TCP)?;
        let test = self.blocks.or(plain, compressed);
        let uncompressed = self.equal(Base::LinkType, 0, code::H, ppp::UNCOMPRESSED_TCP)?;
        Ok(self.blocks.or(test, uncompressed))
    }

    fn loopback_type(&mut self, protocol: u32) -> Result<Test> {
        let families: &[u32] = match protocol {
            ethertype::IP => &[FAMILY_IP],
            ethertype::IP6 if self.options.origin == Origin::ThisMachine => &[FAMILY_IP6],
            // A file does not say which system's numbers it has.
            ethertype::IP6 => &FAMILIES_IP6_BSD,
            _ => return Ok(self.blocks.always(false)),
        };
        // OpenBSD writes the family in network order, the others in the order of the machine.
        let in_order = self.link == LinkType::LOOP || self.options.origin == Origin::BigEndianFile;
        let mut tests = Vec::with_capacity(families.len());
        for family in families {
            let family = if in_order { *family } else { family.swap_bytes() };
            tests.push(self.equal(Base::LinkHeader, 0, code::W, family)?);
        }
        Ok(self.blocks.any(tests).unwrap_or_else(|| self.blocks.always(false)))
    }

    /// Headers with a byte for the address family, as Solaris and OpenBSD number them.
    fn family_type(&mut self, protocol: u32) -> Result<Test> {
        let ip6 = if self.link == LinkType::IPNET { 26 } else { FAMILY_IP6 };
        match protocol {
            ethertype::IP => self.equal(Base::LinkHeader, 1, code::B, FAMILY_IP),
            ethertype::IP6 => self.equal(Base::LinkHeader, 1, code::B, ip6),
            _ => Ok(self.blocks.always(false)),
        }
    }

    fn arcnet_type(&mut self, protocol: u32) -> Result<Test> {
        let protocol = match protocol {
            ethertype::IP => 0xd4,
            ethertype::ARP => 0xd5,
            ethertype::RARP => 0xd6,
            ethertype::ATALK => 0xdd,
            ethertype::IP6 => 0xc4,
            _ => return Ok(self.blocks.always(false)),
        };
        self.equal(Base::LinkType, 0, code::B, protocol)
    }

    fn frame_relay_type(&mut self, protocol: u32) -> Result<Test> {
        match protocol {
            ethertype::IP => self.equal(Base::LinkHeader, 2, code::H, 0x03cc),
            ethertype::IP6 => self.equal(Base::LinkHeader, 2, code::H, 0x038e),
            sap::ISO => {
                use super::ethertype::iso::{CLNP, ESIS, ISIS};
                let clnp = self.equal(Base::LinkHeader, 2, code::H, 0x0300 | CLNP)?;
                let esis = self.equal(Base::LinkHeader, 2, code::H, 0x0300 | ESIS)?;
                let isis = self.equal(Base::LinkHeader, 2, code::H, 0x0300 | ISIS)?;
                let test = self.blocks.or(esis, isis);
                Ok(self.blocks.or(clnp, test))
            }
            _ => Ok(self.blocks.always(false)),
        }
    }

    /// Whether a tunnel or an emulated LAN has the Ethernet header that a test is about; `None` where it always has.
    pub(super) fn header_check(&mut self) -> Result<Option<Test>> {
        if self.in_tunnel {
            return self.tunnel_header_check().map(Some);
        }
        if self.previous_link == Some(LinkType::SUNATM) {
            // Control frames of LAN emulation have no Ethernet header.
            let control = self.equal(Base::PreviousLinkHeader, 4, code::H, 0xff00)?;
            return Ok(Some(control.not()));
        }
        Ok(None)
    }

    /// Holds when both hold, of which the first may be missing.
    pub(super) fn both(&mut self, first: Option<Test>, second: Test) -> Test {
        match first {
            Some(first) => self.blocks.and(first, second),
            None => second,
        }
    }
}

/// The number of MPLS among PPP's protocols.
pub(super) const PPP_MPLS: u32 = ppp::MPLS;

fn ppp_protocol(protocol: u32) -> u32 {
    match protocol {
        ethertype::IP => ppp::IP,
        ethertype::IP6 => ppp::IP6,
        ethertype::DECNET => ppp::DECNET,
        ethertype::ATALK => ppp::ATALK,
        ethertype::XNS => ppp::XNS,
        sap::ISO => ppp::ISO,
        sap::STP => ppp::STP,
        sap::IPX => ppp::IPX,
        other => other,
    }
}

/// AppleTalk has its own organisation in SNAP headers.
fn snap_organisation(protocol: u32) -> u32 {
    if protocol == ethertype::ATALK { 0x08_0007 } else { 0 }
}

/// Juniper's headers, all of which begin with the same magic number.
pub(super) fn is_juniper(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::JUNIPER_MFR
            | LinkType::JUNIPER_MLFR
            | LinkType::JUNIPER_MLPPP
            | LinkType::JUNIPER_ATM1
            | LinkType::JUNIPER_ATM2
            | LinkType::JUNIPER_PPPOE
            | LinkType::JUNIPER_PPPOE_ATM
            | LinkType::JUNIPER_GGSN
            | LinkType::JUNIPER_ES
            | LinkType::JUNIPER_MONITOR
            | LinkType::JUNIPER_SERVICES
            | LinkType::JUNIPER_ETHER
            | LinkType::JUNIPER_PPP
            | LinkType::JUNIPER_FRELAY
            | LinkType::JUNIPER_CHDLC
            | LinkType::JUNIPER_VP
            | LinkType::JUNIPER_ST
            | LinkType::JUNIPER_ISM
            | LinkType::JUNIPER_VS
            | LinkType::JUNIPER_SRX_E2E
            | LinkType::JUNIPER_FIBRECHANNEL
            | LinkType::JUNIPER_ATM_CEMIC
    )
}
