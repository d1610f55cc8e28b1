"""SMTP servers to send to that are no ceiling: `python -m benchmarks.mail.sink PORT [FILE]`.

One takes an email for a tenth of a millisecond of CPU, where aiosmtpd needs one and more.
With FILE it does what a relay does before it says yes: it writes the email to the disk and
waits until it is there. Both take several commands in one packet, as relays do, and say so.
"""

import os
import socketserver
import sys

GREETING = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": GREETING, b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n"}
DONE = b"250 OK\r\n"


class Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            self.wfile.write(ANSWERS.get(command, DONE))
            if command == b"DATA":
                self.take()
            elif command == b"QUIT":
                return

    def take(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        self.server.keep(b"".join(lines))
        self.wfile.write(b"250 OK queued\r\n")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, path=None):
        super().__init__(("127.0.0.1", port), Conversation)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.file = os.open(path, flags) if path else None

    def keep(self, content):
        if self.file is not None:
            os.write(self.file, content)
            os.fdatasync(self.file)


if __name__ == "__main__":
    with Sink(int(sys.argv[1]), *sys.argv[2:]) as sink:
        sink.serve_forever()
