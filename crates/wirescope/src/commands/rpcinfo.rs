//! `wirescope rpcinfo -p HOST`: asks a portmapper what is registered (RFC 1833 section 3), text as rpcinfo's.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use wirescope_flow::rpc::{PORTMAPPER_PORT, Registration, dump_call, dump_reply, program_name};
use wirescope_wire::ipv4::protocol;

use super::output::Output;
use crate::dump::{Failure, Program, reason};

/// How long a portmapper may take to connect, and for each part of its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a question goes out over UDP.
const TRIES: u32 = 3;
/// Most bytes of an answer; a portmapper with thousands of programs stays below.
const MAX_REPLY: usize = 1 << 20;
/// The bit of a record mark that says that this part of the record is the last (RFC 5531 section 11).
const LAST_FRAGMENT: u32 = 1 << 31;
/// Names of programs, as this machine has them.
const NAMES: &str = "/etc/rpc";

/// Ask a portmapper what is registered with it
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The host to ask
    #[arg(short = 'p', value_name = "HOST", default_value = "localhost", num_args = 0..=1, default_missing_value = "localhost")]
    host: String,
    /// The portmapper's port
    #[arg(short = 'n', value_name = "PORT", default_value_t = PORTMAPPER_PORT)]
    port: u16,
    /// The transport to ask over
    #[arg(short = 'T', value_enum, value_name = "TRANSPORT", default_value_t = Transport::Tcp)]
    transport: Transport,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Transport {
    Tcp,
    Udp,
}

/// Does what the arguments ask for.
pub(crate) fn run(_: &Program, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let host = &arguments.host;
    let addresses: Vec<SocketAddr> = (host.as_str(), arguments.port)
        .to_socket_addrs()
        .map_err(|error| Failure::message(format!("{host}: {}", reason(&error))))?
        .collect();
    let xid = std::process::id();
    let ask = |address: &SocketAddr| match arguments.transport {
        Transport::Tcp => ask_tcp(*address, xid),
        Transport::Udp => ask_udp(*address, xid),
    };
    let mut last = std::io::Error::other("the name has no address");
    for address in &addresses {
        match ask(address) {
            Ok(bytes) => {
                let registered = dump_reply(xid, &bytes).ok_or_else(|| {
                    Failure::message(format!(
                        "{host}: what answers at port {} is no portmapper",
                        arguments.port
                    ))
                })?;
                return show(&registered);
            }
            Err(error) => last = error,
        }
    }
    let reason = match last.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        _ => reason(&last),
    };
    Err(Failure::message(format!("{host}: cannot ask the portmapper at port {}: {reason}", arguments.port)))
}

fn ask_tcp(address: SocketAddr, xid: u32) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let call = dump_call(xid);
    let mut record = (LAST_FRAGMENT | call.len() as u32).to_be_bytes().to_vec();
    record.extend_from_slice(&call);
    stream.write_all(&record)?;
    let mut reply = Vec::new();
    loop {
        let mut mark = [0; 4];
        stream.read_exact(&mut mark)?;
        let mark = u32::from_be_bytes(mark);
        let length = u64::from(mark & !LAST_FRAGMENT);
        // An empty part that is not the last would let a hostile host keep us here.
        if reply.len() as u64 + length > MAX_REPLY as u64 || (length == 0 && mark & LAST_FRAGMENT == 0) {
            return Err(std::io::Error::other("the answer has no sensible length"));
        }
        let got = Read::by_ref(&mut stream).take(length).read_to_end(&mut reply)?;
        if got as u64 != length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if mark & LAST_FRAGMENT != 0 {
            return Ok(reply);
        }
    }
}

fn ask_udp(address: SocketAddr, xid: u32) -> std::io::Result<Vec<u8>> {
    let any: SocketAddr = if address.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(address)?;
    socket.set_read_timeout(Some(PATIENCE / TRIES))?;
    let mut reply = vec![0; 1 << 16];
    let mut last = std::io::Error::from(std::io::ErrorKind::TimedOut);
    for _ in 0..TRIES {
        socket.send(&dump_call(xid))?;
        match socket.recv(&mut reply) {
            Ok(length) => {
                reply.truncate(length);
                return Ok(reply);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn show(registered: &[Registration]) -> Result<ExitCode, Failure> {
    let mut output = Output::plain();
    if registered.is_empty() {
        output.write(b"No remote programs registered.\n")?;
        output.finish()?;
        return Ok(ExitCode::SUCCESS);
    }
    let names = std::fs::read_to_string(NAMES).ok();
    let mut text = String::from("   program vers proto   port  service\n");
    for each in registered {
        let transport = match each.transport {
            Some(protocol::UDP) => "udp".to_owned(),
            Some(protocol::TCP) => "tcp".to_owned(),
            other => other.map_or("?".to_owned(), |number| number.to_string()),
        };
        text.push_str(&format!("{:>10}{:>5}{transport:>6}{:>7}", each.program, each.version, each.port));
        let name = match &names {
            Some(names) => name(names, each.program),
            None => Some(program_name(each.program)).filter(|name| *name != "unknown"),
        };
        if let Some(name) = name {
            text.push_str(&format!("  {name}"));
        }
        text.push('\n');
    }
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// A program's name in a file in the form of `/etc/rpc`: name, number, other names.
fn name(names: &str, program: u32) -> Option<&str> {
    names.lines().find_map(|line| {
        let mut words = line.split('#').next()?.split_ascii_whitespace();
        let name = words.next()?;
        (words.next()?.parse() == Ok(program)).then_some(name)
    })
}
