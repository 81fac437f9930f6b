//! What is written can be read back, by whatever route.

mod build;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use build::{Order, Owned, read_all};
use proptest::prelude::*;
use wirescope_capture::rotation::Rotation;
use wirescope_capture::{
    Compression, FileWriter, Interface, Mixed, Outcome, Precision, Savefiles, WriteFormat, WriteOptions,
};
use wirescope_wire::{LinkType, Packet, Timestamp};

/// Memory that outlives the writer.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

fn packet<'a>(owned: &'a Owned) -> Packet<'a> {
    Packet {
        time: Timestamp::new(owned.seconds, owned.nanos),
        link: LinkType(owned.link),
        interface: owned.interface,
        wire_len: owned.wire_len,
        data: &owned.data,
    }
}

fn write(packets: &[Owned], options: &WriteOptions, interfaces: &[Interface]) -> Vec<u8> {
    let memory = Shared::default();
    let mut writer = FileWriter::new(Box::new(memory.clone()), options).unwrap();
    writer.declare(interfaces);
    for owned in packets {
        writer.write(&packet(owned)).unwrap();
    }
    let length = writer.len();
    writer.finish().unwrap();
    let bytes = memory.bytes();
    if options.compression.is_none() && (!packets.is_empty() || options.format == WriteFormat::Pcap) {
        assert_eq!(length, bytes.len() as u64, "the length that rotation goes by is the file's");
    }
    bytes
}

