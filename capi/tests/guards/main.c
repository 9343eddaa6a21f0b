#include "misuse.h"

void *ctx, *pair;

static const struct misuse *const all[] = {handles, messages, values, threads};

void told (const char *text)
{
    printf ("%s\n", text);
    fflush (stdout);
}

static const char *name_of (int number)
{
    switch (number) {
        case EAGAIN:
            return "EAGAIN";
        case EBUSY:
            return "EBUSY";
        case EFAULT:
            return "EFAULT";
        case EINTR:
            return "EINTR";
        case EINVAL:
            return "EINVAL";
        case EMFILE:
            return "EMFILE";
        case ENOMEM:
            return "ENOMEM";
        case ENOTSOCK:
            return "ENOTSOCK";
        case EPERM:
            return "EPERM";
        case ESTALE:
            return "ESTALE";
        case ETERM:
            return "ETERM";
        case EADDRINUSE:
            return "EADDRINUSE";
        case EBADF:
            return "EBADF";
        default:
            return strerror (number);
    }
}

void returned (long result)
{
    char text[64];
    if (result == -1)
        told (name_of (zmq_errno ()));
    else {
        snprintf (text, sizeof text, "returns %ld", result);
        told (text);
    }
}

/* Without an argument, lists what there is; with a number, commits that one. */
int main (int argc, char **argv)
{
    int number = 0;
    for (size_t group = 0; group < sizeof all / sizeof all[0]; group++)
        for (const struct misuse *one = all[group]; one->title; one++, number++) {
            if (argc < 2)
                printf ("%d\t%s\n", one->kind, one->title);
            else if (number == atoi (argv[1])) {
                ctx = zmq_ctx_new ();
                pair = zmq_socket (ctx, ZMQ_PAIR);
                one->commit ();
                /* What it has left is not waited for. */
                _exit (0);
            }
        }
    return 0;
}
