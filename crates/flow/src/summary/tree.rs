//! Protocols within protocols, counted.

use wirescope_wire::LinkType;

use super::{Amount, Application};
use crate::protocols;

/// Most nodes; what comes after counts for the layer around it.
const MAX_NODES: usize = 4_096;

/// A protocol at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    /// The link.
    Link(LinkType),
    /// IEEE 802.1Q tags.
    Vlan,
    /// MPLS labels.
    Mpls,
    /// PPP over Ethernet.
    PppOe,
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// Another Ethernet type.
    EtherType(u16),
    /// No type that could be read.
    Other,
    /// A protocol above IP.
    Protocol(u8),
    /// Fragments of it.
    Fragments,
    /// What TCP or UDP carries.
    Application(Application),
}

impl Layer {
    /// Whether ordinary networks do not carry this, or not here.
    pub fn is_unusual(self) -> bool {
        match self {
            Layer::Protocol(number) => !protocols::is_everyday(number),
            Layer::Application(application) => application.is_off_port,
            _ => false,
        }
    }
}

/// A layer with what it carries.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub layer: Layer,
    /// Packets that reach this far, and their whole size.
    pub amount: Amount,
    /// Positions of the layers within.
    pub children: Vec<usize>,
}

/// All layers.
#[derive(Clone, Default, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    /// Packets that could not be told apart to the end for want of room.
    pub merged: u64,
}

impl Tree {
    /// Counts a packet for every layer of its path.
    pub(super) fn add(&mut self, path: &[Layer], bytes: u64) {
        let mut around: Option<usize> = None;
        for layer in path {
            let Some(at) = self.child(around, *layer) else {
                self.merged += 1;
                return;
            };
            if let Some(node) = self.nodes.get_mut(at) {
                node.amount.add(bytes);
            }
            around = Some(at);
        }
    }

    /// Every layer with its depth: those around before those within, the largest first.
    pub fn walk(&self) -> Vec<(usize, &Node)> {
        let mut all = Vec::new();
        let mut waiting: Vec<(usize, usize)> = self.by_size(&self.roots).map(|at| (0, at)).collect();
        while let Some((depth, at)) = waiting.pop() {
            let Some(node) = self.nodes.get(at) else { continue };
            all.push((depth, node));
            waiting.extend(self.by_size(&node.children).map(|at| (depth + 1, at)));
        }
        all
    }

    /// Positions with the smallest first, since what is put on a stack last comes off it first.
    fn by_size(&self, positions: &[usize]) -> impl Iterator<Item = usize> {
        let mut positions = positions.to_vec();
        positions.sort_by_key(|at| self.nodes.get(*at).map_or(0, |node| node.amount.packets));
        positions.into_iter()
    }

    /// The node of a layer within another, made where there is none.
    fn child(&mut self, around: Option<usize>, layer: Layer) -> Option<usize> {
        let siblings = match around {
            None => &self.roots,
            Some(at) => &self.nodes.get(at)?.children,
        };
        let known =
            siblings.iter().copied().find(|at| self.nodes.get(*at).is_some_and(|node| node.layer == layer));
        if known.is_some() {
            return known;
        }
        if self.nodes.len() >= MAX_NODES {
            return None;
        }
        let at = self.nodes.len();
        self.nodes.push(Node { layer, amount: Amount::default(), children: Vec::new() });
        match around {
            None => self.roots.push(at),
            Some(around) => self.nodes.get_mut(around)?.children.push(at),
        }
        Some(at)
    }
}
