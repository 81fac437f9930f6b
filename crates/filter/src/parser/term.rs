//! Terms: what is tested of a packet.

use super::keyword;
use super::{Parser, Pending, Place, Value};
use crate::ast::{
    AtmField, ByteOperator, Direction, Encapsulation, Kind, Llc, Mtp3Field, NodeKind, Operator, PacketFilter,
    Protocol, Qualifiers, Relation,
};
use crate::error::{Error, Result};
use crate::lexer::Token;

/// A field whose values may be listed in parentheses.
#[derive(Clone, Copy)]
enum ListedField {
    Atm(AtmField),
    Mtp3(Mtp3Field),
}

impl Parser<'_> {
    /// A term, or the start of a value that is compared.
    pub(super) fn term(&mut self) -> Result<Option<Place>> {
        let start = self.span.start;
        let kind = match self.token.clone() {
            Token::Protocol(protocol) => return self.protocol(protocol, start),
            Token::Direction(_) | Token::Kind(_) => return self.qualified(None, start).map(Some),
            Token::Length => return self.value(),
            Token::Broadcast => self.word(NodeKind::Broadcast(None))?,
            Token::Multicast => self.word(NodeKind::Multicast(None))?,
            Token::Inbound => self.word(NodeKind::Inbound)?,
            Token::Outbound => self.word(NodeKind::Outbound)?,
            Token::Less => NodeKind::Less(self.number_behind()?),
            Token::Greater => NodeKind::Greater(self.number_behind()?),
            Token::Interface => NodeKind::Interface(self.number_behind()?),
            Token::Byte => self.byte()?,
            Token::Encapsulation(encapsulation) => self.encapsulation(encapsulation)?,
            Token::WlanType | Token::WlanSubtype | Token::WlanDirection => self.wlan()?,
            Token::Llc => self.llc()?,
            Token::Atm(kind) => self.word(NodeKind::Atm(kind))?,
            Token::Mtp2(kind) => self.word(NodeKind::Mtp2(kind))?,
            Token::AtmField(field) => return self.listed(ListedField::Atm(field)),
            Token::Mtp3Field(field) => return self.listed(ListedField::Mtp3(field)),
            Token::FilterInterface
            | Token::FilterRuleset
            | Token::FilterRule
            | Token::FilterSubrule
            | Token::FilterReason
            | Token::FilterAction => self.packet_filter()?,
            _ => return self.unexpected(),
        };
        self.complete_term(kind, start);
        Ok(None)
    }

    fn complete_term(&mut self, kind: NodeKind, start: usize) {
        let span = start..self.previous_end;
        let node = self.add(kind, span.clone());
        self.push(Value::Test { node, carried: None }, span);
    }

    fn word(&mut self, kind: NodeKind) -> Result<NodeKind> {
        let span = self.span.clone();
        if let Err(error) = self.advance() {
            // The term is complete even where nothing readable follows.
            self.add(kind, span);
            return Err(error);
        }
        Ok(kind)
    }

    fn number_behind(&mut self) -> Result<u32> {
        self.advance()?;
        self.number()
    }

    /// A protocol alone, as a qualifier, or with the index of a byte.
    fn protocol(&mut self, protocol: Protocol, start: usize) -> Result<Option<Place>> {
        self.advance()?;
        let kind = match self.token {
            Token::OpenBracket => return self.bracket(protocol, start).map(Some),
            Token::Direction(_) | Token::Kind(_) => return self.qualified(Some(protocol), start).map(Some),
            Token::Broadcast => self.word(NodeKind::Broadcast(Some(protocol)))?,
            Token::Multicast => self.word(NodeKind::Multicast(Some(protocol)))?,
            Token::WlanType | Token::WlanSubtype | Token::WlanDirection => self.wlan()?,
            _ => NodeKind::Protocol(protocol),
        };
        self.complete_term(kind, start);
        Ok(None)
    }

    /// Qualifiers, behind which an identifier must stand.
    fn qualified(&mut self, protocol: Option<Protocol>, start: usize) -> Result<Place> {
        let mut qualifiers = Qualifiers { protocol, direction: None, kind: None };
        if let Token::Direction(direction) = self.token {
            self.advance()?;
            qualifiers.direction = Some(self.both_directions(direction)?);
        }
        if let Token::Kind(kind) = self.token {
            let alone = matches!(kind, Kind::Proto | Kind::ProtoChain | Kind::Gateway);
            if alone && qualifiers.direction.is_some() {
                return self.unexpected();
            }
            qualifiers.kind = Some(kind);
            self.advance()?;
        }
        self.pending.push(Pending::Qualifiers { qualifiers, start });
        Ok(Place::Identifier { qualifiers: Some(qualifiers), carried: false })
    }

    /// `src or dst` and the like, of which the first word has been read.
    fn both_directions(&mut self, first: Direction) -> Result<Direction> {
        let second = match first {
            Direction::Source => Direction::Destination,
            Direction::Destination => Direction::Source,
            _ => return Ok(first),
        };
        let both = match self.token {
            Token::Or => Direction::SourceOrDestination,
            Token::And => Direction::SourceAndDestination,
            _ => return Ok(first),
        };
        self.advance()?;
        if self.token != Token::Direction(second) {
            return self.unexpected();
        }
        self.advance()?;
        Ok(both)
    }

    fn byte(&mut self) -> Result<NodeKind> {
        let index = self.number_behind()?;
        let operator = match self.token {
            Token::Relation(Relation::Equal) => ByteOperator::Equal,
            Token::Relation(Relation::Less) => ByteOperator::Less,
            Token::Relation(Relation::Greater) => ByteOperator::Greater,
            Token::Operator(Operator::And) => ByteOperator::And,
            Token::Operator(Operator::Or) => ByteOperator::Or,
            _ => return self.unexpected(),
        };
        Ok(NodeKind::Byte { index, operator, value: self.number_behind()? })
    }

    fn encapsulation(&mut self, encapsulation: Encapsulation) -> Result<NodeKind> {
        let word = self.span.clone();
        if let Err(error) = self.advance() {
            self.add(NodeKind::Encapsulation(encapsulation, None), word);
            return Err(error);
        }
        let takes_number = encapsulation != Encapsulation::PppoeDiscovery;
        let number = match self.token {
            Token::Number(_) | Token::OpenParenthesis if takes_number => {
                let mut depth = 0_usize;
                while self.token == Token::OpenParenthesis {
                    self.advance()?;
                    depth += 1;
                }
                let number = self.number()?;
                for _ in 0..depth {
                    if self.token != Token::CloseParenthesis {
                        return self.unexpected();
                    }
                    self.advance()?;
                }
                Some(number)
            }
            _ => None,
        };
        Ok(NodeKind::Encapsulation(encapsulation, number))
    }

    fn wlan(&mut self) -> Result<NodeKind> {
        let what = self.token.clone();
        self.advance()?;
        let span = self.span.clone();
        let found = match (what, &self.token) {
            (Token::WlanType, Token::Number(number)) if number & !keyword::WLAN_TYPE_BITS == 0 => Ok(*number),
            (Token::WlanType, Token::Number(number)) => {
                Err(format!("invalid 802.11 type value 0x{number:02x}"))
            }
            (Token::WlanType, Token::Identifier(name)) => {
                keyword::wlan_type(name).ok_or_else(|| format!("unknown 802.11 type name \"{name}\""))
            }
            (Token::WlanSubtype, Token::Identifier(name)) => {
                let bits = keyword::wlan_subtype(name).ok_or_else(|| "unknown 802.11 type name".to_owned());
                let bits = bits.map_err(|message| Error::at(span, message))?;
                self.advance()?;
                return Ok(NodeKind::WlanSubtype(bits));
            }
            (Token::WlanDirection, Token::Number(number)) => {
                let number = *number;
                if number > keyword::LARGEST_WLAN_DIRECTION {
                    let message = format!("invalid 802.11 direction value {number:#x}");
                    return Err(Error::at(span, message));
                }
                self.advance()?;
                return Ok(NodeKind::WlanDirection(number));
            }
            (Token::WlanDirection, Token::Identifier(name)) => {
                let bits = keyword::wlan_direction(name).ok_or_else(|| "unknown 802.11 direction".to_owned());
                let bits = bits.map_err(|message| Error::at(span, message))?;
                self.advance()?;
                return Ok(NodeKind::WlanDirection(bits));
            }
            _ => return self.unexpected(),
        };
        let frame_type = found.map_err(|message| Error::at(span, message))?;
        self.advance()?;
        let mut subtype = None;
        if self.token == Token::WlanSubtype {
            self.advance()?;
            subtype = Some(self.wlan_subtype_of(frame_type)?);
        }
        Ok(NodeKind::WlanType { frame_type, subtype })
    }

    fn wlan_subtype_of(&mut self, frame_type: u32) -> Result<u32> {
        let bits = match &self.token {
            Token::Number(number) if number & !keyword::WLAN_SUBTYPE_BITS == 0 => Ok(*number),
            Token::Number(number) => Err(format!("invalid 802.11 subtype value 0x{number:02x}")),
            Token::Identifier(name) => keyword::wlan_subtype_of(frame_type, name)
                .ok_or_else(|| format!("unknown 802.11 subtype name \"{name}\"")),
            _ => return self.unexpected(),
        };
        let bits = bits.map_err(|message| Error::at(self.span.clone(), message))?;
        self.advance()?;
        Ok(bits)
    }

    fn llc(&mut self) -> Result<NodeKind> {
        let start = self.span.clone();
        if let Err(error) = self.advance() {
            self.add(NodeKind::Llc(Llc::Any), start);
            return Err(error);
        }
        let name = match &self.token {
            Token::Identifier(name) => name.as_str(),
            // The receiver-not-ready frame shares its name with the packet filter's rule number.
            Token::FilterRule => "rnr",
            _ => return Ok(NodeKind::Llc(Llc::Any)),
        };
        let llc = keyword::llc(name)
            .ok_or_else(|| Error::at(self.span.clone(), format!("unknown LLC type name \"{name}\"")))?;
        self.word(NodeKind::Llc(llc))
    }

    fn packet_filter(&mut self) -> Result<NodeKind> {
        let what = self.token.clone();
        self.advance()?;
        let span = self.span.clone();
        let field = match (what, self.token.clone()) {
            (Token::FilterInterface, Token::Identifier(name)) => PacketFilter::Interface(name),
            (Token::FilterRuleset, Token::Identifier(name)) => PacketFilter::Ruleset(name),
            (Token::FilterRule, Token::Number(number)) => PacketFilter::Rule(number),
            (Token::FilterSubrule, Token::Number(number)) => PacketFilter::Subrule(number),
            (Token::FilterReason, Token::Number(number)) => PacketFilter::Reason(number),
            (Token::FilterReason, Token::Identifier(name)) => PacketFilter::Reason(
                keyword::filter_reason(&name)
                    .ok_or_else(|| Error::at(span, format!("unknown PF reason \"{name}\"")))?,
            ),
            (Token::FilterAction, Token::Identifier(name)) => PacketFilter::Action(
                keyword::filter_action(&name)
                    .ok_or_else(|| Error::at(span, format!("unknown PF action \"{name}\"")))?,
            ),
            _ => return self.unexpected(),
        };
        self.word(NodeKind::PacketFilter(field))
    }

    /// A field with a value, a relation and a value, or a list of values of which one must be found.
    fn listed(&mut self, field: ListedField) -> Result<Option<Place>> {
        let start = self.span.start;
        self.advance()?;
        let relation = match self.token {
            Token::Relation(relation) => {
                self.advance()?;
                Some(relation)
            }
            _ => None,
        };
        if relation.is_some() || self.token != Token::OpenParenthesis {
            let value = self.number()?;
            self.complete_term(field_is(field, relation.unwrap_or(Relation::Equal), value), start);
            return Ok(None);
        }
        self.advance()?;
        let mut list = None;
        loop {
            let value_start = self.span.start;
            let Token::Number(value) = self.token else {
                return self.unexpected();
            };
            let mut node = self.add(field_is(field, Relation::Equal, value), value_start..self.span.end);
            if let Some(first) = list {
                node = self.add(NodeKind::Or(first, node), start..self.span.end);
            }
            list = Some(node);
            self.advance()?;
            match self.token {
                Token::Or => self.advance()?,
                Token::CloseParenthesis => break,
                _ => return self.unexpected(),
            }
        }
        let span = start..self.span.end;
        self.advance()?;
        if let Some(node) = list {
            self.push(Value::Test { node, carried: None }, span);
        }
        Ok(None)
    }
}

fn field_is(field: ListedField, relation: Relation, value: u32) -> NodeKind {
    match field {
        ListedField::Atm(field) => NodeKind::AtmField(field, relation, value),
        ListedField::Mtp3(field) => NodeKind::Mtp3Field(field, relation, value),
    }
}
