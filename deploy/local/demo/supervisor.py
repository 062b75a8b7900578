"""Start everything in order, watch it, restart what falls, stop it in reverse order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from deploy.local import child
from deploy.local.demo import plan, state
from deploy.local.demo.ports import Ports
from deploy.local.demo.screen import Screen, directions
from deploy.local.demo.shape import Shape
from deploy.local.postgres import Postgres
from deploy.local.valkey import Valkey

START_PATIENCE = 120.0  # seconds; a first start on a busy machine imports Django four times
CALM = 60.0  # seconds of life after which a fall counts as the first again
LONGEST_PAUSE = 30.0


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why."""


class StopRequestedError(Exception):
    """Ctrl-C, or `make demo-down`."""


@dataclass(slots=True)
class Running:
    """A program and how it has fared."""

    process: plan.Process
    child: subprocess.Popen[bytes]
    since: float
    falls: int = 0
    again_at: float | None = None  # set while it waits for its restart


class Supervisor:
    """One demo under one `var` directory."""

    def __init__(self, var: Path, ports: Ports) -> None:
        self.var, self.ports = var, ports
        self.logs = var / "log"
        self.screen = Screen()
        self.servers: dict[str, Postgres | Valkey] = {}
        self.running: list[Running] = []
        self.environment: dict[str, str] = {}

    def run(self) -> None:
        """Run until a signal asks to stop. Raises `DemoError` when the start fails."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        lock = child.DirectoryLock(self.var, file="demo.pid")
        lock.acquire()
        ready = self.var / "demo.ready"
        ready.unlink(missing_ok=True)
        (self.logs / "steps.log").unlink(missing_ok=True)
        _on_signals(_request_stop)
        try:
            self.start()
            ready.write_text(f"http://{plan.OPERATOR_HOST}:{self.ports.web}\n")
            self.watch()
        except StopRequestedError:
            self.screen.line("Stopping")
        finally:
            _on_signals(signal.SIG_IGN)
            ready.unlink(missing_ok=True)
            self.stop()
            lock.release()

    def start(self) -> None:
        """Bring everything up and print where to go."""
        wanted = self._wanted(plan.processes(self.ports, self.var, {"STRIPE_WEBHOOK_SECRET": ""}))
        self.ports.check_free({port for process in wanted for port in process.ports})
        filling = state.Filling(self.var)
        if filling.was_interrupted() and not os.environ.get("DATABASE_URL"):
            self.screen.line("The first filling was interrupted; starting afresh")
            state.clear(self.var)
            self.logs.mkdir()
        addresses = self._database()
        self.owner = {name: addresses[name] for name in plan.OWNER_ADDRESSES if name in addresses}
        self.environment = plan.environment(self.ports, self.var, addresses["DATABASE_URL"], self._valkey())
        wanted = self._wanted(plan.processes(self.ports, self.var, self.environment))
        filling.begin()
        self._bring_up(wanted)
        filling.end()
        self.screen.line("Ready. Ctrl-C here, or `make demo-down`, stops it.")
        print(directions(self.var / "demo.json", self._pages(wanted)), flush=True)

    def _bring_up(self, wanted: list[plan.Process]) -> None:
        """Programs and steps in order; all at once where the data already are as the code wants them."""
        early, late = ([process for process in wanted if process.after_steps is later] for later in (False, True))
        server = self.servers.get("PostgreSQL")
        shape = Shape(self.var, server.identity()) if isinstance(server, Postgres) else None
        fits = shape is not None and shape.holds()
        if shape is not None:
            shape.begin()
        tools = self._launch(early)
        if fits:
            pages = self._launch(late)
            self._await_ready(tools)
            look = replace(plan.STEPS[-1], title="The data are as the code wants them; everything starts at once")
            self._take(look, meanwhile=lambda: self._await_ready(pages))
        else:
            for step in plan.STEPS:
                if step.after_programs:
                    self._await_ready(tools)
                self._take(step)
            self._await_ready(self._launch(late))
        if shape is not None:
            shape.end()

    def watch(self) -> None:
        """Look after the children for ever; a child that dies is named and restarted after a pause."""
        while True:
            time.sleep(0.5)
            for name, server in self.servers.items():
                if server.process is not None and server.process.poll() is not None:
                    self._revive(name, server)
            for running in self.running:
                self._look_after(running, time.monotonic())

    def stop(self) -> None:
        """End the programs together, then the servers under them."""
        for running in self.running:
            if running.child.poll() is None:
                running.child.terminate()
        deadline = time.monotonic() + 10
        for running in reversed(self.running):
            child.stop(running.child, signal.SIGTERM, patience=max(0.1, deadline - time.monotonic()))
        for server in reversed(self.servers.values()):
            server.stop()
        self.screen.line("Everything has stopped.")

    def _pages(self, wanted: list[plan.Process]) -> dict[str, str]:
        """The pages of the tools that run, by what they show."""
        ours = {process.name for process in wanted}
        pages = (
            ("mail", "Mail that was sent", self.ports.mail, ""),
            ("mail", "Text messages that were sent", self.ports.mail, "texts"),
            ("payments", "Payments", self.ports.payments, ""),
            ("names", "Records of the DNS", self.ports.names, ""),
        )
        return {title: f"http://localhost:{port}/{path}" for name, title, port, path in pages if name in ours}

    def _wanted(self, processes: tuple[plan.Process, ...]) -> list[plan.Process]:
        """Those for which the user has not named a real server."""
        return [process for process in processes if not os.environ.get(process.unless or "-")]

    def _database(self) -> dict[str, str]:
        """The addresses of the database: those that the user has set, or those of a server of ours."""
        if os.environ.get("DATABASE_URL"):
            return {name: os.environ[name] for name in ("DATABASE_URL", *plan.OWNER_ADDRESSES) if name in os.environ}
        server = Postgres(self.var / "postgres").start()
        self.servers["PostgreSQL"] = server
        self.screen.line("PostgreSQL runs")
        return server.addresses()

    def _valkey(self) -> str:
        if given := os.environ.get("VALKEY_URL"):
            return given
        server = Valkey(self.var / "valkey").start()
        self.servers["Valkey"] = server
        self.screen.line("Valkey runs")
        return server.url()

    def _take(self, step: plan.Step, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Run one step to its end, showing what it prints; what it logs goes to the log. `meanwhile` is done beside it."""
        self.screen.line(step.title)
        path = self.logs / "steps.log"
        with path.open("a") as log:
            command = subprocess.Popen(
                step.argv,
                cwd=plan.ROOT,
                env={**self.environment, **(self.owner if step.as_owner else {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                errors="replace",
                start_new_session=True,
                preexec_fn=child.die_with_parent(signal.SIGTERM),
            )
            assert command.stdout is not None
            try:
                meanwhile()
                for line in command.stdout:
                    self.screen.quote(line)
                command.wait()
            finally:
                child.stop(command, signal.SIGTERM)
        if command.returncode != 0:
            raise DemoError(f"{step.title} failed ({path}):\n{child.tail(path)}")

    def _launch(self, processes: list[plan.Process]) -> list[Running]:
        """Start each with a new log; returns them."""
        started = len(self.running)
        for process in processes:
            log = self._log(process)
            if log.exists():  # each start has its own log, so that "ready" in it is today's; the last one is kept
                log.replace(log.with_suffix(".last.log"))
            self.running.append(Running(process, self._spawn(process), time.monotonic()))
        return self.running[started:]

    def _spawn(self, process: plan.Process) -> subprocess.Popen[bytes]:
        return child.spawn(process.argv, log=self._log(process), env=self.environment, cwd=plan.ROOT)

    def _log(self, process: plan.Process) -> Path:
        return self.logs / f"{process.name}.log"

    def _await_ready(self, programs: list[Running]) -> None:
        """Wait until each of them answers; the first to die, or to stay silent too long, ends the start."""
        deadline = time.monotonic() + START_PATIENCE
        waiting = list(programs)
        while waiting:
            for running in list(waiting):
                name, log = running.process.name, self._log(running.process)
                if running.child.poll() is not None:
                    raise DemoError(f"'{name}' ended with status {running.child.returncode}:\n{child.tail(log)}")
                if running.process.ready(log):
                    self.screen.line(f"{name} runs")
                    waiting.remove(running)
                elif time.monotonic() > deadline:
                    raise DemoError(f"'{name}' did not answer in {START_PATIENCE:.0f} s ({log}):\n{child.tail(log)}")
            time.sleep(0.1)

    def _look_after(self, running: Running, now: float) -> None:
        if running.child.poll() is None:
            return
        if running.again_at is None:
            running.falls = 1 if now - running.since > CALM else running.falls + 1
            pause = min(LONGEST_PAUSE, 2.0 ** (running.falls - 1))
            running.again_at = now + pause
            log = self._log(running.process)
            self.screen.line(
                f"'{running.process.name}' ended with status {running.child.returncode}; again in {pause:.0f} s"
            )
            self.screen.quote(child.tail(log, 6))
        elif now >= running.again_at:
            running.child = self._spawn(running.process)
            running.since, running.again_at = now, None

    def _revive(self, name: str, server: Postgres | Valkey) -> None:
        """Start a database server again at once: everything else waits for it, and heals by itself."""
        self.screen.line(f"{name} ended; starting it again")
        self.screen.quote(child.tail(server.log, 4))
        server.stop()
        server.start()
        self.screen.line(f"{name} runs")


def _request_stop(number: int, frame: FrameType | None) -> None:
    raise StopRequestedError


def _on_signals(handler: signal.Handlers | object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)  # type: ignore[arg-type]
