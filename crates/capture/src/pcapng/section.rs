//! A whole pcapng section in memory.

use wirescope_wire::Packet;

use super::write;
use crate::{Interface, Precision, WriteError};

/// A section being made: its header, its interfaces and its packets. By itself a pcapng file, and so is one behind
/// the other.
///
/// An interface is described when its first packet comes, so that packets of several sources can follow each other.
#[derive(Debug)]
pub struct Section {
    bytes: Vec<u8>,
    precision: Precision,
    declared: Vec<Interface>,
}

impl Section {
    /// A section without packets.
    pub fn new(precision: Precision) -> Section {
        let mut section = Section { bytes: Vec::new(), precision, declared: Vec::new() };
        write::section(&mut section.bytes);
        section
    }

    /// Adds a packet of one of these interfaces.
    pub fn push(&mut self, packet: &Packet<'_>, interfaces: &[Interface]) -> Result<(), WriteError> {
        let undeclared = || WriteError::UndeclaredInterface(packet.interface);
        let interface = interfaces.get(packet.interface as usize).ok_or_else(undeclared)?;
        let number = match self.declared.iter().position(|known| known == interface) {
            Some(number) => number,
            None => {
                write::interface(interface, self.precision, &mut self.bytes);
                self.declared.push(interface.clone());
                self.declared.len() - 1
            }
        };
        let number = u32::try_from(number).map_err(|_| undeclared())?;
        write::packet(packet, number, self.precision, &mut self.bytes);
        Ok(())
    }

    /// The section so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The finished section.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileReader, Mixed};
    use wirescope_wire::{LinkType, Timestamp};

    #[test]
    fn sections_behind_each_other_read_as_one_file() {
        let named =
            |name: &str| Interface { name: Some(name.to_owned()), ..Interface::new(LinkType::EN10MB, 96) };
        let interfaces = [named("eth0"), named("eth1")];
        let mut bytes = Vec::new();
        for second in 0..3 {
            let mut section = Section::new(Precision::Nano);
            for interface in [1, 0] {
                let packet = Packet {
                    time: Timestamp::new(second, 7),
                    link: LinkType::EN10MB,
                    interface,
                    wire_len: 60,
                    data: &[interface as u8; 5],
                };
                section.push(&packet, &interfaces).unwrap();
            }
            bytes.extend(section.into_bytes());
        }
        let mut reader = FileReader::new(Box::new(std::io::Cursor::new(bytes)), Mixed::Refused).unwrap();
        let mut seen = Vec::new();
        while let Some((packet, interfaces)) = reader.next_described().unwrap() {
            let name = interfaces.get(packet.interface as usize).and_then(|interface| interface.name.clone());
            seen.push((packet.time.seconds, packet.data.first().copied(), name));
        }
        let expected =
            |second| [(second, Some(1), Some("eth1".to_owned())), (second, Some(0), Some("eth0".to_owned()))];
        assert_eq!(seen, (0..3).flat_map(expected).collect::<Vec<_>>());
    }

    #[test]
    fn a_packet_of_no_interface_is_refused() {
        let packet =
            Packet { time: Timestamp::default(), link: LinkType::RAW, interface: 1, wire_len: 0, data: &[] };
        let interfaces = [Interface::new(LinkType::RAW, 96)];
        assert!(matches!(
            Section::new(Precision::Nano).push(&packet, &interfaces),
            Err(WriteError::UndeclaredInterface(1))
        ));
    }
}
