use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Context::new()?.socket(PUSH)?;
    push.recv()?;
    Ok(())
}
