/* What a child inherits answers at once, and harms nobody. */
#include <dirent.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "check.h"

static int descriptors (void)
{
    int count = 0;
    DIR *directory = opendir ("/proc/self/fd");
    CHECK (directory);
    while (readdir (directory))
        count++;
    closedir (directory);
    return count;
}

static void ask_in_vain (void *ctx, void *socket)
{
    char buffer[8];
    size_t size = sizeof buffer;
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    REFUSED (zmq_send (socket, "x", 1, 0) == -1, FERROMQ_EFORKED);
    REFUSED (zmq_recv (socket, buffer, sizeof buffer, 0) == -1, FERROMQ_EFORKED);
    REFUSED (zmq_bind (socket, "tcp://127.0.0.1:*") == -1, FERROMQ_EFORKED);
    REFUSED (zmq_connect (socket, "tcp://127.0.0.1:1") == -1, FERROMQ_EFORKED);
    REFUSED (zmq_getsockopt (socket, ZMQ_EVENTS, buffer, &size) == -1,
             FERROMQ_EFORKED);
    REFUSED (zmq_setsockopt (socket, ZMQ_LINGER, buffer, 4) == -1,
             FERROMQ_EFORKED);
    REFUSED (zmq_poll (&item, 1, -1) == -1, FERROMQ_EFORKED);
    REFUSED (zmq_proxy (socket, socket, NULL) == -1, FERROMQ_EFORKED);
    REFUSED (zmq_socket (ctx, ZMQ_PAIR) == NULL, FERROMQ_EFORKED);
    REFUSED (zmq_ctx_shutdown (ctx) == -1, FERROMQ_EFORKED);
    REFUSED (zmq_ctx_get (ctx, ZMQ_IO_THREADS) == -1, FERROMQ_EFORKED);
    REFUSED (ferromq_socket_release (socket) == NULL, FERROMQ_EFORKED);
    CHECK (strstr (ferromq_last_error (), "fork"));
}

static void live_anew (void)
{
    char buffer[8];
    void *ctx = context ();
    void *one = open_socket (ctx, ZMQ_PAIR);
    void *other = open_socket (ctx, ZMQ_PAIR);
    CHECK (ferromq_forked (one) == 0);
    CHECK (zmq_bind (one, "inproc://child") == 0);
    CHECK (zmq_connect (other, "inproc://child") == 0);
    CHECK (zmq_send (one, "hello", 5, 0) == 5);
    CHECK (zmq_recv (other, buffer, sizeof buffer, 0) == 5);
    CHECK (zmq_close (one) == 0);
    CHECK (zmq_close (other) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

static void child (void *ctx, void *bound, void *connected, void *timers)
{
    alarm (10);
    CHECK (ferromq_forked (bound) == 1);
    CHECK (ferromq_forked (ctx) == 1);
    ask_in_vain (ctx, connected);
    live_anew ();
    CHECK (ferromq_misuses (FERROMQ_MISUSE_FORKED) >= 12);
    /* A context is no socket and a socket no context after a fork either. */
    REFUSED (zmq_close (ctx) == -1, ENOTSOCK);
    REFUSED (zmq_ctx_term (bound) == -1, EFAULT);
    /* Released in any order, at once, and once. */
    CHECK (zmq_ctx_term (ctx) == 0);
    CHECK (zmq_close (bound) == 0);
    CHECK (zmq_close (connected) == 0);
    REFUSED (zmq_close (connected) == -1, ENOTSOCK);
    REFUSED (zmq_ctx_term (ctx) == -1, EFAULT);
    /* Plain memory is the child's own. */
    CHECK (zmq_timers_timeout (timers) == -1);
    CHECK (zmq_timers_destroy (&timers) == 0);
    live_anew ();
    exit (0);
}

/* A child that nobody is told of. */
static void cloned (void *ctx, void *bound, void *connected)
{
    int status;
    const pid_t pid = (pid_t) syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    CHECK (pid != -1);
    if (pid == 0) {
        alarm (10);
        /* The first call makes what is new, which is not taken for old. */
        live_anew ();
        CHECK (ferromq_forked (bound) == 1);
        ask_in_vain (ctx, connected);
        CHECK (zmq_close (bound) == 0);
        CHECK (zmq_ctx_term (ctx) == 0);
        _exit (0);
    }
    CHECK (waitpid (pid, &status, 0) == pid);
    CHECK (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void *wait_in_vain (void *socket)
{
    char buffer[8];
    do /* The other looks whether this one is inside. */
        CHECK (zmq_recv (socket, buffer, sizeof buffer, 0) == -1);
    while (errno == EBUSY);
    CHECK (errno == ETERM);
    CHECK (zmq_close (socket) == 0);
    return NULL;
}

int main (void)
{
    const int before = descriptors ();
    int status, pipes[2];
    char buffer[8], endpoint[64];
    size_t size = sizeof endpoint;
    void *ctx = context ();
    void *bound = open_socket (ctx, ZMQ_PAIR);
    void *connected = open_socket (ctx, ZMQ_PAIR);
    void *idle = open_socket (ctx, ZMQ_PULL);
    void *timers = zmq_timers_new ();
    pthread_t thread;
    CHECK (pipe (pipes) == 0);
    CHECK (zmq_bind (bound, "tcp://127.0.0.1:*") == 0);
    CHECK (zmq_getsockopt (bound, ZMQ_LAST_ENDPOINT, endpoint, &size) == 0);
    CHECK (zmq_connect (connected, endpoint) == 0);
    CHECK (zmq_send (connected, "x", 1, 0) == 1);
    CHECK (zmq_recv (bound, buffer, sizeof buffer, 0) == 1);
    CHECK (ferromq_forked (bound) == 0);
    CHECK (pthread_create (&thread, NULL, wait_in_vain, idle) == 0);
    /* Busy: another thread is inside. */
    EVENTUALLY (zmq_send (idle, "x", 1, ZMQ_DONTWAIT) == -1 && errno == EBUSY);

    const pid_t pid = fork ();
    if (pid == 0) {
        /* The ones of the pipe are the child's own. */
        CHECK (descriptors () == before + 2);
        REFUSED (zmq_recv (idle, buffer, sizeof buffer, 0) == -1,
                 FERROMQ_EFORKED);
        child (ctx, bound, connected, timers);
    }
    CHECK (waitpid (pid, &status, 0) == pid);
    CHECK (WIFEXITED (status) && WEXITSTATUS (status) == 0);

    cloned (ctx, bound, connected);

    /* The parent goes on as if nothing had been. */
    CHECK (zmq_send (bound, "again", 5, 0) == 5);
    CHECK (zmq_recv (connected, buffer, sizeof buffer, 0) == 5);
    CHECK (zmq_close (bound) == 0);
    CHECK (zmq_close (connected) == 0);
    CHECK (zmq_timers_destroy (&timers) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
    CHECK (pthread_join (thread, NULL) == 0);
    return 0;
}
