"""The whole product as processes of its own, for journeys: the demo's plan on free ports, without the demo's people."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode
from urllib.request import urlopen

import psycopg

from core.kernel import clock
from deploy.local import child
from deploy.local.demo import plan
from deploy.local.demo.ports import UDP, Ports
from deploy.local.postgres import LOGINS
from deploy.local.services import temporary_postgres, temporary_valkey
from deploy.local.valkey import Valkey
from tenants import bootstrap, context
from tests.database import kept_scripts

PROGRAMS = ("mail", "payments", "media", "web", "outbox")
PATIENCE = 300.0  # seconds; several programs import Django at once on two busy cores
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "CHROMIUM")


@dataclass(frozen=True)
class Mail:
    """The mail catcher's API."""

    url: str

    def messages(self, *, to: str = "", subject: str = "", wait: float = 0) -> list[dict]:
        """What has arrived, newest first; waits up to `wait` seconds (at most 30) for a first one."""
        query = urlencode({"to": to, "subject": subject, "wait": wait})
        with urlopen(f"{self.url}/api/messages?{query}", timeout=wait + 10) as answer:
            return json.load(answer)["messages"]

    def newest(self, *, to: str = "", subject: str = "", wait: float = 20) -> dict:
        """The newest message with its parts; fails when none comes in time."""
        found = self.messages(to=to, subject=subject, wait=wait)
        assert found, f"no mail to {to!r} about {subject!r} within {wait} s"
        return self.whole(found[0]["id"])

    def whole(self, identifier: str) -> dict:
        """One message with its parts."""
        with urlopen(f"{self.url}/api/messages/{identifier}", timeout=10) as answer:
            return json.load(answer)

    def raw(self, identifier: str) -> bytes:
        """The message as it came over the wire."""
        with urlopen(f"{self.url}/messages/{identifier}/raw", timeout=10) as answer:
            return answer.read()


@dataclass(frozen=True)
class Clock:
    """Moves the time of all programs together; ours too, for `now()`."""

    file: Path

    def move(self, by: timedelta) -> None:
        with mock.patch.dict(os.environ, CLOCK_FILE=str(self.file)):
            clock.move(by)

    def now(self):
        with mock.patch.dict(os.environ, CLOCK_FILE=str(self.file)):
            return clock.now()


@dataclass
class House:
    """Where everything answers. `host("north")` is an organization's address, once it has been made."""

    var: Path
    ports: Ports
    environment: dict[str, str]
    mail: Mail
    clock: Clock
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    valkey: Valkey | None = None
    standby: subprocess.Popen[str] | None = None

    def host(self, name: str) -> str:
        """`http://<name>.localhost:<port>`, without a slash at the end."""
        return f"http://{name}.localhost:{self.ports.web}"

    @property
    def operator(self) -> str:
        """The operator host's address."""
        return f"http://{plan.OPERATOR_HOST}:{self.ports.web}"

    def manage(self, *words: str, typed: str = "", status: int = 0) -> str:
        """Run a management command to its end; returns what it printed, fails with it."""
        return self._ask([*words], typed, status)

    def inside(self, slug: str, snippet: str) -> object:
        """Run Python inside an organization, in a process of its own; returns what it leaves in `answer`."""
        return json.loads(self._ask(["inside", slug], snippet).rsplit("=answer=", 1)[1])

    def provision(self, slug: str, *, name: str = "", owner_email: str = "", blueprint: str = "clinic") -> str:
        """Make an organization as an operator does on the command line; returns its address."""
        self.manage(
            "provision_organization",
            name or f"{slug.title()} Practice",
            *("--slug", slug, "--host", f"{slug}.localhost", "--blueprint", blueprint),
            *("--owner-email", owner_email or f"owner@{slug}.test", "--owner-name", "Olive Owner"),
        )
        return self.host(slug)

    def log(self, name: str) -> str:
        """What a program has said."""
        return (self.var / "log" / f"{name}.log").read_text(errors="replace")

    def restart(self, name: str) -> None:
        """Stop one program and start it again."""
        child.stop(self.programs[name], signal.SIGTERM)
        self.start(name)

    def kill(self, name: str) -> None:
        """Kill a program, or the cache server, as a lack of memory would: it says nothing to anybody."""
        process = self.valkey.process if name == "valkey" and self.valkey is not None else self.programs[name]
        assert process is not None
        process.kill()
        process.wait()

    def start_valkey(self) -> None:
        """Start the cache server again, empty, under the address it had."""
        assert self.valkey is not None
        self.valkey.stop()
        self.valkey.start()

    def start(self, *names: str) -> None:
        """Start programs of the plan and wait until they answer."""
        wanted = {process.name: process for process in plan.processes(self.ports, self.var, self.environment)}
        for name in names:
            log = self.var / "log" / f"{name}.log"
            self.programs[name] = child.spawn(wanted[name].argv, log=log, env=self.environment, cwd=plan.ROOT)
        until = time.monotonic() + PATIENCE
        for name in names:
            log = self.var / "log" / f"{name}.log"
            while not wanted[name].ready(log):
                assert self.programs[name].poll() is None, f"{name} ended:\n{child.tail(log)}"
                assert time.monotonic() < until, f"{name} does not answer:\n{child.tail(log)}"
                time.sleep(0.1)

    def stop(self) -> None:
        for program in reversed(self.programs.values()):
            child.stop(program, signal.SIGTERM, patience=5)
        if self.standby is not None:
            self.standby.kill()
            self.standby.communicate()

    def stand_by(self) -> None:
        """Start the Django that forks for `manage` and `inside`; it ends with us."""
        with (self.var / "log" / "standby.log").open("w") as log:
            self.standby = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.journeys.standby"],
                cwd=plan.ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def _ask(self, argv: list[str], typed: str, status: int = 0) -> str:
        assert self.standby is not None and self.standby.stdin is not None and self.standby.stdout is not None
        self.standby.stdin.write(json.dumps({"argv": argv, "typed": typed}) + "\n")
        self.standby.stdin.flush()
        line = self.standby.stdout.readline()
        assert line, f"nobody stands by:\n{self.log('standby')}"
        answer = json.loads(line)
        assert answer["status"] == status, (
            f"{argv[:4]} failed:\n{answer['printed'][-3000:]}\n{answer['logged'][-3000:]}"
        )
        return answer["printed"]


