//! The syntax tree of a filter expression.
//!
//! Nodes stand in one list in the order in which a reader of the expression completes them, so a node's operands
//! always stand before it and a walk over the list needs no recursion however deep the parentheses go.

use std::net::Ipv6Addr;
use std::ops::Range;

/// Position of a node in its [`Tree`].
pub type NodeId = usize;

/// An expression's nodes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tree {
    /// The nodes, operands before what they belong to.
    pub nodes: Vec<Node>,
    /// The node that stands for the whole expression; `None` for the empty expression, which selects every packet.
    pub root: Option<NodeId>,
}

impl Tree {
    /// Which nodes have a say in what the tree means: those of its root, and whatever moves what follows it
    /// further into the packet.
    pub(crate) fn effective(&self) -> Vec<bool> {
        let mut effective = vec![false; self.nodes.len()];
        if let Some(root) = self.root.and_then(|root| effective.get_mut(root)) {
            *root = true;
        }
        for (id, node) in self.nodes.iter().enumerate().rev() {
            let Some(here) = effective.get_mut(id) else { continue };
            *here |= node.kind.is_encapsulation();
            if *here {
                for operand in node.kind.operands() {
                    if let Some(operand) = effective.get_mut(operand) {
                        *operand = true;
                    }
                }
            }
        }
        effective
    }
}

/// A part of an expression and the bytes it was read from (of parentheses around it, the inside).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// What it says.
    pub kind: NodeKind,
    /// Where it stands in the expression.
    pub span: Range<usize>,
}

/// What a node says: a test of the packet, or (from [`NodeKind::Number`] on) a value in a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// Both hold.
    And(NodeId, NodeId),
    /// At least one holds.
    Or(NodeId, NodeId),
    /// The other does not hold.
    Not(NodeId),
    /// A name, address or number under qualifiers, such as `src net 10.0.0.0/8`.
    Identifier {
        /// The qualifiers before it, or those carried over from the term before; `None` where there are none to carry over.
        qualifiers: Option<Qualifiers>,
        /// Whether the qualifiers are those of an earlier term, as for `b` in `host a or b`.
        carried: bool,
        /// What is looked for.
        subject: Subject,
        /// Where that stands, without the qualifiers.
        place: Range<usize>,
    },
    /// A protocol's name alone, such as `tcp`.
    Protocol(Protocol),
    /// A comparison of two values.
    Compare(NodeId, Relation, NodeId),
    /// `broadcast`, with the protocol before it.
    Broadcast(Option<Protocol>),
    /// `multicast`, with the protocol before it.
    Multicast(Option<Protocol>),
    /// `less N`: at most this long.
    Less(u32),
    /// `greater N`: at least this long.
    Greater(u32),
    /// `byte N OP V`: a byte of the packet under an operator.
    Byte {
        /// Which byte, from the link-layer header on.
        index: u32,
        /// `=`, `<`, `>`, `&` or `|`.
        operator: ByteOperator,
        /// What it is held against.
        value: u32,
    },
    /// Received by the capturing machine.
    Inbound,
    /// Sent by the capturing machine.
    Outbound,
    /// Seen at the interface of this number.
    Interface(u32),
    /// An encapsulation, with its tag, label, session or network number; what follows is about what is inside.
    Encapsulation(Encapsulation, Option<u32>),
    /// A field of the packet filter's log.
    PacketFilter(PacketFilter),
    /// A type of 802.11 frame, with its subtype where one is given.
    WlanType {
        /// Frame control's type bits, in place (0x00, 0x04, 0x08).
        frame_type: u32,
        /// Its subtype bits, in place.
        subtype: Option<u32>,
    },
    /// An 802.11 frame by type and subtype bits at once, as `subtype beacon` names them.
    WlanSubtype(u32),
    /// An 802.11 frame by the direction bits.
    WlanDirection(u32),
    /// A kind of LLC frame.
    Llc(Llc),
    /// A kind of ATM traffic.
    Atm(AtmKind),
    /// An ATM field with this value.
    AtmField(AtmField, Relation, u32),
    /// A kind of MTP2 signal unit.
    Mtp2(Mtp2Kind),
    /// An MTP3 field with this value.
    Mtp3Field(Mtp3Field, Relation, u32),
    /// A constant.
    Number(u32),
    /// Bytes of the packet.
    Load {
        /// Whose header the index counts from.
        protocol: Protocol,
        /// The first byte.
        index: NodeId,
        /// How many bytes.
        size: u32,
    },
    /// The length of the packet.
    Length,
    /// An operation on two values.
    Binary(NodeId, Operator, NodeId),
    /// The value with its sign changed.
    Negate(NodeId),
}

