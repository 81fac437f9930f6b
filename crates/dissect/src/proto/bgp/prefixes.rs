//! Prefixes of routes with what may stand before them: labels (RFC 8277), route distinguishers (RFC 4364),
//! identifiers of paths (RFC 7911), and routes that are no prefixes at all.

use super::{autonomous_system, names};
use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bits of a label and of a route distinguisher.
const LABEL_BITS: usize = 24;
const DISTINGUISHER_BITS: usize = 64;
/// Bytes of a label and of a route distinguisher.
const LABEL_LEN: usize = 3;
pub(in crate::proto) const DISTINGUISHER_LEN: usize = 8;

/// Bytes of the longest prefix of OSI addresses: all but the selector.
pub(super) const OSI_LEN: usize = 19;

/// An address of which only the first bits count.
pub(super) struct Prefix<const N: usize> {
    address: [u8; N],
    bits: usize,
}

impl<const N: usize> Prefix<N> {
    /// Takes `bits` of the bytes from here on, fewer than `N` bytes' worth or as many.
    fn take(c: &mut Cursor<'_>, bits: usize) -> Walk<Self> {
        let mut address = [0; N];
        let bytes = c.take(bits.div_ceil(8))?;
        for (to, from) in address.iter_mut().zip(bytes) {
            *to = *from;
        }
        if let (Some(last), 1..) = (address.get_mut(bits / 8), bits % 8) {
            *last &= !(0xff >> (bits % 8));
        }
        Ok(Prefix { address, bits })
    }

    /// Reads a length in bits and a prefix; nothing where the length cannot be. It is truncated where the
    /// length exceeds what is left.
    fn read(c: &mut Cursor<'_>) -> Walk<Option<Self>> {
        if c.length() == 0 {
            return Err(Stop::Truncated);
        }
        let bits = usize::from(c.peek_u8(0)?);
        if bits > 8 * N {
            return Ok(None);
        }
        if bits.div_ceil(8) > c.length() - 1 {
            return Err(Stop::Truncated);
        }
        c.skip(1)?;
        Prefix::take(c, bits).map(Some)
    }
}

/// Prefixes that can be shown as addresses.
pub(super) trait Shown {
    /// Writes address and length.
    fn print(&self, out: &mut Out);
}

impl Shown for Prefix<4> {
    fn print(&self, out: &mut Out) {
        out.host4(self.address).text("/").len(self.bits);
    }
}

impl Shown for Prefix<16> {
    fn print(&self, out: &mut Out) {
        out.host6(self.address).text("/").len(self.bits);
    }
}

impl Shown for Prefix<OSI_LEN> {
    fn print(&self, out: &mut Out) {
        let len = self.bits.div_ceil(8);
        out.nsap(self.address.get(..len).unwrap_or(&self.address));
        out.text("/").len(self.bits);
    }
}

/// Reads an IPv4 prefix; nothing where its length cannot be.
pub(super) fn read_v4(c: &mut Cursor<'_>) -> Walk<Option<Prefix<4>>> {
    Prefix::read(c)
}

/// Reads an IPv6 prefix; nothing where its length cannot be.
pub(super) fn read_v6(c: &mut Cursor<'_>) -> Walk<Option<Prefix<16>>> {
    Prefix::read(c)
}

/// Whether the prefixes from here on have identifiers of paths before them. Nothing in a message says so, only
/// the capabilities exchanged long before; so it is assumed where it makes sense and the other does not.
pub(super) fn have_path_ids(c: Cursor<'_>, max_bits: u8) -> bool {
    let fits = |bits: &u8| *bits <= max_bits;
    let with = count_bytes(c, 4, fits);
    let is_possible = with == Some(c.length());
    // A default route among others is taken for the start of an identifier.
    let is_needed = count_bytes(c, 0, |bits| *bits > 0 && fits(bits)).is_none_or(|bytes| bytes > c.length());
    is_possible && is_needed
}

/// How many bytes prefixes take that have `before` bytes each before them; nothing where one cannot be.
fn count_bytes(c: Cursor<'_>, before: usize, fits: impl Fn(&u8) -> bool) -> Option<usize> {
    let mut read = 0;
    while read < c.length() {
        let bits = c.peek_u8(read + before).ok().filter(&fits)?;
        read += before + 1 + usize::from(bits).div_ceil(8);
    }
    Some(read)
}

/// What a route in a list of routes turned out to be.
pub(super) enum Route {
    /// It was printed.
    Printed,
    /// Its length cannot be; nothing behind it can be read.
    Illegal,
    /// It reaches beyond its list.
    Cut,
}

