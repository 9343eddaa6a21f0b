/* Two threads inside of one socket: the second is told. */
#include "check.h"

static void *receive_one (void *socket)
{
    char buffer[8];
    int size;
    do /* The other looks whether this one is inside. */
        size = zmq_recv (socket, buffer, sizeof buffer, 0);
    while (size == -1 && errno == EBUSY);
    CHECK (size == 2);
    return NULL;
}

static void while_another_receives (void)
{
    char buffer[8];
    int number = 0;
    size_t size = sizeof number;
    void *ctx = context ();
    void *pull = open_socket (ctx, ZMQ_PULL);
    void *push = open_socket (ctx, ZMQ_PUSH);
    zmq_pollitem_t items[] = {{push, 0, ZMQ_POLLOUT, 0},
                              {pull, 0, ZMQ_POLLIN, 0}};
    pthread_t thread;
    CHECK (zmq_bind (pull, "inproc://busy") == 0);
    CHECK (zmq_connect (push, "inproc://busy") == 0);
    CHECK (pthread_create (&thread, NULL, receive_one, pull) == 0);
    EVENTUALLY (zmq_recv (pull, buffer, sizeof buffer, ZMQ_DONTWAIT) == -1
                && errno == EBUSY);
    CHECK (strstr (ferromq_last_error (), "zmq_recv: "));
    CHECK (strstr (ferromq_last_error (), "(zmq_recv)"));

    REFUSED (zmq_recv (pull, buffer, sizeof buffer, 0) == -1, EBUSY);
    REFUSED (zmq_setsockopt (pull, ZMQ_LINGER, &number, size) == -1, EBUSY);
    REFUSED (zmq_getsockopt (pull, ZMQ_EVENTS, &number, &size) == -1, EBUSY);
    REFUSED (zmq_bind (pull, "inproc://other") == -1, EBUSY);
    REFUSED (zmq_poll (items, 2, 0) == -1, EBUSY);
    REFUSED (zmq_proxy (pull, push, NULL) == -1, EBUSY);
    REFUSED (zmq_socket_monitor (pull, NULL, 0) == -1, EBUSY);
    REFUSED (zmq_close (pull) == -1, EBUSY);
    REFUSED (ferromq_socket_release (pull) == NULL, EBUSY);
    CHECK (ferromq_misuses (FERROMQ_MISUSE_BUSY) >= 10);

    /* A refused poll or proxy has left the others. */
    CHECK (zmq_send (push, "go", 2, 0) == 2);
    CHECK (pthread_join (thread, NULL) == 0);
    CHECK (zmq_recv (pull, buffer, sizeof buffer, ZMQ_DONTWAIT) == -1);
    CHECK (errno == EAGAIN);
    CHECK (zmq_close (pull) == 0);
    CHECK (zmq_close (push) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

enum { THREADS = 4, ROUNDS = 20000 };

struct crowd
{
    void *socket;
    pthread_mutex_t *lock;
    int sent;
    int busy;
};

static void *send_many (void *argument)
{
    struct crowd *crowd = (struct crowd *) argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (crowd->lock)
            pthread_mutex_lock (crowd->lock);
        const int code = zmq_send (crowd->socket, "x", 1, ZMQ_DONTWAIT);
        CHECK (code == 1 || errno == EBUSY);
        if (crowd->lock)
            pthread_mutex_unlock (crowd->lock);
        if (code == 1)
            crowd->sent++;
        else
            crowd->busy++;
    }
    return NULL;
}

/* Without a lock some are refused, with one none; and what was not refused arrives. */
static void crowds (pthread_mutex_t *lock)
{
    struct crowd crowd[THREADS];
    pthread_t threads[THREADS];
    char buffer[8];
    int unlimited = 0, sent = 0, busy = 0;
    void *ctx = context ();
    void *pull = open_socket (ctx, ZMQ_PULL);
    void *push = open_socket (ctx, ZMQ_PUSH);
    CHECK (zmq_setsockopt (pull, ZMQ_RCVHWM, &unlimited, sizeof unlimited) == 0);
    CHECK (zmq_setsockopt (push, ZMQ_SNDHWM, &unlimited, sizeof unlimited) == 0);
    CHECK (zmq_bind (pull, "inproc://crowd") == 0);
    CHECK (zmq_connect (push, "inproc://crowd") == 0);
    for (int i = 0; i < THREADS; i++) {
        const struct crowd one = {push, lock, 0, 0};
        crowd[i] = one;
        CHECK (pthread_create (&threads[i], NULL, send_many, &crowd[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK (pthread_join (threads[i], NULL) == 0);
        sent += crowd[i].sent;
        busy += crowd[i].busy;
    }
    CHECK (sent > 0 && sent + busy == THREADS * ROUNDS);
    if (lock)
        CHECK (busy == 0);
    for (int i = 0; i < sent; i++)
        CHECK (zmq_recv (pull, buffer, sizeof buffer, 0) == 1);
    CHECK (zmq_recv (pull, buffer, sizeof buffer, ZMQ_DONTWAIT) == -1);
    CHECK (zmq_close (pull) == 0);
    CHECK (zmq_close (push) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

static void *back_into_the_socket;

static void use_again (void *data, void *hint)
{
    (void) data;
    (void) hint;
    REFUSED (zmq_send (back_into_the_socket, "x", 1, 0) == -1, EBUSY);
}

/* A function that frees a message runs inside of a send, where nobody may get in again. */
static void callbacks (void)
{
    static char data[100];
    zmq_msg_t message;
    void *ctx = context ();
    void *pub = open_socket (ctx, ZMQ_PUB);
    back_into_the_socket = pub;
    CHECK (zmq_msg_init_data (&message, data, sizeof data, use_again, NULL) == 0);
    CHECK (zmq_msg_send (&message, pub, 0) == sizeof data);
    CHECK (zmq_msg_close (&message) == 0);
    CHECK (zmq_close (pub) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

int main (void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    while_another_receives ();
    crowds (NULL);
    crowds (&lock);
    callbacks ();
    return 0;
}
