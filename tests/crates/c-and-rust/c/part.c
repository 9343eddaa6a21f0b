/* The C part of the program. It declares what it uses of zmq.h by itself. */
#include <string.h>

#include "ferromq.h"

enum { PULL = 7, PUSH = 8 };

void *zmq_ctx_new (void);
int zmq_ctx_term (void *context);
void *zmq_socket (void *context, int type);
int zmq_close (void *socket);
int zmq_bind (void *socket, const char *endpoint);
int zmq_connect (void *socket, const char *endpoint);
int zmq_send (void *socket, const void *bytes, size_t size, int flags);
int zmq_recv (void *socket, void *buffer, size_t size, int flags);

/* Sends a greeting by a context that is Rust's. */
int greet (void *rusts)
{
    void *context = ferromq_ctx_borrow (rusts);
    void *push = zmq_socket (context, PUSH);
    if (!context || !push || zmq_connect (push, "inproc://rust") != 0
        || zmq_send (push, "hello from C", 12, 0) != 12 || zmq_close (push) != 0)
        return -1;
    /* Ends the handle only. */
    return zmq_ctx_term (context);
}

static void *context, *pull;

/* A context that is C's, lent to Rust, with a bound socket. */
void *lend (void)
{
    context = zmq_ctx_new ();
    pull = zmq_socket (context, PULL);
    if (!context || !pull || zmq_bind (pull, "inproc://c") != 0)
        return NULL;
    return ferromq_ctx_lend (context);
}

/* Receives what Rust has sent, and compares. */
int expect (const char *text)
{
    char buffer[64];
    const int size = zmq_recv (pull, buffer, sizeof buffer, 0);
    return size == (int) strlen (text) && memcmp (buffer, text, strlen (text)) == 0
             ? 0
             : -1;
}

/* Gives the bound socket up to Rust. */
void *give (void)
{
    void *given = ferromq_socket_release (pull);
    /* The handle has ended. */
    return zmq_close (pull) == -1 && errno == ENOTSOCK ? given : NULL;
}

/* Takes it back. */
int take (void *socket)
{
    pull = ferromq_socket_adopt (context, socket);
    return pull ? 0 : -1;
}

int end (void)
{
    if (zmq_close (pull) != 0)
        return -1;
    return zmq_ctx_term (context);
}