/// A prefix with labels, and a route distinguisher behind them where `distinguished`.
pub(super) fn labelled<const N: usize>(out: &mut Out, c: &mut Cursor<'_>, distinguished: bool) -> Walk<Route>
where
    Prefix<N>: Shown,
{
    let before = LABEL_BITS + if distinguished { DISTINGUISHER_BITS } else { 0 };
    let Some(bits) = usize::from(c.peek_u8(0)?).checked_sub(before).filter(|bits| *bits <= 8 * N) else {
        return Ok(Route::Illegal);
    };
    if !distinguished && 1 + (before + bits).div_ceil(8) > c.length() {
        return Ok(Route::Cut);
    }
    c.skip(1)?;
    let label = c.u24()?;
    out.text("\n\t      ");
    let distinguisher = if distinguished { Some(c.split(DISTINGUISHER_LEN)) } else { None };
    if let Some(distinguisher) = distinguisher {
        out.text("RD: ");
        route_distinguisher(out, distinguisher)?;
        out.text(", ");
    }
    Prefix::<N>::take(c, bits)?.print(out);
    print_label(out, label);
    Ok(Route::Printed)
}

fn print_label(out: &mut Out, label: u32) {
    write!(out, ", label:{} ", label >> 4);
    out.text(if label & 1 != 0 { "(bottom)" } else { "(BOGUS: Bottom of Stack NOT set!)" });
}

/// An OSI prefix without a label.
pub(super) fn osi(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Route> {
    let bits = usize::from(c.peek_u8(0)?);
    if bits > 8 * OSI_LEN {
        return Ok(Route::Illegal);
    }
    // The bytes shown are those three further on, as where a label stood before them.
    let mut shown = c.ahead(1 + LABEL_LEN);
    let prefix = Prefix::<OSI_LEN>::take(&mut shown, bits)?;
    c.skip(1 + bits / 8)?;
    out.text("\n\t      ");
    prefix.print(out);
    Ok(Route::Printed)
}

/// A route distinguisher: a number that an autonomous system or the owner of an address gave out.
pub(in crate::proto) fn route_distinguisher(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    match c.u16()? {
        0 => {
            let (system, number) = (c.u16()?, *c.array::<4>()?);
            write!(out, "{system}:{} (= ", u32::from_be_bytes(number));
            out.ipv4(number).text(")");
        }
        1 => {
            let (address, number) = (*c.array::<4>()?, c.u16()?);
            out.ipv4(address);
            write!(out, ":{number}");
        }
        2 => {
            let (system, number) = (*c.array::<4>()?, c.u16()?);
            autonomous_system(out, u32::from_be_bytes(system));
            write!(out, ":{number} (");
            out.ipv4(system);
            write!(out, ":{number})");
        }
        _ => {
            out.text("unknown RD format");
        }
    }
    Ok(())
}

/// Route targets that a router wants to hear of (RFC 4684 section 4).
pub(super) fn route_target(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Route> {
    const ORIGIN_BITS: usize = 32;
    let bits = usize::from(c.u8()?);
    if bits == 0 {
        out.text("\n\t      default route target");
        return Ok(Route::Printed);
    }
    let target_bits = bits.checked_sub(ORIGIN_BITS).filter(|bits| *bits <= 64);
    let Some(target_bits) = target_bits else {
        out.text("\n\t      (illegal prefix length)");
        return Ok(Route::Printed);
    };
    let origin = c.u32()?;
    let Prefix { address, .. } = Prefix::<8>::take(c, target_bits)?;
    out.text("\n\t      origin AS: ");
    autonomous_system(out, origin);
    out.text(", route-target: ");
    let [k1, k0, a, b, d, e, f, g] = address;
    match u16::from_be_bytes([k1, k0]) {
        _ if target_bits == 0 => {
            out.text("0:0/0");
        }
        0x0002 => {
            write!(out, "{}:{}/{target_bits}", u16::from_be_bytes([a, b]), u32::from_be_bytes([d, e, f, g]))
        }
        0x0102 => {
            out.host4([a, b, d, e]);
            write!(out, ":{}/{target_bits}", u16::from_be_bytes([f, g]));
        }
        0x0202 => {
            autonomous_system(out, u32::from_be_bytes([a, b, d, e]));
            write!(out, ":{}/{target_bits}", u16::from_be_bytes([f, g]));
        }
        _ => write!(out, "unknown RT type/{target_bits}"),
    }
    let bytes = address.get(..target_bits.div_ceil(8)).unwrap_or_default();
    if !bytes.is_empty() {
        out.text(" (");
        for (at, byte) in bytes.iter().enumerate() {
            write!(out, "{}{byte:02x}", if at > 0 && at % 2 == 0 { " " } else { "" });
        }
        out.text(")");
    }
    Ok(Route::Printed)
}

/// Where multicast of a VPN is tunnelled (RFC 6037 section 7).
pub(super) fn multicast_tree(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Route> {
    const BITS: u8 = 128;
    if c.peek_u8(0)? != BITS {
        out.text("\n\t    (illegal prefix length)");
        return Ok(Route::Cut);
    }
    c.skip(1)?;
    out.text("\n\t      RD: ");
    route_distinguisher(out, c.split(DISTINGUISHER_LEN))?;
    out.text(", VPN IP Address: ").host4(*c.array()?);
    out.text(", MC Group Address: ").host4(*c.array()?);
    Ok(Route::Printed)
}

mod multicast {
    pub(super) const INTRA_AS: u8 = 1;
    pub(super) const INTER_AS: u8 = 2;
    pub(super) const SELECTIVE: u8 = 3;
    pub(super) const SOURCE_ACTIVE: u8 = 5;
    pub(super) const SHARED_TREE_JOIN: u8 = 6;
    pub(super) const SOURCE_TREE_JOIN: u8 = 7;
}

/// Routes of multicast VPNs (RFC 6514 section 4).
pub(super) fn multicast_vpn(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Route> {
    let (kind, len) = (c.u8()?, usize::from(c.u8()?));
    out.text("\n\t      Route-Type: ");
    out.token(names::MULTICAST_ROUTES, kind, format_args!("Unknown"));
    write!(out, " ({kind}), length: {len}");
    let mut route = c.claim(len);
    let least = match kind {
        multicast::INTRA_AS | multicast::SELECTIVE | multicast::SOURCE_ACTIVE => DISTINGUISHER_LEN,
        multicast::INTER_AS => 0,
        multicast::SHARED_TREE_JOIN | multicast::SOURCE_TREE_JOIN => DISTINGUISHER_LEN + 12,
        _ => {
            c.advance(len);
            return Ok(Route::Printed);
        }
    };
    if len < least {
        return Err(Stop::Truncated);
    }
    out.text(", RD: ");
    route_distinguisher(out, route.split(DISTINGUISHER_LEN))?;
    match kind {
        multicast::INTRA_AS => {
            out.text(", Originator ");
            let bits = 8 * route.length();
            vpn_address(out, &mut route, bits)?;
        }
        multicast::INTER_AS => {
            out.text(", Source-AS ");
            autonomous_system(out, route.u32()?);
        }
        multicast::SELECTIVE => {
            source_and_group(out, &mut route)?;
            out.text(", Originator ");
            // What is left when source and group are taken away is shown as the length of the address, though the
            // route distinguisher is part of it.
            let bits = 8 * len.saturating_sub(route.at().saturating_sub(c.at() + DISTINGUISHER_LEN));
            vpn_address(out, &mut route, bits)?;
        }
        multicast::SOURCE_ACTIVE => source_and_group(out, &mut route)?,
        _ => {
            out.text(", Source-AS ");
            autonomous_system(out, route.u32()?);
            source_and_group(out, &mut route)?;
        }
    }
    c.advance(len);
    Ok(Route::Printed)
}

fn source_and_group(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    for what in [", Source ", ", Group "] {
        let bits = usize::from(c.u8()?);
        if c.length() < bits / 8 {
            return Err(Stop::Truncated);
        }
        if bits > 0 {
            out.text(what);
            vpn_address(out, c, bits)?;
        }
    }
    Ok(())
}

fn vpn_address(out: &mut Out, c: &mut Cursor<'_>, bits: usize) -> Walk {
    match bits {
        32 => {
            out.host4(*c.array()?);
        }
        128 => {
            out.host6(*c.array()?);
        }
        _ => {
            write!(out, "bogus address length {bits}");
            c.advance(bits / 8);
        }
    }
    Ok(())
}

/// Circuits of layer 2 (RFC 4761 section 3.2.2, draft-kompella-l2vpn-l2vpn).
pub(super) fn circuits(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Route> {
    const DISCOVERY_LEN: usize = 12;
    const MIN_LEN: usize = 17;
    let len = usize::from(c.u16()?);
    c.need(len)?;
    let mut route = c.claim(len);
    c.advance(len);
    if len == DISCOVERY_LEN {
        out.text("\n\t      RD: ");
        route_distinguisher(out, route.split(DISTINGUISHER_LEN))?;
        out.text(", BGPNH: ").host4(*route.array()?);
        return Ok(Route::Printed);
    }
    if len <= MIN_LEN {
        return Ok(Route::Printed);
    }
    out.text("\n\t      RD: ");
    route_distinguisher(out, route.split(DISTINGUISHER_LEN))?;
    let (circuit, offset, base) = (route.u16()?, route.u16()?, route.u24()?);
    write!(out, ", CE-ID: {circuit}, Label-Block Offset: {offset}, Label Base {}", base >> 4);
    while route.length() > 0 {
        if route.length() < 3 {
            out.text("\n\t\tran past the end");
            break;
        }
        circuit_field(out, &mut route)?;
    }
    Ok(Route::Printed)
}

fn circuit_field(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const STATUS: u8 = 1;
    let (kind, value_len) = (c.u8()?, usize::from(c.u16()?));
    if kind != STATUS {
        write!(out, "\n\t\tunknown TLV #{kind}, length: {value_len}");
        if value_len > c.length() {
            out.text(" (ran past the end)");
        }
        c.advance(value_len);
        return Ok(());
    }
    // A bit for each circuit.
    write!(out, "\n\t\tcircuit status vector ({kind}) length: {value_len}: 0x");
    for _ in 0..value_len.div_ceil(8) {
        if c.length() == 0 {
            out.text(" (ran past the end)");
            break;
        }
        out.hex(c.u8()?, 2);
    }
    Ok(())
}
