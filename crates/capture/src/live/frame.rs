//! A packet as the kernel gives it, made into the packet that its link type promises: the made-up header of
//! cooked captures before it, the VLAN tag that the interface took off put back, cut to the snapshot length.

use std::mem::offset_of;

use libc::{sockaddr_ll, tpacket_auxdata, tpacket_hdr_variant1, tpacket3_hdr};
use wirescope_filter::Metadata;
use wirescope_wire::{LinkType, Timestamp};

use super::Direction;
use super::system::Received;

/// Bytes before a packet that the kernel is to leave free: for the longest made-up header and a VLAN tag.
pub(super) const HEADROOM: usize = 32;

const VLAN_TAG_LEN: usize = 4;
/// The EtherType of a tag of which the kernel does not say it.
const VLAN_PROTOCOL: u16 = 0x8100;
/// Where tags stand: before the EtherType, behind two addresses or the made-up header.
const ETHERNET_TAG_AT: usize = 12;
const SLL_TAG_AT: usize = 14;

const SLL_LEN: usize = 16;
const SLL2_LEN: usize = 20;
/// `ARPHRD_LOOPBACK` and `PACKET_OUTGOING` as the address of a packet has them.
const OUTGOING: u8 = libc::PACKET_OUTGOING;

/// Where the address stands behind a packet's header in a ring.
const ADDRESS_AT: usize = size_of::<tpacket3_hdr>().next_multiple_of(16);

/// What the kernel says of a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) time: Timestamp,
    pub(super) wire_len: u32,
    /// EtherType of the packet, and of whom it came.
    protocol: u16,
    interface: u32,
    hardware_type: u16,
    packet_type: u8,
    address_len: u8,
    address: [u8; 8],
    /// EtherType and contents of the tag that was taken off.
    vlan: Option<(u16, u16)>,
}

/// The frame that a block of a ring has at an offset: where its bytes are, and where the next one is.
#[derive(Clone, Copy, Debug)]
pub(super) struct RingFrame {
    pub(super) facts: Facts,
    pub(super) start: usize,
    pub(super) captured: usize,
    pub(super) next: usize,
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_ne_bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_ne_bytes)
}

/// How many packets a block has, and where the first one is.
pub(super) fn block_contents(block: &[u8]) -> Option<(u32, usize)> {
    const HEADER_AT: usize = offset_of!(libc::tpacket_block_desc, hdr);
    let count = u32_at(block, HEADER_AT + offset_of!(libc::tpacket_hdr_v1, num_pkts))?;
    let first = u32_at(block, HEADER_AT + offset_of!(libc::tpacket_hdr_v1, offset_to_first_pkt))?;
    Some((count, first as usize))
}

impl RingFrame {
    /// Reads the header that stands at `at`.
    pub(super) fn read(block: &[u8], at: usize) -> Option<RingFrame> {
        const VARIANT_AT: usize = offset_of!(tpacket3_hdr, hv1);
        let header = block.get(at..)?;
        let word = |at: usize| u32_at(header, at);
        let status = word(offset_of!(tpacket3_hdr, tp_status))?;
        let tag = word(VARIANT_AT + offset_of!(tpacket_hdr_variant1, tp_vlan_tci))? as u16;
        let tag_protocol = u16_at(header, VARIANT_AT + offset_of!(tpacket_hdr_variant1, tp_vlan_tpid))?;
        let seconds = word(offset_of!(tpacket3_hdr, tp_sec))?;
        let nanos = word(offset_of!(tpacket3_hdr, tp_nsec))?;
        let time = Timestamp::new(i64::from(seconds), u64::from(nanos));
        let wire_len = word(offset_of!(tpacket3_hdr, tp_len))?;
        let vlan = vlan(status, tag, tag_protocol);
        let distance = word(offset_of!(tpacket3_hdr, tp_next_offset))? as usize;
        Some(RingFrame {
            facts: Facts::new(header.get(ADDRESS_AT..)?, time, wire_len, vlan)?,
            start: at.checked_add(usize::from(u16_at(header, offset_of!(tpacket3_hdr, tp_mac))?))?,
            captured: word(offset_of!(tpacket3_hdr, tp_snaplen))? as usize,
            next: at.checked_add(distance)?,
        })
    }
}

/// The tag that the kernel hands over beside a packet, if there is one.
fn vlan(status: u32, tag: u16, protocol: u16) -> Option<(u16, u16)> {
    if status & libc::TP_STATUS_VLAN_VALID == 0 {
        return None;
    }
    let said = status & libc::TP_STATUS_VLAN_TPID_VALID != 0;
    Some((if said { protocol } else { VLAN_PROTOCOL }, tag))
}

