//! Community ID version 1: a hash of a conversation that tools agree on
//! (<https://github.com/corelight/community-id-spec>).

use std::net::IpAddr;

use sha1::{Digest, Sha1};
use wirescope_wire::ipv4::protocol;

use super::{Conversation, Endpoint};

/// The version 1 text of a conversation, with the seed that an organisation may choose; 0 by default.
pub fn community_id(conversation: &Conversation, seed: u16) -> String {
    let (mut a, mut b) = (conversation.client, conversation.server);
    if matches!(conversation.protocol, protocol::ICMP | protocol::ICMPV6) {
        // Message types stand in for ports; a query and its answer have one each.
        let (request, reply) = conversation.message_kinds();
        (a.port, b.port) = (u16::from(request), u16::from(reply));
    }
    identifier(a, b, conversation.protocol, seed)
}

fn identifier(a: Endpoint, b: Endpoint, protocol: u8, seed: u16) -> String {
    let (low, high) = if (octets(a.host), a.port) <= (octets(b.host), b.port) { (a, b) } else { (b, a) };
    let mut hash = Sha1::new();
    hash.update(seed.to_be_bytes());
    hash.update(octets(low.host));
    hash.update(octets(high.host));
    hash.update([protocol, 0]);
    hash.update(low.port.to_be_bytes());
    hash.update(high.port.to_be_bytes());
    format!("1:{}", base64(&hash.finalize()))
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// Base64 with padding (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0u8; 3];
        group.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) & 0x3f;
            let letter = ALPHABET.get(six as usize).map_or('=', |letter| char::from(*letter));
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_the_specification_come_out() {
        // From the baseline of the specification's own tests.
        let client = Endpoint { host: "128.232.110.120".parse().unwrap(), port: 34855 };
        let server = Endpoint { host: "66.35.250.204".parse().unwrap(), port: 80 };
        let want = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
        assert_eq!(identifier(client, server, 6, 0), want);
        assert_eq!(identifier(server, client, 6, 0), want, "the same from both sides");
        assert_eq!(identifier(client, server, 6, 1), "1:3V71V58M3Ksw/yuFALMcW0LAHvc=");
        let client = Endpoint { host: "192.168.1.52".parse().unwrap(), port: 54585 };
        let server = Endpoint { host: "8.8.8.8".parse().unwrap(), port: 53 };
        assert_eq!(identifier(client, server, 17, 0), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    }
}
