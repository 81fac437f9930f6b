//! Sequential hypothesis testing of a source (Jung, Paxson, Berger, Balakrishnan, "Fast Portscan Detection
//! Using Sequential Hypothesis Testing", 2004).
//!
//! A client's first contact with a host succeeds with probability 0.8, a scanner's with 0.2. Each outcome
//! multiplies the likelihood ratio by 0.25 or by 4. At 99 the source is called a scanner, at 1/99 a client:
//! so both errors stay near one in a hundred. Where a client is found, the walk begins anew, so that a
//! source may turn into a scanner later.

/// What the test says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub enum Decision {
    /// The contacts look like a client's.
    Client,
    /// Too few to say.
    #[default]
    Undecided,
    /// They look like a scanner's.
    Scanner,
}

impl Decision {
    /// The name in findings.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Client => "client",
            Decision::Undecided => "undecided",
            Decision::Scanner => "scanner",
        }
    }
}

/// Probability that the first contact of a client succeeds.
const CLIENT_SUCCESS: f64 = 0.8;
/// The same for a scanner.
const SCANNER_SUCCESS: f64 = 0.2;
/// Probability of missing a scanner, and of accusing a client.
const ERROR: f64 = 0.01;

/// The walk of one source's likelihood ratio.
#[derive(Clone, Copy, Default, Debug)]
pub struct SequentialTest {
    log_ratio: f64,
    decision: Decision,
}

impl SequentialTest {
    /// Notes whether one first contact succeeded.
    pub fn observe(&mut self, success: bool) {
        self.log_ratio += if success {
            (SCANNER_SUCCESS / CLIENT_SUCCESS).ln()
        } else {
            ((1.0 - SCANNER_SUCCESS) / (1.0 - CLIENT_SUCCESS)).ln()
        };
        let threshold = ((1.0 - ERROR) / ERROR).ln();
        if self.log_ratio >= threshold {
            self.log_ratio = threshold;
            self.decision = Decision::Scanner;
        } else if self.log_ratio <= -threshold {
            self.log_ratio = 0.0;
            if self.decision == Decision::Undecided {
                self.decision = Decision::Client;
            }
        }
    }

    /// What the contacts so far say; once a scanner, always a scanner.
    pub fn decision(&self) -> Decision {
        self.decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(outcomes: impl IntoIterator<Item = bool>) -> Decision {
        let mut test = SequentialTest::default();
        outcomes.into_iter().for_each(|success| test.observe(success));
        test.decision()
    }

    #[test]
    fn four_failures_more_than_successes_decide() {
        assert_eq!(decide([false; 3]), Decision::Undecided);
        assert_eq!(decide([false; 4]), Decision::Scanner);
        assert_eq!(decide([false, true, false, false, false, false]), Decision::Scanner);
        assert_eq!(decide([true; 4]), Decision::Client);
        assert_eq!(decide([true, true, false, false]), Decision::Undecided);
    }

    #[test]
    fn a_client_that_fails_now_and_then_stays_one() {
        assert_eq!(decide((0..1000).map(|n| n % 5 != 0)), Decision::Client);
    }

    #[test]
    fn a_client_may_turn_into_a_scanner() {
        assert_eq!(decide((0..100).map(|n| n < 50)), Decision::Scanner);
    }
}
