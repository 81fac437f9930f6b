//! Captures made by tests: Ethernet frames with IPv4, right checksums unless a test changes them.

use std::io::Write as _;

use tempfile::NamedTempFile;

/// A packet in the making.
#[derive(Clone)]
pub(crate) struct Frame {
    src: [u8; 4],
    dst: [u8; 4],
    protocol: u8,
    transport: Vec<u8>,
    checksum_at: Option<usize>,
    padding: Vec<u8>,
}

/// A TCP segment between two hosts; SYNs say their segment size.
pub(crate) fn tcp(src_port: u16, dst_port: u16, flags: u8, payload: &[u8]) -> Frame {
    let is_syn = flags & 0x17 == 0x02;
    let mut transport: Vec<u8> = [src_port.to_be_bytes(), dst_port.to_be_bytes()].concat();
    let ack = if flags & 0x10 != 0 { 7 } else { 0 };
    transport.extend([
        0,
        0,
        3,
        9,
        0,
        0,
        0,
        ack,
        if is_syn { 0x60 } else { 0x50 },
        flags,
        0x22,
        0x38,
        0,
        0,
        0,
        0,
    ]);
    if is_syn {
        transport.extend([2, 4, 5, 0xb4]);
    }
    transport.extend(payload);
    Frame::new(6, transport, Some(16))
}

/// A UDP datagram between two hosts.
pub(crate) fn udp(src_port: u16, dst_port: u16, payload: &[u8]) -> Frame {
    let words = [src_port, dst_port, 8 + payload.len() as u16, 0];
    let mut transport: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    transport.extend(payload);
    Frame::new(17, transport, Some(6))
}

/// A packet of any other protocol.
pub(crate) fn ip(protocol: u8, payload: &[u8]) -> Frame {
    Frame::new(protocol, payload.to_vec(), None)
}

/// A question for the address of a name.
pub(crate) fn dns_query(name: &str) -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        message.push(label.len() as u8);
        message.extend(label.as_bytes());
    }
    message.extend([0, 0, 1, 0, 1]);
    message
}

impl Frame {
    fn new(protocol: u8, transport: Vec<u8>, checksum_at: Option<usize>) -> Frame {
        Frame {
            src: [192, 168, 7, 1],
            dst: [192, 168, 7, 2],
            protocol,
            transport,
            checksum_at,
            padding: Vec::new(),
        }
    }

    /// The other way.
    pub(crate) fn swapped(mut self) -> Frame {
        std::mem::swap(&mut self.src, &mut self.dst);
        self
    }

    /// With these bytes behind the end of the IP packet, instead of zeros.
    pub(crate) fn padded(mut self, padding: &[u8]) -> Frame {
        self.padding = padding.to_vec();
        self
    }

    /// The bytes, padded to the shortest frame.
    pub(crate) fn built(&self) -> Vec<u8> {
        let mut transport = self.transport.clone();
        if let Some(at) = self.checksum_at {
            let pseudo =
                [&self.src[..], &self.dst, &[0, self.protocol], &(transport.len() as u16).to_be_bytes()];
            let sum = checksum(&[pseudo.concat(), transport.clone()].concat());
            transport[at..at + 2].copy_from_slice(&sum.to_be_bytes());
        }
        let mut header = vec![0x45, 0];
        header.extend((20 + transport.len() as u16).to_be_bytes());
        header.extend([0x12, 0x34, 0, 0, 64, self.protocol, 0, 0]);
        header.extend([self.src, self.dst].concat());
        let sum = checksum(&header);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
        frame.extend(header);
        frame.extend(transport);
        frame.extend(&self.padding);
        frame.resize(frame.len().max(60), 0);
        frame
    }
}

fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 =
        bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// A capture file that lasts as long as the test.
pub(crate) struct Capture {
    file: NamedTempFile,
    path: String,
}

impl Capture {
    /// Packets a second apart.
    pub(crate) fn new(frames: &[Frame]) -> Capture {
        Capture::of_frames(&frames.iter().map(Frame::built).collect::<Vec<_>>())
    }

    /// Frames as they are, a second apart.
    pub(crate) fn of_frames(frames: &[Vec<u8>]) -> Capture {
        let mut bytes = Vec::new();
        for word in [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 262_144, 1] {
            bytes.extend(word.to_be_bytes());
        }
        for (second, frame) in (958_495_600u32..).zip(frames) {
            let length = frame.len() as u32;
            for word in [second, 0, length, length] {
                bytes.extend(word.to_be_bytes());
            }
            bytes.extend(frame);
        }
        let mut file = tempfile::Builder::new().suffix(".pcap").tempfile().expect("there is room for a file");
        file.write_all(&bytes).expect("the capture can be written");
        let path = file.path().to_string_lossy().into_owned();
        Capture { file, path }
    }

    /// Its name.
    pub(crate) fn path(&self) -> &str {
        assert!(self.file.path().exists());
        &self.path
    }
}
