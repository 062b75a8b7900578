"""Programs of the distribution that tests run against: found on PATH, or installed when root runs the tests.

`python -m deploy.local.distribution` gets all that are missing at once, before the tests start, because two test processes that install
side by side would find the package system locked. Names of programs after it: only those.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

# Program → the package that brings it, on Debian.
PACKAGES = {
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "firefox-esr": "firefox-esr",
    "ip": "iproute2",
    "janus": "janus",
    "nft": "nftables",
    "pebble": "pebble",
    "tc": "iproute2",
    "turnserver": "coturn",
}
SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"  # where administrators' programs are, which not every PATH names


class MissingProgram(RuntimeError):
    """It is neither here nor to be had; the message says how to get it."""


def which(name: str) -> Path | None:
    """The path of a program that is here, or None."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_FOLDERS}")
    return Path(found) if found else None


def program(name: str) -> Path:
    """The path of one of PACKAGES' programs, after installing its package if need be and possible. Raises MissingProgram."""
    if which(name) is None:
        install([PACKAGES[name]])
    found = which(name)
    if found is None:
        cure = f"Install it (Debian: apt-get install {PACKAGES[name]})."
        raise MissingProgram(f"{name} could not be found or installed. {cure}")
    return found


def install(packages: Collection[str]) -> None:
    """Install packages of the distribution; does nothing where that is not possible. Output goes to stderr."""
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    names = " ".join(sorted(packages))
    print(f"Installing {names}", file=sys.stderr)
    # A lock of the package system that somebody else holds (a new machine updates itself) is waited for.
    command = f"apt-get update -q && apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=300 {names}"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["sh", "-c", command], stdout=sys.stderr, env=quiet, check=False)


def main(*names: str) -> None:
    """Install what is missing of these programs, or of all. What a test needs and cannot have, the test names."""
    wanted = names or tuple(PACKAGES)
    install({PACKAGES[name] for name in wanted if which(name) is None})
    for name in names:
        if which(name) is None:
            print(f"{name} is not here; what needs it is left out. Debian: apt-get install {PACKAGES[name]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
