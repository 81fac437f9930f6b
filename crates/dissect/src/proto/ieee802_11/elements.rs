//! Information elements of management frames (IEEE 802.11-2016 section 9.4.2): those that are shown.

use crate::Out;
use crate::escape::to_zero;
use wirescope_wire::{Cursor, Stop, Walk};

/// Numbers of elements.
mod element {
    pub(super) const SSID: u8 = 0;
    pub(super) const RATES: u8 = 1;
    pub(super) const DIRECT_SEQUENCE: u8 = 3;
    pub(super) const TRAFFIC_INDICATION: u8 = 5;
    pub(super) const CHALLENGE: u8 = 16;
    pub(super) const MESH_ID: u8 = 114;
}

/// Most bytes that elements are believed to have.
const MAX_NAME_LEN: usize = 32;
const MAX_RATES: usize = 16;
const MAX_INDICATION_LEN: usize = 254;
const MAX_CHALLENGE_LEN: usize = 253;
/// A map of traffic has three bytes before its bitmap.
const MIN_INDICATION_LEN: usize = 3;

/// The elements of a body. The first of each kind counts.
#[derive(Default)]
pub(super) struct Elements<'a> {
    ssid: Option<&'a [u8]>,
    rates: Option<&'a [u8]>,
    channel: Option<u8>,
    mesh_id: Option<&'a [u8]>,
}

impl<'a> Elements<'a> {
    /// Reads elements until the bytes end or one is contradictory; then how it ended is told as well.
    pub(super) fn read(mut body: Cursor<'a>) -> (Self, Walk) {
        let mut elements = Elements::default();
        while body.length() > 0 {
            if let Err(stop) = elements.read_one(&mut body) {
                return (elements, Err(stop));
            }
        }
        (elements, Ok(()))
    }

    fn read_one(&mut self, body: &mut Cursor<'a>) -> Walk {
        let (number, len) = (body.u8()?, usize::from(body.u8()?));
        if len > body.length() {
            return Err(Stop::Truncated);
        }
        let value = body.take(len)?;
        let max_len = match number {
            element::SSID | element::MESH_ID => MAX_NAME_LEN,
            element::RATES => MAX_RATES,
            element::TRAFFIC_INDICATION if len >= MIN_INDICATION_LEN => MAX_INDICATION_LEN,
            element::CHALLENGE => MAX_CHALLENGE_LEN,
            _ => usize::MAX,
        };
        if len > max_len {
            return Err(Stop::Truncated);
        }
        match (number, value) {
            (element::SSID, name) => _ = self.ssid.get_or_insert(name),
            (element::RATES, rates) if len > 0 => _ = self.rates.get_or_insert(rates),
            (element::DIRECT_SEQUENCE, [channel]) => _ = self.channel.get_or_insert(*channel),
            (element::MESH_ID, name) => _ = self.mesh_id.get_or_insert(name),
            _ => {}
        }
        Ok(())
    }

    /// Writes the network's name.
    pub(super) fn ssid(&self, out: &mut Out) {
        if let Some(name) = self.ssid {
            out.field("ssid", to_zero(name));
            out.text(" (").escaped_to_zero(name).text(")");
        }
    }

    /// Writes the rates; those that every member must know have a star.
    pub(super) fn rates(&self, out: &mut Out) {
        let Some(rates) = self.rates else { return };
        for (index, rate) in rates.iter().enumerate() {
            out.text(if index == 0 { " [" } else { " " });
            write!(out, "{:.1}", megabits(rate & 0x7f));
            if rate & 0x80 != 0 {
                out.text("*");
            }
        }
        out.text(" Mbit]");
    }

    /// Writes the channel.
    pub(super) fn channel(&self, out: &mut Out) {
        if let Some(channel) = self.channel {
            out.field("channel", channel);
            write!(out, " CH: {channel}");
        }
    }

    /// Writes the name of the mesh.
    pub(super) fn mesh_id(&self, out: &mut Out) {
        if let Some(name) = self.mesh_id.filter(|name| !name.is_empty()) {
            out.field("mesh_id", to_zero(name));
            out.text(" (MESHID: ").escaped_to_zero(name).text(")");
        }
    }
}

/// Megabits per second of a rate in units of 500 kbit/s.
pub(super) fn megabits(rate: u8) -> f64 {
    f64::from(rate) / 2.0
}
