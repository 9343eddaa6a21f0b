"""A ZeroMQ peer that does what it is told; the scenarios live in the program that starts it.

Standard input carries one JSON request a line, standard output one JSON reply a line, in order.
End of input ends the agent.

Request  {"op": NAME, ...}: a public method of Agent and its arguments. Sockets go by names that
         the requester chooses.
Reply    {"ok": VALUE}, or {"error": NAME_OF_ERRNO} when libzmq refuses. Anything else that goes
         wrong is a mistake in the request or in here: the agent ends with a traceback.
Bytes    are strings of hexadecimal digits. A frame longer than INLINE bytes is {"pattern": n}:
         byte i is i % 251. If it arrives with other bytes, it is {"length": n, "sha256": digest}.
Time     is in milliseconds, and no operation waits without a limit.
"""

import errno
import hashlib
import json
import multiprocessing
import sys

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils.monitor import parse_monitor_message

INLINE = 8192


def option_value(value):
    return bytes.fromhex(value) if isinstance(value, str) else value


def pattern(length):
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def frame_to_send(frame):
    return bytes.fromhex(frame) if isinstance(frame, str) else pattern(frame["pattern"])


def received_frame(frame):
    if len(frame) <= INLINE:
        return frame.hex()
    if frame == pattern(len(frame)):
        return {"pattern": len(frame)}
    return {"length": len(frame), "sha256": hashlib.sha256(frame).hexdigest()}


def work(source, sink, end):
    """A forked worker: answers each task with its square, until the end is published."""
    with zmq.Context() as context:
        tasks, results = context.socket(zmq.PULL), context.socket(zmq.PUSH)
        over = context.socket(zmq.SUB)
        tasks.connect(source)
        results.connect(sink)
        over.subscribe(b"")
        over.connect(end)
        poller = zmq.Poller()
        poller.register(tasks, zmq.POLLIN)
        poller.register(over, zmq.POLLIN)
        while over not in (ready := dict(poller.poll())):
            if tasks in ready:
                results.send(b"%d" % int(tasks.recv()) ** 2)
        for socket in tasks, results, over:
            socket.close()


class Keys:
    """The keys of CURVE, in Z85, that are let in."""

    def __init__(self, keys):
        self._keys = keys

    def callback(self, domain, key):
        return key.decode() in self._keys


class Agent:
    def __init__(self):
        self._context = zmq.Context()
        self._authenticator = None
        self._sockets = {}
        self._monitors = {}
        self._workers = []

    def hello(self):
        return {"pyzmq": zmq.__version__, "libzmq": zmq.zmq_version()}

    def socket(self, socket, kind):
        self._sockets[socket] = self._context.socket(zmq.SocketType[kind])

    def set(self, socket, option, value):
        self._sockets[socket].set(zmq.SocketOption[option], option_value(value))

    def get(self, socket, option):
        value = self._sockets[socket].get(zmq.SocketOption[option])
        return value.hex() if isinstance(value, bytes) else value

    def subscribe(self, socket, topic, on):
        """Subscribes to a topic, or no longer; an XSUB by a message."""
        if self._sockets[socket].type == zmq.XSUB:
            self._sockets[socket].send(bytes([on]) + bytes.fromhex(topic))
        else:
            option = zmq.SUBSCRIBE if on else zmq.UNSUBSCRIBE
            self._sockets[socket].set(option, bytes.fromhex(topic))

    def bind(self, socket, endpoint):
        """Binds, and returns the endpoint with its wildcards resolved."""
        self._sockets[socket].bind(endpoint)
        return self._sockets[socket].last_endpoint.decode()

    def unbind(self, socket, endpoint):
        self._sockets[socket].unbind(endpoint)

    def connect(self, socket, endpoint):
        self._sockets[socket].connect(endpoint)

    def disconnect(self, socket, endpoint):
        self._sockets[socket].disconnect(endpoint)

    def send(self, socket, frames, ms):
        """Returns whether the message was taken before the time was up."""
        self._sockets[socket].sndtimeo = ms
        try:
            self._sockets[socket].send_multipart([frame_to_send(frame) for frame in frames])
        except zmq.Again:
            return False
        return True

    def recv(self, socket, ms):
        """Returns the frames of the next message, or null when the time is up."""
        self._sockets[socket].rcvtimeo = ms
        try:
            frames = self._sockets[socket].recv_multipart()
        except zmq.Again:
            return None
        return [received_frame(frame) for frame in frames]

    def monitor(self, socket):
        """Starts to record the events of a socket, without limit: a full monitor stops libzmq."""
        endpoint = f"inproc://monitor-of-{socket}"
        self._sockets[socket].monitor(endpoint, zmq.EVENT_ALL)
        self._monitors[socket] = self._context.socket(zmq.PAIR)
        self._monitors[socket].rcvhwm = 0
        self._monitors[socket].connect(endpoint)

    def event(self, socket, ms):
        """Returns the next event of a monitored socket, or null when the time is up."""
        self._monitors[socket].rcvtimeo = ms
        try:
            event = parse_monitor_message(self._monitors[socket].recv_multipart())
        except zmq.Again:
            return None
        return {
            "event": zmq.Event(event["event"]).name,
            "value": int(event["value"]),
            "endpoint": event["endpoint"].decode(),
        }

    def fork_workers(self, count, source, sink, end):
        """Forks workers, beside the sockets that there are."""
        fork = multiprocessing.get_context("fork")
        for _ in range(count):
            worker = fork.Process(target=work, args=(source, sink, end), daemon=True)
            worker.start()
            self._workers.append(worker)

    def join_workers(self, ms):
        """Returns the exit codes of the workers, null for one that goes on."""
        for worker in self._workers:
            worker.join(ms / 1000)
        return [worker.exitcode for worker in self._workers]

    def authenticate(self, domain, passwords, keys, denied):
        """Decides from now on who may come to a domain: by passwords, keys in Z85, addresses."""
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        if denied:
            self._authenticator.deny(*denied)
        self._authenticator.configure_plain(domain, passwords)
        self._authenticator.configure_curve_callback(domain, Keys(keys))

    def create_certificate(self, directory, name, metadata):
        """Writes a certificate with new keys, and returns the names of the two files."""
        return zmq.auth.create_certificates(directory, name, metadata)

    def load_certificate(self, file):
        """Returns the public and the secret key, in Z85, of a certificate."""
        return [key and key.decode() for key in zmq.auth.load_certificate(file)]

    def load_certificates(self, directory):
        """Returns the public keys of the certificates in a directory."""
        return [key.decode() for key in zmq.auth.load_certificates(directory)]

    def close(self, socket, linger):
        if socket in self._monitors:
            self._sockets[socket].monitor(None, 0)
            self._monitors.pop(socket).close(linger=0)
        self._sockets.pop(socket).close(linger=linger)


def main():
    agent = Agent()
    for line in sys.stdin:
        request = json.loads(line)
        operation = getattr(agent, request.pop("op"))
        try:
            reply = {"ok": operation(**request)}
        except zmq.ZMQError as error:
            reply = {"error": zmq_errno_name(error.errno)}
        print(json.dumps(reply), flush=True)
    if agent._authenticator:
        agent._authenticator.stop()
    agent._context.destroy(linger=0)


def zmq_errno_name(number):
    return errno.errorcode.get(number) or zmq.Errno(number).name


if __name__ == "__main__":
    main()
