"""The demo without a terminal: start it and wait, stop it, throw its state away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local import child
from deploy.local.demo import plan, state
from deploy.local.demo.supervisor import DemoError

COMMAND = (sys.executable, "-m", "deploy.local.demo")
STOP_PATIENCE = 60.0  # seconds


def holder(var: Path) -> int | None:
    """The supervisor that runs in `var`, or None."""
    return child.DirectoryLock(var, file="demo.pid").holder()


def up(var: Path) -> None:
    """Start the supervisor in its own session; return when it is ready. Raises `DemoError`."""
    if running := holder(var):
        raise DemoError(f"The demo already runs (process {running}). `make demo-down` stops it.")
    log = var / "log" / "demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            COMMAND,
            cwd=plan.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _follow(supervisor, log, var)
    except KeyboardInterrupt:
        child.stop(supervisor, signal.SIGTERM, patience=STOP_PATIENCE)
        raise DemoError("Interrupted: the demo has stopped again.") from None


def _follow(supervisor: subprocess.Popen[bytes], log: Path, var: Path) -> None:
    """Show the supervisor's progress until it is ready or ends."""
    with log.open() as progress:
        while True:
            ready = (var / "demo.ready").exists()
            ended = supervisor.poll()
            print(progress.read(), end="", flush=True)
            if ended is not None:
                raise DemoError(f"The demo did not start ({log}).")
            if ready and holder(var) == supervisor.pid:
                return
            time.sleep(0.2)


def down(var: Path) -> None:
    """Stop the supervisor and wait until it has stopped everything. Raises `DemoError` when it does not."""
    running = holder(var)
    if not running:
        print("The demo does not run.")
        return
    os.kill(running, signal.SIGTERM)
    deadline = time.monotonic() + STOP_PATIENCE
    while holder(var) == running:
        if time.monotonic() > deadline:
            raise DemoError(f"Process {running} has not stopped in {STOP_PATIENCE:.0f} s.")
        time.sleep(0.1)
    print("The demo has stopped.")


def reset(var: Path) -> None:
    """Stop the demo and remove what it kept; nothing else under `var` is touched."""
    if holder(var):
        down(var)
    state.clear(var)
    print("The demo starts afresh next time.")
