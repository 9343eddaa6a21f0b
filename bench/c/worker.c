/*
 * Plain calls of libzmq: the work of worker/src/work.rs, in C. As a program of its own it uses the
 * system's libzmq; compiled into ferromq-bench, the one that ferromq has.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define END 8
#define FILL 0x5a
#define MEASURED (1ull << 63)
#define AHEAD 200
#define STEP 50
#define REQUESTS 400
#define PROBE "P"
#define CONNECTED "connected"
#define SUBSCRIBED "all"
#define OVER "all over"

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

#define CHECK(call) ((call) < 0 ? fail(#call) : (void) 0)
#define EXPECT(condition) ((condition) ? (void) 0 : (fputs(#condition " is not so\n", stderr), exit(1)))

/* The cell, and what both sides know. */
static const char *endpoint;
static size_t size;
static int count;
static double seconds;
static uint64_t stride;
static void *our_context, *other_context;
static sem_t to_us, to_other;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void tell(sem_t *side)
{
    sem_post(side);
}

static void wait_for(sem_t *side)
{
    while (sem_wait(side) != 0)
        EXPECT(errno == EINTR);
}

static void pause_a_millisecond(void)
{
    struct timespec time = {0, 1000000};
    nanosleep(&time, NULL);
}

static double resident(void)
{
    char line[256];
    double kilobytes = -1;
    FILE *file = fopen("/proc/self/status", "r");
    EXPECT(file != NULL);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %lf", &kilobytes) == 1)
            break;
    fclose(file);
    EXPECT(kilobytes >= 0);
    return kilobytes * 1024;
}

/* Payloads */

static unsigned char *new_payload(void)
{
    unsigned char *bytes = malloc(size);
    EXPECT(bytes != NULL);
    memset(bytes, FILL, size);
    return bytes;
}

static void put_number(unsigned char *bytes, uint64_t number)
{
    memcpy(bytes, &number, sizeof number);
}

static uint64_t get_number(const unsigned char *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

struct meter {
    uint64_t expected, measured;
    double started;
};

/* Whether more is to come. */
static int take(struct meter *meter, const unsigned char *bytes, size_t length)
{
    uint64_t number;
    if (length == END) {
        EXPECT(get_number(bytes) == meter->expected);
        return 0;
    }
    EXPECT(length == size);
    number = get_number(bytes);
    EXPECT((number & ~MEASURED) == meter->expected && bytes[size - 1] == FILL);
    if (meter->expected == 0)
        for (size_t at = 8; at < size; at++)
            EXPECT(bytes[at] == FILL);
    meter->expected++;
    if (number & MEASURED) {
        if (meter->started != 0)
            meter->measured++;
        else
            meter->started = now();
    }
    return 1;
}

static void print_meter(const struct meter *meter)
{
    EXPECT(meter->started != 0);
    printf("{\"rate\": %f, \"messages\": %f, \"bytes\": %f}\n",
           (double) meter->measured / (now() - meter->started), (double) meter->measured,
           (double) meter->measured * (double) size);
}

static void check_answer(uint64_t asked, zmq_msg_t *answer)
{
    const unsigned char *bytes = zmq_msg_data(answer);
    EXPECT(zmq_msg_size(answer) == size && get_number(bytes) == asked && bytes[size - 1] == FILL);
}

/* Sockets */

static void *new_socket(void *context, int type)
{
    void *socket;
    /* The context ends sockets in the background, and may have no room before it has. */
    while ((socket = zmq_socket(context, type)) == NULL)
        if (zmq_errno() != EMFILE)
            fail("zmq_socket");
    return socket;
}

static void no_limits(void *socket)
{
    int none = 0;
    CHECK(zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none));
    CHECK(zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none));
}

static void send_bytes(void *socket, const void *bytes, size_t length)
{
    CHECK(zmq_send(socket, bytes, length, 0));
}

