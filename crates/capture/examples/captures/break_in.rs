//! `break-in.pcap`: a network searched for portmappers, one of them asked what runs where, the service that it told
//! attacked, a shell used, and an IRC server called from the machine that was taken; beside it one-byte probes from a
//! host whose network driver leaks memory, and a protocol that nobody uses.

use wirescope_capture::WriteError;

use crate::frames::{ACK, Capture, FIN, PSH, RST, SYN};

const ATTACKER: [u8; 4] = [203, 0, 113, 66];
const VICTIM: [u8; 4] = host(17);
const CAREFUL: [u8; 4] = host(9);
const IRC_SERVER: [u8; 4] = [198, 51, 100, 66];
const PROBER: [u8; 4] = [203, 0, 113, 130];

const PORTMAPPER: u16 = 111;
const SADMIND: u32 = 100_232;
const SADMIND_PORT: u16 = 32_775;
const SHELL: u16 = 1_524;
/// Where a trojan of 1999, Hack'a'Tack, listens.
const TROJAN: u16 = 31_789;
/// Network Voice Protocol, RFC 741.
const NVP: u8 = 11;

/// A host of the network that is searched.
const fn host(number: u8) -> [u8; 4] {
    [192, 0, 2, number]
}

pub(crate) fn write(path: &str) -> Result<(), WriteError> {
    let mut capture = Capture::create(path, 2_345_000, 7_000)?;
    search(&mut capture)?;
    ask(&mut capture)?;
    attack(&mut capture)?;
    let shell = [b"uname -a; id\n".as_slice(), b"SunOS gamma 5.7 sun4u\nuid=0(root) gid=1(other)\n"];
    talk(&mut capture, [ATTACKER, VICTIM], [2_048, SHELL], &shell)?;
    let irc: [&[u8]; 4] = [
        b"NICK gamma17\r\nUSER g 0 * :g\r\n",
        b":irc.example.net 001 gamma17 :Welcome\r\n",
        b"JOIN #shells\r\nPRIVMSG #shells :gamma is up\r\n",
        b":gamma17!g@gamma.example.org JOIN #shells\r\n",
    ];
    talk(&mut capture, [VICTIM, IRC_SERVER], [32_801, 6_667], &irc)?;
    probe(&mut capture)?;
    for message in 0..3 {
        capture.packet(1_500_000, [PROBER, VICTIM], NVP, &[message; 24])?;
    }
    capture.finish()
}

/// SYNs to the port of the portmapper: two hosts answer, one refuses, the others are silent.
fn search(capture: &mut Capture) -> Result<(), WriteError> {
    for number in 1..=20 {
        let (out, back) = ([ATTACKER, host(number)], [host(number), ATTACKER]);
        let port = 1_000 + u16::from(number);
        let seq = 900_000 + u32::from(number) * 64;
        capture.tcp(31_000, out, [port, PORTMAPPER], SYN, [seq, 0], b"")?;
        match host(number) {
            VICTIM | CAREFUL => {
                capture.tcp(900, back, [PORTMAPPER, port], SYN | ACK, [seq * 7, seq + 1], b"")?;
                capture.tcp(15_000, out, [port, PORTMAPPER], RST, [seq + 1, 0], b"")?;
            }
            [_, _, _, 4] => capture.tcp(700, back, [PORTMAPPER, port], RST | ACK, [0, seq + 1], b"")?,
            _ => {}
        }
    }
    Ok(())
}

/// DUMP, which tells all that is registered, and GETPORT for one program (RFC 1833, section 3).
fn ask(capture: &mut Capture) -> Result<(), WriteError> {
    const TCP: u32 = 6;
    const UDP: u32 = 17;
    let registered = [
        [100_000, 2, TCP, PORTMAPPER.into()],
        [100_000, 2, UDP, PORTMAPPER.into()],
        [SADMIND, 10, UDP, SADMIND_PORT.into()],
        [100_083, 1, TCP, 32_776],
    ];
    let list: Vec<u32> =
        registered.iter().flat_map(|entry| [[1].as_slice(), entry].concat()).chain([0]).collect();
    let asked = [SADMIND, 10, UDP, 0];
    let told = [SADMIND_PORT.into()];
    for (id, procedure, arguments, results) in [(1, 4, [].as_slice(), list.as_slice()), (2, 3, &asked, &told)]
    {
        let call = words(&[&[id, 0, 2, 100_000, 2, procedure, 0, 0, 0, 0], arguments].concat());
        let reply = words(&[&[id, 1, 0, 0, 0, 0], results].concat());
        capture.udp(1_200_000, [ATTACKER, VICTIM], [799, PORTMAPPER], &call)?;
        capture.udp(1_100, [VICTIM, ATTACKER], [PORTMAPPER, 799], &reply)?;
    }
    Ok(())
}

/// A call with more than its service has room for; nothing of it would run anywhere.
fn attack(capture: &mut Capture) -> Result<(), WriteError> {
    let mut call = words(&[3, 0, 2, SADMIND, 10, 1, 0, 0, 0, 0]);
    call.resize(448, b'A');
    capture.udp(640_000, [ATTACKER, VICTIM], [799, SADMIND_PORT], &call)?;
    capture.udp(2_300, [VICTIM, ATTACKER], [SADMIND_PORT, 799], &words(&[3, 1, 0, 0, 0, 0, 0]))
}

/// A connection in which both sides speak in turn, the client first.
fn talk(
    capture: &mut Capture,
    hosts: [[u8; 4]; 2],
    ports: [u16; 2],
    speech: &[&[u8]],
) -> Result<(), WriteError> {
    let (back, from) = ([hosts[1], hosts[0]], [ports[1], ports[0]]);
    let (mut mine, mut theirs) = (40_000_000, 95_000_000);
    capture.tcp(2_400_000, hosts, ports, SYN, [mine, 0], b"")?;
    capture.tcp(1_000, back, from, SYN | ACK, [theirs, mine + 1], b"")?;
    (mine, theirs) = (mine + 1, theirs + 1);
    capture.tcp(14_000, hosts, ports, ACK, [mine, theirs], b"")?;
    for (turn, said) in speech.iter().enumerate() {
        if turn % 2 == 0 {
            capture.tcp(800_000, hosts, ports, PSH | ACK, [mine, theirs], said)?;
            mine += said.len() as u32;
            capture.tcp(1_000, back, from, ACK, [theirs, mine], b"")?;
        } else {
            capture.tcp(9_000, back, from, PSH | ACK, [theirs, mine], said)?;
            theirs += said.len() as u32;
            capture.tcp(14_000, hosts, ports, ACK, [mine, theirs], b"")?;
        }
    }
    capture.tcp(3_000_000, hosts, ports, FIN | ACK, [mine, theirs], b"")?;
    capture.tcp(1_000, back, from, FIN | ACK, [theirs, mine + 1], b"")?;
    capture.tcp(14_000, hosts, ports, ACK, [mine + 1, theirs + 1], b"")
}

/// One byte to the trojan's port of some hosts, in frames padded with what was in the sender's memory.
fn probe(capture: &mut Capture) -> Result<(), WriteError> {
    capture.padding = 0xd3;
    for number in [5, 6, 7, 8] {
        capture.udp(420_000, [PROBER, host(number)], [TROJAN + 1, TROJAN], b"A")?;
    }
    capture.padding = 0;
    Ok(())
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}
