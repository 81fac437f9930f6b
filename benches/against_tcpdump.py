#!/usr/bin/env python3
"""Times wirescope against the installed tcpdump, in turn, and prints the median ratio of each workload.

Above 1.00 wirescope is faster, needs less time of processors, or less memory. At the end come wirescope's own ratios:
what JSON costs beside text, and what a second thread brings.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HOSTS = " or ".join(f"host 10.0.{n // 50}.{n % 50 * 5 + 1}" for n in range(200))


def workloads(copy):
    return [
        ("lines", ["-n"], []),
        ("-v", ["-n", "-v"], []),
        ("-e -tttt", ["-n", "-e", "-tttt"], []),
        ("-XX", ["-n", "-XX"], []),
        ("filter, lines", ["-n"], ["tcp[13] == 18"]),
        ("filter, copy", ["-w", copy], ["tcp[13] == 18"]),
        ("200 hosts, copy", ["-w", copy], [HOSTS]),
        ("copy", ["-w", copy], []),
        ("count", ["-n", "--count"], []),
    ]


def run(command):
    """Seconds, seconds of processors, and peak memory in KiB of one run."""
    environment = dict(os.environ, TZ="UTC0", LC_ALL="C")
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)[:200]} failed with status {status}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def compare(name, one, other, rounds):
    """Prints the median ratios of two commands that take turns."""
    ratios = []
    for _ in range(rounds + 1):
        ratios.append([a / b for a, b in zip(run(one), run(other))])
    medians = [statistics.median(column) for column in zip(*ratios[1:])]  # the first round warms up
    print(f"{name:24}" + "".join(f" {median:7.2f}x" for median in medians), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="target/release/wirescope")
    parser.add_argument("--tcpdump", default="tcpdump")
    parser.add_argument("--capture", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, help="let wirescope print on so many threads")
    given = parser.parse_args()
    root = ["-Z", "root"] if os.geteuid() == 0 else []
    threads = ["--threads", str(given.threads)] if given.threads else []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'workload':24} {'time':>8} {'cpu':>8} {'memory':>8}")
        for name, options, expression in workloads(os.path.join(folder, "copy.pcap")):
            read = ["-r", given.capture, *options, *expression]
            compare(name, [given.tcpdump, *root, *read], [given.program, "dump", *threads, *read], given.rounds)
        lines = [given.program, "dump", "-n", "-r", given.capture]
        compare("--json beside lines", [*lines, "--json"], lines, given.rounds)
        compare("lines beside --threads 2", lines, [*lines, "--threads", "2"], given.rounds)
        compare("-XX beside --threads 2", [*lines, "-XX"], [*lines, "-XX", "--threads", "2"], given.rounds)


if __name__ == "__main__":
    main()