static int is(zmq_msg_t *message, const char *text)
{
    return zmq_msg_size(message) == strlen(text)
        && memcmp(zmq_msg_data(message), text, strlen(text)) == 0;
}

/* Receives a message and sends it back; its last frame's length. */
static size_t echo_one(void *socket, zmq_msg_t *message)
{
    size_t length;
    int more;
    do {
        CHECK(zmq_msg_recv(message, socket, 0));
        length = zmq_msg_size(message);
        more = zmq_msg_more(message);
        CHECK(zmq_msg_send(message, socket, more ? ZMQ_SNDMORE : 0));
    } while (more);
    return length;
}

/* Throughput */

static void *push(void *unused)
{
    void *socket = new_socket(other_context, ZMQ_PUSH);
    unsigned char *payload = new_payload();
    double times[2] = {seconds / 4, seconds};
    uint64_t next = 0;
    wait_for(&to_other);
    CHECK(zmq_connect(socket, endpoint));
    for (int phase = 0; phase < 2; phase++) {
        double until = now() + times[phase];
        while (now() < until)
            for (uint64_t at = 0; at < stride; at++) {
                put_number(payload, next++ | (phase ? MEASURED : 0));
                send_bytes(socket, payload, size);
            }
    }
    send_bytes(socket, &next, END);
    wait_for(&to_other);
    zmq_close(socket);
    return unused;
}

static void pull(void)
{
    void *socket = new_socket(our_context, ZMQ_PULL);
    struct meter meter = {0};
    zmq_msg_t message;
    zmq_msg_init(&message);
    CHECK(zmq_bind(socket, endpoint));
    tell(&to_other);
    do
        CHECK(zmq_msg_recv(&message, socket, 0));
    while (take(&meter, zmq_msg_data(&message), zmq_msg_size(&message)));
    print_meter(&meter);
    tell(&to_other);
    zmq_close(socket);
}

/* Round trips */

static void *echo(void *type)
{
    void *socket = new_socket(other_context, *(int *) type);
    zmq_msg_t message;
    zmq_msg_init(&message);
    if (*(int *) type == ZMQ_ROUTER)
        no_limits(socket);
    CHECK(zmq_bind(socket, endpoint));
    tell(&to_us);
    while (echo_one(socket, &message) != END)
        ;
    wait_for(&to_other);
    zmq_close(socket);
    return NULL;
}

static int compare(const void *left, const void *right)
{
    double one = *(const double *) left, other = *(const double *) right;
    return (one > other) - (one < other);
}

static double quantile(const double *sorted, size_t length, double fraction)
{
    size_t rank = (size_t) ((double) length * fraction);
    if ((double) rank < (double) length * fraction)
        rank++;
    return sorted[rank > 0 ? rank - 1 : 0];
}

static void ask(void)
{
    void *socket = new_socket(our_context, ZMQ_REQ);
    unsigned char *payload = new_payload();
    size_t taken = 0, room = 1 << 20;
    double *samples = malloc(room * sizeof *samples);
    double from, start, end;
    uint64_t next = 0;
    zmq_msg_t message;
    zmq_msg_init(&message);
    wait_for(&to_us);
    CHECK(zmq_connect(socket, endpoint));
    from = now() + seconds / 4;
    do {
        put_number(payload, next);
        start = now();
        send_bytes(socket, payload, size);
        CHECK(zmq_msg_recv(&message, socket, 0));
        end = now();
        check_answer(next++, &message);
        if (start >= from) {
            if (taken == room)
                samples = realloc(samples, (room *= 2) * sizeof *samples);
            samples[taken++] = (end - start) * 1e6;
        }
    } while (end < from + seconds);
    send_bytes(socket, &next, END);
    CHECK(zmq_msg_recv(&message, socket, 0));
    tell(&to_other);
    qsort(samples, taken, sizeof *samples, compare);
    printf("{\"p50\": %f, \"p99\": %f, \"p99_9\": %f, \"messages\": %zu}\n",
           quantile(samples, taken, 0.5), quantile(samples, taken, 0.99),
           quantile(samples, taken, 0.999), taken);
    zmq_close(socket);
}

