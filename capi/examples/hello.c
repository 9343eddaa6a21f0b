/* A request and a reply, and what libferromq says about a mistake. */
#include <stdio.h>

#include <ferromq.h>
#include <zmq.h>

int main (void)
{
    char endpoint[64], buffer[16], report[256];
    size_t size = sizeof endpoint;
    void *context = zmq_ctx_new ();
    void *server = zmq_socket (context, ZMQ_REP);
    void *client = zmq_socket (context, ZMQ_REQ);

    zmq_bind (server, "tcp://127.0.0.1:*");
    zmq_getsockopt (server, ZMQ_LAST_ENDPOINT, endpoint, &size);
    zmq_connect (client, endpoint);
    zmq_send (client, "Hello", 5, 0);
    int length = zmq_recv (server, buffer, sizeof buffer, 0);
    printf ("received %.*s\n", length, buffer);
    zmq_send (server, "World", 5, 0);
    length = zmq_recv (client, buffer, sizeof buffer, 0);
    printf ("received %.*s\n", length, buffer);

    zmq_close (client);
    if (zmq_send (client, "again", 5, 0) == -1)
        printf ("%s\n", ferromq_last_error ());
    ferromq_ctx_report (context, report, sizeof report);
    printf ("%.41s\n", report);

    zmq_close (server);
    zmq_ctx_term (context);
    return 0;
}
