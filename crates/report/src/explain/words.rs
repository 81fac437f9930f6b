//! The sentence for each claim, and what else could be behind it.

use wirescope_flow::checksums::{Check, Header};
use wirescope_flow::explain::{AddressKind, Claim, DnsRemains, EchoPattern, Remains};
use wirescope_flow::protocols;
use wirescope_wire::tcp::flag;

use crate::findings::count;

/// Bytes of text from a packet that a sentence quotes.
const QUOTED: usize = 80;

/// What a claim says.
pub fn sentence(claim: &Claim) -> String {
    frame(claim)
        .or_else(|| checksum(claim))
        .or_else(|| fragment(claim))
        .or_else(|| network(claim))
        .or_else(|| transport(claim))
        .unwrap_or_else(|| message(claim))
}

/// Lengths and what follows the end.
fn frame(claim: &Claim) -> Option<String> {
    Some(match claim {
        Claim::NotIp { ether_type: Some(kind) } => {
            format!(
                "The frame carries Ethernet type 0x{kind:04x} and no IP packet; its inside is not judged."
            )
        }
        Claim::NotIp { ether_type: None } => "No IP packet could be found in the frame.".to_owned(),
        Claim::IpVersion { version } => format!("Where an IP header should begin the version is {version}."),
        Claim::CutShort { captured, on_wire } => format!(
            "Only {captured} of {on_wire} bytes were captured: what lies beyond is not seen, and sums over it cannot be verified."
        ),
        Claim::IpLengthExceedsFrame { claimed, on_wire } => {
            format!("IP claims {claimed} bytes, but the frame had room for {on_wire}.")
        }
        Claim::IpLengthBelowHeader { claimed, header } => {
            format!("IP claims {claimed} bytes in all, fewer than its header of {header}.")
        }
        Claim::IpHeaderLengthBad { claimed } => {
            format!("The IP header claims a length of {claimed} bytes, under 20 or past the packet.")
        }
        Claim::UdpLengthDisagrees { udp, ip_leaves } => {
            format!("UDP claims {udp} bytes, while IP leaves {ip_leaves} for it.")
        }
        Claim::UdpLengthBelowHeader { udp } => {
            format!("UDP claims {udp} bytes, fewer than the 8 of its own header.")
        }
        Claim::SumTellsLength { udp_is_right, length } => format!(
            "The UDP checksum verifies over {length} bytes, the length that {} claims, and over no other: that one the sender meant.",
            if *udp_is_right { "UDP" } else { "IP" }
        ),
        Claim::TcpHeaderLengthBad { claimed, segment } => format!(
            "The TCP header claims a length of {claimed} bytes, under 20 or past the segment of {segment}."
        ),
        Claim::LengthsAgree { ip, on_wire } => {
            format!("The lengths agree: IP claims {ip} of the {on_wire} bytes that the frame has for it.")
        }
        Claim::PaddingZero { len, reaches_minimum: true } => format!(
            "{} after the claimed end: zeros that fill the frame up to Ethernet's minimum.",
            count(*len as u64, "byte")
        ),
        Claim::PaddingZero { len, reaches_minimum: false } => format!(
            "{} after the claimed end: zeros, though the frame is long enough without them.",
            count(*len as u64, "byte")
        ),
        Claim::PaddingLeak { len, remains } => padding(*len, remains),
        _ => return None,
    })
}

fn padding(len: usize, remains: &Remains) -> String {
    let opening = format!("The {} after the claimed end belong to no message", count(len as u64, "byte"));
    match remains_text(remains) {
        Some(likeness) => format!("{opening} and are not all zero: {likeness}."),
        None => format!("{opening}, are not zero and look like nothing that is known here."),
    }
}

/// What bytes after the end look like; `None` where they look like nothing known.
pub(crate) fn remains_text(remains: &Remains) -> Option<String> {
    Some(match remains {
        Remains::Dns(dns) => format!("what an older DNS message left there, {}", dns_text(dns)),
        Remains::Earlier { packet, at, len, same_place } => format!(
            "{len} of them are the same as in packet {packet} from byte {at} on{}",
            if *same_place { ", at the same place of the frame, as in a buffer used again" } else { "" }
        ),
        Remains::Text(text) => format!("they hold readable text, {}", quoted(text)),
        Remains::Repeated(byte) => format!("they are all 0x{byte:02x}"),
        Remains::Unknown => return None,
    })
}

