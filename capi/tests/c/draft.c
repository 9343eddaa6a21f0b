/* The draft interface: pollers that hold sockets, groups, sockets for several threads. */
#include "check.h"

static void pollers (void *ctx)
{
    zmq_poller_event_t event, events[4];
    int fd;
    void *copy;
    void *poller = zmq_poller_new ();
    void *one = open_socket (ctx, ZMQ_PAIR);
    void *other = open_socket (ctx, ZMQ_PAIR);
    void *server = open_socket (ctx, ZMQ_SERVER);
    CHECK (zmq_bind (one, "inproc://poller") == 0);
    CHECK (zmq_connect (other, "inproc://poller") == 0);

    CHECK (zmq_poller_add (poller, one, &fd, ZMQ_POLLIN) == 0);
    CHECK (zmq_poller_add (poller, server, NULL, ZMQ_POLLIN) == 0);
    CHECK (zmq_poller_add_fd (poller, 0, NULL, ZMQ_POLLERR) == 0);
    REFUSED (zmq_poller_add (poller, one, NULL, ZMQ_POLLIN) == -1, EINVAL);
    CHECK (zmq_poller_size (poller) == 3);
    CHECK (zmq_send (other, "x", 1, 0) == 1);
    CHECK (zmq_poller_wait (poller, &event, 10000) == 0);
    CHECK (event.socket == one && event.user_data == &fd);
    CHECK (zmq_poller_wait_all (poller, events, 4, 10000) == 1);
    CHECK (events[0].socket == one);
    CHECK (zmq_poller_modify (poller, one, 0) == 0);
    CHECK (zmq_poller_fd (poller, &fd) == 0);

    /* A socket that is closed is taken out. */
    CHECK (zmq_close (one) == 0);
    CHECK (zmq_close (server) == 0);
    CHECK (zmq_poller_size (poller) == 1);
    REFUSED (zmq_poller_wait (poller, &event, 0) == -1, EAGAIN);
    CHECK (event.socket == NULL);
    REFUSED (zmq_poller_add (poller, one, NULL, ZMQ_POLLIN) == -1, ENOTSOCK);
    REFUSED (zmq_poller_modify (poller, one, 0) == -1, ENOTSOCK);
    REFUSED (zmq_poller_remove (poller, one) == -1, ENOTSOCK);
    REFUSED (zmq_poller_add (other, other, NULL, ZMQ_POLLIN) == -1, EFAULT);

    REFUSED (zmq_poller_wait (poller, NULL, 0) == -1, EFAULT);
    REFUSED (zmq_poller_wait_all (poller, events, -1, 0) == -1, EINVAL);
    REFUSED (zmq_poller_fd (poller, NULL) == -1, EFAULT);
    CHECK (zmq_poller_add (poller, other, NULL, ZMQ_POLLIN) == 0);
    CHECK (zmq_poller_remove (poller, other) == 0);
    CHECK (zmq_poller_add (poller, other, NULL, ZMQ_POLLIN) == 0);
    copy = poller;
    CHECK (zmq_poller_destroy (&poller) == 0);
    CHECK (poller == NULL);
    REFUSED (zmq_poller_destroy (&copy) == -1, EFAULT);
    REFUSED (zmq_poller_destroy (NULL) == -1, EFAULT);
    REFUSED (zmq_poller_size (copy) == -1, EFAULT);
    CHECK (zmq_close (other) == 0);
}

