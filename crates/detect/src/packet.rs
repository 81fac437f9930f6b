//! What rules look at: a packet as captured, or one that was put together from several.

use wirescope_flow::decode::{Decoded, Ip, Transport};
use wirescope_flow::stream::Direction;
use wirescope_wire::ipv4::Ipv4;
use wirescope_wire::{Cursor, Timestamp};

use crate::language::{Buffer, StreamSide};

/// Where the bytes of an inspected packet come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Origin {
    /// From one packet of the capture.
    #[default]
    Captured,
    /// From fragments that were put together.
    Fragments,
    /// From segments of a stream that were put together.
    Stream,
    /// Made for an event that is about several packets: its payload says in words what was found.
    Event,
}

/// The parts of an HTTP message that rules can name; empty where the packet has none.
#[derive(Clone, Copy, Default, Debug)]
pub struct Http<'a> {
    /// URI, percent-decoded and with its path made plain.
    pub uri: Option<&'a [u8]>,
    /// URI as sent.
    pub raw_uri: Option<&'a [u8]>,
    /// Method.
    pub method: Option<&'a [u8]>,
    /// Header lines without cookies.
    pub header: Option<&'a [u8]>,
    /// Header lines as sent.
    pub raw_header: Option<&'a [u8]>,
    /// Cookies.
    pub cookie: Option<&'a [u8]>,
    /// Cookies as sent.
    pub raw_cookie: Option<&'a [u8]>,
    /// Body of a request.
    pub client_body: Option<&'a [u8]>,
    /// Status code of a response.
    pub stat_code: Option<&'a [u8]>,
    /// Reason phrase of a response.
    pub stat_msg: Option<&'a [u8]>,
    /// Body of a response.
    pub file_data: Option<&'a [u8]>,
}

/// The state of the conversation that a packet belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlowView {
    /// Which way the packet goes; `None` where no conversation is tracked.
    pub direction: Option<Direction>,
    /// Whether the conversation is established.
    pub established: bool,
    /// Sequence numbers that the client has used, for its bytes and its SYN and FIN.
    pub client_size: u64,
    /// Sequence numbers that the server has used.
    pub server_size: u64,
}

impl FlowView {
    /// Whether what was seen of a side fulfils a condition on its size.
    pub(crate) fn size_holds(&self, side: StreamSide, size: crate::language::Comparison) -> bool {
        if self.direction.is_none() {
            return false;
        }
        let (client, server) = (size.holds(self.client_size), size.holds(self.server_size));
        match side {
            StreamSide::Client => client,
            StreamSide::Server => server,
            StreamSide::Both => client && server,
            StreamSide::Either => client || server,
        }
    }
}

/// One packet for rules to look at.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// When it was seen.
    pub time: Timestamp,
    /// Its headers.
    pub decoded: &'a Decoded<'a>,
    /// Its IP header.
    pub ip: &'a Ip<'a>,
    /// Where its bytes come from.
    pub origin: Origin,
    /// The conversation it belongs to.
    pub flow: FlowView,
    /// The payload that rules search.
    pub payload: &'a [u8],
    /// Parts of an HTTP message in it.
    pub http: Http<'a>,
}

impl<'a> Inspected<'a> {
    /// A captured packet without a conversation: what its headers and payload say alone.
    pub fn new(time: Timestamp, decoded: &'a Decoded<'a>) -> Option<Self> {
        let ip = decoded.ip.as_ref()?;
        let payload = match &decoded.transport {
            Transport::Tcp(segment) => segment.payload,
            Transport::Udp(datagram) => datagram.payload,
            Transport::Icmp(message) => message.body,
            Transport::None => ip.payload,
        };
        Some(Inspected {
            time,
            decoded,
            ip,
            origin: Origin::Captured,
            flow: FlowView::default(),
            payload,
            http: Http::default(),
        })
    }

    /// The bytes of a buffer; `None` where the packet has no such part. `Base64Data` is the matcher's own.
    #[inline]
    pub(crate) fn buffer(&self, buffer: Buffer) -> Option<&'a [u8]> {
        match buffer {
            Buffer::Payload | Buffer::RawPayload => Some(self.payload),
            Buffer::HttpUri => self.http.uri,
            Buffer::HttpRawUri => self.http.raw_uri,
            Buffer::HttpHeader => self.http.header,
            Buffer::HttpRawHeader => self.http.raw_header,
            Buffer::HttpCookie => self.http.cookie,
            Buffer::HttpRawCookie => self.http.raw_cookie,
            Buffer::HttpMethod => self.http.method,
            Buffer::HttpClientBody => self.http.client_body,
            Buffer::HttpStatCode => self.http.stat_code,
            Buffer::HttpStatMsg => self.http.stat_msg,
            Buffer::FileData => self.http.file_data,
            Buffer::Base64Data => None,
        }
    }

    /// Source and destination port; zeros where the packet has none.
    #[inline]
    pub fn ports(&self) -> (u16, u16) {
        match &self.decoded.transport {
            Transport::Tcp(segment) => (segment.src_port, segment.dst_port),
            Transport::Udp(datagram) => (datagram.src_port, datagram.dst_port),
            _ => (0, 0),
        }
    }

    /// The fixed part of an IPv4 header; `None` for IPv6.
    #[inline]
    pub(crate) fn ipv4(&self) -> Option<Ipv4<'a>> {
        if !self.ip.src.is_ipv4() {
            return None;
        }
        Ipv4::read(&mut Cursor::over(self.ip.bytes)).ok()
    }

    /// The bytes of the IPv4 options.
    pub(crate) fn ip_options(&self) -> &'a [u8] {
        match self.ipv4() {
            Some(header) => self.ip.bytes.get(Ipv4::LEN..header.header_len()).unwrap_or_default(),
            None => &[],
        }
    }

    /// Differentiated services, or the traffic class of IPv6.
    pub(crate) fn tos(&self) -> u8 {
        match (self.ipv4(), self.ip.bytes) {
            (Some(header), _) => header.tos(),
            (None, [first, second, ..]) => first << 4 | second >> 4,
            _ => 0,
        }
    }
}
