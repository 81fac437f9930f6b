//! Sockets between a host and its virtual machines, as Linux monitors them
//! (<https://www.tcpdump.org/linktypes/LINKTYPE_VSOCK.html>; virtio 1.2 section 5.10.6).

use crate::Out;
use crate::tokens::Tokens;
use wirescope_wire::{Cursor, Stop, Walk};

const TRANSPORTS: &Tokens = &[(0, "UNKNOWN"), (1, "NO_INFO"), (2, "VIRTIO")];

const OPERATIONS: &Tokens =
    &[(0, "UNKNOWN"), (1, "CONNECT"), (2, "DISCONNECT"), (3, "CONTROL"), (4, "PAYLOAD")];

const VIRTIO_TYPES: &Tokens = &[(1, "STREAM")];

const VIRTIO_OPERATIONS: &Tokens = &[
    (0, "INVALID"),
    (1, "REQUEST"),
    (2, "RESPONSE"),
    (3, "RST"),
    (4, "SHUTDOWN"),
    (5, "RW"),
    (6, "CREDIT UPDATE"),
    (7, "CREDIT REQUEST"),
];

/// Bytes of the header, and of that of virtio behind it.
const LEN: usize = 32;
const VIRTIO_LEN: usize = 44;
/// Where virtio's header has what is shown: lengths and what follows them.
const VIRTIO_SHOWN_AT: usize = 24;

const VIRTIO: u16 = 2;

struct Header {
    src: u64,
    dst: u64,
    src_port: u32,
    dst_port: u32,
    operation: u16,
    transport: u16,
    transport_len: usize,
    length: usize,
}

/// Prints a captured packet.
pub(crate) fn print_link(out: &mut Out, whole: Cursor<'_>) -> Walk {
    whole.need(LEN)?;
    let mut c = whole;
    let header = Header {
        src: c.u64_le()?,
        dst: c.u64_le()?,
        src_port: c.u32_le()?,
        dst_port: c.u32_le()?,
        operation: c.u16_le()?,
        transport: c.u16_le()?,
        transport_len: c.u16_le()?.into(),
        length: whole.length(),
    };
    c.skip(2)?;
    header.print(out, c)
}

impl Header {
    fn print(&self, out: &mut Out, c: Cursor<'_>) -> Walk {
        out.token(TRANSPORTS, self.transport, format_args!("Invalid transport ({})", self.transport));
        if out.options.verbose == 0 {
            out.text(" ");
            self.endpoints(out);
            return Ok(());
        }
        let mut walk = Ok(());
        if self.transport == VIRTIO {
            if c.has(VIRTIO_LEN) {
                out.text(" (");
                virtio(out, c.ahead(VIRTIO_SHOWN_AT))?;
                out.text(")\n\t");
            } else {
                walk = Err(Stop::Truncated);
            }
        } else {
            out.text("\n\t");
        }
        self.endpoints(out);
        walk?;
        let payload = c.ahead(self.transport_len);
        if out.options.verbose > 1 && payload.length() > 0 {
            out.dump_hex("\n\t", payload.bytes());
        }
        Ok(())
    }

    fn endpoints(&self, out: &mut Out) {
        out.fields(|| [("src_port", self.src_port.into()), ("dst_port", self.dst_port.into())]);
        write!(out, "{}.{} > {}.{} ", self.src, self.src_port, self.dst, self.dst_port);
        out.token(OPERATIONS, self.operation, format_args!(" invalid op ({})", self.operation));
        write!(out, ", length {}", self.length);
    }
}

/// What virtio says of a packet, from its length on.
fn virtio(out: &mut Out, mut c: Cursor<'_>) -> Walk {
    let (length, kind, operation) = (c.u32_le()?, c.u16_le()?, c.u16_le()?);
    let (flags, allocated, forwarded) = (c.u32_le()?, c.u32_le()?, c.u32_le()?);
    write!(out, "len {length}, type ");
    out.token(VIRTIO_TYPES, kind, format_args!("Invalid type ({kind})"));
    out.text(", op ");
    out.token(VIRTIO_OPERATIONS, operation, format_args!("Invalid op ({operation})"));
    write!(out, ", flags {flags:x}, buf_alloc {allocated}, fwd_cnt {forwarded}");
    Ok(())
}
