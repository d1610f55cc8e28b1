"""A real SMTP server that keeps a journal of what it accepts, and misbehaves when told to."""

import asyncio
import email
import email.policy
import math
import threading
import time
from collections import Counter, defaultdict, deque
from contextlib import suppress

from aiosmtpd.smtp import SMTP, AuthResult

# Faults, beside answers such as "451 Not now":
HANG_UP = (
    "hang up"  # cut the connection without an answer; after DATA the mail is taken
)
LOSE = "lose"  # after DATA: cut the connection, and do not take the mail
TARPIT = "tarpit"  # answer one line every tenth of a second until `release` is called
HOLD = "hold"  # wait with the answer until `release` is called


class SmtpSink:
    """An SMTP server on a free port of 127.0.0.1, or of `address`; use it as a context manager.

    `journal` holds the accepted messages as email objects, `times` when each came by the
    monotonic clock, `recipients` the addresses of RCPT, and `performed` counts the scripted
    answers that were given. `script("RCPT", "450 Busy", "250 OK")` sets the next answers of a command,
    `script("RCPT", "550 Nobody", to="x@example.org")` those for one recipient, however
    often; commands: CONNECT, AUTH, MAIL, RCPT, DATA. With `log`, a path, it writes there
    what Postfix writes to its own.
    """

    def __init__(self, tls_context=None, is_tls_from_the_start=False, **options):
        # With TLS from the start, or offered by STARTTLS.
        self._tls = tls_context if is_tls_from_the_start else None
        # What else aiosmtpd's SMTP takes.
        self.options = options
        if tls_context and not is_tls_from_the_start:
            self.options["tls_context"] = tls_context
        self.address, self.port = "127.0.0.1", 0
        self.log = None
        # Whether it says that it takes several commands in one packet; it does in any case.
        self.is_pipelining = False
        # How many conversations it has at a time; whoever comes then is refused.
        self.at_most = math.inf
        self.now = 0
        self.journal = []
        self.times = []
        self.recipients = []
        self.performed = Counter()
        self.connections = 0
        self._scripts = defaultdict(deque)
        self._released = threading.Event()

    # Life

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *exc_info):
        self.release()
        self.refuse()
        self.hang_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listen(self):
        """Accept connections, again on the same port after `refuse`."""
        self._server = self._call(
            self._loop.create_server(
                self._conversation, self.address, self.port, ssl=self._tls
            )
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self):
        """Stop listening, as a relay that is down."""
        self._call(self._stop_listening())

    def hang_up(self):
        """Cut every conversation, wherever it is."""
        self._call(self._end_conversations())

    def release(self):
        """Let go of the conversations on HOLD and TARPIT; those that come later wait again."""
        self._released.set()
        self._released = threading.Event()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _conversation(self):
        self.connections += 1
        return Conversation(
            self, loop=self._loop, authenticator=self._authenticate, **self.options
        )

    async def _stop_listening(self):
        self._server.close()

    async def _end_conversations(self):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # Script and journal

    def script(self, command, *answers, to=None):
        if to is None:
            self._scripts[command].extend(answers)
        else:
            (self._scripts[command, to],) = answers

    def forget(self, command, answer):
        """Take back an answer that was set and not asked for yet."""
        with suppress(ValueError):
            while True:
                self._scripts[command].remove(answer)

    def next_answer(self, command, to=None):
        if (command, to) in self._scripts:
            return self._scripts[command, to]
        answers = self._scripts[command]
        answer = answers.popleft() if answers else None
        self.performed[command, answer] += 1
        return answer

    @property
    def accepted(self):
        """The Message-IDs that were accepted, copies included."""
        return [message["Message-ID"] for message in self.journal]

    # What aiosmtpd calls

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if self.is_pipelining:
            responses.insert(1, "250-PIPELINING")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self._answer("MAIL", server)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self._answer("RCPT", server, to=address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        scripted = self.next_answer("DATA")
        if scripted in (None, HANG_UP, HOLD):
            content = envelope.original_content.replace(b"\r\n", b"\n")
            message = email.message_from_bytes(content, policy=email.policy.default)
            self.times.append(time.monotonic())
            self.journal.append(message)
            self.recipients += envelope.rcpt_tos
        if self.log and scripted in (None, HANG_UP, HOLD, LOSE):
            self._write_log(envelope, is_taken=scripted != LOSE)
        if scripted == LOSE:
            scripted = HANG_UP
        answer = await self._perform(scripted, server)
        return answer or f"250 OK queued as {len(self.journal)}"

    def _write_log(self, envelope, is_taken):
        named = email.message_from_bytes(envelope.original_content)["Message-ID"]
        queue_id = f"4F{len(self.journal):06X}"
        said = [f"cleanup[7]: {queue_id}: message-id={named}"]
        if is_taken:
            sender = f"from=<{envelope.mail_from}>, size=800, nrcpt=1 (queue active)"
            said.append(f"qmgr[8]: {queue_id}: {sender}")
        with open(self.log, "a") as log:
            log.writelines(f"Nov 28 06:19:05 relay postfix/{line}\n" for line in said)

    def _authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=self.next_answer("AUTH") is None, handled=False)

    async def _answer(self, command, server, to=None):
        return await self._perform(self.next_answer(command, to), server)

    async def _perform(self, scripted, server):
        if scripted == HANG_UP:
            server.transport.abort()
            # Nothing more is said in this conversation.
            await asyncio.Event().wait()
        elif scripted == TARPIT:
            released = self._released
            while not released.is_set():
                await server.push("250-Please wait")
                await asyncio.sleep(0.1)
            return "421 Too late"
        elif scripted == HOLD:
            released = self._released
            while not released.is_set():
                await asyncio.sleep(0.01)
            return None
        return scripted


class Conversation(SMTP):
    """aiosmtpd, with a greeting that can be scripted."""

    async def _handle_client(self):
        sink = self.event_handler
        answer = sink.next_answer("CONNECT")
        if answer is None and sink.now >= sink.at_most:
            answer = "421 4.7.0 Too many connections"
        if answer is None:
            return await self._converse(sink)
        await self.push(answer)
        self.transport.close()

    async def _converse(self, sink):
        sink.now += 1
        try:
            return await super()._handle_client()
        finally:
            sink.now -= 1
