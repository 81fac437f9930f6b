//! Scans: who, what, who answered, and the question that decides: did data go afterwards?

use wirescope_flow::Investigated;

use super::{ALARM, escape, finding};
use crate::findings::{Body, scans as all_scans};

/// Every scan, decoy scan and flood.
pub fn scans(found: &Investigated) -> String {
    let mut text = String::new();
    for each in all_scans(found) {
        text.push_str(&finding(&each, ALARM));
        match &each.body {
            Body::Scan(scan) => {
                let rate = scan.rate.map_or(String::new(), |rate| format!(", {rate:.1} probes a second"));
                text.push_str(&format!(
                    "    {} endpoints answered, {} refused, {} said nothing{rate}; sequential test: {}\n",
                    scan.answered.len(),
                    scan.refused.len(),
                    scan.silent.len(),
                    scan.sequential_test
                ));
                for data in &scan.data {
                    text.push_str(&escape(&format!(
                        "    data: port {} of {} took {} bytes from port {} and gave {}",
                        data.port, data.host, data.client_bytes, data.client_port, data.server_bytes
                    )));
                    text.push('\n');
                }
                if scan.data.is_empty() {
                    text.push_str("    no data was pushed to any of them\n");
                }
            }
            Body::SynFlood(flood) => text.push_str(&format!(
                "    {} handshakes were completed, {} SYN/ACKs sent\n",
                flood.completed, flood.synacks
            )),
            _ => {}
        }
    }
    text
}
