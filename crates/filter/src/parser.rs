//! From tokens to the syntax tree.
//!
//! The language binds `not` tighter than `and` and `or`, which bind alike, from the left. Comparisons hold values
//! with the usual arithmetic. A term without qualifiers after `and` or `or` takes over those of the term before it.
//!
//! Waiting operators stand on a stack of our own, so the depth of an expression is bounded by memory alone.

mod keyword;
mod term;

use std::ops::Range;

use crate::ast::{Node, NodeId, NodeKind, Operator, Protocol, Qualifiers, Relation, Subject, Tree};
use crate::error::{Error, Result};
use crate::lexer::{Lexer, Token};

/// Reads an expression.
pub fn parse(expression: &str) -> std::result::Result<Tree, Error> {
    let (tree, outcome) = parse_prefix(expression);
    outcome.map(|()| tree)
}

/// Reads an expression as far as it can be read: the tree of what was complete before the first fault, and the fault.
///
/// What is complete before a fault counts: an unknown name before it is reported rather than the fault.
pub(crate) fn parse_prefix(expression: &str) -> (Tree, Result<()>) {
    let mut parser = Parser {
        lexer: Lexer::new(expression),
        token: Token::End,
        span: 0..0,
        previous_end: 0,
        nodes: Vec::new(),
        operands: Vec::new(),
        pending: Vec::new(),
    };
    let outcome = parser.expression();
    let root = match (&outcome, parser.operands.last()) {
        (Ok(()), Some(Operand { value: Value::Test { node, .. }, .. })) => Some(*node),
        _ => None,
    };
    (Tree { nodes: parser.nodes, root }, outcome)
}

/// What may stand at a place where an operand is expected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// A term or a value that begins one.
    Term,
    /// That, or an identifier under the qualifiers of the term before.
    TermOrIdentifier(Option<Qualifiers>),
    /// An identifier under these qualifiers.
    Identifier { qualifiers: Option<Qualifiers>, carried: bool },
    /// A value.
    Value,
}

/// How an identifier is built, which decides what may be done with it inside parentheses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Plain,
    Chain,
    Group,
}

#[derive(Clone, Copy, Debug)]
enum Value {
    /// A number: a value, or an identifier where one may stand.
    Number(u32, Place),
    Arithmetic(NodeId),
    Identifier {
        node: NodeId,
        form: Form,
        qualifiers: Option<Qualifiers>,
    },
    Test {
        node: NodeId,
        carried: Option<Qualifiers>,
    },
}

#[derive(Clone, Debug)]
struct Operand {
    value: Value,
    span: Range<usize>,
}

/// An operator whose right operand is not complete yet, or an open bracket.
#[derive(Clone, Debug)]
enum Pending {
    Logic { or: bool, identifiers: bool },
    Not { start: usize },
    Arithmetic(Operator),
    Relation(Relation),
    Negate { start: usize },
    Qualifiers { qualifiers: Qualifiers, start: usize },
    Parenthesis { start: usize },
    Bracket { protocol: Protocol, start: usize },
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    span: Range<usize>,
    previous_end: usize,
    nodes: Vec<Node>,
    operands: Vec<Operand>,
    pending: Vec<Pending>,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<()> {
        self.previous_end = self.span.end;
        (self.token, self.span) = self.lexer.next_token()?;
        Ok(())
    }

    fn unexpected<T>(&self) -> Result<T> {
        Err(Error::at(self.span.clone(), SYNTAX_ERROR))
    }

    fn add(&mut self, kind: NodeKind, span: Range<usize>) -> NodeId {
        self.nodes.push(Node { kind, span });
        self.nodes.len() - 1
    }

    fn push(&mut self, value: Value, span: Range<usize>) {
        self.operands.push(Operand { value, span });
    }

    fn pop(&mut self) -> Result<Operand> {
        match self.operands.pop() {
            Some(operand) => Ok(operand),
            None => self.unexpected(),
        }
    }

