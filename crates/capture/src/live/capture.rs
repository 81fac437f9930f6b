//! Packets of one or several interfaces as a source.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wirescope_filter::Program;
use wirescope_filter::ir::{Instruction, code};
use wirescope_filter::kernel::{self, KernelProgram, Unfit};
use wirescope_wire::{LinkType, Packet, Timestamp};

use super::device::{ANY, KIND_OF_ANY, Kind, StampSource, kind_of, not_opened, stamp_sources, unknown};
use super::frame::{self, Dressed, Facts, HEADROOM, RingFrame};
use super::system::{self, Ring, RingShape, Socket};
use super::{Direction, LiveError, LiveOptions};
use crate::{ByteOrder, Format, Interface, MAXIMUM_SNAPSHOT_LEN, Precision, Properties, ReadError, Source};

/// Bytes of a block of a ring: large enough for the largest packet that the kernel puts together, 64 KiB and headers.
/// Smaller blocks are better: the one that is being read takes nothing in.
const BLOCK_LEN: u32 = 128 * 1024;
/// A ring of one block would lose what comes while it is read.
const MINIMUM_BLOCKS: u32 = 2;
/// The shortest time that a block can wait, in milliseconds; 0 would mean the kernel's choice.
const MINIMUM_RETIRE_MS: u32 = 1;
/// All EtherTypes.
const ALL_PROTOCOLS: u16 = libc::ETH_P_ALL as u16;
/// Lets no packet pass.
const REJECT_ALL: [Instruction; 1] = [Instruction { code: code::RET | code::K, jt: 0, jf: 0, k: 0 }];
/// Packets that are thrown away at most when a filter takes the place of another.
const DRAIN_MAXIMUM: usize = 1 << 20;
/// What the kernel may take longer than it should to hand over the last packets.
const CLOSING_GRACE: Duration = Duration::from_millis(50);
/// Where an interface counts what it lost, beneath its folder.
const LOSS_COUNTERS: [&str; 2] = ["rx_missed_errors", "rx_fifo_errors"];
/// Digits of a counter, and more.
const COUNTER_LEN: usize = 32;

/// Who runs the filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filtering {
    /// The kernel, so that packets not wanted cost next to nothing.
    Kernel,
    /// This process, since the kernel cannot.
    Process(Unfit),
}

/// What has been counted since the start of a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// Packets that passed the filter, whether or not there was room for them.
    pub received: u64,
    /// Those of them for which there was none.
    pub dropped: u64,
    /// Packets that the interfaces lost before anybody saw them.
    pub interface_dropped: u64,
    /// Bytes of the packets given, as far as they were captured.
    pub bytes: u64,
}

/// Reaches a capture from elsewhere: from another thread, while it waits for packets.
#[derive(Clone, Debug)]
pub struct StopHandle {
    /// To be looked at: somebody stopped or interrupted the capture.
    called: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    /// Wakes a capture that waits.
    pipe: Arc<PipeWriter>,
}

impl StopHandle {
    /// Has the capture's `next` return `None` from now on, at once when it waits.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.interrupt();
    }

    /// Has the capture's `next` return `None` once, at once when it waits; asked again it goes on.
    pub fn interrupt(&self) {
        self.called.store(true, Ordering::Release);
        // A full pipe wakes as well.
        let _ = (&*self.pipe).write(&[0]);
    }
}

/// Where packets of one interface come from.
enum Intake {
    /// A ring, the block that is being read, and how far.
    Ring { ring: Ring, block: usize, reading: Option<Reading> },
    /// A buffer for one packet.
    Single(Vec<u8>),
}

/// The rest of a block.
#[derive(Clone, Copy)]
struct Reading {
    remaining: u32,
    at: usize,
}

/// One interface being captured on.
struct Port {
    name: String,
    socket: Socket,
    index: i32,
    kind: Kind,
    link: LinkType,
    intake: Intake,
    loopback: u32,
    program: Option<Program>,
    /// Open from the start, since files may be out of reach later.
    loss_counters: Vec<File>,
    lost_at_start: u64,
    received: u64,
    dropped: u64,
    /// Packets taken out of the ring or the buffer, wanted or not.
    taken: u64,
}

/// Where a packet lies that is about to be handed out.
struct Found {
    dressed: Dressed,
    time: Timestamp,
}

