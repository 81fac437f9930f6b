//! The argument about one packet: its lengths, what follows its end, and its checksums. What IP and the
//! transports add has files of its own.

use wirescope_wire::checksum;
use wirescope_wire::ethernet::Ethernet;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::udp::Udp;
use wirescope_wire::{LinkType, Packet};

use super::claim::{Claim, Confidence, Place, Statement};
use super::trailer::{self, History};
use crate::anomaly::is_odd_padding;
use crate::checksums::{self, Check, Header, Left, Outcome};
use crate::decode::{Decoded, Ip, Problems, Transport};

/// Shortest Ethernet frame without its check sequence (IEEE 802.3 section 3.2.8): shorter ones are padded.
const SHORTEST_FRAME: usize = 60;
/// Hops whose forgotten checksum update is tried.
const MAX_HOPS_TRIED: u8 = 64;

/// Statements in the making.
pub(super) struct Argument<'a, 'p> {
    pub(super) packet: &'a Packet<'p>,
    pub(super) decoded: &'a Decoded<'p>,
    /// Whether what is only part of the picture is wanted too.
    pub(super) with_notes: bool,
    pub(super) statements: Vec<Statement>,
}

impl<'a, 'p> Argument<'a, 'p> {
    pub(super) fn new(packet: &'a Packet<'p>, decoded: &'a Decoded<'p>, with_notes: bool) -> Self {
        Argument { packet, decoded, with_notes, statements: Vec::new() }
    }

    /// Whether anything said makes the packet odd.
    pub(super) fn is_odd(&self) -> bool {
        self.statements.iter().any(|statement| statement.is_odd)
    }

    /// States what makes the packet odd, with the bytes it stands on.
    pub(super) fn odd(&mut self, claim: Claim, confidence: Confidence, at: usize, len: usize) {
        let place = self.place(at, len);
        self.statements.push(Statement { claim, place, confidence, is_odd: true });
    }

    /// States what belongs to the picture.
    pub(super) fn note(&mut self, claim: Claim, confidence: Confidence, at: usize, len: usize) {
        if self.with_notes {
            let place = self.place(at, len);
            self.statements.push(Statement { claim, place, confidence, is_odd: false });
        }
    }

    fn place(&self, at: usize, len: usize) -> Option<Place> {
        let captured = self.packet.data.get(at..)?;
        let bytes = captured.get(..len).unwrap_or(captured);
        let shown = bytes.get(..Place::SHOWN).unwrap_or(bytes).to_vec();
        (!bytes.is_empty()).then_some(Place { at, len: bytes.len(), bytes: shown })
    }

    /// Lengths of frame, IP and transport.
    pub(super) fn lengths(&mut self) {
        let packet = self.packet;
        let (captured, on_wire) = (packet.data.len(), packet.wire_len as usize);
        let problems = self.decoded.problems;
        let Some(ip) = &self.decoded.ip else {
            if problems.contains(Problems::IP_VERSION) {
                let at = if packet.link == LinkType::EN10MB { Ethernet::LEN } else { 0 };
                let version = packet.data.get(at).map_or(0, |byte| byte >> 4);
                self.odd(Claim::IpVersion { version }, Confidence::Certain, at, 1);
            }
            self.note(
                Claim::NotIp { ether_type: self.decoded.ether_type },
                Confidence::Certain,
                0,
                Ethernet::LEN,
            );
            return;
        };
        if captured < on_wire {
            self.note(Claim::CutShort { captured, on_wire }, Confidence::Certain, 0, 0);
        }
        let outer = self.decoded.outer.as_ref().unwrap_or(ip);
        let length_at = outer.at + if outer.version() == 4 { 2 } else { 4 };
        let header = claimed_header(outer);
        if problems.contains(Problems::IP_LENGTH_EXCEEDS_FRAME) {
            // Of a tunnel, the header that claims too much.
            let liar = if outer.total_len > outer.wire_len { outer } else { ip };
            let claim = Claim::IpLengthExceedsFrame { claimed: liar.total_len, on_wire: liar.wire_len };
            self.odd(claim, Confidence::Certain, liar.at + if liar.version() == 4 { 2 } else { 4 }, 2);
        }
        if problems.contains(Problems::IP_LENGTH_BELOW_HEADER) {
            let claim = Claim::IpLengthBelowHeader { claimed: outer.total_len, header };
            self.odd(claim, Confidence::Certain, length_at, 2);
        }
        if problems.contains(Problems::IP_HEADER_LENGTH) {
            self.odd(Claim::IpHeaderLengthBad { claimed: header }, Confidence::Certain, outer.at, 1);
        }
        self.transport_lengths(ip);
        if self.statements.iter().all(|statement| !statement.is_odd) {
            let claim = Claim::LengthsAgree { ip: outer.total_len, on_wire: outer.wire_len };
            self.note(claim, Confidence::Certain, length_at, 2);
        }
    }

