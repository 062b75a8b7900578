"""Programs of the distribution that tests run against: found on PATH, or installed when root runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


class MissingProgram(RuntimeError):
    """It is neither here nor to be had; the message says how to get it."""


def program(name: str, *, package: str) -> Path:
    """The path of `name`, after installing `package` if need be and possible. Raises MissingProgram."""
    found = shutil.which(name)
    if found is None:
        install(package)
        found = shutil.which(name)
    if found is None:
        raise MissingProgram(f"{name} could not be found or installed. Install it (Debian: apt-get install {package}).")
    return Path(found)


def install(package: str) -> None:
    """Install a package of the distribution; does nothing where that is not possible. Output goes to stderr."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {package}", file=sys.stderr)
    command = f"apt-get update -q && apt-get install -qy --no-install-recommends {package}"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["sh", "-c", command], stdout=sys.stderr, env=quiet, check=False)
