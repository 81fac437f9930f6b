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
    /// A bit for the low bits of each port that any row has. Most ports are none of these, and the few bits stay in the
    /// nearest cache; looking all ports up in the index, which does not, was 8 % of the time of printing.
    known: [u64; KNOWN_BITS / WORD],
    by_source: Box<[u8]>,
    by_destination: Box<[u8]>,
}

/// How many ports there are.
const PORTS: usize = 1 << 16;
/// Bits that tell most unknown ports: enough that few share one with a port of a row.
const KNOWN_BITS: usize = 1 << 12;
/// How many of them stand in one word.
const WORD: usize = u64::BITS as usize;

/// In the index: no row has this port.
const NO_ROW: u8 = u8::MAX;

impl PortTable {
    pub(crate) fn new(rows: &'static [PortRow]) -> Self {
        debug_assert!(rows.len() < usize::from(NO_ROW));
        let mut table = PortTable {
            rows,
            known: [0; KNOWN_BITS / WORD],
            by_source: vec![NO_ROW; PORTS].into_boxed_slice(),
            by_destination: vec![NO_ROW; PORTS].into_boxed_slice(),
        };
        for (number, row) in rows.iter().enumerate().rev() {
            let ports = match row.ports {
                Ports::Either(port) | Ports::Source(port) | Ports::Destination(port) => port..=port,
                Ports::EitherIn(first, last) => first..=last,
            };
            for port in ports.map(usize::from) {
                if let Some(word) = table.known.get_mut(port % KNOWN_BITS / WORD) {
                    *word |= 1 << (port % WORD);
                }
                for (index, sides) in [
                    (&mut table.by_source, !matches!(row.ports, Ports::Destination(_))),
                    (&mut table.by_destination, !matches!(row.ports, Ports::Source(_))),
                ] {
                    if let (true, Some(entry)) = (sides, index.get_mut(port)) {
                        *entry = number as u8;
                    }
                }
            }
        }
        table
    }

    /// The first row that an index has for a port.
    #[inline]
    fn first(&self, index: &[u8], port: u16) -> u8 {
        let port = usize::from(port);
        let known = self.known.get(port % KNOWN_BITS / WORD).map_or(0, |word| word >> (port % WORD) & 1);
        if known == 0 { NO_ROW } else { index.get(port).copied().unwrap_or(NO_ROW) }
    }

    /// The first row that fits the ports and the payload.
    #[inline]
    pub(crate) fn find(
        &self,
        source: u16,
        destination: u16,
        payload: &Cursor<'_>,
    ) -> Option<&'static PortRow> {
        let first = self.first(&self.by_source, source).min(self.first(&self.by_destination, destination));
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

#[cfg(test)]
mod tests {
    use super::*;
    use wirescope_wire::Walk;

    fn nothing(_: &mut crate::Out, _: Cursor<'_>) -> Walk {
        Ok(())
    }

    const ROWS: &[PortRow] = &[
        PortRow::new(Ports::Either(53), "either", nothing),
        PortRow::new(Ports::Source(4149), "source", nothing),
        PortRow::new(Ports::Destination(80), "destination", nothing),
    ];

    #[test]
    fn ports_that_share_their_low_bits_with_those_of_a_row_are_not_taken_for_them() {
        let table = PortTable::new(ROWS);
        let find = |source, destination| {
            table.find(source, destination, &Cursor::over(&[])).map_or("none", |row| row.proto)
        };
        assert_eq!(find(53, 9), "either");
        assert_eq!(find(9, 53), "either");
        // 4149 has the low bits of 53.
        assert_eq!(find(4149, 9), "source");
        assert_eq!(find(9, 4149), "none");
        assert_eq!(find(9, 53 + 2 * KNOWN_BITS as u16), "none");
        assert_eq!(find(80, 9), "none");
        assert_eq!(find(80 + KNOWN_BITS as u16, 80), "destination");
        assert_eq!(find(4149, 53), "either", "the first row that fits counts");
    }
}