@contextmanager
def standing_house(
    base: Path, *, schemas: Path, programs: tuple[str, ...] = PROGRAMS, **settings: str
) -> Iterator[House]:
    """Everything started on a new database below `base`, and removed afterwards, whatever happened.

    `settings`: variables in place of the demo's. The database is replayed from the script that the tests keep in `schemas`; bootstrapping then
    finds nothing left to migrate.
    """
    _remove_abandoned(base)
    var = base / f"journey-{os.getpid()}"
    (var / "log").mkdir(parents=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, var, ignore_errors=True)
        database = stack.enter_context(temporary_postgres(var / "postgres"))
        valkey = stack.enter_context(temporary_valkey(var / "valkey"))
        ports = _free_ports()
        addresses = database.addresses()
        environment = _environment(ports, var, addresses["DATABASE_URL"], valkey.url()) | settings
        mail, clock_file = Mail(f"http://127.0.0.1:{ports.mail}"), Clock(var / "clock")
        house = House(var, ports, environment, mail, clock_file, valkey=valkey)
        stack.callback(house.stop)
        _prepare("prepare_roles", {**environment, **addresses})
        _replay(addresses["DATABASE_OWNER_URL"], schemas)
        _prepare("migrate_organizations", {**environment, **addresses})
        house.stand_by()
        house.start(*programs)
        yield house


def _prepare(command: str, environment: dict[str, str]) -> None:
    """Run a command that needs the addresses of the database that no program of the house is given."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", command],
        cwd=plan.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _replay(owner_url: str, schemas: Path) -> None:
    public, template = kept_scripts(schemas)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(bootstrap.database_sql(application=LOGINS["DATABASE_URL"]).encode())
        connection.execute(f"SET search_path = {context.PUBLIC}, {context.EXTENSIONS};\n{public}".encode())
        connection.execute(
            f"CREATE SCHEMA {context.TEMPLATE}; SET search_path = {context.TEMPLATE}, {context.EXTENSIONS};\n{template}".encode()
        )


def _environment(ports: Ports, var: Path, database_url: str, valkey_url: str) -> dict[str, str]:
    """The demo's, without what the tests' own settings have put into ours."""
    kept: Mapping[str, str] = {name: os.environ[name] for name in INHERITED if name in os.environ}
    with mock.patch.dict(os.environ, kept, clear=True):
        return plan.environment(ports, var, database_url, valkey_url)


def _free_ports() -> Ports:
    held = []
    for entry in fields(Ports):
        kind = socket.SOCK_DGRAM if entry.name in UDP else socket.SOCK_STREAM
        probe = socket.socket(socket.AF_INET, kind)
        probe.bind(("127.0.0.1", 0))
        held.append(probe)
    ports = Ports(*(probe.getsockname()[1] for probe in held))
    for probe in held:
        probe.close()
    return ports


def _remove_abandoned(base: Path) -> None:
    """What a run that was killed has left behind."""
    for folder in base.glob("journey-*"):
        if not Path(f"/proc/{folder.name.removeprefix('journey-')}").exists():
            shutil.rmtree(folder, ignore_errors=True)
