//! The thread that writes: compressing and waiting for the disk must not keep packets waiting.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wirescope_capture::live::StopHandle;
use wirescope_capture::{Interface, WriteError};
use wirescope_trail::{Block, BlockBuilder, Recorded, Recorder, TrailError};
use wirescope_wire::Packet;

use crate::commands::moment;

/// Blocks that may wait to be written: with the one in the making they are the memory that a recording takes.
const BLOCKS_WAITING: usize = 8;
/// How long the thread waits for a block before it looks at the time.
const LOOK: Duration = Duration::from_millis(100);
/// A block is written after this time though it is not full: what a crash of this process can cost.
const BLOCK_AGE: Duration = Duration::from_secs(2);

/// The side of the thread that captures.
pub(super) struct Intake {
    builder: Arc<Mutex<BlockBuilder>>,
    blocks: SyncSender<Block>,
}

/// The thread, and what it has written so far.
pub(super) struct Storage {
    thread: JoinHandle<(Recorder, Result<(), TrailError>)>,
    recorded: Arc<Mutex<Recorded>>,
}

/// Starts the thread, which stops the capture when it cannot write any more.
pub(super) fn start(recorder: Recorder, capture: StopHandle) -> (Intake, Storage) {
    let builder = Arc::new(Mutex::new(BlockBuilder::default()));
    let (blocks, waiting) = sync_channel(BLOCKS_WAITING);
    let intake = Intake { builder: Arc::clone(&builder), blocks };
    let recorded = Arc::new(Mutex::new(recorder.recorded()));
    let told = Arc::clone(&recorded);
    let thread = thread::spawn(move || {
        let ended = write_all(recorder, &builder, &waiting, &told);
        if ended.1.is_err() {
            capture.stop();
        }
        ended
    });
    (intake, Storage { thread, recorded })
}

impl Intake {
    /// Adds a packet to the block in the making, and sends that when it is full; false when the thread has failed,
    /// which says why itself.
    pub(super) fn add(&self, packet: &Packet<'_>, interfaces: &[Interface]) -> Result<bool, WriteError> {
        let (mut builder, blocks) = self.lock();
        let full = builder.push(packet, interfaces)?;
        Ok(full.is_none_or(|block| blocks.send(block).is_ok()))
    }

    /// The block in the making, and where to send it when it is full; both are held together, so that blocks keep
    /// their order.
    fn lock(&self) -> (MutexGuard<'_, BlockBuilder>, &SyncSender<Block>) {
        (self.builder.lock().unwrap_or_else(PoisonError::into_inner), &self.blocks)
    }
}

impl Storage {
    /// What was written so far.
    pub(super) fn recorded(&self) -> Recorded {
        *self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has everything written that was taken in, and gives the recorder back, with what ended its writing.
    pub(super) fn finish(self, intake: Intake) -> Option<(Recorder, Result<(), TrailError>)> {
        {
            let (mut builder, blocks) = intake.lock();
            if let Some(block) = builder.take() {
                // A thread that has failed takes no more, and says why below.
                let _ = blocks.send(block);
            }
        }
        drop(intake);
        self.thread.join().ok()
    }
}

fn write_all(
    mut recorder: Recorder,
    builder: &Mutex<BlockBuilder>,
    waiting: &Receiver<Block>,
    recorded: &Mutex<Recorded>,
) -> (Recorder, Result<(), TrailError>) {
    let mut last = Instant::now();
    loop {
        let done = match waiting.recv_timeout(LOOK) {
            Ok(block) => {
                last = Instant::now();
                recorder.write(block, moment::now())
            }
            Err(RecvTimeoutError::Timeout) if last.elapsed() >= BLOCK_AGE => {
                last = Instant::now();
                write_aged(&mut recorder, builder, waiting)
            }
            Err(RecvTimeoutError::Timeout) => recorder.tick(moment::now()),
            Err(RecvTimeoutError::Disconnected) => return (recorder, Ok(())),
        };
        if let Err(error) = done {
            return (recorder, Err(error));
        }
        *recorded.lock().unwrap_or_else(PoisonError::into_inner) = recorder.recorded();
    }
}

/// Writes the block in the making, behind those that are full.
fn write_aged(
    recorder: &mut Recorder,
    builder: &Mutex<BlockBuilder>,
    waiting: &Receiver<Block>,
) -> Result<(), TrailError> {
    // Who holds it has a packet to add; and may be waiting for room among the blocks.
    let Ok(mut builder) = builder.try_lock() else { return Ok(()) };
    let block = builder.take();
    let full: Vec<Block> = waiting.try_iter().collect();
    drop(builder);
    full.into_iter().chain(block).try_for_each(|block| recorder.write(block, moment::now()))
}
