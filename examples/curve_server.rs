//! Replies to the clients that it knows, encrypted. See `keygen` for the keys, and `curve_client`
//! for the other side.
//!
//! Arguments: `[directory of keygen] [endpoint] [number of requests, without end if not given]`

use std::env;
use std::error::Error;
use std::path::PathBuf;

use ferromq::curve::Certificate;
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{AuthPolicy, Context, REP, Security};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let directory: PathBuf = args.next().unwrap_or("certificates".into()).into();
    let endpoint = args.next().unwrap_or("tcp://127.0.0.1:5561".into());
    let requests = args.next().map_or(Ok(u64::MAX), |number| number.parse())?;

    // Who has a certificate in this directory is let in.
    let context = Context::new()?;
    let clients = Domain::new().keys_in(directory.join("clients"));
    let rules = Rules::new().domain("clients", clients);
    let _authenticator = Authenticator::start(&context, rules)?;

    let own = Certificate::load(directory.join("server.key_secret"))?;
    let server = context.socket(REP)?;
    server.set_security(Security::CurveServer {
        keys: own.keypair().ok_or("there is no secret key in it")?,
        policy: AuthPolicy::Authenticator {
            domain: "clients".into(),
        },
    })?;
    server.bind(endpoint)?;
    println!("bound to {}", server.last_endpoint()?);

    for _ in 0..requests {
        let request = server.recv()?;
        let name = request.verified_property("name")?.unwrap_or(b"somebody");
        let name = String::from_utf8_lossy(name);
        println!("{name} asks: {}", request.to_str()?);
        server.send("I am OK!")?;
    }
    Ok(())
}
