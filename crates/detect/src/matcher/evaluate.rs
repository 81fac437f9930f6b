//! One rule against one packet.

use wirescope_flow::decode::Transport;

use super::expression::Expression;
use super::program::{Check, Effect, Program, Search, Step, Value};
use super::{asn1, base64, extract, protocol};
use crate::language::{AddressSet, Buffer, ByteJump, ByteTest, Established, Flow, IpOption, StreamOnly};
use crate::packet::{Inspected, Origin};

/// Variables that one rule may have.
pub(super) const MAX_VARIABLES: usize = 16;

/// The bits of one conversation that rules set and ask for.
#[derive(Clone, Default, Debug)]
pub struct Flowbits {
    words: Vec<u64>,
    /// How often rules have changed them.
    changes: u64,
}

impl Flowbits {
    /// A number that grows whenever a rule changes the bits.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    fn has(&self, bit: u32) -> bool {
        self.words.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }

    fn put(&mut self, bit: u32, set: bool) {
        let at = bit as usize / 64;
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            *word = if set { *word | 1 << (bit % 64) } else { *word & !(1 << (bit % 64)) };
        }
    }

    /// Does what a rule asks for once it has matched; true where it raises no alert.
    pub(super) fn apply(&mut self, program: &Program) -> bool {
        self.changes += u64::from(program.changes_bits());
        for effect in &program.effects {
            match effect {
                Effect::Set(bits) => bits.iter().for_each(|bit| self.put(*bit, true)),
                Effect::Unset(bits) | Effect::Reset(bits) => {
                    bits.iter().for_each(|bit| self.put(*bit, false))
                }
                Effect::Toggle(bits) => bits.iter().for_each(|bit| self.put(*bit, !self.has(*bit))),
                Effect::ResetAll => self.words.clear(),
            }
        }
        program.quiet
    }
}

/// Whether the rule matches. `steps` is what the packet may still cost; at 0 nothing matches any more.
#[inline]
pub(super) fn matches(program: &Program, packet: &Inspected<'_>, bits: &Flowbits, steps: &mut u32) -> bool {
    if !ends_fit(program, packet) || !program.checks.iter().all(|check| holds(check, packet, bits)) {
        return false;
    }
    if program.steps.is_empty() {
        return true;
    }
    let mut run = Run { program, packet, steps, decoded: Vec::new() };
    run.from(0, Place { buffer: Buffer::Payload, cursor: 0, variables: [0; MAX_VARIABLES] })
}

fn ends_fit(program: &Program, packet: &Inspected<'_>) -> bool {
    let (src, dst) = (packet.ip.src, packet.ip.dst);
    let (src_port, dst_port) = packet.ports();
    let fits = |addresses: (&AddressSet, &AddressSet), from, to| {
        program.any_address || (addresses.0.contains(from) && addresses.1.contains(to))
    };
    let ends = (&program.source.addresses, &program.destination.addresses);
    let ports = (&program.source.ports, &program.destination.ports);
    let has_ports = matches!(packet.decoded.transport, Transport::Tcp(_) | Transport::Udp(_));
    let ports_fit = |from, to| !has_ports || (ports.0.contains(from) && ports.1.contains(to));
    (fits(ends, src, dst) && ports_fit(src_port, dst_port))
        || (program.bidirectional && fits(ends, dst, src) && ports_fit(dst_port, src_port))
}

/// Whether a condition on headers or the conversation holds.
fn holds(check: &Check, packet: &Inspected<'_>, bits: &Flowbits) -> bool {
    match check {
        // The size of a packet says nothing where several were put together.
        Check::DataSize(size) => packet.origin != Origin::Stream && size.holds(packet.payload.len() as u64),
        Check::Flow(flow) => flow_holds(flow, packet),
        Check::StreamSize(side, size) => packet.flow.size_holds(*side, *size),
        Check::Ttl(ttl) => ttl.holds(packet.ip.ttl.into()),
        Check::Tos(tos) => tos.holds(packet.tos().into()),
        Check::Id(id) => packet.ipv4().is_some_and(|header| id.holds(header.id().into())),
        Check::IpOption(option) => has_ip_option(packet.ip_options(), *option),
        Check::FragmentBits(bits) => packet.ipv4().is_some_and(|header| bits.holds(header.fragment())),
        Check::FragmentOffset(offset) => {
            packet.ipv4().is_some_and(|header| offset.holds(header.fragment_offset() as u64))
        }
        Check::IpProtocol(number) => number.holds(packet.ip.protocol.into()),
        Check::SameIp => packet.ip.src == packet.ip.dst,
        Check::Rpc { program, version, procedure } => is_rpc_call(packet, *program, *version, *procedure),
        Check::UriLength { length, raw } => {
            let uri = if *raw { packet.http.raw_uri } else { packet.http.uri };
            uri.is_some_and(|uri| length.holds(uri.len() as u64))
        }
        Check::Bits { bits: wanted, any, set } => {
            let fits = |bit: &u32| bits.has(*bit) == *set;
            if *any { wanted.iter().any(fits) } else { wanted.iter().all(fits) }
        }
        check => transport_holds(check, &packet.decoded.transport),
    }
}

