"""A small HTTP/1.1 server whose paths misbehave on purpose. Prints its port when it listens, then a line per request.

Usage: http_server.py [CERTIFICATE KEY]
"""

import asyncio
import json
import os
import signal
import ssl
import sys
import urllib.parse

barriers = {}


def answer(status, headers, body):
    lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def hold(count, size, writer):
    """Answers nobody until `size` requests wait at the same time, then everybody."""
    barrier = barriers.setdefault(count, {"waiting": 0, "open": asyncio.Event()})
    barrier["waiting"] += 1
    if barrier["waiting"] == size:
        barrier["open"].set()
    await barrier["open"].wait()
    writer.write(answer(200, [], b"released"))


async def respond(method, target, headers, body, reader, writer):
    url = urllib.parse.urlsplit(target)
    query = dict(urllib.parse.parse_qsl(url.query))
    if url.path == "/echo":
        text = json.dumps({"method": method, "target": target, "headers": headers, "body": body.decode("latin-1")})
        writer.write(answer(200, ["Content-Type: application/json", "X-Twice: a", "x-twice: b"], text.encode()))
    elif url.path == "/status":
        writer.write(answer(int(query["code"]), ["Retry-After: 7"], b""))
    elif url.path == "/redirect":
        writer.write(answer(302, [f"Location: {query.get('to', '/echo')}"], b"elsewhere"))
    elif url.path == "/once":
        writer.write(answer(200, ["Connection: close"], b"once"))
        await writer.drain()
        writer.close()
    elif url.path == "/endless":
        # Says "closed" when nobody reads any more.
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                await writer.drain()
        except ConnectionError:
            pass
        print("closed", flush=True)
    elif url.path == "/large":
        writer.write(answer(200, [], b"x" * int(query["bytes"])))
    elif url.path == "/headers":
        writer.write(answer(200, [f"X-Filler-{index}: {'y' * 1000}" for index in range(64)], b""))
    elif url.path == "/interim":
        writer.write(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n" + answer(204, ["X-Final: yes"], b""))
    elif url.path == "/cut":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        await writer.drain()
        writer.close()
    elif url.path == "/garbage":
        writer.write(b"this is no HTTP at all\r\n\r\n")
        await writer.drain()
        writer.close()
    elif url.path == "/empty":
        writer.close()
    elif url.path == "/drip":
        # Slow on purpose: a body that never ends within the client's time.
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        hangup = asyncio.create_task(reader.read())
        while not hangup.done():
            writer.write(b"x")
            await writer.drain()
            await asyncio.wait([hangup], timeout=0.05)
    elif url.path == "/never":
        await reader.read()
        print("closed", flush=True)
    elif url.path == "/hold":
        await hold(query.get("name", ""), int(query["count"]), writer)


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ", 2)
            headers = [line.split(": ", 1) if ": " in line else [line.rstrip(":"), ""] for line in head[1:] if line]
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
            body = await reader.readexactly(length)
            print(json.dumps([method, target]), flush=True)
            await respond(method, target, headers, body, reader, writer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        pass
    finally:
        writer.close()


def end():
    """Says that nothing more will be printed, then ends."""
    print("end", flush=True)
    os._exit(0)


async def end_with_parent():
    """A test process that is killed cannot end its servers."""
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(os.pidfd_open(os.getppid()), gone.set)
    await gone.wait()
    os._exit(0)


async def main():
    # A process started from a dispatch thread inherits that thread's mask, which blocks almost everything.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    guard = asyncio.create_task(end_with_parent())
    context = None
    if len(sys.argv) == 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await guard


asyncio.run(main())
