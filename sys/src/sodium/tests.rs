//! Known answers. The vectors are those of D. J. Bernstein's "Cryptography in NaCl" (2009), whose
//! keys are also those of RFC 7748, section 6.1.

use core::ffi::c_int;
use core::ptr;
use std::vec;
use std::vec::Vec;

use salsa20::Salsa20;
use salsa20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use sha2::{Digest, Sha256};

use super::stream::{Stream, ferromq_salsa20_xor, lanes, state};
use super::*;

const ALICE_SECRET: &str = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
const ALICE_PUBLIC: &str = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const BOB_SECRET: &str = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
const BOB_PUBLIC: &str = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
/// What crypto_box_beforenm makes of the keys above.
const KEY: &str = "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389";
const NONCE: &str = "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37";
const PLAIN: &str = "\
    be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a\
    1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057\
    e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040\
    e082f937763848645e0705";
const SEALED: &str = "\
    f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4\
    476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738\
    b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de\
    56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5";

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digit).collect()
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    bytes(hex).try_into().unwrap()
}

/// In NaCl's form.
fn padded(zeros: usize, hex: &str) -> Vec<u8> {
    [vec![0; zeros], bytes(hex)].concat()
}

/// A function that makes a box, or opens one, with all keys given.
type Function<'f> = &'f dyn Fn(*mut u8, *const u8, usize) -> c_int;

/// Calls it with an output of the input's size, filled with a pattern.
fn call(function: Function, input: &[u8]) -> (c_int, Vec<u8>) {
    let mut output = vec![0xa5; input.len()];
    let code = function(output.as_mut_ptr(), input.as_ptr(), input.len());
    (code, output)
}

/// All functions of NaCl's form that make the box of the paper, and those that open it.
fn with_functions(check: impl Fn(&[(Function, Function)])) {
    let (nonce, key) = (array::<24>(NONCE), array::<32>(KEY));
    let (n, k) = (nonce.as_ptr(), key.as_ptr());
    let [alice, bob] = [ALICE_SECRET, BOB_SECRET].map(array::<32>);
    let [to_alice, to_bob] = [ALICE_PUBLIC, BOB_PUBLIC].map(array::<32>);
    // SAFETY: `call` gives two buffers of the size, and keys and nonce have theirs.
    unsafe {
        check(&[
            (
                &|c, m, size| crypto_secretbox(c, m, size, n, k),
                &|m, c, size| crypto_secretbox_open(m, c, size, n, k),
            ),
            (
                &|c, m, size| crypto_box_afternm(c, m, size, n, k),
                &|m, c, size| crypto_box_open_afternm(m, c, size, n, k),
            ),
            (
                &|c, m, size| crypto_box(c, m, size, n, to_bob.as_ptr(), alice.as_ptr()),
                &|m, c, size| crypto_box_open(m, c, size, n, to_alice.as_ptr(), bob.as_ptr()),
            ),
        ]);
    }
}

#[test]
fn public_keys_belong_to_their_secrets() {
    for (secret, public) in [(ALICE_SECRET, ALICE_PUBLIC), (BOB_SECRET, BOB_PUBLIC)] {
        let (secret, mut made) = (array::<32>(secret), [0; 32]);
        // SAFETY: both have 32 bytes.
        let code = unsafe { crypto_scalarmult_base(made.as_mut_ptr(), secret.as_ptr()) };
        assert_eq!((code, made), (0, array(public)));
    }
}

#[test]
fn both_sides_share_a_key() {
    for (secret, public) in [(ALICE_SECRET, BOB_PUBLIC), (BOB_SECRET, ALICE_PUBLIC)] {
        assert_eq!(before(&array(public), &array(secret)), Some(array(KEY)));
    }
}

