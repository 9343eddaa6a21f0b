use ferromq::{CanRecv, Context, PUB, Socket};

fn next_len<K: CanRecv>(socket: &Socket<K>) -> ferromq::Result<usize> {
    Ok(socket.recv()?.len())
}

fn main() -> ferromq::Result<()> {
    let publisher = Context::new()?.socket(PUB)?;
    next_len(&publisher)?;
    Ok(())
}