impl NodeKind {
    /// The nodes that belong to this one.
    pub fn operands(&self) -> impl Iterator<Item = NodeId> {
        let (first, second) = match self {
            NodeKind::And(first, second)
            | NodeKind::Or(first, second)
            | NodeKind::Compare(first, _, second)
            | NodeKind::Binary(first, _, second) => (Some(*first), Some(*second)),
            NodeKind::Not(inner) | NodeKind::Negate(inner) | NodeKind::Load { index: inner, .. } => {
                (Some(*inner), None)
            }
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// Whether what follows is about what stands further inside the packet.
    pub(crate) fn is_encapsulation(&self) -> bool {
        matches!(self, NodeKind::Encapsulation(kind, _) if *kind != Encapsulation::PppoeDiscovery)
    }
}

/// What stands before an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Qualifiers {
    /// `ip`, `tcp`, `ether` …
    pub protocol: Option<Protocol>,
    /// `src`, `dst` …
    pub direction: Option<Direction>,
    /// `host`, `net`, `port` …
    pub kind: Option<Kind>,
}

/// A protocol that has a name in the language.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    Link,
    Ip,
    Arp,
    Rarp,
    Sctp,
    Tcp,
    Udp,
    Icmp,
    Igmp,
    Igrp,
    Pim,
    Vrrp,
    Carp,
    Radio,
    Ip6,
    Icmp6,
    Ah,
    Esp,
    Atalk,
    Aarp,
    Decnet,
    Lat,
    Sca,
    Moprc,
    Mopdl,
    Iso,
    Esis,
    Isis,
    IsisLevel1,
    IsisLevel2,
    IsisHello,
    IsisLinkState,
    IsisSequence,
    IsisCompleteSequence,
    IsisPartialSequence,
    Clnp,
    Stp,
    Ipx,
    Netbeui,
}

impl Protocol {
    /// The name that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Link => "link",
            Protocol::Ip => "ip",
            Protocol::Arp => "arp",
            Protocol::Rarp => "rarp",
            Protocol::Sctp => "sctp",
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Icmp => "icmp",
            Protocol::Igmp => "igmp",
            Protocol::Igrp => "igrp",
            Protocol::Pim => "pim",
            Protocol::Vrrp => "vrrp",
            Protocol::Carp => "carp",
            Protocol::Radio => "radio",
            Protocol::Ip6 => "ip6",
            Protocol::Icmp6 => "icmp6",
            Protocol::Ah => "ah",
            Protocol::Esp => "esp",
            Protocol::Atalk => "atalk",
            Protocol::Aarp => "aarp",
            Protocol::Decnet => "decnet",
            Protocol::Lat => "lat",
            Protocol::Sca => "sca",
            Protocol::Moprc => "moprc",
            Protocol::Mopdl => "mopdl",
            Protocol::Iso => "iso",
            Protocol::Esis => "esis",
            Protocol::Isis => "isis",
            Protocol::IsisLevel1 => "l1",
            Protocol::IsisLevel2 => "l2",
            Protocol::IsisHello => "iih",
            Protocol::IsisLinkState => "lsp",
            Protocol::IsisSequence => "snp",
            Protocol::IsisCompleteSequence => "csnp",
            Protocol::IsisPartialSequence => "psnp",
            Protocol::Clnp => "clnp",
            Protocol::Stp => "stp",
            Protocol::Ipx => "ipx",
            Protocol::Netbeui => "netbeui",
        }
    }
}

/// Which of a packet's addresses or ports is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The source.
    Source,
    /// The destination.
    Destination,
    /// Either of them.
    SourceOrDestination,
    /// Both of them.
    SourceAndDestination,
    /// The first to fourth address of an 802.11 frame.
    Address(u8),
    /// The receiver of an 802.11 frame.
    Receiver,
    /// The transmitter of an 802.11 frame.
    Transmitter,
}

/// What an identifier names.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Host,
    Net,
    Port,
    PortRange,
    Gateway,
    Proto,
    ProtoChain,
}

impl Kind {
    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Host => "host",
            Kind::Net => "net",
            Kind::Port => "port",
            Kind::PortRange => "portrange",
            Kind::Gateway => "gateway",
            Kind::Proto => "proto",
            Kind::ProtoChain => "protochain",
        }
    }
}

