//! LBL's shared whiteboard, wb (its own protocol over IP multicast).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const OPERATIONS: &Tokens = &[
    (2, "RECT"),
    (3, "LINE"),
    (4, "ML"),
    (5, "DEL"),
    (6, "XFORM"),
    (7, "ELL"),
    (8, "CHAR"),
    (9, "STR"),
    (10, "NOP"),
    (11, "PSCODE"),
    (12, "PSCOMP"),
    (13, "REF"),
    (operation::SKIP, "SKIP"),
    (operation::HOLE, "HOLE"),
];

mod operation {
    pub(super) const SKIP: u32 = 14;
    pub(super) const HOLE: u32 = 15;
}

mod kind {
    pub(super) const DRAWING: u8 = 0;
    pub(super) const IDENTITY: u8 = 1;
    pub(super) const REPAIR_REQUEST: u8 = 2;
    pub(super) const REPAIR_REPLY: u8 = 3;
    pub(super) const KILL: u8 = 4;
    pub(super) const PAGE_REQUEST: u8 = 5;
    pub(super) const PAGE_REPLY: u8 = 7;
}

/// A page: who made it, and its number there.
struct Page {
    creator: [u8; 4],
    number: u32,
}

impl Page {
    fn read(c: &mut Cursor<'_>) -> Walk<Page> {
        Ok(Page { creator: *c.array()?, number: c.u32()? })
    }

    fn print(&self, out: &mut Out) {
        out.host4(self.creator).text(":").dec(self.number);
    }
}

const HEADER_LEN: usize = 12;
/// Bytes of a message before its lists.
const IDENTITY_LEN: usize = 28;
const DRAWING_LEN: usize = 16;
const PAGE_REQUEST_LEN: usize = 16;
/// Bytes of a page's state before those who drew on it, and of each of them.
const PAGE_STATE_LEN: usize = 16;
const PARTICIPANT_LEN: usize = 8;
const OPERATION_LEN: usize = 8;

/// Prints a packet.
pub(crate) fn print(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    if c.length() < HEADER_LEN {
        return Err(Stop::Invalid);
    }
    c.need(HEADER_LEN)?;
    c.skip(10)?;
    let [kind, flags] = *c.array()?;
    out.field("type", kind);
    if flags != 0 {
        out.text("*");
    }
    match kind {
        kind::KILL => {
            out.text(" wb-kill");
            Ok(())
        }
        kind::IDENTITY => identity(out, c),
        kind::REPAIR_REQUEST => repair(out, c, " wb-rreq:", " please repair "),
        kind::REPAIR_REPLY => {
            repair(out, c, " wb-rrep:", " for ")?;
            let first = c.peek_u32(12)?;
            let last = c.peek_u32(16)?;
            verbose_operations(out, c.ahead(4 + DRAWING_LEN), first, last)
        }
        kind::PAGE_REQUEST => page_request(out, c),
        kind::PAGE_REPLY => page_reply(out, c),
        kind::DRAWING => drawing(out, c),
        _ => {
            write!(out, " wb-{kind}!");
            Err(Stop::Invalid)
        }
    }
}

fn require(c: &Cursor<'_>, count: usize) -> Walk {
    if c.length() < count {
        return Err(Stop::Invalid);
    }
    c.need(count)
}

/// Where a participant is, who else is there, and what it is called.
fn identity(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" wb-id:");
    require(&c, IDENTITY_LEN)?;
    let most_slot = c.u32()?;
    let most_page = Page::read(&mut c)?;
    let slot = c.u32()?;
    let page = Page::read(&mut c)?;
    let (count, _) = (c.u16()?, c.u16()?);
    write!(out, " {slot}/");
    page.print(out);
    write!(out, " (max {most_slot}/");
    most_page.print(out);
    out.text(") ");
    let mut before = b'<';
    for _ in 0..count {
        require(&c, PARTICIPANT_LEN)?;
        let participant = Page::read(&mut c)?;
        out.byte(before);
        participant.print(out);
        before = b',';
    }
    out.text("> \"");
    let rest = c.claimed_bytes();
    out.escaped_to_zero(rest).text("\"");
    Ok(())
}

fn repair(out: &mut Out, mut c: Cursor<'_>, heading: &str, what: &str) -> Walk {
    out.text(heading);
    require(&c, 4 + DRAWING_LEN)?;
    let from = *c.array()?;
    let page = Page::read(&mut c)?;
    out.text(what).host4(from).text(" ");
    page.print(out);
    write!(out, "<{}:{}>", c.u32()?, c.u32()?);
    Ok(())
}

fn page_request(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" wb-preq:");
    require(&c, PAGE_REQUEST_LEN)?;
    let page = Page::read(&mut c)?;
    let lowest = c.u32()?;
    write!(out, " need {lowest}/");
    page.print(out);
    Ok(())
}

fn page_reply(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" wb-prep:");
    if c.length() < 4 {
        return Err(Stop::Invalid);
    }
    let mut pages = c.u32()?;
    while pages > 0 && c.has(PAGE_STATE_LEN) {
        let slot = c.u32()?;
        let page = Page::read(&mut c)?;
        write!(out, " {slot}/");
        page.print(out);
        let (participants, _) = (c.u16()?, c.u16()?);
        let mut before = b'<';
        for _ in 0..participants {
            if !c.has(PARTICIPANT_LEN) {
                break;
            }
            let participant = Page::read(&mut c)?;
            out.byte(before);
            participant.print(out);
            before = b',';
        }
        out.text(">");
        pages -= 1;
    }
    if pages > 0 { Err(Stop::Truncated) } else { Ok(()) }
}

fn drawing(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    out.text(" wb-dop:");
    require(&c, DRAWING_LEN)?;
    let page = Page::read(&mut c)?;
    out.text(" ");
    page.print(out);
    let (first, last) = (c.u32()?, c.u32()?);
    write!(out, "<{first}:{last}>");
    verbose_operations(out, c, first, last)
}

/// Drawing operations with the numbers from `first` to `last`, where they are asked for.
fn verbose_operations(out: &mut Out, mut c: Cursor<'_>, first: u32, last: u32) -> Walk {
    if out.options.verbose == 0 {
        return Ok(());
    }
    out.text(" <");
    let mut number = first;
    while number <= last {
        if c.length() < OPERATION_LEN || !c.has(OPERATION_LEN) {
            out.text("[|]");
            break;
        }
        let (skip_to, length, _, kind) = (c.u32()?, usize::from(c.u16()?), c.u8()?, u32::from(c.u8()?));
        out.text(" ");
        out.token(OPERATIONS, kind, format_args!("dop-{kind}!"));
        if kind == operation::SKIP || kind == operation::HOLE {
            out.dec(skip_to);
            out.text("[|]");
            break;
        }
        c.advance(length.next_multiple_of(4));
        let Some(next) = number.checked_add(1) else { break };
        number = next;
    }
    out.text(" >");
    Ok(())
}