fn transport_holds(check: &Check, transport: &Transport<'_>) -> bool {
    match (check, transport) {
        (Check::TcpFlags(flags), Transport::Tcp(segment)) => flags.holds(segment.flags),
        (Check::Sequence(number), Transport::Tcp(segment)) => segment.seq == *number,
        (Check::Acknowledgement(number), Transport::Tcp(segment)) => segment.ack == *number,
        (Check::Window(window), Transport::Tcp(segment)) => window.holds(segment.window.into()),
        (Check::IcmpType(kind), Transport::Icmp(message)) => kind.holds(message.kind.into()),
        (Check::IcmpCode(code), Transport::Icmp(message)) => code.holds(message.code.into()),
        (Check::IcmpId(id), Transport::Icmp(message)) => is_echo(message.kind) && message.id == *id,
        (Check::IcmpSequence(number), Transport::Icmp(message)) => {
            is_echo(message.kind) && message.seq == *number
        }
        _ => false,
    }
}

/// Whether an ICMP message of this type is an echo or its reply, in either version: others have no identifier.
fn is_echo(kind: u8) -> bool {
    matches!(kind, 0 | 8 | 128 | 129)
}

fn flow_holds(flow: &Flow, packet: &Inspected<'_>) -> bool {
    use wirescope_flow::stream::Direction::{FromClient, FromServer};
    let direction = match flow.direction {
        None => true,
        Some(crate::language::Direction::ToServer) => packet.flow.direction == Some(FromClient),
        Some(crate::language::Direction::ToClient) => packet.flow.direction == Some(FromServer),
    };
    let established = match flow.established {
        None | Some(Established::Stateless) => true,
        Some(Established::Yes) => packet.flow.established,
        Some(Established::No) => !packet.flow.established,
    };
    let stream = match flow.stream {
        None => true,
        Some(StreamOnly::NoStream) => packet.origin != Origin::Stream,
        Some(StreamOnly::OnlyStream) => packet.origin == Origin::Stream,
    };
    let fragments = packet.origin == Origin::Fragments;
    direction
        && established
        && stream
        && !(flow.no_fragments && fragments)
        && (!flow.only_fragments || fragments)
}

fn has_ip_option(options: &[u8], wanted: IpOption) -> bool {
    let IpOption::Kind(wanted) = wanted else { return !options.is_empty() };
    let mut rest = options;
    while let [kind, after @ ..] = rest {
        // The end of the list is no option that could be asked for.
        if *kind == 0 {
            return false;
        }
        if *kind == wanted {
            return true;
        }
        rest = match (kind, after) {
            (1, _) => after,
            (_, [length, ..]) if *length >= 2 => rest.get(usize::from(*length)..).unwrap_or_default(),
            _ => return false,
        };
    }
    false
}

/// Whether the payload starts with an RPC call (RFC 5531 section 9), behind a record mark over TCP.
fn is_rpc_call(packet: &Inspected<'_>, program: u32, version: Option<u32>, procedure: Option<u32>) -> bool {
    let mark = if matches!(packet.decoded.transport, Transport::Tcp(_)) { 4 } else { 0 };
    let word = |at: usize| {
        packet.payload.get(mark + at..)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    };
    const CALL: u32 = 0;
    word(4) == Some(CALL)
        && word(12) == Some(program)
        && version.is_none_or(|version| word(16) == Some(version))
        && procedure.is_none_or(|procedure| word(20) == Some(procedure))
}

/// Where an evaluation stands: the end of the match before, and what was extracted so far.
#[derive(Clone, Copy)]
struct Place {
    buffer: Buffer,
    cursor: usize,
    variables: [i64; MAX_VARIABLES],
}

impl Place {
    fn value(&self, value: Value) -> i64 {
        match value {
            Value::Number(number) => number,
            Value::Variable(at) => self.variables.get(at).copied().unwrap_or(0),
        }
    }

