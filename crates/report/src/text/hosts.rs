//! Hosts: what each is, offers and uses.

use wirescope_flow::Investigated;
use wirescope_flow::hosts::Service;

use super::{HEADING, Naming, escape, grouped};
use crate::filter_text::transport;
use crate::rfc3339;

/// Servers and services shown of one host on a line.
const SHOWN: usize = 12;

/// Every host, a paragraph each.
pub fn hosts(found: &Investigated, naming: &Naming, names: bool) -> String {
    let mut text = String::new();
    for host in &found.hosts {
        let roles: Vec<&str> = host.roles.iter().map(|role| role.name()).collect();
        text.push_str(&format!("{HEADING}{}{HEADING:#}", host.address));
        if names && !host.names.is_empty() {
            text.push_str(&format!(" ({})", escape(&host.names.join(", "))));
        }
        if !roles.is_empty() {
            text.push_str(&format!(": {}", roles.join(", ")));
        }
        text.push_str(&format!(
            "\n  seen     {} to {}\n  traffic  sent {} packets, {} bytes; received {} packets, {} bytes\n",
            rfc3339(host.first_time),
            rfc3339(host.last_time),
            grouped(host.sent_packets),
            grouped(host.sent_bytes),
            grouped(host.received_packets),
            grouped(host.received_bytes)
        ));
        if !host.offers.is_empty() {
            let offers = host.offers.iter().map(|(offered, clients)| {
                let word = if *clients == 1 { "client" } else { "clients" };
                format!("{} ({clients} {word})", service(*offered, naming))
            });
            text.push_str(&format!("  offers   {}\n", some(offers)));
        }
        for (used, servers) in &host.uses {
            let servers = servers.iter().map(|server| server.to_string());
            text.push_str(&format!("  uses     {} of {}\n", service(*used, naming), some(servers)));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn service(service: Service, naming: &Naming) -> String {
    let proto = transport(service.protocol);
    match naming.service(proto, service.port) {
        Some(name) => format!("{proto} {} {}", service.port, escape(name)),
        None => format!("{proto} {}", service.port),
    }
}

fn some(all: impl ExactSizeIterator<Item = String>) -> String {
    let rest = all.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = all.take(SHOWN).collect();
    if rest > 0 {
        shown.push(format!("{rest} more"));
    }
    shown.join(", ")
}