impl Facts {
    fn new(address: &[u8], time: Timestamp, wire_len: u32, vlan: Option<(u16, u16)>) -> Option<Facts> {
        let byte = |at: usize| address.get(at).copied();
        Some(Facts {
            time,
            wire_len,
            protocol: array(address, offset_of!(sockaddr_ll, sll_protocol)).map(u16::from_be_bytes)?,
            interface: u32_at(address, offset_of!(sockaddr_ll, sll_ifindex))?,
            hardware_type: u16_at(address, offset_of!(sockaddr_ll, sll_hatype))?,
            packet_type: byte(offset_of!(sockaddr_ll, sll_pkttype))?,
            address_len: byte(offset_of!(sockaddr_ll, sll_halen))?,
            address: array(address, offset_of!(sockaddr_ll, sll_addr))?,
            vlan,
        })
    }

    /// From what came with a packet that was received one by one.
    pub(super) fn received(received: &Received) -> Option<Facts> {
        let time = Timestamp::new(received.seconds, u64::try_from(received.nanos).unwrap_or(0));
        let vlan = vlan(received.status, received.vlan_tag, received.vlan_protocol);
        // The length that came with the notes leaves out nothing that was cut.
        const _: () = assert!(size_of::<tpacket_auxdata>() == 20);
        Facts::new(&received.address, time, received.wire_len, vlan)
    }

    /// Whether the packet is wanted. What the loopback interface sends comes back as received: once is enough.
    pub(super) fn is_wanted(&self, direction: Direction, loopback: u32) -> bool {
        let is_outgoing = self.packet_type == OUTGOING;
        match direction {
            _ if is_outgoing && self.interface == loopback => false,
            Direction::Both => true,
            Direction::In => !is_outgoing,
            Direction::Out => is_outgoing,
        }
    }

    /// What a program can ask beyond the bytes.
    pub(super) fn metadata(&self) -> Metadata {
        Metadata {
            protocol: self.protocol,
            packet_type: self.packet_type,
            interface_index: self.interface,
            hardware_type: self.hardware_type,
            vlan_tag: self.vlan.map(|(_, tag)| tag),
            vlan_protocol: self.vlan.map_or(0, |(protocol, _)| protocol),
        }
    }
}

/// A packet ready to be handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Dressed {
    pub(super) start: usize,
    pub(super) len: usize,
    pub(super) wire_len: u32,
}

/// Puts before the packet at `start` what belongs there, in the [`HEADROOM`], and cuts it.
pub(super) fn dress(
    buffer: &mut [u8],
    start: usize,
    captured: usize,
    facts: &Facts,
    link: LinkType,
    cooked: bool,
    snapshot_len: u32,
) -> Option<Dressed> {
    let mut dressed = Dressed { start, len: captured, wire_len: facts.wire_len };
    let end = start.checked_add(captured)?;
    buffer.get(start..end)?;
    if cooked {
        let header = made_up_header(facts, link);
        let header = header.as_slice();
        dressed.prepend(buffer, header.len())?;
        buffer.get_mut(dressed.start..)?.get_mut(..header.len())?.copy_from_slice(header);
    }
    if let Some((protocol, tag)) = facts.vlan
        && let Some(tag_at) = tag_at(link).filter(|at| *at <= dressed.len)
    {
        let before = dressed.start;
        dressed.prepend(buffer, VLAN_TAG_LEN)?;
        buffer.get(before..before + tag_at)?;
        buffer.copy_within(before..before + tag_at, dressed.start);
        let [p0, p1] = protocol.to_be_bytes();
        let [t0, t1] = tag.to_be_bytes();
        let place = buffer.get_mut(dressed.start + tag_at..)?.first_chunk_mut()?;
        *place = [p0, p1, t0, t1];
    }
    dressed.len = dressed.len.min(snapshot_len as usize);
    Some(dressed)
}

impl Dressed {
    /// Makes room before the packet.
    fn prepend(&mut self, buffer: &[u8], count: usize) -> Option<()> {
        self.start = self.start.checked_sub(count)?;
        self.len += count;
        self.wire_len = self.wire_len.saturating_add(count as u32);
        buffer.get(self.start..self.start + self.len).map(|_| ())
    }
}

fn tag_at(link: LinkType) -> Option<usize> {
    match link {
        LinkType::EN10MB | LinkType::DOCSIS => Some(ETHERNET_TAG_AT),
        LinkType::LINUX_SLL => Some(SLL_TAG_AT),
        _ => None,
    }
}

