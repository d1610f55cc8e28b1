"""An SMTP server that costs next to nothing: it takes every email, and counts them.

`python -m benchmarks.sink PORT` serves one connection a thread. One email of a kilobyte costs
it a tenth of what it costs aiosmtpd, so that it is not what a rate measures.
"""

import socketserver
import sys

ANSWERS = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 Bye\r\n",
}
TAKEN = b"250 OK queued\r\n"
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
        for line in self.rfile:
            if line == b".\r\n":
                break
        self.wfile.write(TAKEN)


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Sink(("127.0.0.1", int(sys.argv[1])), Conversation) as sink:
        sink.serve_forever()