/// What an identifier says, before its qualifiers give it a meaning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A name, for a host, network, port or protocol; ranges of ports too.
    Name(String),
    /// A number.
    Number(u32),
    /// Two to four numbers with dots between them.
    Dotted(String),
    /// The same with the length of a prefix.
    DottedPrefix(String, u32),
    /// The same with a mask.
    DottedMask(String, String),
    /// An IPv6 address, as it was written and as it is.
    Address6(String, Ipv6Addr),
    /// The same with the length of a prefix.
    Prefix6(String, Ipv6Addr, u32),
    /// An Ethernet address.
    Ethernet([u8; 6]),
    /// An ARCnet address, such as `$1f`.
    Arcnet(u8),
}

/// How two values are compared.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operation on two values.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulus,
    And,
    Or,
    ExclusiveOr,
    ShiftLeft,
    ShiftRight,
}

/// What may stand in `byte N OP V`.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByteOperator {
    Equal,
    Less,
    Greater,
    And,
    Or,
}

/// A header that pushes what the following terms are about further into the packet.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encapsulation {
    Vlan,
    Mpls,
    PppoeDiscovery,
    PppoeSession,
    Geneve,
    Vxlan,
}

/// A field of OpenBSD's packet filter log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PacketFilter {
    /// The interface's name.
    Interface(String),
    /// The ruleset's name.
    Ruleset(String),
    /// The rule's number.
    Rule(u32),
    /// The rule's number within the ruleset.
    Subrule(u32),
    /// Why the packet was logged.
    Reason(u32),
    /// What was done with it.
    Action(u32),
}

/// A kind of LLC frame.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Llc {
    Any,
    Information,
    Supervisory,
    Unnumbered,
    /// Supervisory frame with these control bits.
    SupervisoryCode(u32),
    /// Unnumbered frame with these control bits.
    UnnumberedCode(u32),
}

/// A kind of ATM traffic.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtmKind {
    Lane,
    Metasignaling,
    Broadcast,
    OamF4Segment,
    OamF4EndToEnd,
    Signaling,
    Ilmi,
    Oam,
    OamF4,
    Connect,
    MetasignalingConnect,
}

impl AtmKind {
    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            AtmKind::Lane => "lane",
            AtmKind::Metasignaling => "metac",
            AtmKind::Broadcast => "bcc",
            AtmKind::OamF4Segment => "oamf4sc",
            AtmKind::OamF4EndToEnd => "oamf4ec",
            AtmKind::Signaling => "sc",
            AtmKind::Ilmi => "ilmic",
            AtmKind::Oam => "oam",
            AtmKind::OamF4 => "oamf4",
            AtmKind::Connect => "connectmsg",
            AtmKind::MetasignalingConnect => "metaconnect",
        }
    }
}

/// A field of an ATM cell's header.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtmField {
    Vpi,
    Vci,
}

/// A kind of MTP2 signal unit.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mtp2Kind {
    Fisu,
    Lssu,
    Msu,
    HighSpeedFisu,
    HighSpeedLssu,
    HighSpeedMsu,
}

impl Mtp2Kind {
    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            Mtp2Kind::Fisu => "fisu",
            Mtp2Kind::Lssu => "lssu",
            Mtp2Kind::Msu => "msu",
            Mtp2Kind::HighSpeedFisu => "hfisu",
            Mtp2Kind::HighSpeedLssu => "hlssu",
            Mtp2Kind::HighSpeedMsu => "hmsu",
        }
    }
}

/// A field of an MTP3 header.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mtp3Field {
    ServiceInformation,
    OriginatingPoint,
    DestinationPoint,
    LinkSelection,
    HighSpeedServiceInformation,
    HighSpeedOriginatingPoint,
    HighSpeedDestinationPoint,
    HighSpeedLinkSelection,
}

impl Mtp3Field {
    /// The keyword.
    pub fn name(self) -> &'static str {
        match self {
            Mtp3Field::ServiceInformation => "sio",
            Mtp3Field::OriginatingPoint => "opc",
            Mtp3Field::DestinationPoint => "dpc",
            Mtp3Field::LinkSelection => "sls",
            Mtp3Field::HighSpeedServiceInformation => "hsio",
            Mtp3Field::HighSpeedOriginatingPoint => "hopc",
            Mtp3Field::HighSpeedDestinationPoint => "hdpc",
            Mtp3Field::HighSpeedLinkSelection => "hsls",
        }
    }
}
