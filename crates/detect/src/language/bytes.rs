//! `byte_test`, `byte_jump`, `byte_extract`, `byte_math`, and numbers that they put into variables.

use super::error::{Fault, Parsed};
use super::number;
use super::text::Text;

/// A number in a rule: written out, or taken from the packet by an option before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Written out.
    Number(i64),
    /// The variable of a `byte_extract` or `byte_math`.
    Variable(String),
}

impl Operand {
    pub(super) fn parse(text: Text<'_>) -> Parsed<Operand> {
        let t = text.trim();
        let is_name = t.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name && t.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Ok(Operand::Variable(t.text.to_owned()));
        }
        number::signed(t).map(Operand::Number)
    }
}

/// Which byte of a binary number comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ByteOrder {
    /// The most significant.
    #[default]
    Big,
    /// The least significant.
    Little,
    /// As the DCE/RPC header of the packet says.
    Dce,
}

/// How a number stands in the packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// As a binary number.
    Binary(ByteOrder),
    /// As text in this base: 8, 10 or 16.
    Text(u32),
}

/// The relation that `byte_test` tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TestOperation {
    /// Below.
    Less,
    /// Above.
    Greater,
    /// Equal.
    Equal,
    /// Below or equal.
    LessOrEqual,
    /// Above or equal.
    GreaterOrEqual,
    /// Any of the bits is set.
    And,
    /// Any bit differs (bitwise exclusive or is not zero).
    Xor,
}

/// `byte_test`: a number in the packet compared with another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByteTest {
    /// Bytes of the number: 1 to 10 as text, 1, 2, 3 or 4 in binary.
    pub count: Operand,
    /// The result of the comparison is turned round.
    pub negated: bool,
    /// The comparison.
    pub operation: TestOperation,
    /// What to compare with.
    pub value: Operand,
    /// Where the number stands.
    pub offset: Operand,
    /// The offset counts from the match before.
    pub relative: bool,
    /// How the number stands there.
    pub encoding: Encoding,
    /// Bits to keep, and then to shift down by the zeros at the mask's end.
    pub mask: Option<u32>,
}

/// `byte_jump`: a number in the packet says how far to go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByteJump {
    /// Bytes of the number; 0 jumps by `post_offset` alone.
    pub count: Operand,
    /// Where the number stands.
    pub offset: Operand,
    /// The offset counts from the match before.
    pub relative: bool,
    /// How the number stands there.
    pub encoding: Encoding,
    /// What the number is multiplied with.
    pub multiplier: u32,
    /// The number is rounded up to a multiple of four.
    pub align: bool,
    /// The jump counts from the start of the payload.
    pub from_beginning: bool,
    /// The jump counts from the end of the payload.
    pub from_end: bool,
    /// Bytes to go on after the jump.
    pub post_offset: Operand,
    /// Bits of the number to keep.
    pub mask: Option<u32>,
}

/// `byte_extract`: a number in the packet put into a variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByteExtract {
    /// Bytes of the number.
    pub count: usize,
    /// Where the number stands.
    pub offset: Operand,
    /// The variable.
    pub name: String,
    /// The offset counts from the match before.
    pub relative: bool,
    /// How the number stands there.
    pub encoding: Encoding,
    /// What the number is multiplied with.
    pub multiplier: u32,
    /// The number is rounded up to a multiple of 2 or 4; 1 leaves it.
    pub align: u32,
    /// Bits of the number to keep.
    pub mask: Option<u32>,
}

/// What `byte_math` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum MathOperation {
    Add,
    Subtract,
    Multiply,
    Divide,
    ShiftLeft,
    ShiftRight,
}

/// `byte_math`: a number in the packet combined with another and put into a variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByteMath {
    /// Bytes of the number.
    pub count: Operand,
    /// Where the number stands.
    pub offset: Operand,
    /// The operation.
    pub operation: MathOperation,
    /// The other number.
    pub value: Operand,
    /// The variable for the result.
    pub name: String,
    /// The offset counts from the match before.
    pub relative: bool,
    /// How the number stands there.
    pub encoding: Encoding,
    /// Bits of the number to keep.
    pub mask: Option<u32>,
}

/// What the four options share after their own arguments.
struct Tail {
    relative: bool,
    order: Option<ByteOrder>,
    string: bool,
    base: Option<u32>,
    mask: Option<u32>,
    multiplier: u32,
    align: u32,
    from_beginning: bool,
    from_end: bool,
    post_offset: Operand,
}

