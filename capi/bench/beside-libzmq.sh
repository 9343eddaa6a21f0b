#!/usr/bin/env bash
# libzmq's own performance programs on this library and on a plain libzmq of the same version, in
# turn: ratios of medians, where more than 1 means that ours is faster.
#
#   capi/bench/beside-libzmq.sh [ROUNDS] [/path/to/libzmq.so.5]
#
# The programs and the plain libzmq (CMake, Release) are built from the crate that ships the source;
# a path stands for another libzmq. Instructions are counted too, by callgrind: they do not depend on
# what else the machine does.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-7}
reference=${2:-}
target=$PWD/${CARGO_TARGET_DIR:-target}
work=$target/beside-libzmq
mkdir -p "$work/ours" "$work/plain"

cargo build --quiet --release --package ferromq-capi
ln -sf "$target/release/libferromq_capi.so" "$work/ours/libzmq.so.5"

source=$(cargo metadata --format-version 1 | grep -o '"manifest_path":"[^"]*/zeromq-src-[^"]*"')
source=$(dirname "$(cut -d'"' -f4 <<<"$source")")/vendor
cmake -S "$source" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTS=OFF \
    -DBUILD_STATIC=OFF -DWITH_PERF_TOOL=ON -DWITH_DOCS=OFF >"$work/cmake.log"
cmake --build "$work/build" --parallel 2 >>"$work/cmake.log" 2>&1
ln -sf "${reference:-$work/build/lib/libzmq.so.5}" "$work/plain/libzmq.so.5"

on() { # library, program, arguments
    LD_LIBRARY_PATH=$work/$1 "$work/build/bin/$2" "${@:3}"
}

number() { # of the line with this unit
    sed -n "s/^[a-z ]*: \([0-9.]*\) \[$1\]$/\1/p"
}

pair() { # library, the one that measures, its arguments, the other one, its arguments
    on "$1" "$2" "$address" $3 >"$work/out" &
    local measuring=$!
    on "$1" "$4" "$address" $5 >"$work/other" &
    wait $measuring $!
    cat "$work/out" "$work/other"
}

port=20000
measure() { # name, library
    # Ports are not used twice: one that is left is not free at once.
    port=$((port + 1))
    address=tcp://127.0.0.1:$port
    case $1 in
        inproc_thr_16) on "$2" inproc_thr 16 5000000 | number 'msg\/s' ;;
        inproc_thr_256) on "$2" inproc_thr 256 2000000 | number 'msg\/s' ;;
        tcp_thr_16) pair "$2" local_thr "16 3000000" remote_thr "16 3000000" | number 'msg\/s' ;;
        tcp_thr_1000) pair "$2" local_thr "1000 500000" remote_thr "1000 500000" | number 'msg\/s' ;;
        inproc_lat_1) on "$2" inproc_lat 1 100000 | number us ;;
        tcp_lat_1) pair "$2" local_lat "1 20000" remote_lat "1 20000" | number us ;;
    esac
}

median() {
    sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

echo "$rounds rounds in turn, medians"
printf '%-16s %12s %12s %8s\n' program plain ours ratio
for name in inproc_thr_16 inproc_thr_256 tcp_thr_16 tcp_thr_1000 inproc_lat_1 tcp_lat_1; do
    : >"$work/plain.txt"
    : >"$work/ours.txt"
    for ((round = 0; round < rounds; round++)); do
        for library in plain ours; do
            measure $name $library >>"$work/$library.txt"
        done
    done
    plain=$(median <"$work/plain.txt") ours=$(median <"$work/ours.txt")
    # Times count the other way round.
    awk -v name=$name -v plain="$plain" -v ours="$ours" 'BEGIN {
        ratio = name ~ /_lat_/ ? plain / ours : ours / plain
        printf "%-16s %12g %12g %8.3f\n", name, plain, ours, ratio
    }'
done

instructions() { # library, messages, size
    LD_LIBRARY_PATH=$work/$1 valgrind --tool=callgrind --callgrind-out-file="$work/callgrind.out" \
        "$work/build/bin/inproc_thr" "$3" "$2" >"$work/valgrind.log" 2>&1
    sed -n 's/^totals: //p' "$work/callgrind.out"
}

echo "instructions per message, inproc_thr"
printf '%-16s %12s %12s %8s\n' "bytes" plain ours ratio
for size in 16 256; do
    for library in plain ours; do
        few=$(instructions $library 20000 $size)
        many=$(instructions $library 120000 $size)
        eval "$library=$(((many - few) / 100000))"
    done
    awk -v size=$size -v plain="$plain" -v ours="$ours" \
        'BEGIN { printf "%-16s %12d %12d %8.3f\n", size, plain, ours, plain / ours }'
done
