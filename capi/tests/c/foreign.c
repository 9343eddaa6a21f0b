/* Any pointer may be passed as a handle. */
#include "check.h"

static void not_a_socket (void *pointer)
{
    char buffer[8];
    size_t size = sizeof buffer;
    zmq_msg_t message;
    zmq_pollitem_t item = {pointer, 0, ZMQ_POLLIN, 0};
    CHECK (zmq_msg_init (&message) == 0);
    REFUSED (zmq_close (pointer) == -1, ENOTSOCK);
    REFUSED (zmq_bind (pointer, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_connect (pointer, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_setsockopt (pointer, ZMQ_SUBSCRIBE, "", 0) == -1, ENOTSOCK);
    REFUSED (zmq_getsockopt (pointer, ZMQ_TYPE, buffer, &size) == -1, ENOTSOCK);
    REFUSED (zmq_send (pointer, "x", 1, 0) == -1, ENOTSOCK);
    REFUSED (zmq_recv (pointer, buffer, sizeof buffer, 0) == -1, ENOTSOCK);
    REFUSED (zmq_msg_send (&message, pointer, 0) == -1, ENOTSOCK);
    REFUSED (zmq_msg_recv (&message, pointer, 0) == -1, ENOTSOCK);
    REFUSED (zmq_socket_monitor (pointer, "inproc://m", ZMQ_EVENT_ALL) == -1,
             ENOTSOCK);
    REFUSED (ferromq_socket_release (pointer) == NULL, ENOTSOCK);
    if (pointer) {
        REFUSED (zmq_poll (&item, 1, 0) == -1, ENOTSOCK);
        REFUSED (zmq_proxy (pointer, pointer, NULL) == -1, ENOTSOCK);
    } else
        REFUSED (zmq_proxy (pointer, pointer, NULL) == -1, EFAULT);
    CHECK (zmq_msg_close (&message) == 0);
}

static void not_a_context (void *pointer)
{
    REFUSED (zmq_socket (pointer, ZMQ_PAIR) == NULL, EFAULT);
    REFUSED (zmq_ctx_term (pointer) == -1, EFAULT);
    REFUSED (zmq_ctx_shutdown (pointer) == -1, EFAULT);
    REFUSED (zmq_ctx_set (pointer, ZMQ_IO_THREADS, 1) == -1, EFAULT);
    REFUSED (zmq_ctx_get (pointer, ZMQ_IO_THREADS) == -1, EFAULT);
    REFUSED (ferromq_ctx_lend (pointer) == NULL, EFAULT);
}

static void not_an_object (void *pointer)
{
    void *copy = pointer;
    REFUSED (zmq_timers_timeout (pointer) == -1, EFAULT);
    REFUSED (zmq_timers_execute (pointer) == -1, EFAULT);
    REFUSED (zmq_timers_destroy (&copy) == -1, EFAULT);
    REFUSED (zmq_atomic_counter_inc (pointer) == 0, EFAULT);
    REFUSED (zmq_stopwatch_stop (pointer) == 0, EFAULT);
    errno = 0;
    zmq_threadclose (pointer);
    CHECK (errno == EFAULT);
    errno = 0;
    zmq_atomic_counter_destroy (&copy);
    CHECK (errno == EFAULT);
}

static void not_anything (void *pointer)
{
    not_a_socket (pointer);
    not_a_context (pointer);
    not_an_object (pointer);
    REFUSED (ferromq_forked (pointer) == -1, ENOTSOCK);
}

int main (void)
{
    int on_stack = 0;
    void *on_heap = calloc (1, 4096);
    const uint64_t before = ferromq_misuses (FERROMQ_MISUSE_FOREIGN);
    not_anything (NULL); /* when there is no table yet */
    CHECK (ferromq_misuses (FERROMQ_MISUSE_FOREIGN) > before);

    void *ctx = context ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    void *timers = zmq_timers_new ();
    not_anything (NULL);
    not_anything (&on_stack);
    not_anything (on_heap);
    not_anything ((void *) (uintptr_t) 8);
    not_anything ((void *) UINTPTR_MAX);
    not_anything ((void *) "text");
    /* Beside a handle, and one that its place in the table will have in future. */
    not_anything ((char *) socket + 1);
    not_anything ((char *) socket + 8);
    not_anything ((char *) socket + 16);

    not_a_socket (ctx);
    not_a_socket (timers);
    not_a_context (socket);
    not_a_context (timers);
    not_an_object (ctx);
    not_an_object (socket);

    /* As libraries do to find out what it is. */
    CHECK (*(volatile char *) socket == 0);

    CHECK (zmq_timers_destroy (&timers) == 0);
    CHECK (zmq_close (socket) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
    free (on_heap);
    return 0;
}
