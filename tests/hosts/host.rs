//! A host: a process with a network interface, and the lines that it and the test say to each other.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{Monitor, MonitorEventKind};

use crate::child::text_of;
use crate::forked::Forked;
use crate::namespace::{index_of, ip, leave_the_switch, make_whole_packets, remove};
use crate::network::{Network, Protocol};
use crate::switch::{Cable, Switch};

/// Far beyond what a host takes to say something: TCP waits, after a failure, up to twice as long as
/// that has lasted.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// The host as the test sees it. Killed when dropped.
pub struct Host {
    switch: Switch,
    protocol: Protocol,
    address: String,
    /// Ends before its cable does: who is killed can still say goodbye.
    process: Forked,
    port: Port,
    interface: u32,
    says: BufReader<UnixStream>,
}

/// The interface of the switch for a host.
struct Port(String);

impl Drop for Port {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

impl Host {
    #[track_caller]
    pub fn start(network: &Network, number: u8, role: impl FnOnce(&mut Talk)) -> Self {
        let (here, there) = UnixStream::pair().unwrap();
        let protocol = network.protocol;
        let process = Forked::start(move || {
            let mut talk = Talk::new(there, network.began, protocol);
            let result = catch_unwind(AssertUnwindSafe(|| {
                leave_the_switch();
                talk.say("apart");
                talk.wait_for("connected");
                make_whole_packets("eth0");
                role(&mut talk);
            }));
            if let Err(panic) = result {
                talk.say(&format!("panic {}", text_of(&*panic).replace('\n', " ")));
            }
        });
        here.set_read_timeout(Some(DEADLINE)).unwrap();
        let mut host = Self {
            switch: network.switch.clone(),
            protocol,
            address: protocol.address(number),
            process,
            port: Port(format!("port{number}")),
            interface: 0,
            says: BufReader::new(here),
        };
        host.wait_for("apart");
        host.connect(number);
        host.bring_up();
        host.tell("connected");
        host
    }

    fn connect(&mut self, number: u8) {
        let (Port(port), process) = (&self.port, self.process.id);
        ip(
            None,
            &format!(
                "link add name {port} type veth peer name eth0 address 02:00:0a:00:00:{number:02x} \
                 netns {process}\nlink set {port} up\n"
            ),
        );
        self.interface = index_of(port);
        self.set_cable(Cable::default());
        self.ip("link set lo up\n");
    }

    /// Sets up the interface of the host.
    pub fn bring_up(&self) {
        let address = &self.address;
        // One of IPv6 is not asked about before it is used.
        let how = match self.protocol {
            Protocol::Ipv4 => "",
            Protocol::Ipv6 => "nodad",
        };
        self.ip(&format!(
            "link set eth0 up\naddr replace {address}/24 dev eth0 {how}\n"
        ));
    }

