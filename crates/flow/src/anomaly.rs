//! Packets whose own bytes disagree, or that no stack sends.

use std::net::IpAddr;

use wirescope_wire::tcp::flag;
use wirescope_wire::{LinkType, Packet};

use crate::bounded::Bounded;
use crate::checksums::{self, Check, Header, Outcome, word};
use crate::decode::{Decoded, Envelope, Ip, Problems, Transport};
use crate::evidence::Seen;

/// Most anomalies kept; further ones are counted.
pub const MAX_ANOMALIES: usize = 50_000;
/// Most bytes of padding kept with one anomaly: an Ethernet frame's worth.
const MAX_PADDING: usize = 1_600;
/// Most senders whose checksums are watched.
const MAX_SENDERS: usize = 65_536;
/// Share of a sender's checksums that are not right when its network card fills them in after the capture
/// took the packets: the capture is its own.
const OFFLOAD_SHARE: f64 = 0.9;
/// Bytes of a frame check sequence.
const FCS_LEN: usize = 4;

/// What disagrees in a packet, in the vocabulary of findings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A byte after the claimed end of the IP packet is not zero.
    NonzeroEthernetPadding,
    /// The total length is more than the frame held on the wire.
    IpLengthExceedsFrame,
    /// The total length is less than the header length.
    IpLengthBelowHeader,
    /// The header length is under 20 bytes or past the packet.
    IpHeaderLengthBad,
    /// The reserved bit of the IP flags is set.
    IpReservedFlag,
    /// The UDP length is not what IP leaves for it.
    UdpLengthDisagreesWithIp,
    /// The UDP length is under 8.
    UdpLengthBelowHeader,
    /// The TCP data offset is under 20 bytes or past the segment.
    TcpHeaderLengthBad,
    /// A combination of TCP flags that no stack sends.
    TcpFlags,
    /// The IPv4 header checksum does not verify.
    BadIpChecksum,
    /// The TCP checksum does not verify.
    BadTcpChecksum,
    /// The UDP checksum does not verify.
    BadUdpChecksum,
    /// The ICMP checksum does not verify.
    BadIcmpChecksum,
    /// Source and destination, address and port, are equal.
    Land,
}

impl Kind {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Kind::NonzeroEthernetPadding => "nonzero-ethernet-padding",
            Kind::IpLengthExceedsFrame => "ip-length-exceeds-frame",
            Kind::IpLengthBelowHeader => "ip-length-below-header",
            Kind::IpHeaderLengthBad => "ip-header-length-bad",
            Kind::IpReservedFlag => "ip-reserved-flag",
            Kind::UdpLengthDisagreesWithIp => "udp-length-disagrees-with-ip",
            Kind::UdpLengthBelowHeader => "udp-length-below-header",
            Kind::TcpHeaderLengthBad => "tcp-header-length-bad",
            Kind::TcpFlags => "tcp-flags",
            Kind::BadIpChecksum => "bad-ip-checksum",
            Kind::BadTcpChecksum => "bad-tcp-checksum",
            Kind::BadUdpChecksum => "bad-udp-checksum",
            Kind::BadIcmpChecksum => "bad-icmp-checksum",
            Kind::Land => "land",
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Kinds(u16);

impl Kinds {
    fn add(&mut self, kind: Kind, holds: bool) {
        self.0 |= u16::from(holds) << kind as u16;
    }

    fn remove(&mut self, kind: Kind) {
        self.0 &= !(1 << kind as u16);
    }

    /// Whether `kind` is in the set.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `kind` is all there is.
    pub fn is_only(self, kind: Kind) -> bool {
        self.0 == 1 << kind as u16
    }

