/*
 * Salsa20 for long texts, as many blocks at a time as the processor has lanes.
 * The crate that sys/src/sodium takes for short ones makes a block at a time,
 * which is a fifth of libsodium's speed with AVX-512.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined __GNUC__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__              \
  && (defined __SSE2__ || defined __ARM_NEON)

namespace
{
#define LANES 4
#define NAME xor_4
#define TARGET
#include "salsa20_lanes.h"

#ifdef __SSE2__
#define LANES 8
#define NAME xor_8
#define TARGET __attribute__ ((target ("avx2")))
#include "salsa20_lanes.h"

#define LANES 16
#define NAME xor_16
#define TARGET __attribute__ ((target ("avx512f")))
#include "salsa20_lanes.h"
#endif
}

/* Encrypts or decrypts as far as whole groups of blocks go, to the same place or
   to one apart, and counts the blocks in the state; gives how many bytes that
   were. The processor must have the lanes: 8 with AVX2, 16 with AVX-512. */
extern "C" size_t ferromq_salsa20_xor (uint32_t state[16],
                                       const uint8_t *from,
                                       uint8_t *to,
                                       size_t size,
                                       size_t lanes)
{
    size_t done = 0;
#ifdef __SSE2__
    if (lanes >= 16)
        done += xor_16 (state, from, to, size);
    if (lanes >= 8)
        done += xor_8 (state, from + done, to + done, size - done);
#else
    (void) lanes;
#endif
    return done + xor_4 (state, from + done, to + done, size - done);
}

#else

extern "C" size_t
ferromq_salsa20_xor (uint32_t *, const uint8_t *, uint8_t *, size_t, size_t)
{
    return 0;
}

#endif
