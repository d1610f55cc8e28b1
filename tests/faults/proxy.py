"""A little TCP proxy that does to connections what networks do.

with Proxy("127.0.0.1", 5432) as proxy:
    connect_to(proxy.port)
    proxy.hang()       # swallows everything from now on, new connections too
    proxy.mend()       # lets new connections pass; those that hung stay hung
    proxy.cut()        # ends every connection in the middle; reset=True: with a RST
    proxy.refuse()     # and refuses new ones, until `mend`
"""

import contextlib
import select
import socket
import struct
import threading

RST_AT_CLOSE = struct.pack("ii", 1, 0)


class Proxy:
    """Passes on what it gets to `host:port`, at `port` of this machine.

    `delay` holds each piece back by so many seconds. `hang_at(b"COMMIT")` makes the
    connection on which a client says this hang, and everything else with it.
    """

    def __init__(self, host, port):
        self.target = (host, port)
        self.delay = 0.0
        self.hung = threading.Event()
        self._hang_at = None
        self._pairs = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener = None
        self.port = 0

    # Life

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *exc_info):
        self._ended.set()
        self.refuse()

    def listen(self):
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        accept = threading.Thread(target=self._accept, args=[self._listener])
        accept.daemon = True
        accept.start()

    # Faults

    def hang(self):
        self.hung.set()

    def hang_at(self, words):
        self._hang_at = words

    def mend(self):
        self._hang_at = None
        self.hung.clear()
        if self._listener is None:
            self.listen()

    def cut(self, *, reset=False):
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for connection in [side for pair in pairs for side in pair]:
            with contextlib.suppress(OSError):
                if reset:
                    connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, RST_AT_CLOSE
                    )
                else:
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()

    def refuse(self):
        if self._listener is not None:
            # Or the thread that accepts would go on with one more.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    # Passing on

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(self.target, 10)
        except OSError:
            client.close()
            return
        with self._lock:
            self._pairs.append((client, server))
        with client, server, contextlib.suppress(OSError, ValueError):
            self._pass_on(client, server)
        with self._lock, contextlib.suppress(ValueError):
            self._pairs.remove((client, server))

    def _pass_on(self, client, server):
        other = {client: server, server: client}
        # What hangs stays so: after `mend` it must not go on as if nothing had been.
        is_hung = False
        while True:
            for side in select.select(list(other), [], [], 0.5)[0]:
                piece = side.recv(65536)
                if not piece:
                    return
                if side is client and self._hang_at and self._hang_at in piece:
                    self.hang()
                is_hung = is_hung or self.hung.is_set()
                if not is_hung and not self._ended.wait(self.delay):
                    other[side].sendall(piece)
