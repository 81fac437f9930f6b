//! One conversation followed: what its two sides said, in order.

use wirescope_wire::Packet;

use crate::conversation::{Conversation, Conversations};
use crate::decode::{Ip, Transport, decode, decode_reassembled};
use crate::evidence::Seen;
use crate::fragments::{self, Defragmenter};
use crate::investigation::Limits;
use crate::stream::{Budget, Chunk, Consumer, Counts, Direction, Policy, Stream};

/// Reads packets for what one conversation said.
#[derive(Debug)]
pub struct Follower {
    defragmenter: Defragmenter,
    content: Content,
}

/// Whole packets sorted into conversations, and what the one wanted said.
#[derive(Debug)]
struct Content {
    wanted: u64,
    policy: Policy,
    conversations: Conversations,
    stream: Option<Stream>,
    budget: Budget,
    offsets: [u64; 2],
    found: Option<Conversation>,
}

impl Follower {
    /// Follows the conversation with this number, as an investigation of the same packets within the same
    /// limits counts them.
    pub fn new(wanted: u64, policy: Policy, limits: Limits) -> Self {
        Follower {
            defragmenter: Defragmenter::new(fragments::Policy::default(), limits.fragments),
            content: Content {
                wanted,
                policy,
                conversations: Conversations::new(limits.conversations),
                stream: None,
                budget: Budget::new(limits.stream_bytes),
                offsets: [0; 2],
                found: None,
            },
        }
    }

    /// Takes the next packet and hands on what it makes readable.
    pub fn packet(&mut self, number: u64, packet: &Packet, consumer: &mut dyn Consumer) {
        let seen = Seen { number, time: packet.time };
        let decoded = decode(packet);
        let Some(ip) = &decoded.ip else { return };
        if ip.fragment.is_none() {
            self.content.packet(seen, &decoded, consumer);
        } else if let Some(whole) = self.defragmenter.push(seen, ip) {
            let ip = Ip { total_len: ip.header_len + whole.payload_len, ..*ip };
            self.content.packet(seen, &decode_reassembled(&ip, whole.payload, whole.payload_len), consumer);
        }
    }

    /// Hands on what still waited, and gives the conversation with what each direction of its stream went
    /// through; `None` where there is none with that number.
    pub fn finish(self, consumer: &mut dyn Consumer) -> Option<(Conversation, [Counts; 2])> {
        self.content.finish(consumer)
    }
}

impl Content {
    fn packet(&mut self, seen: Seen, decoded: &crate::Decoded, consumer: &mut dyn Consumer) {
        let Some(update) = self.conversations.packet(seen, decoded) else { return };
        if update.conversation.number == self.wanted {
            let direction = update.direction;
            match &decoded.transport {
                Transport::Tcp(segment) => self
                    .stream
                    .get_or_insert_with(|| update.conversation.stream())
                    .push(direction, seen, segment, self.policy, &mut self.budget, consumer),
                Transport::Udp(datagram) => {
                    message(&mut self.offsets, direction, seen, datagram.payload, consumer);
                }
                Transport::Icmp(icmp) if icmp.quoted.is_none() => {
                    message(&mut self.offsets, direction, seen, icmp.body, consumer);
                }
                _ => {}
            }
        }
        for (conversation, ()) in self.conversations.take_ended() {
            if conversation.number == self.wanted {
                self.found = Some(conversation);
            }
        }
    }

    fn finish(mut self, consumer: &mut dyn Consumer) -> Option<(Conversation, [Counts; 2])> {
        let mut counts = [Counts::default(); 2];
        if let Some(stream) = &mut self.stream {
            stream.finish(&mut self.budget, consumer);
            counts = [stream.counts(Direction::FromClient), stream.counts(Direction::FromServer)];
        }
        let rest = self.conversations.finish().into_iter().map(|(conversation, ())| conversation);
        let found = self.found.into_iter().chain(rest).find(|held| held.number == self.wanted)?;
        Some((found, counts))
    }
}

/// Hands on a message that stands for itself.
fn message(
    offsets: &mut [u64; 2],
    direction: Direction,
    seen: Seen,
    bytes: &[u8],
    consumer: &mut dyn Consumer,
) {
    let [client, server] = offsets;
    let offset = if direction == Direction::FromClient { client } else { server };
    if !bytes.is_empty() {
        consumer.data(Chunk { direction, offset: *offset, bytes, packet: seen.number, time: seen.time });
        *offset += bytes.len() as u64;
    }
}
