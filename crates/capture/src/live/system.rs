//! Calls to the operating system that Rust has no safe words for: packet sockets, their rings, interface
//! questions, and giving up privileges.
//!
//! All unsafe code of the project is in this file. Each function makes one kind of call, owns or borrows
//! everything that it hands over for the length of the call, and checks the result. Nothing here decides
//! anything. The one object that outlives a call is [`Ring`], which says why it is sound.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::io;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use libc::{c_int, c_short, c_void, socklen_t};
use wirescope_filter::ir::Instruction;

/// Where a ring's block tells whose it is.
const BLOCK_STATUS_AT: usize = std::mem::offset_of!(libc::tpacket_block_desc, hdr)
    + std::mem::offset_of!(libc::tpacket_hdr_v1, block_status);

/// Room for the notes that come with a packet received one by one.
const NOTES_LEN: usize = 256;

/// The result of a call that gives a negative number when it fails.
fn check(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// An interface's name as the kernel takes it, or the error it would give for one that cannot be.
fn kernel_name(name: &str) -> io::Result<[libc::c_char; libc::IFNAMSIZ]> {
    let mut room = [0; libc::IFNAMSIZ];
    if name.len() >= room.len() || name.contains('\0') {
        return Err(io::Error::from_raw_os_error(libc::ENODEV));
    }
    for (place, byte) in room.iter_mut().zip(name.bytes()) {
        *place = byte as libc::c_char;
    }
    Ok(room)
}

/// A packet socket.
pub(super) struct Socket(OwnedFd);

/// The shape of a ring of packets.
#[derive(Clone, Copy, Debug)]
pub(super) struct RingShape {
    pub(super) block_len: u32,
    pub(super) block_count: u32,
    /// Milliseconds after which a block with packets is handed over though it is not full.
    pub(super) retire_ms: u32,
}

/// What the kernel says beside the bytes of a packet that is received one by one.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Received {
    /// Bytes of the packet in the buffer.
    pub(super) captured: usize,
    /// The link-layer address, as the kernel's structure.
    pub(super) address: [u8; size_of::<libc::sockaddr_ll>()],
    pub(super) status: u32,
    pub(super) wire_len: u32,
    pub(super) vlan_tag: u16,
    pub(super) vlan_protocol: u16,
    pub(super) seconds: i64,
    pub(super) nanos: i64,
}

impl Socket {
    /// A socket that receives nothing yet: its protocol is 0 until it is bound to one. `cooked` sockets give
    /// packets from the network header on.
    pub(super) fn open(cooked: bool) -> io::Result<Socket> {
        Socket::of(libc::AF_PACKET, if cooked { libc::SOCK_DGRAM } else { libc::SOCK_RAW })
    }

    /// A socket for questions about interfaces, which anybody may have.
    pub(super) fn for_questions() -> io::Result<Socket> {
        Socket::of(libc::AF_INET, libc::SOCK_DGRAM)
    }