    /// The kinds, in order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

const ALL: [Kind; 14] = [
    Kind::NonzeroEthernetPadding,
    Kind::IpLengthExceedsFrame,
    Kind::IpLengthBelowHeader,
    Kind::IpHeaderLengthBad,
    Kind::IpReservedFlag,
    Kind::UdpLengthDisagreesWithIp,
    Kind::UdpLengthBelowHeader,
    Kind::TcpHeaderLengthBad,
    Kind::TcpFlags,
    Kind::BadIpChecksum,
    Kind::BadTcpChecksum,
    Kind::BadUdpChecksum,
    Kind::BadIcmpChecksum,
    Kind::Land,
];

/// One odd packet.
#[derive(Clone, Debug)]
pub struct Anomaly {
    /// The packet.
    pub seen: Seen,
    /// All that hold.
    pub kinds: Kinds,
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// IP protocol.
    pub protocol: u8,
    /// Ports of TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// Identification of IPv4.
    pub ip_id: u16,
    /// What the packet was wrapped in.
    pub envelope: Envelope,
    /// Total length as claimed.
    pub ip_length: u64,
    /// UDP length as claimed.
    pub udp_length: Option<u16>,
    /// Bytes captured from the IP header to the end of the frame.
    pub captured_ip_bytes: u64,
    /// The bytes after the claimed end of the IP packet.
    pub padding: Vec<u8>,
    /// TCP flags.
    pub tcp_flags: Option<u8>,
    /// Whether the sums of IP header and transport are wrong by the same difference, so that nothing but
    /// the addresses was rewritten.
    pub is_rewritten: bool,
}

/// How the checksums of one sender came out.
#[derive(Clone, Copy, Default, Debug)]
struct Checked {
    right: u32,
    not_right: u32,
    left_to_card: u32,
}

impl Checked {
    fn note(&mut self, check: &Check) {
        let add = |count: &mut u32, holds: bool| *count = count.saturating_add(u32::from(holds));
        add(&mut self.right, check.outcome == Outcome::Right);
        add(&mut self.not_right, check.outcome != Outcome::Right);
        add(&mut self.left_to_card, matches!(check.outcome, Outcome::LeftToCard(_)));
    }

    /// Whether the sender's card fills the sums in, after the capture took the packets: hardly any is
    /// right, and most of the others hold what stacks leave there.
    fn is_offloaded(self) -> bool {
        let all = f64::from(self.not_right) + f64::from(self.right);
        f64::from(self.not_right) >= OFFLOAD_SHARE * all && self.left_to_card > self.not_right / 2
    }
}

/// The checksums of one sender, by header.
#[derive(Clone, Copy, Default, Debug)]
struct Sender {
    ip: Checked,
    transport: Checked,
}

/// Finds odd packets. Those that are odd for their checksum alone are judged when all have been seen.
#[derive(Debug)]
pub struct Anomalies {
    found: Vec<Anomaly>,
    dropped: u64,
    senders: Bounded<IpAddr, Sender>,
}

impl Default for Anomalies {
    fn default() -> Self {
        Anomalies { found: Vec::new(), dropped: 0, senders: Bounded::new(MAX_SENDERS) }
    }
}

impl Anomalies {
    /// Looks at one packet.
    #[inline]
    pub fn packet(&mut self, seen: Seen, packet: &Packet, decoded: &Decoded) {
        let kinds = self.kinds(packet, decoded);
        let Some(ip) = decoded.ip.as_ref().filter(|_| !kinds.is_empty()) else { return };
        if self.found.len() >= MAX_ANOMALIES {
            self.dropped += 1;
            return;
        }
        let trailer = decoded.outer.as_ref().unwrap_or(ip).trailer();
        let (ports, udp_length, tcp_flags) = match &decoded.transport {
            Transport::Tcp(segment) => {
                (Some((segment.src_port, segment.dst_port)), None, Some(segment.flags))
            }
            Transport::Udp(datagram) => {
                (Some((datagram.src_port, datagram.dst_port)), Some(datagram.length), None)
            }
            _ => (None, None, None),
        };
        self.found.push(Anomaly {
            seen,
            kinds,
            src: ip.src,
            dst: ip.dst,
            protocol: ip.protocol,
            ports,
            ip_id: word(ip.bytes, 4).unwrap_or(0),
            envelope: decoded.envelope,
            ip_length: ip.total_len as u64,
            udp_length,
            captured_ip_bytes: ip.bytes.len() as u64,
            padding: trailer.get(..MAX_PADDING).unwrap_or(trailer).to_vec(),
            tcp_flags,
            is_rewritten: kinds.contains(Kind::BadIpChecksum) && is_rewritten(decoded, ip),
        });
    }

