//! The rules that come with the program, from the folder `rules`.

use std::io;
use std::path::Path;

use super::RuleSet;

/// The file that includes the others.
const MAIN: &str = "wirescope.rules";

/// Every file by its name.
const FILES: &[(&str, &str)] = &[
    (MAIN, include_str!("../../../../rules/wirescope.rules")),
    ("rpc.rules", include_str!("../../../../rules/rpc.rules")),
    ("irc.rules", include_str!("../../../../rules/irc.rules")),
    ("services.rules", include_str!("../../../../rules/services.rules")),
    ("mutants.rules", include_str!("../../../../rules/mutants.rules")),
];

impl RuleSet {
    /// The rules of the folder `rules`, compiled in: what there is to say without a rule file. Variables
    /// that were defined before (as `-S` does) are not kept.
    pub fn built_in() -> RuleSet {
        let mut loader = |path: &Path| {
            let file = FILES.iter().find(|file| Path::new(file.0) == path);
            file.map(|file| file.1.to_owned()).ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        RuleSet::load(Path::new(MAIN), &mut loader).unwrap_or_default()
    }
}
