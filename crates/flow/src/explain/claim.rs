//! What can be said of one packet.

use std::net::IpAddr;

use crate::checksums::{Check, Header};
use crate::pieces::Span;

use super::ports::NotablePort;
use super::trailer::Remains;

/// How sure a statement is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// One reading among others.
    Possible,
    /// The reading that fits best; others would be coincidences.
    Likely,
    /// It follows from the bytes alone.
    Certain,
}

impl Confidence {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// One statement: what is claimed, the bytes it stands on, how sure it is, and whether it makes the packet
/// odd by itself or only belongs to the picture.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What is claimed.
    pub claim: Claim,
    /// The bytes it stands on; `None` where it stands on other packets or on something missing.
    pub place: Option<Place>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it makes the packet odd.
    pub is_odd: bool,
}

/// Bytes of a packet.
#[derive(Clone, Debug)]
pub struct Place {
    /// Distance from the start of the frame.
    pub at: usize,
    /// How many bytes.
    pub len: usize,
    /// The bytes themselves, the first [`Place::SHOWN`] of them.
    pub bytes: Vec<u8>,
}

impl Place {
    /// Most bytes kept.
    pub const SHOWN: usize = 64;
}

/// Declares [`Claim`] with the name of each claim in machine output.
macro_rules! claims {
    ($($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty),* })? = $name:literal,)*) => {
        /// What is claimed of a packet, with the numbers that the sentence needs.
        #[derive(Clone, PartialEq, Debug)]
        #[allow(missing_docs)]
        pub enum Claim { $($(#[$doc])* $variant $({ $($field: $type),* })?,)* }

        impl Claim {
            /// The name in machine output, which does not change.
            pub fn name(&self) -> &'static str {
                match self { $(Claim::$variant $({ $($field: _),* })? => $name,)* }
            }

            /// Every name there is.
            pub const NAMES: &[&str] = &[$($name),*];
        }
    };
}

claims! {
    /// No IP packet is in the frame.
    NotIp { ether_type: Option<u16> } = "not-ip",
    /// The version is neither 4 nor 6.
    IpVersion { version: u8 } = "ip-version",
    /// Not all bytes of the frame were captured.
    CutShort { captured: usize, on_wire: usize } = "cut-short",
    /// The IP length is more than the frame held on the wire.
    IpLengthExceedsFrame { claimed: usize, on_wire: usize } = "ip-length-exceeds-frame",
    IpLengthBelowHeader { claimed: usize, header: usize } = "ip-length-below-header",
    IpHeaderLengthBad { claimed: usize } = "ip-header-length-bad",
    /// The UDP length is not what IP leaves for it.
    UdpLengthDisagrees { udp: usize, ip_leaves: usize } = "udp-length-disagrees-with-ip",
    UdpLengthBelowHeader { udp: usize } = "udp-length-below-header",
    /// Of two UDP lengths, the checksum verifies for this one alone.
    SumTellsLength { udp_is_right: bool, length: usize } = "checksum-tells-length",
    TcpHeaderLengthBad { claimed: usize, segment: usize } = "tcp-header-length-bad",
    LengthsAgree { ip: usize, on_wire: usize } = "lengths-agree",

    /// Zero bytes after the claimed end.
    PaddingZero { len: usize, reaches_minimum: bool } = "padding-zero",
    /// Bytes after the claimed end that are not all zero, and what they look like.
    PaddingLeak { len: usize, remains: Remains } = "padding-not-zero",

    ChecksumRight { check: Check } = "checksum-right",
    ChecksumWrong { check: Check } = "checksum-wrong",
    /// Header and transport sum are wrong by the same difference: only addresses were rewritten.
    AddressesRewritten { residue: u16 } = "addresses-rewritten",
    /// Other packets were rewritten by the same difference.
    SameRewriting { packets: u64, destinations: usize } = "same-rewriting",
    /// The transport verifies with these addresses: what is wrong in the header is none of them.
    HeaderAloneChanged = "header-alone-changed",
    /// The header's sum verifies: what is wrong is in the transport, not the addresses.
    TransportAloneChanged = "transport-alone-changed",
    /// The sum would verify for this TTL.
    SumOfOtherTtl { ttl: u8 } = "checksum-of-other-ttl",
    /// One changed bit would explain the residue.
    SingleBit { bit: u8, was_set: bool } = "single-bit",
    /// The right sum is there with its bytes swapped.
    SumSwapped { expected: u16 } = "checksum-swapped",
    /// The field holds what a stack leaves to its card.
    ChecksumLeftToCard { check: Check, whole_sum: bool } = "checksum-left-to-card",
    /// UDP without checksum.
    UdpChecksumNone = "udp-checksum-none",
    /// Nearly all sums of the packet's sender are left to its card: the capture is its own.
    SenderLeavesChecksums = "sender-leaves-checksums",
    ChecksumUnverifiable = "checksum-unverifiable",

    IpReservedFlag = "ip-reserved-flag",
    Fragment { offset: usize, end: usize, more: bool, id: u32 } = "fragment",
    FragmentTiny { bytes: usize, first: bool } = "tiny-fragment",
    FragmentUneven { bytes: usize } = "fragment-length-uneven",
    FragmentPastEnd { end: usize } = "ping-of-death",
    FragmentOverlaps { new: Span, old: Span, packet: u64, conflicting: u64, is_nested: bool } = "fragment-overlap",
    FragmentRepeated = "fragment-repeated",
    FragmentUnfinished { fragments: u64 } = "unfinished-fragments",
    FragmentDontFragment = "fragment-with-dont-fragment",

    TtlZero = "ttl-zero",
    TtlLow { ttl: u8, is_probe: bool } = "ttl-low",
    TtlOrigin { ttl: u8, start: u16, hops: u16 } = "ttl-origin",
    TtlDiffers { ttl: u8, others: Vec<(u8, u64)> } = "ttl-differs",
    IpIdZero = "ip-id-zero",
    IpIdConstant { id: u16, packets: u64 } = "ip-id-constant",
    ToolMark { tool: &'static str, mark: &'static str } = "tool-mark",
    SourceRoute { is_strict: bool, hops: Vec<IpAddr> } = "source-route",
    RecordRoute { is_timestamp: bool } = "record-route",
    IpOption { kind: u8 } = "ip-option",
    IpOptionsMalformed = "ip-options-malformed",
    UnusualProtocol { number: u8, is_dense: bool } = "unusual-protocol",
    /// What the first byte says in the protocol of a known back door.
    TheBinary { command: u8 } = "the-binary",

    SourceImpossible { address: IpAddr, why: AddressKind } = "source-impossible",
    DestinationImpossible { address: IpAddr, why: AddressKind } = "destination-impossible",
    TcpToMany { address: IpAddr } = "tcp-to-many",
    Land = "land",
    SameAddress = "same-address",
    PrivateBesidePublic { private: IpAddr, public: IpAddr } = "private-beside-public",
    Documentation { address: IpAddr } = "documentation-address",
    HardwareSourceGroup = "hardware-source-group",

    TcpFlags { flags: u8 } = "tcp-flags",
    TcpReservedBits { bits: u8 } = "tcp-reserved-bits",
    UrgentWithoutFlag { pointer: u16 } = "urgent-without-flag",
    AckWithoutFlag { ack: u32 } = "ack-without-flag",
    SequenceZero = "sequence-zero",
    SynWindow { window: u16 } = "syn-window",
    SynWithoutOptions = "syn-without-options",
    SynData { len: usize, is_fast_open: bool } = "syn-data",
    RstData { len: usize } = "rst-data",
    TcpOptionsMalformed { kind: u8 } = "tcp-options-malformed",
    PortZero { is_source: bool } = "port-zero",
    KnownPort { port: &'static NotablePort, is_source: bool } = "known-port",
    Payload { len: usize } = "payload",

    IcmpRedirect { gateway: IpAddr } = "icmp-redirect",
    IcmpQuoteForeign { quoted_src: IpAddr, dst: IpAddr } = "icmp-quote-foreign",
    IcmpUnassigned { kind: u8 } = "icmp-unassigned",
    IcmpMapping { kind: u8 } = "icmp-mapping",
    EchoDiffers { request: u64 } = "echo-payload-differs",
    EchoUnasked = "echo-reply-unasked",
    EchoPattern { pattern: EchoPattern } = "echo-payload",
    EchoTunnel { offset: usize } = "echo-tunnel",

    DnsMalformed = "dns-malformed",
    DnsTrailing { len: usize } = "dns-trailing-bytes",
    DnsChaos { name: Vec<u8> } = "dns-chaos",
    DnsTransfer = "dns-zone-transfer",
}

impl Claim {
    /// Whether it stands and falls with a wrong checksum.
    pub(super) fn is_about_checksum(&self) -> bool {
        matches!(
            self,
            Claim::ChecksumWrong { .. }
                | Claim::ChecksumLeftToCard { .. }
                | Claim::AddressesRewritten { .. }
                | Claim::HeaderAloneChanged
                | Claim::TransportAloneChanged
                | Claim::SumOfOtherTtl { .. }
                | Claim::SingleBit { .. }
                | Claim::SumSwapped { .. }
        )
    }

    /// Whether that checksum is the IP header's.
    pub(super) fn is_about_header_checksum(&self) -> bool {
        match self {
            Claim::ChecksumWrong { check } | Claim::ChecksumLeftToCard { check, .. } => {
                check.header == Header::Ip
            }
            Claim::HeaderAloneChanged | Claim::SumOfOtherTtl { .. } => true,
            _ => false,
        }
    }
}

/// Why an address cannot be where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AddressKind {
    /// All hosts, or one network's.
    Broadcast,
    /// A group.
    Multicast,
    /// The host itself, on a wire.
    Loopback,
    /// No address yet.
    Unspecified,
    /// "This network", 0.0.0.0/8.
    ThisNetwork,
    /// Reserved for the future, 240.0.0.0/4.
    Reserved,
}

/// What an echo carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EchoPattern {
    /// Nothing.
    Empty,
    /// `abcdefghijklmnopqrstuvw`, as Windows sends.
    Alphabet,
    /// Bytes that count up, after a time stamp: as Unix systems send.
    Counting,
    /// The same byte throughout.
    Repeated,
    /// Readable text that is no alphabet.
    Text,
    /// Bytes without pattern.
    Dense,
    /// Something else.
    Other,
}
