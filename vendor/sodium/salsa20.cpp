/*
 * Salsa20 for long texts, as many blocks at a time as the processor has lanes.
 * The crate that sys/src/sodium takes for short ones makes a block at a time,
 * which is a fifth of libsodium's speed with AVX-512.
 */
/* Loops over words are to be unrolled, which clang does anyway. */
#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize ("O3")
#endif

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined __GNUC__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__              \
  && (defined __SSE2__ || defined __ARM_NEON)

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace
{
#define LANES 4
#define NAME xor_4
#define TARGET
#define LOW_32(a, b) (word_t{a[0], b[0], a[1], b[1]})
#define HIGH_32(a, b) (word_t{a[2], b[2], a[3], b[3]})
#define LOW_64(a, b) (word_t{a[0], a[1], b[0], b[1]})
#define HIGH_64(a, b) (word_t{a[2], a[3], b[2], b[3]})
#include "salsa20_lanes.h"

#ifdef __SSE2__
#define LANES 8
#define NAME xor_8
#define TARGET __attribute__ ((target ("avx2")))
#define LOW_32(a, b) word_t (_mm256_unpacklo_epi32 (__m256i (a), __m256i (b)))
#define HIGH_32(a, b) word_t (_mm256_unpackhi_epi32 (__m256i (a), __m256i (b)))
#define LOW_64(a, b) word_t (_mm256_unpacklo_epi64 (__m256i (a), __m256i (b)))
#define HIGH_64(a, b) word_t (_mm256_unpackhi_epi64 (__m256i (a), __m256i (b)))
#include "salsa20_lanes.h"

#define LANES 16
#define NAME xor_16
#define TARGET __attribute__ ((target ("avx512f")))
#define LOW_32(a, b) word_t (_mm512_unpacklo_epi32 (__m512i (a), __m512i (b)))
#define HIGH_32(a, b) word_t (_mm512_unpackhi_epi32 (__m512i (a), __m512i (b)))
#define LOW_64(a, b) word_t (_mm512_unpacklo_epi64 (__m512i (a), __m512i (b)))
#define HIGH_64(a, b) word_t (_mm512_unpackhi_epi64 (__m512i (a), __m512i (b)))
#include "salsa20_lanes.h"
#endif
}

/* Encrypts or decrypts as far as whole groups of blocks go, to the same place, to
   one apart or to one that begins before it, and counts the blocks in the state; gives how many bytes that
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
