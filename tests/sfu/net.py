"""A network of our own for one browser: a namespace with one cable to us, on which packets can be lost or slowed."""

import os
import re
import stat
import subprocess
from contextlib import contextmanager
from pathlib import Path


def run(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True)


class Guest:
    """Somebody behind a cable: `host` is our end, `address` theirs."""

    def __init__(self, number):
        # Ours alone, because two runs may share a machine: an address on two cables would answer on neither.
        place = f"10.{90 + number}.{os.getpid() % 250 + 1}"
        self.name = f"guest{os.getpid()}n{number}"
        self.host, self.address = f"{place}.1", f"{place}.2"
        self.near, self.far = f"g{os.getpid()}n{number}a", f"g{os.getpid()}n{number}b"

    def open(self):
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.near, "type", "veth", "peer", "name", self.far)
        for end in (self.near, self.far):
            # A real cable carries single packets: without this, what the kernel is to cut crosses in one piece, and is lost in one piece.
            run("ip", "link", "set", end, "gso_max_segs", "1")
        run("ip", "link", "set", self.far, "netns", self.name)
        run("ip", "addr", "add", f"{self.host}/24", "dev", self.near)
        run("ip", "link", "set", self.near, "up")
        self.inside("ip", "addr", "add", f"{self.address}/24", "dev", self.far)
        self.inside("ip", "link", "set", "lo", "up")
        self.inside("ip", "link", "set", self.far, "up")
        self.inside("ip", "route", "add", "default", "via", self.host)
        self.clear()

    def close(self):
        run("ip", "netns", "del", self.name, check=False)
        run("ip", "link", "del", self.near, check=False)

    def inside(self, *command):
        return run("ip", "netns", "exec", self.name, *command)

    def clear(self):
        """Let everything through."""
        run("ip", "netns", "exec", self.name, "nft", "delete", "table", "inet", "net", check=False)
        self.inside("nft", "add", "table", "inet", "net")
        for name, hook in (("down", "input"), ("up", "output")):
            rule = f"{{ type filter hook {hook} priority 0 ; }}"
            self.inside("nft", "add", "chain", "inet", "net", name, rule)

    def _rule(self, way, *rule):
        self.inside("nft", "add", "rule", "inet", "net", way, "meta", "l4proto", "udp", *rule, "drop")

    def lose(self, way, percent):
        self._rule(way, "numgen", "random", "mod", "100", "<", str(percent))

    def cap(self, way, kbps):
        self._rule(way, "limit", "rate", "over", str(kbps // 8), "kbytes/second", "burst", "20", "kbytes")

    def outage(self):
        """Nothing passes, not even the page's socket."""
        for way in ("down", "up"):
            self.inside(
                "nft", "add", "rule", "inet", "net", way, "iifname" if way == "down" else "oifname", self.far, "drop"
            )

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


def tidy():
    """Take away the cables of runs that were ended before they could do it themselves."""
    for name, process in re.findall(r"^(guest(\d+)n\d+)\b", run("ip", "netns", "list").stdout, re.MULTILINE):
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
