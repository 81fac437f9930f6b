//! The options of a rule: everything in its parentheses.

use super::bytes::{ByteExtract, ByteJump, ByteMath, ByteTest, Operand};
use super::content::{Buffer, Content};
use super::error::{Fault, Parsed};
use super::filter::{DetectionFilter, EventFilter};
use super::flow::{Flow, Flowbits};
use super::ip::{FragmentBits, IpOption, TcpFlags};
use super::number::{Comparison, Ends, comparison, number, number_up_to, signed};
use super::pcre::Pcre;
use super::protocol::{self, TlsStates, TlsVersions};
use super::rule::{Asn1, Condition, Reference, Rule, StreamSide};
use super::source::LogicalLine;
use super::text::Text;

/// Options that only describe the rule.
const DESCRIPTIVE: &[&str] = &["rem", "target", "service", "soid"];

/// Options that act after the alert, which has no effect here: they are named.
const WITHOUT_EFFECT: &[&str] = &["logto", "session", "tag", "resp", "react", "replace"];

/// Options that exist in Snort or Suricata and cannot be run here.
const UNSUPPORTED: &[&str] = &[
    "activates",
    "activated_by",
    "count",
    "dce_iface",
    "dce_opnum",
    "dce_stub_data",
    "sip_method",
    "sip_stat_code",
    "sip_header",
    "sip_body",
    "gtp_type",
    "gtp_info",
    "gtp_version",
    "modbus_func",
    "modbus_unit",
    "modbus_data",
    "dnp3_func",
    "dnp3_obj",
    "dnp3_ind",
    "dnp3_data",
    "http_encode",
    "file_type",
    "file_group",
    "appid",
    "dns.query",
    "tls.sni",
    "lua",
    "luajit",
    "hostbits",
    "xbits",
    "flowint",
    "app-layer-protocol",
    "app-layer-event",
    "decode-event",
    "stream-event",
    "filestore",
    "filemagic",
    "fileext",
    "filename",
    "filemd5",
    "geoip",
    "iprep",
    "dataset",
    "datarep",
    "bsize",
    "ja3.hash",
    "ja3s.hash",
    "tls.cert_subject",
    "tls.cert_issuer",
    "ssh.proto",
    "krb5_cname",
    "content-list",
    "protected_content",
    "hash",
    "length",
    "sd_pattern",
    "stream_reassemble",
    "startswith",
    "endswith",
    "dotprefix",
];

/// Reads options into a rule, one at a time.
pub(super) struct Options<'r> {
    rule: &'r mut Rule,
    line: &'r LogicalLine<'r>,
    /// Names that `byte_extract` and `byte_math` have given to numbers.
    variables: Vec<String>,
    /// The buffer that options such as `file_data` made current.
    buffer: Buffer,
    has_sid: bool,
    ignored: Vec<&'static str>,
}

impl<'r> Options<'r> {
    /// Options of a rule that stands in `line`.
    pub(super) fn new(rule: &'r mut Rule, line: &'r LogicalLine<'r>) -> Self {
        Options {
            rule,
            line,
            variables: Vec::new(),
            buffer: Buffer::Payload,
            has_sid: false,
            ignored: Vec::new(),
        }
    }

