//! What calls and replies hold, as lists of items that one walk prints.

use super::acl;
use crate::Out;
use crate::escape::to_zero;
use crate::tokens::{self, Tokens};
use wirescope_wire::{Cursor, Stop, Walk};

const VOLUME_TYPES: &Tokens = &[(0, "read-write"), (1, "read-only"), (2, "backup")];

/// One piece of a call or a reply. Numbers and dates have a blank before them.
#[derive(Clone, Copy)]
pub(super) enum Item {
    /// Text that names what follows.
    Label(&'static str),
    /// A number without a sign.
    Unsigned,
    /// A number with a sign.
    Signed,
    /// A number of 64 bits without a sign.
    Unsigned64,
    /// Seconds since 1970.
    Date,
    /// Bytes that are not shown.
    Hidden(usize),
    /// A word that must be there but is not shown.
    HiddenWord,
    /// Volume, vnode and uniquifier of a file.
    Fid,
    /// Text of at most so many bytes, its length first.
    Text(u32),
    /// Text of a fixed length, a word for each character.
    Characters(usize),
    /// Attributes that are to be set.
    StoreStatus,
    /// A list of access rights.
    Acl,
    /// An identifier of a host or a server.
    Uuid,
    /// Two numbers with a point between them.
    Version,
    /// Three numbers with colons between them.
    Server,
    /// Whether the sender is the synchronisation site.
    SyncSite,
    /// The type of a volume, where it is known.
    VolumeType,
    /// A volume's entry with room for so many servers.
    Entry {
        /** Whether a number for its type stands before the number of servers. */
        has_type: bool,
        /** How many servers there is room for. */
        room: usize,
        /** Whether servers are told by identifiers in place of addresses. */
        by_uuid: bool,
    },
    /// A count and as many of the items, with text between them.
    List(&'static str, &'static [Item]),
    /// The same where there is a count at all, with text before it.
    Callbacks,
}

/// Longest list that is believed.
const MAX_LIST: u32 = 4096;

/// Prints items one behind the other. [`Stop::Invalid`] is where a service has its own mark of truncation.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>, items: &[Item]) -> Walk {
    for item in items {
        one(out, c, *item)?;
    }
    Ok(())
}

/// Bytes that are looked for before they are read: without them the service says that it is cut off.
fn require(c: &Cursor<'_>, count: usize) -> Walk {
    if c.has(count) { Ok(()) } else { Err(Stop::Invalid) }
}

fn one(out: &mut Out, c: &mut Cursor<'_>, item: Item) -> Walk {
    match item {
        Item::Label(text) => _ = out.text(text),
        Item::Unsigned => write!(out, " {}", c.u32()?),
        Item::Signed => write!(out, " {}", c.i32()?),
        Item::Unsigned64 => write!(out, " {}", c.u64()?),
        Item::Date => {
            let seconds = c.u32()?;
            out.text(" ").date_time(seconds.into());
        }
        Item::Hidden(count) => {
            require(c, count)?;
            c.advance(count);
        }
        Item::HiddenWord => c.skip(4)?,
        Item::Fid => {
            require(c, 12)?;
            write!(out, " fid {}/{}/{}", c.u32()?, c.u32()?, c.u32()?);
        }
        Item::Text(limit) => text(out, c, limit)?,
        Item::Characters(count) => characters(out, c, count)?,
        Item::StoreStatus => store_status(out, c)?,
        Item::Acl => acl::print(out, c)?,
        Item::Uuid => uuid(out, c)?,
        Item::Version => {
            require(c, 8)?;
            write!(out, " {}.{}", c.u32()?, c.u32()?);
        }
        Item::Server => {
            require(c, 12)?;
            write!(out, " server {}:{}:{}", c.u32()?, c.u32()?, c.u32()?);
        }
        Item::SyncSite => {
            let is_site = c.u32()? != 0;
            out.text(if is_site { " syncsite yes" } else { " syncsite no" });
        }
        Item::VolumeType => {
            if let Some(name) = tokens::name(VOLUME_TYPES, c.u32()?) {
                out.text(" type ").text(name);
            }
        }
        Item::Entry { has_type, room, by_uuid } => entry(out, c, has_type, room, by_uuid)?,
        Item::List(between, items) => list(out, c, between, items)?,
        Item::Callbacks => callbacks(out, c)?,
    }
    Ok(())
}

fn text(out: &mut Out, c: &mut Cursor<'_>, limit: u32) -> Walk {
    let length = c.u32()?;
    if length > limit {
        return Err(Stop::Invalid);
    }
    let length = length as usize;
    out.text(" \"");
    let captured = c.bytes().get(..length).unwrap_or(c.bytes());
    out.escaped(captured);
    require(c, length)?;
    out.text("\"");
    c.advance(length.next_multiple_of(4));
    Ok(())
}

