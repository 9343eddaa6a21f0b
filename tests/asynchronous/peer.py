"""An asyncio peer: what it does is its first argument, what it connects to the second one.

ask      sends 200 requests, several tasks at once, and checks that each reply is its request
answer   answers every request with itself, and ends at one that says "end"
pull     answers on standard output how many numbers have come, in order, until "end"
push     sends 2000 numbers, of two frames each, and "end"
"""

import asyncio
import sys

import zmq
import zmq.asyncio

NUMBERS = 2000


async def ask(context, endpoint):
    async def one(client):
        with context.socket(zmq.REQ) as socket:
            socket.connect(endpoint)
            for number in range(20):
                request = f"{client}: {number}".encode()
                await socket.send(request)
                assert await socket.recv() == request
    await asyncio.gather(*(one(client) for client in range(10)))


async def answer(context, endpoint):
    with context.socket(zmq.REP) as socket:
        socket.connect(endpoint)
        while True:
            request = await socket.recv_multipart()
            await socket.send_multipart(request)
            if request == [b"end"]:
                return


async def pull(context, endpoint):
    with context.socket(zmq.PULL) as socket:
        socket.rcvhwm = 5
        socket.connect(endpoint)
        for number in range(NUMBERS):
            assert await socket.recv_multipart() == [str(number).encode(), b"x"]
        assert await socket.recv() == b"end"
    print(NUMBERS)


async def push(context, endpoint):
    with context.socket(zmq.PUSH) as socket:
        socket.sndhwm = 5
        socket.connect(endpoint)
        for number in range(NUMBERS):
            await socket.send_multipart([str(number).encode(), b"x"])
        await socket.send(b"end")


async def main():
    context = zmq.asyncio.Context()
    try:
        await globals()[sys.argv[1]](context, sys.argv[2])
    finally:
        context.destroy(linger=10_000)


asyncio.run(asyncio.wait_for(main(), 60))
