#!/usr/bin/env python3
"""Times rules over a capture on one core, as shares of the time that the installed tcpdump prints it in.

Processor time counts, since on a shared machine the clock says what the others do. For each number of rules: the share,
packets a second and peak memory; and at the end how the time grows from the fewest to the most rules.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    """Seconds of the processor and peak memory in MiB of one run, kept on one core."""
    environment = dict(os.environ, TZ="UTC0", LC_ALL="C")
    core = {max(os.sched_getaffinity(0))}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        preexec_fn=lambda: os.sched_setaffinity(0, core),
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)[:200]} failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="target/release/wirescope")
    parser.add_argument("--tcpdump", default="tcpdump")
    parser.add_argument("--capture", required=True)
    parser.add_argument("--packets", type=int, default=1_000_000, help="packets that the capture has")
    parser.add_argument("--rules", type=int, nargs="+", default=[1, 100, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    root = ["-Z", "root"] if os.geteuid() == 0 else []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    medians = []
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'rules':>6} {'of tcpdump':>10} {'seconds':>8} {'packets/s':>10} {'memory':>9}")
        for rules in given.rules:
            file = os.path.join(folder, f"{rules}.rules")
            subprocess.run([sys.executable, os.path.join(HERE, "make_rules.py"), "--rules", str(rules), file], check=True)
            shares, seconds, memory = [], [], []
            for _ in range(given.rounds):
                theirs, _ = run([given.tcpdump, *root, "-n", "-r", given.capture])
                ours, peak = run([given.program, "detect", "-A", "none", "-r", given.capture, "-c", file])
                shares.append(ours / theirs)
                seconds.append(ours)
                memory.append(peak)
            medians.append(statistics.median(seconds))
            each = given.packets / medians[-1]
            print(f"{rules:6} {statistics.median(shares):9.2f}x {medians[-1]:8.2f} {each:10.0f} {max(memory):5.0f} MiB", flush=True)
    print(f"from {given.rules[0]} to {given.rules[-1]} rules the time grows {medians[-1] / medians[0]:.2f} times")


if __name__ == "__main__":
    main()
