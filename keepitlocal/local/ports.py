"""Whether the ports that people type into a browser are free."""

import errno
import socket

from .errors import CannotStart


def require(wanted):
    """Say which port is taken, and how to use another, before anything starts.

    `wanted` has a triple for each: the variable that sets it, the address, the port.
    """
    ports = {port for _, _, port in wanted}
    if len(ports) < len(wanted):
        names = " and ".join(name for name, _, _ in wanted)
        raise CannotStart(f"{names} are the same: give them two numbers.")
    for name, address, port in wanted:
        if is_taken(address, port):
            another = next_free(address, port, but_not=ports)
            raise CannotStart(
                f"Port {port} is taken by another program. "
                f"Choose another one: {name}={another} make run"
            )


def next_free(address, port, but_not):
    candidates = range(port + 1, 65536)
    return next(
        candidate
        for candidate in candidates
        if candidate not in but_not and not is_taken(address, candidate)
    )


def is_taken(address, port):
    # On macOS two programs can listen on one port, on all addresses and on this one.
    return is_answered("127.0.0.1", port) or not can_listen(address, port)


def is_answered(address, port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


def can_listen(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise CannotStart(
                f"Cannot listen on {address}, port {port}: {error.strerror}."
            ) from error
    return True