    /// Reads everything between the parentheses.
    /// Gives back the options that have no effect.
    pub(super) fn parse(mut self, body: Text<'_>) -> Parsed<Vec<&'static str>> {
        for option in split(body)? {
            let (name, value) = match option.split_once(':') {
                Some((name, value)) => (name.trim(), value.trim()),
                None => (option, option.from(option.text.len())),
            };
            let lower = name.text.to_ascii_lowercase();
            self.option(Text { text: &lower, at: name.at }, value)?;
        }
        if !self.has_sid {
            return Err(body
                .fault("the rule has no sid")
                .advise("give every rule a number of its own: sid:1000001;"));
        }
        Ok(self.ignored)
    }

    fn option(&mut self, name: Text<'_>, value: Text<'_>) -> Parsed<()> {
        if self.describe(name, value)? || self.modify_content(name, value)? {
            return Ok(());
        }
        if let Some(condition) = self.payload(name, value)? {
            for operand in condition.operands() {
                self.must_be_known(operand, value)?;
            }
            self.variables.extend(condition.defines().map(str::to_owned));
            self.rule.conditions.push(condition);
            return Ok(());
        }
        if let Some(condition) = header(name, value)? {
            self.rule.conditions.push(condition);
            return Ok(());
        }
        if let Some(buffer) = Buffer::from_sticky(name.text).or_else(|| Buffer::from_modifier(name.text)) {
            self.buffer = buffer;
            self.rule.conditions.push(Condition::Enter(buffer));
            return Ok(());
        }
        if let Some(ignored) = WITHOUT_EFFECT.iter().find(|option| **option == name.text) {
            self.ignored.push(ignored);
            return Ok(());
        }
        if DESCRIPTIVE.contains(&name.text) {
            return Ok(());
        }
        let text = format!("the option '{}'", name.text);
        if UNSUPPORTED.contains(&name.text) || name.text.contains('.') {
            return Err(Fault::unsupported(name.at, format!("{text} is not supported")));
        }
        Err(Fault::unsupported(name.at, format!("{text} is not known")))
    }

    /// A fault where `operand`, which stands in `value`, is a variable that nothing has set yet.
    fn must_be_known(&self, operand: &Operand, value: Text<'_>) -> Parsed<()> {
        match operand {
            Operand::Variable(name) if !self.variables.contains(name) => Err(value
                .from(value.text.find(name.as_str()).unwrap_or(0))
                .fault(format!("'{name}' is used before a byte_extract or byte_math has set it"))),
            _ => Ok(()),
        }
    }

    /// Options that say what the rule is; true where this is one.
    fn describe(&mut self, name: Text<'_>, value: Text<'_>) -> Parsed<bool> {
        let rule = &mut *self.rule;
        match name.text {
            "msg" => rule.message = unescape(value.unquote_if_quoted()?.text),
            "sid" => {
                rule.sid = number_up_to(value, u64::from(u32::MAX))? as u32;
                self.has_sid = true;
            }
            "rev" => rule.revision = number_up_to(value, u64::from(u32::MAX))? as u32,
            "gid" => rule.gid = number_up_to(value, u64::from(u32::MAX))? as u32,
            "classtype" => rule.classtype = Some(value.text.to_owned()),
            "priority" => rule.priority = Some(number_up_to(value, u64::from(u32::MAX))? as u32),
            "reference" => {
                let (system, id) = value.split_once(',').ok_or_else(|| {
                    value.fault("a reference is a system and an identifier, as in: cve,2001-0010")
                })?;
                rule.references
                    .push(Reference { system: system.trim().text.to_owned(), id: unescape(id.trim().text) });
            }
            "metadata" => {
                for part in value.commas() {
                    let (key, value) = part.word();
                    rule.metadata.push((key.text.to_owned(), value.text.to_owned()));
                }
            }
            "detection_filter" => rule.detection_filter = Some(DetectionFilter::parse(value)?),
            "threshold" => rule.threshold = Some(EventFilter::parse_option(value)?),
            "noalert" => rule
                .conditions
                .push(Condition::Flowbits(Flowbits::parse(Text { text: "noalert", at: name.at })?)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Modifiers of the content before; true where this is one.
    fn modify_content(&mut self, name: Text<'_>, value: Text<'_>) -> Parsed<bool> {
        let has_operand = matches!(name.text, "offset" | "depth" | "distance" | "within");
        let is_place = has_operand || matches!(name.text, "nocase" | "fast_pattern");
        let is_buffer = Buffer::from_modifier(name.text).is_some();
        if !is_place && !is_buffer {
            return Ok(false);
        }
        match self.rule.conditions.last_mut() {
            Some(Condition::Content(content)) => {
                let is_modified = content.modify(name, value)?;
                if has_operand && let Ok(operand) = Operand::parse(value) {
                    self.must_be_known(&operand, value)?;
                }
                Ok(is_modified)
            }
            _ if is_buffer => Ok(false),
            _ => Err(name
                .fault(format!("'{}' modifies a content, and none stands right before it", name.text))
                .advise("put it after the content that it is for")),
        }
    }

    /// Options that look at the payload.
    fn payload(&mut self, name: Text<'_>, value: Text<'_>) -> Parsed<Option<Condition>> {
        Ok(Some(match name.text {
            "content" => Condition::Content(Content::parse(value, self.buffer)?),
            "uricontent" => Condition::Content(Content::parse(value, Buffer::HttpUri)?),
            "pcre" => Condition::Pcre(Pcre::parse(value, self.buffer, self.line)?),
            "byte_test" => Condition::ByteTest(ByteTest::parse(value)?),
            "byte_jump" => Condition::ByteJump(ByteJump::parse(value)?),
            "byte_extract" => Condition::ByteExtract(ByteExtract::parse(value)?),
            "byte_math" => Condition::ByteMath(ByteMath::parse(value)?),
            "isdataat" => self.data_at(value)?,
            "base64_decode" => base64_decode(value)?,
            "asn1" => Condition::Asn1(asn1(value)?),
            "ssl_version" => Condition::TlsVersion(TlsVersions::parse(value)?),
            "ssl_state" => Condition::TlsState(TlsStates::parse(value)?),
            "cvs" => protocol::cvs(value).map(|()| Condition::CvsInvalidEntry)?,
            "ftpbounce" => Condition::FtpBounce,
            _ => return Ok(None),
        }))
    }

    fn data_at(&self, value: Text<'_>) -> Parsed<Condition> {
        let (negated, value) = match value.strip_prefix("!") {
            Some(rest) => (true, rest.trim()),
            None => (false, value),
        };
        let parts = value.commas();
        let [offset, flags @ ..] = &parts[..] else { return Err(value.fault("isdataat needs an offset")) };
        let (mut relative, mut buffer) = (false, self.buffer);
        for flag in flags {
            match flag.text {
                "relative" => relative = true,
                "rawbytes" => buffer = Buffer::RawPayload,
                other => {
                    return Err(flag
                        .fault(format!("'{other}' is not known here"))
                        .advise("relative or rawbytes"));
                }
            }
        }
        Ok(Condition::DataAt { offset: Operand::parse(*offset)?, negated, relative, buffer })
    }
}

fn base64_decode(value: Text<'_>) -> Parsed<Condition> {
    let (mut bytes, mut offset, mut relative) = (None, 0, false);
    if value.is_empty() {
        return Ok(Condition::Base64Decode { bytes, offset, relative });
    }
    for part in value.commas() {
        let (name, argument) = part.word();
        match name.text {
            "bytes" => bytes = Some(number_up_to(argument, 65_535)? as usize),
            "offset" => offset = number_up_to(argument, 65_535)? as usize,
            "relative" => relative = true,
            other => {
                return Err(name
                    .fault(format!("'{other}' is not known here"))
                    .advise("bytes N, offset N, relative"));
            }
        }
    }
    Ok(Condition::Base64Decode { bytes, offset, relative })
}

fn asn1(value: Text<'_>) -> Parsed<Asn1> {
    let mut asn1 = Asn1::default();
    for part in value.commas() {
        let (name, argument) = part.word();
        match name.text {
            "bitstring_overflow" => asn1.bitstring_overflow = true,
            "double_overflow" => asn1.double_overflow = true,
            "oversize_length" => {
                asn1.oversize_length = Some(number_up_to(argument, u64::from(u32::MAX))? as u32)
            }
            "absolute_offset" => asn1.absolute_offset = Some(signed(argument)?),
            "relative_offset" => asn1.relative_offset = Some(signed(argument)?),
            other => return Err(name.fault(format!("'{other}' is not known to asn1"))),
        }
    }
    Ok(asn1)
}

/// Options that look at headers and the conversation.
fn header(name: Text<'_>, value: Text<'_>) -> Parsed<Option<Condition>> {
    let u16_max = u64::from(u16::MAX);
    Ok(Some(match name.text {
        "dsize" => Condition::DataSize(comparison(value, Ends::Included)?),
        "flags" => Condition::TcpFlags(TcpFlags::parse(value)?),
        "flow" => Condition::Flow(Flow::parse(value)?),
        "flowbits" => Condition::Flowbits(Flowbits::parse(value)?),
        "stream_size" => stream_size(value)?,
        "ttl" => Condition::Ttl(comparison(value, Ends::Included)?),
        "tos" => Condition::Tos(comparison(value, Ends::Included)?),
        "id" => Condition::Id(comparison(value, Ends::Included)?),
        "ipopts" => Condition::IpOption(IpOption::parse(value)?),
        "fragbits" => Condition::FragmentBits(FragmentBits::parse(value)?),
        "fragoffset" => Condition::FragmentOffset(comparison(value, Ends::Included)?),
        "ip_proto" => Condition::IpProtocol(ip_protocol(value)?),
        "sameip" => Condition::SameIp,
        "seq" => Condition::Sequence(number_up_to(value, u64::from(u32::MAX))? as u32),
        "ack" => Condition::Acknowledgement(number_up_to(value, u64::from(u32::MAX))? as u32),
        "window" => Condition::Window(comparison(value, Ends::Included)?),
        "itype" => Condition::IcmpType(comparison(value, Ends::Excluded)?),
        "icode" => Condition::IcmpCode(comparison(value, Ends::Excluded)?),
        "icmp_id" => Condition::IcmpId(number_up_to(value, u16_max)? as u16),
        "icmp_seq" => Condition::IcmpSequence(number_up_to(value, u16_max)? as u16),
        "rpc" => rpc(value)?,
        "urilen" => {
            let parts = value.commas();
            let length = comparison(parts.first().copied().unwrap_or(value), Ends::Included)?;
            Condition::UriLength { length, raw: parts.get(1).is_none_or(|part| part.text != "norm") }
        }
        _ => return Ok(None),
    }))
}

fn ip_protocol(value: Text<'_>) -> Parsed<Comparison> {
    const NAMES: &[(&str, u64)] = &[
        ("icmp", 1),
        ("igmp", 2),
        ("ipip", 4),
        ("tcp", 6),
        ("egp", 8),
        ("udp", 17),
        ("ipv6", 41),
        ("gre", 47),
        ("esp", 50),
        ("ah", 51),
        ("icmp6", 58),
        ("ipv6-icmp", 58),
        ("ospf", 89),
        ("pim", 103),
        ("sctp", 132),
    ];
    let (negated, name) = match value.strip_prefix("!") {
        Some(rest) => (true, rest.trim()),
        None => (false, value),
    };
    match NAMES.iter().find(|row| row.0.eq_ignore_ascii_case(name.text)) {
        Some(row) if negated => Ok(Comparison::NotEqual(row.1)),
        Some(row) => Ok(Comparison::Equal(row.1)),
        None => comparison(value, Ends::Included),
    }
}

fn rpc(value: Text<'_>) -> Parsed<Condition> {
    let parts = value.commas();
    let wild = |part: Option<&Text<'_>>| match part {
        None => Ok(None),
        Some(part) if part.text == "*" => Ok(None),
        Some(part) => number_up_to(*part, u64::from(u32::MAX)).map(|n| Some(n as u32)),
    };
    let program = number(parts.first().copied().unwrap_or(value))? as u32;
    Ok(Condition::Rpc { program, version: wild(parts.get(1))?, procedure: wild(parts.get(2))? })
}

fn stream_size(value: Text<'_>) -> Parsed<Condition> {
    let parts = value.commas();
    let [side, operator, size] = parts[..] else {
        return Err(value.fault("stream_size takes three arguments").advise("stream_size:server, >, 1000"));
    };
    let direction = match side.text {
        "client" => StreamSide::Client,
        "server" => StreamSide::Server,
        "both" => StreamSide::Both,
        "either" => StreamSide::Either,
        other => {
            return Err(side
                .fault(format!("'{other}' is not a side"))
                .advise("client, server, both or either"));
        }
    };
    let n = number(size)?;
    let size = match operator.text {
        "=" => Comparison::Equal(n),
        "!=" => Comparison::NotEqual(n),
        "<" => Comparison::Less(n),
        "<=" => Comparison::LessOrEqual(n),
        ">" => Comparison::Greater(n),
        ">=" => Comparison::GreaterOrEqual(n),
        other => {
            return Err(operator.fault(format!("'{other}' is not an operator")).advise("= != < <= > or >="));
        }
    };
    Ok(Condition::StreamSize { direction, size })
}

/// Takes backslashes away that only protected the character after them.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            plain.push(c);
        }
    }
    plain
}

/// The options between semicolons; those in quotes or after a backslash do not part.
fn split(body: Text<'_>) -> Parsed<Vec<Text<'_>>> {
    let mut options = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, c) in body.text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quote = if quote.is_some() { None } else { Some(at) },
            ';' if quote.is_none() => {
                let option = body.to(at).from(start).trim();
                if !option.is_empty() {
                    options.push(option);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    if let Some(at) = quote {
        return Err(body.from(at).fault("this double quote is not closed"));
    }
    let rest = body.from(start).trim();
    if !rest.is_empty() {
        return Err(rest
            .fault(format!("no semicolon ends the option '{}'", rest.text))
            .advise("every option ends in ';', the last one too"));
    }
    Ok(options)
}
