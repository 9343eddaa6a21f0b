/* Contexts that end: by two threads at once, under use, interrupted, and what they wait for. */
#include <signal.h>

#include "check.h"

static void *terminate (void *ctx)
{
    return (void *) (intptr_t) (zmq_ctx_term (ctx) == 0 ? 0 : zmq_errno ());
}

static int ending (void *ctx)
{
    errno = 0;
    return zmq_ctx_get (ctx, ZMQ_IO_THREADS) == -1 && errno == ETERM;
}

static void two_at_once (void)
{
    char report[512];
    void *ctx = context ();
    void *result;
    void *socket = open_socket (ctx, ZMQ_PUSH);
    pthread_t thread;
    CHECK (zmq_connect (socket, "tcp://127.0.0.1:1") == 0);
    CHECK (pthread_create (&thread, NULL, terminate, ctx) == 0);
    EVENTUALLY (ending (ctx));

    REFUSED (zmq_ctx_term (ctx) == -1, EBUSY);
    REFUSED (zmq_socket (ctx, ZMQ_PAIR) == NULL, ETERM);
    REFUSED (zmq_ctx_set (ctx, ZMQ_MAX_SOCKETS, 5) == -1, ETERM);
    REFUSED (ferromq_ctx_lend (ctx) == NULL, ETERM);
    CHECK (zmq_ctx_shutdown (ctx) == 0);
    REFUSED (zmq_send (socket, "x", 1, ZMQ_DONTWAIT) == -1, ETERM);

    const int length = ferromq_ctx_report (ctx, report, sizeof report);
    CHECK (length == (int) strlen (report));
    CHECK (strstr (report, "waits for 1 open socket"));
    CHECK (strstr (report, "PUSH at tcp://127.0.0.1:1"));
    CHECK (ferromq_ctx_report (ctx, report, 10) == length);
    CHECK (strlen (report) == 9);
    CHECK (ferromq_ctx_report (ctx, NULL, 0) == length);
    REFUSED (ferromq_ctx_report (ctx, NULL, 1) == -1, EFAULT);

    CHECK (zmq_close (socket) == 0);
    CHECK (pthread_join (thread, &result) == 0);
    CHECK (result == NULL);
    REFUSED (zmq_ctx_term (ctx) == -1, EFAULT);
}

/* All but one of many threads are told, one way or the other. */
static void many_at_once (void)
{
    enum { THREADS = 8 };
    for (int round = 0; round < 50; round++) {
        pthread_t threads[THREADS];
        int ended = 0;
        void *ctx = context ();
        CHECK (zmq_close (open_socket (ctx, ZMQ_PAIR)) == 0);
        for (int i = 0; i < THREADS; i++)
            CHECK (pthread_create (&threads[i], NULL, terminate, ctx) == 0);
        for (int i = 0; i < THREADS; i++) {
            void *result;
            CHECK (pthread_join (threads[i], &result) == 0);
            const int error = (int) (intptr_t) result;
            CHECK (error == 0 || error == EBUSY || error == EFAULT);
            ended += error == 0;
        }
        CHECK (ended == 1);
    }
}

static void *open_and_close (void *ctx)
{
    for (;;) {
        void *socket = zmq_socket (ctx, ZMQ_PAIR);
        /* Faster than closed ones are cleared away. */
        if (!socket && errno == EMFILE)
            continue;
        if (!socket) {
            CHECK (errno == ETERM || errno == EFAULT);
            return NULL;
        }
        zmq_ctx_get (ctx, ZMQ_MAX_SOCKETS);
        CHECK (zmq_close (socket) == 0);
    }
}

static void under_use (void)
{
    enum { THREADS = 4 };
    for (int round = 0; round < 20; round++) {
        pthread_t threads[THREADS];
        void *ctx = context ();
        for (int i = 0; i < THREADS; i++)
            CHECK (pthread_create (&threads[i], NULL, open_and_close, ctx) == 0);
        usleep (1000);
        CHECK (zmq_ctx_term (ctx) == 0);
        for (int i = 0; i < THREADS; i++)
            CHECK (pthread_join (threads[i], NULL) == 0);
    }
}

static void nothing (int number)
{
    (void) number;
}

/* A signal interrupts the wait; the context is whole, and can be ended again. */
static void interrupted (void)
{
    struct sigaction action;
    void *result;
    pthread_t thread;
    void *ctx = context ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    memset (&action, 0, sizeof action);
    action.sa_handler = nothing;
    CHECK (sigaction (SIGUSR1, &action, NULL) == 0);
    CHECK (pthread_create (&thread, NULL, terminate, ctx) == 0);
    EVENTUALLY (ending (ctx));
    do {
        pthread_kill (thread, SIGUSR1);
        usleep (1000);
    } while (ending (ctx));
    CHECK (pthread_join (thread, &result) == 0);
    CHECK ((intptr_t) result == EINTR);
    REFUSED (zmq_socket (ctx, ZMQ_PAIR) == NULL, ETERM);
    CHECK (zmq_close (socket) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

static void lingering (void)
{
    char report[512];
    int linger = 0;
    void *ctx = context ();
    void *patient = open_socket (ctx, ZMQ_PUSH);
    void *hasty = open_socket (ctx, ZMQ_PUSH);
    CHECK (zmq_connect (patient, "inproc://nobody") == 0);
    CHECK (zmq_setsockopt (hasty, ZMQ_LINGER, &linger, sizeof linger) == 0);
    CHECK (ferromq_ctx_report (ctx, report, sizeof report) > 0);
    CHECK (strstr (report, "would wait for 2 open"));
    CHECK (strstr (report, "PUSH at no endpoint"));
    CHECK (zmq_close (hasty) == 0);
    CHECK (zmq_close (patient) == 0);
    CHECK (ferromq_ctx_report (ctx, report, sizeof report) > 0);
    CHECK (strstr (report, "1 socket(s) were closed with ZMQ_LINGER -1"));
    CHECK (strstr (report, "at inproc://nobody"));
    CHECK (zmq_ctx_term (ctx) == 0);
}

int main (void)
{
    two_at_once ();
    many_at_once ();
    under_use ();
    interrupted ();
    lingering ();
    return 0;
}