    fn expression(&mut self) -> Result<()> {
        self.advance()?;
        if self.token == Token::End {
            return Ok(());
        }
        let mut place = Place::Term;
        loop {
            let complete = self.operand(place)?;
            place = match complete {
                Some(next) => next,
                None => match self.operator() {
                    Ok(Some(next)) => next,
                    Ok(None) => return Ok(()),
                    Err(error) => {
                        // What stands complete before the fault is complete all the same.
                        let _ = self.settle();
                        return Err(error);
                    }
                },
            };
        }
    }

    /// Reads what stands at the start of an operand. `None`: the operand is complete; otherwise one must follow here.
    fn operand(&mut self, place: Place) -> Result<Option<Place>> {
        let start = self.span.start;
        match self.token.clone() {
            Token::OpenParenthesis => {
                self.advance()?;
                self.pending.push(Pending::Parenthesis { start });
                Ok(Some(place))
            }
            Token::Not if place != Place::Value => {
                self.advance()?;
                self.pending.push(Pending::Not { start });
                Ok(Some(place))
            }
            Token::Operator(Operator::Subtract) if !matches!(place, Place::Identifier { .. }) => {
                self.advance()?;
                self.pending.push(Pending::Negate { start });
                Ok(Some(Place::Value))
            }
            Token::Number(number) => {
                let span = self.span.clone();
                self.push(Value::Number(number, place), span);
                self.advance_after_operand()?;
                Ok(None)
            }
            _ => match place {
                Place::Identifier { qualifiers, carried } => {
                    self.identifier(qualifiers, carried)?;
                    Ok(None)
                }
                Place::TermOrIdentifier(qualifiers) if self.at_identifier() => {
                    self.identifier(qualifiers, true)?;
                    Ok(None)
                }
                Place::Value => self.value(),
                Place::Term | Place::TermOrIdentifier(_) => self.term(),
            },
        }
    }

    /// Moves on behind a complete operand; what it completes stands even where the next token cannot be read.
    fn advance_after_operand(&mut self) -> Result<()> {
        self.advance().inspect_err(|_| {
            let _ = self.settle();
        })
    }

    fn at_identifier(&self) -> bool {
        matches!(
            self.token,
            Token::Identifier(_)
                | Token::Dotted(_)
                | Token::Address6(..)
                | Token::Ethernet(_)
                | Token::Arcnet(_)
        )
    }

    /// A value that is more than a number: the packet's length or bytes.
    fn value(&mut self) -> Result<Option<Place>> {
        match self.token {
            Token::Length => {
                let span = self.span.clone();
                let node = self.add(NodeKind::Length, span.clone());
                self.push(Value::Arithmetic(node), span);
                self.advance()?;
                Ok(None)
            }
            Token::Protocol(protocol) => {
                let start = self.span.start;
                self.advance()?;
                if self.token != Token::OpenBracket {
                    return self.unexpected();
                }
                self.bracket(protocol, start).map(Some)
            }
            _ => self.unexpected(),
        }
    }

    fn bracket(&mut self, protocol: Protocol, start: usize) -> Result<Place> {
        self.advance()?;
        self.pending.push(Pending::Bracket { protocol, start });
        Ok(Place::Value)
    }

    /// A name or address under qualifiers.
    fn identifier(&mut self, qualifiers: Option<Qualifiers>, carried: bool) -> Result<()> {
        let start = self.span.start;
        let subject = match std::mem::replace(&mut self.token, Token::End) {
            Token::Identifier(name) => Subject::Name(name),
            Token::Ethernet(address) => Subject::Ethernet(address),
            Token::Arcnet(address) => Subject::Arcnet(address),
            Token::Dotted(text) => return self.dotted(text, start, qualifiers, carried),
            Token::Address6(text, address) => {
                self.advance()?;
                let subject = if self.token == Token::Operator(Operator::Divide) {
                    self.advance()?;
                    let length = self.number()?;
                    Subject::Prefix6(text, address, length)
                } else {
                    Subject::Address6(text, address)
                };
                self.add_identifier(subject, start..self.previous_end, qualifiers, carried);
                return Ok(());
            }
            _ => return self.unexpected(),
        };
        self.add_identifier(subject, self.span.clone(), qualifiers, carried);
        self.advance_after_operand()
    }

