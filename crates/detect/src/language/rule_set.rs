//! A rule file with everything it includes.

use super::config::Config;
use super::error::{Error, Fault, Parsed};
use super::filter::{EventFilter, RateFilter, Suppression};
use super::header::{Header, Variables};
use super::number;
use super::options::Options;
use super::preprocessor::PORT_SCAN_GENERATOR;
use super::rule::{Action, Rule};
use super::source::{Location, LogicalLine, logical_lines};
use super::text::Text;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads files for [`RuleSet::load`]; only the caller touches the file system.
pub type Loader<'l> = dyn FnMut(&Path) -> io::Result<String> + 'l;

/// `config classification`: what a class of alerts is called, and how much it matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classification {
    /// What an alert says.
    pub description: String,
    /// 1 matters most.
    pub priority: u32,
}

/// `config reference`: where a system's identifiers lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferenceSystem {
    /// What the identifier is appended to.
    pub prefix: String,
}

/// Files that may include each other so deep.
const MAX_INCLUDE_DEPTH: usize = 32;

/// Rules with their configuration.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// The rules, in the order in which they were read.
    pub rules: Vec<Rule>,
    /// Rules without ends, `alert (gid:122; sid:1;)`: they name events that the engine itself raises.
    pub event_rules: Vec<Rule>,
    /// Configuration.
    pub config: Config,
    /// Classes, by short name.
    pub classifications: HashMap<String, Classification>,
    /// Systems of references, by name.
    pub reference_systems: HashMap<String, ReferenceSystem>,
    /// Filters of alerts.
    pub event_filters: Vec<EventFilter>,
    /// Alerts not to be raised.
    pub suppressions: Vec<Suppression>,
    /// Rates above which rules act otherwise.
    pub rate_filters: Vec<RateFilter>,
    /// What is wrong; the lines in question are left out.
    pub errors: Vec<Error>,
    /// Rules left out since another with the same number has taken their place.
    pub replaced: usize,
    /// Where the rule with this generator and identifier stands in `rules`.
    places: HashMap<(u32, u32), usize>,
    /// Rules that are switched off, and on with another action, whatever they say themselves.
    states: HashMap<(u32, u32), State>,
    variables: Variables,
}

/// What `rule_state` says of a rule.
#[derive(Clone, Copy, Debug)]
struct State {
    is_enabled: bool,
    action: Option<Action>,
}

impl State {
    fn apply(self, rule: &mut Rule) {
        rule.is_enabled = self.is_enabled;
        rule.action = self.action.unwrap_or(rule.action);
    }
}

impl RuleSet {
    /// Reads a rule file or a `snort.conf`, and what they include. Faults are gathered in `errors`, so that
    /// all of them can be shown at once.
    pub fn load(path: &Path, loader: &mut Loader<'_>) -> io::Result<RuleSet> {
        let mut set = RuleSet::default();
        let text = loader(path)?;
        set.read(path, &text, loader, 0);
        Ok(set)
    }

    /// Sets a variable before a file is read, as `-S NAME=VALUE` does.
    pub fn define(&mut self, name: &str, value: &str) -> Result<(), String> {
        let line = format!("{name} {value}");
        self.variables.define("var", Text::new(&line)).map_err(|fault| fault.message)
    }

    /// Reads a file into this set.
    pub fn read(&mut self, path: &Path, text: &str, loader: &mut Loader<'_>, depth: usize) {
        let file: Arc<str> = path.display().to_string().into();
        // Editors of some systems begin a file with a mark of its byte order.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = logical_lines(&file, text).into_iter();
        while let Some(line) = lines.next() {
            let (keyword, name) = Text::new(&line.text).word();
            let read = match keyword.text {
                "ruletype" => self.rule_type(name, &mut lines),
                _ => self.line(path, &line, loader, depth),
            };
            if let Err(fault) = read {
                self.errors.push(line.error(fault));
            }
        }
    }

