use ferromq::{Context, PULL};

fn main() -> ferromq::Result<()> {
    let pull = Context::new()?.socket(PULL)?;
    pull.send("a PULL only receives")?;
    Ok(())
}