/* Requests of many to one */

static void dealers(void)
{
    void **sockets = malloc((size_t) count * sizeof *sockets);
    unsigned char *payload = new_payload();
    int each = REQUESTS / count > 1 ? REQUESTS / count : 1;
    uint64_t done = 0;
    double start, elapsed;
    zmq_msg_t message;
    zmq_msg_init(&message);
    wait_for(&to_us);
    for (int at = 0; at < count; at++) {
        sockets[at] = new_socket(our_context, ZMQ_DEALER);
        CHECK(zmq_connect(sockets[at], endpoint));
    }
    put_number(payload, 0);
    for (int at = 0; at < count; at++)
        send_bytes(sockets[at], payload, size);
    for (int at = 0; at < count; at++) {
        CHECK(zmq_msg_recv(&message, sockets[at], 0));
        check_answer(0, &message);
    }
    start = now();
    while ((elapsed = now() - start) < seconds) {
        uint64_t number = done;
        for (int at = 0; at < count; at++)
            for (int one = 0; one < each; one++) {
                put_number(payload, number++);
                send_bytes(sockets[at], payload, size);
            }
        for (int at = 0; at < count; at++)
            for (int one = 0; one < each; one++) {
                CHECK(zmq_msg_recv(&message, sockets[at], 0));
                check_answer(done++, &message);
            }
    }
    printf("{\"rate\": %f, \"messages\": %f}\n", (double) done / elapsed, (double) done);
    send_bytes(sockets[0], &done, END);
    CHECK(zmq_msg_recv(&message, sockets[0], 0));
    tell(&to_other);
    for (int at = 0; at < count; at++)
        zmq_close(sockets[at]);
}

/* One to many */

static void *publish(void *unused)
{
    void *socket = new_socket(other_context, ZMQ_PUB);
    unsigned char *payload = new_payload();
    double times[2] = {seconds / 4, seconds};
    uint64_t next = 0;
    int ahead = 0;
    no_limits(socket);
    CHECK(zmq_bind(socket, endpoint));
    tell(&to_us);
    while (sem_trywait(&to_other) != 0) {
        send_bytes(socket, PROBE, strlen(PROBE));
        pause_a_millisecond();
    }
    for (int phase = 0; phase < 2; phase++) {
        double until = now() + times[phase];
        while (now() < until) {
            for (int at = 0; at < STEP; at++) {
                put_number(payload, next++ | (phase ? MEASURED : 0));
                send_bytes(socket, payload, size);
            }
            for (ahead += STEP; ahead >= AHEAD; ahead -= STEP)
                wait_for(&to_other);
        }
    }
    send_bytes(socket, &next, END);
    for (; ahead > 0; ahead -= STEP)
        wait_for(&to_other);
    wait_for(&to_other);
    zmq_close(socket);
    return unused;
}

static void subscribers(void)
{
    void **sockets = malloc((size_t) count * sizeof *sockets);
    struct meter *meters = calloc((size_t) count, sizeof *meters);
    uint64_t received = 0;
    int more = 1;
    zmq_msg_t message;
    zmq_msg_init(&message);
    wait_for(&to_us);
    for (int at = 0; at < count; at++) {
        sockets[at] = new_socket(our_context, ZMQ_SUB);
        no_limits(sockets[at]);
        CHECK(zmq_setsockopt(sockets[at], ZMQ_SUBSCRIBE, "", 0));
        CHECK(zmq_connect(sockets[at], endpoint));
    }
    for (int at = 0; at < count; at++) {
        CHECK(zmq_msg_recv(&message, sockets[at], 0));
        EXPECT(is(&message, PROBE));
    }
    tell(&to_other);
    while (more) {
        for (int at = 0; at < count; at++) {
            do
                CHECK(zmq_msg_recv(&message, sockets[at], 0));
            while (zmq_msg_size(&message) == strlen(PROBE));
            more = take(&meters[at], zmq_msg_data(&message), zmq_msg_size(&message));
        }
        if (++received % STEP == 0)
            tell(&to_other);
    }
    print_meter(&meters[count - 1]);
    tell(&to_other);
    for (int at = 0; at < count; at++)
        zmq_close(sockets[at]);
}