fn dns_text(dns: &DnsRemains) -> String {
    let kind = match dns.is_response {
        Some(true) => "an answer",
        Some(false) => "a query",
        None => "a message whose flags are overwritten",
    };
    let mut name: Vec<String> =
        dns.labels.iter().map(|label| String::from_utf8_lossy(label).into_owned()).collect();
    if dns.is_cut
        && let Some(last) = name.last_mut()
    {
        last.push('…');
    }
    let counts = dns.counts.map_or(String::new(), |[questions, answers, authorities, additions]| {
        format!(", sections {questions}/{answers}/{authorities}/{additions}")
    });
    let fits = if dns.fits_udp {
        "; it began where the payload of a UDP datagram in the same buffer begins"
    } else {
        ""
    };
    format!("{kind}{counts}, for the name {}{fits}", name.join("."))
}

fn checksum(claim: &Claim) -> Option<String> {
    Some(match claim {
        Claim::ChecksumRight { check } => {
            format!("The {} checksum 0x{:04x} verifies.", whose(check), check.found)
        }
        Claim::ChecksumWrong { check } => format!(
            "The {} checksum is 0x{:04x}, but these bytes need 0x{:04x}: they sum to 0x{:04x} more than when it was made.",
            whose(check), check.found, check.expected, check.residue
        ),
        Claim::AddressesRewritten { residue } => format!(
            "Header and transport sum are wrong by the same difference, 0x{residue:04x}. What both cover is the addresses: they were rewritten after the sums were made, and ports, lengths and payload were not."
        ),
        Claim::SameRewriting { packets, destinations } => format!(
            "{packets} packets to {destinations} destinations have this same difference: what was rewritten is common to them, such as the source, or the network's part of the destination."
        ),
        Claim::HeaderAloneChanged => "The transport checksum, which covers the addresses too, verifies: the addresses and ports are as sent, and what changed is another field of the IP header.".to_owned(),
        Claim::TransportAloneChanged => "The IP header's checksum verifies: the addresses are as sent, and what changed is in the transport's header or payload.".to_owned(),
        Claim::SumOfOtherTtl { ttl } => format!(
            "The header's checksum is right for a TTL of {ttl}: the TTL was lowered and the sum left alone."
        ),
        Claim::SingleBit { bit, was_set } => format!(
            "One bit would explain the difference: bit {bit} of some 16-bit word was {}.",
            if *was_set { "set" } else { "cleared" }
        ),
        Claim::SumSwapped { expected } => format!(
            "The field holds the right checksum 0x{expected:04x} with its two bytes swapped: a program wrote it without regard to byte order."
        ),
        Claim::ChecksumLeftToCard { check, whole_sum: true } => format!(
            "The {} checksum field holds 0x{:04x}, which is the sum of the pseudo-header alone: what a stack leaves for its network card to complete. The packet was captured on the host that sent it, and went out right.",
            whose(check), check.found
        ),
        Claim::ChecksumLeftToCard { check, .. } if check.found == 0 => {
            format!("The {} checksum field is zero, as a stack leaves it for its network card to fill in.", whose(check))
        }
        Claim::ChecksumLeftToCard { check, .. } => format!(
            "The {} checksum field holds 0x{:04x}, the sum of the pseudo-header without the length: what a stack leaves for a card that cuts segments up.",
            whose(check), check.found
        ),
        Claim::UdpChecksumNone => "The UDP checksum is 0: the sender made none.".to_owned(),
        Claim::SenderLeavesChecksums => "Nearly all sums of this sender are left to its card: the capture was taken on the host itself, and wrong sums of it say nothing.".to_owned(),
        Claim::ChecksumUnverifiable => "The transport checksum covers bytes that were not captured and cannot be verified.".to_owned(),
        _ => return None,
    })
}

fn whose(check: &Check) -> &'static str {
    match check.header {
        Header::Ip => "IP header",
        Header::Tcp => "TCP",
        Header::Udp => "UDP",
        Header::Icmp => "ICMP",
    }
}