/// All points of small order, as X25519 reads them; the last ones are not reduced.
#[test]
fn no_key_is_shared_with_a_point_of_small_order() {
    let mut points = vec![
        array("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        array("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    ];
    for (first, others, last) in [
        (0, 0, 0),
        (1, 0, 0),
        (0xec, 0xff, 0x7f),
        (0xed, 0xff, 0x7f),
        (0xee, 0xff, 0x7f),
    ] {
        let mut point = [others; 32];
        (point[0], point[31]) = (first, last);
        points.push(point);
    }
    for point in points {
        let secret = array(ALICE_SECRET);
        assert_eq!(before(&point, &secret), None, "{point:?}");
        let (input, nonce, mut output) = ([0; 64], [0; 24], [0xa5; 64]);
        let (to, from, n) = (output.as_mut_ptr(), input.as_ptr(), nonce.as_ptr());
        // SAFETY: all have the sizes that are told.
        unsafe {
            let (public, secret) = (point.as_ptr(), secret.as_ptr());
            assert_eq!(crypto_box(to, from, 64, n, public, secret), -1);
            assert_eq!(crypto_box_open(to, from, 64, n, public, secret), -1);
        }
        assert_eq!(output, [0xa5; 64]);
    }
}

fn before(public: &[u8; 32], secret: &[u8; 32]) -> Option<[u8; 32]> {
    let mut key = [0xa5; 32];
    // SAFETY: all three have 32 bytes.
    let code = unsafe { crypto_box_beforenm(key.as_mut_ptr(), public.as_ptr(), secret.as_ptr()) };
    assert_eq!(code == 0, key != [0xa5; 32]);
    (code == 0).then_some(key)
}

#[test]
fn boxes_are_made_and_opened() {
    with_functions(|functions| {
        let (plain, sealed) = (padded(32, PLAIN), padded(16, SEALED));
        for (seal, open) in functions {
            assert_eq!(call(*seal, &plain), (0, sealed.clone()));
            assert_eq!(call(*open, &sealed), (0, plain.clone()));
        }
    });
}

#[test]
fn what_is_no_box_is_not_opened() {
    with_functions(|functions| {
        let sealed = padded(16, SEALED);
        for (seal, open) in functions {
            for at in 16..sealed.len() {
                let mut forged = sealed.clone();
                forged[at] ^= 1 << (at % 8);
                assert_eq!(call(*open, &forged), (-1, vec![0xa5; sealed.len()]));
            }
            for size in 0..sealed.len() {
                assert_eq!(call(*open, &sealed[..size]), (-1, vec![0xa5; size]));
            }
            for size in 0..32 {
                assert_eq!(call(*seal, &vec![0; size]), (-1, vec![0xa5; size]));
            }
        }
    });
}

#[test]
fn a_message_is_opened_where_it_is() {
    let (nonce, key) = (array::<24>(NONCE), array::<32>(KEY));
    let (n, k) = (nonce.as_ptr(), key.as_ptr());
    let (plain, sealed) = (bytes(PLAIN), bytes(SEALED));
    let mut made = vec![0; sealed.len()];
    // SAFETY: all buffers have the sizes that are told.
    unsafe {
        let to = made.as_mut_ptr();
        assert_eq!(
            crypto_box_easy_afternm(to, plain.as_ptr(), plain.len(), n, k),
            0
        );
        assert_eq!(made, sealed);
        assert_eq!(crypto_box_open_easy_afternm(to, to, made.len(), n, k), 0);
        assert_eq!(made[..plain.len()], plain);

        for size in 0..sealed.len() {
            made.copy_from_slice(&sealed);
            assert_eq!(crypto_box_open_easy_afternm(to, to, size, n, k), -1);
            assert_eq!(made, sealed);
        }
    }
}

/// To where the box is, before it, behind it, and apart; with whole groups of blocks and a rest.
#[test]
fn a_long_message_is_opened_wherever_it_goes() {
    let (nonce, key) = (array::<24>(NONCE), array::<32>(KEY));
    let (n, k) = (nonce.as_ptr(), key.as_ptr());
    let plain: Vec<u8> = (0..10_007_u32).map(|i| ((i * i) >> 3) as u8).collect();
    let size = plain.len() + 16;
    const BOX_AT: usize = 20_000;
    for to in [
        0,
        BOX_AT - 100,
        BOX_AT - 1,
        BOX_AT,
        BOX_AT + 16,
        BOX_AT + 17,
        BOX_AT + 200,
        40_000,
    ] {
        let mut room = vec![0; 60_000];
        let at = room.as_mut_ptr();
        // SAFETY: all buffers have the sizes that are told, and both places are within the room.
        unsafe {
            let sealed = at.add(BOX_AT);
            assert_eq!(
                crypto_box_easy_afternm(sealed, plain.as_ptr(), plain.len(), n, k),
                0
            );
            assert_eq!(
                crypto_box_open_easy_afternm(at.add(to), sealed, size, n, k),
                0
            );
        }
        assert_eq!(room[to..to + plain.len()], plain, "to {to}");
    }
}

/// The paper's 4 MiB of key stream, by the SHA-256 of it.
#[test]
fn a_long_key_stream_is_right() {
    let (stream, start) = Stream::new(&array(KEY), &array(NONCE));
    let mut rest = vec![0; (4 << 20) - start.len()];
    // SAFETY: the text's own place.
    unsafe { stream.apply_over(rest.as_ptr(), rest.as_mut_ptr(), rest.len()) };
    let digest = Sha256::new()
        .chain_update(*start)
        .chain_update(&rest)
        .finalize();
    let expected = "662b9d0e3463029156069b12f918691a98f7dfb2ca0393c96bbfc6b1fbd630a2";
    assert_eq!(digest[..], bytes(expected));
}

/// Each width against the crate, also where the number of the block outgrows its first word.
#[test]
fn blocks_together_are_those_one_by_one() {
    let (key, nonce) = (array(KEY), array(NONCE));
    let subkey: [u8; 32] = hsalsa::<U10>((&key).into(), (&array::<16>(&NONCE[..32])).into()).into();
    for lanes in [4, 8, 16]
        .into_iter()
        .filter(|&lanes| lanes <= lanes_here())
    {
        for first in [0, 1, u64::from(u32::MAX) - 20, u64::from(u32::MAX)] {
            for size in (0..64 * 40).step_by(37) {
                let mut together: Vec<u8> = (0..size).map(|i| i as u8).collect();
                let mut alone = together.clone();
                let mut state = state(&key, &nonce, first);
                let at = together.as_mut_ptr();
                // SAFETY: the vector's own memory; the processor has the lanes.
                let done = unsafe { ferromq_salsa20_xor(&mut *state, at, at, size, lanes) };
                assert!(done <= size && size - done < 4 * 64, "{lanes} {size}");
                let next = first + done as u64 / 64;
                assert_eq!(state[8..10], [next as u32, (next >> 32) as u32]);

                let mut crates = Salsa20::new((&subkey).into(), (&array::<8>(&NONCE[32..])).into());
                crates.seek(64 * first);
                crates.apply_keystream(&mut alone[..done]);
                assert_eq!(together, alone, "{lanes} {first} {size}");
            }
        }
    }
}

/// Some widths may be missing here, but the narrowest is not.
fn lanes_here() -> usize {
    let lanes = lanes();
    assert!(lanes >= 4);
    lanes
}

/// Every size around the edges of blocks and groups of them, there and back.
#[test]
fn messages_of_every_size_come_back() {
    let (nonce, key) = (array::<24>(NONCE), array::<32>(KEY));
    let (n, k) = (nonce.as_ptr(), key.as_ptr());
    for size in (0..3000).chain([65_535, 65_536, 65_537]) {
        let plain: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        let mut buffer = vec![0; size + 16];
        let to = buffer.as_mut_ptr();
        // SAFETY: all buffers have the sizes that are told.
        unsafe {
            assert_eq!(crypto_box_easy_afternm(to, plain.as_ptr(), size, n, k), 0);
            assert!(size < 8 || buffer[16..] != plain[..]);
            assert_eq!(crypto_box_open_easy_afternm(to, to, size + 16, n, k), 0);
        }
        assert_eq!(buffer[..size], plain);
    }
}

#[test]
fn keys_and_random_bytes_are_new_each_time() {
    assert_eq!(sodium_init(), 0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        let (mut public, mut secret, mut random) = ([0; 32], [0; 32], [0; 32]);
        // SAFETY: all three have 32 bytes; none are written for a size of 0.
        unsafe {
            assert_eq!(
                crypto_box_keypair(public.as_mut_ptr(), secret.as_mut_ptr()),
                0
            );
            let mut derived = [0; 32];
            crypto_scalarmult_base(derived.as_mut_ptr(), secret.as_ptr());
            assert_eq!(public, derived);
            randombytes(random.as_mut_ptr(), 32);
            randombytes(ptr::null_mut(), 0);
        }
        seen.extend([public, secret, random]);
    }
    assert!(
        (1..seen.len()).all(|i| !seen[..i].contains(&seen[i])),
        "{seen:?}"
    );
}

#[test]
fn memory_is_zeroed_and_given_back() {
    for (count, size) in [(0, 8), (1, 1), (80, 1), (1, 100_000)] {
        let memory = sodium_allocarray(count, size);
        assert!(!memory.is_null());
        // SAFETY: this is its size, and it is freed once.
        unsafe {
            let bytes = slice::from_raw_parts_mut(memory.cast::<u8>(), count * size);
            assert!(bytes.iter().all(|&byte| byte == 0));
            bytes.fill(7);
            sodium_free(memory);
        }
    }
    for (count, size) in [(usize::MAX, 2), (usize::MAX, 1), (1, usize::MAX - 16)] {
        assert!(sodium_allocarray(count, size).is_null());
    }
    // SAFETY: null is nothing to free.
    unsafe { sodium_free(ptr::null_mut()) }
}
