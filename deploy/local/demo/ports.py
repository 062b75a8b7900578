"""The ports of the demo: one base, everything else beside it."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields

import psutil  # type: ignore[import-untyped]

CURE = "Choose another base: PORT=9000 make demo moves all of them."
UDP = {"media_udp"}
BOTH = {"dns"}


class PortError(RuntimeError):
    """A port cannot be used; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each program listens, on the loopback address."""

    web: int
    mail: int
    smtp: int
    payments: int
    media_udp: int
    media_control: int
    media_metrics: int
    names: int
    dns: int

    @classmethod
    def from_base(cls, base: int) -> Ports:
        """Nine ports in a row."""
        return cls(*range(base, base + len(fields(cls))))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Ports:
        """Read PORT, default 8000. Raises `PortError` when it is no usable number."""
        text = environment.get("PORT") or "8000"
        lowest, highest = 1024, 65535 - len(fields(cls))
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise PortError(f"PORT is {text!r}. Give a number from {lowest} to {highest}, for example PORT=9000.")
        return cls.from_base(int(text))

    def check_free(self, names: set[str]) -> None:
        """Raise `PortError` naming every port among `names` that somebody else listens on."""
        busy = [
            f"Port {port} ({name.replace('_', ' ')}) is busy{_holder(port)}."
            for name, port in ((field.name, getattr(self, field.name)) for field in fields(self))
            if name in names
            and any(_is_busy(port, udp=udp) for udp in ((False, True) if name in BOTH else (name in UDP,)))
        ]
        if busy:
            raise PortError(" ".join([*busy, CURE]))


def _is_busy(port: int, *, udp: bool) -> bool:
    """Whether binding fails on either loopback address; browsers try both for *.localhost."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            probe = socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
        except OSError:
            continue  # no IPv6 on this machine
        with probe:
            if not udp:
                # because connections that were closed a moment ago do not count
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise PortError(f"This user may not listen on port {port}. {CURE}") from None
            except OSError as error:
                if error.errno == errno.EADDRINUSE or family == socket.AF_INET:
                    return True
    return False


def _holder(port: int) -> str:
    """Who listens there, as far as this user may know."""
    try:
        connections = psutil.net_connections("inet")
    except psutil.AccessDenied:
        return ""
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.pid and not connection.raddr:
            try:
                return f", held by {psutil.Process(connection.pid).name()} (process {connection.pid})"
            except psutil.NoSuchProcess:
                return ""
    return ""
