"""A network of our own for one browser: two namespaces with a cable between them, on which packets can be lost or slowed.

Both ends are ours. The machine's own network never changes, because every Chromium on it would break off what it loads.
"""

import ctypes
import os
import re
import stat
import subprocess
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def run(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True)


class Guest:
    """Somebody behind a cable: `host` is the server's end, `address` theirs."""

    def __init__(self, number):
        self.host, self.address = f"10.90.{number}.1", f"10.90.{number}.2"
        self.server, self.name = f"server{os.getpid()}n{number}", f"guest{os.getpid()}n{number}"
        self.near, self.far = "near", "far"

    def open(self):
        for name in (self.server, self.name):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        cable = ("link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.name)
        run("ip", "-n", self.server, *cable)
        for name, end, address in ((self.server, self.near, self.host), (self.name, self.far, self.address)):
            # A real cable carries single packets: without this, what the kernel is to cut crosses in one piece, and is lost in one piece.
            run("ip", "-n", name, "link", "set", end, "gso_max_segs", "1")
            # Because an address that the kernel finds a second later is a change of the network to Chromium.
            run("ip", "-n", name, "link", "set", end, "addrgenmode", "none")
            run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", end)
            run("ip", "-n", name, "link", "set", end, "up")
        self.inside("ip", "route", "add", "default", "via", self.host)
        self.clear()

    def close(self):
        for name in (self.name, self.server):
            run("ip", "netns", "del", name, check=False)

    def at_server(self):
        """This thread with the server: every socket and every program that it opens meanwhile is behind the near end."""
        return _being_in(self.server)

    def at_guest(self):
        """The same with the guest, behind the far end."""
        return _being_in(self.name)

    def inside(self, *command):
        return run("ip", "netns", "exec", self.name, *command)

    def clear(self):
        """Let everything through."""
        for name in (self.name, self.server):
            self._table(name, "delete", "table", "inet", "net", check=False)
            self._table(name, "add", "table", "inet", "net")
            self._table(name, "add", "chain", "inet", "net", "lost", "{ type filter hook input priority 0 ; }")

    def _table(self, namespace, *command, check=True):
        run("ip", "netns", "exec", namespace, "nft", *command, check=check)

    def _drop(self, way, *rule):
        """Packets are lost where they arrive: a sender whose own machine drops them is told so, and Chromium then sends them again."""
        there, end = (self.name, self.far) if way == "down" else (self.server, self.near)
        self._table(there, "add", "rule", "inet", "net", "lost", "iifname", end, *rule, "drop")

    def _rule(self, way, *rule):
        self._drop(way, "meta", "l4proto", "udp", *rule)

    def lose(self, way, percent):
        self._rule(way, "numgen", "random", "mod", "100", "<", str(percent))

    def cap(self, way, kbps):
        self._rule(way, "limit", "rate", "over", str(kbps // 8), "kbytes/second", "burst", "20", "kbytes")

    def outage(self):
        """Nothing passes, not even the page's socket."""
        for way in ("down", "up"):
            self._drop(way)

    def move(self):
        """Take another address, as a phone does."""
        last = int(self.address.rpartition(".")[2]) + 1
        old, self.address = self.address, f"{self.host.rpartition('.')[0]}.{last}"
        self.inside("ip", "addr", "del", f"{old}/24", "dev", self.far)  # first, for it takes its secondaries along
        self.inside("ip", "addr", "add", f"{self.address}/24", "dev", self.far)
        run("ip", "netns", "exec", self.name, "ip", "route", "replace", "default", "via", self.host, check=False)

    def browser(self, folder):
        """Return a program that runs Chromium behind the cable; to be started like Chromium itself."""
        script = folder / f"{self.name}.sh"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} /usr/bin/chromium "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)


@contextmanager
def _being_in(name):
    with Path("/proc/thread-self/ns/net").open() as before, Path("/run/netns", name).open() as there:
        _enter(there)
        try:
            yield
        finally:
            _enter(before)


def _enter(namespace):
    if _libc.setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def tidy():
    """Take away the networks of runs that were ended before they could do it themselves."""
    for name, process in re.findall(r"^((?:guest|server)(\d+)n\d+)\b", run("ip", "netns", "list").stdout, re.MULTILINE):
        if not Path("/proc", process).exists():
            run("ip", "netns", "del", name, check=False)


@contextmanager
def guest(number=0):
    tidy()
    one = Guest(number)
    one.close()
    one.open()
    try:
        yield one
    finally:
        one.close()


def possible():
    """Why namespaces cannot be had here, or nothing."""
    if os.geteuid() != 0:
        return "needs root for a network namespace"
    name = f"tryout{os.getpid()}"  # because two workers may try at once
    tried = run("ip", "netns", "add", name, check=False)
    run("ip", "netns", "del", name, check=False)
    return tried.stderr.strip()
