//! Both libraries give the same for the same input, good or bad, and each opens the other's boxes.

use beside_libsodium::{Key, Library, Libsodium, Nonce, Ours, bytes};

fn array<const N: usize>(seed: u32) -> [u8; N] {
    bytes(seed, N).try_into().unwrap()
}

#[test]
fn keys() {
    for seed in 0..500 {
        let (secret, public) = (array(2 * seed), array(2 * seed + 1));
        assert_eq!(Ours::public_key(&secret), Libsodium::public_key(&secret));
        let shared = Ours::shared_key(&public, &secret);
        assert!(shared.is_some());
        assert_eq!(shared, Libsodium::shared_key(&public, &secret), "{seed}");
    }
}

/// Small and large numbers as public keys: points of small order and unreduced ones among them.
#[test]
fn keys_at_the_edges() {
    let secret = array(0);
    let mut refused = 0;
    for low in 0..=255 {
        for (others, high) in [(0, 0), (0, 0x80), (0xff, 0x7f), (0xff, 0xff)] {
            let mut public = [others; 32];
            (public[0], public[31]) = (low, high);
            let shared = Ours::shared_key(&public, &secret);
            refused += u32::from(shared.is_none());
            assert_eq!(
                shared,
                Libsodium::shared_key(&public, &secret),
                "{public:?}"
            );
        }
    }
    // 0, 1, p - 1, p and p + 1, each with the highest bit off and on.
    assert_eq!(refused, 10);
}

#[test]
fn boxes() {
    for seed in 0..300 {
        let (nonce, public, secret): (Nonce, Key, Key) = (array(seed), array(seed), array(seed));
        let padded = [vec![0; 32], bytes(seed, (seed * seed) as usize / 7)].concat();
        let sealed = Ours::seal(&padded, &nonce, &public, &secret).unwrap();
        assert_eq!(
            Libsodium::seal(&padded, &nonce, &public, &secret).unwrap(),
            sealed
        );
        let opened = Ours::open(&sealed, &nonce, &public, &secret);
        assert_eq!(opened, Libsodium::open(&sealed, &nonce, &public, &secret));
        assert_eq!(opened.as_deref(), Some(&padded[..]));

        let sealed = Ours::seal_secret(&padded, &nonce, &public).unwrap();
        assert_eq!(
            Libsodium::seal_secret(&padded, &nonce, &public).unwrap(),
            sealed
        );
        let opened = Ours::open_secret(&sealed, &nonce, &public);
        assert_eq!(opened, Libsodium::open_secret(&sealed, &nonce, &public));
        assert_eq!(opened.as_deref(), Some(&padded[..]));
    }
}

#[test]
fn messages() {
    let key: Key = array(1);
    for size in (0..2500).chain([65_535, 65_536, 1_000_003]) {
        let (nonce, plain) = (array(size as u32), bytes(size as u32, size));
        let sealed = Ours::seal_easy(&plain, &nonce, &key).unwrap();
        assert_eq!(Libsodium::seal_easy(&plain, &nonce, &key).unwrap(), sealed);
        for opened in [Ours::open_easy, Libsodium::open_easy] {
            assert_eq!(opened(&sealed, &nonce, &key).unwrap(), plain);
        }
    }
}

#[test]
fn forgeries() {
    let (nonce, key) = (array(1), array(2));
    for size in [0, 1, 15, 16, 17, 64, 300, 1100] {
        let sealed = Ours::seal_easy(&bytes(3, size), &nonce, &key).unwrap();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 0x10;
            assert_eq!(Ours::open_easy(&forged, &nonce, &key), None);
            assert_eq!(Libsodium::open_easy(&forged, &nonce, &key), None);
            assert_eq!(Ours::open_easy(&sealed[..at], &nonce, &key), None);
            assert_eq!(Libsodium::open_easy(&sealed[..at], &nonce, &key), None);
        }
    }
}
