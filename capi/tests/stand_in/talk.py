"""What Debian's own Python binding does, on whatever libzmq.so.5 it finds."""

import os
import sys
import threading

import zmq

assert zmq.zmq_version() == sys.argv[1], zmq.zmq_version()

context = zmq.Context()
server = context.socket(zmq.REP)
port = server.bind_to_random_port("tcp://127.0.0.1")


def serve():
    while (request := server.recv()) != b"end":
        server.send(request.upper())
    server.send(b"")


thread = threading.Thread(target=serve)
thread.start()
client = context.socket(zmq.REQ)
client.connect(f"tcp://127.0.0.1:{port}")
for request in [b"hello", b"x" * 100000, b"end"]:
    client.send(request, copy=False)
    assert client.poll(10000) == zmq.POLLIN
    reply = client.recv()
    assert reply == (b"" if request == b"end" else request.upper())
thread.join()

# Encrypted, and several frames.
public, secret = zmq.curve_keypair()
assert zmq.curve_public(secret) == public
push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
push.curve_server, push.curve_secretkey, push.curve_publickey = True, secret, public
pull.curve_serverkey = public
pull.curve_publickey, pull.curve_secretkey = zmq.curve_keypair()
port = push.bind_to_random_port("tcp://127.0.0.1")
pull.connect(f"tcp://127.0.0.1:{port}")
push.send_multipart([b"one", b"two", b"three"])
poller = zmq.Poller()
poller.register(pull, zmq.POLLIN)
poller.register(push, zmq.POLLIN)
assert poller.poll(10000) == [(pull, zmq.POLLIN)]
assert pull.recv_multipart() == [b"one", b"two", b"three"]

# A socket that was closed, and a child.
pull.close()
try:
    pull.recv()
    raise AssertionError("a closed socket received")
except zmq.ZMQError as error:
    assert error.errno == zmq.ENOTSOCK, error
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)

for socket in [server, client, push]:
    socket.close(linger=0)
context.term()
print("all well")
