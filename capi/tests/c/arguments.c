/* Arguments of which libzmq crashes or aborts. */
#include <sys/resource.h>
#include <sys/uio.h>

#include "check.h"

static void endpoints (void *socket)
{
    REFUSED (zmq_bind (socket, NULL) == -1, EFAULT);
    REFUSED (zmq_connect (socket, NULL) == -1, EFAULT);
    REFUSED (zmq_unbind (socket, NULL) == -1, EFAULT);
    REFUSED (zmq_disconnect (socket, NULL) == -1, EFAULT);
}

static void options (void *socket)
{
    int value = 0;
    size_t size = sizeof value;
    REFUSED (zmq_setsockopt (socket, ZMQ_LINGER, NULL, sizeof value) == -1,
             EFAULT);
    REFUSED (zmq_setsockopt (socket, ZMQ_ROUTING_ID, &value, SIZE_MAX) == -1,
             EINVAL);
    REFUSED (zmq_getsockopt (socket, ZMQ_LINGER, NULL, &size) == -1, EFAULT);
    REFUSED (zmq_getsockopt (socket, ZMQ_LINGER, &value, NULL) == -1, EFAULT);
    /* Null is how some options are cleared. */
    CHECK (zmq_setsockopt (socket, ZMQ_PLAIN_USERNAME, NULL, 0) == 0);
}

static void subscriptions (void *ctx)
{
    void *sub = open_socket (ctx, ZMQ_SUB);
    REFUSED (zmq_setsockopt (sub, ZMQ_SUBSCRIBE, "", SIZE_MAX) == -1, EINVAL);
    CHECK (zmq_setsockopt (sub, ZMQ_SUBSCRIBE, NULL, 0) == 0);
    CHECK (zmq_close (sub) == 0);
}

