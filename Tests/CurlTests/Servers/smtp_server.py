"""A mail relay that prints each mail as one line of JSON, read by the standard library's parser.

Prints its port when it listens. Recipients at `fails.example` are refused with the code their local part names.
Usage: smtp_server.py [CERTIFICATE KEY]   (with a certificate it asks for STARTTLS and a login)
"""

import asyncio
import base64
import email
import email.policy
import json
import os
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def described(part):
    content = part.get_payload(decode=True) or b""
    return {
        "type": part.get_content_type(),
        "disposition": part.get_content_disposition(),
        "filename": part.get_filename(),
        "content": base64.b64encode(content).decode(),
        "defects": [type(defect).__name__ for defect in part.defects],
    }


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        local, domain = address.split("@")
        if domain == "fails.example":
            return f"{local} refused for a test"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"refuse this content" in envelope.content:
            return "554 5.7.1 content refused"
        if b"never answer this content" in envelope.content:
            await asyncio.Event().wait()
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        lines = envelope.content.split(b"\r\n")
        print(json.dumps({
            "peer": session.peer[1],
            "encrypted": session.ssl is not None,
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "defects": [type(defect).__name__ for value in mail.values() for defect in value.defects],
            "structure": [part.get_content_type() for part in mail.walk()],
            "parts": [described(part) for part in mail.walk() if not part.is_multipart()],
            "longest_line": max(len(line) for line in lines),
            "is_ascii": envelope.content.isascii(),
        }), flush=True)
        if b"close after this content" in envelope.content:
            asyncio.get_running_loop().call_later(0.01, close, server)
        return "250 OK"


def close(server):
    server.transport.close()
    asyncio.get_running_loop().call_soon(lambda: print("closed", flush=True))


def authenticate(server, session, envelope, mechanism, data):
    is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"events", b"correct horse")
    return AuthResult(success=is_known, handled=False)


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
    options = {}
    if len(sys.argv) == 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        options = {"tls_context": context, "require_starttls": True, "auth_required": True,
                   "authenticator": authenticate}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="relay.example", loop=loop, **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await guard


asyncio.run(main())
