//! Certificate files: what CZMQ and pyzmq write is read, and they read what is written here.

use std::fs;
use std::path::Path;
use std::process::Command;

use ferromq::curve::{Certificate, Keypair, PublicKey, SecretKey};
use serde_json::json;

use crate::agent::Agent;
use crate::support::Directory;

for_each_python! { pyzmq_reads_ours we_read_pyzmqs }

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/certificate.c");

/// The example of ZeroMQ RFC 26, which needs no CURVE in libzmq.
fn alice() -> Certificate {
    Certificate::from(Keypair {
        public: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID".parse().unwrap(),
        secret: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs".parse().unwrap(),
    })
    .with_metadata("name", "Alice")
}

fn key(public: &str) -> PublicKey {
    public.parse().unwrap()
}

fn secret_key(secret: &str) -> SecretKey {
    secret.parse().unwrap()
}

fn pyzmq_reads_ours(python: &Agent) {
    let directory = Directory::new();
    let file = directory.join("alice.key");
    alice().save(&file).unwrap();
    let (public, secret) = python.load_certificate(&file);
    assert_eq!((key(&public), secret), (alice().public, None));
    let (public, secret) = python.load_certificate(&directory.join("alice.key_secret"));
    assert_eq!(key(&public), alice().public);
    assert_eq!(Some(secret_key(&secret.unwrap())), alice().secret);
    assert_eq!(
        python.load_certificates(&directory),
        [alice().public.to_string()]
    );
}

fn we_read_pyzmqs(python: &Agent) {
    let directory = Directory::new();
    let metadata = json!({"name": "Bob", "e-mail": "bob@example.org"});
    let [public, secret] = python.create_certificate(&directory, "bob", metadata);
    let (expected_public, expected_secret) = python.load_certificate(&secret);
    let own = Certificate::load(&secret).unwrap();
    assert_eq!(own.public, key(&expected_public));
    assert_eq!(own.secret, Some(secret_key(&expected_secret.unwrap())));
    assert_eq!(own.metadata["name"], "Bob");
    assert_eq!(own.metadata["e-mail"], "bob@example.org");
    // Of the metadata, pyzmq tells others nothing.
    let known = Certificate::load(public).unwrap();
    assert_eq!((known.public, known.secret), (own.public, None));
}

/// What the program `certificate.c`, linked with CZMQ, prints: a public key, a secret one, a name.
#[track_caller]
fn czmq(directory: &Directory, arguments: &[&Path]) -> [String; 3] {
    let program = directory.with_extension("program");
    build(&program);
    let output = Command::new(&program).args(arguments).output().unwrap();
    fs::remove_file(program).unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.try_into().unwrap()
}

fn build(program: &Path) {
    let flags = Command::new("pkg-config")
        .args(["--cflags", "--libs", "libczmq"])
        .output();
    let flags = flags.expect("no pkg-config; install it: apt-get install pkg-config");
    assert!(
        flags.status.success(),
        "no CZMQ; install it: apt-get install libczmq-dev\n{flags:?}"
    );
    let flags = String::from_utf8(flags.stdout).unwrap();
    let mut compiler = Command::new("cc");
    compiler.arg(SOURCE).arg("-o").arg(program);
    compiler.args(flags.split_whitespace());
    assert!(compiler.status().unwrap().success(), "{compiler:?}");
}

#[test]
fn czmq_reads_ours() {
    let directory = Directory::new();
    let file = directory.join("alice.key");
    alice().save(&file).unwrap();
    let [public, secret, name] = czmq(&directory, &["load".as_ref(), &file]);
    assert_eq!(key(&public), alice().public);
    assert_eq!(Some(secret_key(&secret)), alice().secret);
    assert_eq!(name, "Alice");

    // The public file alone, found in a directory by its key.
    fs::remove_file(directory.join("alice.key_secret")).unwrap();
    let [public, _, name] = czmq(&directory, &["load".as_ref(), &file]);
    assert_eq!((key(&public), &*name), (alice().public, "Alice"));
    let arguments = ["find".as_ref(), &*directory, public.as_ref()];
    assert_eq!(czmq(&directory, &arguments)[2], "Alice");
}

#[test]
fn we_read_czmqs() {
    let directory = Directory::new();
    let file = directory.join("bob.key");
    let arguments = ["save".as_ref(), file.as_path(), "Bob".as_ref()];
    let [public, secret, _] = czmq(&directory, &arguments);
    let own = Certificate::load(directory.join("bob.key_secret")).unwrap();
    assert_eq!(own.public, key(&public));
    assert_eq!(own.secret, Some(secret_key(&secret)));
    assert_eq!(own.metadata["name"], "Bob");
    assert_eq!(Certificate::load(&file).unwrap(), own.without_secret());
}