/* A socket whose context was shut down is an error, not the end. */
static void poller_of_ended (void)
{
    zmq_poller_event_t event;
    void *ctx = context ();
    void *poller = zmq_poller_new ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    CHECK (zmq_poller_add (poller, socket, NULL, ZMQ_POLLIN) == 0);
    CHECK (zmq_ctx_shutdown (ctx) == 0);
    REFUSED (zmq_poller_wait (poller, &event, 0) == -1, ETERM);
    CHECK (zmq_poller_destroy (&poller) == 0);
    CHECK (zmq_close (socket) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

static void groups (void *ctx)
{
    char name[300];
    zmq_msg_t message;
    void *dish = open_socket (ctx, ZMQ_DISH);
    memset (name, 'g', sizeof name - 1);
    name[sizeof name - 1] = 0;
    REFUSED (zmq_join (dish, NULL) == -1, EFAULT);
    REFUSED (zmq_join (dish, name) == -1, EINVAL);
    REFUSED (zmq_leave (dish, NULL) == -1, EFAULT);
    CHECK (zmq_msg_init_buffer (&message, "x", 1) == 0);
    REFUSED (zmq_msg_set_group (&message, NULL) == -1, EFAULT);
    REFUSED (zmq_msg_set_group (&message, name) == -1, EINVAL);
    name[200] = 0;
    CHECK (zmq_msg_set_group (&message, name) == 0);
    CHECK (zmq_msg_set_group (&message, "short") == 0);
    CHECK (strcmp (zmq_msg_group (&message), "short") == 0);
    CHECK (zmq_msg_close (&message) == 0);
    REFUSED (zmq_msg_group (&message) == NULL, EFAULT);
    REFUSED (zmq_msg_routing_id (&message) == 0, EFAULT);
    REFUSED (zmq_msg_set_routing_id (&message, 1) == -1, EFAULT);
    REFUSED (zmq_msg_init_buffer (&message, NULL, 1) == -1, EFAULT);
    CHECK (zmq_close (dish) == 0);
}

static void *receive (void *server)
{
    char buffer[8];
    CHECK (zmq_recv (server, buffer, sizeof buffer, 0) == 2);
    return NULL;
}

/* Two threads may be inside of these; closing waits for its turn. */
static void for_several_threads (void *ctx)
{
    int linger = 0;
    pthread_t thread;
    void *server = open_socket (ctx, ZMQ_SERVER);
    void *client = open_socket (ctx, ZMQ_CLIENT);
    CHECK (zmq_bind (server, "inproc://server") == 0);
    CHECK (zmq_connect (client, "inproc://server") == 0);
    CHECK (pthread_create (&thread, NULL, receive, server) == 0);
    CHECK (zmq_setsockopt (server, ZMQ_LINGER, &linger, sizeof linger) == 0);
    CHECK (zmq_send (client, "go", 2, 0) == 2);
    CHECK (pthread_join (thread, NULL) == 0);
    CHECK (zmq_close (server) == 0);
    REFUSED (zmq_close (server) == -1, ENOTSOCK);
    CHECK (zmq_close (client) == 0);
}

static void *wait_for_the_end (void *server)
{
    char buffer[8];
    REFUSED (zmq_recv (server, buffer, sizeof buffer, 0) == -1, ETERM);
    return NULL;
}

static int is_receiving (void *ctx)
{
    char report[512];
    CHECK (ferromq_ctx_report (ctx, report, sizeof report) > 0);
    return strstr (report, "SERVER at no endpoint; a thread is in zmq_recv") != NULL;
}

static void closed_beneath (void)
{
    pthread_t thread;
    void *ctx = context ();
    void *server = open_socket (ctx, ZMQ_SERVER);
    CHECK (pthread_create (&thread, NULL, wait_for_the_end, server) == 0);
    EVENTUALLY (is_receiving (ctx));
    REFUSED (zmq_close (server) == -1, EBUSY);
    CHECK (zmq_ctx_shutdown (ctx) == 0);
    CHECK (pthread_join (thread, NULL) == 0);
    CHECK (zmq_close (server) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
}

static void options (void *ctx)
{
    int value = INT32_MAX;
    size_t size = sizeof value;
    void *pair = open_socket (ctx, ZMQ_PAIR);
    zmq_pollitem_t item = {NULL, 5000, ZMQ_POLLIN, 0};
    REFUSED (zmq_ctx_set_ext (ctx, ZMQ_MAX_SOCKETS, &value, size) == -1, EINVAL);
    REFUSED (zmq_ctx_set_ext (ctx, ZMQ_MAX_SOCKETS, NULL, size) == -1, EFAULT);
    REFUSED (zmq_ctx_get_ext (ctx, ZMQ_MAX_SOCKETS, NULL, &size) == -1, EFAULT);
    REFUSED (zmq_ctx_get_ext (ctx, ZMQ_MAX_SOCKETS, &value, NULL) == -1, EFAULT);
    CHECK (zmq_ctx_get_ext (ctx, ZMQ_MAX_SOCKETS, &value, &size) == 0);
    REFUSED (zmq_connect_peer (pair, NULL) == 0, EFAULT);
    REFUSED (zmq_connect_peer (pair, "inproc://a") == 0, ENOTSUP);
    REFUSED (zmq_socket_get_peer_state (pair, NULL, 5) == -1, EFAULT);
    REFUSED (zmq_ppoll (&item, 1, 0, NULL) == -1, EINVAL);
    item.fd = -1;
    REFUSED (zmq_ppoll (&item, 1, 0, NULL) == -1, EINVAL);
    item.socket = pair;
    CHECK (zmq_ppoll (&item, 1, 0, NULL) == 0);
    REFUSED (zmq_ppoll (&item, -1, 0, NULL) == -1, EINVAL);
    REFUSED (zmq_ppoll (NULL, 1, 0, NULL) == -1, EFAULT);
    CHECK (zmq_close (pair) == 0);
}

int main (void)
{
    void *ctx = context ();
    pollers (ctx);
    poller_of_ended ();
    groups (ctx);
    for_several_threads (ctx);
    closed_beneath ();
    options (ctx);
    CHECK (zmq_ctx_term (ctx) == 0);
    return 0;
}
