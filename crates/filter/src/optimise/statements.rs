//! Follows values through the statements of a block, folds constants, and drops what changes nothing.

use super::flow::is_jump;
use super::registers::{ACCUMULATOR, INDEX, NOTHING, Register};
use super::values::{Registers, UNKNOWN, Value};
use super::{Optimiser, Subject};
use crate::ir::{Statement, code};
use crate::refusal::Refusal;

impl Optimiser {
    /// Works through statements in order; `values` are those before, then those after.
    pub(super) fn simplify_statements(
        &mut self,
        statements: &mut [Statement],
        values: &mut Registers,
        subject: Subject,
    ) -> Result<(), Refusal> {
        if statements.iter().any(is_jump) {
            return self.simplify_with_jumps(statements, values, subject);
        }
        for statement in statements {
            self.simplify(statement, values, subject)?;
        }
        Ok(())
    }

    /// The same where statements jump over others: where ways join, only what they agree on is known.
    fn simplify_with_jumps(
        &mut self,
        statements: &mut [Statement],
        values: &mut Registers,
        subject: Subject,
    ) -> Result<(), Refusal> {
        let original = statements.to_vec();
        let before = *values;
        let mut arriving: Vec<Option<Registers>> = vec![None; statements.len() + 1];
        if let Some(first) = arriving.first_mut() {
            *first = Some(before);
        }
        for at in 0..statements.len() {
            let Some(mut state) = arriving.get(at).copied().flatten() else { continue };
            let Some(statement) = statements.get_mut(at) else { break };
            let targets = if !is_jump(statement) {
                self.simplify(statement, &mut state, subject)?;
                [at + 1, at + 1]
            } else if statement.code == code::JMP | code::JA {
                [statement.jt as usize; 2]
            } else {
                [statement.jt as usize, statement.jf as usize]
            };
            for target in targets {
                let Some(entry) = arriving.get_mut(target) else { continue };
                let Some(known) = entry else {
                    *entry = Some(state);
                    continue;
                };
                for (register, (value, other)) in known.iter_mut().zip(&state).enumerate() {
                    if value != other {
                        *value = self.values.joined(&original, &before, target, register);
                    }
                }
            }
        }
        *values = arriving.last().copied().flatten().unwrap_or([UNKNOWN; super::REGISTERS]);
        Ok(())
    }

    fn simplify(
        &mut self,
        statement: &mut Statement,
        values: &mut Registers,
        subject: Subject,
    ) -> Result<(), Refusal> {
        use code::*;
        if statement.code == NOTHING {
            return Ok(());
        }
        let alter = subject == Subject::Statements;
        let k = statement.k;
        match statement.code & 0x07 {
            LD => {
                let value = self.loaded(statement, values, alter);
                set(statement, values, ACCUMULATOR, value, alter);
            }
            LDX => {
                let value = match statement.code & 0xe0 {
                    IMM => self.values.constant(k),
                    MEM => self.recalled(statement, LDX | IMM, values, alter),
                    _ => self.values.computed(statement.code, k, 0),
                };
                set(statement, values, INDEX, value, alter);
            }
            ST => set(statement, values, k as Register, get(values, ACCUMULATOR), alter),
            STX => set(statement, values, k as Register, get(values, INDEX), alter),
            MISC if statement.code & 0xf8 == TXA => {
                set(statement, values, ACCUMULATOR, get(values, INDEX), alter)
            }
            MISC => set(statement, values, INDEX, get(values, ACCUMULATOR), alter),
            ALU if statement.code & 0xf0 == NEG => self.negate(statement, values, alter),
            ALU if statement.code & 0x08 == X => self.combine_with_index(statement, values, alter)?,
            ALU => self.combine_with_constant(statement, values, alter)?,
            _ => {}
        }
        Ok(())
    }

    /// The value that a load puts into A.
    fn loaded(&mut self, statement: &mut Statement, values: &Registers, alter: bool) -> Value {
        use code::*;
        match statement.code & 0xe0 {
            IMM => self.values.constant(statement.k),
            MEM => self.recalled(statement, LD | IMM, values, alter),
            IND => {
                let index = get(values, INDEX);
                match self.values.as_constant(index).filter(|_| alter) {
                    Some(constant) => {
                        statement.code = LD | ABS | statement.code & 0x18;
                        statement.k = statement.k.wrapping_add(constant);
                        self.note_progress();
                        self.values.computed(statement.code, statement.k, 0)
                    }
                    None => self.values.computed(statement.code, statement.k, index),
                }
            }
            LEN => self.values.computed(statement.code, 0, 0),
            _ => self.values.computed(statement.code, statement.k, 0),
        }
    }

    /// The value of a scratch word; the load becomes that of a constant where it is one.
    fn recalled(
        &mut self,
        statement: &mut Statement,
        constant_load: u16,
        values: &Registers,
        alter: bool,
    ) -> Value {
        let value = get(values, statement.k as Register);
        if let Some(constant) = self.values.as_constant(value).filter(|_| alter) {
            statement.code = constant_load;
            statement.k = constant;
            self.note_progress();
        }
        value
    }

