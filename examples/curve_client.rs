//! Asks `curve_server` a question, encrypted, and prints the reply.
//!
//! Arguments: `[directory of keygen] [endpoint]`

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use ferromq::curve::Certificate;
use ferromq::{Context, MonitorEvents, REQ, Security};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let directory: PathBuf = args.next().unwrap_or("certificates".into()).into();
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5561".into());

    let own = Certificate::load(directory.join("clients/client.key_secret"))?;
    let context = Context::new()?;
    let client = context.socket(REQ)?;
    client.set_security(Security::CurveClient {
        keys: own.keypair().ok_or("there is no secret key in it")?,
        server: Certificate::load(directory.join("server.key"))?.public,
    })?;

    // Without a monitor, not to be let in looks like a server that is down.
    let monitor = client.monitor(MonitorEvents::HANDSHAKE)?;
    client.connect(endpoint)?;
    monitor.wait_handshake(Duration::from_secs(10))?;

    client.send("Are you OK?")?;
    println!("received: {}", client.recv()?.to_str()?);
    Ok(())
}
