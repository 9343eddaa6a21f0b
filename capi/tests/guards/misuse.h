/* Mistakes, one by one, on whatever libzmq the program finds. */
#ifndef MISUSE_H
#define MISUSE_H

#include <errno.h>
#include <signal.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

/* How the outcome can be told. */
enum kind
{
    PLAIN,  /* by what the program does */
    MEMORY, /* libzmq reads or writes what it must not, which Valgrind sees */
    RACE    /* by what happens sooner or later: several tries */
};

struct misuse
{
    enum kind kind;
    const char *title;
    void (*commit) (void);
};

extern const struct misuse handles[], messages[], values[], threads[];

/* What every mistake starts from. */
extern void *ctx, *pair;

/* Tells how a call has ended: -1 and null are failures, with the error number. */
void returned (long result);
/* Tells it in other words. */
void told (const char *text);

#endif
