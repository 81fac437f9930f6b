//! Why a graph cannot become a program.

use std::fmt;

use crate::validate::Fault;

/// Why a graph cannot become a program; what is printed is what users of tcpdump know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A constant divisor turned out to be zero.
    DivisionByZero,
    /// A constant modulus turned out to be zero.
    ModulusByZero,
    /// A constant shift turned out to move everything out of the word.
    ShiftTooFar,
    /// No packet can pass.
    RejectsAll,
    /// A jump inside a block reaches beyond what an instruction can say.
    JumpTooFar,
    /// The instructions do not make a program.
    Invalid(Fault),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::DivisionByZero => f.write_str("division by zero"),
            Refusal::ModulusByZero => f.write_str("modulus by zero"),
            Refusal::ShiftTooFar => f.write_str("shift by more than 31 bits"),
            Refusal::RejectsAll => f.write_str("expression rejects all packets"),
            Refusal::JumpTooFar => {
                f.write_str("the expression makes too large a program; split it into smaller ones")
            }
            Refusal::Invalid(fault) => write!(f, "the filter program is not valid: {fault}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal::Invalid(fault)
    }
}