/// A capture on one or several interfaces.
pub struct LiveCapture {
    ports: Vec<Port>,
    options: LiveOptions,
    properties: Properties,
    interfaces: Vec<Interface>,
    warnings: Vec<String>,
    started: bool,
    /// The port that is asked first, so that no port is kept waiting by another.
    turn: usize,
    stop_reader: PipeReader,
    stop: StopHandle,
    /// When the last packets will be here, once no more are let in.
    closing: Option<Instant>,
    /// What ends the capture when all that came before has been given.
    lost: Option<LiveError>,
    ended: bool,
    bytes: u64,
}

impl LiveCapture {
    /// Gets ready to capture on the interfaces with these names ([`ANY`] for all); no packet is received yet.
    pub fn open(devices: &[&str], options: &LiveOptions) -> Result<LiveCapture, LiveError> {
        let mut warnings = Vec::new();
        let ports: Vec<Port> = devices
            .iter()
            .map(|device| Port::open(device, options, &mut warnings))
            .collect::<Result<_, _>>()?;
        let first = ports.first().ok_or(LiveError::NoDevice)?;
        let properties = Properties {
            format: Format::Pcap,
            link: first.link,
            link_number: u32::from(first.link.0),
            link_flags: 0,
            snapshot_len: options.snapshot_len,
            precision: Precision::Nano,
            byte_order: ByteOrder::NATIVE,
            version: (2, 4),
            compression: None,
        };
        let describe = |port: &Port| Interface {
            name: Some(port.name.clone()),
            operating_system: Some("Linux".to_owned()),
            ..Interface::new(port.link, options.snapshot_len)
        };
        let interfaces = ports.iter().map(describe).collect();
        let (stop_reader, stop_writer) = io::pipe().map_err(LiveError::Receive)?;
        Ok(LiveCapture {
            ports,
            options: options.clone(),
            properties,
            interfaces,
            warnings,
            started: false,
            turn: 0,
            stop_reader,
            stop: StopHandle { called: Arc::default(), stopped: Arc::default(), pipe: Arc::new(stop_writer) },
            closing: None,
            lost: None,
            ended: false,
            bytes: 0,
        })
    }

    /// What was asked for and could not be had, in libpcap's words.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Something to end the capture with.
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Sets the filter, made for this capture's link type, in the place of the one before.
    ///
    /// Set before the start, it is in force from the first packet. Set later, it is in force for every packet
    /// that `next` gives from now on: what waits already is thrown away.
    pub fn set_filter(&mut self, program: &Program) -> Result<Filtering, LiveError> {
        let mut filtering = Filtering::Kernel;
        for number in 0..self.ports.len() {
            if let Filtering::Process(unfit) = self.set_filter_of(number, program)? {
                filtering = Filtering::Process(unfit);
            }
        }
        Ok(filtering)
    }

    /// The same for one interface, whose link type may differ from that of the others: an index into
    /// [`interfaces`](Source::interfaces).
    pub fn set_filter_of(&mut self, number: usize, program: &Program) -> Result<Filtering, LiveError> {
        let (snapshot_len, started) = (self.options.snapshot_len, self.started);
        let port = self.ports.get_mut(number).ok_or(LiveError::NoDevice)?;
        port.set_filter(program, snapshot_len, started)
    }

    /// Lets packets in. To be called before privileges are given up: it takes the right to bind.
    pub fn start(&mut self) -> Result<(), LiveError> {
        if !self.started {
            for port in &mut self.ports {
                port.lost_at_start = port.lost();
                let bound = port.socket.bind(port.index, ALL_PROTOCOLS);
                bound.map_err(|error| unknown(&port.name, "bind", error))?;
            }
            self.started = true;
        }
        Ok(())
    }

    /// What has been counted so far.
    pub fn statistics(&mut self) -> Result<Statistics, LiveError> {
        let mut total = Statistics { bytes: self.bytes, ..Statistics::default() };
        for port in &mut self.ports {
            // The kernel starts anew with each question.
            if let Ok((received, dropped)) = port.socket.statistics() {
                port.received += u64::from(received);
                port.dropped += u64::from(dropped);
            }
            total.received += port.received;
            total.dropped += port.dropped;
            total.interface_dropped += port.lost().saturating_sub(port.lost_at_start);
        }
        Ok(total)
    }

