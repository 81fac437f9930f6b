//! The cage around a process that reads hostile bytes: what it has opened it keeps, and little else can be had.
//!
//! Two layers, each of which the kernel may lack: Landlock says which files can be opened, seccomp which system
//! calls can be made. What is refused gives an error and ends nothing. [`Sandbox`] tells what is in force, in words
//! for people.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope, path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter_all_threads,
};

use crate::live::system;

/// The Landlock version whose restrictions are asked for; an older kernel gives those it has.
const LANDLOCK_VERSION: ABI = ABI::V6;

/// Where the C library looks when it finds the name of an address.
const NAME_PATHS: [&str; 6] = ["/etc", "/usr/lib", "/lib", "/lib64", "/run/systemd/resolve", "/run/nscd"];

/// Where the rules of the local time zone are; they are looked at again from time to time.
const ZONE_PATHS: [&str; 2] = ["/etc/localtime", "/usr/share/zoneinfo"];

/// What a process still has to do once it is caged.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    /// Files, and folders with all beneath them, that can be opened for reading.
    pub read_beneath: Vec<PathBuf>,
    /// Folders beneath which files can be made, written, renamed and removed (`-w` with `-C` or `-G`).
    pub write_beneath: Vec<PathBuf>,
    /// Names of addresses are asked for, of files and of servers (no `-n`).
    pub look_up_names: bool,
    /// Programs that run already are waited for.
    pub wait_for_programs: bool,
}

/// One layer of the cage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Layer {
    /// All that was asked for is in force.
    Enforced,
    /// The kernel knows a part of it.
    PartlyEnforced,
    /// Nothing is in force, for this reason.
    Missing(String),
}

/// The cage that a process is in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sandbox {
    /// Landlock: files and TCP ports.
    pub files: Layer,
    /// seccomp: system calls.
    pub system_calls: Layer,
    /// How many system calls are allowed.
    pub system_call_count: usize,
    profile: Profile,
}

impl Sandbox {
    /// Whether both layers are there.
    pub fn is_complete(&self) -> bool {
        self.files == Layer::Enforced && self.system_calls == Layer::Enforced
    }
}

/// What is in force, a line for each layer.
impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |paths: &[PathBuf]| {
            let texts: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
        };
        let (read, write) = (list(&self.profile.read_beneath), list(&self.profile.write_beneath));
        match &self.files {
            Layer::Missing(reason) => writeln!(f, "files: not restricted ({reason})")?,
            layer => {
                let part = if *layer == Layer::Enforced { "" } else { ", as far as the kernel can" };
                writeln!(
                    f,
                    "files: can be opened for reading beneath {read}; for writing beneath {write}{part}"
                )?;
            }
        }
        match &self.system_calls {
            Layer::Missing(reason) => write!(f, "system calls: not restricted ({reason})"),
            _ => {
                let names = if self.profile.look_up_names { "asking for names" } else { "no new sockets" };
                let count = self.system_call_count;
                write!(f, "system calls: {count} allowed, with {names} and no new programs")
            }
        }
    }
}

/// Puts the process into a cage for good: to be called when all is open and before threads start.
///
/// A kernel without a layer is no error; the result says what is missing.
pub fn enter(mut profile: Profile) -> Sandbox {
    if profile.look_up_names {
        profile.read_beneath.extend(NAME_PATHS.map(PathBuf::from));
    }
    let files = match system::gain_no_privileges().map_err(|error| error.to_string()) {
        Ok(()) => restrict_files(&profile).unwrap_or_else(|error| Layer::Missing(error.to_string())),
        Err(reason) => Layer::Missing(reason),
    };
    let calls = system_calls(&profile);
    let system_call_count = calls.len();
    let system_calls = match restrict_system_calls(calls) {
        Ok(()) => Layer::Enforced,
        Err(error) => Layer::Missing(error.to_string()),
    };
    Sandbox { files, system_calls, system_call_count, profile }
}

