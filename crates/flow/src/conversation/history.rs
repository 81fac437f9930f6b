//! What happened in a conversation, a letter for each first: as Zeek writes it in `conn.log`.

use std::fmt;

use super::Direction;

/// Most letters kept.
const LETTERS: usize = 14;

/// Letters in the order of events, each once for each side: `S` SYN, `H` SYN/ACK, `A` pure ACK, `D` data,
/// `F` FIN, `R` RST, `T` repeated data, `Q` flags no stack sends. Capitals for the client.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    letters: [u8; LETTERS],
    length: u8,
    seen: [u32; 2],
}

impl History {
    /// Notes an event, a capital letter, unless it has been noted for that side.
    pub(super) fn note(&mut self, direction: Direction, letter: u8) {
        let bit = 1u32 << (letter.wrapping_sub(b'A') & 31);
        let (side, letter) = match direction {
            Direction::FromClient => (0, letter),
            Direction::FromServer => (1, letter.to_ascii_lowercase()),
        };
        let Some(seen) = self.seen.get_mut(side) else { return };
        if *seen & bit != 0 {
            return;
        }
        *seen |= bit;
        if let Some(place) = self.letters.get_mut(usize::from(self.length)) {
            *place = letter;
            self.length += 1;
        }
    }

    /// Makes the client the server.
    pub(super) fn mirror(&mut self) {
        self.seen.reverse();
        for letter in self.letters.iter_mut().take(usize::from(self.length)) {
            *letter = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
        }
    }

    /// The letters as text.
    pub fn as_str(&self) -> &str {
        let letters = self.letters.get(..usize::from(self.length)).unwrap_or(&[]);
        std::str::from_utf8(letters).unwrap_or("")
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
