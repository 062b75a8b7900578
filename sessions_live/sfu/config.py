"""The settings of a media worker, read strictly from the environment: a mistake stops start-up with its cure."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .tokens import MIN_SECRET


class ConfigError(Exception):
    """A variable is missing or malformed. The message names the variable and the cure."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """One worker's settings. Addresses are (host, port); `ips` is what browsers are told to send media to."""

    secret: str
    host: str
    port: int
    ips: tuple[str, ...]
    control: tuple[str, int]
    reach: str  # where the product reaches the control address, `host:port`
    metrics: tuple[str, int]
    valkey: str
    workers: int
    name: str
    recordings: Path
    capacity: int
    fanout: str = "auto"  # "plain" forwards in Python even where the compiled loop was built

    def worker(self, index: int) -> "Config":
        """Return the settings of the `index`-th process: its own ports and name."""
        if index == 0 and self.workers == 1:
            return self
        reach_host, _, reach_port = self.reach.rpartition(":")
        return replace(
            self,
            port=self.port + index,
            control=(self.control[0], self.control[1] + index),
            metrics=(self.metrics[0], self.metrics[1] + index),
            reach=f"{reach_host}:{int(reach_port) + index}",
            name=f"{self.name}-{index}",
        )


def read(environ: Mapping[str, str]) -> Config:
    """Return the settings in `environ`; raise ConfigError."""
    control = _address(environ, "MEDIA_CONTROL", "127.0.0.1:10100")
    workers = _number(environ, "MEDIA_WORKERS", "1", 1, 64)
    valkey = environ.get("VALKEY_URL", "")
    if workers > 1 and not valkey:
        raise ConfigError("VALKEY_URL is missing: several media workers share rooms by leases in Valkey. Set it to "
                          "redis://… or unix://…, or set MEDIA_WORKERS=1.")  # fmt: skip
    return Config(
        secret=_secret(environ),
        host=_host(environ),
        port=_number(environ, "MEDIA_PORT", "10000", 0, 65535 - workers),
        ips=_ips(environ),
        control=control,
        reach=environ.get("MEDIA_CONTROL_REACH") or f"{control[0]}:{control[1]}",
        metrics=_address(environ, "MEDIA_METRICS", "127.0.0.1:10200"),
        valkey=valkey,
        workers=workers,
        name=environ.get("MEDIA_NAME") or socket.gethostname(),
        recordings=_folder(environ),
        capacity=_number(environ, "MEDIA_MAX_PEERS", "500", 1, 5000),
        fanout=_fanout(environ),
    )


def _secret(environ: Mapping[str, str]) -> str:
    secret = environ.get("MEDIA_SECRET", "")
    if len(secret) < MIN_SECRET:
        raise ConfigError(
            f"MEDIA_SECRET must have at least {MIN_SECRET} characters and be the same for product and media server. "
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _host(environ: Mapping[str, str]) -> str:
    host = environ.get("MEDIA_HOST", "0.0.0.0")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise ConfigError(f"MEDIA_HOST is {host!r}: give the IP address to listen on, or 0.0.0.0 for all.") from None
    return host


def _ips(environ: Mapping[str, str]) -> tuple[str, ...]:
    text = environ.get("MEDIA_PUBLIC_IPS", "")
    ips = tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        addresses = [ipaddress.ip_address(ip) for ip in ips]
    except ValueError as error:
        raise ConfigError(f"MEDIA_PUBLIC_IPS is {text!r} ({error}): list IP addresses, separated by commas.") from None
    if not ips or any(address.is_unspecified for address in addresses):
        raise ConfigError(
            "MEDIA_PUBLIC_IPS is missing: list the IP addresses under which browsers reach this machine, "
            "e.g. 203.0.113.7 (127.0.0.1 for trying it out on one machine)."
        )
    return ips


def _number(environ: Mapping[str, str], name: str, default: str, least: int, most: int) -> int:
    text = environ.get(name, default)
    if not text.isdigit() or not least <= int(text) <= most:
        raise ConfigError(f"{name} is {text!r}: give a whole number from {least} to {most}.")
    return int(text)


def _address(environ: Mapping[str, str], name: str, default: str) -> tuple[str, int]:
    text = environ.get(name, default)
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"{name} is {text!r}: give host:port, e.g. {default}.")
    return host.strip("[]"), int(port)


def _fanout(environ: Mapping[str, str]) -> str:
    mode = environ.get("MEDIA_FANOUT") or "auto"
    if mode not in ("auto", "plain"):
        raise ConfigError(
            f"MEDIA_FANOUT is {mode!r}: give auto (compiled where it was built) or plain (always Python)."
        )
    return mode


def _folder(environ: Mapping[str, str]) -> Path:
    folder = Path(environ.get("MEDIA_RECORDINGS", "var/recordings"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"MEDIA_RECORDINGS is {folder}: the folder cannot be made ({error}). Name another.") from None
    return folder
