//! Who began an exchange: the cookies of first messages with the addresses that they went between.

use crate::Network;

/// Exchanges remembered; a further one takes the place of the oldest.
const MAX_EXCHANGES: usize = 20;

/// A side of an exchange.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Initiator,
    Responder,
}

#[derive(Clone, Copy)]
struct Exchange {
    cookie: [u8; 8],
    network: Network,
}

/// What ISAKMP remembers from message to message.
#[derive(Default)]
pub(crate) struct Cookies {
    exchanges: Vec<Exchange>,
    next: usize,
}

impl Cookies {
    /// Whether the cookie is known. A place that is still free counts as one whose cookie is zero.
    pub(super) fn knows(&self, cookie: [u8; 8]) -> bool {
        self.find(cookie).is_some() || (cookie == [0; 8] && self.exchanges.len() < MAX_EXCHANGES)
    }

    fn find(&self, cookie: [u8; 8]) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.cookie == cookie)
    }

    /// Notes the first message of an exchange.
    pub(super) fn record(&mut self, cookie: [u8; 8], network: Network) {
        if self.knows(cookie) {
            return;
        }
        let exchange = Exchange { cookie, network };
        match self.exchanges.get_mut(self.next) {
            Some(oldest) => *oldest = exchange,
            None => self.exchanges.push(exchange),
        }
        self.next = (self.next + 1) % MAX_EXCHANGES;
    }

    /// The side that sent a message of a known exchange, by where it came from.
    pub(super) fn side(&self, cookie: [u8; 8], network: Network) -> Option<Side> {
        match (self.find(cookie)?.network, network) {
            (Network::V4 { src, dst, .. }, Network::V4 { src: from, .. }) => side(src, dst, from),
            (Network::V6 { src, dst, .. }, Network::V6 { src: from, .. }) => side(src, dst, from),
            _ => None,
        }
    }
}

fn side<A: PartialEq>(initiator: A, responder: A, from: A) -> Option<Side> {
    if from == initiator {
        Some(Side::Initiator)
    } else if from == responder {
        Some(Side::Responder)
    } else {
        None
    }
}