fn restrict_files(profile: &Profile) -> Result<Layer, landlock::RulesetError> {
    let handled = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(LANDLOCK_VERSION))?
        .scope(Scope::from_all(LANDLOCK_VERSION))?;
    // Name servers may be asked by TCP; without them no port can be opened at all.
    let handled = if profile.look_up_names {
        handled.handle_access(AccessNet::BindTcp)?
    } else {
        handled.handle_access(AccessNet::from_all(LANDLOCK_VERSION))?
    };
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let writing = AccessFs::from_write(LANDLOCK_VERSION) | AccessFs::ReadFile | AccessFs::ReadDir;
    let status = handled
        .create()?
        .add_rules(path_beneath_rules(&profile.read_beneath, reading))?
        .add_rules(path_beneath_rules(ZONE_PATHS, reading))?
        .add_rules(path_beneath_rules(&profile.write_beneath, writing))?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Layer::Enforced,
        RulesetStatus::PartiallyEnforced => Layer::PartlyEnforced,
        RulesetStatus::NotEnforced => Layer::Missing("the kernel has no Landlock".to_owned()),
    })
}

/// System calls and what must hold of their arguments.
type Calls = BTreeMap<i64, Vec<SeccompRule>>;

/// What every profile may do: work on what is open, with its memory, its threads and the time.
const ALWAYS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getdents64,
    libc::SYS_openat,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fadvise64,
    libc::SYS_getcwd,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_eventfd2,
    libc::SYS_pipe2,
    libc::SYS_recvmsg,
    libc::SYS_recvfrom,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_futex,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_clone3,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_prctl,
    libc::SYS_prlimit64,
    libc::SYS_getrusage,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_setitimer,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_rt_sigsuspend,
    libc::SYS_sigaltstack,
    libc::SYS_signalfd4,
    libc::SYS_restart_syscall,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Older forms of the same that only some machines have.
#[cfg(target_arch = "x86_64")]
const ALWAYS_HERE: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_time,
    libc::SYS_alarm,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALWAYS_HERE: &[i64] = &[];

/// To make, rename and remove files.
const WRITING: &[i64] = &[
    libc::SYS_unlinkat,
    libc::SYS_mkdirat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_fallocate,
    libc::SYS_fchmod,
    libc::SYS_fchown,
    libc::SYS_umask,
];
#[cfg(target_arch = "x86_64")]
const WRITING_HERE: &[i64] = &[libc::SYS_unlink, libc::SYS_mkdir, libc::SYS_rename, libc::SYS_creat];
#[cfg(not(target_arch = "x86_64"))]
const WRITING_HERE: &[i64] = &[];

/// To ask for names.
const NAMES: &[i64] = &[
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvmmsg,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    libc::SYS_shutdown,
];

/// Questions about an open file or socket; all other requests change devices.
// Not of the same type with every C library.
#[allow(clippy::unnecessary_cast)]
const DEVICE_QUESTIONS: [u64; 6] = [
    libc::TCGETS as u64,
    libc::TIOCGWINSZ as u64,
    libc::FIONREAD as u64,
    libc::FIONBIO as u64,
    libc::SIOCGIFINDEX as u64,
    libc::SIOCGIFFLAGS as u64,
];

/// Which argument of `sendto` is the address.
const SENDTO_ADDRESS: u8 = 4;

/// Address families in which names are asked for: local services, servers, and the list of own addresses.
const NAME_FAMILIES: [i32; 4] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];

fn system_calls(profile: &Profile) -> Calls {
    let mut calls = Calls::new();
    let mut allow = |list: &[i64]| calls.extend(list.iter().map(|call| (*call, Vec::new())));
    allow(ALWAYS);
    allow(ALWAYS_HERE);
    if !profile.write_beneath.is_empty() {
        allow(WRITING);
        allow(WRITING_HERE);
    }
    if profile.wait_for_programs {
        allow(&[libc::SYS_wait4, libc::SYS_waitid]);
    }
    // What handlers of signals wake the program with: to the other end of an open pair, not to an address.
    let no_address = SeccompCondition::new(SENDTO_ADDRESS, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0);
    calls.insert(libc::SYS_sendto, rule(no_address).into_iter().collect());
    if profile.look_up_names {
        calls.extend(NAMES.iter().map(|call| (*call, Vec::new())));
        calls.insert(libc::SYS_socket, rules(0, NAME_FAMILIES.map(|family| family as u64)));
    }
    calls.insert(libc::SYS_ioctl, rules(1, DEVICE_QUESTIONS));
    // Threads, but no processes.
    let thread = libc::CLONE_THREAD as u64;
    let is_thread = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), thread);
    calls.insert(libc::SYS_clone, rule(is_thread).into_iter().collect());
    calls
}