    /// What disagrees in one packet, whose sender's checksums are noted. A wrong checksum may still have
    /// an excuse, which [`excused`](Anomalies::excused) knows when all packets have been seen.
    #[inline]
    pub fn kinds(&mut self, packet: &Packet, decoded: &Decoded) -> Kinds {
        let Some(ip) = &decoded.ip else { return Kinds::default() };
        let mut kinds = contradictions(decoded);
        self.checksums(decoded, ip, &mut kinds);
        let trailer = decoded.outer.as_ref().unwrap_or(ip).trailer();
        let odd = is_odd_padding(trailer, packet);
        kinds.add(Kind::NonzeroEthernetPadding, odd);
        kinds
    }

    /// What remains of the kinds of a packet from `src` when wrong checksums are excused, because the
    /// sender's own network card fills them in after the capture took the packets.
    pub fn excused(&self, src: IpAddr, mut kinds: Kinds) -> Kinds {
        let sender = self.senders.get(&src).copied().unwrap_or_default();
        // A header sum that is wrong too is no offload of the transport's.
        if sender.ip.is_offloaded() {
            kinds.remove(Kind::BadIpChecksum);
        }
        if sender.transport.is_offloaded() && !kinds.contains(Kind::BadIpChecksum) {
            kinds.remove(Kind::BadTcpChecksum);
            kinds.remove(Kind::BadUdpChecksum);
            kinds.remove(Kind::BadIcmpChecksum);
        }
        kinds
    }

    /// What was found, and how many were left out for want of room. Checksums of a sender whose capture
    /// this is are excused here, when all its packets are known.
    pub fn finish(&mut self) -> (Vec<Anomaly>, u64) {
        let mut found = std::mem::take(&mut self.found);
        for anomaly in &mut found {
            anomaly.kinds = self.excused(anomaly.src, anomaly.kinds);
        }
        found.retain(|anomaly| !anomaly.kinds.is_empty());
        (found, self.dropped)
    }

