//! Domain Name System (RFC 1035 section 4, RFC 2136, RFC 6762), over UDP and TCP, and multicast DNS.

mod edns;
mod fields;
pub(crate) mod name;
mod record;

use crate::Out;
use crate::tokens::{self, Tokens};
pub(crate) use name::print as print_name;
use record::Kind;
use wirescope_wire::dns::Dns;
use wirescope_wire::{Cursor, Stop, Walk};

pub(crate) const TYPES: &Tokens = &[
    (1, "A"),
    (2, "NS"),
    (3, "MD"),
    (4, "MF"),
    (5, "CNAME"),
    (6, "SOA"),
    (7, "MB"),
    (8, "MG"),
    (9, "MR"),
    (10, "NULL"),
    (11, "WKS"),
    (12, "PTR"),
    (13, "HINFO"),
    (14, "MINFO"),
    (15, "MX"),
    (16, "TXT"),
    (17, "RP"),
    (18, "AFSDB"),
    (19, "X25"),
    (20, "ISDN"),
    (21, "RT"),
    (22, "NSAP"),
    (23, "NSAP_PTR"),
    (24, "SIG"),
    (25, "KEY"),
    (26, "PX"),
    (27, "GPOS"),
    (28, "AAAA"),
    (29, "LOC"),
    (30, "NXT"),
    (31, "EID"),
    (32, "NIMLOC"),
    (33, "SRV"),
    (34, "ATMA"),
    (35, "NAPTR"),
    (36, "KX"),
    (37, "CERT"),
    (38, "A6"),
    (39, "DNAME"),
    (40, "SINK"),
    (41, "OPT"),
    (42, "APL"),
    (43, "DS"),
    (44, "SSHFP"),
    (45, "IPSECKEY"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (49, "DHCID"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (55, "HIP"),
    (56, "NINFO"),
    (57, "RKEY"),
    (58, "TALINK"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (100, "UINFO"),
    (101, "UID"),
    (102, "GID"),
    (103, "UNSPEC"),
    (104, "NID"),
    (105, "L32"),
    (106, "L64"),
    (107, "LP"),
    (108, "EUI48"),
    (109, "EUI64"),
    (249, "TKEY"),
    (250, "TSIG"),
    (251, "IXFR"),
    (252, "AXFR"),
    (253, "MAILB"),
    (254, "MAILA"),
    (255, "ANY"),
    (256, "URI"),
    (257, "CAA"),
    (258, "AVC"),
    (259, "DOA"),
    (260, "AMTRELAY"),
    (32768, "TA"),
    (32769, "DLV"),
];

pub(crate) const CLASSES: &Tokens = &[(1, "IN"), (3, "CHAOS"), (4, "HS"), (255, "ANY")];

const OPERATIONS: &Tokens = &[
    (0, ""),
    (1, " inv_q"),
    (2, " stat"),
    (3, " op3"),
    (4, " notify"),
    (5, " update"),
    (6, " op6"),
    (7, " op7"),
    (8, " op8"),
    (9, " updateA"),
    (10, " updateD"),
    (11, " updateDA"),
    (12, " updateM"),
    (13, " updateMA"),
    (14, " zoneInit"),
    (15, " zoneRef"),
];

const RESPONSE_CODES: &Tokens = &[
    (0, ""),
    (1, " FormErr"),
    (2, " ServFail"),
    (3, " NXDomain"),
    (4, " NotImp"),
    (5, " Refused"),
    (6, " YXDomain"),
    (7, " YXRRSet"),
    (8, " NXRRSet"),
    (9, " NotAuth"),
    (10, " NotZone"),
    (11, " Resp11"),
    (12, " Resp12"),
    (13, " Resp13"),
    (14, " Resp14"),
    (15, " NoChange"),
    (16, " BadVers"),
    (17, "Resp17"),
    (18, " Resp18"),
    (19, " Resp19"),
    (20, " Resp20"),
    (21, "Resp21"),
    (22, " Resp22"),
    (23, " BadCookie"),
];

/// The class of the Internet.
const INTERNET: u16 = 1;
/// In multicast DNS the top bit of a class asks for a unicast answer, or says that old records go.
const CLASS_TOP_BIT: u16 = 0x8000;
/// Operation: find the question to an answer (obsolete since RFC 3425).
const INVERSE_QUERY: u8 = 1;
/// Header bits that a question leaves clear.
const NOT_IN_QUESTIONS: u16 = 0x06cf;

/// Prints a message over UDP.
pub(crate) fn print_udp(out: &mut Out, c: Cursor<'_>) -> Walk {
    print(out, c, Kind::Unicast)
}

/// Prints a multicast DNS message.
pub(crate) fn print_multicast(out: &mut Out, c: Cursor<'_>) -> Walk {
    print(out, c, Kind::Multicast)
}

/// Prints a message over TCP, where its length stands before it (RFC 1035 section 4.2.2). Only a segment
/// that holds exactly one message is read.
pub(crate) fn print_tcp(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < 2 {
        write!(out, " [DNS over TCP: length {} < 2]", c.length());
        return Err(Stop::Invalid);
    }
    let prefix = usize::from(c.u16()?);
    if prefix != c.length() {
        write!(out, " [prefix length({prefix}) != length({})]", c.length());
        return Err(Stop::Invalid);
    }
    out.text(" ");
    print(out, c, Kind::Unicast)
}

fn print(out: &mut Out, message: Cursor<'_>, kind: Kind) -> Walk {
    let length = message.length();
    if length < Dns::LEN {
        out.text("domain");
        return out.disagree("length", length, "<", Dns::LEN);
    }
    let mut c = message;
    let header = Dns::read(&mut c)?;
    if out.wants_fields() {
        fields::hand_on(out, message);
    }
    let sections = Sections { message, kind };
    if header.is_response() {
        sections.response(out, header, c)?;
    } else {
        sections.query(out, header, c)?;
    }
    out.text(" (").len(length).text(")");
    Ok(())
}

/// The sections of one message.
#[derive(Clone, Copy)]
struct Sections<'a> {
    message: Cursor<'a>,
    kind: Kind,
}

impl<'a> Sections<'a> {
    fn response(self, out: &mut Out, header: Dns<'_>, mut c: Cursor<'a>) -> Walk {
        let flags = header.flags();
        let [questions, answers, authorities, additionals] = header.counts();
        out.dec(header.id()).text(named(OPERATIONS, header.opcode()));
        let response_code = record::response_code(header, c);
        out.token(RESPONSE_CODES, response_code, format_args!(" Resp{response_code}"));
        out.text(if flags & 0x0400 != 0 { "*" } else { "" });
        out.text(if flags & 0x0080 != 0 { "" } else { "-" });
        out.text(if flags & 0x0200 != 0 { "|" } else { "" });
        out.text(if flags & 0x0020 != 0 { "$" } else { "" });
        if questions != 1 {
            out.text(" [").dec(questions).text("q]");
        }
        for number in 0..questions {
            if number > 0 {
                out.text(",");
            }
            if out.options.verbose > 1 {
                out.text(" q:");
                record::question(out, self.message, &mut c, self.kind)?;
            } else {
                name::skip(&mut c)?;
                c.advance(4);
            }
        }
        out.text(" ").dec(answers).text("/").dec(authorities).text("/").dec(additionals);
        self.records(out, &mut c, "", answers)?;
        if out.options.verbose > 1 {
            self.records(out, &mut c, " ns:", authorities)?;
            self.records(out, &mut c, " ar:", additionals)?;
        }
        Ok(())
    }

    fn query(self, out: &mut Out, header: Dns<'_>, mut c: Cursor<'a>) -> Walk {
        let flags = header.flags();
        let [questions, answers, authorities, additionals] = header.counts();
        out.dec(header.id()).text(named(OPERATIONS, header.opcode()));
        out.text(if flags & 0x0100 != 0 { "+" } else { "" });
        out.text(if flags & 0x0010 != 0 { "%" } else { "" });
        if flags & NOT_IN_QUESTIONS != 0 {
            write!(out, " [b2&3=0x{flags:x}]");
        }
        if header.opcode() == INVERSE_QUERY {
            unusual(out, questions, 0, "q]");
            unusual(out, answers, 1, "a]");
        } else {
            unusual(out, answers, 0, "a]");
            unusual(out, questions, 1, "q]");
        }
        unusual(out, authorities, 0, "n]");
        unusual(out, additionals, 0, "au]");
        for _ in 0..questions {
            record::question(out, self.message, &mut c, self.kind)?;
        }
        if out.options.verbose > 1 {
            self.records(out, &mut c, "", answers)?;
            self.records(out, &mut c, " ns:", authorities)?;
            self.records(out, &mut c, " ar:", additionals)?;
        }
        Ok(())
    }

    /// Prints the records of one section after its heading.
    fn records(self, out: &mut Out, c: &mut Cursor<'a>, heading: &str, count: u16) -> Walk {
        for number in 0..count {
            // A record cut off within ends the bytes; those that should follow are missing.
            if number > 0 || !heading.is_empty() {
                c.need(1)?;
            }
            out.text(if number > 0 { "," } else { heading });
            record::print(out, self.message, c, self.kind)?;
        }
        Ok(())
    }
}

/// Shows a count that is not the one to be expected.
fn unusual(out: &mut Out, count: u16, expected: u16, what: &str) {
    if count != expected {
        out.text(" [").dec(count).text(what);
    }
}

fn named(tokens: &Tokens, value: u8) -> &'static str {
    tokens::name(tokens, value.into()).unwrap_or("")
}
