//! Spanning Tree Protocol (IEEE 802.1D section 9, 802.1w, 802.1s, 802.1aq section 28).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const PROTOCOLS: &Tokens = &[(0, "802.1d"), (2, "802.1w"), (3, "802.1s"), (4, "802.1aq")];

const FLAGS: &Tokens = &[
    (1, "Topology change"),
    (2, "Proposal"),
    (16, "Learn"),
    (32, "Forward"),
    (64, "Agreement"),
    (128, "Topology change ACK"),
];

const TYPES: &Tokens = &[(0, "Config"), (2, "Rapid STP"), (128, "Topology Change")];

const ROLES: &Tokens = &[(0, "Unknown"), (1, "Alternate"), (2, "Root"), (3, "Designated")];

mod version {
    pub(super) const SPANNING_TREE: u8 = 0;
    pub(super) const RAPID: u8 = 2;
    pub(super) const MULTIPLE: u8 = 3;
    pub(super) const SHORTEST_PATH: u8 = 4;
}

const CONFIGURATION: u8 = 0;
const RAPID_CONFIGURATION: u8 = 2;

/// Bytes of a configuration message, and of one with the version 1 length that rapid versions append.
const CONFIGURATION_LEN: usize = 35;
const RAPID_LEN: usize = 36;
/// Bytes up to and with the version 3 length.
const MULTIPLE_MIN_LEN: usize = 38;
/// Bytes of the version 3 part before the instances.
const MULTIPLE_INFORMATION_LEN: usize = 64;
/// Bytes of one instance.
const INSTANCE_LEN: usize = 16;
/// Bytes that the version 4 part has at least.
const SHORTEST_PATH_MIN_LEN: usize = 87;

/// Prints a bridge protocol data unit.
pub(crate) fn print(out: &mut Out, c: Cursor<'_>) -> Walk {
    let length = c.length();
    if length < 4 {
        return Err(Stop::Invalid);
    }
    if c.peek_u16(0)? != 0 {
        write!(out, "unknown STP version, length {length}");
        return Ok(());
    }
    let protocol = c.peek_u8(2)?;
    out.field("version", protocol);
    out.text("STP ");
    out.token(PROTOCOLS, protocol, format_args!("Unknown STP protocol (0x{protocol:02x})"));
    match protocol {
        version::SPANNING_TREE | version::RAPID | version::MULTIPLE | version::SHORTEST_PATH => {}
        _ => return Ok(()),
    }
    let kind = c.peek_u8(3)?;
    out.field("type", kind);
    out.text(", ");
    out.token(TYPES, kind, format_args!("Unknown BPDU Type (0x{kind:02x})"));
    match (kind, protocol) {
        (CONFIGURATION, _) => configuration(out, c, CONFIGURATION_LEN),
        (RAPID_CONFIGURATION, version::RAPID) => configuration(out, c, RAPID_LEN),
        (RAPID_CONFIGURATION, version::MULTIPLE | version::SHORTEST_PATH) => with_instances(out, c, protocol),
        _ => Ok(()),
    }
}

/// The message after its type, as all versions have it.
struct Configuration {
    flags: u8,
    root: [u8; 8],
    root_path_cost: u32,
    bridge: [u8; 8],
    port: u16,
}

impl Configuration {
    fn read(mut c: Cursor<'_>) -> Walk<Self> {
        c.skip(4)?;
        Ok(Configuration {
            flags: c.u8()?,
            root: *c.array()?,
            root_path_cost: c.u32()?,
            bridge: *c.array()?,
            port: c.u16()?,
        })
    }

    fn fields(&self, out: &mut Out) {
        out.field("flags", self.flags);
        out.field("root", self.root.as_slice());
        out.field("root_path_cost", self.root_path_cost);
        out.field("bridge", self.bridge.as_slice());
        out.field("port", self.port);
    }
}

