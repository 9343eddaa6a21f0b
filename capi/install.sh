#!/usr/bin/env bash
# Builds the C interface and installs it:
#
#   capi/install.sh [--prefix DIR] [--destdir DIR] [--stand-in] [--draft]
#
# Below the prefix (/usr/local): include/ferromq.h, lib/pkgconfig/ferromq.pc, and lib/ferromq/ with
# libferromq.so, libferromq.a and the name that programs look for at run time, libzmq.so.5. Nothing
# else on the system finds that directory unless it is told to, by LD_LIBRARY_PATH for one.
#
# --stand-in  also takes the place of libzmq in the prefix: lib/libzmq.so.5, libzmq.so, libzmq.pc,
#             and include/zmq.h.
# --draft     with libzmq's draft interface.
# --destdir   in front of all paths, for packagers.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=/usr/local destdir= stand_in= features=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=$2 && shift ;;
        --destdir) destdir=$2 && shift ;;
        --stand-in) stand_in=yes ;;
        --draft) features=draft ;;
        *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
    esac
    shift
done

cargo build --release --package ferromq-capi --features "$features"
built=${CARGO_TARGET_DIR:-target}/release
version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
root=$destdir$prefix

put() { # file, mode, name below the prefix
    install -D -m "$2" "$1" "$root/$3"
}

pc() { # name, version, description, flags, private flags
    mkdir -p "$root/lib/pkgconfig"
    printf '%s\n' "prefix=$prefix" 'libdir=${prefix}/lib' 'includedir=${prefix}/include' '' \
        "Name: $1" "Description: $3" "Version: $2" 'Cflags: -I${includedir}' "Libs: $4" \
        "Libs.private: $5" >"$root/lib/pkgconfig/$1.pc"
}

private="-lstdc++ -lpthread -lm -ldl -lgcc_s"
put capi/include/ferromq.h 644 include/ferromq.h
put "$built/libferromq_capi.so" 755 lib/ferromq/libferromq.so
put "$built/libferromq_capi.a" 644 lib/ferromq/libferromq.a
ln -sf libferromq.so "$root/lib/ferromq/libzmq.so.5"
pc ferromq "$version" "libzmq's C interface with guards against misuse" \
    '-L${libdir}/ferromq -lferromq -Wl,-rpath,${libdir}/ferromq' "$private"

if [ -n "$stand_in" ]; then
    # The header comes with the source of libzmq that was compiled.
    source=$(cargo metadata --format-version 1 | grep -o '"manifest_path":"[^"]*/zeromq-src-[^"]*"')
    source=$(dirname "$(cut -d'"' -f4 <<<"$source")")/vendor
    put "$source/include/zmq.h" 644 include/zmq.h
    ln -sf ferromq/libferromq.so "$root/lib/libzmq.so.5"
    ln -sf libzmq.so.5 "$root/lib/libzmq.so"
    pc libzmq "$(sed -n 's/^#define ZMQ_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' "$source/include/zmq.h" |
        paste -sd.)" "libzmq, by libferromq" '-L${libdir} -lzmq' "$private"
fi
echo "installed below $root"