    fn transport_lengths(&mut self, ip: &Ip) {
        let problems = self.decoded.problems;
        let at = ip.at + ip.header_len;
        if let Transport::Udp(datagram) = &self.decoded.transport {
            let (udp, ip_leaves) = (usize::from(datagram.length), ip.payload_len);
            if problems.contains(Problems::UDP_LENGTH_BELOW_HEADER) {
                self.odd(Claim::UdpLengthBelowHeader { udp }, Confidence::Certain, at + 4, 2);
            }
            if problems.contains(Problems::UDP_LENGTH_DISAGREES) {
                self.odd(Claim::UdpLengthDisagrees { udp, ip_leaves }, Confidence::Certain, at + 4, 2);
                if datagram.checksum != 0 && udp >= Udp::LEN {
                    let [by_udp, by_ip] = [udp, ip_leaves].map(|len| checksums::udp_verifies_for(ip, len));
                    if by_udp != by_ip {
                        let length = if by_udp { udp } else { ip_leaves };
                        let claim = Claim::SumTellsLength { udp_is_right: by_udp, length };
                        self.odd(claim, Confidence::Likely, at + 4, 4);
                    }
                }
            }
        }
        if problems.contains(Problems::TCP_HEADER_LENGTH) {
            let claimed = ip.payload.get(12).map_or(0, |byte| usize::from(byte >> 4) * 4);
            let claim = Claim::TcpHeaderLengthBad { claimed, segment: ip.payload_len };
            self.odd(claim, Confidence::Certain, at + 12, 1);
        }
    }

    /// What follows the claimed end.
    pub(super) fn trailer(&mut self, history: &mut History) {
        let Some(ip) = self.decoded.outer.as_ref().or(self.decoded.ip.as_ref()) else { return };
        let bytes = ip.trailer();
        if bytes.is_empty() {
            return;
        }
        let (at, len) = (ip.at + ip.total_len, bytes.len());
        if bytes.iter().all(|byte| *byte == 0) {
            let reaches_minimum = self.packet.wire_len as usize <= SHORTEST_FRAME + 4;
            self.note(Claim::PaddingZero { len, reaches_minimum }, Confidence::Certain, at, len);
        } else if is_odd_padding(bytes, self.packet) {
            let remains = trailer::remains(bytes, ip.total_len, history, at);
            let confidence = remains.confidence();
            self.odd(Claim::PaddingLeak { len, remains }, confidence, at, len);
        }
    }