/// The header of a cooked packet.
struct MadeUp {
    bytes: [u8; SLL2_LEN],
    len: usize,
}

impl MadeUp {
    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

fn made_up_header(facts: &Facts, link: LinkType) -> MadeUp {
    let [p0, p1] = facts.protocol.to_be_bytes();
    let [h0, h1] = facts.hardware_type.to_be_bytes();
    let [a0, a1, a2, a3, a4, a5, a6, a7] = facts.address;
    let (kind, length) = (facts.packet_type, facts.address_len);
    if link == LinkType::LINUX_SLL2 {
        let [i0, i1, i2, i3] = facts.interface.to_be_bytes();
        let bytes = [p0, p1, 0, 0, i0, i1, i2, i3, h0, h1, kind, length, a0, a1, a2, a3, a4, a5, a6, a7];
        MadeUp { bytes, len: SLL2_LEN }
    } else {
        let bytes = [0, kind, h0, h1, 0, length, a0, a1, a2, a3, a4, a5, a6, a7, p0, p1, 0, 0, 0, 0];
        MadeUp { bytes, len: SLL_LEN }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn facts(vlan: Option<(u16, u16)>) -> Facts {
        Facts {
            time: Timestamp::new(1, 2),
            wire_len: 60,
            protocol: 0x0800,
            interface: 7,
            hardware_type: 1,
            packet_type: 4,
            address_len: 6,
            address: [1, 2, 3, 4, 5, 6, 0, 0],
            vlan,
        }
    }

    /// A buffer with the bytes from 100 on behind the headroom, dressed.
    fn dressed(vlan: Option<(u16, u16)>, link: LinkType, cooked: bool, snapshot_len: u32) -> (Vec<u8>, u32) {
        let mut buffer = vec![0; HEADROOM];
        buffer.extend(100..120);
        let one = dress(&mut buffer, HEADROOM, 20, &facts(vlan), link, cooked, snapshot_len).unwrap();
        (buffer[one.start..][..one.len].to_vec(), one.wire_len)
    }

    #[test]
    fn a_tag_goes_back_behind_the_addresses() {
        let (bytes, wire_len) = dressed(Some((0x88a8, 0x6005)), LinkType::EN10MB, false, 262_144);
        assert_eq!(bytes[..12], (100..112).collect::<Vec<u8>>());
        assert_eq!(bytes[12..16], [0x88, 0xa8, 0x60, 0x05]);
        assert_eq!(bytes[16..], (112..120).collect::<Vec<u8>>());
        assert_eq!(wire_len, 64);
        let (bytes, wire_len) = dressed(Some((0x8100, 5)), LinkType::EN10MB, false, 18);
        assert_eq!((bytes.len(), wire_len), (18, 64), "the tag counts towards the snapshot length");
        let (bytes, _) = dressed(Some((0x8100, 5)), LinkType::RAW, false, 262_144);
        assert_eq!(bytes.len(), 20, "raw IP has no place for a tag");
    }

    #[test]
    fn cooked_headers_are_those_of_the_link_type() {
        let (bytes, wire_len) = dressed(None, LinkType::LINUX_SLL2, true, 262_144);
        assert_eq!(bytes[..20], [8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0]);
        assert_eq!((bytes[20], wire_len), (100, 80));
        let (bytes, wire_len) = dressed(Some((0x8100, 5)), LinkType::LINUX_SLL, true, 262_144);
        assert_eq!(bytes[..20], [0, 4, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x81, 0, 0, 5, 8, 0]);
        assert_eq!((bytes[20], wire_len), (100, 80));
    }

    #[test]
    fn offsets_that_cannot_be_are_no_packet() {
        let mut buffer = vec![0; 100];
        for (start, captured) in [(0, 20), (90, 20), (usize::MAX, 20), (40, usize::MAX)] {
            let link = LinkType::LINUX_SLL2;
            assert_eq!(dress(&mut buffer, start, captured, &facts(None), link, true, 100), None);
        }
        assert!(RingFrame::read(&buffer, 90).is_none());
        assert!(block_contents(&[0; 10]).is_none());
    }

    #[test]
    fn directions_choose() {
        let (outgoing, incoming) = (facts(None), Facts { packet_type: 0, ..facts(None) });
        for (direction, out, incoming_wanted) in
            [(Direction::Both, true, true), (Direction::In, false, true), (Direction::Out, true, false)]
        {
            assert_eq!(outgoing.is_wanted(direction, 1), out);
            assert_eq!(incoming.is_wanted(direction, 1), incoming_wanted);
            assert!(!outgoing.is_wanted(direction, 7), "what loopback sends is seen when it comes back");
        }
    }
}