impl Tail {
    /// Reads flags; which of them an option may have is in `allowed`.
    fn parse(parts: &[Text<'_>], allowed: &[&str]) -> Parsed<Tail> {
        let mut tail = Tail {
            relative: false,
            order: None,
            string: false,
            base: None,
            mask: None,
            multiplier: 1,
            align: 1,
            from_beginning: false,
            from_end: false,
            post_offset: Operand::Number(0),
        };
        for part in parts {
            let (name, value) = part.word();
            if !allowed.contains(&name.text) {
                return Err(name
                    .fault(format!("'{}' is not known here", name.text))
                    .advise(format!("possible are: {}", allowed.join(", "))));
            }
            match name.text {
                "relative" => tail.relative = true,
                "big" => tail.order = Some(ByteOrder::Big),
                "little" => tail.order = Some(ByteOrder::Little),
                "dce" => tail.order = Some(ByteOrder::Dce),
                "endian" => {
                    tail.order =
                        Some(if value.text == "little" { ByteOrder::Little } else { ByteOrder::Big });
                }
                "string" => {
                    tail.string = true;
                    tail.base = base(value.text).or(tail.base);
                }
                "hex" | "dec" | "oct" => tail.base = base(name.text),
                "bitmask" => tail.mask = Some(number::number_up_to(value, u64::from(u32::MAX))? as u32),
                "multiplier" => tail.multiplier = number::number_up_to(value, u64::from(u32::MAX))? as u32,
                "align" if value.is_empty() => tail.align = 4,
                "align" => tail.align = number::number_up_to(value, 4)? as u32,
                "from_beginning" => tail.from_beginning = true,
                "from_end" => tail.from_end = true,
                "post_offset" => tail.post_offset = Operand::parse(value)?,
                _ => {}
            }
        }
        Ok(tail)
    }

    fn encoding(&self) -> Encoding {
        match (self.string, self.base) {
            (false, None) => Encoding::Binary(self.order.unwrap_or_default()),
            (_, base) => Encoding::Text(base.unwrap_or(10)),
        }
    }
}

fn base(name: &str) -> Option<u32> {
    match name {
        "hex" => Some(16),
        "dec" => Some(10),
        "oct" => Some(8),
        _ => None,
    }
}

const TEST_TAIL: &[&str] = &["relative", "big", "little", "dce", "string", "hex", "dec", "oct", "bitmask"];
const JUMP_TAIL: &[&str] = &[
    "relative",
    "big",
    "little",
    "dce",
    "string",
    "hex",
    "dec",
    "oct",
    "bitmask",
    "multiplier",
    "align",
    "from_beginning",
    "from_end",
    "post_offset",
];
const EXTRACT_TAIL: &[&str] =
    &["relative", "big", "little", "dce", "string", "hex", "dec", "oct", "bitmask", "multiplier", "align"];

/// The first `N` arguments, and the rest.
fn arguments<'p, 't, const N: usize>(
    parts: &'p [Text<'t>],
    value: Text<'t>,
    form: &str,
) -> Parsed<(&'p [Text<'t>; N], &'p [Text<'t>])> {
    parts.split_first_chunk::<N>().ok_or_else(|| {
        Fault::new(value.at, format!("{N} arguments are needed, {} are there", parts.len())).advise(form)
    })
}

fn count(text: Text<'_>, encoding: Encoding) -> Parsed<Operand> {
    let count = Operand::parse(text)?;
    let most = match encoding {
        Encoding::Binary(_) => 4,
        Encoding::Text(_) => 10,
    };
    match count {
        Operand::Number(n) if !(1..=most).contains(&n) => {
            Err(text.fault(format!("{n} bytes cannot be read as a number here: 1 to {most} can")))
        }
        count => Ok(count),
    }
}

impl ByteTest {
    pub(super) fn parse(value: Text<'_>) -> Parsed<ByteTest> {
        let parts = value.commas();
        let ([bytes, operation, with, offset], flags) =
            arguments::<4>(&parts, value, "byte_test:COUNT, OPERATOR, VALUE, OFFSET [, relative …]")?;
        let tail = Tail::parse(flags, TEST_TAIL)?;
        let (negated, sign) = match operation.strip_prefix("!") {
            Some(rest) => (true, rest.trim()),
            None => (false, *operation),
        };
        let operation = match sign.text {
            "<" => TestOperation::Less,
            ">" => TestOperation::Greater,
            "=" | "" => TestOperation::Equal,
            "<=" => TestOperation::LessOrEqual,
            ">=" => TestOperation::GreaterOrEqual,
            "&" => TestOperation::And,
            "^" => TestOperation::Xor,
            other => {
                return Err(sign
                    .fault(format!("'{other}' is not an operator"))
                    .advise("one of < > = <= >= & ^, with ! before it to negate"));
            }
        };
        Ok(ByteTest {
            count: count(*bytes, tail.encoding())?,
            negated,
            operation,
            value: Operand::parse(*with)?,
            offset: Operand::parse(*offset)?,
            relative: tail.relative,
            encoding: tail.encoding(),
            mask: tail.mask,
        })
    }
}

