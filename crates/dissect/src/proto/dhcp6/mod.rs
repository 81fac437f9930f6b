//! Dynamic Host Configuration Protocol for IPv6 (RFC 8415 sections 8 and 9).

mod options;

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const MESSAGES: &Tokens = &[
    (1, "solicit"),
    (2, "advertise"),
    (3, "request"),
    (4, "confirm"),
    (5, "renew"),
    (6, "rebind"),
    (7, "reply"),
    (8, "release"),
    (9, "decline"),
    (10, "reconfigure"),
    (11, "inf-req"),
    (12, "relay-fwd"),
    (13, "relay-reply"),
    (14, "leasequery"),
    (15, "leasequery-reply"),
];

mod message {
    pub(super) const RELAY_FORWARD: u8 = 12;
    pub(super) const RELAY_REPLY: u8 = 13;
}

/// Bytes before the options of a message between client and server.
const HEADER_LEN: usize = 4;

/// Prints a DHCPv6 message. One within a relay's message comes here too: where it is cut off, the text
/// of the message around it goes on.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    out.text("dhcp6");
    match message(out, c.clip(c.length())) {
        Err(Stop::Truncated) => {
            out.truncated();
            Ok(())
        }
        walk => walk,
    }
}

fn message(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let kind = c.peek_u8(0)?;
    let is_relay = matches!(kind, message::RELAY_FORWARD | message::RELAY_REPLY);
    if !is_relay {
        c.need(HEADER_LEN)?;
    }
    c.advance(1);
    out.field("message_type", kind);
    out.text(" ");
    out.token(MESSAGES, kind, format_args!("msgtype-{kind}"));
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(" (");
    if is_relay {
        c.skip(1)?;
        let link = *c.array()?;
        out.field("link_address", link);
        out.text("linkaddr=").host6(link);
        let peer = *c.array()?;
        out.field("peer_address", peer);
        out.text(" peeraddr=").host6(peer);
    } else {
        let transaction_id = c.u24()?;
        out.field("transaction_id", transaction_id);
        write!(out, "xid={transaction_id:x}");
    }
    options::print(out, c)?;
    out.text(")");
    Ok(())
}