    fn negate(&mut self, statement: &mut Statement, values: &mut Registers, alter: bool) {
        let operand = get(values, ACCUMULATOR);
        let value = match self.values.as_constant(operand).filter(|_| alter) {
            Some(constant) => {
                statement.code = code::LD | code::IMM;
                statement.k = constant.wrapping_neg();
                self.values.constant(statement.k)
            }
            None => self.values.computed(statement.code, operand, 0),
        };
        put(values, ACCUMULATOR, value);
    }

    fn combine_with_constant(
        &mut self,
        statement: &mut Statement,
        values: &mut Registers,
        alter: bool,
    ) -> Result<(), Refusal> {
        use code::*;
        let operation = statement.code & 0xf0;
        let left = get(values, ACCUMULATOR);
        if alter {
            if statement.k == 0 {
                match operation {
                    ADD | SUB | LSH | RSH | OR | XOR => {
                        statement.code = NOTHING;
                        return Ok(());
                    }
                    MUL | AND => {
                        statement.code = LD | IMM;
                        let value = self.values.constant(0);
                        put(values, ACCUMULATOR, value);
                        return Ok(());
                    }
                    DIV => return Err(Refusal::DivisionByZero),
                    MOD => return Err(Refusal::ModulusByZero),
                    _ => {}
                }
            }
            if let Some(constant) = self.values.as_constant(left) {
                self.become_result(statement, operation, constant, statement.k, values)?;
                return Ok(());
            }
        }
        let right = self.values.constant(statement.k);
        let value = self.values.computed(statement.code, left, right);
        put(values, ACCUMULATOR, value);
        Ok(())
    }

    fn combine_with_index(
        &mut self,
        statement: &mut Statement,
        values: &mut Registers,
        alter: bool,
    ) -> Result<(), Refusal> {
        use code::*;
        let operation = statement.code & 0xf0;
        let (left, right) = (get(values, ACCUMULATOR), get(values, INDEX));
        if alter {
            match (self.values.as_constant(left), self.values.as_constant(right)) {
                (Some(left), Some(right)) => {
                    return self.become_result(statement, operation, left, right, values);
                }
                (None, Some(constant)) => {
                    statement.code = ALU | K | operation;
                    statement.k = constant;
                    if matches!(operation, LSH | RSH) && constant > 31 {
                        return Err(Refusal::ShiftTooFar);
                    }
                    if constant == 0 && operation == DIV {
                        return Err(Refusal::DivisionByZero);
                    }
                    if constant == 0 && operation == MOD {
                        return Err(Refusal::ModulusByZero);
                    }
                    self.note_progress();
                    let value = self.values.computed(statement.code, left, right);
                    put(values, ACCUMULATOR, value);
                    return Ok(());
                }
                (Some(0), None) => match operation {
                    ADD | OR | XOR => {
                        statement.code = MISC | TXA;
                        set(statement, values, ACCUMULATOR, right, alter);
                        return Ok(());
                    }
                    // Not so for division: it drops the packet when X is zero.
                    MUL | AND | LSH | RSH => {
                        statement.code = LD | IMM;
                        statement.k = 0;
                        let zero = self.values.constant(0);
                        set(statement, values, ACCUMULATOR, zero, alter);
                        return Ok(());
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        let value = self.values.computed(statement.code, left, right);
        put(values, ACCUMULATOR, value);
        Ok(())
    }

    /// Turns arithmetic with two constants into the load of its result.
    fn become_result(
        &mut self,
        statement: &mut Statement,
        operation: u16,
        left: u32,
        right: u32,
        values: &mut Registers,
    ) -> Result<(), Refusal> {
        use code::*;
        let result = match operation {
            ADD => left.wrapping_add(right),
            SUB => left.wrapping_sub(right),
            MUL => left.wrapping_mul(right),
            DIV => left.checked_div(right).ok_or(Refusal::DivisionByZero)?,
            MOD => left.checked_rem(right).ok_or(Refusal::ModulusByZero)?,
            AND => left & right,
            OR => left | right,
            XOR => left ^ right,
            LSH => left.checked_shl(right).unwrap_or(0),
            RSH => left.checked_shr(right).unwrap_or(0),
            _ => return Ok(()),
        };
        statement.code = LD | IMM;
        statement.k = result;
        self.note_progress();
        let value = self.values.constant(result);
        put(values, ACCUMULATOR, value);
        Ok(())
    }
}

fn get(values: &Registers, register: Register) -> Value {
    values.get(register).copied().unwrap_or(UNKNOWN)
}

fn put(values: &mut Registers, register: Register, value: Value) {
    if let Some(entry) = values.get_mut(register) {
        *entry = value;
    }
}

/// Gives a register its new value; a statement that changes nothing goes.
fn set(statement: &mut Statement, values: &mut Registers, register: Register, value: Value, alter: bool) {
    if alter && value != UNKNOWN && get(values, register) == value {
        statement.code = NOTHING;
    } else {
        put(values, register, value);
    }
}
