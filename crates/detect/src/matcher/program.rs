//! A rule made ready to run: names resolved, expressions compiled, cheap conditions first.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::evaluate::MAX_VARIABLES;
use super::expression::Expression;
use crate::language::{
    Asn1, Buffer, ByteExtract, ByteJump, ByteMath, ByteTest, Comparison, Condition, Content, Endpoint, Error,
    FastPattern, Flow, FlowbitsAction, FragmentBits, IpOption, Operand, Protocol, Rule, StreamSide, TcpFlags,
    TlsStates, TlsVersions,
};

/// Conditions on the payload that one rule may have; evaluation nests as deep.
const MAX_STEPS: usize = 256;

/// A number known from the start, or the place of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    Number(i64),
    Variable(usize),
}

/// A condition on headers and the conversation; their order does not matter.
pub(super) enum Check {
    DataSize(Comparison),
    TcpFlags(TcpFlags),
    Flow(Flow),
    StreamSize(StreamSide, Comparison),
    Ttl(Comparison),
    Tos(Comparison),
    Id(Comparison),
    IpOption(IpOption),
    FragmentBits(FragmentBits),
    FragmentOffset(Comparison),
    IpProtocol(Comparison),
    SameIp,
    Sequence(u32),
    Acknowledgement(u32),
    Window(Comparison),
    IcmpType(Comparison),
    IcmpCode(Comparison),
    IcmpId(u16),
    IcmpSequence(u16),
    Rpc {
        program: u32,
        version: Option<u32>,
        procedure: Option<u32>,
    },
    UriLength {
        length: Comparison,
        raw: bool,
    },
    /// All of the bits, or one of them, are set; or none of them is.
    Bits {
        bits: Vec<u32>,
        any: bool,
        set: bool,
    },
}

/// What a rule does to the conversation's bits once it matches.
pub(super) enum Effect {
    Set(Vec<u32>),
    Unset(Vec<u32>),
    Toggle(Vec<u32>),
    Reset(Vec<u32>),
    ResetAll,
}

/// A content ready to be searched.
pub(super) struct Search {
    pub(super) pattern: Vec<u8>,
    finder: Finder<'static>,
    pub(super) nocase: bool,
    pub(super) negated: bool,
    pub(super) buffer: Buffer,
    pub(super) offset: Value,
    pub(super) depth: Option<Value>,
    pub(super) relative: bool,
    pub(super) distance: Value,
    pub(super) within: Option<Value>,
}

/// A condition on the payload, in the rule's order.
pub(super) enum Step {
    Search(Box<Search>),
    Expression(Expression),
    /// What follows looks at this buffer, from its start.
    Enter(Buffer),
    ByteTest {
        test: ByteTest,
        count: Value,
        value: Value,
        offset: Value,
    },
    ByteJump {
        jump: ByteJump,
        count: Value,
        offset: Value,
        post: Value,
    },
    ByteExtract {
        extract: ByteExtract,
        offset: Value,
        into: usize,
    },
    ByteMath {
        math: ByteMath,
        count: Value,
        offset: Value,
        value: Value,
        into: usize,
    },
    DataAt {
        offset: Value,
        negated: bool,
        relative: bool,
        buffer: Buffer,
    },
    Base64Decode {
        bytes: Option<usize>,
        offset: usize,
        relative: bool,
    },
    Asn1(Asn1),
    TlsVersion(TlsVersions),
    TlsState(TlsStates),
    CvsInvalidEntry,
    FtpBounce,
}

/// The pattern by which a rule is found among many.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Fast {
    pub(super) buffer: Buffer,
    /// Lower-case.
    pub(super) pattern: Vec<u8>,
}

impl Fast {
    /// Where the pattern ends in `bytes`, each time that it stands there.
    pub(super) fn ends<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + find_caseless(&self.pattern, bytes.get(from..)?)?;
            from = at + 1;
            Some(at + self.pattern.len())
        })
    }
}

/// A rule ready to run.
pub(super) struct Program {
    /// Place of the rule in its set.
    pub(super) rule: usize,
    pub(super) protocol: Protocol,
    pub(super) source: Endpoint,
    pub(super) destination: Endpoint,
    pub(super) bidirectional: bool,
    /// The addresses need no look.
    pub(super) any_address: bool,
    pub(super) checks: Vec<Check>,
    pub(super) steps: Vec<Step>,
    /// For each step: whether a later one counts from where it matched, so that another match of it may help.
    pub(super) retry: Vec<bool>,
    pub(super) effects: Vec<Effect>,
    pub(super) quiet: bool,
    pub(super) fast: Option<Fast>,
}

