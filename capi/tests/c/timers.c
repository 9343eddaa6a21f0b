/* Handlers of timers may do with their timers what they like. */
#include "check.h"

static void *timers;
static int runs;

static void reset_itself (int id, void *argument)
{
    (void) argument;
    runs++;
    CHECK (zmq_timers_reset (timers, id) == 0);
    CHECK (zmq_timers_set_interval (timers, id, 5) == 0);
}

static void cancel_itself (int id, void *argument)
{
    (void) argument;
    runs++;
    CHECK (zmq_timers_cancel (timers, id) == 0);
}

static void add_another (int id, void *argument)
{
    (void) id;
    (void) argument;
    runs++;
    CHECK (zmq_timers_add (timers, 0, cancel_itself, NULL) > 0);
}

static void destroy_all (int id, void *argument)
{
    (void) id;
    (void) argument;
    runs++;
    CHECK (zmq_timers_destroy (&timers) == 0);
}

static void run_until (int wanted)
{
    EVENTUALLY (zmq_timers_execute (timers) == 0 && runs >= wanted);
    CHECK (runs == wanted);
}

int main (void)
{
    timers = zmq_timers_new ();
    CHECK (timers);
    CHECK (zmq_timers_timeout (timers) == -1);
    const int id = zmq_timers_add (timers, 1, reset_itself, NULL);
    CHECK (id > 0);
    run_until (3);
    CHECK (zmq_timers_cancel (timers, id) == 0);
    REFUSED (zmq_timers_cancel (timers, id) == -1, EINVAL);
    REFUSED (zmq_timers_reset (timers, id) == -1, EINVAL);
    REFUSED (zmq_timers_add (timers, 1, NULL, NULL) == -1, EFAULT);

    /* An interval of nothing is due in each round, once. */
    CHECK (zmq_timers_add (timers, 0, cancel_itself, NULL) > 0);
    CHECK (zmq_timers_timeout (timers) == 0);
    run_until (4);
    const int often = zmq_timers_add (timers, 0, add_another, NULL);
    CHECK (zmq_timers_execute (timers) == 0);
    CHECK (zmq_timers_cancel (timers, often) == 0);
    CHECK (runs == 6 || (zmq_timers_execute (timers) == 0 && runs == 6));

    CHECK (zmq_timers_add (timers, SIZE_MAX, cancel_itself, NULL) > 0);
    CHECK (zmq_timers_timeout (timers) > 1000000000);

    CHECK (zmq_timers_add (timers, 0, destroy_all, NULL) > 0);
    void *destroyed = timers;
    CHECK (zmq_timers_execute (timers) == 0);
    CHECK (timers == NULL && runs == 7);
    REFUSED (zmq_timers_timeout (destroyed) == -1, EFAULT);
    REFUSED (zmq_timers_execute (destroyed) == -1, EFAULT);
    REFUSED (zmq_timers_destroy (&destroyed) == -1, EFAULT);
    return 0;
}
