"""Ends the programs of a supervisor that was killed before it could end them itself.

Runs as a process of its own, with nothing but the standard library, and little of that, as
it lasts as long as the portal. It reads a pipe: a line
"PID SIGNAL" for a program that starts as the leader of a process group, "-PID" for one that
ended, "done" when nothing is left to do. A pipe that ends without "done" means that the
supervisor was killed.
"""

import contextlib
import os
import signal
import sys
import time

# What a program does before it becomes itself. It tells the guardian who it is through the
# pipe on its standard input, so that there is no moment in which it runs unknown.
ANNOUNCE = 'echo "$$ $0" >&0; exec "$@" </dev/null'

PATIENCE = 6


class Guardian:
    """The supervisor's end of the pipe."""

    def __init__(self, remove=(), keep_open=()):
        """Start the guardian; `remove` is what it deletes if it has to step in.

        `keep_open` are file descriptors that it holds as long as it runs: locks.
        """
        self._remove = [str(path) for path in remove]
        self._keep_open = tuple(keep_open)
        self._start()

    def _start(self):
        import subprocess  # noqa: PLC0415

        end_to_read, self.pipe = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, *self._remove],
            stdin=end_to_read,
            pass_fds=self._keep_open,
            start_new_session=True,
        )
        os.close(end_to_read)

    @property
    def pid(self):
        return self._process.pid

    def has_ended(self):
        return self._process.poll() is not None

    def start_again(self, processes):
        """Put a new guardian in the place of one that died, and tell it what runs."""
        os.close(self.pipe)
        self._start()
        for process in processes:
            self._write(f"{process.pid} {int(process.program.stop_signal)}")

    def announced(self, command, stop_signal):
        """The command that says who it is on its standard input, which is our pipe."""
        return ["/bin/sh", "-c", ANNOUNCE, str(int(stop_signal)), *command]

    def forget(self, pid):
        self._write(f"-{pid}")

    def dismiss(self):
        """Let the guardian go: all that was started has ended."""
        self._write("done")
        os.close(self.pipe)
        self._process.wait()

    def _write(self, line):
        # A guardian that was killed cannot read; the supervisor replaces it.
        with contextlib.suppress(BrokenPipeError):
            os.write(self.pipe, f"{line}\n".encode())


def main(remove):
    # Ctrl-C and a closed terminal are for the supervisor to act on.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    left = read_until_the_end(sys.stdin)
    if left is None:
        return
    end_groups(left)
    for path in remove:
        delete(path)


def read_until_the_end(lines):
    """The programs that the supervisor left behind with their signals; None if it said done."""
    left = {}
    for line in lines:
        if line == "done\n":
            return None
        if line.startswith("-"):
            left.pop(int(line[1:]), None)
        else:
            pid, stop_signal = map(int, line.split())
            left[pid] = stop_signal
    return left


def end_groups(groups):
    """Ask each group to end, the last started first; end by force what is left."""
    for pid in reversed(groups):
        send(pid, groups[pid])
    deadline = time.monotonic() + PATIENCE
    while any(send(pid, 0) for pid in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in groups:
        send(pid, signal.SIGKILL)


def send(group, signal_number):
    """Send a signal to a process group; False if there is none."""
    try:
        os.killpg(group, signal_number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def delete(path):
    import shutil  # noqa: PLC0415

    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


if __name__ == "__main__":
    main(sys.argv[1:])
