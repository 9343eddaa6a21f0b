/* Messages, and what is sent and received. */
#include "misuse.h"

static zmq_msg_t message;

static zmq_msg_t *closed (void)
{
    zmq_msg_init_size (&message, 100);
    zmq_msg_close (&message);
    return &message;
}

static void data_of_closed (void)
{
    returned (zmq_msg_data (closed ()) ? 0 : -1);
}

static void size_of_closed (void)
{
    if (zmq_msg_size (closed ()) == 0)
        returned (-1);
}

static void send_closed (void)
{
    returned (zmq_msg_send (closed (), pair, ZMQ_DONTWAIT));
}

static void close_unmade (void)
{
    zmq_msg_init_size (&message, SIZE_MAX / 4);
    returned (zmq_msg_close (&message));
}

static void of_no_data (void)
{
    returned (zmq_msg_init_data (&message, NULL, 5, NULL, NULL));
}

static void init_of_nothing (void)
{
    returned (zmq_msg_init (NULL));
}

static void with_itself (int (*act) (zmq_msg_t *, zmq_msg_t *))
{
    zmq_msg_init_size (&message, 100);
    const int code = act (&message, &message);
    if (code == 0)
        told (zmq_msg_size (&message) == 100 ? "returns 0" : "loses the message");
    else
        returned (code);
}

static void move_to_itself (void)
{
    with_itself (zmq_msg_move);
}

static void copy_to_itself (void)
{
    with_itself (zmq_msg_copy);
}

static void peers (void *first, void *second)
{
    char endpoint[64];
    size_t size = sizeof endpoint;
    zmq_bind (first, "tcp://127.0.0.1:*");
    zmq_getsockopt (first, ZMQ_LAST_ENDPOINT, endpoint, &size);
    zmq_connect (second, endpoint);
}

static void no_property (void)
{
    void *peer = zmq_socket (ctx, ZMQ_PAIR);
    peers (pair, peer);
    zmq_send (peer, "x", 1, 0);
    zmq_msg_init (&message);
    zmq_msg_recv (&message, pair, 0);
    returned (zmq_msg_gets (&message, NULL) ? 0 : -1);
}

static void send_from_nowhere (void)
{
    returned (zmq_send (pair, NULL, 5, ZMQ_DONTWAIT));
}

static void receive_to_nowhere (void)
{
    void *peer = zmq_socket (ctx, ZMQ_PAIR);
    peers (pair, peer);
    zmq_send (peer, "hello", 5, 0);
    returned (zmq_recv (pair, NULL, 5, 0));
}

static void vector_from_nowhere (void)
{
    struct
    {
        void *base;
        size_t size;
    } part = {NULL, 5};
    returned (zmq_sendiov (pair, (struct iovec *) &part, 1, ZMQ_DONTWAIT));
}

const struct misuse messages[] = {
  {PLAIN, "`zmq_msg_data` of a closed message", data_of_closed},
  {PLAIN, "`zmq_msg_size` of a closed message", size_of_closed},
  {PLAIN, "`zmq_msg_send` of a closed message", send_closed},
  {PLAIN, "`zmq_msg_close` after a failed `zmq_msg_init_size`", close_unmade},
  {PLAIN, "`zmq_msg_init_data` with null and a size", of_no_data},
  {PLAIN, "`zmq_msg_init(NULL)`", init_of_nothing},
  {PLAIN, "`zmq_msg_move` of a message to itself", move_to_itself},
  {PLAIN, "`zmq_msg_copy` of a message to itself", copy_to_itself},
  {PLAIN, "`zmq_msg_gets` of no property", no_property},
  {PLAIN, "`zmq_send(socket, NULL, 5, 0)`", send_from_nowhere},
  {PLAIN, "`zmq_recv(socket, NULL, 5, 0)`", receive_to_nowhere},
  {PLAIN, "`zmq_sendiov` of a null buffer with a size", vector_from_nowhere},
  {PLAIN, NULL, NULL}};