fn fragment(claim: &Claim) -> Option<String> {
    Some(match claim {
        Claim::IpReservedFlag => "The reserved bit beside the fragment flags is set, which RFC 791 wants to be zero.".to_owned(),
        Claim::Fragment { offset, end, more, id } => format!(
            "It is a fragment of datagram {id}: bytes {offset} to {end} of its payload, {}.",
            if *more { "more to follow" } else { "the last" }
        ),
        Claim::FragmentTiny { bytes, first: true } => format!(
            "The first fragment carries {bytes} bytes, too few for the TCP flags: a filter that looks only at it sees none (RFC 1858)."
        ),
        Claim::FragmentTiny { .. } => "The fragment starts within the TCP header: it brings, or overwrites, what a filter judged the first one by (RFC 1858).".to_owned(),
        Claim::FragmentUneven { bytes } => format!(
            "More fragments are to follow, but its {bytes} bytes are no multiple of 8: the next one cannot join (RFC 791)."
        ),
        Claim::FragmentPastEnd { end } => format!(
            "It ends {end} bytes into the payload: put together the datagram is longer than the 65,535 bytes that IP allows (ping of death)."
        ),
        Claim::FragmentOverlaps { new, old, packet, conflicting, is_nested } => format!(
            "It claims bytes {} to {}, {} packet {packet} brought as {} to {}; {}.",
            new.start,
            new.end,
            if *is_nested { "which lie within those that" } else { "some of which" },
            old.start,
            old.end,
            match conflicting {
                0 => "both give the same content".to_owned(),
                n => format!("{} differ, so that systems disagree about what was said", count(*n, "byte")),
            }
        ),
        Claim::FragmentRepeated => "The same fragment came before, in place and content.".to_owned(),
        Claim::FragmentUnfinished { fragments } => format!(
            "Its datagram never ends: of it the capture has {}, and they do not make it whole.",
            count(*fragments, "fragment")
        ),
        Claim::FragmentDontFragment => "It is a fragment, and says that it must not be fragmented.".to_owned(),
        _ => return None,
    })
}

