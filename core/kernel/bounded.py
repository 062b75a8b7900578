"""Work on what strangers send, in a process of its own: one that needs too much memory or time ends alone, and hurts nobody else.

The process knows no settings, no secrets and no database. It is given bytes and a function `package.module:name` from bytes to bytes.
"""

import importlib
import os
import resource
import subprocess
import sys
from pathlib import Path

_HOUSE = Path(__file__).resolve().parents[2]
_MEGABYTE = 1024 * 1024


class Exhausted(Exception):
    """It needed more memory or time than it was allowed."""


class Failed(Exception):
    """It met something that it could not make sense of."""


def run(function: str, given: bytes, *, megabytes: int, seconds: int, patience: int) -> bytes:
    """What the function makes of the bytes, with at most so much address space and so many seconds of work, and of `patience` on a busy
    machine. Errors: Exhausted, Failed.
    """
    command = [sys.executable, "-m", "core.kernel.bounded", function, str(megabytes), str(seconds)]
    few = {"PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    try:
        done = subprocess.run(  # noqa: S603 because every part of the command is ours
            command, input=given, capture_output=True, cwd=_HOUSE, env=few, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Exhausted from error
    if done.returncode == 0:
        return done.stdout
    lacks = b"MemoryError" in done.stderr or b"memory allocation" in done.stderr
    raise Exhausted if done.returncode < 0 or lacks else Failed(done.stderr[-300:].decode(errors="replace"))


def main() -> None:
    """Inside the process: the limits first, because already to import may be asked too much."""
    _, function, megabytes, seconds = sys.argv
    most = int(megabytes) * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = function.partition(":")
    made = getattr(importlib.import_module(module), name)(sys.stdin.buffer.read())
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