    /// Lets no more packets in. `next` still gives those that came before, and then `None`.
    pub fn close(&mut self) -> Result<(), LiveError> {
        if self.closing.is_none() {
            for port in &self.ports {
                let refused = port.socket.attach(&REJECT_ALL);
                refused.map_err(|error| unknown(&port.name, "SO_ATTACH_FILTER", error))?;
            }
            self.expect_the_end();
        }
        Ok(())
    }

    /// Gives the kernel time to hand over the last packets: a block that is not full waits for its time.
    fn expect_the_end(&mut self) {
        let wait = Duration::from_millis(u64::from(self.options.timeout_ms));
        self.closing = self.closing.or(Some(Instant::now() + wait + CLOSING_GRACE));
    }

    /// An interface that is gone ends the capture, after the packets that it still gave.
    fn lose(&mut self, error: LiveError) -> Result<(), LiveError> {
        if !matches!(error, LiveError::Disappeared) {
            return Err(error);
        }
        self.lost = Some(error);
        self.expect_the_end();
        Ok(())
    }

    /// Whether `next` will give no more packets, rather than having been interrupted.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Whether every packet that came before [`close`](LiveCapture::close) has been given.
    fn is_finished(&mut self) -> bool {
        let Some(end) = self.closing else { return false };
        if Instant::now() >= end || self.statistics().is_err() {
            return true;
        }
        self.ports.iter().all(|port| port.taken >= port.received.saturating_sub(port.dropped))
    }

    /// The next packet; waits for one. `None` when the capture has been stopped, and once when it has been
    /// interrupted.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Packet<'_>>, LiveError> {
        let Some((port, found)) = self.find()? else { return Ok(None) };
        Ok(packet(&mut self.ports, port, &found))
    }

    fn find(&mut self) -> Result<Option<(usize, Found)>, LiveError> {
        self.start()?;
        loop {
            if self.stop.called.load(Ordering::Relaxed) && self.is_called() {
                return Ok(None);
            }
            for step in 0..self.ports.len() {
                let number = (self.turn + step) % self.ports.len();
                let Some(port) = self.ports.get_mut(number) else { continue };
                match port.find(self.options.direction, self.options.snapshot_len) {
                    Ok(Some(found)) => {
                        self.turn = number;
                        self.bytes += found.dressed.len as u64;
                        return Ok(Some((number, found)));
                    }
                    Ok(None) => {}
                    Err(error) => self.lose(error)?,
                }
            }
            if self.is_finished() {
                self.ended = true;
                return self.lost.take().map_or(Ok(None), Err);
            }
            self.wait()?;
        }
    }

    /// Whether to return to the caller before there is a packet.
    #[cold]
    fn is_called(&mut self) -> bool {
        if self.stop.stopped.load(Ordering::Relaxed) {
            self.ended = true;
            return true;
        }
        self.stop.called.swap(false, Ordering::Acquire)
    }

    /// Waits until there is something to read, or to stop for.
    fn wait(&mut self) -> Result<(), LiveError> {
        let mut descriptors = vec![self.stop_reader.as_fd()];
        descriptors.extend(self.ports.iter().map(|port| port.socket.as_fd()));
        let limit = self.closing.map(|end| end.saturating_duration_since(Instant::now()).as_millis());
        match system::wait(&descriptors, limit.map(|ms| i32::try_from(ms + 1).unwrap_or(i32::MAX))) {
            Ok(ready) => {
                if ready.first() == Some(&true) {
                    // It is readable, so this waits for nothing.
                    let _ = (&self.stop_reader).read(&mut [0; COUNTER_LEN]);
                }
                let ready = ready.iter().skip(1);
                let mut found = self.ports.iter().zip(ready).filter(|(_, ready)| **ready);
                match found.try_for_each(|(port, _)| port.check_alive()) {
                    Ok(()) => Ok(()),
                    Err(error) => self.lose(error),
                }
            }
            // A handler of signals has run; it says by the handle whether to stop.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(LiveError::Receive(error)),
        }
    }
}

