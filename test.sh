#!/usr/bin/env bash
# Installs what the tests need, and runs them all. From a fresh clone: ./test.sh
# One part: ./test.sh PART, with PART one of the functions below without `part_`. How long each fuzz
# target runs, instead of a few seconds: ./test.sh fuzz SECONDS
set -euo pipefail
cd "$(dirname "$0")"

# Most tests wait more than they work.
export RUST_TEST_THREADS=$((2 * $(nproc)))
export NEXTEST_TEST_THREADS=$RUST_TEST_THREADS

# What is killed leaves its temporary files here, and libzmq those for `ipc://*`.
TMPDIR=$(mktemp -d)
export TMPDIR
beside=""
ahead=""
at_the_end() {
    local group
    for group in $beside $ahead; do
        kill -- "-$group" 2>/dev/null || true
    done
    rm -rf "$TMPDIR"
}
trap at_the_end EXIT

# Debian package for each thing needed, and what shows that it is there.
needs=(
    "g++|command -v g++"
    "pkg-config|command -v pkg-config"
    "python3-venv|python3 -c 'import ensurepip'"
    "libzmq3-dev|pkg-config --exists libzmq"
    "libsodium-dev|pkg-config --exists libsodium"
    "libclang-dev|compgen -G '/usr/lib/llvm-*/lib/libclang*.so*'"
    "valgrind|command -v valgrind"
    "cmake|command -v cmake"
    "python3-zmq|/usr/bin/python3 -I -c 'import zmq'"
    "libczmq-dev|pkg-config --exists libczmq"
    "clang-19|command -v clang++-19"
    "libclang-rt-19-dev|compgen -G '/usr/lib/llvm-19/lib/clang/*/lib/linux/libclang_rt.tsan*'"
    "llvm-19|command -v llvm-symbolizer-19"
    "iproute2|command -v ip"
    "rustc-web|test -x /usr/bin/rustc"
    "rust-web-src|test -e /usr/lib/rustlib/src/rust/library"
)

install_tools() {
    local missing=()
    for need in "${needs[@]}"; do
        bash -c "${need#*|}" >/dev/null 2>&1 || missing+=("${need%%|*}")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local apt="apt-get install --yes --no-install-recommends ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        echo "missing: ${missing[*]} (names of Debian packages); install them and run again" >&2
        exit 1
    fi
    echo "installing: ${missing[*]}"
    if [ "$(id -u)" -eq 0 ]; then
        apt-get update && $apt
    else
        sudo apt-get update && sudo $apt
    fi
}

# Says what it is asked, which tests/results.py reads.
cargo() {
    echo "+ cargo $*"
    command cargo "$@"
}

# cargo-nextest where it is installed: one process for each test, and a time limit on each.
run_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --no-fail-fast --status-level skip "$@"
    else
        cargo build "$@" --examples
        cargo test "$@" --lib --bins --tests
    fi
    cargo test "$@" --doc
}

part_lint() {
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- --deny warnings
    cargo clippy --workspace --all-targets --features draft,bytes,ferromq/tokio,async-io,ferromq-bench/async -- --deny warnings
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps
    for crate in tests/crates/*/ fuzz/ bench/rivals/ bench/rivals/arzmq/; do
        (cd "$crate" && cargo fmt --check)
    done
}

part_vendored() {
    run_tests --workspace --exclude ferromq-capi
}

part_draft() {
    run_tests --package ferromq --features draft,bytes,tokio,async-io
}

part_libsodium() {
    cargo test --package ferromq --features curve-libsodium --lib --test build --test security
}

part_system() {
    FERROMQ_NO_VENDOR=1 CARGO_TARGET_DIR=target/system run_tests --package ferromq --no-default-features
}

# The C interface, seen by C programs, by those of libzmq, and by whoever uses the system's libzmq.
part_capi() {
    run_tests --package ferromq-capi
    cargo test --package ferromq-capi --features draft --test it -- draft:: exports:: guards::
}

# The rest with the draft interface, which takes minutes and is run before a release.
part_capi_draft() {
    run_tests --package ferromq-capi --features draft
}

# Programs apart: their dependencies are not ours.
part_crates() {
    for crate in tests/crates/*/; do
        (cd "$crate" && CARGO_TARGET_DIR=../../../target/crates cargo test)
    done
}

nightly_host() {
    if ! rustc +nightly -vV | sed -n 's/^host: //p' | grep .; then
        echo "missing: the nightly compiler: rustup toolchain install nightly --profile minimal" >&2
        return 1
    fi
}

under_sanitizers=(--lib --test messages --test it --test build --test interop --test security --test asynchronous)
as_with_one_python=(--skip ::debian:: --skip lifecycle::cpp --skip limits::cpp --skip pipeline::cpp --skip pubsub::cpp --skip router::cpp)

