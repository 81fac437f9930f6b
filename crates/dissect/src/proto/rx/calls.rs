//! Which procedure a reply answers: the last calls, by number, hosts and service.

use crate::{Network, Out};

/// Calls that are remembered; a further one replaces the oldest.
const CAPACITY: usize = 64;

/// A call as a reply can name it.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    number: u32,
    service: u16,
    server_port: u16,
    client: Network,
}

/// The last calls and the procedures they were for, as a ring.
pub(crate) struct Calls {
    calls: Vec<(Key, u32)>,
    next: usize,
    /// Where the call stands that was answered last: a search begins there.
    found: usize,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { calls: Vec::with_capacity(CAPACITY), next: 0, found: 0 }
    }
}

/// Source and destination, or the other way round.
fn hosts(network: Network, turned: bool) -> Network {
    match network {
        Network::V4 { src, dst, .. } if turned => Network::V4 { src: dst, dst: src, final_dst: src },
        Network::V4 { src, dst, .. } => Network::V4 { src, dst, final_dst: dst },
        Network::V6 { src, dst, .. } if turned => Network::V6 { src: dst, dst: src, final_dst: src },
        Network::V6 { src, dst, .. } => Network::V6 { src, dst, final_dst: dst },
        Network::None => Network::None,
    }
}

/// Remembers the call in the packet being printed.
pub(super) fn remember(out: &mut Out, number: u32, service: u16, server_port: u16, procedure: u32) {
    let key = Key { number, service, server_port, client: hosts(out.context.network, false) };
    let Calls { calls, next, .. } = &mut out.state.rx_calls;
    match calls.get_mut(*next) {
        Some(place) => *place = (key, procedure),
        None => calls.push((key, procedure)),
    }
    *next = (*next + 1) % CAPACITY;
}

/// The procedure of the call that the reply being printed answers.
pub(super) fn answered(out: &mut Out, number: u32, service: u16, server_port: u16) -> Option<u32> {
    let key = Key { number, service, server_port, client: hosts(out.context.network, true) };
    let Calls { calls, found, .. } = &mut out.state.rx_calls;
    let from_found = calls.iter().enumerate().cycle().skip(*found).take(calls.len());
    let (at, procedure) =
        from_found.filter(|(_, call)| call.0 == key).map(|(at, call)| (at, call.1)).next()?;
    *found = at;
    Some(procedure)
}
