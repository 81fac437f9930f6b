//! Captures in the making: IPv4 over Ethernet, packet after packet, with right lengths and checksums.

use std::path::Path;

use wirescope_capture::{FileWriter, WriteError, WriteOptions};
use wirescope_wire::checksum::{self, internet};
use wirescope_wire::{LinkType, Packet, Timestamp};

pub(crate) const FIN: u8 = 0x01;
pub(crate) const SYN: u8 = 0x02;
pub(crate) const RST: u8 = 0x04;
pub(crate) const PSH: u8 = 0x08;
pub(crate) const ACK: u8 = 0x10;

/// 2026-01-05 09:00:00 UTC.
const START_S: i64 = 1_767_603_600;

/// A capture that is being written.
pub(crate) struct Capture {
    writer: FileWriter,
    time_us: u64,
    identification: u16,
    /// What short frames are filled with: zeros, unless a driver leaks.
    pub(crate) padding: u8,
}

impl Capture {
    /// Begins a capture whose first packet comes this long after the hour.
    pub(crate) fn create(path: &str, time_us: u64, identification: u16) -> Result<Capture, WriteError> {
        let writer = FileWriter::create(Path::new(path), &WriteOptions::new(LinkType::EN10MB))?;
        Ok(Capture { writer, time_us, identification, padding: 0 })
    }

    pub(crate) fn finish(self) -> Result<(), WriteError> {
        self.writer.finish()
    }

    /// Writes what IP carries from one host to another, `after_us` behind the packet before.
    pub(crate) fn packet(
        &mut self,
        after_us: u64,
        [src, dst]: [[u8; 4]; 2],
        protocol: u8,
        payload: &[u8],
    ) -> Result<(), WriteError> {
        self.time_us += after_us;
        self.identification += 1;
        let mut ip = vec![0x45, 0];
        ip.extend(((20 + payload.len()) as u16).to_be_bytes());
        ip.extend(self.identification.to_be_bytes());
        ip.extend([0x40, 0, 64, protocol, 0, 0]);
        ip.extend(src);
        ip.extend(dst);
        let sum = internet(&ip).to_be_bytes();
        ip.splice(10..12, sum);

        let mac = |address: [u8; 4]| [2, 0, address[0], address[1], address[2], address[3]];
        let mut frame = [mac(dst), mac(src)].concat();
        frame.extend([8, 0]);
        frame.extend(ip);
        frame.extend(payload);
        // Ethernet does not carry less.
        frame.resize(frame.len().max(60), self.padding);
        let seconds = START_S + (self.time_us / 1_000_000) as i64;
        let time = Timestamp::new(seconds, self.time_us % 1_000_000 * 1_000);
        let wire_len = frame.len() as u32;
        self.writer.write(&Packet { time, link: LinkType::EN10MB, interface: 0, wire_len, data: &frame })
    }

    pub(crate) fn udp(
        &mut self,
        after_us: u64,
        hosts: [[u8; 4]; 2],
        ports: [u16; 2],
        data: &[u8],
    ) -> Result<(), WriteError> {
        let length = (8 + data.len()) as u16;
        let mut segment: Vec<u8> =
            [ports[0], ports[1], length, 0].iter().flat_map(|v| v.to_be_bytes()).collect();
        segment.extend(data);
        let sum = checksum::pseudo_ipv4(hosts[0], hosts[1], 17, length).bytes(&segment).checksum();
        segment.splice(6..8, sum.to_be_bytes());
        self.packet(after_us, hosts, 17, &segment)
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) fn tcp(
        &mut self,
        after_us: u64,
        hosts: [[u8; 4]; 2],
        ports: [u16; 2],
        flags: u8,
        [seq, ack]: [u32; 2],
        data: &[u8],
    ) -> Result<(), WriteError> {
        let options: &[u8] = if flags & SYN != 0 { &[2, 4, 0x05, 0xb4, 4, 2, 1, 1, 1, 3, 3, 7] } else { &[] };
        let mut segment: Vec<u8> = ports.iter().flat_map(|port| port.to_be_bytes()).collect();
        segment.extend(seq.to_be_bytes());
        segment.extend(ack.to_be_bytes());
        let window = if flags & RST != 0 { 0 } else { 64_240u16 };
        segment.extend([(((20 + options.len()) / 4) << 4) as u8, flags]);
        segment.extend(window.to_be_bytes());
        segment.extend([0, 0, 0, 0]);
        segment.extend(options);
        segment.extend(data);
        let length = segment.len() as u16;
        let sum = checksum::pseudo_ipv4(hosts[0], hosts[1], 6, length).bytes(&segment).checksum();
        segment.splice(16..18, sum.to_be_bytes());
        self.packet(after_us, hosts, 6, &segment)
    }
}
