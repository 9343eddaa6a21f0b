/* A program of czmq, which looks into the memory behind handles to find out what they are. */
#include <czmq.h>

int main (void)
{
    int major, minor, patch;
    zmq_version (&major, &minor, &patch);
    zsys_set_linger (0);
    zsock_t *push = zsock_new_push ("@tcp://127.0.0.1:*");
    zsock_t *pull = zsock_new_pull (NULL);
    if (!push || !pull || zsock_connect (pull, "%s", zsock_endpoint (push)) != 0)
        return 1;
    zstr_sendx (push, "one", "two", NULL);
    char *one, *two;
    if (zstr_recvx (pull, &one, &two, NULL) != 2 || !streq (two, "two"))
        return 1;
    zstr_free (&one);
    zstr_free (&two);

    /* By the handle itself. */
    void *handle = zsock_resolve (push);
    if (zsock_resolve (handle) != handle || zsock_type (handle) != ZMQ_PUSH)
        return 1;
    zpoller_t *poller = zpoller_new (pull, NULL);
    zstr_send (handle, "three");
    if (zpoller_wait (poller, 10000) != pull)
        return 1;

    zpoller_destroy (&poller);
    zsock_destroy (&push);
    zsock_destroy (&pull);
    printf ("%d.%d.%d\n", major, minor, patch);
    return 0;
}
