/* What the test programs share: C99 and C++11 both. */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "ferromq.h"

/* Ends the program unless the condition holds. */
#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf (stderr, "%s:%d: %s; errno %d (%s); %s\n", __FILE__,        \
                     __LINE__, #condition, errno, zmq_strerror (errno),         \
                     ferromq_last_error ());                                    \
            exit (1);                                                           \
        }                                                                       \
    } while (0)

/* The expression, true if the call in it has failed, sets this error number. */
#define REFUSED(failed, number)                                                 \
    do {                                                                        \
        errno = 0;                                                              \
        CHECK (failed);                                                         \
        CHECK (zmq_errno () == (number));                                       \
    } while (0)

static inline void *context (void)
{
    void *made = zmq_ctx_new ();
    CHECK (made);
    return made;
}

/* Waits for something to become so, for at most ten seconds. */
#define EVENTUALLY(condition)                                                   \
    do {                                                                        \
        int rounds = 0;                                                         \
        while (!(condition)) {                                                  \
            CHECK (rounds++ < 10000 && #condition);                             \
            usleep (1000);                                                      \
        }                                                                       \
    } while (0)

static inline void *open_socket (void *context, int kind)
{
    void *made;
    /* Closed ones count until they are cleared away. */
    EVENTUALLY ((made = zmq_socket (context, kind)) || errno != EMFILE);
    CHECK (made);
    return made;
}

#endif