/// One rule for each value that an argument may have.
fn rules<const N: usize>(argument: u8, values: [u64; N]) -> Vec<SeccompRule> {
    let equals = |value| SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value);
    values.into_iter().filter_map(|value| rule(equals(value))).collect()
}

fn rule(condition: Result<SeccompCondition, seccompiler::BackendError>) -> Option<SeccompRule> {
    SeccompRule::new(vec![condition.ok()?]).ok()
}

fn restrict_system_calls(calls: Calls) -> Result<(), seccompiler::Error> {
    let refuse = |error: i32| SeccompAction::Errno(error as u32);
    // Its arguments are out of a filter's sight. The C library takes the older call when told that there is no
    // such thing.
    let clone3 = Calls::from([(libc::SYS_clone3, Vec::new())]);
    apply(clone3, SeccompAction::Allow, refuse(libc::ENOSYS))?;
    apply(calls, refuse(libc::EPERM), SeccompAction::Allow)
}

fn apply(calls: Calls, others: SeccompAction, these: SeccompAction) -> Result<(), seccompiler::Error> {
    let machine = std::env::consts::ARCH.try_into()?;
    let program: BpfProgram = SeccompFilter::new(calls, others, these, machine)?.try_into()?;
    match apply_filter_all_threads(&program) {
        // A call that was allowed by the first layer and is not by this one would be a mistake of ours.
        Err(seccompiler::Error::Seccomp(error)) if error.kind() == io::ErrorKind::InvalidInput => {
            Err(seccompiler::Error::Seccomp(io::Error::other("the kernel has no seccomp filters")))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_to_do_means_fewer_calls() {
        let none = system_calls(&Profile::default());
        let writing = Profile { write_beneath: vec!["/tmp".into()], ..Profile::default() };
        let naming = Profile { look_up_names: true, ..Profile::default() };
        assert!(!none.contains_key(&libc::SYS_socket) && !none.contains_key(&libc::SYS_unlinkat));
        assert!(system_calls(&writing).contains_key(&libc::SYS_unlinkat));
        assert!(!system_calls(&writing).contains_key(&libc::SYS_socket));
        assert_eq!(system_calls(&naming).get(&libc::SYS_socket).map(Vec::len), Some(NAME_FAMILIES.len()));
        for calls in [none, system_calls(&writing), system_calls(&naming)] {
            for never in
                [libc::SYS_execve, libc::SYS_execveat, libc::SYS_ptrace, libc::SYS_bpf, libc::SYS_kill]
            {
                assert!(!calls.contains_key(&never), "{never}");
            }
            assert_eq!(calls.get(&libc::SYS_ioctl).map(Vec::len), Some(DEVICE_QUESTIONS.len()));
            assert_eq!(calls.get(&libc::SYS_clone).map(Vec::len), Some(1));
        }
    }

    #[test]
    fn the_description_says_what_is_and_what_is_not() {
        let sandbox = Sandbox {
            files: Layer::Enforced,
            system_calls: Layer::Missing("no such thing".to_owned()),
            system_call_count: 80,
            profile: Profile { write_beneath: vec!["/var/captures".into()], ..Profile::default() },
        };
        assert_eq!(
            sandbox.to_string(),
            "files: can be opened for reading beneath nothing; for writing beneath /var/captures\n\
             system calls: not restricted (no such thing)"
        );
        assert!(!sandbox.is_complete());
    }
}
