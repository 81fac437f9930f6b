//! Where the headers of each link-layer type begin.

use wirescope_wire::LinkType;

/// A distance from the start of the packet: a constant, and for some headers a part that the filter works out itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Offset {
    /// The constant part; `None` where the link-layer type has no such place.
    pub constant: Option<u32>,
    /// Whether there is a part that differs from packet to packet.
    pub variable: bool,
    /// The scratch word that holds this part, once something needs it.
    pub register: Option<u32>,
}

impl Offset {
    pub(super) fn fixed(constant: u32) -> Offset {
        Offset { constant: Some(constant), variable: false, register: None }
    }

    pub(super) fn variable(constant: u32) -> Offset {
        Offset { constant: Some(constant), variable: true, register: None }
    }

    pub(super) fn none() -> Offset {
        Offset::default()
    }

    /// The same place further on.
    pub(super) fn plus(self, distance: u32) -> Offset {
        Offset { constant: self.constant.map(|constant| constant.wrapping_add(distance)), ..self }
    }

    /// The constant part as loads use it.
    pub(super) fn base(self) -> u32 {
        self.constant.unwrap_or(0)
    }
}

/// Where things stand in the packet; encapsulations move them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The link-layer header.
    pub link_header: Offset,
    /// The link-layer header around the current one, of which PPPoE and others want to know.
    pub previous_link_header: Offset,
    /// The field that says what the payload is.
    pub link_type: Offset,
    /// The link layer's payload.
    pub payload: Offset,
    /// The network header, counted from the payload, behind LLC and SNAP where there are.
    pub network: u32,
    /// The same where there is no SNAP header.
    pub network_without_snap: u32,
}

/// The fields of a signalling link (MTP2 and MTP3 of SS7).
#[derive(Clone, Copy, Debug)]
pub(super) struct SignallingLayout {
    pub length: u32,
    pub length_high_speed: u32,
    pub service: u32,
    pub originating_point: u32,
    pub destination_point: u32,
    pub link_selection: u32,
}

/// The fields of a cell on a Sun ATM interface.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtmLayout {
    pub path: u32,
    pub channel: u32,
    pub protocol: u32,
    pub payload: u32,
}

/// Stands for "no LLC header, so no place behind it": added up, it means the byte before the payload.
const NO_LLC: u32 = u32::MAX;

fn layout(link_type: Option<u32>, payload: u32, network: u32, without_snap: u32) -> Layout {
    Layout {
        link_header: Offset::fixed(0),
        previous_link_header: Offset::fixed(0),
        link_type: Offset { constant: link_type, variable: false, register: None },
        payload: Offset::fixed(payload),
        network,
        network_without_snap: without_snap,
    }
}

/// Ethernet's type and payload behind extra bytes before the header and inside it.
fn ethernet(header: u32, tag: u32) -> Layout {
    Layout { link_header: Offset::fixed(header), ..layout(Some(header + tag + 12), header + tag + 14, 0, 3) }
}

/// The link-layer types whose header is that of IEEE 802.11, with or without a header of the radio before it.
pub(super) fn is_wlan(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::IEEE802_11
            | LinkType::IEEE802_11_RADIO
            | LinkType::IEEE802_11_RADIO_AVS
            | LinkType::PRISM_HEADER
            | LinkType::PPI
    )
}

