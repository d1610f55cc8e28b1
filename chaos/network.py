"""Machines that share a kernel and nothing else: network namespaces joined by a bridge.

The process that asks stands in a namespace of its own too, and all of them are gone when
their processes are: nothing of it is seen by the rest of this computer, or left behind.
"""

import os
import shutil
import subprocess
import sys
import time

INSIDE = "KEEP_IT_LOCAL_INSIDE"
TOOLS = ["ip", "unshare", "nsenter", "nginx"]
# What all machines share stands here, and machine 1 at .11.
SHARED = "10.77.0.1"
# A run that was killed leaves them for no longer than this.
SECONDS = "900"


class CannotMakeMachines(Exception):
    """This computer lacks something; it says what."""


def enter():
    """Start this program again in a network of its own, unless it stands in one."""
    if os.environ.get(INSIDE):
        return
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if sys.platform != "linux":
        raise CannotMakeMachines("Only Linux has network namespaces.")
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        raise CannotMakeMachines(
            f"This needs {', '.join(missing)}."
            " On Debian and Ubuntu: apt install iproute2 util-linux nginx"
        )
    # Whoever is not root is allowed it in a namespace of users, where that is allowed.
    become = (
        [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    )
    unshare = ["unshare", *become, "--net"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        raise CannotMakeMachines(
            "Network namespaces are not allowed here. Try as root."
        )
    os.environ[INSIDE] = "yes"
    os.execvp(
        "unshare", [*unshare, sys.executable, "-m", "chaos.cluster", *sys.argv[1:]]
    )


def make_bridge():
    ip("link set lo up")
    ip("link add bridge type bridge")
    ip(f"address add {SHARED}/24 dev bridge")
    ip("link set bridge up")


class Machine:
    """A network namespace of its own, with a cable to the bridge."""

    def __init__(self, number):
        self.number = number
        self.name = f"machine{number}"
        self.address = f"10.77.0.{10 + number}"
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", SECONDS])
        self._wait_for_its_namespace()
        ip(f"link add {self.name} type veth peer eth0 netns {self._holder.pid}")
        ip(f"link set {self.name} master bridge up")
        for command in (
            "link set lo up",
            f"address add {self.address}/24 dev eth0",
            "link set eth0 up",
        ):
            subprocess.run([*self.inside, "ip", *command.split()], check=True)

    def _wait_for_its_namespace(self):
        ours = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self._holder.pid}/ns/net") == ours:
            time.sleep(0.01)

    @property
    def inside(self):
        """What stands before a command that is to run on this machine."""
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--"]

    def unplug(self):
        """Cut it off: what is under way gets no answer, and nobody is told."""
        ip(f"link set {self.name} down")

    def plug_in(self):
        ip(f"link set {self.name} up")

    def remove(self):
        self._holder.kill()
        self._holder.wait()


def ip(command):
    subprocess.run(["ip", *command.split()], check=True)