    /// The position `offset` bytes from where counting starts; negative before the buffer.
    fn position(&self, buffer: Buffer, relative: bool, offset: Value) -> i64 {
        let base = if relative && buffer == self.buffer { self.cursor as i64 } else { 0 };
        base.saturating_add(self.value(offset))
    }

    fn at(&self, buffer: Buffer, cursor: usize) -> Place {
        Place { buffer, cursor, ..*self }
    }

    fn with(&self, variable: usize, value: u32) -> Place {
        let mut place = *self;
        if let Some(slot) = place.variables.get_mut(variable) {
            *slot = i64::from(value);
        }
        place
    }
}

/// One rule running over one packet.
struct Run<'r, 'p> {
    program: &'r Program,
    packet: &'r Inspected<'p>,
    steps: &'r mut u32,
    /// What `base64_decode` decoded.
    decoded: Vec<u8>,
}

impl Run<'_, '_> {
    /// Whether the steps from `number` on hold. A match that a later step counts from is tried at each of
    /// its places until the rest holds.
    fn from(&mut self, number: usize, place: Place) -> bool {
        let program = self.program;
        let Some(step) = program.steps.get(number) else { return true };
        if *self.steps == 0 {
            return false;
        }
        *self.steps -= 1;
        match step {
            Step::Search(search) => self.search(number, search, place),
            Step::Expression(expression) => self.expression(number, expression, place),
            Step::Enter(buffer) => {
                self.bytes(*buffer).is_some() && self.from(number + 1, place.at(*buffer, 0))
            }
            Step::ByteJump { jump, count, offset, post } => {
                match self.byte_jump(jump, place.value(*count), *offset, place.value(*post), place) {
                    Some(cursor) => self.from(number + 1, place.at(place.buffer, cursor)),
                    None => false,
                }
            }
            Step::ByteExtract { extract, offset, into } => {
                let at = place.position(place.buffer, extract.relative, *offset);
                let Some(value) = self.number(place.buffer, at, extract.count, extract.encoding) else {
                    return false;
                };
                let value = extract::masked(value, extract.mask).wrapping_mul(extract.multiplier);
                let value = value.checked_next_multiple_of(extract.align.max(1)).unwrap_or(u32::MAX);
                let cursor = at.max(0) as usize + extract.count;
                self.from(number + 1, place.at(place.buffer, cursor).with(*into, value))
            }
            Step::ByteMath { math, count, offset, value, into } => {
                let at = place.position(place.buffer, math.relative, *offset);
                let count = place.value(*count).clamp(0, 10) as usize;
                let found = self.number(place.buffer, at, count, math.encoding);
                let result = found.and_then(|found| {
                    extract::math(
                        math.operation,
                        extract::masked(found, math.mask),
                        place.value(*value) as u32,
                    )
                });
                result.is_some_and(|result| self.from(number + 1, place.with(*into, result)))
            }
            step => self.holds(step, place) && self.from(number + 1, place),
        }
    }

    /// Whether a step holds that leaves the place as it is.
    fn holds(&mut self, step: &Step, place: Place) -> bool {
        let payload = self.packet.payload;
        match step {
            Step::ByteTest { test, count, value, offset } => {
                self.byte_test(test, place.value(*count), place.value(*value), place, *offset)
            }
            Step::DataAt { offset, negated, relative, buffer } => {
                let buffer = if *relative { place.buffer } else { *buffer };
                let at = place.position(buffer, *relative, *offset);
                let bytes = self.bytes(buffer).unwrap_or_default();
                usize::try_from(at).is_ok_and(|at| at < bytes.len()) != *negated
            }
            Step::Base64Decode { bytes, offset, relative } => {
                let start = offset + if *relative { place.cursor } else { 0 };
                let source = self.bytes(place.buffer).and_then(|b| b.get(start..)).unwrap_or_default();
                self.decoded = base64::decode(source, *bytes);
                !self.decoded.is_empty()
            }
            Step::Asn1(rule) => {
                let at = match (rule.relative_offset, rule.absolute_offset) {
                    (Some(offset), _) => (place.cursor as i64).saturating_add(offset),
                    (None, offset) => offset.unwrap_or(0),
                };
                let bytes = usize::try_from(at).ok().and_then(|at| payload.get(at..));
                bytes.is_some_and(|bytes| asn1::matches(rule, bytes))
            }
            Step::TlsVersion(versions) => protocol::has_tls_version(payload, *versions),
            Step::TlsState(states) => protocol::has_tls_state(payload, *states),
            Step::CvsInvalidEntry => protocol::has_invalid_cvs_entry(payload),
            Step::FtpBounce => {
                let argument = self.bytes(place.buffer).and_then(|bytes| bytes.get(place.cursor..));
                argument.is_some_and(|argument| protocol::is_ftp_bounce(argument, self.packet.ip.src))
            }
            // These move on, and are tried at each place that they lead to.
            Step::Search(_)
            | Step::Expression(_)
            | Step::Enter(_)
            | Step::ByteJump { .. }
            | Step::ByteExtract { .. }
            | Step::ByteMath { .. } => false,
        }
    }