fn packets(interfaces: u32) -> impl Strategy<Value = Vec<Owned>> {
    let one = (
        0..=u32::MAX,
        0..1_000_000_000u64,
        0..interfaces,
        any::<u32>(),
        prop::collection::vec(any::<u8>(), 0..200),
    );
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        rows.into_iter()
            .map(|(seconds, nanos, interface, wire_len, data)| Owned {
                seconds: i64::from(seconds),
                nanos,
                link: [1, 101, 276][interface as usize],
                interface,
                wire_len,
                data,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn pcap_keeps_packets(packets in packets(1), nano: bool, packet_buffered: bool) {
        let precision = if nano { Precision::Nano } else { Precision::Micro };
        let options = WriteOptions { precision, packet_buffered, ..WriteOptions::new(LinkType::EN10MB) };
        let (read, error) = read_all(&write(&packets, &options, &[]), Mixed::Refused);
        let mut expected = packets;
        if !nano {
            expected.iter_mut().for_each(|packet| packet.nanos = packet.nanos / 1_000 * 1_000);
        }
        prop_assert_eq!((read, error), (expected, None));
    }

    #[test]
    fn pcapng_keeps_packets_of_several_interfaces(packets in packets(3), compression in 0..5usize) {
        let compression =
            [None, Some(Compression::Gzip), Some(Compression::Zstd), Some(Compression::Lz4), Some(Compression::Xz)]
                [compression];
        let options = WriteOptions {
            format: WriteFormat::Pcapng,
            precision: Precision::Nano,
            compression,
            ..WriteOptions::new(LinkType::EN10MB)
        };
        let mut interfaces = [1, 101, 276].map(|link| Interface::new(LinkType(link), 262_144));
        interfaces[0].name = Some("eth0".to_owned());
        interfaces[1].filter = Some("tcp".to_owned());
        let (read, error) = read_all(&write(&packets, &options, &interfaces), Mixed::Allowed);
        prop_assert_eq!((read, error), (packets, None));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0..4usize) {
        let beginning = match start {
            0 => Order::Little.pcap(0xa1b2_c3d4, (2, 4), 65_535, 1),
            1 => Order::Big.pcap(0xa1b2_cd34, (2, 3), 65_535, 1),
            2 => [Order::Little.section((1, 0)), Order::Little.interface(1, 65_535, &[])].concat(),
            _ => Vec::new(),
        };
        bytes.splice(0..0, beginning);
        for mixed in [Mixed::Refused, Mixed::Allowed] {
            let (packets, _) = read_all(&bytes, mixed);
            prop_assert!(packets.len() <= bytes.len());
        }
    }
}

#[test]
fn a_packet_of_another_link_type_needs_pcapng() {
    let mut writer = FileWriter::new(Box::new(io::sink()), &WriteOptions::new(LinkType::EN10MB)).unwrap();
    let other = Owned { seconds: 0, nanos: 0, link: 101, interface: 0, wire_len: 0, data: vec![] };
    let error = writer.write(&packet(&other)).unwrap_err().to_string();
    assert!(error.contains("RAW") && error.contains("EN10MB") && error.contains("pcapng"), "{error}");
}

#[test]
fn packet_buffered_files_are_whole_after_every_packet() {
    let memory = Shared::default();
    let options = WriteOptions { packet_buffered: true, ..WriteOptions::new(LinkType::EN10MB) };
    let mut writer = FileWriter::new(Box::new(memory.clone()), &options).unwrap();
    assert_eq!(memory.bytes().len(), 24, "the header is there before the first packet");
    let one = Owned { seconds: 1, nanos: 0, link: 1, interface: 0, wire_len: 9, data: vec![0; 9] };
    for count in 1..4 {
        writer.write(&packet(&one)).unwrap();
        assert_eq!(read_all(&memory.bytes(), Mixed::Refused).0.len(), count);
    }
}

#[test]
fn an_empty_pcapng_file_can_be_read() {
    let options = WriteOptions { format: WriteFormat::Pcapng, ..WriteOptions::new(LinkType::EN10MB) };
    assert_eq!(read_all(&write(&[], &options, &[]), Mixed::Refused), (vec![], None));
}

#[test]
fn a_full_disk_is_reported() {
    let mut writer =
        FileWriter::create(Path::new("/dev/full"), &WriteOptions::new(LinkType::EN10MB)).unwrap();
    let one = Owned { seconds: 1, nanos: 0, link: 1, interface: 0, wire_len: 9, data: vec![0; 9] };
    writer.write(&packet(&one)).unwrap();
    assert_eq!(writer.finish().unwrap_err().to_string(), "Can't write to file: No space left on device");
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wirescope-writing-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes 35 packets of 1,000 bytes each (with their header) and tells which files there are, with the first
/// byte of their first packet and their number of packets, and which were handed to the callback.
fn series(name: &str, rotation: Rotation) -> (Vec<(String, u8, usize)>, Vec<String>) {
    let folder = folder(name);
    let done = Arc::new(Mutex::new(Vec::new()));
    let closed = Arc::clone(&done);
    let file_name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut files =
        Savefiles::create(&folder.join("out"), rotation, WriteOptions::new(LinkType::EN10MB), move |path| {
            closed.lock().unwrap().push(file_name(path))
        })
        .unwrap();
    for number in 0..35 {
        let mut data = vec![0; 984];
        data[0] = number;
        let one = Owned { seconds: 1, nanos: 0, link: 1, interface: 0, wire_len: 984, data };
        assert_eq!(files.write(&packet(&one)).unwrap(), Outcome::Written);
    }
    files.finish().unwrap();
    let mut found: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let (packets, error) = read_all(&std::fs::read(&path).unwrap(), Mixed::Refused);
            assert_eq!(error, None);
            (file_name(&path), packets[0].data[0], packets.len())
        })
        .collect();
    found.sort();
    std::fs::remove_dir_all(&folder).unwrap();
    let done = done.lock().unwrap().clone();
    (found, done)
}

#[test]
fn files_take_turns_by_size() {
    let rotation = Rotation { size_limit: Some(10_000), ..Rotation::default() };
    let (files, closed) = series("size", rotation.clone());
    let expected = [("out", 0, 10), ("out1", 10, 10), ("out2", 20, 10), ("out3", 30, 5)];
    assert_eq!(files, expected.map(|(name, first, count)| (name.to_owned(), first, count)));
    assert_eq!(closed, ["out", "out1", "out2"]);

    let (files, closed) = series("ring", Rotation { file_count: Some(3), ..rotation });
    let expected = [("out0", 30, 5), ("out1", 10, 10), ("out2", 20, 10)];
    assert_eq!(files, expected.map(|(name, first, count)| (name.to_owned(), first, count)));
    assert_eq!(closed, ["out0", "out1", "out2"]);
}
