//! How many alerts are too many: `detection_filter`, `threshold`, `event_filter`, `suppress`, `rate_filter`.

use super::address::AddressSet;
use super::error::Parsed;
use super::header::Variables;
use super::number;
use super::text::Text;

/// Whose packets are counted together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Track {
    /// Those of one source.
    BySource,
    /// Those to one destination.
    ByDestination,
    /// All that trigger the rule.
    ByRule,
}

impl Track {
    fn parse(word: Text<'_>) -> Parsed<Track> {
        match word.text {
            "by_src" => Ok(Track::BySource),
            "by_dst" => Ok(Track::ByDestination),
            "by_rule" => Ok(Track::ByRule),
            other => Err(word.fault(format!("'{other}' cannot be tracked")).advise("by_src or by_dst")),
        }
    }
}

/// `detection_filter`: the rule matches only above a rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DetectionFilter {
    /// Whose matches are counted together.
    pub track: Track,
    /// Matches that raise nothing yet.
    pub count: u32,
    /// Seconds in which they are counted.
    pub seconds: u32,
}

/// Which of many alerts are raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FilterKind {
    /// The first ones.
    Limit,
    /// Every one that completes the count.
    Threshold,
    /// The first that completes the count.
    Both,
    /// All: a count of -1 takes one rule out of a filter for many.
    All,
}

/// `event_filter`, and `threshold` inside and outside of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EventFilter {
    /// Generator; `None` for all.
    pub gid: Option<u32>,
    /// Rule; `None` for all of the generator.
    pub sid: Option<u32>,
    /// Which alerts are raised.
    pub kind: FilterKind,
    /// Whose alerts are counted together.
    pub track: Track,
    /// How many.
    pub count: u32,
    /// In how many seconds.
    pub seconds: u32,
}

/// `suppress`: alerts that are not raised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// Generator; `None` for all.
    pub gid: Option<u32>,
    /// Rule; `None` for all of the generator.
    pub sid: Option<u32>,
    /// For whose packets: all where `None`.
    pub host: Option<(Track, AddressSet)>,
}

/// `rate_filter`: above a rate the rule acts otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RateFilter {
    /// Generator and rule.
    pub gid: u32,
    /// Rule.
    pub sid: u32,
    /// Whose matches are counted together.
    pub track: Track,
    /// Matches from which on the other action counts.
    pub count: u32,
    /// Seconds in which they are counted; 0 counts for ever.
    pub seconds: u32,
    /// Seconds after which the rule acts as before; 0 for never.
    pub timeout: u32,
    /// The other action.
    pub new_action: super::rule::Action,
    /// The tracked hosts that count (`apply_to`); all where `None`.
    pub hosts: Option<AddressSet>,
}

/// Settings of the form `name value, name value`.
struct Settings<'t> {
    at: Text<'t>,
    pairs: Vec<(Text<'t>, Text<'t>)>,
}

impl<'t> Settings<'t> {
    fn parse(value: Text<'t>, known: &[&str]) -> Parsed<Settings<'t>> {
        let pairs: Vec<_> = value.commas().into_iter().map(Text::word).collect();
        for (name, _) in &pairs {
            if !known.contains(&name.text) {
                return Err(name
                    .fault(format!("'{}' is not known here", name.text))
                    .advise(format!("possible are: {}", known.join(", "))));
            }
        }
        Ok(Settings { at: value, pairs })
    }

    fn get(&self, name: &str) -> Option<Text<'t>> {
        self.pairs.iter().find(|pair| pair.0.text == name).map(|pair| pair.1)
    }

    fn required(&self, name: &str) -> Parsed<Text<'t>> {
        self.get(name).ok_or_else(|| self.at.fault(format!("'{name}' is missing")))
    }

    fn number(&self, name: &str) -> Parsed<u32> {
        number::number_up_to(self.required(name)?, u64::from(u32::MAX)).map(|n| n as u32)
    }

    /// A generator or rule, where 0 stands for all.
    fn identifier(&self, name: &str) -> Parsed<Option<u32>> {
        Ok(Some(self.number(name)?).filter(|id| *id != 0))
    }

    fn kind(&self) -> Parsed<FilterKind> {
        let kind = self.required("type")?;
        match kind.text {
            "limit" => Ok(FilterKind::Limit),
            "threshold" => Ok(FilterKind::Threshold),
            "both" => Ok(FilterKind::Both),
            other => Err(kind.fault(format!("'{other}' is not a type")).advise("limit, threshold or both")),
        }
    }
}

impl DetectionFilter {
    pub(super) fn parse(value: Text<'_>) -> Parsed<DetectionFilter> {
        let settings = Settings::parse(value, &["track", "count", "seconds"])?;
        Ok(DetectionFilter {
            track: Track::parse(settings.required("track")?)?,
            count: settings.number("count")?,
            seconds: settings.number("seconds")?,
        })
    }
}

impl EventFilter {
    /// Reads `threshold` as an option of a rule.
    pub(super) fn parse_option(value: Text<'_>) -> Parsed<EventFilter> {
        let settings = Settings::parse(value, &["type", "track", "count", "seconds"])?;
        EventFilter::new(&settings, None, None)
    }

    /// Reads `event_filter` or `threshold` as a line.
    pub(super) fn parse_line(value: Text<'_>) -> Parsed<EventFilter> {
        let settings = Settings::parse(value, &["gen_id", "sig_id", "type", "track", "count", "seconds"])?;
        EventFilter::new(&settings, settings.identifier("gen_id")?, settings.identifier("sig_id")?)
    }

    fn new(settings: &Settings<'_>, gid: Option<u32>, sid: Option<u32>) -> Parsed<EventFilter> {
        let kind = settings.kind()?;
        let raises_all = settings.required("count")?.text == "-1";
        Ok(EventFilter {
            gid,
            sid,
            kind: if raises_all { FilterKind::All } else { kind },
            track: Track::parse(settings.required("track")?)?,
            count: if raises_all { 0 } else { settings.number("count")? },
            seconds: settings.number("seconds")?,
        })
    }
}

impl Suppression {
    pub(super) fn parse(value: Text<'_>, variables: &Variables) -> Parsed<Suppression> {
        let settings = Settings::parse(value, &["gen_id", "sig_id", "track", "ip"])?;
        let host = match (settings.get("track"), settings.get("ip")) {
            (Some(track), Some(ip)) => Some((Track::parse(track)?, AddressSet::parse(ip, variables)?)),
            (None, None) => None,
            _ => return Err(value.fault("track and ip go together")),
        };
        Ok(Suppression { gid: settings.identifier("gen_id")?, sid: settings.identifier("sig_id")?, host })
    }
}

impl RateFilter {
    pub(super) fn parse(value: Text<'_>, variables: &Variables) -> Parsed<RateFilter> {
        let known = ["gen_id", "sig_id", "track", "count", "seconds", "new_action", "timeout", "apply_to"];
        let settings = Settings::parse(value, &known)?;
        Ok(RateFilter {
            gid: settings.number("gen_id")?,
            sid: settings.number("sig_id")?,
            track: Track::parse(settings.required("track")?)?,
            count: settings.number("count")?,
            seconds: settings.number("seconds")?,
            timeout: settings.number("timeout")?,
            new_action: super::rule::Action::parse(settings.required("new_action")?, variables)?,
            hosts: settings.get("apply_to").map(|hosts| AddressSet::parse(hosts, variables)).transpose()?,
        })
    }
}
