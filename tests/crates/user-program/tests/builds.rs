//! How a program is compiled that depends on ferromq.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_user-program");

#[test]
fn a_change_of_the_program_compiles_nothing_else() {
    build();
    File::options()
        .write(true)
        .open(root().join("src/main.rs"))
        .unwrap()
        .set_modified(SystemTime::now())
        .unwrap();
    assert_eq!(build(), ["user-program"]);
    assert!(build().is_empty());
}

/// Which targets were compiled.
fn build() -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--message-format", "json"]);
    let output = succeeded(cargo.current_dir(root()));
    output
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["fresh"] == false)
        .map(|message| message["target"]["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn libzmq_is_inlined_by_the_recipe_of_the_readme() {
    const CALLED: &str = "ferromq_zmq_msg_recv";
    let readme = fs::read_to_string(root().join("../../../README.md")).unwrap();
    let recipe = readme
        .lines()
        .find(|line| line.contains("-Clinker-plugin-lto"))
        .expect("the README has a recipe");
    let target = Path::new(PROGRAM).with_file_name("../inlined");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", recipe])
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(root());
    succeeded(&mut shell);

    let inlined = target.join("release/user-program");
    assert_eq!(succeeded(&mut Command::new(&inlined)), "hello\n");
    assert!(names(Path::new(PROGRAM), CALLED));
    assert!(!names(&inlined, CALLED));
}

/// Whether the program has a function of that name.
fn names(program: &Path, function: &str) -> bool {
    let name = format!("\0{function}\0");
    let bytes = fs::read(program).unwrap();
    bytes
        .windows(name.len())
        .any(|part| part == name.as_bytes())
}

/// What the command prints.
fn succeeded(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let complaint = String::from_utf8_lossy(&stderr);
    assert!(
        status.success(),
        "{command:?} ended with {status}\n{complaint}"
    );
    String::from_utf8(stdout).unwrap()
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}
