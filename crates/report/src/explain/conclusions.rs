//! What several statements prove together.

use wirescope_flow::explain::{Case, Claim, Remains};

/// What follows, a sentence each; nothing odd is a conclusion too.
pub fn conclusions(case: &Case) -> Vec<String> {
    let has = |test: fn(&Claim) -> bool| case.statements.iter().any(|said| test(&said.claim));
    let is_odd =
        |test: fn(&Claim) -> bool| case.statements.iter().any(|said| said.is_odd && test(&said.claim));
    let mut all = Vec::new();
    let mut conclude = |holds: bool, text: &str| {
        if holds {
            all.push(text.to_owned());
        }
    };
    let rewritten = has(|claim| matches!(claim, Claim::AddressesRewritten { .. }));
    let leak = has(
        |claim| matches!(claim, Claim::PaddingLeak { remains, .. } if !matches!(remains, Remains::Repeated(_))),
    );
    conclude(!case.is_odd(), "Nothing odd: what can be verified of this packet agrees.");
    conclude(
        rewritten,
        "The packet is genuine but for its addresses: do not look for these hosts, and trust all the rest.",
    );
    conclude(
        leak,
        "What follows the end was in the memory of who framed the packet last, and tells of its traffic, not of this conversation.",
    );
    conclude(
        is_odd(|claim| {
            matches!(claim, Claim::TcpFlags { .. } | Claim::SequenceZero | Claim::ToolMark { .. })
        }),
        "A program made this segment, not a stack: it wanted the answer or the lack of it, not a connection.",
    );
    conclude(
        is_odd(|claim| {
            matches!(
                claim,
                Claim::FragmentOverlaps { .. } | Claim::FragmentTiny { .. } | Claim::FragmentPastEnd { .. }
            )
        }),
        "Fragments like these are made by hand: to get past a filter, to be read differently by sensor and host, or to break the host.",
    );
    conclude(
        is_odd(|claim| matches!(claim, Claim::Land | Claim::SourceImpossible { .. })),
        "The source is forged: who sent it cannot be told from the address.",
    );
    let known = case.statements.iter().find_map(|said| match &said.claim {
        Claim::KnownPort { port, is_source: false } if !port.is_service => Some(*port),
        _ => None,
    });
    if let Some(port) = known {
        let outcome = match case.answer_count {
            0 => "nothing in the capture answers, so that nobody can say it succeeded",
            _ => "there are answers, which decide whether it succeeded",
        };
        all.push(format!("It asks for {}; {outcome}.", port.name));
    }
    all
}
