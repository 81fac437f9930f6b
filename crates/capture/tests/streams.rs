//! Compressed files, pipes and blocks: other ways to the same packets.

mod build;

use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::Duration;

use build::{Order, Owned, Slowly, drain, read_all, reader};
use wirescope_capture::{Block, Compression, FileReader, FileWriter, Mixed, Source, WriteOptions};
use wirescope_wire::LinkType;

const ETHERNET: u32 = 1;

/// A file with packets of all kinds of lengths, more than one read gives.
fn sample() -> Vec<u8> {
    let mut file = Order::Little.pcap(0xa1b2_c3d4, (2, 4), 262_144, ETHERNET);
    for number in 0..3_000u32 {
        let length = if number == 1_500 { 262_144 } else { (number * 7) % 1_500 };
        let data: Vec<u8> = (0..length).map(|at| (at ^ number) as u8).collect();
        file.extend(Order::Little.record((number, number), length, length + 4, &[], &data));
    }
    file
}

fn temporary(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("wirescope-capture-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn every_compression_is_told_by_its_content() {
    let (expected, _) = read_all(&sample(), Mixed::Refused);
    for (suffix, compression) in [
        ("gz", Compression::Gzip),
        ("zst", Compression::Zstd),
        ("lz4", Compression::Lz4),
        ("xz", Compression::Xz),
    ] {
        let named = temporary(&format!("out.pcap.{suffix}"));
        let options = WriteOptions::new(LinkType::EN10MB).named(&named);
        assert_eq!(options.compression, Some(compression));
        let mut writer = FileWriter::create(&named, &options).unwrap();
        let mut source = reader(&sample(), Mixed::Refused).unwrap();
        while let Some(packet) = source.next().unwrap() {
            writer.write(&packet).unwrap();
        }
        writer.finish().unwrap();
        let unnamed = temporary(&format!("no-suffix-{suffix}"));
        std::fs::rename(named, &unnamed).unwrap();
        let opened = FileReader::open(&unnamed, Mixed::Refused).unwrap();
        assert_eq!(opened.properties().compression, Some(compression));
        let (packets, error) = drain(Ok(opened));
        assert_eq!(error, None, "{suffix}");
        assert!(packets == expected, "{suffix}: packets differ");

        // A cut file gives what is whole, and says that it is cut.
        let mut bytes = std::fs::read(&unnamed).unwrap();
        bytes.truncate(bytes.len() / 2);
        let (packets, error) = read_all(&bytes, Mixed::Refused);
        assert!(error.is_some(), "{suffix}: half a file is no whole file");
        assert!(expected.starts_with(&packets), "{suffix}: packets of half a file differ");

        // Parts compressed one by one and put together are one file.
        let (first, second) = sample().split_at(100_000).map_both(|part| compressed(part, compression));
        let (packets, error) = read_all(&[first, second].concat(), Mixed::Refused);
        assert_eq!(error, None, "{suffix}: two parts");
        assert!(packets == expected, "{suffix}: packets of two parts differ");
    }
}

trait Both {
    fn map_both(self, f: impl Fn(&[u8]) -> Vec<u8>) -> (Vec<u8>, Vec<u8>);
}

impl Both for (&[u8], &[u8]) {
    fn map_both(self, f: impl Fn(&[u8]) -> Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        (f(self.0), f(self.1))
    }
}

fn compressed(bytes: &[u8], compression: Compression) -> Vec<u8> {
    match compression {
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Zstd => zstd::stream::encode_all(bytes, 1).unwrap(),
        Compression::Lz4 => {
            let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Xz => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    }
}

#[test]
fn a_file_that_comes_byte_by_byte_is_the_same_file() {
    let mut file = sample();
    file.truncate(60_000);
    let expected = read_all(&file, Mixed::Refused);
    for step in [1, 7, 4_096] {
        let stream = Slowly { bytes: file.clone(), at: 0, step };
        assert!(
            drain(FileReader::new(Box::new(stream), Mixed::Refused)) == expected,
            "{step} bytes at a time"
        );
    }
}

#[test]
fn blocks_hold_the_packets_that_next_gives() {
    let mut file = sample();
    file.extend([1; 5]);
    let (expected, _) = read_all(&file, Mixed::Refused);
    for step in [1 << 20, 300_000, 1_000] {
        let stream = Slowly { bytes: file.clone(), at: 0, step };
        let mut reader = FileReader::new(Box::new(stream), Mixed::Refused).unwrap();
        let (mut packets, mut block) = (Vec::new(), Block::new());
        let error = loop {
            match reader.next_block(&mut block) {
                Ok(true) => {
                    assert!(!block.is_empty());
                    assert_eq!(block.packets().len(), block.len());
                    packets.extend(block.packets().map(Owned::from));
                }
                Ok(false) => break String::new(),
                Err(error) => break error.to_string(),
            }
        };
        assert_eq!(error, "truncated dump file; tried to read 16 header bytes, only got 5");
        assert!(packets == expected, "{step} bytes at a time");
    }
}

#[test]
fn blocks_of_pcapng_know_their_interfaces() {
    let order = Order::Big;
    let mut file = order.section((1, 0));
    for number in 0..1_000 {
        file.extend(order.interface(101, 1_000 + number, &[]));
        file.extend(order.enhanced_packet(number, 0, 60, &[7; 99]));
        file.extend(order.block(5, &[0; 400]));
    }
    let (expected, error) = read_all(&file, Mixed::Allowed);
    assert_eq!((expected.len(), error), (1_000, None));
    let mut reader = reader(&file, Mixed::Allowed).unwrap();
    let (mut packets, mut block) = (Vec::new(), Block::new());
    while reader.next_block(&mut block).unwrap() {
        packets.extend(block.packets().map(Owned::from));
    }
    assert_eq!(packets, expected);
    assert_eq!(reader.interfaces().len(), 1_000, "no interface is described twice");
}

/// A pipe whose writer waits until each packet has been seen.
struct Turns(mpsc::Receiver<Vec<u8>>, Vec<u8>);

impl Read for Turns {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        if self.1.is_empty() {
            self.1 = self.0.recv_timeout(Duration::from_secs(10)).unwrap_or_default();
        }
        let count = self.1.len().min(room.len());
        room[..count].copy_from_slice(&self.1[..count]);
        self.1.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_packet_is_delivered_as_soon_as_it_is_whole() {
    for compressed_stream in [false, true] {
        let (sender, receiver) = mpsc::channel();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut send = |bytes: &[u8]| {
            if compressed_stream {
                gzip.write_all(bytes).unwrap();
                gzip.flush().unwrap();
                sender.send(std::mem::take(gzip.get_mut())).unwrap();
            } else {
                sender.send(bytes.to_vec()).unwrap();
            }
        };
        send(&Order::Little.pcap(0xa1b2_c3d4, (2, 4), 65_535, ETHERNET));
        let mut reader = FileReader::new(Box::new(Turns(receiver, Vec::new())), Mixed::Refused).unwrap();
        for number in 0..5 {
            // The next packet is only sent when this one has come out.
            send(&Order::Little.record((number, 0), 10, 10, &[], &[0; 10]));
            let packet = reader.next().unwrap().expect("a packet");
            assert_eq!(packet.time.seconds, i64::from(number));
        }
    }
}
