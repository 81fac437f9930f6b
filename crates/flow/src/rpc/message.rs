//! The bytes of RPC calls and replies, as far as portmappers need them.

use wirescope_wire::ipv4::protocol;
use wirescope_wire::{Cursor, Stop, Walk};

use super::Procedure;

/// The program number of the portmapper and of rpcbind.
const PORTMAPPER: u32 = 100_000;
const CALL: u32 = 0;
const REPLY: u32 = 1;
const RPC_VERSION: u32 = 2;
/// Most registrations read from one reply.
const MAX_MAPPINGS: usize = 4096;

/// Which question a reply answers: the reply alone does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ask {
    pub(super) version: u32,
    pub(super) procedure: Procedure,
}

/// A call to a portmapper.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) ask: Ask,
    pub(super) program: Option<u32>,
    pub(super) version: Option<u32>,
    pub(super) transport: Option<u8>,
}

/// A registration in a reply; what the reply leaves out was in the call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping {
    pub(super) program: Option<u32>,
    pub(super) version: Option<u32>,
    pub(super) transport: Option<u8>,
    pub(super) port: u32,
}

pub(super) enum Message<'a> {
    Call(u32, Call),
    Reply(u32, Cursor<'a>),
}

/// Whether bytes begin like a call to a portmapper, on whatever port.
#[inline]
pub fn looks_like_portmapper_call(bytes: &[u8]) -> bool {
    let c = Cursor::over(bytes);
    c.peek_u32(12) == Ok(PORTMAPPER) && c.peek_u32(4) == Ok(CALL) && c.peek_u32(8) == Ok(RPC_VERSION)
}

pub(super) fn read(bytes: &[u8]) -> Walk<Message<'_>> {
    let mut c = Cursor::over(bytes);
    let xid = c.u32()?;
    match c.u32()? {
        CALL => Ok(Message::Call(xid, call(&mut c)?)),
        REPLY => {
            let accepted = c.u32()? == 0;
            authenticator(&mut c)?;
            let success = c.u32()? == 0;
            if accepted && success { Ok(Message::Reply(xid, c)) } else { Err(Stop::Invalid) }
        }
        _ => Err(Stop::Invalid),
    }
}

fn call(c: &mut Cursor) -> Walk<Call> {
    let (rpc, program, version, procedure) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    if rpc != RPC_VERSION || program != PORTMAPPER {
        return Err(Stop::Invalid);
    }
    let procedure = match (version, procedure) {
        (2..=4, 3) => Procedure::GetPort,
        (2..=4, 4) => Procedure::Dump,
        (2..=4, 5) | (4, 10) => Procedure::CallIt,
        (4, 9 | 11) => Procedure::GetPort, // GETVERSADDR, GETADDRLIST
        _ => return Err(Stop::Invalid),
    };
    let mut call = Call { ask: Ask { version, procedure }, program: None, version: None, transport: None };
    // A capture may have cut the call off here: that it was made is known, not what it asked for.
    match authenticator(c).and_then(|()| authenticator(c)) {
        Ok(()) => {}
        Err(Stop::Truncated) => return Ok(call),
        Err(stop) => return Err(stop),
    }
    if procedure != Procedure::Dump {
        call.program = c.u32().ok();
        call.version = c.u32().ok();
    }
    if procedure == Procedure::GetPort {
        call.transport = match version {
            2 => c.u32().ok().and_then(|number| u8::try_from(number).ok()),
            _ => string(c).ok().and_then(transport_of),
        };
    }
    Ok(call)
}

/// What a reply says; `None` where it breaks off before it says anything.
pub(super) fn mappings(ask: Ask, mut c: Cursor) -> Option<Vec<Mapping>> {
    let bare = |port| Mapping { program: None, version: None, transport: None, port };
    match (ask.procedure, ask.version) {
        (Procedure::Dump, version) => {
            let mut all = Vec::new();
            while all.len() < MAX_MAPPINGS && c.u32() == Ok(1) {
                match registration(&mut c, version) {
                    Ok(mapping) => all.push(mapping),
                    Err(_) => break,
                }
            }
            Some(all)
        }
        (_, 2) => Some(vec![bare(c.u32().ok()?)]),
        // An empty address says that the program is not registered.
        _ => Some(vec![bare(port_of(string(&mut c).ok()?).unwrap_or(0))]),
    }
}

fn registration(c: &mut Cursor, version: u32) -> Walk<Mapping> {
    let (program, number) = (c.u32()?, c.u32()?);
    let (transport, port) = if version == 2 {
        (u8::try_from(c.u32()?).ok(), c.u32()?)
    } else {
        let transport = transport_of(string(c)?);
        let port = port_of(string(c)?).unwrap_or(0);
        string(c)?; // owner
        (transport, port)
    };
    Ok(Mapping { program: Some(program), version: Some(number), transport, port })
}

/// Flavour and body of a credential or verifier, which has 400 bytes at most (RFC 5531 section 8.2).
fn authenticator(c: &mut Cursor) -> Walk {
    const LONGEST: u32 = 400;
    c.u32()?;
    if c.peek_u32(0)? > LONGEST {
        return Err(Stop::Invalid);
    }
    string(c).map(|_| ())
}

/// Counted bytes, padded to a multiple of four.
fn string<'a>(c: &mut Cursor<'a>) -> Walk<&'a [u8]> {
    let length = c.u32()? as usize;
    let bytes = c.take(length)?;
    c.advance(length.wrapping_neg() & 3);
    Ok(bytes)
}

/// The transport that a network identifier names.
fn transport_of(netid: &[u8]) -> Option<u8> {
    match netid {
        b"tcp" | b"tcp6" => Some(protocol::TCP),
        b"udp" | b"udp6" => Some(protocol::UDP),
        _ => None,
    }
}

/// The port in a universal address: its last two numbers, dot between.
fn port_of(address: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(address).ok()?;
    let mut parts = text.rsplit('.');
    let (low, high): (u8, u8) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(u32::from(high) << 8 | u32::from(low))
}
