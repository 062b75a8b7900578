"""`python -m deploy.local.demo [--up | --down | --reset]`; PORT and VAR_DIR move it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from deploy.local.demo import background, plan
from deploy.local.demo.ports import Ports
from deploy.local.demo.supervisor import Supervisor


def main() -> None:
    """Run in the foreground, or do what the option says; every expected failure is one sentence and status 1."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description="Run the demo.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--up", action="store_true", help="start it in the background and wait until it is ready")
    choice.add_argument("--down", action="store_true", help="stop it")
    choice.add_argument("--reset", action="store_true", help="stop it and remove its state")
    chosen = parser.parse_args()
    var = Path(os.environ.get("VAR_DIR") or plan.ROOT / "var").absolute()
    try:
        if chosen.down:
            background.down(var)
        elif chosen.reset:
            background.reset(var)
        else:
            ports = Ports.from_environment()
            background.up(var) if chosen.up else Supervisor(var, ports).run()
    except RuntimeError as error:
        raise SystemExit(f"\n{error}") from None
    except PermissionError as error:
        raise SystemExit(
            f"\nNo right to use {error.filename}: was it made by another user? Remove it, or be that user."
        ) from None


if __name__ == "__main__":
    main()
