//! sFlow version 5, samples of traffic and counters of interfaces (sFlow.org's specification of July 2004).

mod counter;
mod flow;

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const SAMPLES: &Tokens =
    &[(1, "flow sample"), (2, "counter sample"), (3, "expanded flow sample"), (4, "expanded counter sample")];

mod sample {
    pub(super) const FLOW: u32 = 1;
    pub(super) const COUNTER: u32 = 2;
    pub(super) const EXPANDED_FLOW: u32 = 3;
    pub(super) const EXPANDED_COUNTER: u32 = 4;
}

const VERSION: u32 = 5;
const IPV4: u32 = 1;
/// Bytes of the datagram's header where the agent has an IPv4 address, and where it has an IPv6 one.
const HEADER_LEN: usize = 28;
const HEADER_LEN_IPV6: usize = 40;
/// The bits of a tag that are a number of its enterprise.
const NUMBER: u32 = 0x0fff;
/// Bytes of what a sample, and a record within one, begins with: a tag and a length.
const TAG_LEN: usize = 8;

/// Prints a datagram; its samples only when asked for.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let length = c.length();
    let (version, family) = (c.peek_u32(0)?, c.peek_u32(4)?);
    out.field("version", version);
    for (header_len, applies) in [(HEADER_LEN, true), (HEADER_LEN_IPV6, version == VERSION && family != IPV4)]
    {
        if applies && length < header_len {
            write!(out, "sFlowv{version}");
            return out.disagree("length", length, "<", header_len);
        }
        if applies {
            c.need(header_len)?;
        }
    }
    if version != VERSION {
        write!(out, "sFlow version {version} packet not supported");
        return Ok(());
    }
    c.advance(8);
    match family {
        IPV4 => {
            let agent = *c.array()?;
            out.field("agent", agent);
            write!(out, "sFlowv{version}, IPv4 agent ");
            out.ipv4(agent);
        }
        // Whatever else it is said to be, tcpdump takes it for an IPv6 address.
        _ => {
            let agent = *c.array()?;
            out.field("agent", agent);
            write!(out, "sFlowv{version}, IPv6 agent ");
            out.ipv6(agent);
        }
    }
    let (agent, sequence, uptime, samples) = (c.u32()?, c.u32()?, c.u32()?, c.u32()?);
    out.field("agent_id", agent);
    out.field("sequence", sequence);
    out.field("samples", samples);
    write!(out, ", agent-id {agent}");
    if out.options.verbose == 0 {
        write!(out, ", length {length}");
        return Ok(());
    }
    write!(out, ", seqnum {sequence}, uptime {uptime}, samples {samples}, length {length}");
    for _ in 0..samples {
        if c.length() == 0 {
            break;
        }
        print_sample(out, &mut c)?;
    }
    Ok(())
}

fn print_sample(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    // The upper bits of the tag name who defined it; all are read as those of sFlow itself.
    let kind = c.u32()? & NUMBER;
    let length = c.u32()?;
    out.text("\n\t");
    out.token(SAMPLES, kind, format_args!("Unknown"));
    write!(out, " ({kind}), length {length},");
    // Records may reach beyond the sample that they belong to.
    let mut body = *c;
    let sample = whole_part(c, length)?;
    match kind {
        sample::FLOW => flow::sample(out, &mut body),
        sample::EXPANDED_FLOW => flow::expanded_sample(out, &mut body),
        sample::COUNTER => counter::sample(out, &mut body),
        sample::EXPANDED_COUNTER => counter::expanded_sample(out, &mut body),
        _ => {
            dump(out, "\n\t    ", sample);
            Ok(())
        }
    }
}

/// Dumps what is not known, unless more than that was asked for.
fn dump(out: &mut Out, indent: &str, c: Cursor<'_>) {
    if out.options.verbose <= 1 {
        out.dump_hex(indent, c.bytes());
    }
}
/// Parts off `length` bytes, which must be within what encloses them and be captured.
fn whole_part<'a>(c: &mut Cursor<'a>, length: u32) -> Walk<Cursor<'a>> {
    let length = length as usize;
    if length > c.length() {
        return Err(Stop::Invalid);
    }
    c.need(length)?;
    Ok(c.split(length))
}

/// Whether a part is as long as the header that it must begin with.
fn require(c: &Cursor<'_>, length: usize) -> Walk {
    if c.length() < length { Err(Stop::Invalid) } else { Ok(()) }
}

/// Prints the records of a sample: `heading` writes what the record is, by its tag and length, and gives back
/// its number where sFlow itself defined it; `body` writes what it holds, and says whether it knew.
fn records(
    out: &mut Out,
    c: &mut Cursor<'_>,
    count: u32,
    heading: fn(&mut Out, u32, u32) -> Option<u32>,
    body: fn(&mut Out, u32, &mut Cursor<'_>) -> Walk<bool>,
) -> Walk {
    for _ in 0..count {
        require(c, TAG_LEN)?;
        let (tag, length) = (c.u32()?, c.u32()?);
        let kind = heading(out, tag, length);
        // What a record holds is read as far as it takes, whatever its length.
        let mut value = *c;
        let record = whole_part(c, length)?;
        if let Some(kind) = kind
            && !body(out, kind, &mut value)?
        {
            dump(out, "\n\t\t", record);
        }
    }
    Ok(())
}
