#!/usr/bin/env python3
"""How much of a large trail a recall reads: records made-up traffic of so many bytes, then asks for one host's minute.

The payloads are noise, which does not compress, so that the trail is as large as the traffic. Two hosts are asked
for: one that speaks all the time, and one that says a few words now and then.
"""

import argparse
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

START = 1_700_000_000
SECONDS = 2 * 3600
HOSTS = 200
AVERAGE = 1050
"""Bytes of a record, as they come out."""
QUIET = 99
"""The host that speaks once in five minutes."""


def frame(source, payload):
    """A UDP datagram in an Ethernet frame."""
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0, 0x0A000000 | source, 0xC0000201)
    udp = struct.pack("!HHHH", 4096, 9, 8 + len(payload), 0)
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp + payload


def traffic(out, size):
    """Writes a capture of about `size` bytes."""
    noise = random.Random(7).randbytes(1 << 24)
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    draw = random.Random(8)
    per_second = max(1, -(-size // SECONDS // AVERAGE))
    for second in range(SECONDS):
        records = []
        for turn in range(per_second):
            at = draw.randrange(len(noise) - 1400)
            quiet = turn == 0 and second % 300 == 7
            source = QUIET if quiet else 256 + draw.randrange(HOSTS)
            data = frame(source, noise[at : at + draw.randrange(600, 1400)])
            micros = turn * 1_000_000 // per_second
            records.append(struct.pack("<IIII", START + second, micros, len(data), len(data)) + data)
        out.write(b"".join(records))


def recall(wirescope, trail, host, minute):
    """Packets found, bytes read and bytes there."""
    begin = time.monotonic()
    done = subprocess.run(
        [wirescope, "recall", "--dir", trail, "-nn", "--from", str(minute), "--to", str(minute + 60), "host", host],
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.monotonic() - begin
    read, there = re.search(r"(\d+) of (\d+) bytes read", done.stderr).groups()
    return done.stdout.count("\n"), int(read), int(there), took


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wirescope", help="the program")
    parser.add_argument("--bytes", type=int, default=2 << 30, help="size of the trail (default: 2 GiB)")
    parser.add_argument("--limit", type=float, default=5.0, help="the most of it that may be read, in percent")
    parser.add_argument("--folder", help="where there is room for it (default: the system's temporary folder)")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(dir=arguments.folder)
    try:
        trail = os.path.join(folder, "trail")
        begin = time.monotonic()
        recorder = subprocess.Popen(
            [arguments.wirescope, "record", "-r", "-", "--dir", trail], stdin=subprocess.PIPE
        )
        with recorder.stdin:
            traffic(recorder.stdin, arguments.bytes)
        if recorder.wait():
            sys.exit("the recorder failed")
        print(f"recorded in {time.monotonic() - begin:.1f} s")
        worst = 0.0
        for what, host in [("speaks all the time", "10.0.1.7"), ("seldom speaks", "10.0.0.99")]:
            packets, read, there, took = recall(arguments.wirescope, trail, host, START + 3600)
            share = 100 * read / there
            worst = max(worst, share)
            print(f"a minute of a host that {what}: {packets} packets, {read} of {there} bytes read ({share:.2f} %), {took:.2f} s")
        if worst >= arguments.limit:
            sys.exit(f"more than {arguments.limit} %")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
