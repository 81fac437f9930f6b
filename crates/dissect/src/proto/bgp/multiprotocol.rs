//! Routes of other address families (RFC 4760).

use super::names;
use super::prefixes::{self, DISTINGUISHER_LEN, OSI_LEN, Prefix, Route, Shown};
use crate::Out;
use crate::proto::names::ADDRESS_FAMILIES;
use crate::tokens;
use wirescope_wire::{Cursor, Stop, Walk};

/// What next hops and routes of a family look like.
#[derive(Clone, Copy)]
enum Form {
    Ipv4,
    LabelledIpv4,
    VpnIpv4,
    RouteTarget,
    MulticastVpn,
    MulticastTree,
    Ipv6,
    LabelledIpv6,
    VpnIpv6,
    Circuits,
    Osi,
    VpnOsi,
}

impl Form {
    /// The form of an address family and what of it is meant.
    fn of(family: u16, subsequent: u8) -> Option<Form> {
        Some(match (family, subsequent) {
            (1, 1..=3) => Form::Ipv4,
            (1, 4) => Form::LabelledIpv4,
            (1, 128..=130) => Form::VpnIpv4,
            (1, 132) => Form::RouteTarget,
            (1, 5) => Form::MulticastVpn,
            (1, 66) => Form::MulticastTree,
            (2, 1..=3) => Form::Ipv6,
            (2, 4) => Form::LabelledIpv6,
            (2, 128..=130) => Form::VpnIpv6,
            (3, 1..=3) => Form::Osi,
            (3, 128..=130) => Form::VpnOsi,
            (25, 65) | (196, 128..=130) => Form::Circuits,
            _ => return None,
        })
    }
}

/// Prints the family; nothing more can be printed of those that are not known.
fn families(out: &mut Out, c: &mut Cursor<'_>) -> Walk<Option<Form>> {
    let whole = *c;
    let (family, subsequent) = (c.u16()?, c.u8()?);
    out.text("\n\t    AFI: ");
    out.token(ADDRESS_FAMILIES, family, format_args!("Unknown AFI"));
    let vendor = if subsequent > 128 { "vendor specific " } else { "" };
    let name = tokens::name(names::SUBSEQUENT_FAMILIES, subsequent.into()).unwrap_or("Unknown SAFI");
    write!(out, " ({family}), {vendor}SAFI: {name} ({subsequent})");
    let form = Form::of(family, subsequent);
    if form.is_none() {
        write!(out, "\n\t    no AFI {family} / SAFI {subsequent} decoder");
        if out.options.verbose <= 1 {
            out.dump_hex("\n\t    ", whole.claimed_bytes());
        }
    }
    Ok(form)
}

/// Prints routes that can be had, and by whom.
pub(super) fn reach(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let Some(form) = families(out, &mut c)? else { return Ok(()) };
    let len = usize::from(c.u8()?);
    let mut hops = c.claim(len);
    out.text("\n\t    nexthop: ");
    let mut between = "";
    while hops.length() > 0 {
        out.text(between);
        between = ", ";
        if !next_hop(out, form, &mut hops)? {
            break;
        }
    }
    write!(out, ", nh-length: {len}");
    c.advance(len);
    subnetwork_points(out, &mut c)?;
    routes(out, form, c)
}

/// Prints a next hop; false where its length cannot be.
fn next_hop(out: &mut Out, form: Form, hops: &mut Cursor<'_>) -> Walk<bool> {
    let (is_vpn, address_len) = match form {
        Form::Ipv4
        | Form::LabelledIpv4
        | Form::RouteTarget
        | Form::MulticastVpn
        | Form::MulticastTree
        | Form::Circuits => (false, 4),
        Form::VpnIpv4 => (true, 4),
        Form::Ipv6 | Form::LabelledIpv6 => (false, 16),
        Form::VpnIpv6 => (true, 16),
        Form::Osi => (false, hops.length()),
        Form::VpnOsi => (true, hops.length().saturating_sub(DISTINGUISHER_LEN).max(1)),
    };
    let len = address_len + if is_vpn { DISTINGUISHER_LEN } else { 0 };
    if hops.length() < len {
        out.text("invalid len");
        return Ok(false);
    }
    let whole = hops.bytes();
    if is_vpn {
        out.text("RD: ");
        prefixes::route_distinguisher(out, hops.split(DISTINGUISHER_LEN))?;
        out.text(", ");
    }
    match (form, address_len) {
        (Form::Osi | Form::VpnOsi, _) => {
            let address = hops.take(address_len)?;
            out.nsap(address);
            if is_vpn {
                mapped(out, whole);
            }
        }
        (_, 16) => {
            out.host6(*hops.array()?);
        }
        _ => {
            out.host4(*hops.array()?);
        }
    }
    Ok(true)
}

