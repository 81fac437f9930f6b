//! Snort rules over packets: the rule language, the engine that matches many rules at once, and alerts.
//!
//! [`language`] turns rule files into a [`RuleSet`](language::RuleSet) and knows nothing of packets;
//! [`matcher`] finds the rules that match one [`Inspected`](packet::Inspected) packet.
#![forbid(unsafe_code)]

pub mod engine;
pub mod language;
pub mod matcher;
pub mod packet;