    fn bytes(&self, buffer: Buffer) -> Option<&[u8]> {
        match buffer {
            Buffer::Base64Data => (!self.decoded.is_empty()).then_some(&self.decoded),
            buffer => self.packet.buffer(buffer),
        }
    }

    fn number(
        &self,
        buffer: Buffer,
        at: i64,
        count: usize,
        encoding: crate::language::Encoding,
    ) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        extract::number(self.bytes(buffer)?, at, count, encoding, self.packet.payload)
    }

    fn search(&mut self, number: usize, search: &Search, place: Place) -> bool {
        // Where there is no such part, nothing can be said of what stands in it.
        let Some(length) = self.bytes(search.buffer).map(<[u8]>::len) else { return false };
        let (start, reach) = if search.relative {
            (place.position(search.buffer, true, search.distance), search.within)
        } else {
            (place.value(search.offset), search.depth)
        };
        let end = match reach {
            Some(reach) => start.saturating_add(place.value(reach)).clamp(0, length as i64) as usize,
            None => length,
        };
        let mut start = start.clamp(0, length as i64) as usize;
        let retry = self.program.retry.get(number).copied().unwrap_or(false);
        loop {
            let window = self.bytes(search.buffer).and_then(|bytes| bytes.get(start..end));
            let Some(at) = window.and_then(|window| search.find(window)) else {
                return search.negated && self.from(number + 1, place);
            };
            if search.negated {
                return false;
            }
            let after = start + at + search.pattern.len();
            if self.from(number + 1, place.at(search.buffer, after)) {
                return true;
            }
            if !retry || *self.steps == 0 {
                return false;
            }
            *self.steps -= 1;
            start += at + 1;
        }
    }

    fn expression(&mut self, number: usize, expression: &Expression, place: Place) -> bool {
        if self.bytes(expression.buffer).is_none() {
            return false;
        }
        let relative = expression.relative && expression.buffer == place.buffer;
        let base = if relative { place.cursor } else { 0 };
        let retry = self.program.retry.get(number).copied().unwrap_or(false);
        let mut from = 0;
        loop {
            // Assertions such as `^` hold where they hold from the base on, wherever the search goes on.
            let bytes = self.bytes(expression.buffer).and_then(|bytes| bytes.get(base..));
            let found = bytes.and_then(|bytes| expression.find(bytes, from));
            let Some((start, end)) = found else {
                return expression.negated && self.from(number + 1, place);
            };
            if expression.negated {
                return false;
            }
            if self.from(number + 1, place.at(expression.buffer, base + end)) {
                return true;
            }
            if !retry || *self.steps == 0 {
                return false;
            }
            *self.steps -= 1;
            from = start + 1;
        }
    }

    fn byte_test(&self, test: &ByteTest, count: i64, wanted: i64, place: Place, offset: Value) -> bool {
        let at = place.position(place.buffer, test.relative, offset);
        let Some(found) = self.number(place.buffer, at, count.clamp(0, 10) as usize, test.encoding) else {
            return false;
        };
        extract::test(test.operation, extract::masked(found, test.mask), wanted as u32) != test.negated
    }

    /// Where a `byte_jump` leads; `None` where it leads out of the payload.
    fn byte_jump(
        &self,
        jump: &ByteJump,
        count: i64,
        offset: Value,
        post: i64,
        place: Place,
    ) -> Option<usize> {
        let length = self.bytes(place.buffer)?.len();
        let at = place.position(place.buffer, jump.relative, offset);
        let count = count.clamp(0, 10) as usize;
        let distance = match count {
            0 => 0,
            count => {
                let found = extract::masked(self.number(place.buffer, at, count, jump.encoding)?, jump.mask);
                let far = found.wrapping_mul(jump.multiplier);
                if jump.align { far.checked_next_multiple_of(4)? } else { far }
            }
        };
        let base = match jump {
            ByteJump { from_beginning: true, .. } => 0,
            ByteJump { from_end: true, .. } => length as i64,
            _ => at + count as i64,
        };
        let to = base.saturating_add(i64::from(distance)).saturating_add(post);
        usize::try_from(to).ok().filter(|to| *to < length)
    }
}
