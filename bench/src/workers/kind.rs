use ferromq::SocketType;
use ferromq_bench_worker::{Pattern, named};

pub fn kind(pattern: Pattern) -> SocketType {
    named!(pattern, SocketType)
}
