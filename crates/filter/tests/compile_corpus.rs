//! The whole compiler against the corpus: programs, plain and optimised, and messages.

#[allow(dead_code)]
mod corpus;

use std::fs;

use serde_json::Value;
use wirescope_filter::{Options, compile, listing};
use wirescope_wire::LinkType;

/// Of 1,000 programs as they come from the code generator, and of optimised ones, how many must be identical.
const PLAIN_IDENTICAL_PER_MILLE: usize = 999;
const OPTIMISED_IDENTICAL_PER_MILLE: usize = 990;

fn options(record: &Value) -> Options {
    let link = LinkType::from_name(record["dlt"].as_str().unwrap_or_default()).expect("a known link type");
    let netmask = record["netmask"].as_str().unwrap_or("0.0.0.0");
    let netmask: std::net::Ipv4Addr = netmask.parse().expect("a mask");
    Options {
        snaplen: u32::try_from(record["snaplen"].as_u64().unwrap_or(262_144)).expect("a length"),
        netmask: Some(netmask.to_bits()),
        live: record["live"].as_bool().unwrap_or(false),
        optimise: record["opt"].as_bool().unwrap_or(false),
        ..Options::new(link)
    }
}

fn records(name: &str) -> Option<Vec<Value>> {
    let folder = corpus::folder()?;
    let text = fs::read_to_string(folder.join(name)).expect("the corpus can be read");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect())
}

fn listed(program: &Value) -> String {
    let lines = program.as_array().map_or(&[][..], Vec::as_slice);
    let mut text = format!("{}\n", lines.len());
    for line in lines {
        let fields: Vec<String> = line.as_array().into_iter().flatten().map(Value::to_string).collect();
        text += &fields.join(" ");
        text.push('\n');
    }
    text
}

#[test]
fn programs_are_those_of_the_corpus() {
    let Some(records) = records("bytecode.jsonl") else { return };
    let mut counts = [(0, 0); 2];
    for record in &records {
        let options = options(record);
        let expression = record["expr"].as_str().unwrap_or_default();
        let program = compile(expression, &options);
        let program =
            program.unwrap_or_else(|error| panic!("{expression} on {} is refused: {error}", options.link));
        let found = listing::decimal(program.instructions());
        let same = found == listed(&record["bytecode"]) || found == listed(&record["also"]);
        let (all, identical) = &mut counts[usize::from(options.optimise)];
        *all += 1;
        *identical += usize::from(same);
        if !same && !options.optimise {
            println!("differs: {expression} on {}", options.link);
        }
    }
    let [(plain, plain_identical), (optimised, optimised_identical)] = counts;
    println!("plain {plain_identical} of {plain}, optimised {optimised_identical} of {optimised}");
    assert!(plain_identical * 1000 >= plain * PLAIN_IDENTICAL_PER_MILLE);
    assert!(optimised_identical * 1000 >= optimised * OPTIMISED_IDENTICAL_PER_MILLE);
}

#[test]
fn messages_are_those_of_the_corpus() {
    let Some(records) = records("errors.jsonl") else { return };
    for record in &records {
        let expression = record["expr"].as_str().unwrap_or_default();
        let optimise = record["opt_only"].as_bool().unwrap_or(false);
        let options = Options { optimise, ..options(record) };
        let error = compile(expression, &options).expect_err(expression);
        assert_eq!(
            Some(error.message.as_str()),
            record["error"].as_str(),
            "{expression} on {}",
            options.link
        );
    }
}
