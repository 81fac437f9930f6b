//! Networks that tests make for themselves: two namespaces joined by a cable.
//!
//! That takes rights (root, or the right to make namespaces). Where they are missing the tests say so and pass,
//! except on a build server, where they fail.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The addresses of the two ends.
pub(crate) const HERE: &str = "10.77.0.1";
pub(crate) const THERE: &str = "10.77.0.2";

/// Two namespaces, `here` with the interface `cable` and `there` with `elbac`.
pub(crate) struct Network {
    pub(crate) here: String,
    pub(crate) there: String,
}

pub(crate) fn ip(arguments: &[&str]) -> Output {
    Command::new("ip").args(arguments).output().expect("the program ip runs")
}

pub(crate) fn must(arguments: &[&str]) {
    let output = ip(arguments);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ip {}: {text}", arguments.join(" "));
}

impl Network {
    /// Makes the network, or says why not.
    pub(crate) fn make() -> Option<Network> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = |end: &str| format!("wirescope-{}-{number}-{end}", std::process::id());
        let network = Network { here: name("here"), there: name("there") };
        let made = Command::new("ip").args(["netns", "add", &network.here]).output();
        let refusal = match made {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(refusal) = refusal {
            let on_build_server = std::env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!on_build_server, "no network namespaces on the build server: {refusal}");
            eprintln!("SKIPPED: live capture is not tested, since namespaces cannot be made: {refusal}");
            return None;
        }
        must(&["netns", "add", &network.there]);
        let (here, there) = (&network.here, &network.there);
        for namespace in [here, there] {
            // The machine's own chatter would make counts uncertain.
            let quiet = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
            ip(&["netns", "exec", namespace, "sh", "-c", quiet]);
            must(&["-n", namespace, "link", "set", "lo", "up"]);
        }
        network.cable("cable", "elbac", HERE, THERE);
        Some(network)
    }

    /// Joins the namespaces with one more pair of interfaces.
    pub(crate) fn cable(&self, name: &str, other: &str, address: &str, other_address: &str) {
        let (here, there) = (&self.here[..], &self.there[..]);
        must(&["link", "add", name, "netns", here, "type", "veth", "peer", "name", other, "netns", there]);
        for (namespace, name, address) in [(here, name, address), (there, other, other_address)] {
            must(&["-n", namespace, "addr", "add", &format!("{address}/24"), "dev", name]);
            must(&["-n", namespace, "link", "set", name, "up"]);
        }
    }

    /// A program that is to run in one of the namespaces.
    pub(crate) fn command(&self, namespace: &str, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", namespace]).arg(program);
        command
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for namespace in [&self.here, &self.there] {
            ip(&["netns", "del", namespace]);
        }
    }
}
