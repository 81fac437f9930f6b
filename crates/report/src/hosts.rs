//! Hosts as JSON: who offers what to whom, who uses it, and since when.

use std::net::IpAddr;

use serde::Serialize;
use wirescope_flow::hosts::{self, Service};

use crate::filter_text::transport;
use crate::rfc3339;

/// One host.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Host {
    pub host: IpAddr,
    pub roles: Vec<&'static str>,
    pub names: Vec<String>,
    pub first_time: String,
    pub last_time: String,
    pub sent_packets: u64,
    pub sent_bytes: u64,
    pub received_packets: u64,
    pub received_bytes: u64,
    pub offers: Vec<Offer>,
    pub uses: Vec<Use>,
}

/// A service that a host answered for.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Offer {
    pub proto: &'static str,
    pub port: u16,
    pub client_count: usize,
}

/// A service that a host used.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Use {
    pub proto: &'static str,
    pub port: u16,
    pub servers: Vec<IpAddr>,
}

impl From<&hosts::Host> for Host {
    fn from(host: &hosts::Host) -> Self {
        let offer = |(service, clients): (&Service, &usize)| Offer {
            proto: transport(service.protocol),
            port: service.port,
            client_count: *clients,
        };
        Host {
            host: host.address,
            roles: host.roles.iter().map(|role| role.name()).collect(),
            names: host.names.clone(),
            first_time: rfc3339(host.first_time),
            last_time: rfc3339(host.last_time),
            sent_packets: host.sent_packets,
            sent_bytes: host.sent_bytes,
            received_packets: host.received_packets,
            received_bytes: host.received_bytes,
            offers: host.offers.iter().map(offer).collect(),
            uses: host
                .uses
                .iter()
                .map(|(service, servers)| Use {
                    proto: transport(service.protocol),
                    port: service.port,
                    servers: servers.iter().copied().collect(),
                })
                .collect(),
        }
    }
}
