//! From the syntax tree to the graph of blocks, for one link-layer type.
//!
//! What a term means can depend on the terms before it: `vlan`, `mpls`, `pppoes`, `geneve` and `vxlan` move what
//! follows them further into the packet. So the tree is walked in the order of the expression, with the offsets
//! of the headers as state.

mod arithmetic;
mod atm;
mod ethertype;
mod frame;
mod host;
mod identifier;
mod layout;
mod link_address;
mod link_type;
mod load;
mod mpls;
mod mtp;
mod packet_filter;
mod port;
mod prologue;
mod proto;
mod protochain;
mod test;
mod tunnel;
mod vlan;
mod wlan;

use wirescope_wire::LinkType;

use self::arithmetic::Value;
use self::layout::{AtmLayout, Layout, SignallingLayout};
use self::test::{Blocks, Test};
use crate::Options;
use crate::ast::{Encapsulation, Node, NodeId, NodeKind, Tree};
use crate::error::{Error, Result};
use crate::ir::{Graph, MEMORY_WORDS};
use crate::names::Names;

/// Compiles a tree to the graph that accepts the packets it describes.
///
/// The nodes are compiled in their order even where the tree has no root because the expression breaks off, so that
/// the first of all faults is reported.
pub(crate) fn generate(tree: &Tree, options: &Options, names: &dyn Names) -> Result<Compiled> {
    walk(tree, |_| true, options, names)
}

/// Compiles what has a say in a tree that was cut down to a part of an expression: what is left of the rest must
/// not take the nodes that belong to the part.
pub(crate) fn generate_part(tree: &Tree, options: &Options, names: &dyn Names) -> Result<Compiled> {
    let effective = tree.effective();
    walk(tree, |id| effective.get(id).is_some_and(|&effective| effective), options, names)
}

fn walk(
    tree: &Tree,
    is_wanted: impl Fn(NodeId) -> bool,
    options: &Options,
    names: &dyn Names,
) -> Result<Compiled> {
    let mut generator = Generator::new(options, names);
    let mut parts: Vec<Part> = Vec::with_capacity(tree.nodes.len());
    for (id, node) in tree.nodes.iter().enumerate() {
        let part = match is_wanted(id) {
            true => generator.node(node, &mut parts).map_err(|error| located(error, node))?,
            false => Part::Taken,
        };
        parts.push(part);
    }
    let test = tree.root.map(|root| take_test(&mut parts, root)).transpose()?;
    let test = test.map(|test| generator.with_prologue(test)).transpose()?;
    let leave_alone = generator.leave_alone;
    Ok(Compiled { graph: generator.blocks.finish(test, options.snaplen), leave_alone })
}

/// The error at the place it is about: of an identifier without its qualifiers, unless these are what is wrong.
fn located(error: Error, node: &Node) -> Error {
    match &node.kind {
        NodeKind::Identifier { place, .. } if !error.message.contains("qualifier") => error.or_at(place),
        _ => error.or_at(&node.span),
    }
}

/// What a tree has been compiled to.
pub(crate) struct Compiled {
    /// The blocks.
    pub(crate) graph: Graph,
    /// Whether the optimiser must not touch it.
    pub(crate) leave_alone: bool,
}

/// What a node has become; it is taken away by the node it belongs to.
enum Part {
    Test(Test),
    Value(Value),
    Taken,
}

fn take(parts: &mut [Part], id: NodeId) -> Part {
    parts.get_mut(id).map_or(Part::Taken, |part| std::mem::replace(part, Part::Taken))
}

fn take_test(parts: &mut [Part], id: NodeId) -> Result<Test> {
    match take(parts, id) {
        Part::Test(test) => Ok(test),
        Part::Value(_) | Part::Taken => Err(Error::new(crate::parser::SYNTAX_ERROR)),
    }
}

fn take_value(parts: &mut [Part], id: NodeId) -> Result<Value> {
    match take(parts, id) {
        Part::Value(value) => Ok(value),
        Part::Test(_) | Part::Taken => Err(Error::new(crate::parser::SYNTAX_ERROR)),
    }
}

/// What is known while the tree is walked.
struct Generator<'a> {
    options: &'a Options,
    names: &'a dyn Names,
    /// The type of the innermost link-layer header so far.
    link: LinkType,
    /// The type of the link-layer header around it.
    previous_link: Option<LinkType>,
    blocks: Blocks,
    registers: Registers,
    layout: Layout,
    atm: Option<AtmLayout>,
    signalling: Option<SignallingLayout>,
    mpls_depth: u32,
    vlan_depth: u32,
    /// Set inside Geneve and VXLAN, where the inner header may be another than the link-layer type's.
    in_tunnel: bool,
    /// Set by what the optimiser cannot handle: a loop, and the choice between the headers that Prism cards give.
    leave_alone: bool,
    /// The scratch words that hold by how much a tag in the frame shifts the payload and the type field.
    vlan_registers: Option<[u32; 2]>,
}

