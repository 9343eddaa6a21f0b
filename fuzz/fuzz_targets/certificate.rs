//! Files of certificates: what is read can be written, and is read again as the same.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use ferromq::curve::Certificate;
use libfuzzer_sys::fuzz_target;

static DIRECTORY: LazyLock<PathBuf> = LazyLock::new(|| {
    // In memory: `save` waits for the disk.
    let path = PathBuf::from(format!("/dev/shm/ferromq-fuzz-{}", std::process::id()));
    fs::create_dir(&path).unwrap();
    path
});

fuzz_target!(|input: &[u8]| {
    let (given, written) = (DIRECTORY.join("given"), DIRECTORY.join("written"));
    fs::write(&given, input).unwrap();
    let Ok(certificate) = Certificate::load(&given) else {
        return;
    };
    // Not every name and value that can be read can be written.
    if certificate.save(&written).is_ok() {
        let secret = DIRECTORY.join("written_secret");
        let public = Certificate::load(&written).unwrap();
        assert_eq!(public, certificate.clone().without_secret());
        if certificate.secret.is_some() {
            assert_eq!(Certificate::load(&secret).unwrap(), certificate);
            fs::remove_file(&secret).unwrap();
        }
        fs::remove_file(&written).unwrap();
    }
});
