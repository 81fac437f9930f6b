//! Printing on several threads, with the text that one thread would print.
//!
//! This thread reads, filters and settles in order what a packet's text needs of the packets before it; blocks
//! of packets go round the workers, and their texts are written in the same order. A packet that cannot be
//! printed apart is printed here, and its text goes along with the block.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use wirescope_capture::{Block, FileReader};
use wirescope_dissect::{Dissector, Prior};

use super::Failure;
use super::output::Output;
use super::pass::{End, Pass};

/// Blocks that wait before each worker, and texts behind it.
const QUEUE: usize = 2;

/// What is to be done with a packet of a block.
enum Plan {
    /// It is not wanted.
    Nothing,
    /// It is to be printed under this number.
    Print(u64, Prior),
    /// It has been printed: so many bytes are the next of the turn's.
    Printed(usize),
}

/// A turn of one worker.
#[derive(Default)]
struct Turn {
    block: Block,
    plans: Vec<Plan>,
    /// The texts of the packets that had to be printed in order.
    printed: Vec<u8>,
    text: Vec<u8>,
}

/// Prints all packets of a source on `workers` threads; each has a dissector from `make`. What is printed with
/// is `dissector`, for packets that must be printed in order, and `output`.
pub(crate) fn print_all(
    pass: &mut Pass,
    source: &mut FileReader,
    (dissector, output): (&mut Dissector, &mut Output),
    workers: usize,
    make: &(dyn Fn() -> Dissector + Sync),
) -> Result<End, Failure> {
    thread::scope(|scope| {
        let (mut to_workers, mut from_workers) = (Vec::new(), Vec::new());
        for _ in 0..workers.max(1) {
            let (send_turn, turns) = sync_channel::<Turn>(QUEUE);
            let (send_text, texts) = sync_channel::<Turn>(QUEUE);
            scope.spawn(move || work(turns, send_text, make()));
            to_workers.push(send_turn);
            from_workers.push(texts);
        }
        let (give_back, used) = channel();
        let writer = scope.spawn(move || write_in_turn(&from_workers, &give_back, output));
        let read = read_in_turn(pass, source, dissector, &to_workers, &used);
        drop(to_workers);
        match writer.join() {
            Ok(written) => written.and(read),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Reads blocks and hands them round, until the source or the readers of the text have had enough.
fn read_in_turn(
    pass: &mut Pass,
    source: &mut FileReader,
    dissector: &mut Dissector,
    to_workers: &[SyncSender<Turn>],
    used: &Receiver<Turn>,
) -> Result<End, Failure> {
    let last = pass.last();
    for worker in to_workers.iter().cycle() {
        let mut turn = used.try_recv().unwrap_or_default();
        if pass.taken >= last {
            break;
        }
        match source.next_block(&mut turn.block) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Ok(End::Damaged(error)),
        }
        plan(pass, dissector, &mut turn, last);
        if worker.send(turn).is_err() {
            break;
        }
    }
    Ok(End::Complete)
}

/// Filters and numbers the packets of a turn, and prints those at once that must be printed in order.
fn plan(pass: &mut Pass, dissector: &mut Dissector, turn: &mut Turn, last: u64) {
    turn.plans.clear();
    turn.printed.clear();
    turn.text.clear();
    for packet in turn.block.packets() {
        let passes = pass.filter.as_ref().is_none_or(|filter| filter.matches(packet.data, packet.wire_len));
        if !passes || pass.taken >= last {
            turn.plans.push(Plan::Nothing);
            continue;
        }
        pass.taken += 1;
        if pass.taken <= pass.skip || !pass.taken.is_multiple_of(pass.sampling) {
            turn.plans.push(Plan::Nothing);
            continue;
        }
        turn.plans.push(match dissector.prepare(&packet) {
            Some(prior) => Plan::Print(pass.taken, prior),
            None => {
                dissector.print(&packet, pass.taken);
                let text = dissector.text();
                turn.printed.extend_from_slice(text);
                let plan = Plan::Printed(text.len());
                dissector.clear();
                plan
            }
        });
    }
}

/// A worker: prints one turn after the other.
fn work(turns: Receiver<Turn>, texts: SyncSender<Turn>, mut dissector: Dissector) {
    for mut turn in turns {
        print_planned(&mut dissector, &mut turn);
        if texts.send(turn).is_err() {
            return;
        }
    }
}

/// Makes the text of a turn.
fn print_planned(dissector: &mut Dissector, turn: &mut Turn) {
    let mut printed = turn.printed.as_slice();
    for (packet, plan) in turn.block.packets().zip(&turn.plans) {
        match plan {
            Plan::Nothing => {}
            Plan::Print(number, prior) => dissector.print_apart(&packet, *number, *prior),
            Plan::Printed(len) => {
                turn.text.extend_from_slice(dissector.text());
                dissector.clear();
                let (text, rest) = printed.split_at_checked(*len).unwrap_or((printed, &[]));
                turn.text.extend_from_slice(text);
                printed = rest;
            }
        }
    }
    turn.text.extend_from_slice(dissector.text());
    dissector.clear();
}

/// Writes the texts in the order of the turns and gives the turns back to be used again.
fn write_in_turn(
    from_workers: &[Receiver<Turn>],
    give_back: &Sender<Turn>,
    output: &mut Output,
) -> Result<(), Failure> {
    for worker in from_workers.iter().cycle() {
        // The turns go round: the first worker without a text has had no turn, and nor has any after it.
        let Ok(turn) = worker.recv() else { break };
        output.write(&turn.text)?;
        // Whoever read has gone when everything was read.
        let _ = give_back.send(turn);
    }
    Ok(())
}
