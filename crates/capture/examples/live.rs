//! Captures on interfaces and shows what it gets, or sends datagrams to capture:
//!
//! ```text
//! live capture eth0[,eth1…] [--count N] [--seconds N] [--direction in|out] [--immediate] [--snapshot N]
//!              [--link NAME] [--program FILE] [--user NAME] [--sandbox]
//! live send ADDRESS PORT COUNT [BYTES]
//! live list
//! ```
//!
//! A packet is shown as its seconds, nanoseconds, interface, length on the wire, and bytes. A program is what
//! `-ddd` shows: a count, then one instruction a line.

use std::error::Error;
use std::net::UdpSocket;
use std::process::ExitCode;
use std::time::Duration;

use wirescope_capture::live::{Direction, LiveCapture, LiveOptions, devices};
use wirescope_capture::sandbox::{self, Profile};
use wirescope_capture::{Source, privileges};
use wirescope_filter::Program;
use wirescope_filter::ir::Instruction;
use wirescope_wire::LinkType;

fn program(text: &str) -> Result<Program, Box<dyn Error>> {
    let mut instructions = Vec::new();
    for line in text.lines().skip(1) {
        let numbers: Vec<u32> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [code, jt, jf, k] = numbers[..] else { return Err(format!("no instruction: {line}").into()) };
        instructions.push(Instruction { code: code.try_into()?, jt: jt.try_into()?, jf: jf.try_into()?, k });
    }
    Ok(Program::new(instructions).map_err(|fault| fault.to_string())?)
}

fn capture(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let names = arguments.next().ok_or("no interface")?;
    let (mut count, mut seconds, mut filter) = (u64::MAX, 10, None);
    let (mut user, mut caged) = (None, false);
    let mut options = LiveOptions { timeout_ms: 100, ..LiveOptions::default() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("a value is missing");
        match argument.as_str() {
            "--count" => count = value()?.parse()?,
            "--seconds" => seconds = value()?.parse()?,
            "--direction" if value()? == "in" => options.direction = Direction::In,
            "--direction" => options.direction = Direction::Out,
            "--immediate" => options.immediate = true,
            "--snapshot" => options.snapshot_len = value()?.parse()?,
            "--link" => options.link = LinkType::from_name(&value()?),
            "--program" => filter = Some(program(&std::fs::read_to_string(value()?)?)?),
            "--user" => user = Some(value()?),
            "--sandbox" => caged = true,
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    let names: Vec<&str> = names.split(',').collect();
    let mut capture = LiveCapture::open(&names, &options)?;
    for warning in capture.warnings() {
        eprintln!("warning: {warning}");
    }
    if let Some(program) = &filter {
        eprintln!("filter: {:?}", capture.set_filter(program)?);
    }
    capture.start()?;
    if let Some(user) = user {
        privileges::become_user(&user)?;
        privileges::give_up_capabilities()?;
        eprintln!("capabilities left: {}", privileges::capabilities().len());
    }
    if caged {
        eprintln!("{}", sandbox::enter(Profile::default()));
    }
    eprintln!("ready: link-type {}", capture.properties().link);
    let stop = capture.stop_handle();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(seconds));
        stop.stop();
    });
    let mut seen = 0;
    let ended = loop {
        if seen == count {
            break Ok(());
        }
        match capture.next() {
            Ok(Some(packet)) => {
                let hex: String = packet.data.iter().map(|byte| format!("{byte:02x}")).collect();
                let (time, number, length) = (packet.time, packet.interface, packet.wire_len);
                println!("{}.{:09} {number} {length} {hex}", time.seconds, time.nanos);
                seen += 1;
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let counts = capture.statistics()?;
    eprintln!("counts: {seen} {} {} {}", counts.received, counts.dropped, counts.interface_dropped);
    Ok(ended?)
}

fn send(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let mut argument = || arguments.next().ok_or("usage: live send ADDRESS PORT COUNT [BYTES]");
    let (address, port, count) = (argument()?, argument()?.parse::<u16>()?, argument()?.parse::<u32>()?);
    let bytes = vec![b'x'; argument().map_or(Ok(10), |bytes| bytes.parse())?];
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    for _ in 0..count {
        // A port that nobody listens on answers with an error, which is as good.
        let _ = socket.send_to(&bytes, (address.as_str(), port));
    }
    Ok(())
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("capture") => capture(arguments),
        Some("send") => send(arguments),
        Some("list") => {
            for (number, device) in devices()?.iter().enumerate() {
                println!("{}.{device}", number + 1);
            }
            Ok(())
        }
        _ => Err("usage: live capture|send|list …".into()),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
