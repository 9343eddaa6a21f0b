use ferromq::{Context, REP};

fn main() -> ferromq::Result<()> {
    let rep = Context::new()?.socket(REP)?;
    rep.set_router_mandatory(true)?;
    Ok(())
}