impl Source for LiveCapture {
    fn next(&mut self) -> Result<Option<Packet<'_>>, ReadError> {
        LiveCapture::next(self).map_err(ReadError::Live)
    }

    fn next_described(&mut self) -> Result<Option<(Packet<'_>, &[Interface])>, ReadError> {
        let Some((port, found)) = self.find().map_err(ReadError::Live)? else { return Ok(None) };
        let packet = packet(&mut self.ports, port, &found);
        Ok(packet.map(|packet| (packet, self.interfaces.as_slice())))
    }

    fn properties(&self) -> &Properties {
        &self.properties
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }
}

/// The packet that was found on a port, borrowed from where it lies.
fn packet<'a>(ports: &'a mut [Port], number: usize, found: &Found) -> Option<Packet<'a>> {
    let port = ports.get_mut(number)?;
    let Dressed { start, len, wire_len } = found.dressed;
    let bytes: &[u8] = match &mut port.intake {
        Intake::Ring { ring, block, .. } => ring.block(*block)?,
        Intake::Single(buffer) => buffer,
    };
    let data = bytes.get(start..start + len)?;
    let interface = u32::try_from(number).unwrap_or(u32::MAX);
    Some(Packet { time: found.time, link: port.link, interface, wire_len, data })
}

impl Port {
    fn open(name: &str, options: &LiveOptions, warnings: &mut Vec<String>) -> Result<Port, LiveError> {
        if options.monitor {
            return Err(LiveError::NoMonitorMode(name.to_owned()));
        }
        let (index, kind) = if name == ANY { (0, KIND_OF_ANY) } else { inspect(name)? };
        let link = choose_link(kind, options.link)?;
        let socket = Socket::open(kind.cooked).map_err(|error| not_opened(name, error))?;
        let setup = |call| move |error| unknown(name, call, error);
        socket.bind(index, 0).map_err(setup("bind"))?;
        if index != 0 && options.promiscuous {
            socket.be_promiscuous(index).map_err(setup("PACKET_ADD_MEMBERSHIP"))?;
        }
        if let Err(warning) = set_stamp_source(&socket, name, options.stamp_source) {
            warnings.push(warning);
        }
        let option = |option, value| socket.set_packet_option(option, value);
        option(libc::PACKET_AUXDATA, 1).map_err(setup("PACKET_AUXDATA"))?;
        let intake = if options.immediate {
            single_intake(&socket, options).map_err(setup("SO_TIMESTAMPNS"))?
        } else {
            option(libc::PACKET_RESERVE, HEADROOM as i32).map_err(setup("PACKET_RESERVE"))?;
            let ring = map_ring(&socket, options).map_err(setup("PACKET_RX_RING"))?;
            Intake::Ring { ring, block: 0, reading: None }
        };
        let loopback = socket.interface_index("lo").ok().and_then(|index| u32::try_from(index).ok());
        let port = Port {
            name: name.to_owned(),
            socket,
            index,
            kind,
            link,
            intake,
            loopback: loopback.unwrap_or(0),
            program: None,
            loss_counters: if index == 0 { Vec::new() } else { loss_counters(name) },
            lost_at_start: 0,
            received: 0,
            dropped: 0,
            taken: 0,
        };
        // Until a filter is set, the kernel cuts packets and lets all of them pass.
        let keep = Instruction { code: code::RET | code::K, jt: 0, jf: 0, k: options.snapshot_len.max(1) };
        port.socket.attach(&[keep]).map_err(setup("SO_ATTACH_FILTER"))?;
        Ok(port)
    }

    fn set_filter(
        &mut self,
        program: &Program,
        snapshot_len: u32,
        started: bool,
    ) -> Result<Filtering, LiveError> {
        let sees = match self.link {
            _ if !self.kind.cooked => kernel::Socket::Raw,
            LinkType::LINUX_SLL2 => kernel::Socket::Cooked2,
            _ => kernel::Socket::Cooked,
        };
        let device = self.name.clone();
        let setup = |error| LiveError::Setup { device, call: "SO_ATTACH_FILTER", error };
        let fit = KernelProgram::new(program.instructions(), sees, snapshot_len.max(1));
        if started {
            self.socket.attach(&REJECT_ALL).map_err(setup.clone())?;
            self.throw_away();
        }
        match fit {
            Ok(fit) => {
                self.socket.attach(fit.instructions()).map_err(setup)?;
                self.program = None;
                Ok(Filtering::Kernel)
            }
            Err(unfit) => {
                self.socket.detach().map_err(setup)?;
                self.program = Some(program.clone());
                Ok(Filtering::Process(unfit))
            }
        }
    }

