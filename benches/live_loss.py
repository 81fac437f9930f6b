#!/usr/bin/env python3
"""Losses of live capture: the installed tcpdump -w and wirescope on one virtual cable, with the same -B.

Finds the highest rate at which tcpdump loses nothing, then runs both at that rate and at 1.5 times that rate, in turn. A
sender sends a bounded number of frames at a bounded rate through a pair of interfaces between two namespaces, which are
removed at the end. Prints a table; ends with 1 if wirescope loses anything at the first rate, or not less than tcpdump at
the second. Needs root, tcpdump and ip.
"""

import argparse
import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

BATCH = 32
"""Frames that one system call sends."""
MTU = "9000"
"""Large frames let one sender bring more than a capture can write."""
SOL_PACKET, PACKET_QDISC_BYPASS = 263, 20
NEVER_FASTER = 10_000_000
"""Frames a second that stand for no limit."""


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Message(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("pieces", ctypes.POINTER(Iovec)),
        ("piece_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("sent", ctypes.c_uint),
    ]


def send(interface, rate, seconds, length):
    """Sends frames at a rate for a time, and prints how many they were and how long that took."""
    outlet = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    outlet.bind((interface, 0))
    outlet.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
    header = bytes.fromhex("ffffffffffff 020000000001 0800 4500") + (length - 14).to_bytes(2, "big")
    header += bytes.fromhex("1234 0000 4011 0000 0a4d0002 0a4d0001 0fa0 0009") + (length - 34).to_bytes(2, "big")
    frame = ctypes.create_string_buffer(header.ljust(length, b"x"), length)
    piece = Iovec(ctypes.cast(frame, ctypes.c_void_p), length)
    messages = (Message * BATCH)()
    for message in messages:
        message.pieces, message.piece_count = ctypes.pointer(piece), 1
    sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
    total, sent, begun = int(rate * seconds), 0, time.perf_counter()
    while sent < total:
        passed = time.perf_counter() - begun
        if passed > seconds:
            break
        if sent > passed * rate:
            continue
        sent += max(0, sendmmsg(outlet.fileno(), messages, BATCH, 0))
    print(sent, time.perf_counter() - begun)


class Network:
    """Two namespaces with a cable between them."""

    def __init__(self):
        self.here, self.there = (f"wirescope-bench-{os.getpid()}-{end}" for end in ("here", "there"))

    def __enter__(self):
        ip = lambda *words: subprocess.run(["ip", *words], check=True)
        for name in (self.here, self.there):
            ip("netns", "add", name)
            quiet = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
            subprocess.run(["ip", "netns", "exec", name, "sh", "-c", quiet], check=True)
        pair = ["type", "veth", "peer", "name", "elbac", "mtu", MTU, "netns", self.there]
        ip("link", "add", "cable", "mtu", MTU, "netns", self.here, *pair)
        ip("-n", self.here, "link", "set", "cable", "up")
        ip("-n", self.there, "link", "set", "elbac", "up")
        return self

    def __exit__(self, *_):
        for name in (self.here, self.there):
            subprocess.run(["ip", "netns", "del", name], check=False)


def peak_memory(process):
    """The most memory that a process has had, in KiB: all of it, and what is not the kernel's ring."""
    with open(f"/proc/{process}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmHWM"].split()[0])


def alone_on(processor):
    """Makes of a process one that only the kernel interrupts, on a processor of its own."""

    def prepare():
        os.sched_setaffinity(0, {processor})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))

    return prepare


