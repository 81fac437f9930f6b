//! The parts of an IEEE 802.15.4 frame, of which all are little-endian.

use crate::Out;

/// Why a frame is not read any further: what is to be said of it, or that it was cut short.
pub(super) enum Failed {
    Told(&'static str),
    Cut,
}

pub(super) type Parsed<T = ()> = Result<T, Failed>;

/// What is left of a frame.
pub(super) struct Frame<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    /// The check sequence as it was captured, and as it is computed.
    check: Option<(u16, u16)>,
}

/// Bytes of the check sequence.
const CHECK_LEN: usize = 2;
/// Bytes of an extended address.
pub(super) const EXTENDED_LEN: usize = 8;

/// The remainder of ITU-T's polynomial, as IEEE 802.15.4 has it.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8)
            .fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 != 0 { (crc >> 1) ^ 0x8408 } else { crc >> 1 })
    })
}

impl<'a> Frame<'a> {
    /// The frame of these bytes, of which some are read. Its check sequence does not belong to it if it is right.
    pub(super) fn new(bytes: &'a [u8], read: usize) -> Self {
        let mut end = bytes.len();
        let mut check = None;
        if let Some((body, captured)) = bytes.split_last_chunk::<CHECK_LEN>() {
            let (captured, computed) = (u16::from_le_bytes(*captured), crc16(body));
            if captured == computed {
                end = body.len();
            }
            check = Some((captured, computed));
        }
        Frame { bytes, at: read, end, check }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..self.end).unwrap_or(&[])
    }

    pub(super) fn take(&mut self, len: usize, or: &'static str) -> Parsed<&'a [u8]> {
        let taken = self.rest().get(..len).ok_or(Failed::Told(or))?;
        self.at += len;
        Ok(taken)
    }

    pub(super) fn take_at_most(&mut self, len: usize) -> &'a [u8] {
        let rest = self.rest();
        let taken = rest.get(..len).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    pub(super) fn u8(&mut self, or: &'static str) -> Parsed<u8> {
        Ok(u8_at(self.take(1, or)?, 0))
    }

    pub(super) fn u16(&mut self, or: &'static str) -> Parsed<u16> {
        Ok(u16_at(self.take(2, or)?, 0))
    }

    /// A byte further on, even behind the end of what belongs to the frame.
    pub(super) fn beyond(&self, offset: usize) -> Parsed<u8> {
        self.bytes.get(self.at + offset).copied().ok_or(Failed::Cut)
    }

    pub(super) fn sequence(&mut self, out: &mut Out) -> Parsed {
        let sequence = self.beyond(0)?;
        self.at += 1;
        if out.options.verbose > 0 {
            write!(out, "seq {sequence:02x} ");
        }
        Ok(())
    }

    /// Prints the network of an address, if it has one.
    pub(super) fn network(&mut self, out: &mut Out, is_there: bool) -> Parsed {
        if is_there {
            write!(out, "{:04x}:", self.u16("[ERROR: Truncated before dst_pan]")?);
        } else {
            out.text("-:");
        }
        Ok(())
    }

    pub(super) fn address(&mut self, out: &mut Out, mode: u16) -> Parsed {
        let len = match mode {
            0 => 0,
            3 => EXTENDED_LEN,
            _ => 2,
        };
        address(out, self.take(len, "[ERROR: Truncated before dst_addr]")?);
        Ok(())
    }

    /// Prints the security header; gives back its level.
    pub(super) fn security(&mut self, out: &mut Out) -> Parsed<u8> {
        let control = self.u8("[ERROR: Truncated before Aux Security Header]")?;
        let (level, mode) = (control & 7, (control >> 3) & 3);
        if out.options.verbose > 0 {
            write!(out, "\n\tSecurity Level {level}, Key Id Mode {mode}, ");
        }
        let tells = out.options.verbose > 1;
        if control & NO_COUNTER == 0 {
            let counter = u32_at(self.take(4, "[ERROR: Truncated before Frame Counter]")?, 0);
            if tells {
                write!(out, "Frame Counter 0x{counter:08x} ");
            }
        }
        match mode {
            0 => {
                if tells {
                    out.text("Implicit");
                }
                return Ok(level);
            }
            1 => {}
            2 => {
                let source = self.take(4, NO_KEY_SOURCE)?;
                if tells {
                    write!(out, "KeySource 0x{:04x}:{:x}4x, ", u16_at(source, 0), u16_at(source, 2));
                }
            }
            _ => {
                let source = self.rest().get(..EXTENDED_LEN).ok_or(Failed::Told(NO_KEY_SOURCE))?;
                if tells {
                    out.text("KeySource ");
                    address(out, source);
                    out.text(", ");
                }
                // The index of the key is looked for in the middle of its source.
                self.at += 4;
            }
        }
        let index = self.u8("[ERROR: Truncated before Key Index]")?;
        if tells {
            write!(out, "KeyIndex 0x{index:02x}, ");
        }
        Ok(level)
    }

    /// Takes the code that ends a frame of this level of security.
    pub(super) fn integrity_code(&mut self, out: &mut Out, level: u8) -> Parsed {
        let len = match level & 3 {
            0 => 0,
            size => 2 << size,
        };
        let rest = self.rest();
        let start = rest.len().checked_sub(len).ok_or(Failed::Told("[ERROR: Truncated before MIC]"))?;
        if len > 0 && out.options.verbose > 2 {
            out.text("\n\tMIC ");
            for byte in after(rest, start) {
                out.hex(*byte, 2);
            }
            out.text(" ");
        }
        self.end -= len;
        Ok(())
    }

    /// Says whether the frame's check sequence is right.
    pub(super) fn check_sequence(&self, out: &mut Out) {
        if out.options.verbose <= 2 {
            return;
        }
        match self.check {
            Some((captured, computed)) if captured == computed => write!(out, "FCS {captured:x} "),
            Some((captured, computed)) => {
                write!(out, "wrong FCS {captured:x} vs {computed:x} (assume no FCS stored) ");
            }
            None => {}
        }
    }
}

const NO_COUNTER: u8 = 1 << 5;
const NO_KEY_SOURCE: &str = "[ERROR: Truncated before Key Source]";

/// The bytes from here on; none behind their end.
pub(super) fn after(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or(&[])
}

/// So many bytes from here on; none where not all of them are there.
pub(super) fn part(bytes: &[u8], at: usize, len: usize) -> &[u8] {
    bytes.get(at..at + len).unwrap_or(&[])
}

pub(super) fn u8_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([u8_at(bytes, at), u8_at(bytes, at + 1)])
}

pub(super) fn u24_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u8_at(bytes, at + 2)) << 16
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

/// Writes an address: none, a short or an extended one.
pub(super) fn address(out: &mut Out, bytes: &[u8]) {
    match bytes {
        [] => _ = out.text("none"),
        [_, _] => write!(out, "{:04x}", u16_at(bytes, 0)),
        _ => {
            for (at, byte) in bytes.iter().rev().enumerate() {
                if at > 0 {
                    out.text(":");
                }
                out.hex(*byte, 2);
            }
        }
    }
}

/// Writes bytes with a space behind each.
pub(super) fn spaced(out: &mut Out, bytes: &[u8]) {
    for byte in bytes {
        write!(out, "{byte:02x} ");
    }
}
