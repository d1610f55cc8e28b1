"""Refuses a request body that was cut off on its way.

A web server hands on what has arrived when a connection breaks, and the end of a form looks
like any other text: half an answer would be kept as the whole one.
"""


class CutOff(OSError):
    """The connection broke in the middle of the body. Django turns it into its own error."""


class WholeBody:
    """A WSGI application that reads request bodies whole or not at all."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        length = environ.get("CONTENT_LENGTH") or ""
        # Without a length the body comes in chunks, whose end cannot be mistaken.
        if length.isdecimal():
            environ["wsgi.input"] = Counted(environ["wsgi.input"], int(length))
        return self.application(environ, start_response)


class Counted:
    """A stream that raises CutOff when it ends before `left` bytes were read."""

    def __init__(self, stream, left):
        self.stream = stream
        self.left = left

    def read(self, size=-1):
        asked = self.left if size is None or size < 0 else min(size, self.left)
        return self._checked(self.stream.read(asked), asked)

    def readline(self, size=-1):
        asked = self.left if size is None or size < 0 else min(size, self.left)
        line = self.stream.readline(asked)
        return self._checked(line, len(line) if line.endswith(b"\n") else asked)

    def _checked(self, read, asked):
        self.left -= len(read)
        if len(read) < asked:
            raise CutOff("The request ended before its body was whole.")
        return read