impl Layout {
    /// The layout of a link-layer type; one without network protocols gets an empty one.
    pub(super) fn of(link: LinkType) -> Layout {
        match link {
            LinkType::ARCNET => layout(Some(2), 6, 0, 0),
            LinkType::ARCNET_LINUX => layout(Some(4), 8, 0, 0),
            LinkType::EN10MB => ethernet(0, 0),
            LinkType::DSA_TAG_BRCM | LinkType::DSA_TAG_DSA => ethernet(0, 4),
            LinkType::NETANALYZER => ethernet(4, 0),
            LinkType::NETANALYZER_TRANSPARENT => ethernet(12, 0),
            LinkType::SLIP => layout(None, 16, 0, 0),
            LinkType::SLIP_BSDOS => layout(None, 24, 0, 0),
            LinkType::NULL | LinkType::LOOP => layout(Some(0), 4, 0, 0),
            LinkType::ENC => layout(Some(0), 12, 0, 0),
            LinkType::PPP | LinkType::PPP_PPPD | LinkType::C_HDLC | LinkType::PPP_SERIAL => {
                layout(Some(2), 4, 0, 0)
            }
            LinkType::PPP_ETHER => layout(Some(6), 8, 0, 0),
            LinkType::PPP_BSDOS => layout(Some(5), 24, 0, 0),
            LinkType::FDDI => layout(Some(13), 13, 8, 3),
            LinkType::IEEE802 => layout(Some(14), 14, 8, 3),
            LinkType::IP_OVER_FC => layout(Some(16), 16, 8, 3),
            LinkType::ATM_RFC1483 | LinkType::ATM_CLIP => layout(Some(0), 0, 8, 3),
            LinkType::SUNATM => layout(Some(4), 4, 8, 3),
            LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 | LinkType::LTALK | LinkType::FRELAY => {
                layout(None, 0, 0, 0)
            }
            LinkType::LINUX_SLL => layout(Some(14), 16, 0, 0),
            LinkType::LINUX_SLL2 => layout(Some(0), 20, 0, 0),
            LinkType::APPLE_IP_OVER_IEEE1394 => layout(Some(16), 18, 0, 0),
            LinkType::SYMANTEC_FIREWALL => layout(Some(6), 44, 0, 0),
            LinkType::PFLOG => Layout { payload: Offset::variable(0), ..layout(Some(0), 0, 0, 0) },
            LinkType::IPNET => layout(Some(1), 24, 0, 0),
            link if is_wlan(link) => Layout {
                link_header: if link == LinkType::IEEE802_11 {
                    Offset::fixed(0)
                } else {
                    Offset::variable(0)
                },
                link_type: Offset { constant: None, variable: true, register: None },
                payload: Offset::variable(0),
                ..layout(None, 0, 8, 3)
            },
            _ => Layout::of_juniper(link)
                .unwrap_or(Layout { payload: Offset::none(), ..layout(None, 0, 0, 0) }),
        }
    }

    /// Juniper's headers of many kinds, where what they carry is known.
    fn of_juniper(link: LinkType) -> Option<Layout> {
        Some(match link {
            LinkType::JUNIPER_MFR
            | LinkType::JUNIPER_MLFR
            | LinkType::JUNIPER_MLPPP
            | LinkType::JUNIPER_PPP
            | LinkType::JUNIPER_CHDLC
            | LinkType::JUNIPER_FRELAY => layout(Some(4), 4, 0, NO_LLC),
            LinkType::JUNIPER_PPPOE_ATM => layout(Some(4), 6, 0, NO_LLC),
            LinkType::JUNIPER_ATM1 => layout(Some(4), 4, 0, 10),
            LinkType::JUNIPER_ATM2 => layout(Some(8), 8, 0, 10),
            LinkType::JUNIPER_PPPOE | LinkType::JUNIPER_ETHER => layout(Some(16), 14, 18, 21),
            LinkType::JUNIPER_GGSN => layout(Some(6), 12, 0, NO_LLC),
            _ => return None,
        })
    }
}

impl SignallingLayout {
    /// Where a link-layer type has the signalling fields, if it has.
    pub(super) fn of(link: LinkType) -> Option<SignallingLayout> {
        let at = |length, high_speed, service: u32, point| SignallingLayout {
            length,
            length_high_speed: high_speed,
            service,
            originating_point: point,
            destination_point: point,
            link_selection: point + 3,
        };
        match link {
            LinkType::MTP2 => Some(at(2, 4, 3, 4)),
            LinkType::MTP2_WITH_PHDR => Some(at(6, 8, 7, 8)),
            LinkType::ERF => Some(at(22, 24, 23, 24)),
            _ => None,
        }
    }
}
