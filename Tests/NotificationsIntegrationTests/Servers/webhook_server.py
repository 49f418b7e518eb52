"""A webhook receiver whose paths misbehave on purpose. Prints its port when it listens, then a line of JSON per request.

/ok answers 200, /gone 410, /redirect 302 to /ok, /never not at all, /recovers 500 once and 200 from then on, and
/status/CODE that code. /busy/SECONDS answers 429 with that Retry-After; /large more than anybody keeps, without end.
"""

import asyncio
import json
import os
import signal
import time

seen = set()


def answer(status, headers=(), body=b""):
    lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def respond(target, reader, writer):
    if target == "/ok":
        writer.write(answer(200, body=b"thank you"))
    elif target == "/gone":
        writer.write(answer(410))
    elif target == "/redirect":
        writer.write(answer(302, ["Location: /ok"]))
    elif target == "/recovers":
        writer.write(answer(200 if target in seen else 500, body=b"\x00bin\xff"))
        seen.add(target)
    elif target == "/never":
        await reader.read()
    elif target.startswith("/busy/"):
        writer.write(answer(429, ["Retry-After: " + target.removeprefix("/busy/")]))
    elif target == "/large":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 4096)
            await writer.drain()
    elif target.startswith("/status/"):
        writer.write(answer(int(target.removeprefix("/status/"))))


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ", 2)
            headers = {}
            for line in head[1:]:
                if line:
                    name, value = line.split(":", 1)
                    headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = {"method": method, "target": target, "headers": headers, "body": body.decode()}
            print(json.dumps({**request, "received_at": time.time()}), flush=True)
            await respond(target, reader, writer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def end():
    """Says that nothing more will be printed, then ends."""
    print("end", flush=True)
    os._exit(0)


async def end_with_parent():
    """A test process that is killed cannot end its servers."""
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)
    os._exit(0)


async def main():
    # A process started from a dispatch thread inherits that thread's mask, which blocks almost everything.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    guard = asyncio.create_task(end_with_parent())
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await guard


asyncio.run(main())
