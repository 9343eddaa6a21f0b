//! Keys in a directory of certificates, read again when it has changed.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

use crate::context::lock;
use crate::curve::{Certificate, PublicKey};
use crate::error::{Error, Result};

/// In seconds; no file system has a coarser clock.
const TICK: i64 = 2;

#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    read: Mutex<Read>,
}

#[derive(Debug, Default)]
struct Read {
    /// What was there; nothing if it is to be read again in any case.
    files: Option<Vec<Stamp>>,
    failed: bool,
    certificates: HashMap<PublicKey, Certificate>,
}

/// A file, and what tells whether it was written since.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stamp {
    name: OsString,
    inode: u64,
    len: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            read: Mutex::default(),
        }
    }

    /// Reads it, if it has changed.
    pub(super) fn refresh(&self) -> Result<()> {
        self.up_to_date(&mut lock(&self.read))
            .map_err(|error| Error::io(&error, "read certificates in").on(self.path.display()))
    }

    /// The certificate of this key. Of a directory that cannot be read nobody has one.
    pub(super) fn find(&self, key: &PublicKey) -> Option<Certificate> {
        let mut read = lock(&self.read);
        if let Err(error) = self.up_to_date(&mut read) {
            // Once, not for every peer.
            if !read.failed {
                let path = self.path.display();
                log::error!("nobody is let in by the keys in {path}: {error}");
            }
            *read = Read {
                failed: true,
                ..Read::default()
            };
        }
        read.certificates.get(key).cloned()
    }

    fn up_to_date(&self, read: &mut Read) -> io::Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_secs() as i64);
        let files = self.files()?;
        read.failed = false;
        if read.files.as_ref() == Some(&files) {
            return Ok(());
        }
        read.certificates.clear();
        for file in &files {
            let path = self.path.join(&file.name);
            match Certificate::load(&path) {
                Ok(certificate) => {
                    let certificate = certificate.without_secret();
                    read.certificates.insert(certificate.public, certificate);
                }
                Err(error) => log::warn!("it is not used: {error}"),
            }
        }
        // A file that is written twice within a tick of the file system's clock does not show it.
        let is_old = |file: &Stamp| file.changed.0.saturating_add(TICK) < now;
        read.files = files.iter().all(is_old).then_some(files);
        Ok(())
    }

    /// The files that may be public certificates.
    fn files(&self) -> io::Result<Vec<Stamp>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let text = name.to_string_lossy();
            if text.starts_with('.') || text.ends_with("_secret") {
                continue;
            }
            // One that has just been removed is not there.
            let Ok(metadata) = fs::metadata(self.path.join(&name)) else {
                continue;
            };
            if metadata.is_file() {
                files.push(Stamp {
                    name,
                    inode: metadata.ino(),
                    len: metadata.len(),
                    modified: (metadata.mtime(), metadata.mtime_nsec()),
                    changed: (metadata.ctime(), metadata.ctime_nsec()),
                });
            }
        }
        files.sort();
        Ok(files)
    }
}
