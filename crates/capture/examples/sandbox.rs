//! Enters the sandbox and shows what can still be done in it:
//! `sandbox [--names] READABLE_FOLDER WRITABLE_FOLDER OTHER_FILE`

use std::fs;
use std::io;
use std::net::UdpSocket;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use wirescope_capture::sandbox::{self, Profile};

fn show<T>(what: &str, result: io::Result<T>) {
    match result {
        Ok(_) => println!("{what}: can"),
        Err(error) => println!("{what}: cannot, {:?}", error.kind()),
    }
}

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let look_up_names = arguments.first().is_some_and(|first| first == "--names");
    if look_up_names {
        arguments.remove(0);
    }
    let [readable, writable, other] = &arguments[..] else {
        eprintln!("usage: sandbox [--names] READABLE_FOLDER WRITABLE_FOLDER OTHER_FILE");
        return ExitCode::FAILURE;
    };
    let (readable, writable) = (PathBuf::from(readable), PathBuf::from(writable));
    let entered = sandbox::enter(Profile {
        read_beneath: vec![readable.clone()],
        write_beneath: vec![writable.clone()],
        look_up_names,
        wait_for_programs: false,
    });
    println!("complete: {}", entered.is_complete());
    println!("{entered}");
    show("read a file that is needed", fs::read(readable.join("file")));
    show("write a file that is needed", fs::write(writable.join("new"), "new"));
    show("rename it", fs::rename(writable.join("new"), writable.join("newer")));
    show("read another file", fs::read(other));
    show("write where one may read", fs::write(readable.join("file"), "new"));
    show("write beneath /tmp", fs::write("/tmp/wirescope-sandbox", "new"));
    show("open a socket", UdpSocket::bind("127.0.0.1:0"));
    show("run a program", Command::new("/bin/true").status());
    let thread = std::thread::Builder::new().spawn(|| fs::read("/etc/shadow"));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(inside)) => show("read another file in a thread", inside),
        _ => println!("start a thread: cannot"),
    }
    println!("done");
    ExitCode::SUCCESS
}
