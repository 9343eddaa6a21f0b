/*
 * Memory for large messages and for the buffers of connections, which
 * ferromq_blocks.cpp keeps for the next one. Forced in before every file of
 * libzmq.
 */
#ifndef FERROMQ_BLOCKS_H
#define FERROMQ_BLOCKS_H

#include <stddef.h>

/* From so many bytes on a message has a block. */
#define FERROMQ_LARGE 32768

#ifdef __cplusplus
extern "C" {
#endif
/* NULL if there is no memory. */
void *ferromq_take_block (size_t size);
void ferromq_give_block (void *block);
#ifdef __cplusplus
}
#endif

#endif
