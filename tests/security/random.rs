//! Numbers that look random, the same for the same seed (xorshift*).

pub struct Random(u64);

impl Random {
    /// From `FERROMQ_SEED`, or a seed that is printed, so that a failure can be had again.
    pub fn seeded() -> Self {
        let seed: u64 = match std::env::var("FERROMQ_SEED") {
            Ok(seed) => seed.parse().unwrap(),
            Err(_) => std::process::id().into(),
        };
        println!("FERROMQ_SEED={seed}");
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| (self.next() >> 56) as u8).collect()
    }

    pub fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Changes, cuts or lengthens some of it.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            match self.below(4) {
                0 => bytes.truncate(self.below(bytes.len() + 1)),
                1 => {
                    let len = self.below(40);
                    bytes.extend(self.bytes(len));
                }
                _ if bytes.is_empty() => {}
                _ => {
                    let at = self.below(bytes.len());
                    bytes[at] = self.bytes(1)[0];
                }
            }
        }
    }
}