    fn checksums(&mut self, decoded: &Decoded, ip: &Ip, kinds: &mut Kinds) {
        let header = checksums::header(decoded, ip);
        let transport = checksums::transport(decoded, ip);
        if header.is_none() && transport.is_none() {
            return;
        }
        let Some(sender) = self.senders.entry(&ip.src, Sender::default) else { return };
        if let Some(check) = header {
            kinds.add(Kind::BadIpChecksum, check.outcome != Outcome::Right);
            sender.ip.note(&check);
        }
        if let Some(check) = transport {
            let kind = match check.header {
                Header::Udp => Kind::BadUdpChecksum,
                Header::Icmp => Kind::BadIcmpChecksum,
                Header::Tcp | Header::Ip => Kind::BadTcpChecksum,
            };
            kinds.add(kind, check.is_wrong());
            sender.transport.note(&check);
        }
    }
}

/// Whether header and transport are off by the same residue; ICMP's sum does not cover the addresses.
fn is_rewritten(decoded: &Decoded, ip: &Ip) -> bool {
    let checks = (checksums::header(decoded, ip), checksums::transport(decoded, ip));
    matches!(checks, (Some(one), Some(other))
        if one.is_wrong() && other.is_wrong() && other.header != Header::Icmp && one.residue == other.residue)
}

/// Lengths, flags and addresses.
fn contradictions(decoded: &Decoded) -> Kinds {
    let mut kinds = Kinds::default();
    let problems = decoded.problems;
    if !problems.is_empty() {
        for (problem, kind) in [
            (Problems::IP_LENGTH_EXCEEDS_FRAME, Kind::IpLengthExceedsFrame),
            (Problems::IP_LENGTH_BELOW_HEADER, Kind::IpLengthBelowHeader),
            (Problems::IP_HEADER_LENGTH, Kind::IpHeaderLengthBad),
            (Problems::IP_RESERVED_FLAG, Kind::IpReservedFlag),
            (Problems::UDP_LENGTH_DISAGREES, Kind::UdpLengthDisagreesWithIp),
            (Problems::UDP_LENGTH_BELOW_HEADER, Kind::UdpLengthBelowHeader),
            (Problems::TCP_HEADER_LENGTH, Kind::TcpHeaderLengthBad),
        ] {
            kinds.add(kind, problems.contains(problem));
        }
    }
    let ports = match &decoded.transport {
        Transport::Tcp(segment) => {
            kinds.add(Kind::TcpFlags, !is_sane(segment.flags));
            Some((segment.src_port, segment.dst_port))
        }
        Transport::Udp(datagram) => Some((datagram.src_port, datagram.dst_port)),
        _ => None,
    };
    if let (Some(ip), Some((src_port, dst_port))) = (&decoded.ip, ports) {
        // Services of one host talk over its loopback addresses, from their well-known ports too.
        kinds.add(Kind::Land, ip.src == ip.dst && src_port == dst_port && !ip.src.is_loopback());
    }
    kinds
}

/// Whether a stack may send this combination of TCP flags.
pub fn is_sane(flags: u8) -> bool {
    let has = |wanted: u8| flags & wanted == wanted;
    let control = flags & (flag::FIN | flag::SYN | flag::RST | flag::PSH | flag::ACK | flag::URG);
    !(control == 0
        || has(flag::SYN | flag::FIN)
        || has(flag::SYN | flag::RST)
        || (has(flag::FIN) && !has(flag::ACK)))
}

/// Whether what follows the IP packet in captures of this link type is the padding of the frame that
/// brought it. Cooked captures and those of bare IP packets keep it; PPP has none, but a check sequence.
fn keeps_padding(link: LinkType) -> bool {
    !matches!(
        link,
        LinkType::PPP | LinkType::PPP_SERIAL | LinkType::PPP_ETHER | LinkType::PPP_PPPD | LinkType::MPLS
    )
}

/// Whether the bytes after the IP packet are padding and more than zeros, and not the frame check sequence
/// that some captures keep.
pub(crate) fn is_odd_padding(trailer: &[u8], packet: &Packet) -> bool {
    if trailer.iter().all(|byte| *byte == 0) || !keeps_padding(packet.link) {
        return false;
    }
    let Some((body, sequence)) = packet.data.split_last_chunk::<FCS_LEN>() else { return true };
    let zeros =
        trailer.split_last_chunk::<FCS_LEN>().is_some_and(|(rest, _)| rest.iter().all(|byte| *byte == 0));
    !(zeros && u32::from_le_bytes(*sequence) == crc32(body))
}

/// The frame check sequence of IEEE 802.3 section 3.2.9.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use wirescope_wire::{Timestamp, checksum};

    const SYN_IN_FRAME: [u8; 60] = [
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, // Ethernet
        0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4
        3, 0xe8, 0, 80, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0, // TCP
        0, 0, 0, 0, 0, 0, // padding
    ];

    /// The frame after a change, with right checksums unless the change comes after them.
    fn frame(before: impl FnOnce(&mut [u8]), after: impl FnOnce(&mut [u8])) -> Vec<u8> {
        let mut data = SYN_IN_FRAME.to_vec();
        before(&mut data);
        let sum = checksum::internet(&data[14..34]);
        data[24..26].copy_from_slice(&sum.to_be_bytes());
        let pseudo = checksum::pseudo_ipv4([192, 0, 2, 1], [192, 0, 2, 2], 6, 20);
        let sum = pseudo.bytes(&data[34..54]).checksum();
        data[50..52].copy_from_slice(&sum.to_be_bytes());
        after(&mut data);
        data
    }

    fn kinds_of(frames: &[Vec<u8>]) -> Vec<Vec<&'static str>> {
        let mut anomalies = Anomalies::default();
        for (number, data) in (1..).zip(frames) {
            let packet = Packet {
                time: Timestamp::default(),
                link: LinkType::EN10MB,
                interface: 0,
                wire_len: data.len() as u32,
                data,
            };
            anomalies.packet(Seen { number, time: packet.time }, &packet, &decode(&packet));
        }
        let (found, dropped) = anomalies.finish();
        assert_eq!(dropped, 0);
        found.iter().map(|a| a.kinds.iter().map(Kind::name).collect()).collect()
    }