    /// Reads `ruletype NAME { type ACTION output … }`, which takes several lines.
    fn rule_type<'t>(
        &mut self,
        head: Text<'_>,
        lines: &mut impl Iterator<Item = LogicalLine<'t>>,
    ) -> Parsed<()> {
        let name = head.text.split(['{', ' ', '\t']).next().unwrap_or_default();
        if name.is_empty() {
            return Err(head.fault("ruletype needs a name"));
        }
        let mut body = head.from(name.len()).text.to_owned();
        while !body.contains('}') {
            let Some(line) = lines.next() else {
                return Err(head.fault("the brace that opens the rule type is not closed"));
            };
            body.push(' ');
            body.push_str(&line.text);
        }
        let words: Vec<&str> = body.split(|c: char| c.is_whitespace() || "{}".contains(c)).collect();
        let kind = words.iter().skip_while(|word| **word != "type").nth(1).copied().unwrap_or_default();
        let action = Action::parse(Text { text: kind, at: head.at }, &self.variables)?;
        self.variables.define_action(name.to_owned(), action);
        if words.contains(&"output") {
            self.config.ignore(format!("output of ruletype {name}"));
        }
        Ok(())
    }

    fn line(
        &mut self,
        path: &Path,
        line: &LogicalLine<'_>,
        loader: &mut Loader<'_>,
        depth: usize,
    ) -> Parsed<()> {
        let text = Text::new(&line.text).trim();
        let (keyword, rest) = text.word();
        match keyword.text {
            "var" | "ipvar" | "portvar" => self.variables.define(keyword.text, rest),
            "config" => self.config_line(rest),
            "preprocessor" => self.config.preprocessor_line(rest, &self.variables),
            "include" => self.include(path, rest, loader, depth),
            "event_filter" | "threshold" => {
                self.event_filters.push(EventFilter::parse_line(rest)?);
                Ok(())
            }
            "suppress" => {
                self.suppressions.push(Suppression::parse(rest, &self.variables)?);
                Ok(())
            }
            "rate_filter" => {
                self.rate_filters.push(RateFilter::parse(rest, &self.variables)?);
                Ok(())
            }
            "rule_state" => self.rule_state(rest),
            "output" | "dynamicpreprocessor" | "dynamicengine" | "dynamicdetection" | "sidechannel" => {
                self.config.ignore(keyword.text.to_owned());
                Ok(())
            }
            _ => {
                let is_event = rest.text.starts_with('(');
                let (rule, ignored) = self.rule(line, text, is_event)?;
                ignored.into_iter().for_each(|option| self.config.ignore(format!("option {option}")));
                if is_event {
                    if rule.gid != PORT_SCAN_GENERATOR {
                        self.config.ignore(format!("event rules of generator {}", rule.gid));
                    }
                    self.event_rules.push(rule)
                } else {
                    self.add(rule);
                }
                Ok(())
            }
        }
    }

    /// Adds a rule. Of two with the same number the one with the higher revision stays, of two with the same
    /// revision the later one.
    fn add(&mut self, mut rule: Rule) {
        let number = (rule.gid, rule.sid);
        if let Some(state) = self.states.get(&number) {
            state.apply(&mut rule);
        }
        let before = self.places.get(&number).and_then(|place| self.rules.get_mut(*place));
        match before {
            None => {
                self.places.insert(number, self.rules.len());
                self.rules.push(rule);
                return;
            }
            Some(before) if before.revision <= rule.revision => *before = rule,
            Some(_) => {}
        }
        self.replaced += 1;
    }

    /// Reads `rule_state GID, SID, enabled|disabled[, ACTION]`.
    fn rule_state(&mut self, value: Text<'_>) -> Parsed<()> {
        let words: Vec<Text<'_>> = value.commas().into_iter().flat_map(Text::words).collect();
        let [gid, sid, state, action @ ..] = &words[..] else {
            return Err(value.fault("rule_state GID, SID, enabled|disabled [, ACTION]"));
        };
        let is_enabled = match state.text {
            "enabled" => true,
            "disabled" => false,
            other => return Err(state.fault(format!("'{other}' is neither enabled nor disabled"))),
        };
        let action = action.first().map(|action| Action::parse(*action, &self.variables)).transpose()?;
        let id = |text: Text<'_>| number::number_up_to(text, u64::from(u32::MAX)).map(|id| id as u32);
        let (number, state) = ((id(*gid)?, id(*sid)?), State { is_enabled, action });
        if let Some(rule) = self.places.get(&number).and_then(|place| self.rules.get_mut(*place)) {
            state.apply(rule);
        }
        self.states.insert(number, state);
        Ok(())
    }

    fn config_line(&mut self, rest: Text<'_>) -> Parsed<()> {
        if let Some(value) = rest.strip_prefix("classification:") {
            let parts = value.commas();
            let [name, description, priority] = parts[..] else {
                return Err(value.trim().fault("a classification is NAME,DESCRIPTION,PRIORITY"));
            };
            let class = Classification {
                description: description.text.to_owned(),
                priority: number::number_up_to(priority, u64::from(u32::MAX))? as u32,
            };
            self.classifications.insert(name.text.to_owned(), class);
            return Ok(());
        }
        if let Some(value) = rest.strip_prefix("reference:") {
            let (name, prefix) = value.trim().word();
            let system = ReferenceSystem { prefix: prefix.text.to_owned() };
            self.reference_systems.insert(name.text.to_ascii_lowercase(), system);
            return Ok(());
        }
        self.config.config_line(rest)
    }

    fn include(&mut self, from: &Path, name: Text<'_>, loader: &mut Loader<'_>, depth: usize) -> Parsed<()> {
        if depth >= MAX_INCLUDE_DEPTH {
            return Err(name.fault(format!("files include each other more than {MAX_INCLUDE_DEPTH} deep")));
        }
        let name = name.unquote_if_quoted()?;
        let expanded = self.variables.expand(name)?;
        let named = PathBuf::from(&expanded);
        let path = match from.parent() {
            Some(folder) if named.is_relative() => folder.join(&named),
            _ => named,
        };
        let text = loader(&path).map_err(|error| {
            name.fault(format!("{} cannot be read: {error}", path.display()))
                .advise("paths count from the folder of the file that includes them")
        })?;
        self.read(&path, &text, loader, depth + 1);
        Ok(())
    }

    fn rule(
        &self,
        line: &LogicalLine<'_>,
        text: Text<'_>,
        is_event: bool,
    ) -> Parsed<(Rule, Vec<&'static str>)> {
        // A variable may stand in parentheses too: $(NAME).
        let opens = |at: &usize| !text.text.get(..*at).is_some_and(|before| before.ends_with('$'));
        let Some(open) = text.text.match_indices('(').map(|(at, _)| at).find(opens) else {
            // Without options there is no sid; say first what is wrong with the head, if anything is.
            Header::parse(text, &self.variables)?;
            return Err(text
                .from(text.text.len())
                .fault("the rule has no options")
                .advise("a rule needs at least (sid:N;)"));
        };
        let head = text.to(open);
        let header = if is_event {
            Header::of_event(head, &self.variables)?
        } else {
            Header::parse(head, &self.variables)?
        };
        let body = text.from(open + 1);
        let Some(close) = body.text.rfind(')') else {
            return Err(Fault::new(text.at + open, "the parenthesis that opens the options is not closed"));
        };
        let after = body.from(close + 1).trim();
        if !after.is_empty() && !after.text.starts_with('#') {
            return Err(after.fault("nothing is expected after the options"));
        }
        let (location, _): (Location, _) = line.locate(text.at);
        let mut rule = Rule {
            location,
            action: header.action,
            protocol: header.protocol,
            source: header.source,
            destination: header.destination,
            bidirectional: header.bidirectional,
            is_enabled: true,
            gid: 1,
            sid: 0,
            revision: 0,
            message: String::new(),
            classtype: None,
            priority: None,
            references: Vec::new(),
            metadata: Vec::new(),
            conditions: Vec::new(),
            detection_filter: None,
            threshold: None,
        };
        let ignored = Options::new(&mut rule, line).parse(body.to(close))?;
        Ok((rule, ignored))
    }
}