    fn dotted(
        &mut self,
        text: String,
        start: usize,
        qualifiers: Option<Qualifiers>,
        carried: bool,
    ) -> Result<()> {
        self.advance()?;
        let subject = match self.token {
            Token::Operator(Operator::Divide) => {
                self.advance()?;
                let length = self.number()?;
                Subject::DottedPrefix(text, length)
            }
            Token::Mask => {
                self.advance()?;
                let Token::Dotted(mask) = std::mem::replace(&mut self.token, Token::End) else {
                    return self.unexpected();
                };
                self.advance()?;
                Subject::DottedMask(text, mask)
            }
            _ => Subject::Dotted(text),
        };
        self.add_identifier(subject, start..self.previous_end, qualifiers, carried);
        Ok(())
    }

    fn add_identifier(
        &mut self,
        subject: Subject,
        span: Range<usize>,
        qualifiers: Option<Qualifiers>,
        carried: bool,
    ) {
        let node = self
            .add(NodeKind::Identifier { qualifiers, carried, subject, place: span.clone() }, span.clone());
        self.push(Value::Identifier { node, form: Form::Plain, qualifiers }, span);
    }

    fn number(&mut self) -> Result<u32> {
        let Token::Number(number) = self.token else {
            return self.unexpected();
        };
        self.advance()?;
        Ok(number)
    }

    /// Reads what may follow a complete operand. `None`: the expression has ended; otherwise an operand must follow.
    fn operator(&mut self) -> Result<Option<Place>> {
        loop {
            match self.token {
                Token::End => {
                    self.settle()?;
                    return match (self.pending.is_empty(), self.operands.as_slice()) {
                        (true, [Operand { value: Value::Test { .. }, .. }]) => Ok(None),
                        _ => self.unexpected(),
                    };
                }
                Token::And | Token::Or => return self.logic().map(Some),
                Token::Operator(operator) => {
                    self.values_tighter_than(operator)?;
                    self.pending.push(Pending::Arithmetic(operator));
                    self.advance()?;
                    return Ok(Some(Place::Value));
                }
                Token::Relation(relation) => {
                    self.all_values()?;
                    if matches!(self.pending.last(), Some(Pending::Relation(_))) {
                        return self.unexpected();
                    }
                    self.pending.push(Pending::Relation(relation));
                    self.advance()?;
                    return Ok(Some(Place::Value));
                }
                Token::CloseParenthesis => self.close_parenthesis()?,
                Token::CloseBracket | Token::Colon => self.close_bracket()?,
                _ => return self.unexpected(),
            }
        }
    }

    fn logic(&mut self) -> Result<Place> {
        self.settle()?;
        let or = self.token == Token::Or;
        let place = match self.operands.last().map(|operand| operand.value) {
            Some(Value::Test { carried, .. }) => {
                self.pending.push(Pending::Logic { or, identifiers: false });
                Place::TermOrIdentifier(carried)
            }
            Some(Value::Identifier { form: Form::Plain | Form::Chain, qualifiers, .. }) => {
                self.pending.push(Pending::Logic { or, identifiers: true });
                Place::Identifier { qualifiers, carried: true }
            }
            _ => return self.unexpected(),
        };
        self.advance()?;
        Ok(place)
    }