static void buffers (void *socket)
{
    struct iovec parts[2] = {{(void *) "a", 1}, {NULL, 5}};
    char buffer[4];
    REFUSED (zmq_send (socket, NULL, 5, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_send (socket, buffer, SIZE_MAX, ZMQ_DONTWAIT) == -1, EINVAL);
    REFUSED (zmq_send_const (socket, NULL, 5, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_recv (socket, NULL, 5, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_sendiov (socket, parts, 2, ZMQ_DONTWAIT) == -1, EFAULT);
    REFUSED (zmq_sendiov (socket, parts, SIZE_MAX, ZMQ_DONTWAIT) == -1, EINVAL);
    REFUSED (zmq_sendiov (socket, NULL, 1, ZMQ_DONTWAIT) == -1, EINVAL);
    REFUSED (zmq_recviov (socket, parts, NULL, ZMQ_DONTWAIT) == -1, EINVAL);
}

static void messages (void)
{
    zmq_msg_t message;
    char free_me[4];
    REFUSED (zmq_msg_init (NULL) == -1, EFAULT);
    REFUSED (zmq_msg_init_size (NULL, 1) == -1, EFAULT);
    REFUSED (zmq_msg_init_data (NULL, free_me, 1, NULL, NULL) == -1, EFAULT);
    REFUSED (zmq_msg_init_data (&message, NULL, 1, NULL, NULL) == -1, EFAULT);
    REFUSED (zmq_msg_close (NULL) == -1, EFAULT);
    REFUSED (zmq_msg_data (NULL) == NULL, EFAULT);
    REFUSED (zmq_msg_size (NULL) == 0, EFAULT);
    REFUSED (zmq_msg_more (NULL) == 0, EFAULT);
    REFUSED (zmq_msg_get (NULL, ZMQ_MORE) == -1, EFAULT);
    REFUSED (zmq_msg_gets (NULL, "Identity") == NULL, EFAULT);
    REFUSED (zmq_msg_set (NULL, ZMQ_MORE, 1) == -1, EINVAL);

    CHECK (zmq_msg_init_size (&message, 100) == 0);
    memcpy (zmq_msg_data (&message), "kept", 5);
    REFUSED (zmq_msg_copy (&message, &message) == -1, EINVAL);
    REFUSED (zmq_msg_move (&message, &message) == -1, EINVAL);
    REFUSED (zmq_msg_copy (NULL, &message) == -1, EFAULT);
    REFUSED (zmq_msg_move (&message, NULL) == -1, EFAULT);
    REFUSED (zmq_msg_gets (&message, NULL) == NULL, EFAULT);
    CHECK (zmq_msg_size (&message) == 100);
    CHECK (strcmp ((char *) zmq_msg_data (&message), "kept") == 0);
    CHECK (zmq_msg_close (&message) == 0);

    /* What could not be made is as if closed. */
    REFUSED (zmq_msg_init_size (&message, SIZE_MAX / 4) == -1, ENOMEM);
    REFUSED (zmq_msg_close (&message) == -1, EFAULT);
    REFUSED (zmq_msg_init_size (&message, SIZE_MAX) == -1, ENOMEM);
    REFUSED (zmq_msg_size (&message) == 0, EFAULT);
}

static void polls (void *socket)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    REFUSED (zmq_poll (&item, -1, 0) == -1, EINVAL);
    REFUSED (zmq_poll (NULL, 1, 0) == -1, EFAULT);
    CHECK (zmq_poll (NULL, 0, 0) == 0);

    struct rlimit limit;
    CHECK (getrlimit (RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_cur < 256 ? limit.rlim_cur : 256;
    CHECK (setrlimit (RLIMIT_NOFILE, &limit) == 0);
    static zmq_pollitem_t items[300];
    for (int i = 0; i < 300; i++)
        items[i] = item;
    REFUSED (zmq_poll (items, 300, 0) == -1, EINVAL);
    /* The same socket many times over. */
    items[199].events = ZMQ_POLLOUT;
    CHECK (zmq_poll (items, 200, 0) == 0);
    CHECK (items[199].revents == 0);
}

static void proxies (void *ctx, void *socket)
{
    void *other = open_socket (ctx, ZMQ_PAIR);
    REFUSED (zmq_proxy (socket, NULL, NULL) == -1, EFAULT);
    REFUSED (zmq_device (ZMQ_QUEUE, NULL, NULL) == -1, EFAULT);
    REFUSED (zmq_proxy (socket, other, socket) == -1, EINVAL);
    REFUSED (zmq_proxy_steerable (socket, other, NULL, other) == -1, EINVAL);
    REFUSED (zmq_proxy (socket, other, &other) == -1, ENOTSOCK);
    CHECK (zmq_close (other) == 0);
}

static void texts (void)
{
    char key[64], public_key[64];
    uint8_t bytes[64];
    int major = 0;
    REFUSED (zmq_has (NULL) == 0, EFAULT);
    REFUSED (zmq_z85_encode (NULL, bytes, 4) == NULL, EFAULT);
    REFUSED (zmq_z85_encode (key, NULL, 4) == NULL, EFAULT);
    REFUSED (zmq_z85_encode (key, bytes, 3) == NULL, EINVAL);
    REFUSED (zmq_z85_decode (bytes, NULL) == NULL, EFAULT);
    REFUSED (zmq_z85_decode (NULL, "HelloWorld") == NULL, EFAULT);
    REFUSED (zmq_curve_keypair (NULL, key) == -1, EFAULT);
    REFUSED (zmq_curve_keypair (key, NULL) == -1, EFAULT);
    REFUSED (zmq_curve_public (NULL, key) == -1, EFAULT);
    REFUSED (zmq_curve_public (public_key, NULL) == -1, EFAULT);
    memset (key, 'a', 60);
    key[60] = 0;
    REFUSED (zmq_curve_public (public_key, key) == -1, EINVAL);
    key[35] = 0;
    REFUSED (zmq_curve_public (public_key, key) == -1, EINVAL);
    zmq_version (&major, NULL, NULL);
    CHECK (major == 4);
}

static void contexts (void)
{
    void *ctx = context ();
    REFUSED (zmq_init (-1) == NULL, EINVAL);
    REFUSED (zmq_init (INT32_MAX) == NULL, EINVAL);
    REFUSED (zmq_ctx_set (ctx, ZMQ_MAX_SOCKETS, INT32_MAX) == -1, EINVAL);
    REFUSED (zmq_ctx_set (ctx, ZMQ_IO_THREADS, INT32_MAX) == -1, EINVAL);
    CHECK (zmq_ctx_term (ctx) == 0);
    REFUSED (zmq_threadstart (NULL, NULL) == NULL, EFAULT);
    errno = 0;
    zmq_atomic_counter_destroy (NULL);
    CHECK (errno == EFAULT);
    REFUSED (zmq_timers_destroy (NULL) == -1, EFAULT);
}

int main (void)
{
    void *ctx = context ();
    void *socket = open_socket (ctx, ZMQ_PAIR);
    endpoints (socket);
    options (socket);
    subscriptions (ctx);
    buffers (socket);
    messages ();
    polls (socket);
    proxies (ctx, socket);
    texts ();
    contexts ();
    CHECK (ferromq_misuses (FERROMQ_MISUSE_ARGUMENT) > 40);
    CHECK (zmq_close (socket) == 0);
    CHECK (zmq_ctx_term (ctx) == 0);
    return 0;
}