impl<'a> Generator<'a> {
    fn new(options: &'a Options, names: &'a dyn Names) -> Generator<'a> {
        let link = options.link;
        Generator {
            options,
            names,
            link,
            previous_link: None,
            blocks: Blocks::default(),
            registers: Registers::default(),
            layout: Layout::of(link),
            atm: (link == LinkType::SUNATM).then_some(AtmLayout {
                path: 1,
                channel: 2,
                protocol: 0,
                payload: 4,
            }),
            signalling: SignallingLayout::of(link),
            mpls_depth: 0,
            vlan_depth: 0,
            in_tunnel: false,
            leave_alone: link == LinkType::PRISM_HEADER,
            vlan_registers: None,
        }
    }

    fn node(&mut self, node: &Node, parts: &mut [Part]) -> Result<Part> {
        let test = match &node.kind {
            NodeKind::And(first, second) => {
                let (first, second) = (take_test(parts, *first)?, take_test(parts, *second)?);
                self.blocks.and(first, second)
            }
            NodeKind::Or(first, second) => {
                let (first, second) = (take_test(parts, *first)?, take_test(parts, *second)?);
                self.blocks.or(first, second)
            }
            NodeKind::Not(inner) => take_test(parts, *inner)?.not(),
            NodeKind::Identifier { qualifiers, subject, .. } => self.identifier(*qualifiers, subject)?,
            NodeKind::Protocol(protocol) => self.protocol(*protocol)?,
            NodeKind::Compare(left, relation, right) => {
                let (left, right) = (take_value(parts, *left)?, take_value(parts, *right)?);
                self.compare(left, *relation, right)
            }
            NodeKind::Broadcast(protocol) => self.broadcast(*protocol)?,
            NodeKind::Multicast(protocol) => self.multicast(*protocol)?,
            NodeKind::Less(length) => self.packet_length(crate::ir::code::JGT, *length).not(),
            NodeKind::Greater(length) => self.packet_length(crate::ir::code::JGE, *length),
            NodeKind::Byte { index, operator, value } => self.byte(*index, *operator, *value)?,
            NodeKind::Inbound => self.inbound_outbound(false)?,
            NodeKind::Outbound => self.inbound_outbound(true)?,
            NodeKind::Interface(index) => self.interface(*index)?,
            NodeKind::Encapsulation(encapsulation, number) => self.encapsulation(*encapsulation, *number)?,
            NodeKind::PacketFilter(field) => self.packet_filter(field)?,
            NodeKind::WlanType { frame_type, subtype } => self.wlan_type(*frame_type, *subtype)?,
            NodeKind::WlanSubtype(bits) => self.wlan_subtype(*bits)?,
            NodeKind::WlanDirection(bits) => self.wlan_direction(*bits)?,
            NodeKind::Llc(llc) => self.llc(*llc)?,
            NodeKind::Atm(kind) => self.atm_kind(*kind)?,
            NodeKind::AtmField(field, relation, value) => self.atm_field(*field, *relation, *value)?,
            NodeKind::Mtp2(kind) => self.mtp2(*kind)?,
            NodeKind::Mtp3Field(field, relation, value) => self.mtp3_field(*field, *relation, *value)?,
            NodeKind::Number(number) => return self.number(*number).map(Part::Value),
            NodeKind::Length => return self.length().map(Part::Value),
            NodeKind::Load { protocol, index, size } => {
                let index = take_value(parts, *index)?;
                return self.load_bytes(*protocol, index, *size).map(Part::Value);
            }
            NodeKind::Binary(left, operator, right) => {
                let (left, right) = (take_value(parts, *left)?, take_value(parts, *right)?);
                return self.binary(left, *operator, right).map(Part::Value);
            }
            NodeKind::Negate(inner) => {
                let inner = take_value(parts, *inner)?;
                return self.negate(inner).map(Part::Value);
            }
        };
        Ok(Part::Test(test))
    }

    fn encapsulation(&mut self, encapsulation: Encapsulation, number: Option<u32>) -> Result<Test> {
        match encapsulation {
            Encapsulation::Vlan => self.vlan(number),
            Encapsulation::Mpls => self.mpls(number),
            Encapsulation::PppoeDiscovery => self.link_type(ethertype::PPPOE_DISCOVERY),
            Encapsulation::PppoeSession => self.pppoe_session(number),
            Encapsulation::Geneve => self.geneve(number),
            Encapsulation::Vxlan => self.vxlan(number),
        }
    }

    /// The link-layer type as messages name it.
    fn link_text(&self) -> String {
        let link = self.link;
        match (link.name(), link.description()) {
            (Some(name), Some(description)) => format!("DLT_{name} ({description})"),
            _ => format!("DLT {}", link.0),
        }
    }

    fn not_supported<T>(&self, what: &str) -> Result<T> {
        Err(Error::new(format!("'{what}' not supported on {}", self.link_text())))
    }

    /// Fails when a number is larger than its field.
    fn at_most(value: u32, maximum: u32, what: &str) -> Result<()> {
        if value > maximum {
            return Err(Error::new(format!("{what} {value} greater than maximum {maximum}")));
        }
        Ok(())
    }
}

/// Which words of scratch memory are taken.
#[derive(Debug, Default)]
struct Registers {
    taken: [bool; MEMORY_WORDS],
    next: usize,
}

impl Registers {
    /// Takes a word; the search begins at the word taken last.
    fn allocate(&mut self) -> Result<u32> {
        for _ in 0..MEMORY_WORDS {
            if let Some(taken @ false) = self.taken.get_mut(self.next) {
                *taken = true;
                return Ok(u32::try_from(self.next).unwrap_or(0));
            }
            self.next = (self.next + 1) % MEMORY_WORDS;
        }
        Err(Error::new("out of registers needed to evaluate expression"))
    }

    fn free(&mut self, register: u32) {
        let index = usize::try_from(register).unwrap_or(usize::MAX);
        if let Some(taken) = self.taken.get_mut(index) {
            *taken = false;
        }
    }
}