    /// What the checksums prove.
    pub(super) fn checksums(&mut self) {
        let Some(ip) = &self.decoded.ip else { return };
        let header = checksums::header(self.decoded, ip);
        let transport = checksums::transport(self.decoded, ip);
        let transport_at = ip.at + ip.header_len + field_of(ip.protocol);
        if let Some(check) = header {
            self.checksum(check, ip.at + 10);
        }
        match transport {
            Some(check) => self.checksum(check, transport_at),
            None => self.no_transport_checksum(ip, transport_at),
        }
        let wrong = |check: Option<Check>| check.filter(Check::is_wrong);
        match (wrong(header), wrong(transport)) {
            (Some(one), Some(other)) if other.header != Header::Icmp && one.residue == other.residue => {
                self.odd(
                    Claim::AddressesRewritten { residue: one.residue },
                    Confidence::Likely,
                    ip.at + 12,
                    8,
                );
            }
            (Some(check), _) => self.header_alone(ip, check, transport),
            (None, Some(check)) => {
                if header.is_some_and(|header| header.outcome == Outcome::Right) {
                    self.odd(Claim::TransportAloneChanged, Confidence::Certain, transport_at, 2);
                }
                self.small_change(check, transport_at);
            }
            (None, None) => {}
        }
    }

    fn checksum(&mut self, check: Check, at: usize) {
        match check.outcome {
            Outcome::Right => self.note(Claim::ChecksumRight { check }, Confidence::Certain, at, 2),
            Outcome::Wrong => self.odd(Claim::ChecksumWrong { check }, Confidence::Certain, at, 2),
            Outcome::LeftToCard(left) => {
                let whole_sum = left == Left::PseudoHeader;
                // Zero may stand there for other reasons; the sum of the pseudo-header hardly can.
                let sure = if left == Left::Zero { Confidence::Possible } else { Confidence::Likely };
                let claim = Claim::ChecksumLeftToCard { check, whole_sum };
                // Few cards fill in the IP header's: unless the sender always leaves it, that is odd.
                if check.header == Header::Ip {
                    self.odd(claim, sure, at, 2);
                } else {
                    self.note(claim, sure, at, 2);
                }
            }
        }
    }

    fn no_transport_checksum(&mut self, ip: &Ip, at: usize) {
        match &self.decoded.transport {
            Transport::Udp(datagram) if datagram.checksum == 0 => {
                self.note(Claim::UdpChecksumNone, Confidence::Certain, at, 2);
            }
            Transport::Tcp(_) | Transport::Udp(_) | Transport::Icmp(_) if !ip.is_whole() => {
                self.note(Claim::ChecksumUnverifiable, Confidence::Certain, at, 2);
            }
            _ => {}
        }
    }

    /// The header's sum is wrong and the transport's does not share its residue.
    fn header_alone(&mut self, ip: &Ip, check: Check, transport: Option<Check>) {
        let transport_is_right =
            transport.is_some_and(|check| check.outcome == Outcome::Right && check.header != Header::Icmp);
        if transport_is_right {
            self.odd(Claim::HeaderAloneChanged, Confidence::Certain, ip.at + 12, 8);
        }
        let hops = (1..=MAX_HOPS_TRIED).find(|hops| check.residue == 0xffff - (u16::from(*hops) << 8));
        match hops.and_then(|hops| ip.ttl.checked_add(hops)) {
            Some(ttl) => self.odd(Claim::SumOfOtherTtl { ttl }, Confidence::Possible, ip.at + 8, 1),
            None => self.small_change(check, ip.at + 10),
        }
    }

    /// A bit, or the order of the field's bytes.
    fn small_change(&mut self, check: Check, at: usize) {
        if check.found == check.expected.swap_bytes() {
            let claim = Claim::SumSwapped { expected: check.expected };
            self.odd(claim, Confidence::Likely, at, 2);
        } else if let Some((bit, was_set)) = checksum::single_bit(check.residue) {
            self.odd(Claim::SingleBit { bit, was_set }, Confidence::Possible, at, 2);
        }
    }
}

/// The header length as it stands in the header.
fn claimed_header(ip: &Ip) -> usize {
    match (ip.version(), ip.bytes.first()) {
        (4, Some(first)) => usize::from(first & 0x0f) * 4,
        _ => ip.header_len,
    }
}

/// Where the checksum stands in a transport header.
fn field_of(transport: u8) -> usize {
    match transport {
        protocol::TCP => 16,
        protocol::UDP => 6,
        _ => 2,
    }
}