    /// Throws away what was received before a filter.
    fn throw_away(&mut self) {
        match &mut self.intake {
            Intake::Ring { ring, block, reading } => {
                *reading = None;
                for _ in 0..ring.block_count() {
                    if ring.block(*block).is_some() {
                        ring.release(*block);
                        *block = (*block + 1) % ring.block_count();
                    }
                }
            }
            Intake::Single(buffer) => {
                for _ in 0..DRAIN_MAXIMUM {
                    if !matches!(self.socket.receive(buffer), Ok(Some(_))) {
                        break;
                    }
                }
            }
        }
    }

    /// The next packet that is there and wanted.
    fn find(&mut self, direction: Direction, snapshot_len: u32) -> Result<Option<Found>, LiveError> {
        let Port { socket, intake, kind, link, loopback, program, taken, .. } = self;
        let choose = |bytes: &mut [u8], start: usize, captured: usize, facts: &Facts| {
            if !facts.is_wanted(direction, *loopback) {
                return None;
            }
            let dressed = frame::dress(bytes, start, captured, facts, *link, kind.cooked, snapshot_len)?;
            let data = bytes.get(dressed.start..dressed.start + dressed.len)?;
            let passes = program
                .as_ref()
                .is_none_or(|program| program.matches_live(data, dressed.wire_len, &facts.metadata()));
            passes.then_some(Found { dressed, time: facts.time })
        };
        match intake {
            Intake::Ring { ring, block, reading } => Ok(find_in_ring(ring, block, reading, taken, choose)),
            Intake::Single(buffer) => loop {
                let room = buffer.get_mut(HEADROOM..).unwrap_or_default();
                let received = match socket.receive(room) {
                    Ok(Some(received)) => received,
                    Ok(None) => return Ok(None),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) if error.raw_os_error() == Some(libc::ENETDOWN) => {
                        self.check_name()?;
                        return Ok(None);
                    }
                    Err(error) => return Err(LiveError::Receive(error)),
                };
                *taken += 1;
                let Some(facts) = Facts::received(&received) else { continue };
                if let Some(found) = choose(buffer, HEADROOM, received.captured, &facts) {
                    return Ok(Some(found));
                }
            },
        }
    }

    /// Looks after a socket that has something to say, which may be an error.
    fn check_alive(&self) -> Result<(), LiveError> {
        match self.socket.take_error() {
            Ok(0) => Ok(()),
            Ok(libc::ENETDOWN) => self.check_name(),
            Ok(error) => Err(LiveError::Receive(io::Error::from_raw_os_error(error))),
            Err(error) => Err(LiveError::Receive(error)),
        }
    }

    /// An interface that went down may come up again; one that is gone will not.
    fn check_name(&self) -> Result<(), LiveError> {
        match self.socket.interface_index(&self.name) {
            _ if self.index == 0 => Ok(()),
            Ok(index) if index == self.index => Ok(()),
            _ => Err(LiveError::Disappeared),
        }
    }

    /// Packets that the interface has lost since it is there.
    fn lost(&self) -> u64 {
        let count = |counter: &File| {
            let mut digits = [0; COUNTER_LEN];
            let length = counter.read_at(&mut digits, 0).unwrap_or(0);
            let text = str::from_utf8(digits.get(..length).unwrap_or_default()).unwrap_or_default();
            text.trim().parse::<u64>().unwrap_or(0)
        };
        self.loss_counters.iter().map(count).fold(0, u64::saturating_add)
    }
}

/// The files in which an interface counts what it lost.
fn loss_counters(name: &str) -> Vec<File> {
    let path = |what: &&str| format!("/sys/class/net/{name}/statistics/{what}");
    LOSS_COUNTERS.iter().map(path).filter_map(|path| File::open(path).ok()).collect()
}

