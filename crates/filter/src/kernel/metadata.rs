//! What the Linux kernel knows about a packet beyond its bytes: loads at these offsets read it.
//! <https://www.kernel.org/doc/html/latest/networking/filter.html>, "BPF extensions".

/// First of the offsets that mean metadata.
pub const START: u32 = 0xffff_f000;
/// Protocol of the link layer (an EtherType).
pub const PROTOCOL: u32 = START;
/// To us, broadcast, multicast, to another host, or sent by us.
pub const PACKET_TYPE: u32 = START + 4;
/// Number of the interface.
pub const INTERFACE_INDEX: u32 = START + 8;
/// Netlink attribute.
pub const NETLINK_ATTRIBUTE: u32 = START + 12;
/// Nested netlink attribute.
pub const NETLINK_NESTED_ATTRIBUTE: u32 = START + 16;
/// Mark that the firewall put on the packet.
pub const MARK: u32 = START + 20;
/// Receive queue.
pub const QUEUE: u32 = START + 24;
/// Hardware type of the interface, an `ARPHRD_` number.
pub const HARDWARE_TYPE: u32 = START + 28;
/// Receive hash.
pub const RECEIVE_HASH: u32 = START + 32;
/// Processor that handles the packet.
pub const PROCESSOR: u32 = START + 36;
/// No load: A becomes A xor X.
pub const XOR: u32 = START + 40;
/// Tag control information of a VLAN tag that the interface took off.
pub const VLAN_TAG: u32 = START + 44;
/// 1 where the interface took a VLAN tag off, else 0.
pub const VLAN_TAG_PRESENT: u32 = START + 48;
/// Offset of the payload.
pub const PAYLOAD_OFFSET: u32 = START + 52;
/// A random number.
pub const RANDOM: u32 = START + 56;
/// EtherType of the VLAN tag that the interface took off.
pub const VLAN_PROTOCOL: u32 = START + 60;

/// What listings call the metadata at an offset.
pub fn name(offset: u32) -> Option<&'static str> {
    Some(match offset {
        PROTOCOL => "proto",
        PACKET_TYPE => "type",
        INTERFACE_INDEX => "ifidx",
        NETLINK_ATTRIBUTE => "nla",
        NETLINK_NESTED_ATTRIBUTE => "nlan",
        MARK => "mark",
        QUEUE => "queue",
        HARDWARE_TYPE => "hatype",
        RECEIVE_HASH => "rxhash",
        PROCESSOR => "cpu",
        XOR => "xor_x",
        VLAN_TAG => "vlan_tci",
        VLAN_TAG_PRESENT => "vlanp",
        PAYLOAD_OFFSET => "poff",
        RANDOM => "random",
        VLAN_PROTOCOL => "vlan_tpid",
        _ => return None,
    })
}

/// The metadata of one live packet.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Metadata {
    /// Protocol of the link layer (an EtherType).
    pub protocol: u16,
    /// 0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 sent by us.
    pub packet_type: u8,
    /// Number of the interface.
    pub interface_index: u32,
    /// Hardware type of the interface.
    pub hardware_type: u16,
    /// Tag control information of a VLAN tag that the interface took off.
    pub vlan_tag: Option<u16>,
    /// EtherType of that tag.
    pub vlan_protocol: u16,
}

impl Metadata {
    /// The value at an offset, as far as a packet socket tells it to programs.
    pub fn get(&self, offset: u32) -> Option<u32> {
        Some(match offset {
            PROTOCOL => u32::from(self.protocol),
            PACKET_TYPE => u32::from(self.packet_type),
            INTERFACE_INDEX => self.interface_index,
            HARDWARE_TYPE => u32::from(self.hardware_type),
            VLAN_TAG => u32::from(self.vlan_tag.unwrap_or(0)),
            VLAN_TAG_PRESENT => u32::from(self.vlan_tag.is_some()),
            VLAN_PROTOCOL => u32::from(self.vlan_protocol),
            _ => return None,
        })
    }
}