/// Numbers for the names of conversation bits, shared by all rules.
#[derive(Default)]
pub(super) struct BitNames {
    numbers: HashMap<String, u32>,
    groups: HashMap<String, Vec<u32>>,
}

impl BitNames {
    /// Makes the groups known before rules ask for them: a group's bits are those that any rule puts in it.
    pub(super) fn know(&mut self, rules: &[Rule]) {
        for condition in rules.iter().flat_map(|rule| &rule.conditions) {
            if let Condition::Flowbits(flowbits) = condition {
                for name in &flowbits.names {
                    self.number(name, flowbits.group.as_deref());
                }
            }
        }
    }

    fn number(&mut self, name: &str, group: Option<&str>) -> u32 {
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(name.to_owned()).or_insert(next);
        if let Some(group) = group {
            let members = self.groups.entry(group.to_owned()).or_default();
            if !members.contains(&number) {
                members.push(number);
            }
        }
        number
    }
}

/// Variables of one rule.
#[derive(Default)]
struct Variables {
    names: Vec<String>,
}

impl Variables {
    fn value(&self, operand: &Operand) -> Result<Value, String> {
        match operand {
            Operand::Number(number) => Ok(Value::Number(*number)),
            Operand::Variable(name) => self
                .names
                .iter()
                .position(|known| known == name)
                .map(Value::Variable)
                .ok_or_else(|| format!("'{name}' is used before a byte_extract or byte_math has set it")),
        }
    }

    fn optional(&self, operand: &Option<Operand>) -> Result<Option<Value>, String> {
        operand.as_ref().map(|operand| self.value(operand)).transpose()
    }

    fn define(&mut self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }
}

/// Compiles a rule, which has `number` in its set.
pub(super) fn compile(rule: &Rule, number: usize, bits: &mut BitNames) -> Result<Program, Error> {
    let fail = |message: String| Error {
        location: rule.location.clone(),
        message: format!("rule {}:{}: {message}", rule.gid, rule.sid),
        advice: None,
        line: String::new(),
        skippable: true,
    };
    let mut program = Program {
        rule: number,
        protocol: rule.protocol,
        source: rule.source.clone(),
        destination: rule.destination.clone(),
        bidirectional: rule.bidirectional,
        any_address: rule.source.addresses.is_any() && rule.destination.addresses.is_any(),
        checks: Vec::new(),
        steps: Vec::new(),
        retry: Vec::new(),
        effects: Vec::new(),
        quiet: false,
        fast: fast_pattern(rule),
    };
    let mut variables = Variables::default();
    for condition in &rule.conditions {
        if let Condition::Flowbits(flowbits) = condition {
            program.flowbits(flowbits, bits);
        } else if let Some(check) = check(condition) {
            program.checks.push(check);
        } else {
            let step = step(condition, &mut variables).map_err(|message| at(condition, fail(message)))?;
            program.steps.extend(step);
        }
    }
    if variables.names.len() > MAX_VARIABLES {
        return Err(fail(format!("it has more than {MAX_VARIABLES} variables")));
    }
    if program.steps.len() > MAX_STEPS {
        return Err(fail(format!("it has more than {MAX_STEPS} conditions on the payload")));
    }
    program.retry = (0..program.steps.len())
        .map(|at| program.steps.get(at + 1..).unwrap_or_default().iter().any(Step::is_relative))
        .collect();
    Ok(program)
}

/// The error at the place of the condition that it is about, where that knows its own.
fn at(condition: &Condition, error: Error) -> Error {
    match condition {
        Condition::Pcre(pcre) => Error { location: pcre.location.clone(), line: pcre.line.clone(), ..error },
        _ => error,
    }
}

impl Program {
    /// Whether the rule changes bits of the conversation.
    pub(super) fn changes_bits(&self) -> bool {
        !self.effects.is_empty()
    }

    /// Whether the rule asks for bits of the conversation.
    pub(super) fn asks_for_bits(&self) -> bool {
        self.checks.iter().any(|check| matches!(check, Check::Bits { .. }))
    }

