//! Which procedure a reply answers: the last requests, by transaction and hosts.

use crate::{Network, Out};

/// Requests that are remembered; a further one replaces the oldest.
const CAPACITY: usize = 64;

/// A request that was seen.
#[derive(Clone, Copy)]
struct Call {
    xid: u32,
    client: Host,
    server: Host,
    procedure: u32,
    version: u32,
}

/// The address of either kind.
type Host = Option<std::net::IpAddr>;

/// The last requests.
pub(crate) struct Calls {
    calls: Vec<Call>,
    oldest: usize,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { calls: Vec::with_capacity(CAPACITY), oldest: 0 }
    }
}

/// Source and destination of the packet.
fn hosts(network: Network) -> (Host, Host) {
    match network {
        Network::None => (None, None),
        Network::V4 { src, dst, .. } => (Some(src.into()), Some(dst.into())),
        Network::V6 { src, dst, .. } => (Some(src.into()), Some(dst.into())),
    }
}

/// Remembers the request in the packet being printed.
pub(super) fn remember(out: &mut Out, xid: u32, procedure: u32, version: u32) {
    let (client, server) = hosts(out.context.network);
    let call = Call { xid, client, server, procedure, version };
    let Calls { calls, oldest } = &mut out.state.nfs_calls;
    if calls.len() < CAPACITY {
        calls.push(call);
        return;
    }
    if let Some(place) = calls.get_mut(*oldest) {
        *place = call;
    }
    *oldest = (*oldest + 1) % CAPACITY;
}

/// The procedure and version of the request that the reply being printed answers. A request sent twice
/// and answered once is the first one.
pub(super) fn answered(out: &Out, xid: u32) -> Option<(u32, u32)> {
    let (server, client) = hosts(out.context.network);
    let fits = |call: &&Call| call.xid == xid && call.client == client && call.server == server;
    out.state.nfs_calls.calls.iter().find(fits).map(|call| (call.procedure, call.version))
}
