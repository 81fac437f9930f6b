#!/usr/bin/env python3
"""Writes a rule file with generated content rules: the same rules for the same arguments.

TCP, UDP and ICMP; rules for one port, lists of ports and any port; contents as text and as bytes, some without case, in
pairs with distance and within, negated, and some followed by a regular expression. The configuration lines put fragments
and streams together.
"""
import argparse
import random

CONFIGURATION = """\
config checksum_mode: all
preprocessor frag3_global: max_frags 65536
preprocessor frag3_engine: policy first
preprocessor stream5_global: track_tcp yes, track_udp yes, track_icmp no
preprocessor stream5_tcp: policy first, ports both all
preprocessor stream5_udp: timeout 180
ipvar HOME_NET 10.0.0.0/8
ipvar EXTERNAL_NET any
portvar HTTP_PORTS [80,8000:8080]
"""
HEADS = [
    (30, "tcp $EXTERNAL_NET any -> $HOME_NET $HTTP_PORTS", "flow:to_server,established; "),
    (15, "tcp $HOME_NET $HTTP_PORTS -> $EXTERNAL_NET any", "flow:to_client,established; "),
    (15, "tcp $EXTERNAL_NET any -> $HOME_NET any", "flow:established; "),
    (10, "tcp any any -> any 443", "flow:established; "),
    (8, "tcp any any -> any [22,25,110,143,993,3306]", ""),
    (8, "udp any any -> any 53", ""),
    (6, "udp any any -> any any", ""),
    (5, "tcp any any <> any 1024:", ""),
    (3, "icmp any any -> any any", ""),
]
TEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=-"


def content(r, shortest=5):
    length = r.randrange(shortest, 20)
    if r.random() < 0.6:
        return '"' + "".join(r.choice(TEXT) for _ in range(length)) + '"'
    return '"|' + " ".join(f"{byte:02X}" for byte in r.randbytes(length)) + '|"'


def options(r):
    text = f"content:{content(r)}; "
    if r.random() < 0.3:
        text += "nocase; "
    kind = r.random()
    if kind < 0.15:
        text += f"content:{content(r, 3)}; distance:{r.randrange(8)}; within:{r.randrange(20, 100)}; "
    elif kind < 0.25:
        text += f"offset:{r.randrange(8)}; depth:{r.randrange(40, 200)}; "
    elif kind < 0.35:
        text += f"content:!{content(r, 3)}; "
    elif kind < 0.45:
        text += 'pcre:"/^[a-z0-9]{2,9}=\\d+/Ri"; '
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    r = random.Random(given.seed)
    with open(given.out, "w") as out:
        out.write(CONFIGURATION)
        for number in range(1, given.rules + 1):
            _, head, flow = r.choices(HEADS, [row[0] for row in HEADS])[0]
            out.write(f'alert {head} (msg:"generated {number}"; {flow}{options(r)}sid:{1_000_000 + number};)\n')


if __name__ == "__main__":
    main()
