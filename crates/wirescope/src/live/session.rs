//! A capture that goes on: packets, and between them what events ask for.

use std::ops::ControlFlow;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use wirescope_capture::live::{LiveCapture, LiveError, Statistics};
use wirescope_capture::{Interface, ReadError, Source};
use wirescope_wire::Packet;

use super::events::{Event, Handlers};
use super::losses::Losses;
use crate::dump::Program;

/// A capture, what interrupts it, and its account.
pub(crate) struct Session<'a> {
    program: &'a Program,
    capture: LiveCapture,
    events: Receiver<Event>,
    losses: Losses,
    taken: u64,
}

impl<'a> Session<'a> {
    /// Begins to wait for events. It starts threads: rights are given up before.
    pub(crate) fn begin(
        program: &'a Program,
        capture: LiveCapture,
        handlers: Handlers,
        duration: Option<Duration>,
    ) -> Session<'a> {
        let events = handlers.watch(&capture.stop_handle(), duration, None);
        Session { program, capture, events, losses: Losses::new(false, true), taken: 0 }
    }

    /// Hands on every packet, with its number and the interfaces, until `each` breaks off or the capture ends; a signal
    /// or the time ends it after the packets that came before. `report` adds to the counts that `USR1` asks for.
    pub(crate) fn each_packet(
        &mut self,
        mut each: impl FnMut(u64, &Packet<'_>, &[Interface]) -> ControlFlow<()>,
        mut report: impl FnMut(&Statistics),
    ) -> Result<(), ReadError> {
        loop {
            match self.capture.next_described() {
                Ok(Some((packet, interfaces))) => {
                    self.taken += 1;
                    if each(self.taken, &packet, interfaces).is_break() {
                        return Ok(());
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    self.losses.clear();
                    return Err(error);
                }
            }
            if self.capture.is_ended() {
                return Ok(());
            }
            while let Ok(event) = self.events.try_recv() {
                self.meet(&event, &mut report).map_err(ReadError::Live)?;
            }
        }
    }

    fn meet(&mut self, event: &Event, report: &mut impl FnMut(&Statistics)) -> Result<(), LiveError> {
        match event {
            Event::Second => self.losses.refresh(self.taken, &mut self.capture),
            Event::Report => {
                self.losses.tell(&self.program.name, self.taken, &mut self.capture);
                report(&self.capture.statistics()?);
            }
            Event::End | Event::TimeIsUp | Event::CommandEnded(_) => self.capture.close()?,
        }
        Ok(())
    }

    /// How many packets were handed on.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Tells the counts at the end, and gives them where they can be had.
    pub(crate) fn conclude(mut self) -> Statistics {
        self.losses.conclude(self.taken, &mut self.capture);
        self.capture.statistics().unwrap_or_default()
    }
}
