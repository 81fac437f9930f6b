#!/usr/bin/env bash
# Counts the instructions a packet that wirescope needs, and fails above the limits.
# usage: instructions.sh [PROGRAM]
set -euo pipefail
program=${1:-target/release/wirescope}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
few=2000
many=22000
python3 "$here/make_capture.py" --packets $few "$work/few.pcap"
python3 "$here/make_capture.py" --packets $many "$work/many.pcap"

count() {
    TZ=UTC0 LC_ALL=C valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" dump "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *//p'
}

# What starting costs falls out of the difference of two captures.
failed=0
check() {
    local name=$1 limit=$2
    shift 2
    local a b
    a=$(count -r "$work/few.pcap" "$@")
    b=$(count -r "$work/many.pcap" "$@")
    local each=$(((b - a) / (many - few)))
    printf '%-16s %6d instructions a packet (at most %d)\n' "$name" "$each" "$limit"
    [ "$each" -le "$limit" ] || failed=1
}

check lines 2400 -n
check -v 3450 -n -v
check -XX 7400 -n -XX
check --json 7900 -n --json
check 'tcp[13] == 18' 250 --count 'tcp[13] == 18'
exit $failed
