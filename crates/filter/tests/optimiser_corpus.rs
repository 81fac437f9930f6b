//! The optimiser and the emitter against recorded pairs of plain and optimised programs: the graph is rebuilt
//! from the plain program, so that nothing but the back of the compiler is tested.

mod corpus;
mod rebuild;

use wirescope_filter::Refusal;
use wirescope_filter::emit::emit;
use wirescope_filter::listing;
use wirescope_filter::optimise::optimise;

/// Of 1,000 optimised programs, how many must be identical.
const IDENTICAL_PER_MILLE: usize = 995;

#[test]
fn plain_programs_come_back_from_their_graphs() {
    let Some(folder) = corpus::folder() else { return };
    for pair in corpus::pairs(&folder) {
        let emitted = emit(&rebuild::rebuild(&pair.plain)).expect("the graph can be laid out");
        assert_eq!(
            listing::assembly(&emitted),
            listing::assembly(&pair.plain),
            "{} on {}, live: {}",
            pair.expression,
            pair.link,
            pair.live
        );
    }
}

#[test]
fn optimised_programs_are_those_of_the_corpus() {
    let Some(folder) = corpus::folder() else { return };
    let show = std::env::var_os("SHOW_DIFFERENCES").is_some();
    let (mut count, mut identical, mut refused) = (0, 0, 0);
    for pair in corpus::pairs(&folder) {
        let result = optimise(rebuild::rebuild(&pair.plain)).and_then(|graph| emit(&graph));
        match (&pair.optimised, result) {
            (Some(wanted), Ok(program)) => {
                count += 1;
                let same = program == *wanted;
                identical += usize::from(same);
                if show && !same {
                    println!("=== {} on {} live {}", pair.expression, pair.link, pair.live);
                    side_by_side(&listing::assembly(wanted), &listing::assembly(&program));
                }
            }
            (Some(_), Err(refusal)) => {
                count += 1;
                println!("{} on {} is refused: {refusal}", pair.expression, pair.link);
            }
            (None, Err(Refusal::RejectsAll)) => refused += 1,
            (None, Err(_)) => {}
            (None, Ok(program)) => {
                println!("unexpected program: {} on {}", pair.expression, pair.link);
                if show {
                    side_by_side(&listing::assembly(&pair.plain), &listing::assembly(&program));
                }
            }
        }
    }
    println!("{identical} of {count} optimised programs are identical, {refused} reject all packets");
    assert!(identical * 1000 >= count * IDENTICAL_PER_MILLE, "only {identical} of {count} are identical");
}

fn side_by_side(left: &str, right: &str) {
    let (mut left, mut right) = (left.lines(), right.lines());
    loop {
        let (a, b) = (left.next(), right.next());
        if a.is_none() && b.is_none() {
            return;
        }
        println!("{:<52}{}", a.unwrap_or("").replace('\t', " "), b.unwrap_or("").replace('\t', " "));
    }
}
