#!/usr/bin/env python3
"""Writes a capture of ordinary traffic: the same bytes for the same arguments.

Interleaved TCP conversations (handshake, data with timestamps and now and then SACK, close), DNS, other UDP, ICMP echo,
ARP and a tenth IPv6, all with right lengths and checksums.
"""
import argparse
import random
import struct


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Traffic:
    def __init__(self, hosts, flows, seed):
        self.random = random.Random(seed)
        self.hosts = hosts
        self.flows = [self.new_flow() for _ in range(flows)]
        self.id = 0

    def address(self, v6):
        host = self.random.randrange(self.hosts)
        if v6:
            return bytes.fromhex("20010db8000000000000000000") + host.to_bytes(3, "big")
        return bytes([10, host >> 16 & 255, host >> 8 & 255, host & 255])

    def new_flow(self):
        r = self.random
        v6 = r.random() < 0.1
        return {
            "v6": v6, "client": self.address(v6), "server": self.address(v6), "step": 0,
            "ports": (r.randrange(1024, 65536), r.choice([22, 25, 80, 443, 443, 993, 3306, 8080])),
            "seq": r.randrange(1 << 32), "ack": r.randrange(1 << 32), "left": r.randrange(2, 40),
        }

    def ip(self, v6, src, dst, protocol, body, at):
        pseudo = src + dst + (struct.pack(">II", len(body), protocol) if v6 else struct.pack(">HH", protocol, len(body)))
        if protocol == 1:
            pseudo = b""
        body = body[:at] + struct.pack(">H", checksum(pseudo + body)) + body[at + 2:]
        if v6:
            return 0x86DD, struct.pack(">IHBB", 0x60000000, len(body), protocol, 64) + src + dst + body
        self.id = self.id + 1 & 0xFFFF
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), self.id, 0x4000, 64, protocol, 0) + src + dst
        return 0x0800, head[:10] + struct.pack(">H", checksum(head)) + head[12:] + body

    def tcp(self):
        r = self.random
        place = r.randrange(len(self.flows))
        flow = self.flows[place]
        step = flow["step"]
        flow["step"] += 1
        back = step == 1 or (step > 3 and r.random() < 0.5)
        ends = (flow["client"], flow["server"]) if not back else (flow["server"], flow["client"])
        ports = flow["ports"] if not back else flow["ports"][::-1]
        seq, ack = (flow["seq"], flow["ack"]) if not back else (flow["ack"], flow["seq"])
        payload, options = b"", b"\x01\x01\x08\x0a" + struct.pack(">II", 1000 + step, 900 + step)
        if step < 2:
            flags = 2 if step == 0 else 18
            options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + struct.pack(">II", 1, 0) + b"\x01\x03\x03\x07"
        elif step > flow["left"]:
            flags = 17
        else:
            flags = 24 if step > 2 else 16
            payload = r.randbytes(r.choice([0, 0, 40, 200, 900, 1400])) if step > 2 else b""
            if r.random() < 0.03:
                options += b"\x01\x01\x05\x0a" + struct.pack(">II", seq + 100 & 0xFFFFFFFF, seq + 900 & 0xFFFFFFFF)
        ack = 0 if step == 0 else ack
        body = struct.pack(">HHIIBBHHH", *ports, seq, ack, (20 + len(options)) // 4 << 4, flags, 502, 0, 0) + options + payload
        advance = len(payload) + (1 if flags & 3 else 0)
        key = "ack" if back else "seq"
        flow[key] = flow[key] + advance & 0xFFFFFFFF
        if flags == 17:
            self.flows[place] = self.new_flow()
        return self.ip(flow["v6"], *ends, 6, body, 16)

    def packet(self):
        r = self.random
        kind = r.random()
        if kind < 0.8:
            return self.tcp()
        a, b = self.address(False), self.address(False)
        if kind < 0.9:
            name = b"".join(bytes([len(p)]) + p for p in (b"host%d" % r.randrange(9999), b"example", b"net")) + b"\0"
            query = struct.pack(">HHHHHH", r.randrange(65536), 0x0100, 1, 0, 0, 0) + name + struct.pack(">HH", 1, 1)
            return self.ip(False, a, b, 17, struct.pack(">HHHH", r.randrange(1024, 65536), 53, 8 + len(query), 0) + query, 6)
        if kind < 0.95:
            payload = r.randbytes(r.randrange(1, 500))
            ports = r.randrange(20000, 40000), r.randrange(40000, 65536)
            return self.ip(False, a, b, 17, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload, 6)
        if kind < 0.98:
            return self.ip(False, a, b, 1, struct.pack(">BBHHH", 8, 0, 0, 7, r.randrange(65536)) + bytes(48), 2)
        return 0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + b"\2\0" + a + a + bytes(6) + b


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=int, default=5_000)
    parser.add_argument("--flows", type=int, default=2_000, help="conversations in flight at a time")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    traffic = Traffic(given.hosts, given.flows, given.seed)
    micros = 0
    with open(given.out, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for _ in range(given.packets):
            kind, body = traffic.packet()
            frame = b"\2\0\0\0\0\1\2\0\0\0\0\2" + struct.pack(">H", kind) + body
            frame += bytes(max(0, 60 - len(frame)))
            micros += traffic.random.randrange(1, 200)
            out.write(struct.pack("<IIII", 1_000_000_000 + micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)) + frame)


if __name__ == "__main__":
    main()
