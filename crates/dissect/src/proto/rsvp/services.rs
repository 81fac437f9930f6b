//! Integrated services: what traffic is like, what a network offers, what is reserved (RFC 2210, RFC 2215).

use super::names;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes a second in a megabit a second.
const MEGABIT: f64 = 125_000.0;
const HEAD_LEN: usize = 4;

/// Prints services with their parameters on lines that start with `indent`.
pub(super) fn print(out: &mut Out, mut c: Cursor<'_>, indent: &str) -> Walk {
    let (version, _, words) = (c.u8()? >> 4, c.u8()?, c.u16()?);
    write!(out, "{indent}  Msg-Version: {version}, length: {}", u32::from(words) << 2);
    while c.length() >= HEAD_LEN {
        let (service, flags, words) = (c.u8()?, c.u8()?, c.u16()?);
        write!(out, "{indent}  Service Type: ");
        out.token(names::SERVICES, service, format_args!("unknown"));
        let is_set = if flags & 0x80 != 0 { "" } else { "not " };
        let len = usize::from(words) << 2;
        write!(out, " ({service}), break bit {is_set}set, Service length: {len}");
        let mut left = len;
        while left >= HEAD_LEN {
            let processed = parameter(out, c.claim(c.length()))?;
            c.advance(processed);
            left = left.saturating_sub(processed);
        }
    }
    Ok(())
}

/// Prints a parameter, and says how long it is.
fn parameter(out: &mut Out, mut c: Cursor<'_>) -> Walk<usize> {
    if c.length() < HEAD_LEN {
        return out.disagree("object length", c.length(), "<", HEAD_LEN);
    }
    let (kind, flags, words) = (c.u8()?, c.u8()?, c.u16()?);
    let len = usize::from(words) << 2;
    out.text("\n\t      Parameter ID: ");
    out.token(names::PARAMETERS, kind, format_args!("unknown"));
    write!(out, " ({kind}), length: {len}, Flags: [0x{flags:02x}]");
    if c.length() < len {
        return out.disagree("object length", c.length() + HEAD_LEN, "<", len + HEAD_LEN);
    }
    let mut value = c.claim(len);
    match kind {
        4 if len == 4 => write!(out, "\n\t\tIS hop count: {}", value.u32()?),
        6 if len == 4 => rate(out, "Path b/w estimate", &mut value)?,
        8 if len == 4 => match value.u32()? {
            u32::MAX => {
                out.text("\n\t\tMinimum path latency: don't care");
            }
            latency => write!(out, "\n\t\tMinimum path latency: {latency}"),
        },
        10 if len == 4 => write!(out, "\n\t\tComposed MTU: {} bytes", value.u32()?),
        127 if len == 20 => {
            rate(out, "Token Bucket Rate", &mut value)?;
            let size = f64::from(f32::from_bits(value.u32()?));
            out.text("\n\t\tToken Bucket Size: ").general(size).text(" bytes");
            rate(out, "Peak Data Rate", &mut value)?;
            write!(out, "\n\t\tMinimum Policed Unit: {} bytes", value.u32()?);
            write!(out, "\n\t\tMaximum Packet Size: {} bytes", value.u32()?);
        }
        130 if len == 8 => {
            rate(out, "Rate", &mut value)?;
            write!(out, "\n\t\tSlack Term: {}", value.u32()?);
        }
        133..=136 if len == 4 => write!(out, "\n\t\tValue: {}", value.u32()?),
        4 | 6 | 8 | 10 | 127 | 130 | 133..=136 => {}
        _ if out.options.verbose <= 1 => out.dump_hex("\n\t\t", value.claimed_bytes()),
        _ => {}
    }
    Ok(len + HEAD_LEN)
}

fn rate(out: &mut Out, name: &str, c: &mut Cursor<'_>) -> Walk {
    let rate = f64::from(f32::from_bits(c.u32()?)) / MEGABIT;
    out.text("\n\t\t").text(name).text(": ").general(rate).text(" Mbps");
    Ok(())
}

/// Digits that matter of a number written by [`Out::general`].
const DIGITS: i32 = 10;

impl Out {
    /// Writes a number as C's `%.10g` does.
    pub(super) fn general(&mut self, value: f64) -> &mut Self {
        let sign = if value.is_sign_negative() { "-" } else { "" };
        if !value.is_finite() {
            return self.text(sign).text(if value.is_nan() { "nan" } else { "inf" });
        }
        let scientific = format!("{:.*e}", (DIGITS - 1) as usize, value);
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let trimmed = |digits: &str| match digits.contains('.') {
            true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => digits.to_owned(),
        };
        if (-4..DIGITS).contains(&exponent) {
            return self.text(&trimmed(&format!("{value:.*}", (DIGITS - 1 - exponent) as usize)));
        }
        let sign = if exponent < 0 { "-" } else { "+" };
        write!(self, "{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
        self
    }
}
