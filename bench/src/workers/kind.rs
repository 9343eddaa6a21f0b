use ferromq::SocketType;
use ferromq_bench_worker::Pattern;

pub fn kind(pattern: Pattern) -> SocketType {
    match pattern {
        Pattern::Push => SocketType::Push,
        Pattern::Pull => SocketType::Pull,
        Pattern::Req => SocketType::Req,
        Pattern::Rep => SocketType::Rep,
        Pattern::Dealer => SocketType::Dealer,
        Pattern::Router => SocketType::Router,
        Pattern::Pub => SocketType::Pub,
        Pattern::Sub => SocketType::Sub,
    }
}
