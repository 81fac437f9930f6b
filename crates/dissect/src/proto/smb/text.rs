//! Dumps in the form that SMB has them, and times of DOS.

use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// Bytes in a row, in two halves.
const ROW: usize = 16;
const HALF: usize = 8;

/// Dumps `length` bytes in hex and as text; stops where they were not captured.
pub(super) fn dump(out: &mut Out, c: Cursor<'_>, length: usize) -> Walk {
    let bytes = c.claim(length);
    let mut at = 0;
    while at < length {
        let row = length.min(at + ROW) - at;
        write!(out, "[{at:03X}] ");
        for column in 0..row {
            let byte = bytes.peek_u8(at + column)?;
            out.hex_upper(byte).text(" ");
            if column + 1 == HALF && row > HALF {
                out.text(" ");
            }
        }
        let row_bytes = bytes.peek(at, row)?;
        if row == ROW {
            let (first, second) = row_bytes.split_at(HALF);
            out.text(" ");
            out.escaped(first).text(" ").escaped(second).text("\n");
        } else {
            let missing = ROW - row;
            out.text(" ");
            if missing >= HALF {
                out.text(" ");
            }
            for _ in 0..missing {
                out.text("   ");
            }
            let (first, second) = row_bytes.split_at(row.min(HALF));
            out.escaped(first).text(" ");
            out.escaped(second).text("\n");
        }
        at += row;
    }
    Ok(())
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes a date and time of day as DOS packs them: the date in the high half.
pub(super) fn dos_time(out: &mut Out, packed: u32) {
    let (second, minute, hour) = (2 * (packed & 0x1f), (packed >> 5) & 0x3f, (packed >> 11) & 0x1f);
    let (day, month, year) = ((packed >> 16) & 0x1f, (packed >> 21) & 0x0f, 1980 + (packed >> 25));
    // What is no date is carried over as calendars do.
    let first_of_year = jiff::civil::date(year as i16, 1, 1).at(0, 0, 0, 0);
    let span = jiff::Span::new()
        .months(i64::from(month) - 1)
        .days(i64::from(day) - 1)
        .hours(i64::from(hour))
        .minutes(i64::from(minute))
        .seconds(i64::from(second));
    let Ok(time) = first_of_year.checked_add(span) else {
        out.text("[localtime() or gmtime() couldn't convert the date and time]");
        return;
    };
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .get(time.weekday().to_monday_zero_offset() as usize)
        .copied()
        .unwrap_or_default();
    let month = MONTHS.get(time.month() as usize - 1).copied().unwrap_or_default();
    write!(out, "{weekday} {month} {:2} ", time.day());
    write!(out, "{:02}:{:02}:{:02} {}", time.hour(), time.minute(), time.second(), time.year());
}