# AddressSanitizer and its search for leaks, in Rust and in libzmq. No suppressions. A test asks for
# memory that cannot be had, and expects an error as from any other allocator. Left out are a test that
# has glibc's allocator fill memory, which is not in use here; those that look at the memory of the
# process, as the sanitizer keeps what is freed; those in which a forked child exits, which is looked
# through for leaks, and has lost all that the other threads of its parent had; one that forks while
# threads start, as the sanitizer then has a lock that the child waits for, which is why tests that fork run
# one at a time; and what one Python does as well: the other one and, in the same scenarios, C++.
part_sanitize() {
    with_addresses "${under_sanitizers[@]}" -- \
        "${as_with_one_python[@]}" \
        --skip a_connection_at_rest_gives_its_buffers_back --skip a_kept_message_does_not_keep_a_large_buffer \
        --skip the_memory_of_large_messages_is_used_again
    with_addresses --test process -- \
        --test-threads 1 --skip a_connect_is_tried_again_before_any_disconnect --skip reclaimed:: --skip exits:: \
        --skip forked_while_threads_start --skip a_stream_runs_through_many_forks
    # By itself: threads of the tests before it may still be ending.
    with_addresses --test process a_stream_runs_through_many_forks
}

with_addresses() {
    local host
    host=$(nightly_host)
    ASAN_OPTIONS=allocator_may_return_null=1 \
        RUSTFLAGS="-Zsanitizer=address" \
        CXXFLAGS="-fsanitize=address -fno-omit-frame-pointer -g" \
        CARGO_TARGET_DIR=target/sanitize \
        cargo +nightly test --target "$host" \
        --package ferromq --package ferromq-sys --features bytes,draft,tokio,async-io "$@"
}

# ThreadSanitizer, in Rust and in libzmq. The standard library is compiled for it as well, by Debian's
# compiler, whose source is a package too; without that, its locks and counters would not be seen. So
# nothing is suppressed but what tokio does by way of the kernel. Forked children make threads, and the
# global context keeps its own to the end, which the sanitizer has to be told to allow. The memory of
# the process is the sanitizer's for the most part, and not looked at. Its own locks do not survive a fork
# while threads start. One Python is enough here too.
part_races() {
    with_threads "${under_sanitizers[@]}" -- \
        "${as_with_one_python[@]}" \
        --skip a_connection_at_rest_gives_its_buffers_back --skip a_kept_message_does_not_keep_a_large_buffer
    with_threads --test process -- \
        --test-threads 1 --skip reclaimed:: --skip forked_while_threads_start
}

with_threads() {
    local host
    host=$(nightly_host)
    TSAN_OPTIONS="suppressions=$PWD/tests/races.supp die_after_fork=0 report_thread_leaks=0 allocator_may_return_null=1 external_symbolizer_path=$(command -v llvm-symbolizer-19)" \
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="-Zsanitizer=thread -Zexternal-clangrt -Clinker=clang-19 -Clink-arg=-fsanitize=thread" \
        CXX=clang++-19 CXXFLAGS="-fsanitize=thread -g" \
        CARGO_TARGET_DIR=target/races \
        cargo +nightly test -Zbuild-std --target "$host" --package ferromq --features bytes,draft,tokio,async-io "$@"
}

# Compiles for both sanitizers while the tests before them wait, as they do most of the time.
compile_ahead() {
    renice -n 19 "$BASHPID" >/dev/null
    with_addresses "${under_sanitizers[@]}" --test process --no-run
    with_threads "${under_sanitizers[@]}" --test process --no-run
}

# Valgrind. Leaks are for AddressSanitizer to find, as to Valgrind a forked child leaks all that its
# parent has. Left out are the tests in which descriptors run out, some of which Valgrind keeps back,
# those that do something hundreds of times, those that look at what glibc's allocator has, and those in
# which frames of gigabytes are announced, whose memory Valgrind looks through.
memcheck() {
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --quiet --error-exitcode=99 --suppressions=$PWD/tests/memcheck.supp" \
        cargo test --package ferromq "$@" -- \
        --skip limits:: --skip descriptors:: --skip exhausted:: --skip reclaimed:: \
        --skip a_stream_runs_through_many_forks --skip programs_started_meanwhile_inherit_nothing \
        --skip a_child_of_a_busy_parent_does_not_hang --skip forked_while_threads_start \
        --skip a_connection_at_rest_gives_its_buffers_back --skip a_kept_message_does_not_keep_a_large_buffer \
        --skip garbage:: --skip a_length_beyond_the_limit_ends_the_connection
}

part_memcheck() {
    memcheck --lib --test messages --test build --test process
}

# The rest, which takes minutes and is run before a release; optimised, as CURVE is slow otherwise.
part_memcheck_more() {
    memcheck --release --features bytes,draft,tokio,async-io \
        --test it --test security --test interop --test asynchronous
}