/* Many subscriptions */

static void topic(char *text, int number)
{
    memcpy(text, "topic/", 6);
    for (int at = 15; at >= 6; at--, number /= 10)
        text[at] = (char) ('0' + number % 10);
}

static void next_topic(uint64_t *state, char *text)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    topic(text, (int) ((*state >> 32) % (uint64_t) count));
}

static void *publish_topics(void *unused)
{
    void *socket = new_socket(other_context, ZMQ_PUB);
    const char *probes[2] = {CONNECTED, SUBSCRIBED};
    uint64_t state = 1;
    char text[16];
    int ahead = 0;
    double until;
    no_limits(socket);
    CHECK(zmq_bind(socket, endpoint));
    tell(&to_us);
    for (int at = 0; at < 2; at++)
        while (sem_trywait(&to_other) != 0) {
            send_bytes(socket, probes[at], strlen(probes[at]));
            pause_a_millisecond();
        }
    until = now() + seconds;
    while (now() < until) {
        for (int at = 0; at < STEP; at++) {
            next_topic(&state, text);
            send_bytes(socket, text, sizeof text);
        }
        for (ahead += STEP; ahead >= AHEAD; ahead -= STEP)
            wait_for(&to_other);
    }
    send_bytes(socket, OVER, END);
    for (; ahead > 0; ahead -= STEP)
        wait_for(&to_other);
    wait_for(&to_other);
    zmq_close(socket);
    return unused;
}

static void subscribe(void)
{
    void *socket = new_socket(our_context, ZMQ_SUB);
    uint64_t state = 1, matched = 0;
    double before, start, subscribed, bytes, matching;
    char text[16];
    zmq_msg_t message;
    zmq_msg_init(&message);
    wait_for(&to_us);
    no_limits(socket);
    CHECK(zmq_connect(socket, endpoint));
    CHECK(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, CONNECTED, strlen(CONNECTED)));
    CHECK(zmq_msg_recv(&message, socket, 0));
    EXPECT(is(&message, CONNECTED));
    before = resident();
    start = now();
    for (int at = 0; at < count; at++) {
        topic(text, at);
        CHECK(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, text, sizeof text));
    }
    CHECK(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, SUBSCRIBED, strlen(SUBSCRIBED)));
    tell(&to_other);
    do
        CHECK(zmq_msg_recv(&message, socket, 0));
    while (!is(&message, SUBSCRIBED));
    subscribed = now() - start;
    bytes = resident() - before;
    tell(&to_other);

    start = now();
    for (;;) {
        CHECK(zmq_msg_recv(&message, socket, 0));
        if (zmq_msg_size(&message) == END)
            break;
        if (is(&message, SUBSCRIBED))
            continue;
        next_topic(&state, text);
        EXPECT(zmq_msg_size(&message) == sizeof text
               && memcmp(zmq_msg_data(&message), text, sizeof text) == 0);
        if (++matched % STEP == 0)
            tell(&to_other);
    }
    matching = now() - start;
    tell(&to_other);
    printf("{\"rate\": %f, \"matches\": %f, \"bytes_each\": %f}\n", count / subscribed,
           (double) matched / matching, bytes / count);
    zmq_close(socket);
}

/* Sockets and their memory */