fn network(claim: &Claim) -> Option<String> {
    Some(match claim {
        Claim::TtlZero => "Its time to live is 0: no host sends that, and no router passes it on.".to_owned(),
        Claim::TtlLow { ttl, is_probe } => format!(
            "Its time to live is {ttl}: it is to end near here{}.",
            if *is_probe { ", as the probes of a traceroute do" } else { "" }
        ),
        Claim::TtlOrigin { ttl, start, hops: 0 } => format!(
            "Its time to live is {ttl}, a value that systems start with: the sender is here, or pretends it ({start})."
        ),
        Claim::TtlOrigin { ttl, start, hops } => {
            format!(
                "Its time to live of {ttl} was most likely {start} when it set out: {} on the way.",
                count(u64::from(*hops), "hop")
            )
        }
        Claim::TtlDiffers { ttl, others } => format!(
            "Other packets of this source came with another time to live than {ttl}: {}.",
            others
                .iter()
                .map(|(ttl, packets)| format!("{ttl} ({})", count(*packets, "packet")))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Claim::IpIdZero => "Its identification is 0, though it may be fragmented.".to_owned(),
        Claim::IpIdConstant { id, packets } => format!(
            "All {packets} packets of this source have the identification {id}: no stack counts like that."
        ),
        Claim::ToolMark { tool, mark } => format!("It has the mark of {tool}: {mark}."),
        Claim::SourceRoute { is_strict, hops } => format!(
            "It chooses its own route ({} source route){}{}.",
            if *is_strict { "strict" } else { "loose" },
            if hops.is_empty() { "" } else { " by way of " },
            hops.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
        Claim::RecordRoute { is_timestamp: false } => {
            "It asks routers to write down the route that it takes.".to_owned()
        }
        Claim::RecordRoute { .. } => "It asks routers to write down when it passed.".to_owned(),
        Claim::IpOption { kind } => format!("It has IP option {kind}, which hardly anything uses."),
        Claim::IpOptionsMalformed => "Its IP options have a length that does not fit.".to_owned(),
        Claim::UnusualProtocol { number, is_dense } => format!(
            "It is IP protocol {number} ({}), which ordinary networks do not carry{}.",
            protocols::name(*number).unwrap_or("unassigned"),
            if *is_dense { "; its payload has no pattern, as if encrypted" } else { "" }
        ),
        Claim::TheBinary { command } => format!(
            "Its payload begins with {command}, as do the {} of \"the-binary\", a back door that talked over protocol 11 (Honeynet Reverse Challenge, 2002).",
            if *command == 2 { "orders" } else { "answers" }
        ),
        Claim::SourceImpossible { address, why } => {
            format!("Its source {address} is {}: nobody can have sent from there.", kind(*why))
        }
        Claim::DestinationImpossible { address, why } => {
            format!("Its destination {address} is {}: it cannot arrive.", kind(*why))
        }
        Claim::TcpToMany { address } => {
            format!("It is TCP to {address}, an address of many hosts; a connection has one.")
        }
        Claim::Land => {
            "Source and destination are equal, address and port: the victim is to answer itself (land)."
                .to_owned()
        }
        Claim::SameAddress => "Source and destination address are equal.".to_owned(),
        Claim::PrivateBesidePublic { private, public } => format!(
            "It goes between {private}, a private address, and {public}, a public one: it was seen on the inside of a translation of addresses, or one of both is not true."
        ),
        Claim::Documentation { address } => {
            format!("{address} is from a block for examples in documents: it was put in for another.")
        }
        Claim::HardwareSourceGroup => {
            "Its hardware source address is a group's, which no sender has.".to_owned()
        }
        _ => return None,
    })
}

fn kind(why: AddressKind) -> &'static str {
    match why {
        AddressKind::Broadcast => "a broadcast address",
        AddressKind::Multicast => "a group of hosts",
        AddressKind::Loopback => "a host's own address, which never leaves it",
        AddressKind::Unspecified => "no address",
        AddressKind::ThisNetwork => "in 0.0.0.0/8, \"this network\"",
        AddressKind::Reserved => "in 240.0.0.0/4, reserved",
    }
}

fn transport(claim: &Claim) -> Option<String> {
    Some(match claim {
        Claim::TcpFlags { flags } => format!(
            "Its TCP flags are {}, which no stack sends: {}.",
            flag_names(*flags),
            flags_purpose(*flags)
        ),
        Claim::TcpReservedBits { bits } => format!("Reserved bits of the TCP header are set (0b{bits:03b})."),
        Claim::UrgentWithoutFlag { pointer } => {
            format!("The urgent pointer is {pointer}, but URG is not set.")
        }
        Claim::AckWithoutFlag { ack } => format!("The acknowledgement number is {ack}, but ACK is not set."),
        Claim::SequenceZero => {
            "It is a SYN with sequence number 0, which a stack would choose once in four billion times."
                .to_owned()
        }
        Claim::SynWindow { window } => format!("It is a SYN with a window of {window}, as scanners send."),
        Claim::SynWithoutOptions => {
            "It is a SYN without options: stacks give at least their segment size.".to_owned()
        }
        Claim::SynData { len, is_fast_open: false } => {
            format!("It is a SYN that carries {}.", count(*len as u64, "byte"))
        }
        Claim::SynData { len, .. } => format!(
            "It is a SYN that carries {}, with the option for that (fast open, RFC 7413).",
            count(*len as u64, "byte")
        ),
        Claim::RstData { len } => format!("It is a reset that carries {}.", count(*len as u64, "byte")),
        Claim::TcpOptionsMalformed { kind } => format!("TCP option {kind} has a length that does not fit."),
        Claim::PortZero { is_source } => {
            format!("Its {} port is 0.", if *is_source { "source" } else { "destination" })
        }
        Claim::KnownPort { port, is_source } => format!(
            "Its {} port {} is known of {}: {}.",
            if *is_source { "source" } else { "destination" },
            port.port,
            port.name,
            port.what
        ),
        Claim::Payload { len } => format!("Its payload is {}.", count(*len as u64, "byte")),
        _ => return None,
    })
}

/// The names of TCP flags that are set.
fn flag_names(flags: u8) -> String {
    const NAMES: [(u8, &str); 8] = [
        (flag::SYN, "SYN"),
        (flag::FIN, "FIN"),
        (flag::RST, "RST"),
        (flag::PSH, "PSH"),
        (flag::ACK, "ACK"),
        (flag::URG, "URG"),
        (flag::ECE, "ECE"),
        (flag::CWR, "CWR"),
    ];
    let set: Vec<&str> = NAMES.iter().filter(|(bit, _)| flags & bit != 0).map(|row| row.1).collect();
    if set.is_empty() { "none".to_owned() } else { set.join(" ") }
}

/// What a combination of flags is sent for.
fn flags_purpose(flags: u8) -> &'static str {
    let has = |wanted: u8| flags & wanted == wanted;
    match () {
        () if flags & 0x3f == 0 => {
            "a null scan, which closed ports answer with a reset and open ones not at all (RFC 9293)"
        }
        () if has(flag::SYN | flag::FIN) => {
            "old filters let it pass as the end of a connection, and hosts open one by it"
        }
        () if has(flag::SYN | flag::RST) => "it begins and aborts at once",
        () if has(flag::FIN | flag::PSH | flag::URG) => {
            "an Xmas scan, which closed ports answer with a reset and open ones not at all (RFC 9293)"
        }
        () => "a FIN scan, which closed ports answer with a reset and open ones not at all (RFC 9293)",
    }
}

