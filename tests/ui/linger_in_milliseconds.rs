use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Context::new()?.socket(PUSH)?;
    push.set_linger(0)?;
    Ok(())
}
