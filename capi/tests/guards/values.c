/* Values that libzmq takes, and dies of then or later. */
#include <sys/resource.h>

#include "misuse.h"

static void set (void *socket, int option, int value)
{
    zmq_setsockopt (socket, option, &value, sizeof value);
}

/* When other threads have taken it up. */
static void returned_later (long result)
{
    usleep (500000);
    returned (result);
}

static void bind_nothing (void)
{
    returned (zmq_bind (pair, NULL));
}

static void connect_nothing (void)
{
    returned (zmq_connect (pair, NULL));
}

static void no_value (void)
{
    returned (zmq_setsockopt (pair, ZMQ_LINGER, NULL, sizeof (int)));
}

static void no_place (void)
{
    size_t size = sizeof (int);
    returned (zmq_getsockopt (pair, ZMQ_LINGER, NULL, &size));
}

static void long_topic (void)
{
    void *sub = zmq_socket (ctx, ZMQ_SUB);
    returned (zmq_setsockopt (sub, ZMQ_SUBSCRIBE, "", SIZE_MAX));
}

static void same_routing_id (void)
{
    char endpoint[64];
    size_t size = sizeof endpoint;
    void *router = zmq_socket (ctx, ZMQ_ROUTER);
    zmq_bind (pair, "tcp://127.0.0.1:*");
    zmq_getsockopt (pair, ZMQ_LAST_ENDPOINT, endpoint, &size);
    for (int i = 0; i < 2; i++) {
        zmq_setsockopt (router, ZMQ_CONNECT_ROUTING_ID, "same", 4);
        if (zmq_connect (router, endpoint) == -1) {
            returned (-1);
            return;
        }
    }
    told ("returns 0");
}

static void policy (void)
{
    void *fresh = zmq_ctx_new ();
    zmq_ctx_set (fresh, ZMQ_THREAD_SCHED_POLICY, 99);
    if (zmq_socket (fresh, ZMQ_PAIR))
        returned_later (0);
    else
        returned (-1);
}

static void sockets_without_end (void)
{
    void *fresh = zmq_ctx_new ();
    if (zmq_ctx_set (fresh, ZMQ_MAX_SOCKETS, INT32_MAX) == -1)
        returned (-1);
    else
        returned (zmq_socket (fresh, ZMQ_PAIR) ? 0 : -1);
}

static void allow_descriptors (rlim_t number)
{
    struct rlimit limit = {0, 0};
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = number;
    setrlimit (RLIMIT_NOFILE, &limit);
}

static void threads_without_descriptors (void)
{
    void *fresh = zmq_ctx_new ();
    allow_descriptors (200);
    zmq_ctx_set (fresh, ZMQ_IO_THREADS, 200);
    returned (zmq_socket (fresh, ZMQ_PAIR) ? 0 : -1);
}

static void no_descriptor (void)
{
    set (pair, ZMQ_USE_FD, 12345);
    const int code = zmq_bind (pair, "tcp://127.0.0.1:*");
    if (code == -1)
        returned (code);
    else
        returned_later (code);
}

static void too_many_items (void)
{
    static zmq_pollitem_t items[300];
    allow_descriptors (256);
    returned (zmq_poll (items, 300, 0));
}

static void long_key (void)
{
    char key[41];
    char secret[2001];
    memset (secret, 'a', sizeof secret - 1);
    secret[sizeof secret - 1] = 0;
    returned (zmq_curve_public (key, secret));
}

static void no_capability (void)
{
    if (zmq_has (NULL) == 0)
        returned (-1);
}

static void no_text (void)
{
    uint8_t bytes[8];
    returned (zmq_z85_decode (bytes, NULL) ? 0 : -1);
}

static void no_version (void)
{
    int major = 0;
    zmq_version (&major, NULL, NULL);
    told ("takes it");
}

static void no_counter (void)
{
    errno = 0;
    zmq_atomic_counter_inc (NULL);
    returned (-1);
}

static void no_watch (void)
{
    errno = 0;
    zmq_stopwatch_stop (NULL);
    returned (-1);
}

static void stop_twice (void)
{
    void *watch = zmq_stopwatch_start ();
    zmq_stopwatch_stop (watch);
    errno = 0;
    zmq_stopwatch_stop (watch);
    returned (-1);
}

static void no_timers (void)
{
    returned (zmq_timers_destroy (NULL));
}

static void *timers;

static void reset_itself (int id, void *argument)
{
    (void) argument;
    zmq_timers_reset (timers, id);
}

static void reset_timer (void)
{
    timers = zmq_timers_new ();
    zmq_timers_add (timers, 1, reset_itself, NULL);
    usleep (5000);
    returned (zmq_timers_execute (timers));
}

static void nothing (int id, void *argument)
{
    (void) id;
    (void) argument;
}

static void no_interval (void)
{
    timers = zmq_timers_new ();
    zmq_timers_add (timers, 0, nothing, NULL);
    returned (zmq_timers_execute (timers));
}

const struct misuse values[] = {
  {PLAIN, "`zmq_bind(socket, NULL)`", bind_nothing},
  {PLAIN, "`zmq_connect(socket, NULL)`", connect_nothing},
  {PLAIN, "`zmq_setsockopt` with null and a size", no_value},
  {PLAIN, "`zmq_getsockopt` to null", no_place},
  {PLAIN, "`ZMQ_SUBSCRIBE` of impossible length", long_topic},
  {PLAIN, "`ZMQ_CONNECT_ROUTING_ID` that a peer has", same_routing_id},
  {PLAIN, "`ZMQ_THREAD_SCHED_POLICY` that is none", policy},
  {PLAIN, "`ZMQ_MAX_SOCKETS` of 2147483647", sockets_without_end},
  {PLAIN, "`ZMQ_IO_THREADS` of more than there are descriptors for",
   threads_without_descriptors},
  {PLAIN, "`ZMQ_USE_FD` that is no descriptor", no_descriptor},
  {PLAIN, "`zmq_poll` with more items than descriptors can be", too_many_items},
  {PLAIN, "`zmq_curve_public` of a long text", long_key},
  {PLAIN, "`zmq_has(NULL)`", no_capability},
  {PLAIN, "`zmq_z85_decode(bytes, NULL)`", no_text},
  {PLAIN, "`zmq_version(&major, NULL, NULL)`", no_version},
  {PLAIN, "`zmq_atomic_counter_inc(NULL)`", no_counter},
  {PLAIN, "`zmq_stopwatch_stop(NULL)`", no_watch},
  {MEMORY, "`zmq_stopwatch_stop` a second time", stop_twice},
  {PLAIN, "`zmq_timers_destroy(NULL)`", no_timers},
  {MEMORY, "a timer reset by its own handler", reset_timer},
  {PLAIN, "a timer with an interval of 0", no_interval},
  {PLAIN, NULL, NULL}};
