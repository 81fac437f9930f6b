//! Protocols, one file each (or a folder, where a protocol has many messages).

pub(crate) mod ah;
pub(crate) mod arista;
pub(crate) mod arp;
pub(crate) mod bootp;
pub(crate) mod chdlc;
pub(crate) mod dhcp6;
pub(crate) mod domain;
pub(crate) mod dtp;
pub(crate) mod eap;
pub(crate) mod erspan;
pub(crate) mod esp;
pub(crate) mod ether;
pub(crate) mod fr;
pub(crate) mod frag6;
pub(crate) mod geneve;
pub(crate) mod gre;
pub(crate) mod icmp;
pub(crate) mod icmp6;
pub(crate) mod igmp;
pub(crate) mod ip;
pub(crate) mod ip6;
pub(crate) mod ip6opts;
pub(crate) mod ip_demux;
pub(crate) mod ipcomp;
pub(crate) mod isakmp;
pub(crate) mod llc;
pub(crate) mod loopback;
pub(crate) mod macsec;
pub(crate) mod mobility;
pub(crate) mod mpls;
pub(crate) mod names;
pub(crate) mod nfs;
pub(crate) mod nsh;
pub(crate) mod ntp;
pub(crate) mod null;
pub(crate) mod ppp;
pub(crate) mod pppoe;
pub(crate) mod quic;
pub(crate) mod radius;
pub(crate) mod raw;
pub(crate) mod resp;
pub(crate) mod rip;
pub(crate) mod ripng;
pub(crate) mod rt6;
pub(crate) mod rtcp;
pub(crate) mod rtp;
pub(crate) mod sl;
pub(crate) mod sll;
pub(crate) mod smb;
pub(crate) mod snmp;
pub(crate) mod ssh;
pub(crate) mod stp;
pub(crate) mod sunrpc;
pub(crate) mod syslog;
pub(crate) mod tcp;
pub(crate) mod telnet;
pub(crate) mod text_protocol;
pub(crate) mod tftp;
pub(crate) mod udp;
pub(crate) mod vat;
pub(crate) mod vrrp;
pub(crate) mod vtp;
pub(crate) mod vxlan;

/// What protocols remember from packet to packet. Each part is bounded.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) isakmp: isakmp::Cookies,
    pub(crate) nfs_calls: nfs::Calls,
    pub(crate) quic: quic::ConnectionIds,
    pub(crate) sl: sl::Lengths,
    pub(crate) smb_request: smb::LastRequest,
    pub(crate) tcp: tcp::Sequences,
}
