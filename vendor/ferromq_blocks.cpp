/*
 * Blocks of memory that are used again.
 *
 * A large message is allocated in one thread and freed in another. glibc's
 * allocator gives such memory back to the kernel at once and takes it again for
 * the next message, page by page, which costs more than to send it. So some of
 * what is freed is kept here. Nobody ever waits: where another thread is at it,
 * also one that a fork left behind, memory comes from the allocator and goes back
 * there.
 */
#include <atomic>

#include <stdint.h>
#include <stdlib.h>

#include "ferromq_blocks.h"

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED
#elif defined __has_feature
#if __has_feature (address_sanitizer)
#define SANITIZED
#endif
#endif

namespace
{
/* Sizes: four between each power of two and the next. */
const size_t smallest = FERROMQ_LARGE;
const int octaves = 6;
const int sizes = 4 * octaves;
/* How much is kept at most. */
#ifdef SANITIZED
/* Use after it was freed shall be seen. */
const size_t limit = 0;
#else
const size_t limit = 32 << 20;
#endif

struct block_t
{
    union
    {
        struct
        {
            /* An index into `kept`, or `sizes` if it is not to be kept. */
            int size;
            block_t *next;
        } of;
        /* What follows is aligned as by malloc. */
        char space[16];
    };
};

struct pile_t
{
    block_t *top;
    /* When a block was last taken or given. */
    uint64_t used;
};

std::atomic_flag busy = ATOMIC_FLAG_INIT;
pile_t kept[sizes];
size_t total;
uint64_t now;

size_t bytes (int size)
{
    return (smallest << size / 4) / 4 * (4 + size % 4);
}

int size_for (size_t wanted)
{
    int size = 0;
    while (size < sizes && bytes (size) < wanted)
        ++size;
    return size;
}

block_t *pop (int size)
{
    block_t *const block = kept[size].top;
    if (block) {
        kept[size].top = block->of.next;
        total -= bytes (size);
    }
    return block;
}

/* One of the size that has been of no use for the longest time, of those that
   there are. */
block_t *pop_oldest ()
{
    int oldest = sizes;
    for (int size = 0; size < sizes; ++size)
        if (kept[size].top
            && (oldest == sizes || kept[size].used < kept[oldest].used))
            oldest = size;
    return pop (oldest);
}
}

void *ferromq_take_block (size_t wanted)
{
    if (wanted > SIZE_MAX - sizeof (block_t))
        return NULL;
    wanted += sizeof (block_t);
    const int size = wanted < smallest ? sizes : size_for (wanted);
    block_t *block = NULL;
    if (size < sizes) {
        wanted = bytes (size);
        if (!busy.test_and_set (std::memory_order_acquire)) {
            block = pop (size);
            kept[size].used = ++now;
            busy.clear (std::memory_order_release);
        }
    }
    if (!block)
        block = static_cast<block_t *> (malloc (wanted));
    if (!block)
        return NULL;
    block->of.size = size;
    return block + 1;
}

void ferromq_give_block (void *given)
{
    if (!given)
        return;
    block_t *block = static_cast<block_t *> (given) - 1;
    const int size = block->of.size;
    if (size < sizes && bytes (size) <= limit
        && !busy.test_and_set (std::memory_order_acquire)) {
        block_t *excess = NULL;
        block->of.next = kept[size].top;
        kept[size].top = block;
        kept[size].used = ++now;
        total += bytes (size);
        while (total > limit) {
            block_t *const one = pop_oldest ();
            one->of.next = excess;
            excess = one;
        }
        busy.clear (std::memory_order_release);
        while (excess) {
            block_t *const next = excess->of.next;
            free (excess);
            excess = next;
        }
        return;
    }
    free (block);
}
