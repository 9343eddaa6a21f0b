/*
 * The part of libsodium's interface that libzmq 4.3.5 uses, as sys/src/sodium
 * implements it: the names and sizes of NaCl, with our prefix, so that a
 * libsodium in the same program is neither used nor disturbed.
 *
 * Lengths are size_t. The functions that return int give 0, or -1 when a box
 * was not made with the key, when it is too short to be one, or when a public
 * key is a point of small order; -1 leaves the output as it was.
 */
#ifndef FERROMQ_SODIUM_H
#define FERROMQ_SODIUM_H

#include <stddef.h>
#include <stdint.h>

/* What libzmq looks at to know that the functions with `easy` are there. */
#define SODIUM_LIBRARY_VERSION_MAJOR 7
#define SODIUM_LIBRARY_VERSION_MINOR 4

#define crypto_box_PUBLICKEYBYTES 32
#define crypto_box_SECRETKEYBYTES 32
#define crypto_box_BEFORENMBYTES 32
#define crypto_box_NONCEBYTES 24
#define crypto_box_ZEROBYTES 32
#define crypto_box_BOXZEROBYTES 16
#define crypto_box_MACBYTES 16
#define crypto_secretbox_KEYBYTES 32
#define crypto_secretbox_NONCEBYTES 24
#define crypto_secretbox_ZEROBYTES 32
#define crypto_secretbox_BOXZEROBYTES 16

#define crypto_box ferromq_crypto_box
#define crypto_box_afternm ferromq_crypto_box_afternm
#define crypto_box_beforenm ferromq_crypto_box_beforenm
#define crypto_box_easy_afternm ferromq_crypto_box_easy_afternm
#define crypto_box_keypair ferromq_crypto_box_keypair
#define crypto_box_open ferromq_crypto_box_open
#define crypto_box_open_afternm ferromq_crypto_box_open_afternm
#define crypto_box_open_easy_afternm ferromq_crypto_box_open_easy_afternm
#define crypto_scalarmult_base ferromq_crypto_scalarmult_base
#define crypto_secretbox ferromq_crypto_secretbox
#define crypto_secretbox_open ferromq_crypto_secretbox_open
#define randombytes ferromq_randombytes
#define sodium_allocarray ferromq_sodium_allocarray
#define sodium_free ferromq_sodium_free
#define sodium_init ferromq_sodium_init

extern "C" {

int sodium_init ();

/* Zeroed memory, NULL if there is none; overwritten when it is freed. */
void *sodium_allocarray (size_t count, size_t size);
void sodium_free (void *memory);

/* Bytes from the system, without a state that a forked child would share. */
void randombytes (uint8_t *buffer, size_t size);

int crypto_box_keypair (uint8_t *public_key, uint8_t *secret_key);
int crypto_scalarmult_base (uint8_t *public_key, const uint8_t *secret_key);
int crypto_box_beforenm (uint8_t *key,
                         const uint8_t *public_key,
                         const uint8_t *secret_key);

/* NaCl's form: 32 zero bytes in front of the plaintext and 16 in front of the
   box, which count in the size. The buffers are apart. */
int crypto_box (uint8_t *box,
                const uint8_t *plaintext,
                size_t size,
                const uint8_t *nonce,
                const uint8_t *public_key,
                const uint8_t *secret_key);
int crypto_box_open (uint8_t *plaintext,
                     const uint8_t *box,
                     size_t size,
                     const uint8_t *nonce,
                     const uint8_t *public_key,
                     const uint8_t *secret_key);
int crypto_box_afternm (uint8_t *box,
                        const uint8_t *plaintext,
                        size_t size,
                        const uint8_t *nonce,
                        const uint8_t *key);
int crypto_box_open_afternm (uint8_t *plaintext,
                             const uint8_t *box,
                             size_t size,
                             const uint8_t *nonce,
                             const uint8_t *key);
int crypto_secretbox (uint8_t *box,
                      const uint8_t *plaintext,
                      size_t size,
                      const uint8_t *nonce,
                      const uint8_t *key);
int crypto_secretbox_open (uint8_t *plaintext,
                           const uint8_t *box,
                           size_t size,
                           const uint8_t *nonce,
                           const uint8_t *key);

/* Without the zero bytes: a box is 16 bytes longer than its plaintext. To open
   it, the buffers may overlap. */
int crypto_box_easy_afternm (uint8_t *box,
                             const uint8_t *plaintext,
                             size_t size,
                             const uint8_t *nonce,
                             const uint8_t *key);
int crypto_box_open_easy_afternm (uint8_t *plaintext,
                                  const uint8_t *box,
                                  size_t size,
                                  const uint8_t *nonce,
                                  const uint8_t *key);
}

#endif
