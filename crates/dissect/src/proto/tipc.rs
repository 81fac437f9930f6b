//! Transparent Inter-Process Communication: nodes of a cluster among each other.

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Walk};

const USERS: &Tokens = &[
    (0, "Low Importance Data payload"),
    (1, "Medium Importance Data payload"),
    (2, "High Importance Data payload"),
    (3, "Critical Importance Data payload"),
    (5, "Broadcast Link Protocol internal"),
    (6, "Message Bundler Protocol internal"),
    (7, "Link State Protocol internal"),
    (8, "Connection Manager internal"),
    (10, "Link Changeover Protocol internal"),
    (11, "Name Table Update Protocol internal"),
    (12, "Message Fragmentation Protocol internal"),
    (13, "Neighbor Detection Protocol internal"),
];

const MESSAGES: &Tokens = &[(0, "CONN_MSG"), (1, "MCAST_MSG"), (2, "NAMED_MSG"), (3, "DIRECT_MSG")];

const NEIGHBOR_MESSAGES: &Tokens = &[(0, "Link request"), (1, "Link response")];

mod user {
    pub(super) const MAX_PAYLOAD: u32 = 3;
    pub(super) const BROADCAST: u32 = 5;
    pub(super) const BUNDLER: u32 = 6;
    pub(super) const LINK: u32 = 7;
    pub(super) const CONNECTIONS: u32 = 8;
    pub(super) const CHANGEOVER: u32 = 10;
    pub(super) const NAMES: u32 = 11;
    pub(super) const FRAGMENTS: u32 = 12;
    pub(super) const NEIGHBORS: u32 = 13;
}

/// Words of the longest header that tells of one node only.
const SHORT_WORDS: u32 = 6;

/// Prints a message.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let message = Message { words: c, first: c.ahead(0).u32()? };
    let user = message.user();
    out.field("user", user);
    match user {
        ..=user::MAX_PAYLOAD | user::CONNECTIONS | user::NAMES => message.payload(out),
        user::BROADCAST | user::BUNDLER | user::LINK | user::CHANGEOVER | user::FRAGMENTS => {
            message.internal(out)
        }
        user::NEIGHBORS => message.neighbors(out),
        _ => Ok(()),
    }
}

struct Message<'a> {
    words: Cursor<'a>,
    first: u32,
}

/// Writes an address: zone, cluster and node.
fn node(out: &mut Out, address: u32) {
    write!(out, "{}.{}.{}", address >> 24, (address >> 12) & 0xfff, address & 0xfff);
}

impl Message<'_> {
    fn word(&self, index: usize) -> Walk<u32> {
        self.words.ahead(4 * index).u32()
    }

    fn user(&self) -> u32 {
        (self.first >> 25) & 0xf
    }

    fn header_words(&self) -> u32 {
        (self.first >> 21) & 0xf
    }

    fn version(&self, out: &mut Out) {
        write!(out, "TIPC v{}.0 ", self.first >> 29);
    }

    /// Writes how long the message is, and what it is.
    fn summary(&self, out: &mut Out, messages: &Tokens, second: u32) {
        let (header, size) = (self.header_words() * 4, self.first & 0x1_ffff);
        write!(out, ", headerlength {header} bytes, MessageSize {size} bytes, ");
        out.token(USERS, self.user(), format_args!("unknown"));
        out.text(", messageType ");
        out.token(messages, second >> 29, format_args!("Unknown"));
    }

    fn payload(&self, out: &mut Out) -> Walk {
        let (second, previous) = (self.word(1)?, self.word(3)?);
        let (src_port, dst_port) = (self.word(4)?, self.word(5)?);
        if self.header_words() <= SHORT_WORDS {
            self.version(out);
            node(out, previous);
            write!(out, ":{src_port} > {dst_port}");
            self.summary(out, MESSAGES, second);
            return Ok(());
        }
        let (src, dst) = (self.word(6)?, self.word(7)?);
        self.version(out);
        node(out, src);
        write!(out, ":{src_port} > ");
        node(out, dst);
        write!(out, ":{dst_port}");
        self.summary(out, MESSAGES, second);
        if out.options.verbose > 0 {
            let third = self.word(2)?;
            out.text("\n\tPrevious Node ");
            node(out, previous);
            write!(out, ", Broadcast Ack {}, Link Ack {}", second & 0xffff, third >> 16);
            write!(out, ", Link Sequence {}", third & 0xffff);
        }
        Ok(())
    }

    fn internal(&self, out: &mut Out) -> Walk {
        let (second, src, dst) = (self.word(1)?, self.word(6)?, self.word(7)?);
        self.version(out);
        node(out, src);
        out.text(" > ");
        node(out, dst);
        self.summary(out, MESSAGES, second);
        write!(out, " (0x{second:08x})");
        if out.options.verbose == 0 {
            return Ok(());
        }
        let (third, previous, sent, session) = (self.word(2)?, self.word(3)?, self.word(4)?, self.word(5)?);
        let (sequence, last) = (self.word(8)?, self.word(9)?);
        out.text("\n\tPrevious Node ");
        node(out, previous);
        write!(out, ", Session No. {}, Broadcast Ack {}", session >> 16, second & 0xffff);
        write!(out, ", Sequence Gap {}, ", (second >> 16) & 0x1fff);
        write!(out, " Broadcast Gap After {}, Broadcast Gap To {}", third >> 16, third & 0xffff);
        write!(out, ", Last Sent Packet No. {}, Next sent Packet No. {}", sent >> 16, sent & 0xffff);
        write!(out, ", Transport Sequence {sequence}, msg_count {}", last >> 16);
        write!(out, ", Link Tolerance {}", last & 0xffff);
        Ok(())
    }

    fn neighbors(&self, out: &mut Out) -> Walk {
        let (second, dst, src) = (self.word(1)?, self.word(2)?, self.word(3)?);
        self.version(out);
        node(out, src);
        out.text(" > ");
        node(out, dst);
        self.summary(out, NEIGHBOR_MESSAGES, second);
        if out.options.verbose > 0 {
            let (network, medium) = (self.word(4)?, self.word(5)?);
            write!(out, "\n\tNodeSignature {}, network_id {network}", second & 0xffff);
            write!(out, ", media_id {}", medium & 0xff);
        }
        Ok(())
    }
}
