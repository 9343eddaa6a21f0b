//! Makes keys for `curve_server` and `curve_client`, and writes them as certificate files.
//!
//! Arguments: `[directory]`

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use ferromq::curve::Certificate;

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = env::args().nth(1).unwrap_or("certificates".into()).into();
    fs::create_dir_all(directory.join("clients"))?;

    for (file, name) in [("server.key", "server"), ("clients/client.key", "client")] {
        let certificate = Certificate::generate()?.with_metadata("name", name);
        certificate.save(directory.join(file))?;
        println!("{file}: to be given to the other side");
        println!("{file}_secret: to be kept by the {name}");
    }
    Ok(())
}
