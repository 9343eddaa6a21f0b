/* Handles that are not, or not any more. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "misuse.h"

/* Gives libzmq time to free what is closed, by a context's end. */
static void *closed (void)
{
    void *socket = pair;
    zmq_close (socket);
    zmq_ctx_term (ctx);
    ctx = zmq_ctx_new ();
    return socket;
}

static void send_after_close (void)
{
    returned (zmq_send (closed (), "x", 1, ZMQ_DONTWAIT));
}

static void poll_after_close (void)
{
    zmq_pollitem_t item = {closed (), 0, ZMQ_POLLIN, 0};
    returned (zmq_poll (&item, 1, 0));
}

static void close_twice (void)
{
    returned (zmq_close (closed ()));
}

static void terminate_twice (void)
{
    zmq_close (pair);
    zmq_ctx_term (ctx);
    returned (zmq_ctx_term (ctx));
}

static void socket_of_terminated (void)
{
    zmq_close (pair);
    zmq_ctx_term (ctx);
    returned (zmq_socket (ctx, ZMQ_PAIR) ? 0 : -1);
}

static void address_as_socket (void)
{
    returned (zmq_send ((void *) (uintptr_t) 8, "x", 1, 0));
}

static void context_as_socket (void)
{
    returned (zmq_send (ctx, "x", 1, ZMQ_DONTWAIT));
}

static void socket_as_context (void)
{
    returned (zmq_ctx_get (pair, ZMQ_IO_THREADS));
}

static void proxy_of_closed (void)
{
    void *socket = closed ();
    returned (zmq_proxy (socket, socket, NULL));
}

static void device_of_nothing (void)
{
    returned (zmq_device (ZMQ_QUEUE, NULL, NULL));
}

/* A child does as its parent would, and is given three seconds. */
static void in_child (void (*act) (void))
{
    int status;
    const pid_t pid = fork ();
    if (pid == 0) {
        alarm (3);
        act ();
        _exit (0);
    }
    waitpid (pid, &status, 0);
    if (WIFSIGNALED (status))
        told (WTERMSIG (status) == SIGALRM ? "hangs" : "the child crashes");
}

static void send_five (void)
{
    /* The first ones are taken, and lost. */
    for (int i = 0; i < 5; i++)
        if (zmq_send (pair, "x", 1, ZMQ_DONTWAIT) == -1) {
            returned (-1);
            return;
        }
    told ("succeeds, and loses the message");
}

static void send_in_child (void)
{
    void *peer = zmq_socket (ctx, ZMQ_PAIR);
    char endpoint[64];
    size_t size = sizeof endpoint;
    zmq_bind (pair, "tcp://127.0.0.1:*");
    zmq_getsockopt (pair, ZMQ_LAST_ENDPOINT, endpoint, &size);
    zmq_connect (peer, endpoint);
    zmq_send (peer, "x", 1, 0);
    zmq_recv (pair, endpoint, 1, 0);
    in_child (send_five);
}

static void terminate (void)
{
    zmq_close (pair);
    int code;
    do
        code = zmq_ctx_term (ctx);
    while (code == -1 && zmq_errno () == EINTR);
    returned (code);
}

static void terminate_in_child (void)
{
    in_child (terminate);
}

static void rebind (void)
{
    char endpoint[64];
    size_t size = sizeof endpoint;
    int ready[2];
    zmq_bind (pair, "tcp://127.0.0.1:*");
    zmq_getsockopt (pair, ZMQ_LAST_ENDPOINT, endpoint, &size);
    if (pipe (ready) != 0)
        abort ();
    const pid_t pid = fork ();
    if (pid == 0) {
        const ssize_t written = write (ready[1], "x", 1);
        (void) written;
        alarm (20);
        pause ();
    }
    if (read (ready[0], endpoint + 60, 1) != 1)
        abort ();
    zmq_close (pair);
    zmq_ctx_term (ctx);
    ctx = zmq_ctx_new ();
    pair = zmq_socket (ctx, ZMQ_PAIR);
    returned (zmq_bind (pair, endpoint));
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
}

static void few_descriptors (void)
{
    struct rlimit limit = {0, 0};
    zmq_close (pair);
    zmq_ctx_term (ctx);
    ctx = zmq_ctx_new ();
    const int next = dup (0);
    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = (rlim_t) next + 2;
    close (next);
    setrlimit (RLIMIT_NOFILE, &limit);
    returned (zmq_socket (ctx, ZMQ_PAIR) ? 0 : -1);
}

const struct misuse handles[] = {
  {MEMORY, "`zmq_send` on a closed socket", send_after_close},
  {MEMORY, "`zmq_poll` with a closed socket", poll_after_close},
  {MEMORY, "`zmq_close` a second time", close_twice},
  {MEMORY, "`zmq_ctx_term` a second time", terminate_twice},
  {MEMORY, "`zmq_socket` of a terminated context", socket_of_terminated},
  {PLAIN, "`zmq_send` on an address that is no handle", address_as_socket},
  {MEMORY, "`zmq_send` on a context", context_as_socket},
  {MEMORY, "`zmq_ctx_get` of a socket", socket_as_context},
  {MEMORY, "`zmq_proxy` of a closed socket", proxy_of_closed},
  {PLAIN, "`zmq_device` of nothing", device_of_nothing},
  {PLAIN, "`zmq_send` in a forked child, on a socket of its parent", send_in_child},
  {PLAIN, "`zmq_ctx_term` in a forked child, until it is not interrupted", terminate_in_child},
  {PLAIN, "`zmq_bind` to a port again, while a forked child lives", rebind},
  {PLAIN, "`zmq_socket` with two descriptors left", few_descriptors},
  {PLAIN, NULL, NULL}};
