use ferromq::{Context, PULL};

fn main() -> ferromq::Result<()> {
    let pull = Context::new()?.socket(PULL)?;
    let mut buffer = [0; 16];
    pull.recv_into(&mut buffer)?;
    Ok(())
}
