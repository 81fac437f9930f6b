//! Ethernet types, LLC service access points and Internet protocol numbers that the generator knows.

pub(super) const IP: u32 = 0x0800;
pub(super) const ARP: u32 = 0x0806;
pub(super) const RARP: u32 = 0x8035;
pub(super) const IP6: u32 = 0x86dd;
pub(super) const ATALK: u32 = 0x809b;
pub(super) const AARP: u32 = 0x80f3;
pub(super) const MOPDL: u32 = 0x6001;
pub(super) const MOPRC: u32 = 0x6002;
pub(super) const DECNET: u32 = 0x6003;
pub(super) const LAT: u32 = 0x6004;
pub(super) const SCA: u32 = 0x6007;
pub(super) const XNS: u32 = 0x0600;
pub(super) const VLAN: u32 = 0x8100;
pub(super) const VLAN_SERVICE: u32 = 0x88a8;
pub(super) const VLAN_NESTED: u32 = 0x9100;
pub(super) const MPLS: u32 = 0x8847;
pub(super) const PPPOE_DISCOVERY: u32 = 0x8863;
pub(super) const PPPOE_SESSION: u32 = 0x8864;
pub(super) const NOVELL: u32 = 0x8137;
pub(super) const TRANSPARENT_ETHERNET: u32 = 0x6558;

/// The largest value of the field that is a length and not a type.
pub(super) const LARGEST_LENGTH: u32 = 1500;

/// IEEE 802.2 service access points.
pub(super) mod sap {
    pub(in super::super) const IP: u32 = 0x06;
    pub(in super::super) const STP: u32 = 0x42;
    pub(in super::super) const IPX: u32 = 0xe0;
    pub(in super::super) const NETBEUI: u32 = 0xf0;
    pub(in super::super) const ISO: u32 = 0xfe;
}

/// Internet protocol numbers.
pub(super) mod ip_protocol {
    pub(in super::super) const ICMP: u32 = 1;
    pub(in super::super) const IGMP: u32 = 2;
    pub(in super::super) const TCP: u32 = 6;
    pub(in super::super) const IGRP: u32 = 9;
    pub(in super::super) const UDP: u32 = 17;
    pub(in super::super) const FRAGMENT: u32 = 44;
    pub(in super::super) const ESP: u32 = 50;
    pub(in super::super) const AH: u32 = 51;
    pub(in super::super) const ICMP6: u32 = 58;
    pub(in super::super) const PIM: u32 = 103;
    pub(in super::super) const VRRP: u32 = 112;
    pub(in super::super) const SCTP: u32 = 132;
}

/// ISO network layer protocols, and the types of IS-IS packets.
pub(super) mod iso {
    pub(in super::super) const CLNP: u32 = 0x81;
    pub(in super::super) const ESIS: u32 = 0x82;
    pub(in super::super) const ISIS: u32 = 0x83;
    pub(in super::super) const LAN_HELLO_LEVEL_1: u32 = 15;
    pub(in super::super) const LAN_HELLO_LEVEL_2: u32 = 16;
    pub(in super::super) const POINT_TO_POINT_HELLO: u32 = 17;
    pub(in super::super) const LINK_STATE_LEVEL_1: u32 = 18;
    pub(in super::super) const LINK_STATE_LEVEL_2: u32 = 20;
    pub(in super::super) const COMPLETE_SEQUENCE_LEVEL_1: u32 = 24;
    pub(in super::super) const COMPLETE_SEQUENCE_LEVEL_2: u32 = 25;
    pub(in super::super) const PARTIAL_SEQUENCE_LEVEL_1: u32 = 26;
    pub(in super::super) const PARTIAL_SEQUENCE_LEVEL_2: u32 = 27;
}
