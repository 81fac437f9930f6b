//! One packet from its number to the end of its line.

use crate::fields::Fields;
use crate::names::Names;
use crate::options::{HexDump, Options};
use crate::out::Out;
use crate::proto::unsupported;
use crate::stamp::Stamp;
use wirescope_wire::{LinkType, Packet, Walk};

/// Captured and original lengths beyond this are not believed; no capture program writes them.
const MAX_PACKET_LEN: u32 = 262_144;

/// Link types whose numbers were given out for files.
const ASSIGNED: std::ops::RangeInclusive<u16> = 104..=304;

/// Prints packets: owns the text buffer and all that is remembered from packet to packet.
pub struct Dissector {
    pub(crate) out: Out,
    pub(crate) stamp: Stamp,
    /// What stands before the text of a packet of each interface, where there are several.
    interfaces: Vec<String>,
}

impl Dissector {
    /// A dissector that prints as `options` say, with names from `names`.
    pub fn new(options: Options, names: Names) -> Self {
        Dissector { stamp: Stamp::new(&options), out: Out::new(options, names), interfaces: Vec::new() }
    }

    /// Shows of each packet which of these interfaces it was captured on, behind its time.
    pub fn show_interfaces(&mut self, names: &[String]) {
        let shown = |name: &String| {
            let printable = |c: char| if c.is_control() { '?' } else { c };
            name.chars().map(printable).chain([' ']).collect()
        };
        self.interfaces = names.iter().map(shown).collect();
    }

    /// What was wrong with the secrets of `-E`, one sentence each.
    pub fn secret_warnings(&self) -> &[String] {
        self.out.ipsec.warnings()
    }

    /// Whether packets of this link type can be printed.
    pub fn knows(&self, link: LinkType) -> bool {
        self.out.registry.link_printer(link).is_some()
    }

    /// Whether packets of this link type can be shown, if only as bytes: there is such a type.
    pub fn accepts(&self, link: LinkType) -> bool {
        self.knows(link) || ASSIGNED.contains(&link.0)
    }

    /// The text printed so far and not yet cleared.
    pub fn text(&self) -> &[u8] {
        self.out.buffer()
    }

    /// Forgets the text, which has been written out.
    pub fn clear(&mut self) {
        self.out.take_back(0);
    }

    /// Sends the fields of the following packets to `sink`; gives back the one before.
    pub fn set_sink(&mut self, sink: Option<Box<dyn Fields>>) -> Option<Box<dyn Fields>> {
        self.out.set_sink(sink)
    }

    /// Appends the text of one packet, line end included.
    pub fn print(&mut self, packet: &Packet<'_>, number: u64) {
        let out = &mut self.out;
        out.begin();
        if out.options.number {
            out.dec_right(number, 5).text("  ");
        }
        if out.options.lengths {
            write!(out, "caplen {} len {} ", packet.data.len(), packet.wire_len);
        }
        if !check_lengths(out, packet) {
            return;
        }
        self.stamp.print(out, packet.time);
        if let Some(interface) = self.interfaces.get(packet.interface as usize) {
            out.text(interface);
        }
        if let Err(stop) = print_link(out, packet) {
            match stop {
                wirescope_wire::Stop::Truncated => out.truncated(),
                wirescope_wire::Stop::Invalid => out.invalid(),
            }
            // How far the link-layer header reached is not known: dump all of it.
            out.context.link_header_len = 0;
        }
        dump(out, packet);
        out.byte(b'\n');
    }
}

#[inline]
fn print_link(out: &mut Out, packet: &Packet<'_>) -> Walk {
    match out.registry.link_printer(packet.link) {
        Some(row) => out.run(row.proto, row.print, packet.cursor()),
        None => out.run("unsupported", unsupported::print_link, packet.cursor()),
    }
}

/// Says what is wrong with lengths that no capture has, and whether the packet can be printed.
fn check_lengths(out: &mut Out, packet: &Packet<'_>) -> bool {
    let captured = packet.data.len();
    let sound = captured != 0
        && captured <= MAX_PACKET_LEN as usize
        && packet.wire_len as usize >= captured
        && packet.wire_len <= MAX_PACKET_LEN;
    if sound {
        return true;
    }
    out.text("[Invalid header:");
    let mut between = "";
    if captured == 0 {
        out.text(" caplen==0");
        between = ",";
    }
    if packet.wire_len == 0 {
        out.text(between).text(" len==0");
        between = ",";
    } else if (packet.wire_len as usize) < captured {
        write!(out, "{between} len({}) < caplen({captured})", packet.wire_len);
        between = ",";
    }
    if captured > MAX_PACKET_LEN as usize {
        write!(out, "{between} caplen({captured}) > {MAX_PACKET_LEN}");
        between = ",";
    }
    if packet.wire_len > MAX_PACKET_LEN {
        write!(out, "{between} len({}) > {MAX_PACKET_LEN}", packet.wire_len);
    }
    out.text("]\n");
    false
}

/// The dump that `-x`, `-X` and `-A` ask for.
#[inline]
fn dump(out: &mut Out, packet: &Packet<'_>) {
    let hex = out.options.hex;
    let skipped = match hex {
        HexDump::None => return,
        HexDump::Hex { link_header: true }
        | HexDump::HexAscii { link_header: true }
        | HexDump::Ascii { link_header: true } => 0,
        _ => out.context.link_header_len,
    };
    let bytes = packet.data.get(skipped..).unwrap_or_default();
    if bytes.is_empty() {
        return;
    }
    match hex {
        HexDump::None => {}
        HexDump::Hex { .. } => out.dump_hex("\n\t", bytes),
        HexDump::HexAscii { .. } => out.dump_hex_ascii("\n\t", bytes),
        HexDump::Ascii { .. } => out.dump_ascii(bytes),
    }
}