# Faults of the network, between hosts in network namespaces; their measurements are printed.
part_hosts() {
    cargo build --workspace --exclude ferromq-capi --examples
    cargo test --workspace --exclude ferromq-capi --test hosts -- --test-threads 4
}

soak() {
    cargo test --workspace --exclude ferromq-capi --test soak -- "$@"
}

# A short form of the soak, which also has to find what is left behind on purpose.
part_soak() {
    local leak report
    soak --minutes 2
    for leak in socket memory; do
        report=$(soak --minutes 0.2 --leak "$leak" 2>&1 || true)
        if ! grep --quiet "flat .*FAILED$" <<<"$report"; then
            printf '%s\nthe soak has not found the leak: %s\n' "$report" "$leak" >&2
            return 1
        fi
        echo "test a_leak_of_${leak}_is_found ... ok"
    done
}

# Half an hour, before a release.
part_soak_long() {
    soak
}

# libFuzzer on what is in fuzz/, which its README describes. libzmq is instrumented too. The inputs that
# lead further are kept in target/fuzz. Leaks are looked for at the end. Peers announce frames for which
# no memory can be had, which the sanitizer has to allow.
part_fuzz() {
    local host seconds=${1:-3} out=target/fuzz
    host=$(nightly_host)
    RUSTFLAGS="--cfg fuzzing -Cdebug-assertions -Ccodegen-units=1 -Zsanitizer=address -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares" \
        CXX=clang++-19 CXXFLAGS="-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer -g1" \
        CUSTOM_LIBFUZZER_PATH="$(clang-19 -print-file-name="libclang_rt.fuzzer-$(uname -m).a")" \
        CARGO_TARGET_DIR=$out \
        cargo +nightly build --manifest-path fuzz/Cargo.toml --release --target "$host"
    export -f fuzz
    basename --suffix .rs --multiple fuzz/fuzz_targets/*.rs |
        xargs --max-procs "$(nproc)" --replace bash -c "fuzz {} $out/$host/release $out $seconds"
}

# One target. What it prints is in a file, and shown when it fails.
fuzz() {
    local name=$1 programs=$2 out=$3 seconds=$4
    mkdir -p "$out/corpus/$name"
    if ! ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=64 \
        ASAN_SYMBOLIZER_PATH="$(command -v llvm-symbolizer-19)" \
        "$programs/$name" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=0 \
        -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$out/$name-" \
        "$out/corpus/$name" "fuzz/seeds/$name" >"$out/$name.log" 2>&1; then
        tail -n 100 "$out/$name.log" >&2
        return 1
    fi
    echo "fuzz $name: $(sed -n 's/.*number_of_executed_units: *//p' "$out/$name.log") executions in $seconds s"
}

part_instructions() {
    cargo run --release --package ferromq-bench --features async -- instructions
}

# Keeps in target/results what a part prints, for tests/results.py.
run_part() {
    local log=target/results/$1.log began=$SECONDS
    mkdir -p target/results
    echo "== $1"
    "part_$1" "${@:2}" 2>&1 | tee "$log"
    echo "== $1: passed in $((SECONDS - began)) s" | tee -a "$log"
}

# Runs a part beside those that follow, and shows what it has printed when that is waited for.
start_beside() {
    echo "== $1: begins, beside others"
    set -m # It is ended with all that it has started.
    run_part "$1" >/dev/null &
    beside=$!
    set +m
}

wait_beside() {
    local status=0
    wait "$beside" || status=$?
    beside=""
    cat "target/results/$1.log"
    return "$status"
}

install_tools
if [ $# -gt 0 ]; then
    run_part "$@"
else
    rm -rf target/results
    parts=(lint vendored hosts draft libsodium system capi soak crates fuzz sanitize races memcheck instructions)
    without=""
    for part in "${parts[@]}"; do
        if [ "$part" = hosts ] && [ -n "${FERROMQ_WITHOUT_HOSTS:-}" ]; then
            without=", but for hosts: FERROMQ_WITHOUT_HOSTS leaves that out"
            mkdir -p target/results
            echo "left out: FERROMQ_WITHOUT_HOSTS is set" >target/results/hosts.log
            continue
        fi
        # The soak waits more than it works, and the parts after it mostly compile.
        if [ "$part" = soak ]; then
            start_beside soak
            continue
        fi
        # What this fails in fails again in the parts that it is for, and is told there.
        if [ "$part" = sanitize ]; then
            wait "$ahead" || true
            ahead=""
        fi
        run_part "$part"
        if [ "$part" = lint ]; then
            set -m
            compile_ahead >/dev/null 2>&1 &
            ahead=$!
            set +m
        fi
        [ "$part" != fuzz ] || wait_beside soak
    done
    echo "$SECONDS" >target/results/seconds
    echo "all passed$without, in $SECONDS s"
fi