    fn close_parenthesis(&mut self) -> Result<()> {
        let inside = self.operands.last().map(|operand| operand.value);
        if !matches!(
            (inside, self.pending.last()),
            (Some(Value::Number(..)), Some(Pending::Parenthesis { .. }))
        ) {
            self.settle_values()?;
        }
        let Some(Pending::Parenthesis { start }) = self.pending.pop() else {
            return self.unexpected();
        };
        let end = self.span.end;
        let inside = self.pop()?;
        let value = match inside.value {
            Value::Identifier { form: Form::Group, .. } => return self.unexpected(),
            Value::Identifier { node, qualifiers, .. } => {
                Value::Identifier { node, form: Form::Group, qualifiers }
            }
            other => other,
        };
        self.push(value, start..end);
        self.advance_after_operand()
    }

    fn close_bracket(&mut self) -> Result<()> {
        self.all_values()?;
        let Some(Pending::Bracket { protocol, start }) = self.pending.pop() else {
            return self.unexpected();
        };
        let index = self.pop_value()?;
        let mut size = 1;
        if self.token == Token::Colon {
            self.advance()?;
            size = self.number()?;
            if self.token != Token::CloseBracket {
                return self.unexpected();
            }
        }
        let span = start..self.span.end;
        let node = self.add(NodeKind::Load { protocol, index: index.0, size }, span.clone());
        self.push(Value::Arithmetic(node), span);
        self.advance()
    }

    /// The topmost operand as a value.
    fn pop_value(&mut self) -> Result<(NodeId, Range<usize>)> {
        let Operand { value, span } = self.pop()?;
        match value {
            Value::Arithmetic(node) => Ok((node, span)),
            Value::Number(number, place) if !matches!(place, Place::Identifier { .. }) => {
                Ok((self.add(NodeKind::Number(number), span.clone()), span))
            }
            _ => self.unexpected(),
        }
    }

    /// Makes the topmost operand a value, so that what it needs is done before what follows.
    fn commit_value(&mut self) -> Result<()> {
        let (node, span) = self.pop_value()?;
        self.push(Value::Arithmetic(node), span);
        Ok(())
    }

    /// Completes the waiting arithmetic that binds at least as tight as this operator.
    fn values_tighter_than(&mut self, operator: Operator) -> Result<()> {
        self.commit_value()?;
        loop {
            match self.pending.last() {
                Some(Pending::Arithmetic(waiting)) if completes(*waiting, operator) => {}
                Some(Pending::Negate { .. }) if binding(operator).is_some() => {}
                _ => return Ok(()),
            }
            self.complete_value()?;
        }
    }

    /// Completes all waiting arithmetic.
    fn all_values(&mut self) -> Result<()> {
        self.commit_value()?;
        while matches!(self.pending.last(), Some(Pending::Arithmetic(_) | Pending::Negate { .. })) {
            self.complete_value()?;
        }
        Ok(())
    }

    fn complete_value(&mut self) -> Result<()> {
        let (right, right_span) = self.pop_value()?;
        let (kind, span) = match self.pending.pop() {
            Some(Pending::Arithmetic(operator)) => {
                let (left, left_span) = self.pop_value()?;
                (NodeKind::Binary(left, operator, right), left_span.start..right_span.end)
            }
            Some(Pending::Negate { start }) => (NodeKind::Negate(right), start..right_span.end),
            _ => return self.unexpected(),
        };
        let node = self.add(kind, span.clone());
        self.push(Value::Arithmetic(node), span);
        Ok(())
    }

    /// Completes everything back to the open bracket, if there is one; the result must be a test or an identifier.
    fn settle(&mut self) -> Result<()> {
        self.settle_values()?;
        match self.operands.last().map(|operand| operand.value) {
            Some(Value::Test { .. } | Value::Identifier { .. }) => Ok(()),
            _ => self.unexpected(),
        }
    }