impl ByteJump {
    pub(super) fn parse(value: Text<'_>) -> Parsed<ByteJump> {
        let parts = value.commas();
        let ([bytes, offset], flags) =
            arguments::<2>(&parts, value, "byte_jump:COUNT, OFFSET [, relative, multiplier N, align …]")?;
        let tail = Tail::parse(flags, JUMP_TAIL)?;
        let count = match Operand::parse(*bytes)? {
            Operand::Number(0) => Operand::Number(0),
            _ => count(*bytes, tail.encoding())?,
        };
        Ok(ByteJump {
            count,
            offset: Operand::parse(*offset)?,
            relative: tail.relative,
            encoding: tail.encoding(),
            multiplier: tail.multiplier,
            align: tail.align > 1,
            from_beginning: tail.from_beginning,
            from_end: tail.from_end,
            post_offset: tail.post_offset,
            mask: tail.mask,
        })
    }
}

impl ByteExtract {
    pub(super) fn parse(value: Text<'_>) -> Parsed<ByteExtract> {
        let parts = value.commas();
        let ([bytes, offset, name], flags) =
            arguments::<3>(&parts, value, "byte_extract:COUNT, OFFSET, NAME [, relative …]")?;
        let tail = Tail::parse(flags, EXTRACT_TAIL)?;
        let Operand::Number(count) = count(*bytes, tail.encoding())? else {
            return Err(bytes.fault("byte_extract needs a number of bytes"));
        };
        Ok(ByteExtract {
            count: count as usize,
            offset: Operand::parse(*offset)?,
            name: variable_name(*name)?,
            relative: tail.relative,
            encoding: tail.encoding(),
            multiplier: tail.multiplier,
            align: tail.align,
            mask: tail.mask,
        })
    }
}

impl ByteMath {
    pub(super) fn parse(value: Text<'_>) -> Parsed<ByteMath> {
        const FORM: &str = "byte_math:bytes N, offset N, oper +, rvalue N, result NAME [, relative …]";
        let (mut count, mut offset, mut operation, mut with, mut name) = (None, None, None, None, None);
        let mut flags = Vec::new();
        for part in value.commas() {
            let (key, argument) = part.word();
            match key.text {
                "bytes" => count = Some(Operand::parse(argument)?),
                "offset" => offset = Some(Operand::parse(argument)?),
                "rvalue" => with = Some(Operand::parse(argument)?),
                "result" => name = Some(variable_name(argument)?),
                "oper" => {
                    operation = Some(match argument.text {
                        "+" => MathOperation::Add,
                        "-" => MathOperation::Subtract,
                        "*" => MathOperation::Multiply,
                        "/" => MathOperation::Divide,
                        "<<" => MathOperation::ShiftLeft,
                        ">>" => MathOperation::ShiftRight,
                        other => {
                            return Err(argument
                                .fault(format!("'{other}' is not an operation"))
                                .advise("one of + - * / << >>"));
                        }
                    });
                }
                _ => flags.push(part),
            }
        }
        let tail = Tail::parse(&flags, &["relative", "endian", "string", "bitmask", "dce"])?;
        let (Some(count), Some(offset), Some(operation), Some(with), Some(name)) =
            (count, offset, operation, with, name)
        else {
            return Err(value
                .fault("byte_math lacks one of bytes, offset, oper, rvalue, result")
                .advise(FORM));
        };
        Ok(ByteMath {
            count,
            offset,
            operation,
            value: with,
            name,
            relative: tail.relative,
            encoding: tail.encoding(),
            mask: tail.mask,
        })
    }
}

fn variable_name(text: Text<'_>) -> Parsed<String> {
    match Operand::parse(text) {
        Ok(Operand::Variable(name)) => Ok(name),
        _ => Err(text.fault(format!("'{}' is not a name for a variable", text.text))),
    }
}