/// Shows the IP address that an OSI next hop stands for (RFC 986, RFC 1888), where it has no route distinguisher.
fn mapped(out: &mut Out, address: &[u8]) {
    match address {
        [0x47, 0x00, 0x06, rest @ ..] => {
            if let Some(address) = rest.first_chunk() {
                out.text(" = ").host4(*address);
            }
        }
        [0x35, 0x00, 0x00, rest @ ..] => {
            if let Some(address) = rest.first_chunk() {
                out.text(" = ").host6(*address);
            }
        }
        _ => {}
    }
}

/// Subnetwork points of attachment, which newer routers do not send.
fn subnetwork_points(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    let count = c.u8()?;
    if count == 0 {
        out.text(", no SNPA");
        return Ok(());
    }
    write!(out, "\n\t    {count} SNPA");
    for _ in 0..count {
        let len = c.u8()?;
        write!(out, "\n\t      {len} bytes");
        if c.length() < len.into() {
            return Err(Stop::Truncated);
        }
        c.advance(len.into());
    }
    Ok(())
}

/// Prints routes that are gone.
pub(super) fn unreach(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let Some(form) = families(out, &mut c)? else { return Ok(()) };
    if c.length() == 0 {
        out.text("\n\t      End-of-Rib Marker (empty NLRI)");
    }
    routes(out, form, c)
}

fn routes(out: &mut Out, form: Form, mut c: Cursor<'_>) -> Walk {
    let max_bits = match form {
        Form::Ipv4 => 32,
        Form::Ipv6 => 128,
        _ => 0,
    };
    let have_path_ids = max_bits > 0 && prefixes::have_path_ids(c, max_bits);
    while c.length() > 0 {
        let path_id = if have_path_ids { Some(c.u32()?) } else { None };
        let route = match form {
            Form::Ipv4 => plain(out, prefixes::read_v4(&mut c)?),
            Form::Ipv6 => plain(out, prefixes::read_v6(&mut c)?),
            Form::LabelledIpv4 => prefixes::labelled::<4>(out, &mut c, false)?,
            Form::LabelledIpv6 => prefixes::labelled::<16>(out, &mut c, false)?,
            Form::VpnIpv4 => prefixes::labelled::<4>(out, &mut c, true)?,
            Form::VpnIpv6 => prefixes::labelled::<16>(out, &mut c, true)?,
            Form::VpnOsi => prefixes::labelled::<OSI_LEN>(out, &mut c, true)?,
            Form::Osi => prefixes::osi(out, &mut c)?,
            Form::RouteTarget => prefixes::route_target(out, &mut c)?,
            Form::MulticastVpn => prefixes::multicast_vpn(out, &mut c)?,
            Form::MulticastTree => prefixes::multicast_tree(out, &mut c)?,
            Form::Circuits => prefixes::circuits(out, &mut c)?,
        };
        match route {
            Route::Printed => {}
            Route::Illegal => {
                out.text("\n\t    (illegal prefix length)");
                return Ok(());
            }
            Route::Cut => return Ok(()),
        }
        if let Some(path_id) = path_id {
            write!(out, "   Path Id: {path_id}");
        }
    }
    Ok(())
}

fn plain<const N: usize>(out: &mut Out, prefix: Option<Prefix<N>>) -> Route
where
    Prefix<N>: Shown,
{
    match prefix {
        Some(prefix) => {
            out.text("\n\t      ");
            prefix.print(out);
            Route::Printed
        }
        None => Route::Illegal,
    }
}
