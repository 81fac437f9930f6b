//! Long lists of hosts: the optimiser must get through them in reasonable time. (libpcap takes 0.7 s for 200.)

use std::time::{Duration, Instant};

use wirescope_filter::emit::emit;
use wirescope_filter::ir::{Block, BlockId, Graph, Statement, code};
use wirescope_filter::optimise::optimise;

/// Far more than it takes, but far less than a method that grows with the cube of the list.
const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn two_hundred_hosts_come_out_as_libpcap_lays_them_out() {
    let start = Instant::now();
    let program = emit(&optimise(hosts(200)).expect("packets can pass")).expect("it can be laid out");
    println!("200 hosts: {:?}, {} instructions", start.elapsed(), program.len());
    assert!(program.len() < 1000, "{}", program.len());
}

#[test]
fn a_thousand_hosts_do_not_take_for_ever() {
    let start = Instant::now();
    let program = emit(&optimise(hosts(1000)).expect("packets can pass")).expect("it can be laid out");
    println!("1000 hosts: {:?}, {} instructions", start.elapsed(), program.len());
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
}

/// `host 10.0.0.1 or host 10.0.0.2 or …` on Ethernet: for each host IPv4, ARP and RARP, source and destination.
fn hosts(count: u32) -> Graph {
    const ADDRESSES: [(u32, u32); 6] =
        [(0x0800, 26), (0x0800, 30), (0x0806, 28), (0x0806, 38), (0x8035, 28), (0x8035, 38)];
    let accept = 2 * ADDRESSES.len() * count as usize;
    let mut blocks = Vec::new();
    for host in 1..=count {
        for (protocol, offset) in ADDRESSES {
            // What comes behind the last test rejects.
            let next = if blocks.len() + 2 == accept { accept + 1 } else { blocks.len() + 2 };
            blocks.push(test(code::H, 12, protocol, blocks.len() + 1, next));
            blocks.push(test(code::W, offset, 0x0a00_0000 + host, accept, next));
        }
    }
    blocks.push(verdict(262_144));
    blocks.push(verdict(0));
    Graph { blocks, root: 0 }
}

fn test(size: u16, offset: u32, value: u32, on_true: BlockId, on_false: BlockId) -> Block {
    let load = Statement { code: code::LD | code::ABS | size, k: offset, jt: 0, jf: 0 };
    let branch = Statement { code: code::JMP | code::JEQ | code::K, k: value, jt: 0, jf: 0 };
    Block { statements: vec![load], branch, on_true, on_false }
}

fn verdict(k: u32) -> Block {
    let branch = Statement { code: code::RET | code::K, k, jt: 0, jf: 0 };
    Block { statements: Vec::new(), branch, on_true: 0, on_false: 0 }
}
