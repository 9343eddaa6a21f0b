use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Context::new()?.socket(PUSH)?;
    push.send("as other bindings have it", 0)?;
    Ok(())
}
