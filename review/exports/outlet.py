"""Where a writer puts its bytes: what has come in since is taken out again, and sent."""

from contextlib import closing

from .reading import one_moment, read


class Outlet:
    """A file to write to, of which only what was not taken yet is in memory."""

    def __init__(self):
        self._pieces = []

    def write(self, piece):
        self._pieces.append(piece)
        return len(piece)

    def take(self):
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def streamed(submissions, consultation, make_writer):
    """Yield in bytes the file of the writer that `make_writer(file, moment)` returns.

    All of it is of one moment: what is sent, changed or deleted while the file is being
    written is not in it. Drafts never are. Closing the generator ends the transaction.
    """
    outlet = Outlet()
    with one_moment() as moment:
        writer = make_writer(outlet, moment)
        writer.begin()
        yield outlet.take()
        with closing(read(submissions, consultation, writer.needs)) as found:
            for submission, evidence in found:
                writer.add(submission, evidence)
                yield outlet.take()
        writer.end()
        yield outlet.take()
