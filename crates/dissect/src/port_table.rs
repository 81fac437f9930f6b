//! Which printer reads a UDP datagram or a TCP segment: one ordered table per transport.

use crate::Print;
use wirescope_wire::Cursor;

/// The ports a row is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ports {
    /// Source or destination.
    Either(u16),
    /// Source or destination, from the first of these ports to the last.
    EitherIn(u16, u16),
    /// The source only.
    Source(u16),
    /// The destination only.
    Destination(u16),
}

/// One row: the first that fits wins.
pub(crate) struct PortRow {
    pub(crate) ports: Ports,
    /// What the bytes must look like besides, where a port alone says too little.
    pub(crate) looks: Option<fn(&Cursor<'_>) -> bool>,
    pub(crate) proto: &'static str,
    pub(crate) print: Print,
}

impl PortRow {
    pub(crate) const fn new(ports: Ports, proto: &'static str, print: Print) -> Self {
        PortRow { ports, looks: None, proto, print }
    }

    pub(crate) const fn where_it_looks(self, looks: fn(&Cursor<'_>) -> bool) -> Self {
        PortRow { looks: Some(looks), ..self }
    }
}

/// A table of rows with an index from port to the first row that may fit.
pub(crate) struct PortTable {
    rows: &'static [PortRow],
    by_source: Box<[u8]>,
    by_destination: Box<[u8]>,
}

/// In the index: no row has this port.
const NO_ROW: u8 = u8::MAX;

impl PortTable {
    pub(crate) fn new(rows: &'static [PortRow]) -> Self {
        debug_assert!(rows.len() < usize::from(NO_ROW));
        let mut table = PortTable {
            rows,
            by_source: vec![NO_ROW; 1 << 16].into_boxed_slice(),
            by_destination: vec![NO_ROW; 1 << 16].into_boxed_slice(),
        };
        for (number, row) in rows.iter().enumerate().rev() {
            let ports = match row.ports {
                Ports::Either(port) | Ports::Source(port) | Ports::Destination(port) => port..=port,
                Ports::EitherIn(first, last) => first..=last,
            };
            for (index, sides) in [
                (&mut table.by_source, !matches!(row.ports, Ports::Destination(_))),
                (&mut table.by_destination, !matches!(row.ports, Ports::Source(_))),
            ] {
                for port in ports.clone().filter(|_| sides) {
                    if let Some(entry) = index.get_mut(usize::from(port)) {
                        *entry = number as u8;
                    }
                }
            }
        }
        table
    }

    /// The first row that fits the ports and the payload.
    #[inline]
    pub(crate) fn find(
        &self,
        source: u16,
        destination: u16,
        payload: &Cursor<'_>,
    ) -> Option<&'static PortRow> {
        let by_source = self.by_source.get(usize::from(source)).copied().unwrap_or(NO_ROW);
        let by_destination = self.by_destination.get(usize::from(destination)).copied().unwrap_or(NO_ROW);
        let first = by_source.min(by_destination);
        if first == NO_ROW {
            return None;
        }
        self.rows.get(usize::from(first)..)?.iter().find(|row| {
            let fits = match row.ports {
                Ports::Either(port) => port == source || port == destination,
                Ports::EitherIn(first, last) => {
                    (first..=last).contains(&source) || (first..=last).contains(&destination)
                }
                Ports::Source(port) => port == source,
                Ports::Destination(port) => port == destination,
            };
            fits && row.looks.is_none_or(|looks| looks(payload))
        })
    }
}