/// A configuration message of the plain or the rapid protocol.
fn configuration(out: &mut Out, c: Cursor<'_>, min_len: usize) -> Walk {
    if c.length() < min_len {
        return Err(Stop::Invalid);
    }
    let flags = c.peek_u8(4)?;
    out.text(", Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    out.text("]");
    let message = Configuration::read(c)?;
    message.fields(out);
    out.text(", bridge-id ");
    bridge(out, message.bridge);
    write!(out, ".{:04x}, length {}", message.port, c.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    timers(out, c)?;
    out.text("\n\troot-id ");
    bridge(out, message.root);
    write!(out, ", root-pathcost {}", message.root_path_cost);
    if c.peek_u8(3)? == RAPID_CONFIGURATION {
        out.text(", port-role ");
        role(out, message.flags);
    }
    Ok(())
}

/// A message of the protocols with several trees.
fn with_instances(out: &mut Out, c: Cursor<'_>, protocol: u8) -> Walk {
    if c.length() < MULTIPLE_MIN_LEN {
        return Err(Stop::Invalid);
    }
    if c.peek_u8(RAPID_LEN - 1)? != 0 {
        return Err(Stop::Invalid);
    }
    let multiple_len = usize::from(c.peek_u16(RAPID_LEN)?) + 2;
    if c.length() < RAPID_LEN + multiple_len {
        return Err(Stop::Invalid);
    }
    multiple(out, c)?;
    if protocol != version::SHORTEST_PATH {
        return Ok(());
    }
    let rest = c.ahead(RAPID_LEN + multiple_len);
    let shortest_path_len = usize::from(rest.peek_u16(0)?) + 2;
    if rest.length() < shortest_path_len || shortest_path_len < SHORTEST_PATH_MIN_LEN {
        return Err(Stop::Invalid);
    }
    shortest_path(out, rest)
}

/// The common tree and the instances beside it.
fn multiple(out: &mut Out, c: Cursor<'_>) -> Walk {
    let flags = c.peek_u8(4)?;
    out.text(", CIST Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    write!(out, "], length {}", c.length());
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text("\n\tport-role ");
    role(out, flags);
    out.text(", ");
    let (root, root_path_cost) = (*c.peek_array(5)?, c.peek_u32(13)?);
    out.text("CIST root-id ");
    bridge(out, root);
    write!(out, ", CIST ext-pathcost {root_path_cost}");
    let regional_root = *c.peek_array(17)?;
    out.text("\n\tCIST regional-root-id ");
    bridge(out, regional_root);
    out.text(", ");
    let message = Configuration::read(c)?;
    message.fields(out);
    write!(out, "CIST port-id {:04x},", message.port);
    timers(out, c)?;
    let mut rest = c.ahead(RAPID_LEN);
    let multiple_len = usize::from(rest.u16()?);
    write!(out, "\n\tv3len {multiple_len}, MCID Name ");
    rest.skip(1)?;
    out.escaped_padded(&mut rest, 32)?;
    digest(out, &mut rest, ", rev ")?;
    out.text(", ");
    write!(out, "CIST int-root-pathcost {},", rest.u32()?);
    let own = *rest.array()?;
    out.text("\n\tCIST bridge-id ");
    bridge(out, own);
    out.text(", ");
    write!(out, "CIST remaining-hops {}", rest.u8()?);
    let instances = multiple_len.saturating_sub(MULTIPLE_INFORMATION_LEN) / INSTANCE_LEN;
    for _ in 0..instances {
        instance(out, &mut rest)?;
    }
    Ok(())
}

/// The revision and the digest of a configuration.
fn digest(out: &mut Out, c: &mut Cursor<'_>, introduction: &str) -> Walk {
    let (revision, digest) = (c.u16()?, c.array::<16>()?);
    write!(out, "{introduction}{revision},\n\t\tdigest ");
    out.hex_bytes(digest);
    Ok(())
}

/// One tree beside the common one.
fn instance(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let flags = c.peek_u8(0)?;
    let number = c.peek_u16(1)? & 0x0fff;
    write!(out, "\n\tMSTI {number}, Flags [");
    out.bits(FLAGS, flags, ", ", format_args!("none"));
    out.text("], port-role ");
    role(out, flags);
    c.skip(1)?;
    let (regional_root, path_cost) = (*c.array()?, c.u32()?);
    out.text("\n\t\tMSTI regional-root-id ");
    bridge(out, regional_root);
    write!(out, ", pathcost {path_cost}");
    let [bridge_priority, port_priority, hops] = *c.array::<3>()?;
    write!(
        out,
        "\n\t\tMSTI bridge-prio {}, port-prio {}, hops {hops}",
        bridge_priority >> 4,
        port_priority >> 4
    );
    Ok(())
}

/// What shortest path bridging adds.
fn shortest_path(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    write!(out, "\n\tv4len {}, AUXMCID Name ", c.u16()?);
    c.skip(1)?;
    out.escaped_padded(&mut c, 32)?;
    digest(out, &mut c, ", Rev ")?;
    let [agreement, _, format, convention] = *c.array::<4>()?;
    let edges = c.u16()?;
    c.skip(8)?;
    let digest = c.array::<20>()?;
    write!(
        out,
        "\n\tAgreement num {}, Discarded Agreement num {}, Agreement valid-flag {},",
        agreement >> 6,
        (agreement >> 4) & 3,
        (agreement >> 3) & 1
    );
    // The capabilities are shown with the identifier in front of them.
    write!(
        out,
        "\n\tRestricted role-flag: {}, Format id {} cap {format}, Convention id {} cap {convention},",
        (agreement >> 2) & 1,
        format >> 4,
        convention >> 4
    );
    write!(out, "\n\tEdge count {edges}, Agreement digest ");
    out.hex_bytes(digest);
    Ok(())
}

/// The four times, in units of 1/256 second.
fn timers(out: &mut Out, c: Cursor<'_>) -> Walk {
    let times = c.ahead(27).array::<8>()?.as_chunks::<2>().0;
    let names = ["\n\tmessage-age", ", max-age", ", hello-time", ", forwarding-delay"];
    for (name, time) in names.iter().zip(times) {
        let seconds = f64::from(u16::from_be_bytes(*time)) / 256.0;
        write!(out, "{name} {seconds:.2}s");
    }
    Ok(())
}

fn role(out: &mut Out, flags: u8) {
    out.token(ROLES, (flags >> 2) & 3, format_args!("Unknown"));
}

/// Writes a bridge's priority and address.
fn bridge(out: &mut Out, [a, b, mac @ ..]: [u8; 8]) {
    out.hex_bytes(&[a, b]).text(".").mac(mac);
}
