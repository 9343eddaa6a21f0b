//! What the library logs. The logger belongs to the process: each test looks for its own words.

use std::sync::{Mutex, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};

struct Collector(Mutex<Vec<(Level, String)>>);

static COLLECTOR: Collector = Collector(Mutex::new(Vec::new()));

impl Log for Collector {
    fn enabled(&self, _: &Metadata) -> bool {
        true
    }

    fn log(&self, record: &Record) {
        let mut logged = self.0.lock().unwrap();
        logged.push((record.level(), record.args().to_string()));
    }

    fn flush(&self) {}
}

pub fn collect() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&COLLECTOR).unwrap();
        log::set_max_level(LevelFilter::Trace);
    });
}

/// All that was logged so far.
pub fn all() -> Vec<(Level, String)> {
    COLLECTOR.0.lock().unwrap().clone()
}

/// The warnings so far that contain `words`.
pub fn warnings(words: &str) -> Vec<String> {
    let warnings = all()
        .into_iter()
        .filter(|(level, text)| *level == Level::Warn && text.contains(words));
    warnings.map(|(_, text)| text).collect()
}
