"""A mail relay that prints each mail as one line of JSON, read by the standard library's parser.

Prints its port when it listens. Recipients at `fails.example` are refused with the code their local part names.
"""

import asyncio
import base64
import email
import email.policy
import json
import os
import signal

from aiosmtpd.smtp import SMTP


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        local, domain = address.split("@")
        if domain == "fails.example":
            return f"{local} refused for a test"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        attachments = list(mail.iter_attachments())
        print(json.dumps({
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "messageID": mail["message-id"],
            "subject": mail["subject"],
            "to": mail["to"],
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
            "filenames": [part.get_filename() for part in attachments],
            "attachments": [base64.b64encode(part.get_content()).decode() for part in attachments],
        }), flush=True)
        return "250 OK"


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
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="relay.example", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await guard


asyncio.run(main())