    fn flowbits(&mut self, flowbits: &crate::language::Flowbits, names: &mut BitNames) {
        let group = flowbits.group.as_deref();
        let named: Vec<u32> = flowbits.names.iter().map(|name| names.number(name, group)).collect();
        let (any, members) = (flowbits.any, group.and_then(|group| names.groups.get(group)).cloned());
        let bits = if named.is_empty() { members.clone().unwrap_or_default() } else { named };
        match flowbits.action {
            FlowbitsAction::Set => self.effects.push(Effect::Set(bits)),
            FlowbitsAction::SetExclusive => {
                self.effects.extend(members.map(Effect::Reset));
                self.effects.push(Effect::Set(bits));
            }
            FlowbitsAction::Unset => self.effects.push(Effect::Unset(bits)),
            FlowbitsAction::Toggle => self.effects.push(Effect::Toggle(bits)),
            FlowbitsAction::IsSet => self.checks.push(Check::Bits { bits, any, set: true }),
            FlowbitsAction::IsNotSet => self.checks.push(Check::Bits { bits, any, set: false }),
            FlowbitsAction::Reset => {
                self.effects.push(members.map_or(Effect::ResetAll, Effect::Reset));
            }
            FlowbitsAction::NoAlert => self.quiet = true,
        }
    }
}

fn check(condition: &Condition) -> Option<Check> {
    Some(match condition {
        Condition::DataSize(size) => Check::DataSize(*size),
        Condition::TcpFlags(flags) => Check::TcpFlags(*flags),
        Condition::Flow(flow) => Check::Flow(*flow),
        Condition::StreamSize { direction, size } => Check::StreamSize(*direction, *size),
        Condition::Ttl(ttl) => Check::Ttl(*ttl),
        Condition::Tos(tos) => Check::Tos(*tos),
        Condition::Id(id) => Check::Id(*id),
        Condition::IpOption(option) => Check::IpOption(*option),
        Condition::FragmentBits(bits) => Check::FragmentBits(*bits),
        Condition::FragmentOffset(offset) => Check::FragmentOffset(*offset),
        Condition::IpProtocol(number) => Check::IpProtocol(*number),
        Condition::SameIp => Check::SameIp,
        Condition::Sequence(number) => Check::Sequence(*number),
        Condition::Acknowledgement(number) => Check::Acknowledgement(*number),
        Condition::Window(window) => Check::Window(*window),
        Condition::IcmpType(kind) => Check::IcmpType(*kind),
        Condition::IcmpCode(code) => Check::IcmpCode(*code),
        Condition::IcmpId(id) => Check::IcmpId(*id),
        Condition::IcmpSequence(number) => Check::IcmpSequence(*number),
        Condition::Rpc { program, version, procedure } => {
            Check::Rpc { program: *program, version: *version, procedure: *procedure }
        }
        Condition::UriLength { length, raw } => Check::UriLength { length: *length, raw: *raw },
        _ => return None,
    })
}

fn step(condition: &Condition, variables: &mut Variables) -> Result<Option<Step>, String> {
    Ok(Some(match condition {
        Condition::Content(content)
            if content.fast_pattern == FastPattern::Only && !content.is_relative() =>
        {
            // Neither its place matters nor the case of its letters: the first search does not look at them.
            let pattern = content.pattern.to_ascii_lowercase();
            let found = Content { pattern, nocase: true, offset: None, depth: None, ..content.clone() };
            Step::Search(Box::new(Search::new(&found, variables)?))
        }
        Condition::Content(content) => Step::Search(Box::new(Search::new(content, variables)?)),
        Condition::Pcre(pcre) => Step::Expression(Expression::new(pcre)?),
        Condition::Enter(buffer) => Step::Enter(buffer.searched()),
        Condition::ByteTest(test) => Step::ByteTest {
            count: variables.value(&test.count)?,
            value: variables.value(&test.value)?,
            offset: variables.value(&test.offset)?,
            test: test.clone(),
        },
        Condition::ByteJump(jump) => Step::ByteJump {
            count: variables.value(&jump.count)?,
            offset: variables.value(&jump.offset)?,
            post: variables.value(&jump.post_offset)?,
            jump: jump.clone(),
        },
        Condition::ByteExtract(extract) => Step::ByteExtract {
            offset: variables.value(&extract.offset)?,
            into: variables.define(&extract.name),
            extract: extract.clone(),
        },
        Condition::ByteMath(math) => Step::ByteMath {
            count: variables.value(&math.count)?,
            offset: variables.value(&math.offset)?,
            value: variables.value(&math.value)?,
            into: variables.define(&math.name),
            math: math.clone(),
        },
        Condition::DataAt { offset, negated, relative, buffer } => Step::DataAt {
            offset: variables.value(offset)?,
            negated: *negated,
            relative: *relative,
            buffer: buffer.searched(),
        },
        Condition::Base64Decode { bytes, offset, relative } => {
            Step::Base64Decode { bytes: *bytes, offset: *offset, relative: *relative }
        }
        Condition::Asn1(asn1) => Step::Asn1(*asn1),
        Condition::TlsVersion(versions) => Step::TlsVersion(*versions),
        Condition::TlsState(states) => Step::TlsState(*states),
        Condition::CvsInvalidEntry => Step::CvsInvalidEntry,
        Condition::FtpBounce => Step::FtpBounce,
        _ => return Ok(None),
    }))
}

