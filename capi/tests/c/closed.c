/* What was closed answers so for ever. */
#include "check.h"

static void sockets (void)
{
    void *ctx = context ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    char buffer[8];
    size_t size = sizeof buffer;
    struct iovec *none = NULL;
    size_t count = 1;
    zmq_msg_t message;
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};

    CHECK (zmq_msg_init (&message) == 0);
    CHECK (zmq_close (socket) == 0);

    REFUSED (zmq_close (socket) == -1, ENOTSOCK);
    REFUSED (zmq_bind (socket, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_connect (socket, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_unbind (socket, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_disconnect (socket, "inproc://a") == -1, ENOTSOCK);
    REFUSED (zmq_setsockopt (socket, ZMQ_SUBSCRIBE, "", 0) == -1, ENOTSOCK);
    REFUSED (zmq_getsockopt (socket, ZMQ_TYPE, buffer, &size) == -1, ENOTSOCK);
    REFUSED (zmq_send (socket, "x", 1, 0) == -1, ENOTSOCK);
    REFUSED (zmq_send_const (socket, "x", 1, 0) == -1, ENOTSOCK);
    REFUSED (zmq_recv (socket, buffer, sizeof buffer, 0) == -1, ENOTSOCK);
    REFUSED (zmq_msg_send (&message, socket, 0) == -1, ENOTSOCK);
    REFUSED (zmq_msg_recv (&message, socket, 0) == -1, ENOTSOCK);
    REFUSED (zmq_sendmsg (socket, &message, 0) == -1, ENOTSOCK);
    REFUSED (zmq_recvmsg (socket, &message, 0) == -1, ENOTSOCK);
    REFUSED (zmq_sendiov (socket, none, 1, 0) == -1, ENOTSOCK);
    REFUSED (zmq_recviov (socket, none, &count, 0) == -1, ENOTSOCK);
    REFUSED (zmq_socket_monitor (socket, "inproc://m", ZMQ_EVENT_ALL) == -1,
             ENOTSOCK);
    REFUSED (zmq_poll (&item, 1, 0) == -1, ENOTSOCK);
    REFUSED (zmq_proxy (socket, socket, NULL) == -1, ENOTSOCK);
    REFUSED (zmq_proxy_steerable (socket, socket, NULL, NULL) == -1, ENOTSOCK);
    REFUSED (zmq_device (ZMQ_QUEUE, socket, socket) == -1, ENOTSOCK);
    CHECK (strcmp (ferromq_last_error (),
                   "zmq_device: the socket was closed before")
           == 0);

    CHECK (zmq_msg_close (&message) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
    REFUSED (zmq_close (socket) == -1, ENOTSOCK);
}

static void contexts (void)
{
    void *ctx = context ();
    CHECK (zmq_ctx_term (ctx) == 0);

    REFUSED (zmq_ctx_term (ctx) == -1, EFAULT);
    REFUSED (zmq_ctx_destroy (ctx) == -1, EFAULT);
    REFUSED (zmq_term (ctx) == -1, EFAULT);
    REFUSED (zmq_ctx_shutdown (ctx) == -1, EFAULT);
    REFUSED (zmq_ctx_set (ctx, ZMQ_IO_THREADS, 1) == -1, EFAULT);
    REFUSED (zmq_ctx_get (ctx, ZMQ_IO_THREADS) == -1, EFAULT);
    REFUSED (zmq_socket (ctx, ZMQ_PAIR) == NULL, EFAULT);
    REFUSED (ferromq_ctx_report (ctx, NULL, 0) == -1, EFAULT);
}

static void messages (void)
{
    zmq_msg_t closed, open;
    CHECK (zmq_msg_init_size (&closed, 100) == 0);
    CHECK (zmq_msg_init_size (&open, 5) == 0);
    CHECK (zmq_msg_close (&closed) == 0);

    REFUSED (zmq_msg_close (&closed) == -1, EFAULT);
    REFUSED (zmq_msg_data (&closed) == NULL, EFAULT);
    REFUSED (zmq_msg_size (&closed) == 0, EFAULT);
    REFUSED (zmq_msg_more (&closed) == 0, EFAULT);
    REFUSED (zmq_msg_get (&closed, ZMQ_MORE) == -1, EFAULT);
    REFUSED (zmq_msg_gets (&closed, "Identity") == NULL, EFAULT);
    REFUSED (zmq_msg_copy (&open, &closed) == -1, EFAULT);
    REFUSED (zmq_msg_copy (&closed, &open) == -1, EFAULT);
    REFUSED (zmq_msg_move (&open, &closed) == -1, EFAULT);
    REFUSED (zmq_msg_move (&closed, &open) == -1, EFAULT);
    CHECK (zmq_msg_size (&open) == 5);
    CHECK (zmq_msg_close (&open) == 0);

    void *ctx = context ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    REFUSED (zmq_msg_send (&closed, socket, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_msg_recv (&closed, socket, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_sendmsg (socket, &closed, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_recvmsg (socket, &closed, ZMQ_DONTWAIT) == -1, EFAULT);
    CHECK (zmq_close (socket) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

/* Closed handles stay so however many sockets come after, and no two open ones are the same. */
static void handles_do_not_come_up_again (void)
{
    enum { SOCKETS = 3000 };
    static void *old[SOCKETS];
    void *ctx = context ();
    for (int i = 0; i < SOCKETS; i++) {
        old[i] = open_socket (ctx, ZMQ_PAIR);
        CHECK (zmq_close (old[i]) == 0);
        for (int j = i > 50 ? i - 50 : 0; j < i; j++)
            CHECK (old[j] != old[i]);
    }
    void *open = open_socket (ctx, ZMQ_PAIR);
    for (int i = 0; i < SOCKETS; i++) {
        CHECK (old[i] != open);
        REFUSED (zmq_close (old[i]) == -1, ENOTSOCK);
    }
    CHECK (zmq_close (open) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

/* Handles are told apart in a table that has grown. */
static void many_handles (void)
{
    enum { COUNTERS = 20000 };
    static void *counters[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
        counters[i] = zmq_atomic_counter_new ();
        CHECK (counters[i]);
        zmq_atomic_counter_set (counters[i], i);
    }
    for (int i = 0; i < COUNTERS; i++)
        CHECK (zmq_atomic_counter_value (counters[i]) == i);
    for (int i = 0; i < COUNTERS; i++) {
        void *closed = counters[i];
        zmq_atomic_counter_destroy (&counters[i]);
        CHECK (counters[i] == NULL);
        REFUSED (zmq_atomic_counter_inc (closed) == 0, EFAULT);
    }
}

static void work (void *argument)
{
    zmq_atomic_counter_inc (argument);
}

static void helpers (void)
{
    void *counter = zmq_atomic_counter_new ();
    CHECK (zmq_atomic_counter_inc (counter) == 0);
    CHECK (zmq_atomic_counter_inc (counter) == 1);
    CHECK (zmq_atomic_counter_dec (counter) == 1);
    CHECK (zmq_atomic_counter_dec (counter) == 0);

    void *thread = zmq_threadstart (work, counter);
    CHECK (thread);
    zmq_threadclose (thread);
    CHECK (zmq_atomic_counter_value (counter) == 1);
    errno = 0;
    zmq_threadclose (thread);
    CHECK (errno == EFAULT);

    void *closed = counter;
    zmq_atomic_counter_destroy (&counter);
    errno = 0;
    zmq_atomic_counter_destroy (&closed);
    CHECK (errno == EFAULT);
    REFUSED (zmq_atomic_counter_dec (closed) == 0, EFAULT);
    REFUSED (zmq_atomic_counter_value (closed) == 0, EFAULT);

    void *watch = zmq_stopwatch_start ();
    usleep (2000);
    CHECK (zmq_stopwatch_intermediate (watch) >= 2000);
    CHECK (zmq_stopwatch_stop (watch) >= 2000);
    REFUSED (zmq_stopwatch_intermediate (watch) == 0, EFAULT);
    REFUSED (zmq_stopwatch_stop (watch) == 0, EFAULT);
}

int main (void)
{
    const uint64_t before = ferromq_misuses (FERROMQ_MISUSE_CLOSED);
    sockets ();
    CHECK (ferromq_misuses (FERROMQ_MISUSE_CLOSED) == before + 22);
    contexts ();
    messages ();
    handles_do_not_come_up_again ();
    many_handles ();
    helpers ();
    return 0;
}
