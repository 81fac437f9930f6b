//! The question that `rpcinfo -p` asks: everything that a portmapper has registered (RFC 1833 section 3).

use super::Procedure;
use super::message::{self, Ask, Message};

/// A registration as a portmapper told it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Registration {
    /// Program.
    pub program: u32,
    /// Its version.
    pub version: u32,
    /// IP protocol; `None` for a number that is none.
    pub transport: Option<u8>,
    /// Port.
    pub port: u32,
}

/// The call DUMP of the portmapper's version 2, without credentials.
pub fn dump_call(xid: u32) -> Vec<u8> {
    let words = [xid, 0, 2, 100_000, 2, 4, 0, 0, 0, 0];
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// What a reply to [`dump_call`] tells, in its order; `None` where it is no such reply.
pub fn dump_reply(xid: u32, bytes: &[u8]) -> Option<Vec<Registration>> {
    match message::read(bytes) {
        Ok(Message::Reply(found, results)) if found == xid => {
            let mappings = message::mappings(Ask { version: 2, procedure: Procedure::Dump }, results)?;
            let registration = |m: message::Mapping| {
                Some(Registration {
                    program: m.program?,
                    version: m.version?,
                    transport: m.transport,
                    port: m.port,
                })
            };
            Some(mappings.into_iter().filter_map(registration).collect())
        }
        _ => None,
    }
}