    fn of(family: c_int, kind: c_int) -> io::Result<Socket> {
        // SAFETY: numbers in, a number out.
        let descriptor = check(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, 0) })?;
        // SAFETY: the descriptor is new and nobody else's.
        Ok(Socket(unsafe { OwnedFd::from_raw_fd(descriptor) }))
    }

    /// Binds to an interface (0: all of them) and to an EtherType in host order (0: none).
    pub(super) fn bind(&self, interface: c_int, protocol: u16) -> io::Result<()> {
        let address = libc::sockaddr_ll {
            sll_family: libc::AF_PACKET as u16,
            sll_protocol: protocol.to_be(),
            sll_ifindex: interface,
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        let length = size_of::<libc::sockaddr_ll>() as socklen_t;
        // SAFETY: the address is a whole sockaddr_ll of that length, alive over the call.
        check(unsafe { libc::bind(self.0.as_raw_fd(), (&raw const address).cast(), length) }).map(drop)
    }

    fn set<T: Copy>(&self, level: c_int, name: c_int, value: &T) -> io::Result<()> {
        let length = size_of::<T>() as socklen_t;
        // SAFETY: the value is alive over the call and as long as said; the kernel only reads it.
        let result =
            unsafe { libc::setsockopt(self.0.as_raw_fd(), level, name, ptr::from_ref(value).cast(), length) };
        check(result).map(drop)
    }

    /// Sets an option of packet sockets that is a number.
    pub(super) fn set_packet_option(&self, name: c_int, value: c_int) -> io::Result<()> {
        self.set(libc::SOL_PACKET, name, &value)
    }

    /// Sets an option of all sockets that is a number.
    pub(super) fn set_socket_option(&self, name: c_int, value: c_int) -> io::Result<()> {
        self.set(libc::SOL_SOCKET, name, &value)
    }

    /// Has an interface take frames for other stations too, as long as this socket is open.
    pub(super) fn be_promiscuous(&self, interface: c_int) -> io::Result<()> {
        let request = libc::packet_mreq {
            mr_ifindex: interface,
            mr_type: libc::PACKET_MR_PROMISC as u16,
            mr_alen: 0,
            mr_address: [0; 8],
        };
        self.set(libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &request)
    }

    /// Has the kernel run a program on each packet, in place of the one before.
    pub(super) fn attach(&self, program: &[Instruction]) -> io::Result<()> {
        let mut filters: Vec<libc::sock_filter> = program
            .iter()
            .map(|one| libc::sock_filter { code: one.code, jt: one.jt, jf: one.jf, k: one.k })
            .collect();
        let len = u16::try_from(filters.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        // The kernel copies the program, so it need not outlive the call.
        let program = libc::sock_fprog { len, filter: filters.as_mut_ptr() };
        self.set(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program)
    }

    /// Takes the program away, if there is one.
    pub(super) fn detach(&self) -> io::Result<()> {
        match self.set_socket_option(libc::SO_DETACH_FILTER, 0) {
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => Ok(()),
            other => other,
        }
    }

    /// Packets that passed the program, and those of them that found no room, since the last question.
    pub(super) fn statistics(&self) -> io::Result<(u32, u32)> {
        let mut counts = MaybeUninit::<libc::tpacket_stats_v3>::zeroed();
        let mut length = size_of::<libc::tpacket_stats_v3>() as socklen_t;
        let (level, name) = (libc::SOL_PACKET, libc::PACKET_STATISTICS);
        // SAFETY: the kernel writes at most `length` bytes into the structure, which is alive over the call.
        check(unsafe {
            libc::getsockopt(self.0.as_raw_fd(), level, name, counts.as_mut_ptr().cast(), &raw mut length)
        })?;
        // SAFETY: all fields are numbers; what the kernel did not write is zero.
        let counts = unsafe { counts.assume_init() };
        Ok((counts.tp_packets, counts.tp_drops))
    }

    /// The error that the socket is in, which this takes off it.
    pub(super) fn take_error(&self) -> io::Result<c_int> {
        let mut error: c_int = 0;
        let mut length = size_of::<c_int>() as socklen_t;
        let (level, name) = (libc::SOL_SOCKET, libc::SO_ERROR);
        // SAFETY: the kernel writes at most `length` bytes into the number, which is alive over the call.
        check(unsafe {
            libc::getsockopt(self.0.as_raw_fd(), level, name, (&raw mut error).cast(), &raw mut length)
        })?;
        Ok(error)
    }

    /// Sets up a ring of the third version and maps it.
    pub(super) fn map_ring(&self, shape: RingShape) -> io::Result<Ring> {
        self.set_packet_option(libc::PACKET_VERSION, libc::tpacket_versions::TPACKET_V3 as c_int)?;
        let request = libc::tpacket_req3 {
            tp_block_size: shape.block_len,
            tp_block_nr: shape.block_count,
            // One frame a block: frames have no meaning in this version, but must fit.
            tp_frame_size: shape.block_len,
            tp_frame_nr: shape.block_count,
            tp_retire_blk_tov: shape.retire_ms,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        self.set(libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
        Ring::map(self, shape)
    }

    /// Receives one packet into `buffer`; `None` when there is none.
    pub(super) fn receive(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        let mut received = Received::default();
        let mut piece = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
        // Of 64-bit words, so that the headers in it are aligned.
        let mut notes = [0u64; NOTES_LEN / 8];
        // SAFETY: a msghdr of zeros is a valid one without any parts.
        let mut message: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
        message.msg_name = received.address.as_mut_ptr().cast();
        message.msg_namelen = received.address.len() as socklen_t;
        message.msg_iov = &raw mut piece;
        message.msg_iovlen = 1;
        message.msg_control = notes.as_mut_ptr().cast();
        message.msg_controllen = NOTES_LEN as _;
        let flags = libc::MSG_TRUNC | libc::MSG_DONTWAIT;
        // SAFETY: every pointer in the message is to memory of the length said, alive over the call.
        let count = unsafe { libc::recvmsg(self.0.as_raw_fd(), &raw mut message, flags) };
        let Ok(count) = usize::try_from(count) else {
            let error = io::Error::last_os_error();
            return if error.kind() == io::ErrorKind::WouldBlock { Ok(None) } else { Err(error) };
        };
        received.captured = count.min(buffer.len());
        received.wire_len = u32::try_from(count).unwrap_or(u32::MAX);
        // SAFETY: the kernel has filled in the notes and their length; the macros walk within it.
        let mut note = unsafe { libc::CMSG_FIRSTHDR(&raw const message) };
        while !note.is_null() {
            // SAFETY: not null, so a whole header within the notes.
            let header = unsafe { note.read_unaligned() };
            // SAFETY: as above; the data stands behind the header.
            let data = unsafe { libc::CMSG_DATA(note) };
            // SAFETY: plain arithmetic.
            let bare = unsafe { libc::CMSG_LEN(0) } as usize;
            let length = (header.cmsg_len as usize).saturating_sub(bare);
            match (header.cmsg_level, header.cmsg_type) {
                (libc::SOL_PACKET, libc::PACKET_AUXDATA) if length >= size_of::<libc::tpacket_auxdata>() => {
                    // SAFETY: the length was checked, and any bytes make such a structure of numbers.
                    let facts = unsafe { data.cast::<libc::tpacket_auxdata>().read_unaligned() };
                    received.status = facts.tp_status;
                    received.wire_len = facts.tp_len;
                    (received.vlan_tag, received.vlan_protocol) = (facts.tp_vlan_tci, facts.tp_vlan_tpid);
                }
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) if length >= size_of::<libc::timespec>() => {
                    // SAFETY: as above.
                    let time = unsafe { data.cast::<libc::timespec>().read_unaligned() };
                    (received.seconds, received.nanos) = (time.tv_sec as i64, time.tv_nsec as i64);
                }
                _ => {}
            }
            // SAFETY: as for the first.
            note = unsafe { libc::CMSG_NXTHDR(&raw const message, note) };
        }
        Ok(Some(received))
    }

    fn interface_request(&self, name: &str, request: libc::Ioctl) -> io::Result<libc::ifreq> {
        // SAFETY: numbers and arrays of numbers: zeros are valid.
        let mut question: libc::ifreq = unsafe { MaybeUninit::zeroed().assume_init() };
        question.ifr_name = kernel_name(name)?;
        // SAFETY: the requests used with this take an ifreq, alive over the call.
        check(unsafe { libc::ioctl(self.0.as_raw_fd(), request, &raw mut question) })?;
        Ok(question)
    }

    /// The number of an interface.
    pub(super) fn interface_index(&self, name: &str) -> io::Result<c_int> {
        let answer = self.interface_request(name, libc::SIOCGIFINDEX)?;
        // SAFETY: the request fills in this member.
        Ok(unsafe { answer.ifr_ifru.ifru_ifindex })
    }

    /// The kind of an interface, an `ARPHRD_` number.
    pub(super) fn hardware_type(&self, name: &str) -> io::Result<u16> {
        let answer = self.interface_request(name, libc::SIOCGIFHWADDR)?;
        // SAFETY: the request fills in this member.
        Ok(unsafe { answer.ifr_ifru.ifru_hwaddr.sa_family })
    }

    /// The flags of an interface, `IFF_` bits.
    pub(super) fn interface_flags(&self, name: &str) -> io::Result<c_int> {
        let answer = self.interface_request(name, libc::SIOCGIFFLAGS)?;
        // SAFETY: the request fills in this member.
        let flags: c_short = unsafe { answer.ifr_ifru.ifru_flags };
        Ok(c_int::from(flags as u16))
    }

    /// The IPv4 network of an interface, number and mask, where it has one.
    pub(super) fn ipv4_network(&self, name: &str) -> io::Result<(u32, u32)> {
        let number = |request| {
            let answer = self.interface_request(name, request)?;
            // SAFETY: the request fills in this member; all address structures are numbers.
            let address = unsafe { answer.ifr_ifru.ifru_addr };
            let [_, _, a, b, c, d, ..] = address.sa_data.map(|byte| byte as u8);
            Ok::<u32, io::Error>(u32::from_be_bytes([a, b, c, d]))
        };
        let mask = number(libc::SIOCGIFNETMASK)?;
        Ok((number(libc::SIOCGIFADDR)? & mask, mask))
    }

    /// Asks an interface's driver; `words` is the question and becomes the answer.
    pub(super) fn driver_request(&self, name: &str, words: &mut [u32]) -> io::Result<()> {
        self.request_with_data(name, libc::SIOCETHTOOL, words.as_mut_ptr().cast())
    }

    /// Sets how an interface stamps packets: flags, kinds sent, kinds received.
    pub(super) fn set_hardware_stamps(&self, name: &str, mut words: [c_int; 3]) -> io::Result<()> {
        self.request_with_data(name, libc::SIOCSHWTSTAMP, words.as_mut_ptr().cast())
    }

    fn request_with_data(&self, name: &str, request: libc::Ioctl, data: *mut libc::c_char) -> io::Result<()> {
        // SAFETY: numbers and arrays of numbers: zeros are valid.
        let mut question: libc::ifreq = unsafe { MaybeUninit::zeroed().assume_init() };
        question.ifr_name = kernel_name(name)?;
        question.ifr_ifru.ifru_data = data;
        // SAFETY: the data is alive over the call, and the callers make it as long as the request's structure.
        check(unsafe { libc::ioctl(self.0.as_raw_fd(), request, &raw mut question) }).map(drop)
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// A ring of blocks that the kernel fills with packets.
///
/// Each block belongs to the kernel or to us, as its status word says. The word is only read and written as an
/// atomic; all other bytes are only touched through the slice that [`block`](Ring::block) lends while the block
/// is ours. The kernel does not write to a block between setting its status to ours and seeing it set back,
/// and [`release`](Ring::release), which sets it back, needs `&mut self`, so no slice can be alive then.
pub(super) struct Ring {
    start: NonNull<u8>,
    block_len: usize,
    block_count: usize,
}

// SAFETY: the mapping is reached through this value only, and belongs to the process, not to a thread.
unsafe impl Send for Ring {}

impl Ring {
    fn map(socket: &Socket, shape: RingShape) -> io::Result<Ring> {
        let (block_len, block_count) = (shape.block_len as usize, shape.block_count as usize);
        let length = block_len.checked_mul(block_count).ok_or(io::ErrorKind::OutOfMemory)?;
        let (access, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory of ours.
        let start = unsafe { libc::mmap(ptr::null_mut(), length, access, flags, socket.0.as_raw_fd(), 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast::<u8>()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Ring { start, block_len, block_count })
    }

    /// How many blocks there are.
    pub(super) fn block_count(&self) -> usize {
        self.block_count
    }

    fn status(&self, index: usize) -> &AtomicU32 {
        let offset = (index % self.block_count) * self.block_len + BLOCK_STATUS_AT;
        // SAFETY: within the mapping, which lives as long as `self`; blocks are whole pages, so it is aligned;
        // nothing but atomics is used on it while the kernel may write.
        unsafe { AtomicU32::from_ptr(self.start.add(offset).cast().as_ptr()) }
    }

    /// The block with this number, if it is ours now.
    pub(super) fn block(&mut self, index: usize) -> Option<&mut [u8]> {
        if self.status(index).load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
            return None;
        }
        let offset = (index % self.block_count) * self.block_len;
        // SAFETY: within the mapping; the block is ours until it is released, which needs `&mut self` again.
        Some(unsafe { std::slice::from_raw_parts_mut(self.start.add(offset).as_ptr(), self.block_len) })
    }

    /// Gives a block back to the kernel.
    pub(super) fn release(&mut self, index: usize) {
        self.status(index).store(libc::TP_STATUS_KERNEL, Ordering::Release);
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: the mapping that `map` made, of which no borrow is left.
        unsafe { libc::munmap(self.start.as_ptr().cast::<c_void>(), self.block_len * self.block_count) };
    }
}

/// Waits until one of these can be read, or is in error, and says of each whether it is. No limit: wait for ever.
pub(super) fn wait(descriptors: &[BorrowedFd<'_>], limit_ms: Option<c_int>) -> io::Result<Vec<bool>> {
    let mut questions: Vec<libc::pollfd> = descriptors
        .iter()
        .map(|descriptor| libc::pollfd { fd: descriptor.as_raw_fd(), events: libc::POLLIN, revents: 0 })
        .collect();
    // SAFETY: the array is alive over the call and as long as said.
    let result = unsafe {
        libc::poll(questions.as_mut_ptr(), questions.len() as libc::nfds_t, limit_ms.unwrap_or(-1))
    };
    check(result)?;
    Ok(questions.iter().map(|answer| answer.revents != 0).collect())
}

/// Numbers and names of all interfaces.
pub(super) fn interface_names() -> io::Result<Vec<(u32, String)>> {
    // SAFETY: gives an array that ends with an entry of zeros, or nothing.
    let list = unsafe { libc::if_nameindex() };
    let mut names = Vec::new();
    let mut entry = NonNull::new(list).ok_or_else(io::Error::last_os_error)?;
    loop {
        // SAFETY: not past the entry of zeros, which ends the loop.
        let one = unsafe { entry.as_ref() };
        if one.if_name.is_null() {
            break;
        }
        // SAFETY: a string that the array owns.
        let name = unsafe { CStr::from_ptr(one.if_name) };
        names.push((one.if_index, name.to_string_lossy().into_owned()));
        // SAFETY: there is an entry behind every one that is not the last.
        entry = unsafe { entry.add(1) };
    }
    // SAFETY: the array from above, of which nothing is borrowed any more.
    unsafe { libc::if_freenameindex(list) };
    Ok(names)
}

/// A user of the system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct User {
    pub(crate) name: CString,
    pub(crate) user: u32,
    pub(crate) group: u32,
}

/// Looks a user up by name.
pub(crate) fn find_user(name: &str) -> io::Result<Option<User>> {
    let name = CString::new(name)?;
    // SAFETY: numbers and pointers: zeros are valid.
    let mut entry: libc::passwd = unsafe { MaybeUninit::zeroed().assume_init() };
    let mut found: *mut libc::passwd = ptr::null_mut();
    let mut texts: Vec<libc::c_char> = vec![0; 16 * 1024];
    // SAFETY: every pointer is to memory of the length said, alive over the call.
    let result = unsafe {
        libc::getpwnam_r(name.as_ptr(), &raw mut entry, texts.as_mut_ptr(), texts.len(), &raw mut found)
    };
    match result {
        0 if found.is_null() => Ok(None),
        0 => Ok(Some(User { name, user: entry.pw_uid, group: entry.pw_gid })),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Becomes a user, with the groups that user has, in all threads and for good.
pub(crate) fn become_user(user: &User) -> io::Result<()> {
    // SAFETY: a string that is alive over the call, and numbers. The order matters: each step needs rights that
    // the last one gives up.
    unsafe {
        check(libc::initgroups(user.name.as_ptr(), user.group))?;
        check(libc::setgid(user.group))?;
        check(libc::setuid(user.user))?;
    }
    Ok(())
}

/// Whether this process, with the rights it has now, may write to a file or make files in a folder.
pub(crate) fn may_write(path: &Path) -> bool {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else { return false };
    // SAFETY: a string that is alive over the call.
    unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), libc::W_OK, libc::AT_EACCESS) == 0 }
}

/// Whether this process acts as the superuser, or would if it wished.
pub(crate) fn is_superuser() -> bool {
    // SAFETY: no arguments, no failure.
    unsafe { libc::geteuid() == 0 || libc::getuid() == 0 }
}

/// Rules out that this process or its children ever gain privileges by running a program.
pub(crate) fn gain_no_privileges() -> io::Result<()> {
    // SAFETY: numbers.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }).map(drop)
}
