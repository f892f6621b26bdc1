"""A real SMTP server for tests: STARTTLS and AUTH required, each received mail kept as a file.

Prints "LISTENING <port>" when it is ready. A mail NNNN is kept as NNNN.eml (the bytes) and NNNN.json (what a mail
program would show), in the folder given. Needs aiosmtpd.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import os
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Mailbox:
    """Takes or refuses mails, as told on the command line."""

    def __init__(self, options):
        self.directory = options.directory
        self.refused = set(options.refuse)
        self.put_off = options.fail_first
        self.delay = options.delay
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refused:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.put_off > 0:
            self.put_off -= 1
            return "451 4.3.0 Try again later"
        self.count += 1
        name = os.path.join(self.directory, f"{self.count:04d}")
        with open(name + ".eml", "wb") as file:
            file.write(envelope.original_content)
        # The .json comes last and whole: whoever sees it sees a complete mail.
        with open(name + ".part", "w", encoding="utf-8") as file:
            json.dump(describe(session, envelope), file, ensure_ascii=False)
        os.replace(name + ".part", name + ".json")
        return "250 2.0.0 Taken"


def describe(session, envelope):
    message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "sender": envelope.mail_from,
        "recipients": envelope.rcpt_tos,
        "isEncrypted": session.ssl is not None,
        "connection": f"{session.peer[1]}",
        "subject": str(message["Subject"]),
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "structure": [part.get_content_type() for part in message.walk()],
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "attachments": [
            {
                "name": part.get_filename() or "",
                "type": part.get_content_type(),
                "base64": base64.b64encode(part.get_payload(decode=True) or b"").decode(),
            }
            for part in message.iter_attachments()
        ],
    }


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", required=True)
    parser.add_argument("--certificate", help="with --key: STARTTLS is offered, and required")
    parser.add_argument("--key")
    parser.add_argument("--user", help="with --password: signing in is required")
    parser.add_argument("--password")
    parser.add_argument("--refuse", action="append", default=[], help="a recipient to refuse with 550")
    parser.add_argument("--fail-first", type=int, default=0, help="answer 451 to that many mails")
    parser.add_argument("--delay", type=float, default=0, help="seconds before a mail is answered")
    options = parser.parse_args()

    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        known = isinstance(data, LoginPassword) and (
            data.login.decode() == options.user and data.password.decode() == options.password
        )
        return AuthResult(success=known, handled=False)

    mailbox = Mailbox(options)

    def connection():
        return SMTP(
            mailbox,
            hostname="localhost",
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=options.user is not None,
            auth_require_tls=tls is not None,
            authenticator=authenticate if options.user is not None else None,
            enable_SMTPUTF8=False,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", 0)
    stopped = asyncio.Event()
    # A child of a Swift thread is born with nearly all signals blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    # The tests hold the other end of standard input: when they end, however they end, so does this.
    loop.add_reader(0, lambda: stopped.set() if not os.read(0, 4096) else None)
    print(f"LISTENING {server.sockets[0].getsockname()[1]}", flush=True)
    await stopped.wait()


asyncio.run(main())