/// ICMP and DNS.
fn message(claim: &Claim) -> String {
    match claim {
        Claim::IcmpRedirect { gateway } => {
            format!("It tells a host to send by way of {gateway} from now on.")
        }
        Claim::IcmpQuoteForeign { quoted_src, dst } => {
            format!("It is an error about a packet from {quoted_src}, but went to {dst}.")
        }
        Claim::IcmpUnassigned { kind } => format!("ICMP type {kind} is not assigned."),
        Claim::IcmpMapping { kind } => {
            format!("ICMP type {kind} asks for what mainly those want to know who map a network.")
        }
        Claim::EchoDiffers { request } => format!(
            "It is the reply to the echo in packet {request}, but does not return what that carried: an honest host copies it (RFC 792)."
        ),
        Claim::EchoUnasked => "It is an echo reply, and its request is not in the capture.".to_owned(),
        Claim::EchoPattern { pattern } => format!("The echo carries {}.", echo(*pattern)),
        Claim::EchoTunnel { offset } => format!(
            "At byte {offset} of the echo there is an IP header that verifies: packets travel in it (a tunnel)."
        ),
        Claim::DnsMalformed => "On DNS's port is a message that cannot be read as DNS to its end.".to_owned(),
        Claim::DnsTrailing { len } => {
            format!("After the DNS message there are {} more.", count(*len as u64, "byte"))
        }
        Claim::DnsChaos { name } => format!(
            "It asks the name server about itself ({}, class CHAOS), as who looks for a version with known faults.",
            quoted(name)
        ),
        Claim::DnsTransfer => "It asks for a whole zone.".to_owned(),
        other => other.name().to_owned(),
    }
}

fn echo(pattern: EchoPattern) -> &'static str {
    match pattern {
        EchoPattern::Empty => "nothing, as scanners' pings do",
        EchoPattern::Alphabet => "the alphabet, as pings of Windows do",
        EchoPattern::Counting => "bytes that count up, as pings of Unix systems do",
        EchoPattern::Repeated => "one byte again and again",
        EchoPattern::Text => "readable text",
        EchoPattern::Dense => "bytes without pattern, as if encrypted",
        EchoPattern::Other => "bytes that are no ping's usual pattern",
    }
}

/// Bytes from a packet in quotation marks, those that are no plain text as `\xNN`.
fn quoted(bytes: &[u8]) -> String {
    let shown = bytes.get(..QUOTED).unwrap_or(bytes);
    let more = if shown.len() < bytes.len() { "…" } else { "" };
    format!("\"{}{more}\"", shown.escape_ascii())
}

