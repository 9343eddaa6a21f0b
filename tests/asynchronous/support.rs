//! Runtimes, sockets that are joined, and waiting with a limit.

use std::time::Duration;

use ferromq::with_tokio::Socket;
use ferromq::{CanMultipart, CanRecv, Context, IntoKind, Kind};

/// Far beyond what anything here takes: to reach it is to hang.
pub const DEADLINE: Duration = Duration::from_secs(60);

const TURNS: u64 = 20_000;

/// How often the loops turn that give up again and again: `FERROMQ_ASYNC_TURNS`, which may be
/// 1000000 where there is time.
pub fn turns() -> u64 {
    let turns = std::env::var("FERROMQ_ASYNC_TURNS");
    turns.map_or(TURNS, |turns| turns.parse().expect("a number"))
}

/// A context whose sockets leave nothing behind that its end would wait for.
pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// Runs in a runtime of one thread.
#[track_caller]
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(in_time(future))
}

/// Runs in a runtime of several threads.
#[track_caller]
pub fn run_on_threads<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { tokio::spawn(in_time(future)).await.unwrap() })
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    let deadline = DEADLINE * u32::try_from(turns().div_ceil(TURNS)).unwrap();
    tokio::select! {
        // Asked first: at the deadline the future gets no last chance, to make up for a lost wake-up.
        biased;
        () = tokio::time::sleep(deadline) => panic!("still not done at the deadline"),
        result = future => result,
    }
}

/// Two sockets, the second connected to the first over a free port of the loopback interface.
pub fn pair<A: IntoKind, B: IntoKind>(a: A, b: B) -> (Socket<A::Kind>, Socket<B::Kind>) {
    let context = context();
    let (a, b) = (context.socket(a).unwrap(), context.socket(b).unwrap());
    a.bind("tcp://127.0.0.1:*").unwrap();
    b.connect(a.last_endpoint().unwrap()).unwrap();
    (wrapped(a), wrapped(b))
}

/// As [`pair`], with room for `hwm` messages at either end.
pub fn narrow_pair<A: IntoKind, B: IntoKind>(
    a: A,
    b: B,
    hwm: u32,
) -> (Socket<A::Kind>, Socket<B::Kind>) {
    let context = Context::builder()
        .linger(Duration::ZERO)
        .socket_default(move |socket| socket.set_send_hwm(hwm))
        .socket_default(move |socket| socket.set_recv_hwm(hwm))
        .build()
        .unwrap();
    let (a, b) = (context.socket(a).unwrap(), context.socket(b).unwrap());
    a.bind("inproc://narrow").unwrap();
    b.connect("inproc://narrow").unwrap();
    (wrapped(a), wrapped(b))
}

pub fn wrapped<K: Kind>(socket: ferromq::Socket<K>) -> Socket<K> {
    Socket::new(socket).unwrap()
}

/// Answers each message with itself.
pub async fn serve<K: Kind + CanRecv + CanMultipart>(mut socket: Socket<K>) -> ferromq::Result<()> {
    loop {
        let message = socket.recv_multipart().await?;
        socket.send_multipart(message).await?;
    }
}
