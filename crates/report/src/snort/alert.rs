//! Alerts as text: in full (`-A full`), or each on one line (`-A fast`, `-A console`).

use std::collections::HashMap;
use std::fmt::Write;

use wirescope_detect::engine::Alert;
use wirescope_detect::language::{ReferenceSystem, Rule, RuleSet};
use wirescope_flow::decode::Transport;
use wirescope_wire::ethernet::Ethernet;
use wirescope_wire::ipv4::protocol;
use wirescope_wire::udp::Udp;
use wirescope_wire::{LinkType, Packet};

use super::ip::{IpHeader, repeated_header};
use super::stamp::{Clock, Stamp};
use super::{icmp, tcp};

/// How much is told of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Several lines: the headers, and where to read more.
    Full,
    /// One line.
    Fast,
}

/// Writes alerts.
pub struct AlertText {
    form: Form,
    stamp: Stamp,
    /// Whether the Ethernet header is shown (`-e`).
    link: bool,
    references: HashMap<String, ReferenceSystem>,
}

impl AlertText {
    /// A writer for the alerts of a rule set, whose references it resolves.
    pub fn new(form: Form, clock: Clock, link: bool, rules: &RuleSet) -> Self {
        AlertText { form, stamp: Stamp::new(clock), link, references: rules.reference_systems.clone() }
    }

    /// Appends an alert that was raised at `packet`; there is none after the end of a capture.
    pub fn write(&mut self, text: &mut String, alert: &Alert<'_>, packet: Option<&Packet<'_>>) {
        match self.form {
            Form::Full => self.full(text, alert, packet),
            Form::Fast => self.fast(text, alert),
        }
    }

    fn fast(&mut self, text: &mut String, alert: &Alert<'_>) {
        let header = IpHeader::of(alert.inspected);
        self.stamp.write(text, alert.inspected.time);
        text.push_str("  ");
        write_title(text, alert.rule);
        text.push(' ');
        write_priority(text, alert);
        let _ = writeln!(text, "{{{}}} {}", super::protocol::name(header.protocol), header.ends);
    }

    fn full(&mut self, text: &mut String, alert: &Alert<'_>, packet: Option<&Packet<'_>>) {
        write_title(text, alert.rule);
        text.push('\n');
        write_priority(text, alert);
        text.push('\n');
        self.stamp.write(text, alert.inspected.time);
        text.push(' ');
        let after_ends = if self.link { ' ' } else { '\n' };
        if let Some(packet) = packet.filter(|_| self.link) {
            write_link(text, packet);
        }
        let header = IpHeader::of(alert.inspected);
        header.write(text, after_ends);
        if !header.is_fragment() {
            write_transport(text, alert, after_ends);
        }
        self.write_references(text, alert.rule);
        text.push('\n');
    }

    /// Where to read more: addresses where the system is known, names and numbers else.
    fn write_references(&self, text: &mut String, rule: &Rule) {
        for reference in &rule.references {
            let _ = match self.references.get(&reference.system.to_ascii_lowercase()) {
                Some(system) => write!(text, "[Xref => {}{}]", system.prefix, reference.id),
                None => write!(text, "[Xref => {} {}]", reference.system, reference.id),
            };
        }
        if !rule.references.is_empty() {
            text.push('\n');
        }
    }
}

fn write_title(text: &mut String, rule: &Rule) {
    let Rule { gid, sid, revision, message, .. } = rule;
    let _ = match message.as_str() {
        "" => write!(text, "[**] [{gid}:{sid}:{revision}] Snort Alert [{gid}:{sid}:{revision}] [**]"),
        message => write!(text, "[**] [{gid}:{sid}:{revision}] {message} [**]"),
    };
}

fn write_priority(text: &mut String, alert: &Alert<'_>) {
    if let Some(class) = alert.classification {
        let _ = write!(text, "[Classification: {}] ", class.description);
    }
    let _ = write!(text, "[Priority: {}] ", alert.priority);
}

/// The Ethernet header on a line: addresses, type, and the length of the frame.
fn write_link(text: &mut String, packet: &Packet<'_>) {
    if packet.link != LinkType::EN10MB {
        return;
    }
    let Ok(header) = Ethernet::read(&mut packet.cursor()) else { return };
    let [src, dst] =
        [header.src(), header.dst()].map(|address| address.map(|byte| format!("{byte:02X}")).join(":"));
    let _ = writeln!(text, "{src} -> {dst} type:0x{:X} len:0x{:X}", header.ether_type(), packet.wire_len);
}

fn write_transport(text: &mut String, alert: &Alert<'_>, after_ends: char) {
    let ip = alert.inspected.ip;
    match &alert.inspected.decoded.transport {
        Transport::Tcp(segment) => tcp::write(text, segment),
        Transport::Udp(datagram) => {
            let length = usize::from(datagram.length) + repeated_header(alert.inspected);
            let _ = writeln!(text, "Len: {}", length as i64 - Udp::LEN as i64);
        }
        Transport::Icmp(_) if ip.protocol == protocol::ICMP => icmp::write(text, ip.payload, after_ends),
        // ICMPv6 has no lines of its own.
        Transport::Icmp(_) => {}
        Transport::None => match ip.protocol {
            protocol::TCP => text.push_str("TCP header truncated\n"),
            protocol::UDP => text.push_str("UDP header truncated\n"),
            protocol::ICMP => icmp::write(text, &[], after_ends),
            _ => {}
        },
    }
}
