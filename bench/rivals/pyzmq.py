"""pyzmq as a worker of the benchmarks: the work of worker/src/work.rs, in Python.

    pyzmq.py KIND ENDPOINT SIZE COUNT MILLISECONDS

Sides that do not meet in-process are two processes, as one interpreter runs one thread at a time.
"""

import errno
import json
import os
import select
import struct
import sys
import threading
import time
from time import perf_counter as now

import zmq

END, FILL, MEASURED = 8, 0x5A, 1 << 63
AHEAD, STEP, REQUESTS = 200, 50, 400
PROBE, CONNECTED, SUBSCRIBED, OVER = b"P", b"connected", b"all", b"all over"
NUMBER = struct.Struct("<Q")

kind, endpoint = sys.argv[1:3]
size, count = int(sys.argv[3]), int(sys.argv[4])
seconds = int(sys.argv[5]) / 1000
stride = min(max(65536 // size, 1), 64)


class Signs:
    """How the two sides agree how far they are: works between threads and processes."""

    def __init__(self, told, tells):
        self.told, self.tells = told, tells

    def tell(self):
        os.write(self.tells, b".")

    def wait(self):
        assert os.read(self.told, 1) == b".", "the other side is there"

    def is_told(self):
        if not select.select([self.told], [], [], 0)[0]:
            return False
        self.wait()
        return True


def new_socket(context, type):
    while True:
        try:
            return context.socket(type)
        except zmq.ZMQError as error:
            # The context ends sockets in the background, and may have no room before it has.
            if error.errno != errno.EMFILE:
                raise


def new_payload():
    return bytearray([FILL]) * size


class Meter:
    def __init__(self):
        self.expected, self.measured, self.started = 0, 0, None

    def take(self, message):
        (number,) = NUMBER.unpack_from(message)
        if len(message) == END:
            assert number == self.expected, "messages are missing"
            return False
        assert len(message) == size and number & ~MEASURED == self.expected and message[-1] == FILL
        if self.expected == 0:
            assert message[8:] == bytes([FILL]) * (size - 8), "message 0 has changed"
        self.expected += 1
        if number & MEASURED:
            if self.started is None:
                self.started = now()
            else:
                self.measured += 1
        return True

    def report(self):
        rate = self.measured / (now() - self.started)
        return {"rate": rate, "messages": self.measured, "bytes": self.measured * size}


def check_answer(number, answer):
    assert len(answer) == size and NUMBER.unpack_from(answer)[0] == number and answer[-1] == FILL


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


def pull(context, signs):
    socket, meter = new_socket(context, zmq.PULL), Meter()
    socket.bind(endpoint)
    signs.tell()
    while meter.take(socket.recv()):
        pass
    report = meter.report()
    signs.tell()
    return report


def push(context, signs):
    signs.wait()
    socket, payload, next_number = new_socket(context, zmq.PUSH), new_payload(), 0
    socket.connect(endpoint)
    for flag, period in (0, seconds / 4), (MEASURED, seconds):
        until = now() + period
        while now() < until:
            for _ in range(stride):
                NUMBER.pack_into(payload, 0, next_number | flag)
                socket.send(payload)
                next_number += 1
    socket.send(NUMBER.pack(next_number))
    signs.wait()


def ask(context, signs):
    signs.wait()
    socket, payload, number, samples = new_socket(context, zmq.REQ), new_payload(), 0, []
    socket.connect(endpoint)
    measured_from = now() + seconds / 4
    while True:
        NUMBER.pack_into(payload, 0, number)
        start = now()
        socket.send(payload)
        answer = socket.recv()
        end = now()
        check_answer(number, answer)
        number += 1
        if start >= measured_from:
            samples.append((end - start) * 1e6)
        if end >= measured_from + seconds:
            break
    socket.send(NUMBER.pack(number))
    socket.recv()
    signs.tell()
    samples.sort()
    quantile = lambda part: samples[max(-int(-len(samples) * part // 1), 1) - 1]
    figures = {"p50": quantile(0.5), "p99": quantile(0.99), "p99_9": quantile(0.999)}
    return figures | {"messages": len(samples)}


def echo(type):
    def side(context, signs):
        socket = new_socket(context, type)
        if type == zmq.ROUTER:
            socket.sndhwm = socket.rcvhwm = 0
        socket.bind(endpoint)
        signs.tell()
        while True:
            frames = socket.recv_multipart()
            socket.send_multipart(frames)
            if len(frames[-1]) == END:
                break
        signs.wait()

    return side


def dealers(context, signs):
    signs.wait()
    sockets, payload = [], new_payload()
    for _ in range(count):
        sockets.append(new_socket(context, zmq.DEALER))
        sockets[-1].connect(endpoint)
    NUMBER.pack_into(payload, 0, 0)
    for socket in sockets:
        socket.send(payload)
    for socket in sockets:
        check_answer(0, socket.recv())
    each, done, start = max(REQUESTS // count, 1), 0, now()
    while now() - start < seconds:
        number = done
        for socket in sockets:
            for _ in range(each):
                NUMBER.pack_into(payload, 0, number)
                socket.send(payload)
                number += 1
        for socket in sockets:
            for _ in range(each):
                check_answer(done, socket.recv())
                done += 1
    rate = done / (now() - start)
    sockets[0].send(NUMBER.pack(done))
    sockets[0].recv()
    signs.tell()
    return {"rate": rate, "messages": done}


def subscribers(context, signs):
    signs.wait()
    all = []
    for _ in range(count):
        socket = new_socket(context, zmq.SUB)
        socket.sndhwm = socket.rcvhwm = 0
        socket.subscribe(b"")
        socket.connect(endpoint)
        all.append((socket, Meter()))
    for socket, _ in all:
        assert socket.recv() == PROBE
    signs.tell()
    more, received = True, 0
    while more:
        for socket, meter in all:
            message = socket.recv()
            while len(message) == len(PROBE):
                message = socket.recv()
            more = meter.take(message)
        received += 1
        if received % STEP == 0:
            signs.tell()
    report = all[-1][1].report()
    signs.tell()
    return report


def publish(context, signs):
    socket, payload, number, ahead = new_socket(context, zmq.PUB), new_payload(), 0, 0
    socket.sndhwm = socket.rcvhwm = 0
    socket.bind(endpoint)
    signs.tell()
    while not signs.is_told():
        socket.send(PROBE)
        time.sleep(0.001)
    for flag, period in (0, seconds / 4), (MEASURED, seconds):
        until = now() + period
        while now() < until:
            for _ in range(STEP):
                NUMBER.pack_into(payload, 0, number | flag)
                socket.send(payload)
                number += 1
            ahead += STEP
            while ahead >= AHEAD:
                signs.wait()
                ahead -= STEP
    socket.send(NUMBER.pack(number))
    for _ in range(ahead // STEP + 1):
        signs.wait()


def topic(number):
    return b"topic/%010d" % number


def topics():
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        yield topic((state >> 32) % count)


def subscribe(context, signs):
    signs.wait()
    socket = new_socket(context, zmq.SUB)
    socket.sndhwm = socket.rcvhwm = 0
    socket.connect(endpoint)
    socket.subscribe(CONNECTED)
    assert socket.recv() == CONNECTED
    before, start = resident(), now()
    for number in range(count):
        socket.subscribe(topic(number))
    socket.subscribe(SUBSCRIBED)
    signs.tell()
    while socket.recv() != SUBSCRIBED:
        pass
    subscribed = now() - start
    bytes_each = (resident() - before) / count
    signs.tell()
    expected, matched, start = topics(), 0, now()
    while True:
        message = socket.recv()
        if len(message) == END:
            break
        if message == SUBSCRIBED:
            continue
        assert message == next(expected), "a topic is missing"
        matched += 1
        if matched % STEP == 0:
            signs.tell()
    matching = now() - start
    signs.tell()
    figures = {"rate": count / subscribed, "matches": matched / matching}
    # Between processes the publisher's half of it is not here.
    return figures | ({"bytes_each": bytes_each} if in_process else {})


def publish_topics(context, signs):
    socket = new_socket(context, zmq.PUB)
    socket.sndhwm = socket.rcvhwm = 0
    socket.bind(endpoint)
    signs.tell()
    for probe in CONNECTED, SUBSCRIBED:
        while not signs.is_told():
            socket.send(probe)
            time.sleep(0.001)
    generated, ahead, until = topics(), 0, now() + seconds
    while now() < until:
        for _ in range(STEP):
            socket.send(next(generated))
        ahead += STEP
        while ahead >= AHEAD:
            signs.wait()
            ahead -= STEP
    socket.send(OVER)
    for _ in range(ahead // STEP + 1):
        signs.wait()


def sockets(context):
    for period in seconds / 4, seconds:
        made, start = 0, now()
        while now() - start < period:
            new_socket(context, zmq.PUSH).close()
            made += 1
    return {"rate": made / (now() - start), "messages": made}


def idle_sockets(context):
    sockets = [new_socket(context, zmq.DEALER)]
    before = resident()
    sockets += [new_socket(context, zmq.DEALER) for _ in range(count)]
    return {"bytes_each": (resident() - before) / count}


def connections(context):
    router, payload, sockets = new_socket(context, zmq.ROUTER), new_payload(), []
    router.bind(endpoint)
    NUMBER.pack_into(payload, 0, 0)
    for at in range(count + 1):
        if at == 1:
            before = resident()
        socket = new_socket(context, zmq.DEALER)
        socket.connect(endpoint)
        socket.send(payload)
        router.send_multipart(router.recv_multipart())
        check_answer(0, socket.recv())
        sockets.append(socket)
    return {"bytes_each": (resident() - before) / count}


alone = {
    "sockets": sockets,
    "socket-memory": idle_sockets,
    "connection-memory": connections,
}
sides = {
    "throughput": (pull, push),
    "roundtrip": (ask, echo(zmq.REP)),
    "fanout": (subscribers, publish),
    "router": (dealers, echo(zmq.ROUTER)),
    "subscriptions": (subscribe, publish_topics),
}
in_process = endpoint.startswith("inproc:")

if kind in alone:
    print(json.dumps(alone[kind](zmq.Context())), flush=True)
else:
    measures, helps = sides[kind]
    (first_told, second_tells), (second_told, first_tells) = os.pipe(), os.pipe()
    first, second = Signs(first_told, first_tells), Signs(second_told, second_tells)
    if in_process:
        context = zmq.Context()
        helper = threading.Thread(target=helps, args=(context, second))
        helper.start()
        print(json.dumps(measures(context, first)), flush=True)
        helper.join()
    elif (child := os.fork()) == 0:
        helps(zmq.Context(), second)
    else:
        print(json.dumps(measures(zmq.Context(), first)), flush=True)
        assert os.waitpid(child, 0)[1] == 0, "the other side did its part"
# What is left open need not be ended: each side has said that it has all.
sys.stdout.flush()
os._exit(0)