static void sockets(void)
{
    double times[2] = {seconds / 4, seconds}, elapsed = 0, start;
    uint64_t made = 0;
    for (int phase = 0; phase < 2; phase++) {
        made = 0;
        start = now();
        while ((elapsed = now() - start) < times[phase]) {
            CHECK(zmq_close(new_socket(our_context, ZMQ_PUSH)));
            made++;
        }
    }
    printf("{\"rate\": %f, \"messages\": %f}\n", (double) made / elapsed, (double) made);
}

static void idle_sockets(void)
{
    void **sockets = malloc((size_t) (count + 1) * sizeof *sockets);
    double before = 0;
    for (int at = 0; at <= count; at++) {
        if (at == 1)
            before = resident();
        sockets[at] = new_socket(our_context, ZMQ_DEALER);
    }
    printf("{\"bytes_each\": %f}\n", (resident() - before) / count);
    for (int at = 0; at <= count; at++)
        zmq_close(sockets[at]);
}

static void connections(void)
{
    void *router = new_socket(our_context, ZMQ_ROUTER);
    void **sockets = malloc((size_t) (count + 1) * sizeof *sockets);
    unsigned char *payload = new_payload();
    double before = 0;
    zmq_msg_t message;
    zmq_msg_init(&message);
    put_number(payload, 0);
    CHECK(zmq_bind(router, endpoint));
    for (int at = 0; at <= count; at++) {
        if (at == 1)
            before = resident();
        sockets[at] = new_socket(our_context, ZMQ_DEALER);
        CHECK(zmq_connect(sockets[at], endpoint));
        send_bytes(sockets[at], payload, size);
        echo_one(router, &message);
        CHECK(zmq_msg_recv(&message, sockets[at], 0));
        check_answer(0, &message);
    }
    printf("{\"bytes_each\": %f}\n", (resident() - before) / count);
    for (int at = 0; at <= count; at++)
        zmq_close(sockets[at]);
    zmq_close(router);
}

static void both(void (*measures)(void), void *(*helps)(void *), int *type)
{
    pthread_t helper;
    EXPECT(pthread_create(&helper, NULL, helps, type) == 0);
    measures();
    pthread_join(helper, NULL);
}

/* KIND ENDPOINT SIZE COUNT MILLISECONDS */
int main(int argc, char **argv)
{
    const char *kind;
    int rep = ZMQ_REP, router = ZMQ_ROUTER;
    if (argc < 5) {
        fputs("expected: KIND ENDPOINT SIZE COUNT MILLISECONDS\n", stderr);
        return 1;
    }
    argv += argc - 5;
    kind = argv[0];
    endpoint = argv[1];
    size = strtoul(argv[2], NULL, 10);
    count = atoi(argv[3]);
    seconds = atoi(argv[4]) / 1e3;
    EXPECT(size > END && count > 0);
    stride = 65536 / size;
    stride = stride < 1 ? 1 : stride > 64 ? 64 : stride;
    sem_init(&to_us, 0, 0);
    sem_init(&to_other, 0, 0);
    our_context = zmq_ctx_new();
    other_context = strncmp(endpoint, "inproc:", 7) == 0 ? our_context : zmq_ctx_new();
    if (strcmp(kind, "throughput") == 0)
        both(pull, push, NULL);
    else if (strcmp(kind, "roundtrip") == 0)
        both(ask, echo, &rep);
    else if (strcmp(kind, "fanout") == 0)
        both(subscribers, publish, NULL);
    else if (strcmp(kind, "router") == 0)
        both(dealers, echo, &router);
    else if (strcmp(kind, "subscriptions") == 0)
        both(subscribe, publish_topics, NULL);
    else if (strcmp(kind, "sockets") == 0)
        sockets();
    else if (strcmp(kind, "socket-memory") == 0)
        idle_sockets();
    else if (strcmp(kind, "connection-memory") == 0)
        connections();
    else {
        fprintf(stderr, "no kind of cell: %s\n", kind);
        return 1;
    }
    fflush(stdout);
    return 0;
}
