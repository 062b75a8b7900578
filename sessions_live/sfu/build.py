"""`python -m sessions_live.sfu.build`: compile fanout.c beside itself, if this machine has a C compiler.

Part of set-up and of the image's build. The file's name carries a digest of the source, so that what an older source
left behind is never loaded. Nothing fails where there is no compiler: the media server then forwards in Python.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("fanout.c")
FLAGS = ("-O2", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-shared", "-fPIC")
SECONDS = 60


def built(folder: Path = SOURCE.parent) -> Path:
    """Return where the compiled file of the present source is, or would be."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    return folder / f"fanout-{platform.machine()}-{digest}.so"


def compiler() -> str | None:
    """Return the path of a C compiler."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def build(folder: Path = SOURCE.parent) -> str:
    """Compile if need be; return one sentence about how it went."""
    target, command = built(folder), compiler()
    if target.exists():
        return "compiled, up to date"
    if sys.platform != "linux":
        return "in Python, because the compiled one is for Linux"
    if command is None:
        return "in Python, because there is no C compiler (with one: about half the processor time)"
    unfinished = target.with_suffix(f".{os.getpid()}")
    try:
        subprocess.run(
            [command, *FLAGS, "-o", str(unfinished), str(SOURCE)],
            check=True, capture_output=True, text=True, timeout=SECONDS,
        )  # fmt: skip
        unfinished.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        reason = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        return f"in Python, because it could not be compiled: {' '.join(reason)}"
    finally:
        unfinished.unlink(missing_ok=True)
    for old in target.parent.glob("fanout-*.so"):
        if old != target and old.name.startswith(f"fanout-{platform.machine()}-"):
            old.unlink(missing_ok=True)
    return "compiled"


if __name__ == "__main__":
    sys.stdout.write(f"fan-out of the media server: {build()}\n")
