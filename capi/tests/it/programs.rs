//! The programs in `tests/c`: each as C99 and as C++11, under Valgrind, and under AddressSanitizer.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library;
use crate::run::{succeed, tool};

/// Compiles a program against the headers; gives the command that runs it with the library.
fn compile(name: &str, scratch: &Path, compiler: &mut Command) -> PathBuf {
    let program = scratch.join(name);
    let lib = library::directory(scratch);
    succeed(
        compiler
            .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-g"])
            .args(["-D_GNU_SOURCE", "-pthread"])
            .args(cfg!(feature = "draft").then_some("-DZMQ_BUILD_DRAFT_API"))
            .arg("-I")
            .arg(library::here("include"))
            .arg("-isystem")
            .arg(library::ZMQ_INCLUDE)
            .arg(library::here(&format!("tests/c/{name}.c")))
            .arg("-o")
            .arg(&program)
            .arg("-L")
            .arg(&lib)
            .args(["-x", "none", "-lferromq"])
            .arg(format!("-Wl,-rpath,{}", lib.display())),
    );
    program
}

fn c99(name: &str) {
    let scratch = library::scratch(&format!("{name}-c99"));
    let program = compile(name, &scratch, tool("cc", "gcc").arg("-std=c99"));
    succeed(&mut Command::new(program));
}

fn cxx11(name: &str) {
    let scratch = library::scratch(&format!("{name}-cxx11"));
    let compiler = &mut tool("c++", "g++");
    let program = compile(name, &scratch, compiler.args(["-std=c++11", "-x", "c++"]));
    succeed(&mut Command::new(program));
}

fn valgrind(name: &str) {
    let scratch = library::scratch(&format!("{name}-valgrind"));
    let program = compile(name, &scratch, tool("cc", "gcc").arg("-std=c99"));
    succeed(
        tool("valgrind", "valgrind")
            .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
            // A child has not the threads whose stacks it has.
            .args([
                "--show-leak-kinds=definite",
                "--errors-for-leak-kinds=definite",
            ])
            .args(["--trace-children=yes", "--fair-sched=yes"])
            .arg(program),
    );
}

fn sanitized(name: &str) {
    let scratch = library::scratch(&format!("{name}-sanitized"));
    let compiler = &mut tool("cc", "gcc");
    let compiler = compiler.args(["-std=c99", "-fsanitize=address,undefined"]);
    let program = compile(name, &scratch, compiler);
    // A message of impossible size is refused, as by any other allocator.
    let options = "allocator_may_return_null=1";
    succeed(Command::new(program).env("ASAN_OPTIONS", options));
}

macro_rules! programs {
    ($($(#[$attribute:meta])* $name:ident;)*) => {
        $(
            $(#[$attribute])*
            mod $name {
                #[test]
                fn c99() {
                    super::c99(stringify!($name));
                }

                #[test]
                fn cxx11() {
                    super::cxx11(stringify!($name));
                }

                #[test]
                fn valgrind() {
                    super::valgrind(stringify!($name));
                }

                #[test]
                fn sanitized() {
                    super::sanitized(stringify!($name));
                }
            }
        )*

        #[test]
        fn all_programs_are_here() {
            let names = [$(stringify!($name)),*];
            for entry in std::fs::read_dir(library::here("tests/c")).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap();
                assert!(path.extension().unwrap() == "h" || names.contains(&name), "{name}");
            }
        }
    };
}

programs! {
    arguments;
    busy;
    closed;
    #[cfg(feature = "draft")]
    draft;
    ending;
    foreign;
    forked;
    timers;
}