    fn kinds(before: impl FnOnce(&mut [u8]), after: impl FnOnce(&mut [u8])) -> Vec<&'static str> {
        kinds_of(&[frame(before, after)]).pop().unwrap_or_default()
    }

    #[test]
    fn an_honest_frame_shows_nothing() {
        assert_eq!(kinds(|_| {}, |_| {}), [] as [&str; 0]);
    }

    #[test]
    fn each_contradiction_is_named() {
        assert_eq!(kinds(|_| {}, |d| d[57] = 7), ["nonzero-ethernet-padding"]);
        assert_eq!(kinds(|d| d[47] = 3, |_| {}), ["tcp-flags"]);
        assert_eq!(kinds(|d| d[47] = 0x29, |_| {}), ["tcp-flags"]);
        assert_eq!(kinds(|d| d[20] = 0x80, |_| {}), ["ip-reserved-flag"]);
        assert_eq!(kinds(|_| {}, |d| d[51] ^= 1), ["bad-tcp-checksum"]);
        assert_eq!(kinds(|_| {}, |d| d[25] ^= 1), ["bad-ip-checksum"]);
        assert_eq!(kinds(|d| d[46] = 0x40, |_| {}), ["tcp-header-length-bad"]);
        assert_eq!(kinds(|d| d[17] = 80, |_| {}), ["ip-length-exceeds-frame"]);
    }

    #[test]
    fn a_sum_left_to_the_card_is_excused() {
        let partial = checksum::pseudo_ipv4([192, 0, 2, 1], [192, 0, 2, 2], 6, 20).fold();
        assert_eq!(kinds(|_| {}, |d| d[50..52].copy_from_slice(&partial.to_be_bytes())), [] as [&str; 0]);
        let left = || frame(|_| {}, |d| d[50..52].copy_from_slice(&partial.to_be_bytes()));
        let wrong = || frame(|_| {}, |d| d[51] ^= 0x55);
        assert_eq!(kinds_of(&[left(), left(), wrong()]).len(), 0, "one that the card had cut up differently");
        assert_eq!(kinds_of(&[wrong(), wrong(), wrong(), wrong()]).len(), 4, "always wrong is no excuse");
    }

    #[test]
    fn a_frame_check_sequence_is_no_padding() {
        let mut data = frame(|_| {}, |_| {});
        let sequence = crc32(&data);
        data.extend_from_slice(&sequence.to_le_bytes());
        assert!(kinds_of(&[data.clone()]).is_empty());
        if let Some(last) = data.last_mut() {
            *last ^= 1;
        }
        assert_eq!(kinds_of(&[data]), [["nonzero-ethernet-padding"]]);
    }

    #[test]
    fn padding_is_seen_in_cooked_captures_and_land_is_none_on_loopback() {
        let data = frame(|_| (), |data| data[57] = 7);
        let packet = |data: &'static [u8], link| {
            let wire_len = data.len() as u32;
            Packet { time: Timestamp::default(), link, interface: 0, wire_len, data }
        };
        let bare: &'static [u8] = data[14..].to_vec().leak();
        for (link, odd) in [(LinkType::RAW, true), (LinkType::PPP_SERIAL, false)] {
            let packet = packet(bare, link);
            assert_eq!(is_odd_padding(&bare[40..], &packet), odd);
        }
        let land = |address: [u8; 4]| {
            let edit = move |data: &mut [u8]| {
                data[26..30].copy_from_slice(&address);
                data[30..34].copy_from_slice(&address);
                data[34..36].copy_from_slice(&[0, 80]);
            };
            let frame: &'static [u8] = frame(edit, |_| ()).leak();
            contradictions(&decode(&packet(frame, LinkType::EN10MB))).contains(Kind::Land)
        };
        assert!(land([192, 0, 2, 1]) && !land([127, 0, 0, 1]));
    }
}