impl Step {
    /// Whether the step counts from where the step before matched.
    fn is_relative(&self) -> bool {
        match self {
            Step::Search(search) => search.relative,
            Step::Expression(expression) => expression.relative,
            Step::ByteTest { test, .. } => test.relative,
            Step::ByteJump { jump, .. } => jump.relative,
            Step::ByteExtract { extract, .. } => extract.relative,
            Step::ByteMath { math, .. } => math.relative,
            Step::DataAt { relative, .. } | Step::Base64Decode { relative, .. } => *relative,
            Step::Asn1(asn1) => asn1.relative_offset.is_some(),
            Step::FtpBounce => true,
            Step::Enter(_) | Step::TlsVersion(_) | Step::TlsState(_) | Step::CvsInvalidEntry => false,
        }
    }
}

impl Search {
    fn new(content: &Content, variables: &Variables) -> Result<Search, String> {
        let or_zero = |value: Option<Value>| value.unwrap_or(Value::Number(0));
        Ok(Search {
            finder: Finder::new(&content.pattern).into_owned(),
            pattern: content.pattern.clone(),
            nocase: content.nocase,
            negated: content.negated,
            buffer: content.buffer.searched(),
            offset: or_zero(variables.optional(&content.offset)?),
            depth: variables.optional(&content.depth)?,
            relative: content.is_relative(),
            distance: or_zero(variables.optional(&content.distance)?),
            within: variables.optional(&content.within)?,
        })
    }

    /// Where the pattern first stands in `bytes`.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8]) -> Option<usize> {
        if !self.nocase {
            return self.finder.find(bytes);
        }
        find_caseless(&self.pattern, bytes)
    }
}

/// Where a pattern in lower case first stands in `bytes`, letters in either case.
fn find_caseless(pattern: &[u8], bytes: &[u8]) -> Option<usize> {
    let first = *pattern.first()?;
    let (lower, upper) = (first, first.to_ascii_uppercase());
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + memchr::memchr2(lower, upper, rest)?;
        let window = bytes.get(at..at + pattern.len())?;
        if window.eq_ignore_ascii_case(pattern) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The pattern to find the rule by: the one it names, or its longest content that must be there.
fn fast_pattern(rule: &Rule) -> Option<Fast> {
    let contents = rule.conditions.iter().filter_map(|condition| match condition {
        Condition::Content(content) if !content.negated => Some(content),
        _ => None,
    });
    // What base64_decode will decode is not there to be searched beforehand.
    let usable = contents.filter(|content| content.buffer != Buffer::Base64Data);
    let best = usable
        .max_by_key(|content| (content.fast_pattern != FastPattern::Unsaid, distinct(&content.pattern)))?;
    let part = match best.fast_pattern {
        FastPattern::Part { offset, len } => best.pattern.get(offset..offset + len)?,
        _ => &best.pattern,
    };
    Some(Fast { buffer: best.buffer.searched(), pattern: part.to_ascii_lowercase() })
}

/// How telling a pattern is: its length, with runs of one byte (padding, no-operation sleds) counted once.
fn distinct(pattern: &[u8]) -> usize {
    pattern.windows(2).filter(|pair| pair.first() != pair.get(1)).count() + 1
}