fn characters(out: &mut Out, c: &mut Cursor<'_>, count: usize) -> Walk {
    require(c, count * 4)?;
    let (words, _) = c.take(count * 4)?.as_chunks::<4>();
    out.text(" \"");
    for [.., character] in words {
        if *character == 0 {
            break;
        }
        out.escaped_byte(*character);
    }
    out.text("\"");
    Ok(())
}

fn store_status(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const DATE: u32 = 1;
    const OWNER: u32 = 2;
    const GROUP: u32 = 4;
    const MODE: u32 = 8;
    const SEGMENT_SIZE: u32 = 16;
    const FSYNC: u32 = 1024;
    require(c, 24)?;
    let mask = c.u32()?;
    let (date, owner, group) = (c.u32()?, c.u32()?, c.u32()?);
    let (mode, segment_size) = (c.u32()?, c.u32()?);
    if mask != 0 {
        out.text(" StoreStatus");
    }
    if mask & DATE != 0 {
        out.text(" date ").date_time(date.into());
    }
    if mask & OWNER != 0 {
        write!(out, " owner {owner}");
    }
    if mask & GROUP != 0 {
        write!(out, " group {group}");
    }
    if mask & MODE != 0 {
        write!(out, " mode {:o}", mode & 0o7777);
    }
    if mask & SEGMENT_SIZE != 0 {
        write!(out, " segsize {segment_size}");
    }
    if mask & FSYNC != 0 {
        out.text(" fsync");
    }
    Ok(())
}

/// An identifier: a word, two half words and eight bytes, each as a word.
fn uuid(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    const WORDS: usize = 11;
    require(c, WORDS * 4)?;
    write!(out, " {:08x}{:04x}{:04x}", c.u32()?, c.u32()?, c.u32()?);
    for _ in 3..WORDS {
        out.hex(c.u32()? as u8, 2);
    }
    Ok(())
}

/// Where the volumes of an entry are.
fn entry(out: &mut Out, c: &mut Cursor<'_>, has_type: bool, room: usize, by_uuid: bool) -> Walk {
    const NAME_LEN: usize = 65;
    const UUID_LEN: usize = 44;
    characters(out, c, NAME_LEN)?;
    if has_type {
        c.skip(4)?;
    }
    let servers = c.u32()?;
    write!(out, " numservers {servers} servers");
    let servers = (servers as usize).min(room);
    for number in 0..room {
        match (number < servers, by_uuid) {
            (true, true) => {
                out.text(" afsuuid");
                uuid(out, c)?;
            }
            (false, true) => one(out, c, Item::Hidden(UUID_LEN))?,
            (true, false) => {
                require(c, 4)?;
                let address = *c.array()?;
                out.text(" ").ipv4(address);
            }
            (false, false) => c.skip(4)?,
        }
    }
    if by_uuid {
        // A number that makes each server unique.
        one(out, c, Item::Hidden(room * 4))?;
    }
    out.text(" partitions");
    for number in 0..room {
        let partition = c.u32()?;
        match partition {
            _ if number >= servers => {}
            0..=25 => _ = out.text(" ").byte(b'a' + partition as u8),
            _ => write!(out, " {partition}"),
        }
    }
    // A word of flags for each server.
    one(out, c, Item::Hidden(room * 4))?;
    write!(out, " rwvol {}", c.u32()?);
    write!(out, " rovol {}", c.u32()?);
    write!(out, " backup {}", c.u32()?);
    Ok(())
}

fn list(out: &mut Out, c: &mut Cursor<'_>, between: &'static str, items: &'static [Item]) -> Walk {
    let count = c.u32()?;
    for number in 0..count {
        if number > 0 {
            out.text(between);
        }
        print(out, c, items)?;
    }
    if count == 0 {
        out.text(" <none!>");
    }
    Ok(())
}

/// Files that have changed, and until when the promises to tell of changes hold.
fn callbacks(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.peek_u32(0)? > MAX_LIST {
        return Err(Stop::Invalid);
    }
    list(out, c, ",", &[Item::Fid])?;
    let count = c.u32()?;
    if count > 0 {
        out.text(";");
    }
    for _ in 0..count {
        let promise = [
            Item::Label(" ver"),
            Item::Signed,
            Item::Label(" expires"),
            Item::Date,
            // The kind of promise: tcpdump reads it but does not show it.
            Item::HiddenWord,
        ];
        print(out, c, &promise)?;
    }
    Ok(())
}

/// Text without its length, up to a zero.
pub(super) fn limited<'a>(c: &Cursor<'a>, length: usize) -> Walk<&'a [u8]> {
    Ok(to_zero(c.peek(0, length).map_err(|_| Stop::Invalid)?))
}
