//! The switch between the hosts: takes the frames that come out of one cable and puts them into
//! others, as a real one does, but for what it is told to do to them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io::Error;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a cable does to the packets in it, of either direction.
#[derive(Clone, Copy, Default)]
pub struct Cable {
    /// All are lost, and nobody is told.
    pub silent: bool,
    /// Of a hundred so many are lost.
    pub loss: u64,
    pub delay: Duration,
    /// At most so much comes on top of the delay, so that packets overtake each other.
    pub jitter: Duration,
}

type Address = [u8; 6];

/// More than a frame has.
const FRAME: usize = 2048;

/// An Ethernet frame: the address that it goes to, the one that it comes from, and the rest.
type Frame = Vec<u8>;

/// By the number of its interface in the namespace of the switch.
type Cables = HashMap<u32, Cable>;

#[derive(Clone, Default)]
pub struct Switch {
    cables: Arc<Mutex<Cables>>,
    lost: Arc<AtomicU64>,
}

impl Switch {
    /// Starts it in the namespace of this thread. It ends with the process.
    pub fn start() -> Self {
        let switch = Self::default();
        let mut engine = Engine {
            socket: packet_socket(),
            switch: switch.clone(),
            seen: HashMap::new(),
            waiting: BinaryHeap::new(),
            taken: 0,
            dice: Dice(8),
        };
        thread::spawn(move || engine.run());
        switch
    }

    pub fn set(&self, interface: u32, cable: Cable) {
        self.cables.lock().unwrap().insert(interface, cable);
    }

    /// How many packets it has lost.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

struct Engine {
    socket: OwnedFd,
    switch: Switch,
    /// Where frames of a host came from.
    seen: HashMap<Address, u32>,
    /// Frames that are delayed: until when, as which one they came, where they go.
    waiting: BinaryHeap<Reverse<(Instant, u64, u32, Frame)>>,
    taken: u64,
    dice: Dice,
}

impl Engine {
    fn run(&mut self) {
        loop {
            self.wait();
            while let Some((from, frame)) = self.take() {
                self.pass(from, frame);
            }
            while let Some(Reverse((due, ..))) = self.waiting.peek() {
                if *due > Instant::now() {
                    break;
                }
                let Reverse((_, _, to, frame)) = self.waiting.pop().unwrap();
                self.put(to, &frame);
            }
        }
    }

    /// Until there is a frame, or one that is delayed is due.
    fn wait(&self) {
        let mut readable = libc::pollfd {
            fd: self.socket.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let left = self.waiting.peek().map(|Reverse((due, ..))| {
            let left = due.saturating_duration_since(Instant::now());
            // Rounded up, so as not to turn until it is due.
            libc::c_int::try_from(left.as_micros().div_ceil(1000)).unwrap()
        });
        // SAFETY: `readable` is valid for reads and writes of one entry.
        unsafe { libc::poll(&mut readable, 1, left.unwrap_or(-1)) };
    }

    fn pass(&mut self, from: u32, frame: Frame) {
        let (Some(&to), Some(&source)) = (frame.first_chunk(), frame[6..].first_chunk()) else {
            return;
        };
        self.seen.insert(source, from);
        let Some((out_of, others)) = self.cables_of(from, to) else {
            return;
        };
        for (number, into) in others {
            if self.is_lost(out_of) || self.is_lost(into) {
                self.switch.lost.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            match self.delay(out_of) + self.delay(into) {
                Duration::ZERO => self.put(number, &frame),
                delay => {
                    self.taken += 1;
                    let due = Instant::now() + delay;
                    let entry = (due, self.taken, number, frame.clone());
                    self.waiting.push(Reverse(entry));
                }
            }
        }
    }

    /// The cable that a frame came out of, and those that it has to go into: that of the host `to`, or
    /// all where that is not known.
    fn cables_of(&self, from: u32, to: Address) -> Option<(Cable, Vec<(u32, Cable)>)> {
        let cables = self.switch.cables.lock().unwrap();
        let others = match self.seen.get(&to) {
            Some(&number) => vec![(number, *cables.get(&number)?)],
            None => cables
                .iter()
                .filter(|(number, _)| **number != from)
                .map(|(number, cable)| (*number, *cable))
                .collect(),
        };
        Some((*cables.get(&from)?, others))
    }

    fn is_lost(&mut self, cable: Cable) -> bool {
        cable.silent || self.dice.below(100) < cable.loss
    }

    fn delay(&mut self, cable: Cable) -> Duration {
        let jitter = u64::try_from(cable.jitter.as_micros()).unwrap();
        cable.delay + Duration::from_micros(self.dice.below(jitter + 1))
    }

    /// The next frame that has come, and out of which cable.
    fn take(&self) -> Option<(u32, Frame)> {
        let mut frame = vec![0; FRAME];
        loop {
            // SAFETY: zeros are a valid address.
            let mut from: libc::sockaddr_ll = unsafe { MaybeUninit::zeroed().assume_init() };
            let mut len = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
            // SAFETY: the pointers are valid for writes of the lengths that go with them.
            let taken = unsafe {
                libc::recvfrom(
                    self.socket.as_raw_fd(),
                    frame.as_mut_ptr().cast(),
                    frame.len(),
                    libc::MSG_DONTWAIT,
                    (&raw mut from).cast(),
                    &mut len,
                )
            };
            // An error is of an interface that went down, or says that there is none.
            let taken = usize::try_from(taken).ok()?;
            if from.sll_pkttype != libc::PACKET_OUTGOING {
                frame.truncate(taken);
                return Some((from.sll_ifindex.try_into().unwrap(), frame));
            }
        }
    }

    fn put(&self, to: u32, frame: &[u8]) {
        // SAFETY: zeros are a valid address.
        let mut address: libc::sockaddr_ll = unsafe { MaybeUninit::zeroed().assume_init() };
        address.sll_family = libc::AF_PACKET as u16;
        address.sll_ifindex = to.try_into().unwrap();
        // SAFETY: the pointers are valid for reads of the lengths that go with them. That nothing is
        // sent on an interface that is down is what a cable does that is not there.
        unsafe {
            libc::sendto(
                self.socket.as_raw_fd(),
                frame.as_ptr().cast(),
                frame.len(),
                libc::MSG_DONTWAIT,
                (&raw const address).cast(),
                size_of::<libc::sockaddr_ll>() as libc::socklen_t,
            );
        }
    }
}

/// Gets the frames of all interfaces, and puts frames into any.
fn packet_socket() -> OwnedFd {
    let all = libc::c_int::from((libc::ETH_P_ALL as u16).to_be());
    // SAFETY: no preconditions.
    let socket = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, all) };
    assert!(socket >= 0, "a packet socket: {}", Error::last_os_error());
    // SAFETY: the call succeeded; the descriptor is new and nobody else's.
    let socket = unsafe { OwnedFd::from_raw_fd(socket) };
    // The kernel gives root as much as is asked for, and others as much as it allows.
    for option in [libc::SO_RCVBUF, libc::SO_RCVBUFFORCE] {
        let room: libc::c_int = 8 << 20;
        // SAFETY: the pointer is valid for reads of the length.
        unsafe {
            libc::setsockopt(
                socket.as_raw_fd(),
                libc::SOL_SOCKET,
                option,
                (&raw const room).cast(),
                size_of::<libc::c_int>() as libc::socklen_t,
            );
        }
    }
    socket
}

/// The same throws in each run: splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