/// The next packet of a ring that `choose` takes.
fn find_in_ring(
    ring: &mut Ring,
    block: &mut usize,
    reading: &mut Option<Reading>,
    taken: &mut u64,
    choose: impl Fn(&mut [u8], usize, usize, &Facts) -> Option<Found>,
) -> Option<Found> {
    loop {
        let bytes = ring.block(*block)?;
        let now = match *reading {
            Some(now) => now,
            None => {
                let (remaining, at) = frame::block_contents(bytes).unwrap_or((0, 0));
                Reading { remaining, at }
            }
        };
        let next = if now.remaining == 0 { None } else { RingFrame::read(bytes, now.at) };
        let Some(next) = next else {
            ring.release(*block);
            *block = (*block + 1) % ring.block_count();
            *reading = None;
            continue;
        };
        *reading = Some(Reading { remaining: now.remaining - 1, at: next.next });
        *taken += 1;
        if let Some(found) = choose(bytes, next.start, next.captured, &next.facts) {
            return Some(found);
        }
    }
}

/// The number and the kind of an interface that can be captured on.
fn inspect(name: &str) -> Result<(i32, Kind), LiveError> {
    let socket = Socket::open(false).map_err(|error| not_opened(name, error))?;
    let index = socket.interface_index(name).map_err(|error| unknown(name, "SIOCGIFINDEX", error))?;
    let hardware_type = socket.hardware_type(name).map_err(|error| unknown(name, "SIOCGIFHWADDR", error))?;
    let flags = socket.interface_flags(name).map_err(|error| unknown(name, "SIOCGIFFLAGS", error))?;
    if flags & libc::IFF_UP == 0 {
        return Err(LiveError::NotUp(name.to_owned()));
    }
    Ok((index, kind_of(hardware_type)))
}

fn choose_link(kind: Kind, wanted: Option<LinkType>) -> Result<LinkType, LiveError> {
    match wanted {
        None => Ok(kind.link),
        Some(link) if link == kind.link || Some(link) == kind.also => Ok(link),
        Some(link) => Err(LiveError::LinkType(link.to_string())),
    }
}

/// Maps the largest ring up to the size asked for that the kernel has memory for.
fn map_ring(socket: &Socket, options: &LiveOptions) -> io::Result<Ring> {
    let mut block_count = options.buffer_len.div_ceil(BLOCK_LEN).max(MINIMUM_BLOCKS);
    loop {
        let retire_ms = options.timeout_ms.max(MINIMUM_RETIRE_MS);
        match socket.map_ring(RingShape { block_len: BLOCK_LEN, block_count, retire_ms }) {
            Err(error) if error.raw_os_error() == Some(libc::ENOMEM) && block_count > MINIMUM_BLOCKS => {
                block_count = (block_count / 2).max(MINIMUM_BLOCKS);
            }
            other => return other,
        }
    }
}

/// Gets ready to receive packets one by one.
fn single_intake(socket: &Socket, options: &LiveOptions) -> io::Result<Intake> {
    socket.set_socket_option(libc::SO_TIMESTAMPNS, 1)?;
    let buffer_len = i32::try_from(options.buffer_len).unwrap_or(i32::MAX);
    // Beyond the limit for all only with rights; within it without.
    if socket.set_socket_option(libc::SO_RCVBUFFORCE, buffer_len).is_err() {
        socket.set_socket_option(libc::SO_RCVBUF, buffer_len)?;
    }
    let room = HEADROOM + options.snapshot_len.min(MAXIMUM_SNAPSHOT_LEN) as usize;
    Ok(Intake::Single(vec![0; room]))
}

/// Has packets stamped as asked, or says why not.
fn set_stamp_source(socket: &Socket, name: &str, source: StampSource) -> Result<(), String> {
    let option = match source {
        StampSource::Host => return Ok(()),
        StampSource::Adapter => libc::SOF_TIMESTAMPING_SYS_HARDWARE,
        _ => libc::SOF_TIMESTAMPING_RAW_HARDWARE,
    };
    let refused = || {
        let source = source.name();
        format!(
            "When trying to set timestamp type '{source}' on {name}: That type of time stamp is not supported by that device"
        )
    };
    if !stamp_sources(name).contains(&source) {
        return Err(refused());
    }
    // No flags, none of what is sent, all of what is received.
    let everything = [0, 0, libc::HWTSTAMP_FILTER_ALL as i32];
    socket
        .set_hardware_stamps(name, everything)
        .and_then(|()| socket.set_packet_option(libc::PACKET_TIMESTAMP, option as i32))
        .map_err(|_| refused())
}