/// What else could be behind a claim; nothing where the bytes leave no choice.
pub fn alternatives(claim: &Claim) -> &'static [&'static str] {
    match claim {
        Claim::IpLengthExceedsFrame { .. } => &[
            "a frame cut off on its way",
            "a capture that forgot how long the frame was",
            "a stack that leaves segmentation to its card",
        ],
        Claim::UdpLengthDisagrees { .. } => {
            &["data hidden behind the datagram", "a fault of the sending program"]
        }
        Claim::PaddingZero { reaches_minimum: false, .. } => &["a trailer that a switch or tap appended"],
        Claim::PaddingLeak { remains: Remains::Unknown, .. } => &[
            "the rest of an encrypted or compressed message (CVE-2003-0001)",
            "a trailer that a switch, tap or driver appended",
            "data hidden on the local network: no router passes it on",
        ],
        Claim::PaddingLeak { remains: Remains::Repeated(_), .. } => &["a driver that pads with another byte"],
        Claim::PaddingLeak { .. } => &[
            "data hidden on purpose, on the local network: no router passes it on",
            "the leak is that of the last router, which framed the packet anew, and not the sender's",
        ],
        Claim::AddressesRewritten { .. } => &[
            "a capture made anonymous: the usual reason",
            "a translation of addresses that does not mend the sums, which would lose every packet",
            "by chance both sums are off by the same: once in 65,535 cases",
        ],
        Claim::ChecksumWrong { check } if check.header == Header::Ip => &[
            "changed in the capture file, since a router or host would have dropped it",
            "damaged by the capturing host",
        ],
        Claim::ChecksumWrong { .. } => &[
            "damage on the way: the receiver drops it",
            "a packet that only a sensor is to believe (insertion)",
            "a program that writes its own headers",
        ],
        Claim::SingleBit { .. } => &["chance: one residue in 2,048 is such"],
        Claim::SumOfOtherTtl { .. } => &["another field changed by the same amount"],
        Claim::ChecksumLeftToCard { whole_sum: false, .. } => &["a field that was never filled in"],
        Claim::FragmentOverlaps { conflicting: 0, .. } => {
            &["a retransmission over another route, fragmented anew"]
        }
        Claim::FragmentUnfinished { .. } => &[
            "fragments lost, or filtered out of the capture",
            "an attack on the memory of who waits for the rest",
        ],
        Claim::TtlLow { is_probe: false, .. } => {
            &["a loop of routes", "a packet that only a sensor is to see (insertion)"]
        }
        Claim::TtlDiffers { .. } => {
            &["a route that changed", "several hosts behind one address", "a forged source"]
        }
        Claim::IpIdZero | Claim::IpIdConstant { .. } => &[
            "a stack that numbers only what it fragments (RFC 6864)",
            "a program that writes its own headers",
        ],
        Claim::ToolMark { .. } => &["chance"],
        Claim::IcmpRedirect { .. } => &["a router doing its duty", "an attacker who draws traffic to itself"],
        Claim::IcmpQuoteForeign { .. } => {
            &["a translation of addresses that left the quote alone", "an error made up"]
        }
        Claim::EchoDiffers { .. } => {
            &["a tunnel or back door over ICMP (Loki)", "an old stack or a device that shortens echoes"]
        }
        Claim::EchoUnasked => &[
            "the request was not captured",
            "backscatter of a forged source",
            "orders or answers of a back door",
        ],
        Claim::KnownPort { port, .. } if !port.is_service => &["a program that got this port by chance"],
        Claim::UnusualProtocol { .. } => {
            &["a covert channel", "an experiment or a protocol of a vendor", "a scan for protocols"]
        }
        Claim::SynData { is_fast_open: false, .. } => {
            &["T/TCP (RFC 1644)", "data that only some systems take (evasion)"]
        }
        Claim::SourceImpossible { .. } => &["a forged source", "a host without a configuration"],
        Claim::TcpReservedBits { .. } => {
            &["an experiment", "a program that maps systems by their answers (queso, nmap)"]
        }
        Claim::DnsMalformed => &[
            "another protocol on port 53",
            "an attempt at a fault of name servers",
            "a message cut off by a fault",
        ],
        Claim::DnsTrailing { .. } => {
            &["data hidden behind the message", "a signature or padding unknown here"]
        }
        Claim::IpVersion { .. } => &["another protocol that the link announces as IP", "damage"],
        _ => &[],
    }
}
