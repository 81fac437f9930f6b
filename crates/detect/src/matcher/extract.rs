//! Numbers out of payloads, for `byte_test`, `byte_jump`, `byte_extract` and `byte_math`.

use crate::language::{ByteOrder, Encoding, MathOperation, TestOperation};

/// Reads a number of `count` bytes at `at`; `None` where the bytes or digits are not there.
pub(super) fn number(
    bytes: &[u8],
    at: usize,
    count: usize,
    encoding: Encoding,
    payload: &[u8],
) -> Option<u32> {
    let field = bytes.get(at..)?.get(..count)?;
    match encoding {
        Encoding::Binary(order) => {
            let little = match order {
                ByteOrder::Big => false,
                ByteOrder::Little => true,
                ByteOrder::Dce => is_little_endian_dce(payload),
            };
            let fold = |value: u32, byte: &u8| value.wrapping_shl(8) | u32::from(*byte);
            Some(if little { field.iter().rev().fold(0, fold) } else { field.iter().fold(0, fold) })
        }
        Encoding::Text(base) => text_number(field, base),
    }
}

/// DCE/RPC says its byte order in the fifth byte of a connection-oriented header (C706 chapter 14).
fn is_little_endian_dce(payload: &[u8]) -> bool {
    payload.get(4).is_some_and(|byte| byte & 0xf0 == 0x10)
}

/// The number that the first digits of a text make, after blanks, a sign and `0x`.
fn text_number(field: &[u8], base: u32) -> Option<u32> {
    let text = field.trim_ascii_start();
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let text = match text {
        [b'0', b'x' | b'X', rest @ ..] if base == 16 => rest,
        _ => text,
    };
    let digits = text.iter().map_while(|byte| char::from(*byte).to_digit(base));
    let mut any = false;
    let value = digits.fold(0u64, |value, digit| {
        any = true;
        (value * u64::from(base) + u64::from(digit)).min(u64::from(u32::MAX))
    }) as u32;
    any.then_some(if negative { value.wrapping_neg() } else { value })
}

/// Keeps the bits of a mask and shifts them down.
pub(super) fn masked(value: u32, mask: Option<u32>) -> u32 {
    match mask {
        Some(mask) if mask != 0 => (value & mask) >> mask.trailing_zeros(),
        _ => value,
    }
}

/// The comparison of `byte_test`, before it is turned round.
pub(super) fn test(operation: TestOperation, found: u32, wanted: u32) -> bool {
    match operation {
        TestOperation::Less => found < wanted,
        TestOperation::Greater => found > wanted,
        TestOperation::Equal => found == wanted,
        TestOperation::LessOrEqual => found <= wanted,
        TestOperation::GreaterOrEqual => found >= wanted,
        TestOperation::And => found & wanted != 0,
        TestOperation::Xor => found ^ wanted != 0,
    }
}

/// The operation of `byte_math`; `None` for a division by zero.
pub(super) fn math(operation: MathOperation, left: u32, right: u32) -> Option<u32> {
    Some(match operation {
        MathOperation::Add => left.wrapping_add(right),
        MathOperation::Subtract => left.wrapping_sub(right),
        MathOperation::Multiply => left.wrapping_mul(right),
        MathOperation::Divide => left.checked_div(right)?,
        MathOperation::ShiftLeft => left.unbounded_shl(right),
        MathOperation::ShiftRight => left.unbounded_shr(right),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_form() {
        let big = Encoding::Binary(ByteOrder::Big);
        let little = Encoding::Binary(ByteOrder::Little);
        let bytes = b"\x01\x02\x03\x04 -12x 0xBEEF";
        assert_eq!(number(bytes, 0, 4, big, bytes), Some(0x0102_0304));
        assert_eq!(number(bytes, 0, 3, little, bytes), Some(0x0003_0201));
        assert_eq!(number(bytes, 4, 5, Encoding::Text(10), bytes), Some(12u32.wrapping_neg()));
        assert_eq!(number(bytes, 10, 6, Encoding::Text(16), bytes), Some(0xbeef));
        assert_eq!(number(bytes, 8, 1, Encoding::Text(10), bytes), None, "no digit");
        assert_eq!(number(bytes, 14, 4, big, bytes), None, "past the end");
        assert_eq!(masked(0x0ff0, Some(0x00f0)), 0xf);
    }
}