    /// Takes the interface of the host down, which loses its address if that is of IPv6.
    pub fn take_down(&self) {
        self.ip("link set eth0 down\n");
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Runs commands of `ip` on the host.
    #[track_caller]
    pub fn ip(&self, lines: &str) {
        ip(Some(self.process.id), lines);
    }

    pub fn set_cable(&self, cable: Cable) {
        self.switch.set(self.interface, cable);
    }

    /// Loses all packets from now on, without a sign to anybody.
    pub fn silence(&self) {
        self.set_cable(Cable {
            silent: true,
            ..Cable::default()
        });
    }

    /// Takes the cable out of the switch, which the host's interface notices.
    pub fn pull_cable(&self) {
        ip(None, &format!("link set {} down\n", self.port.0));
    }

    /// Puts the cable back, and has it do nothing to packets any more.
    pub fn heal(&self) {
        self.set_cable(Cable::default());
        ip(None, &format!("link set {} up\n", self.port.0));
    }

    /// Waits until TCP has nothing that it would send again.
    #[track_caller]
    pub fn wait_until_acknowledged(&self) {
        let tables = ["tcp", "tcp6"].map(|table| format!("/proc/{}/net/{table}", self.process.id));
        let until = Instant::now() + DEADLINE;
        loop {
            // The fourth column is the state, with 01 for connected; the fifth has the queues.
            let waits = |row: &str| {
                let columns: Vec<_> = row.split_whitespace().collect();
                columns[3] == "01" && !columns[4].starts_with("00000000:")
            };
            let one_waits = |table| {
                let table = fs::read_to_string(table).unwrap();
                table.lines().skip(1).any(waits)
            };
            if !tables.iter().any(one_waits) {
                return;
            }
            assert!(Instant::now() < until, "{} waits for TCP", self.address());
            thread::yield_now();
        }
    }

    /// The host is without power from now on. Other than by a kill, nobody hears of it.
    pub fn lose_power(self) {
        self.silence();
        drop(self);
    }

    #[track_caller]
    pub fn tell(&mut self, line: &str) {
        writeln!(self.says.get_mut(), "{line}").unwrap();
    }

    /// The next line that the host says.
    #[track_caller]
    pub fn hear(&mut self) -> String {
        let mut line = String::new();
        let who = &self.address;
        match self.says.read_line(&mut line) {
            Ok(0) => panic!("{who} has ended"),
            Ok(_) => {}
            Err(error) => panic!("{who} says nothing in {DEADLINE:?}: {error}"),
        }
        let line = line.trim_end().to_owned();
        match line.strip_prefix("panic ") {
            Some(text) => panic!("on {who}: {text}"),
            None => line,
        }
    }

    /// Waits for a line that starts so, and returns the rest of it.
    #[track_caller]
    pub fn wait_for(&mut self, start: &str) -> String {
        let until = Instant::now() + DEADLINE;
        loop {
            let line = self.hear();
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim().to_owned();
            }
            assert!(
                Instant::now() < until,
                "{} does not say {start}",
                self.address()
            );
        }
    }
}

/// The test as a host sees it.
pub struct Talk {
    stream: UnixStream,
    /// What has come and was not looked at.
    heard: VecDeque<u8>,
    /// When the network began.
    began: Instant,
    pub protocol: Protocol,
    monitor: Option<Monitor>,
}

impl Talk {
    fn new(stream: UnixStream, began: Instant, protocol: Protocol) -> Self {
        Self {
            stream,
            heard: VecDeque::new(),
            began,
            protocol,
            monitor: None,
        }
    }

    pub fn say(&mut self, line: &str) {
        writeln!(self.stream, "{line}").unwrap();
    }

    /// Says from now on, whenever the host listens, what happens to connections of a socket.
    pub fn watch(&mut self, monitor: Monitor) {
        self.monitor = Some(monitor);
    }

    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// The next line that the test says, if there is one.
    pub fn hear(&mut self) -> Option<String> {
        self.tell_events();
        self.stream.set_nonblocking(true).unwrap();
        let mut buffer = [0; 1024];
        match self.stream.read(&mut buffer) {
            Ok(len) => self.heard.extend(&buffer[..len]),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
        }
        self.stream.set_nonblocking(false).unwrap();
        let end = self.heard.iter().position(|byte| *byte == b'\n')?;
        let line = self.heard.drain(..=end).collect();
        Some(String::from_utf8(line).unwrap().trim_end().to_owned())
    }

    fn tell_events(&mut self) {
        while let Some(event) = self
            .monitor
            .as_ref()
            .and_then(|monitor| monitor.try_recv().unwrap())
        {
            match event.kind {
                MonitorEventKind::Disconnected => self.say("disconnected"),
                MonitorEventKind::HandshakeSucceeded => self.say("handshake"),
                _ => {}
            }
        }
    }

    /// Where a program has to print what the test is to hear.
    pub fn stdout(&self) -> Stdio {
        OwnedFd::from(self.stream.try_clone().unwrap()).into()
    }

    /// Waits until the test says so.
    pub fn wait_for(&mut self, line: &str) {
        while self.hear().as_deref() != Some(line) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
