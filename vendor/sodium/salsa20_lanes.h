/*
 * Included once for each width, with LANES, NAME and TARGET set, and LOW_32 to
 * HIGH_64, which interleave the lower or upper halves of each four lanes of two
 * vectors, lane by lane or by pairs of lanes: Salsa20's key stream for LANES
 * blocks at a time, each word of the state being a vector of
 * the same word of all blocks. The steps are those of the specification, and
 * none depends on what the words are.
 */
#define ROTATE(v, n) ((v) << (n) | (v) >> (32 - (n)))
#define STEP(to, a, b, n) x[to] ^= ROTATE (x[a] + x[b], n)
#define QUARTER_ROUND(a, b, c, d)                                              \
    STEP (b, a, d, 7);                                                         \
    STEP (c, b, a, 9);                                                         \
    STEP (d, c, b, 13);                                                        \
    STEP (a, d, c, 18)

TARGET static size_t
NAME (uint32_t state[16], const uint8_t *from, uint8_t *to, size_t size)
{
    typedef uint32_t word_t __attribute__ ((vector_size (LANES * 4)));
    const size_t stride = LANES * 64;

    word_t block = word_t ();
    for (int lane = 0; lane < LANES; lane++)
        block[lane] = lane;

    size_t done = 0;
    for (; size - done >= stride; done += stride) {
        /* Words 8 and 9 count the blocks. */
        word_t first[16], x[16];
        for (int i = 0; i < 16; i++)
            first[i] = state[i] + word_t ();
        first[8] += block;
        first[9] -= word_t (first[8] < block); /* the carry: true is -1 */
        for (int i = 0; i < 16; i++)
            x[i] = first[i];

        for (int i = 0; i < 10; i++) {
            QUARTER_ROUND (0, 4, 8, 12);
            QUARTER_ROUND (5, 9, 13, 1);
            QUARTER_ROUND (10, 14, 2, 6);
            QUARTER_ROUND (15, 3, 7, 11);
            QUARTER_ROUND (0, 1, 2, 3);
            QUARTER_ROUND (5, 6, 7, 4);
            QUARTER_ROUND (10, 11, 8, 9);
            QUARTER_ROUND (15, 12, 13, 14);
        }

        for (int i = 0; i < 16; i++)
            x[i] += first[i];

        /* From vectors of a word of all blocks to blocks of all words, four by
           four: a column's quarter s has words i to i + 3 of block 4 s + c. */
        uint8_t stream[LANES * 64];
        for (int i = 0; i < 16; i += 4) {
            const word_t low = LOW_32 (x[i], x[i + 1]);
            const word_t high = HIGH_32 (x[i], x[i + 1]);
            const word_t next_low = LOW_32 (x[i + 2], x[i + 3]);
            const word_t next_high = HIGH_32 (x[i + 2], x[i + 3]);
            const word_t columns[4] = {
              LOW_64 (low, next_low), HIGH_64 (low, next_low),
              LOW_64 (high, next_high), HIGH_64 (high, next_high)};
            for (int c = 0; c < 4; c++)
                for (int s = 0; s < LANES / 4; s++)
                    memcpy (stream + (4 * s + c) * 64 + i * 4,
                            reinterpret_cast<const uint8_t *> (&columns[c])
                              + 16 * s,
                            16);
        }
        for (size_t at = 0; at < stride; at += sizeof (word_t)) {
            word_t text, key;
            memcpy (&text, from + at, sizeof text);
            memcpy (&key, stream + at, sizeof key);
            text ^= key;
            memcpy (to + at, &text, sizeof text);
        }
        from += stride;
        to += stride;

        state[8] += LANES;
        state[9] += state[8] < LANES;
    }
    return done;
}

#undef ROTATE
#undef STEP
#undef QUARTER_ROUND
#undef LANES
#undef NAME
#undef TARGET
#undef LOW_32
#undef HIGH_32
#undef LOW_64
#undef HIGH_64