class Bench:
    """Runs of one program after the other."""

    def __init__(self, arguments, network):
        self.arguments, self.network = arguments, network

    def run(self, program, rate):
        """Captures what is sent at a rate: frames sent, their real rate, frames lost, peak memory in KiB."""
        options = self.arguments
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            path = os.path.join(folder, "out.pcap")
            os.chmod(folder, 0o777)
            command = ["ip", "netns", "exec", self.network.here, *program, "-n", "-i", "cable", "-B", str(options.buffer)]
            on_one, on_other = (alone_on(0), alone_on(1)) if options.alone else (None, None)
            capture = subprocess.Popen([*command, "-w", path], stderr=subprocess.PIPE, text=True, preexec_fn=on_one)
            said = ""
            while "listening on" not in said:
                line = capture.stderr.readline()
                if not line:
                    sys.exit(f"{program[0]} did not start: {said}")
                said += line
            sender = [sys.executable, __file__, "--send", str(rate), "--seconds", str(options.seconds)]
            sender = ["ip", "netns", "exec", self.network.there, *sender, "--length", str(options.length)]
            sending = subprocess.run(sender, check=True, stdout=subprocess.PIPE, text=True, preexec_fn=on_other)
            sent, took = sending.stdout.split()
            time.sleep(1.3)
            memory = peak_memory(capture.pid)
            capture.send_signal(signal.SIGINT)
            said += capture.stderr.read()
            capture.wait()
        sent = int(sent)
        captured = int(re.search(r"(\d+) packets? captured", said)[1])
        return {"sent": sent, "rate": sent / float(took), "lost": sent - captured, "memory": memory}

    def highest_without_loss(self, program):
        """The highest rate at which a program loses nothing, three times in a row."""
        sound = lambda rate: all(self.run(program, rate)["lost"] == 0 for _ in range(3))
        fastest = self.run(program, NEVER_FASTER)
        low, high = 0, fastest["rate"]
        if fastest["lost"] == 0 and sound(high):
            return high
        for _ in range(self.arguments.steps):
            middle = (low + high) / 2
            low, high = (middle, high) if sound(middle) else (low, middle)
        return low


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/wirescope", help="wirescope")
    parser.add_argument("--buffer", type=int, default=2048, help="-B of both, in KiB")
    parser.add_argument("--length", type=int, default=8000, help="bytes of a frame")
    parser.add_argument("--seconds", type=float, default=1, help="of sending, in each run")
    parser.add_argument("--steps", type=int, default=6, help="halvings of the search for the rate")
    parser.add_argument("--pairs", type=int, default=3, help="runs of each program at each rate")
    parser.add_argument("--alone", action="store_true", help="real-time priority, sender and capture on a processor each")
    parser.add_argument("--folder", default="/dev/shm", help="where files are written; on a disk its pauses are measured")
    parser.add_argument("--send", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.send is not None:
        return send("elbac", arguments.send, arguments.seconds, arguments.length)
    programs = {"tcpdump": ["tcpdump", "-Z", "root"], "wirescope": [os.path.abspath(arguments.program), "dump"]}
    with Network() as network:
        bench = Bench(arguments, network)
        rate = bench.highest_without_loss(programs["tcpdump"])
        if rate == 0:
            sys.exit("tcpdump loses packets at every rate that was tried: the machine is too busy, or -B too small")
        print(f"tcpdump -w -B {arguments.buffer} loses nothing up to {rate:,.0f} frames/s of {arguments.length} bytes")
        print(f"{'':10}{'frames/s wanted':>16}{'had':>12}{'sent':>12}{'lost':>10}{'lost %':>9}{'peak MiB':>10}")
        lost = {}
        for factor in (1, 1.5):
            for _ in range(arguments.pairs):
                for name, program in programs.items():
                    got = bench.run(program, rate * factor)
                    lost[name, factor] = lost.get((name, factor), 0) + got["lost"]
                    share = 100 * got["lost"] / got["sent"]
                    print(
                        f"{name:10}{rate * factor:16,.0f}{got['rate']:12,.0f}{got['sent']:12,}"
                        f"{got['lost']:10,}{share:9.2f}{got['memory'] / 1024:10.1f}"
                    )
    print(f"lost at 1.0: tcpdump {lost['tcpdump', 1]:,}, wirescope {lost['wirescope', 1]:,}")
    print(f"lost at 1.5: tcpdump {lost['tcpdump', 1.5]:,}, wirescope {lost['wirescope', 1.5]:,}")
    fewer = lost["wirescope", 1.5] < lost["tcpdump", 1.5] or lost["tcpdump", 1.5] == 0
    return 0 if lost["wirescope", 1] == 0 and fewer else 1


if __name__ == "__main__":
    sys.exit(main())
