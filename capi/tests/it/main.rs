//! The library seen from C: what it exports, what it answers to misuse, and who can use it.
//!
//! `library` finds what Cargo has built and gives it the names that linkers look for; `run` runs
//! programs with a deadline.
#![cfg(target_os = "linux")]

mod library;
mod run;

mod exports;
mod guards;
mod install;
mod programs;
mod stand_in;
