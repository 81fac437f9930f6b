//! File handles: opaque, but the layouts of well-known servers tell device and file (by the look of their bytes).

use crate::Out;
use wirescope_wire::{Cursor, Stop, Walk};

/// Bytes of a handle in version 2.
const VERSION_2_LEN: usize = 32;
/// Handles shorter than this are not looked into.
const MIN_LEN: usize = 16;
/// Handles of VMS that are shorter have no room for the file.
const VMS_MIN_LEN: usize = 28;
/// Most bytes of an undecoded handle that are shown.
const MAX_OPAQUE: usize = 32;
/// Most bytes of a handle that name a file system.
const MAX_NAME: usize = 64;

/// Prints a handle and advances past it.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>, version_3: bool) -> Walk {
    // Handles are whole words; bytes beyond the last one are left.
    let len = if version_3 { c.u32()? as usize / 4 * 4 } else { VERSION_2_LEN };
    c.need(len)?;
    if out.options.undecoded_nfs {
        out.text(" fh[");
        let mut between = "";
        for word in c.clip(len).bytes().as_chunks::<4>().0 {
            write!(out, "{between}{:x}", u32::from_be_bytes(*word));
            between = ":";
        }
        out.text("]");
    } else {
        decoded(out, *c, len)?;
    }
    c.skip(len)
}

/// Writes what a handle says; fields of a short one may lie in what follows it.
fn decoded(out: &mut Out, c: Cursor<'_>, len: usize) -> Walk {
    match layout(c, len)? {
        Layout::Device { major, minor, file } => write!(out, " fh {major},{minor}/{file}"),
        Layout::Named { file } => {
            name(out, c.ahead(1).bytes(), len);
            write!(out, "{file}");
        }
        Layout::Unknown => {
            name(out, b"Unknown", len);
            let shown = len.min(MAX_OPAQUE);
            for byte in c.peek(0, shown)? {
                write!(out, "{byte:02X}");
            }
        }
    }
    Ok(())
}

/// Writes the name of a file system: up to a blank, and no longer than the handle has words.
fn name(out: &mut Out, name: &[u8], len: usize) {
    let name = name.get(..(len / 4).min(MAX_NAME)).unwrap_or(name);
    let end = name.iter().position(|byte| matches!(byte, 0 | b' ')).unwrap_or(name.len());
    out.text(" fh ").escaped(name.get(..end).unwrap_or(name)).text("/");
}

/// What a server put into its handles.
enum Layout {
    Device { major: u32, minor: u32, file: u32 },
    Named { file: u32 },
    Unknown,
}

/// Guesses the server by which bytes are zero and where a length is.
fn layout(c: Cursor<'_>, len: usize) -> Walk<Layout> {
    if len < MIN_LEN {
        return Ok(Layout::Unknown);
    }
    let [a, b, d, e, f, g, h, i, l, m, ..] = *c.peek_array::<16>(0)?;
    let (length_big, length_little) = (u16::from_be_bytes([l, m]), u16::from_le_bytes([l, m]));
    let file_big = c.peek_u32(12)?;
    let file_little = file_big.swap_bytes();
    let pair =
        |major: u8, minor: u8, file: u32| Layout::Device { major: major.into(), minor: minor.into(), file };
    let osf1 = || {
        let device = u32::from_le_bytes([a, b, d, e]);
        Layout::Device { major: device >> 20, minor: device & 0xf_ffff, file: file_little }
    };
    let solaris = || Layout::Device {
        major: u32::from(u16::from_be_bytes([a, b]) >> 2) & 0x3fff,
        minor: u32::from_be_bytes([0, b, d, e]) & 0x3_ffff,
        file: file_big,
    };
    Ok(match (a | b, d | e) {
        // AIX, 64 and 32 bits; OSF/1.
        (0, 0) => pair(h, i, file_big),
        (0, _) if length_little == 12 && f != 0 && g == 0 => osf1(),
        (0, _) => pair(d, e, file_big),
        // 4.4BSD, ULTRIX.
        (_, 0) if h | i == 0 => pair(b, a, file_little),
        (_, 0) if c.peek_u8(21)? == 0 && c.peek_u8(23)? == 0 => pair(b, a, u32::from_le_bytes([f, g, h, i])),
        (_, 0) if length_big == 10 => solaris(),
        // HP-UX.
        (_, 1..) if length_big == 10 && f | g | h | i == 0 => {
            Layout::Device { major: a.into(), minor: u32::from_be_bytes([0, b, d, e]), file: file_big }
        }
        (_, 1..) if length_big == 10 => solaris(),
        (_, 1..) if length_little == 12 => osf1(),
        _ => vms(c, len)?,
    })
}

/// VMS puts a name into its handles: printable bytes, and then zeros.
fn vms(c: Cursor<'_>, len: usize) -> Walk<Layout> {
    if len < VMS_MIN_LEN {
        return Ok(Layout::Unknown);
    }
    let name = c.peek(1, 13)?;
    let printable = name.iter().take_while(|byte| (0x20..0x7f).contains(*byte)).count();
    if name.get(printable..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
        return Ok(Layout::Unknown);
    }
    let [low, high, _, _, upper, uppermost] = *c.peek_array::<6>(22).map_err(|_| Stop::Truncated)?;
    Ok(Layout::Named { file: u32::from_be_bytes([upper, uppermost, high, low]) })
}