    /// The same; the result may also be a value.
    fn settle_values(&mut self) -> Result<()> {
        let relation = |pending: Option<&Pending>| {
            matches!(pending, Some(Pending::Arithmetic(_) | Pending::Negate { .. } | Pending::Relation(_)))
        };
        match self.operands.last().map(|operand| operand.value) {
            Some(Value::Number(..) | Value::Arithmetic(_)) if relation(self.pending.last()) => {
                self.all_values()?;
                if let Some(Pending::Relation(relation)) = self.pending.last() {
                    let relation = *relation;
                    self.pending.pop();
                    let (right, right_span) = self.pop_value()?;
                    let (left, left_span) = self.pop_value()?;
                    let span = left_span.start..right_span.end;
                    let node = self.add(NodeKind::Compare(left, relation, right), span.clone());
                    self.push(Value::Test { node, carried: None }, span);
                }
            }
            Some(Value::Number(number, place)) => {
                let (qualifiers, carried) = match place {
                    Place::TermOrIdentifier(qualifiers) => (qualifiers, true),
                    Place::Identifier { qualifiers, carried } => (qualifiers, carried),
                    Place::Term | Place::Value => return Ok(()),
                };
                let span = self.pop()?.span;
                self.add_identifier(Subject::Number(number), span, qualifiers, carried);
            }
            _ => {}
        }
        while self.complete_test()? {}
        Ok(())
    }

    /// Completes one waiting operator on tests or identifiers; `false` when none waits.
    fn complete_test(&mut self) -> Result<bool> {
        let waiting = match self.pending.last() {
            Some(Pending::Logic { .. } | Pending::Not { .. } | Pending::Qualifiers { .. }) => {
                self.pending.pop()
            }
            _ => None,
        };
        let Some(waiting) = waiting else {
            return Ok(false);
        };
        let Operand { value, span } = self.pop()?;
        let (node, carried, identifier) = match value {
            Value::Test { node, carried } => (node, carried, false),
            Value::Identifier { node, qualifiers, .. } => (node, qualifiers, true),
            Value::Number(..) | Value::Arithmetic(_) => return self.unexpected(),
        };
        match waiting {
            Pending::Qualifiers { qualifiers, start } if identifier => {
                let first = self.nodes.get_mut(node).map(|node| &mut node.span);
                if let Some(first) = first.filter(|first| first.start == span.start) {
                    first.start = start;
                }
                self.push(Value::Test { node, carried: Some(qualifiers) }, start..span.end);
            }
            Pending::Not { start } => {
                let span = start..span.end;
                let node = self.add(NodeKind::Not(node), span.clone());
                let value = if identifier {
                    Value::Identifier { node, form: Form::Plain, qualifiers: carried }
                } else {
                    Value::Test { node, carried }
                };
                self.push(value, span);
            }
            Pending::Logic { or, identifiers } if identifier || !identifiers => {
                let left = self.pop()?;
                let (Value::Test { node: first, .. } | Value::Identifier { node: first, .. }) = left.value
                else {
                    return self.unexpected();
                };
                let kind = if or { NodeKind::Or(first, node) } else { NodeKind::And(first, node) };
                let span = left.span.start..span.end;
                let node = self.add(kind, span.clone());
                let value = if identifiers {
                    Value::Identifier { node, form: Form::Chain, qualifiers: carried }
                } else {
                    Value::Test { node, carried }
                };
                self.push(value, span);
            }
            _ => return self.unexpected(),
        }
        Ok(true)
    }
}

/// What a fault of grammar is called.
pub(crate) const SYNTAX_ERROR: &str = "can't parse filter expression: syntax error";

/// How tight an operator binds; `None` for the two that take everything to their right.
fn binding(operator: Operator) -> Option<u8> {
    match operator {
        Operator::Or => Some(1),
        Operator::And => Some(2),
        Operator::ShiftLeft | Operator::ShiftRight => Some(3),
        Operator::Add | Operator::Subtract => Some(4),
        Operator::Multiply | Operator::Divide => Some(5),
        Operator::Modulus | Operator::ExclusiveOr => None,
    }
}

/// Whether a waiting operator takes its operands before the next operator takes the right one.
fn completes(waiting: Operator, next: Operator) -> bool {
    match (binding(waiting), binding(next)) {
        (Some(waiting), Some(next)) => waiting >= next,
        _ => false,
    }
}
