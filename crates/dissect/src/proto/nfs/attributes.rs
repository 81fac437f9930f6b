//! Attributes of files, as replies tell them and requests set them (RFC 1094 section 2.3, RFC 1813 section 2.6).

use super::FILE_TYPES;
use crate::Out;
use wirescope_wire::{Cursor, Walk};

/// A time that the client gives, and not the server's clock.
const CLIENT_TIME: u32 = 2;

/// Prints seconds and the fraction after `name`, and advances past them.
fn time(out: &mut Out, name: &str, c: &mut Cursor<'_>) -> Walk {
    let (seconds, fraction) = (c.u32()?, c.u32()?);
    write!(out, "{name} {seconds}.{fraction:06}");
    Ok(())
}

/// Prints as much of the attributes as `verbose` asks for, and advances past them.
pub(super) fn print(out: &mut Out, c: &mut Cursor<'_>, verbose: u8, version_3: bool) -> Walk {
    c.need(20)?;
    let mut rest = *c;
    let (kind, mode, links, user, group) = (rest.u32()?, rest.u32()?, rest.u32()?, rest.i32()?, rest.i32()?);
    if verbose > 0 {
        out.text(" ");
        out.token(FILE_TYPES, kind, format_args!("unk-ft {kind} "));
        // Nobody is -2 by tradition.
        write!(out, " {mode:o} ids {user}/{group}");
        let size = if version_3 { rest.u64()? } else { rest.u32()?.into() };
        write!(out, " sz {size}");
    }
    if verbose > 1 && version_3 {
        c.need(84)?;
        rest = c.ahead(36);
        let (device_major, device_minor) = (rest.u32()?, rest.u32()?);
        write!(out, " nlink {links} rdev {device_major}/{device_minor}");
        write!(out, " fsid {:x} fileid {:x}", rest.u64()?, rest.u64()?);
        time(out, " a/m/ctime", &mut rest)?;
        time(out, "", &mut rest)?;
        time(out, "", &mut rest)?;
    } else if verbose > 1 {
        c.need(68)?;
        rest = c.ahead(28);
        let device = rest.u32()?;
        rest.skip(4)?;
        let (file_system, file) = (rest.u32()?, rest.u32()?);
        write!(out, " nlink {links} rdev 0x{device:x} fsid 0x{file_system:x} nodeid 0x{file:x} a/m/ctime");
        for _ in 0..3 {
            time(out, "", &mut rest)?;
        }
    }
    c.advance(if version_3 { 84 } else { 68 });
    Ok(())
}

/// Prints attributes after an operation, where there are any.
pub(super) fn after(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.u32()? == 0 {
        return Ok(());
    }
    let verbose = out.options.verbose;
    if verbose > 0 {
        print(out, c, verbose, true)
    } else {
        c.advance(84);
        Ok(())
    }
}

/// Prints attributes before an operation, where there are any: those that tell whether a file changed.
fn before(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if c.u32()? == 0 {
        return Ok(());
    }
    c.need(24)?;
    if out.options.verbose <= 1 {
        return c.skip(24);
    }
    write!(out, " sz {}", c.u64()?);
    time(out, " mtime", c)?;
    time(out, " ctime", c)
}

/// Prints attributes before and after an operation.
pub(super) fn change(out: &mut Out, c: &mut Cursor<'_>) -> Walk {
    if out.options.verbose > 1 {
        out.text(" PRE:");
    }
    before(out, c)?;
    if out.options.verbose > 0 {
        out.text(" POST:");
    }
    after(out, c)
}

/// Attributes that a request sets.
#[derive(Default)]
pub(super) struct Wanted {
    mode: Option<u32>,
    user: Option<u32>,
    group: Option<u32>,
    accessed: Option<(u32, u32)>,
    modified: Option<(u32, u32)>,
}

impl Wanted {
    /// Reads them and advances past them.
    pub(super) fn read(c: &mut Cursor<'_>) -> Walk<Wanted> {
        let optional = |c: &mut Cursor<'_>| -> Walk<Option<u32>> {
            if c.u32()? != 0 { c.u32().map(Some) } else { Ok(None) }
        };
        let (mode, user, group) = (optional(c)?, optional(c)?, optional(c)?);
        optional(c)?;
        let time = |c: &mut Cursor<'_>| -> Walk<Option<(u32, u32)>> {
            if c.u32()? == CLIENT_TIME { Ok(Some((c.u32()?, c.u32()?))) } else { Ok(None) }
        };
        Ok(Wanted { mode, user, group, accessed: time(c)?, modified: time(c)? })
    }

    pub(super) fn print(&self, out: &mut Out) {
        if let Some(mode) = self.mode {
            write!(out, " mode {mode:o}");
        }
        if let Some(user) = self.user {
            write!(out, " uid {user}");
        }
        if let Some(group) = self.group {
            write!(out, " gid {group}");
        }
        if out.options.verbose > 1 {
            for (name, time) in [("atime", self.accessed), ("mtime", self.modified)] {
                if let Some((seconds, fraction)) = time {
                    write!(out, " {name} {seconds}.{fraction:06}");
                }
            }
        }
    }
}
