/* Threads that get in each other's way. */
#include "misuse.h"

enum { ROUNDS = 200000 };

static void *push, *pull;
static int bad;

static void connected (void)
{
    int unlimited = 0;
    push = zmq_socket (ctx, ZMQ_PUSH);
    pull = zmq_socket (ctx, ZMQ_PULL);
    zmq_setsockopt (push, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt (pull, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    zmq_bind (pull, "inproc://a");
    zmq_connect (push, "inproc://a");
}

static void *send_many (void *sent)
{
    static char bytes[100];
    for (int i = 0; i < ROUNDS; i++) {
        const int code = zmq_send (push, bytes, sizeof bytes, ZMQ_DONTWAIT);
        if (code == sizeof bytes)
            ++*(int *) sent;
        else if (zmq_errno () != EBUSY)
            bad = 1;
    }
    return NULL;
}

static int receive_all (void)
{
    char bytes[100];
    int received = 0;
    while (zmq_recv (pull, bytes, sizeof bytes, ZMQ_DONTWAIT) == sizeof bytes)
        received++;
    return received;
}

static void two_senders (void)
{
    pthread_t thread;
    int sent[2] = {0, 0};
    connected ();
    pthread_create (&thread, NULL, send_many, &sent[0]);
    send_many (&sent[1]);
    pthread_join (thread, NULL);
    const int received = receive_all ();
    told (!bad && received == sent[0] + sent[1] ? "EBUSY to the second"
                                                : "loses messages");
}

static void *receive_many (void *received)
{
    char bytes[100];
    for (int i = 0; i < ROUNDS; i++) {
        const int code = zmq_recv (pull, bytes, sizeof bytes, ZMQ_DONTWAIT);
        if (code == sizeof bytes)
            ++*(int *) received;
        else if (zmq_errno () != EBUSY && zmq_errno () != EAGAIN)
            bad = 1;
    }
    return NULL;
}

static void two_receivers (void)
{
    pthread_t thread;
    int sent = 0, received[2] = {0, 0};
    connected ();
    send_many (&sent);
    pthread_create (&thread, NULL, receive_many, &received[0]);
    receive_many (&received[1]);
    pthread_join (thread, NULL);
    const int rest = receive_all ();
    told (!bad && sent == received[0] + received[1] + rest
            ? "EBUSY to the second"
            : "loses messages");
}

static void *end (void *context)
{
    return (void *) (intptr_t) (zmq_ctx_term (context) == 0 ? 0 : zmq_errno ());
}

static void two_ends (void)
{
    void *first, *second;
    pthread_t one, other;
    pthread_create (&one, NULL, end, ctx);
    pthread_create (&other, NULL, end, ctx);
    usleep (200000);
    zmq_close (pair);
    pthread_join (one, &first);
    pthread_join (other, &second);
    errno = (int) (intptr_t) first + (int) (intptr_t) second;
    returned (first && second ? 0 : -1);
}

static void *wait (void *socket)
{
    char byte;
    zmq_recv (socket, &byte, 1, 0);
    return NULL;
}

static void close_beneath (void)
{
    pthread_t thread;
    pthread_create (&thread, NULL, wait, pair);
    usleep (200000);
    returned (zmq_close (pair));
    if (zmq_ctx_shutdown (ctx) == 0)
        pthread_join (thread, NULL);
}

const struct misuse threads[] = {
  {RACE, "two threads send by one socket", two_senders},
  {RACE, "two threads receive by one socket", two_receivers},
  {RACE, "two threads terminate one context", two_ends},
  {RACE, "`zmq_close` while another thread is in `zmq_recv`", close_beneath},
  {PLAIN, NULL, NULL}};
