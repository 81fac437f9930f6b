//! The report as one page that needs nothing else: no script, no file beside it, pictures drawn in it.

mod picture;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;
use wirescope_flow::Investigated;

use crate::findings::{Body, Finding, findings};
use crate::rfc3339;
use crate::text::{Capture, duration, escape, grouped, packet_numbers};

/// Most findings of one sort on the page.
const MOST: usize = 500;

#[derive(Serialize)]
struct Section {
    title: &'static str,
    count: usize,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    text: String,
    packets: String,
    filter: String,
    first_time: String,
    last_time: String,
}

impl From<&Finding> for Item {
    fn from(finding: &Finding) -> Self {
        Item {
            text: escape(&finding.text),
            packets: packet_numbers(&finding.packets, finding.packet_count),
            filter: finding.filter.clone(),
            first_time: finding.first_time.clone(),
            last_time: finding.last_time.clone(),
        }
    }
}

/// Everything found, as a page.
pub fn page(
    found: &Investigated,
    alerts: &[Finding],
    captures: &[Capture],
    taken: u64,
) -> Result<String, minijinja::Error> {
    let all: Vec<Finding> = findings(found).chain(alerts.iter().cloned()).collect();
    type Sort = (&'static str, fn(&Body) -> bool);
    let sorts: [Sort; 7] = [
        ("Attacks", crate::text::is_attack),
        ("Alerts of rules", |b| matches!(b, Body::Alert(_))),
        ("Calls that followed a portmapper's word", |b| matches!(b, Body::RpcFollowup(_))),
        ("Odd packets and unusual protocols", |b| matches!(b, Body::Anomaly(_) | Body::UnusualProtocol(_))),
        ("IRC", |b| matches!(b, Body::IrcServer(_))),
        ("Portmappers", |b| matches!(b, Body::RpcCall(_) | Body::RpcService(_))),
        ("Conversations", |b| matches!(b, Body::Flow(_))),
    ];
    let sections: Vec<Section> = sorts
        .iter()
        .map(|(title, wanted)| {
            let of: Vec<&Finding> = all.iter().filter(|finding| wanted(&finding.body)).collect();
            let items = of.iter().take(MOST).map(|finding| Item::from(*finding)).collect();
            Section { title, count: of.len(), items }
        })
        .filter(|section| section.count > 0)
        .collect();
    let times = found.times.map(|(first, last)| {
        format!("{} to {} ({})", rfc3339(first), rfc3339(last), duration(last.seconds_since(first)))
    });
    let names: Vec<String> = captures.iter().map(|capture| escape(&capture.name)).collect();
    let numbers = format!(
        "{} packets, {} bytes, {} hosts, {} conversations",
        grouped(taken),
        grouped(found.bytes),
        grouped(found.hosts.len() as u64),
        grouped(found.conversations.len() as u64)
    );
    let drawn = |svg: Option<String>| svg.map(Value::from_safe_string);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", include_str!("page/report.html"))?;
    environment.get_template("report")?.render(context! {
        names => names,
        times => times,
        numbers => numbers,
        sections => Serde(&sections),
        time_line => drawn(picture::time_line(found, &all)),
        matrix => drawn(picture::matrix(found)),
        scans => picture::scans(found).into_iter().map(Value::from_safe_string).collect::<Vec<_>>(),
    })
}
