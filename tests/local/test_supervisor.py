"""The demo's supervisor, with real servers and small stand-ins for the programs of the product."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from deploy.local import places
from deploy.local.demo import plan
from deploy.local.demo.ports import PortError, Ports

# Replaces the plan by small programs; what is tested is how they are started, watched and stopped.
STAND_IN = """
import json, sys
from pathlib import Path
from deploy.local.demo import __main__, background, plan
from deploy.local.demo.plan import Process, Step
from deploy.local.demo.ready import Http, Says

def step(code): return Step(title="A step", argv=(sys.executable, "-c", code))
shaping = Step(title="Making tables", argv=(sys.executable, "-c", ""))
def processes(ports, var, environment):
    web = (sys.executable, "-m", "http.server", str(ports.web), "--bind", "127.0.0.1")
    work = "import os, time; print('at work', os.environ['DATABASE_URL'], flush=True); time.sleep(600)"
    fails = (sys.executable, "-c", "raise SystemExit('mail has no disk')")
    return (
        Process(name="web", argv=web, ready=Http(ports.web), ports=("web",)),
        Process(name="worker", argv=(sys.executable, "-c", work), ready=Says("at work")),
        Process(name="mail", argv=fails, ready=Says("never"), ports=("mail",), unless="EMAIL_URL"),
    )
code = sys.argv.pop(1)
background.COMMAND = (sys.executable, "-c", sys.orig_argv[2], code)
plan.STEPS = (shaping, step(code))
plan.processes = processes
__main__.main()
"""
GOOD_STEP = """
import json, os, pathlib
facts = {"organizations": [{"name": "Lark", "url": "http://lark.localhost", "users":
         [{"role": "owner", "email": "a@b.example", "password": "pw-1"}]}]}
pathlib.Path(os.environ["VAR_DIR"], "demo.json").write_text(json.dumps(facts))
print("seeding people")
"""


@pytest.fixture
def base():
    """The first of nine ports that are free."""
    for candidate in range(21000 + os.getpid() % 9000, 60000, 11):
        try:
            Ports.from_base(candidate).check_free(set(Ports.__dataclass_fields__))
        except PortError:
            continue
        return candidate
    raise AssertionError("no free ports")


@pytest.fixture
def run(tmp_path, base):
    """Start the stand-in demo; whatever is still there at the end is ended."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")}
    environment |= {"PORT": str(base), "EMAIL_URL": "smtp://elsewhere"}
    started = []

    def start(*options, step=GOOD_STEP, **extra):
        command = [sys.executable, "-c", STAND_IN, step, *options]
        merged = {k: v for k, v in {**environment, **extra}.items() if v is not None}
        program = subprocess.Popen(
            command, cwd=plan.ROOT, env=merged, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(program)
        return program

    yield start
    for program in started:
        if program.poll() is None:
            program.terminate()
        program.communicate(timeout=30)
    for name in ("postgres", "valkey"):
        places.forget(tmp_path / "var" / name)


def read_until(program, words):
    seen = []
    for line in program.stdout:
        seen.append(line)
        if words in line:
            return "".join(seen)
    raise AssertionError("".join(seen))


def offspring(program):
    return psutil.Process(program.pid).children(recursive=True)


def test_start_shows_progress_and_logins_and_ctrl_c_stops_everything(run, tmp_path):
    program = run()
    seen = read_until(program, "Everybody else")
    assert "PostgreSQL runs" in seen and "seeding people" in seen and "web runs" in seen
    assert "a@b.example" in seen and "pw-1" in seen
    assert "mail" not in seen.split("Ready")[0], "EMAIL_URL names a real server, so none of ours starts"
    children = offspring(program)
    assert len(children) >= 4
    program.send_signal(signal.SIGINT)
    rest, _ = program.communicate(timeout=20)
    assert program.returncode == 0 and "Everything has stopped" in rest
    assert not [child for child in children if child.is_running()]
    assert not (tmp_path / "var" / "demo.ready").exists()


def test_children_know_where_the_database_is(run, tmp_path):
    read_until(run(), "Everybody else")
    assert "at work postgresql://" in (tmp_path / "var" / "log" / "worker.log").read_text()


def test_child_that_dies_is_named_and_restarted(run):
    program = run()
    read_until(program, "Everybody else")
    worker = next(child for child in offspring(program) if "at work" in " ".join(child.cmdline()))
    worker.kill()
    read_until(program, "'worker' ended with status -9; again in 1 s")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if any("at work" in " ".join(child.cmdline()) for child in offspring(program)):
            return
        time.sleep(0.1)
    pytest.fail("the worker did not come back")


def test_database_that_is_killed_comes_back(run):
    program = run()
    read_until(program, "Everybody else")
    next(child for child in offspring(program) if child.name() == "postgres").kill()
    read_until(program, "PostgreSQL ended; starting it again")
    read_until(program, "PostgreSQL runs")


def test_supervisor_that_is_killed_takes_its_children_along(run):
    program = run()
    read_until(program, "Everybody else")
    children = offspring(program)
    program.kill()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_step_that_fails_stops_the_start_with_its_words(run):
    program = run(step="import sys; sys.exit('template schema is broken')")
    words, _ = program.communicate(timeout=30)
    assert program.returncode == 1
    assert "template schema is broken" in words and "A step failed" in words
    assert "Everything has stopped" in words and "Traceback" not in words


def test_first_filling_that_was_interrupted_starts_afresh(run, tmp_path):
    run(step="raise SystemExit('interrupted')").communicate(timeout=30)
    left = tmp_path / "var" / "files"
    left.mkdir()
    seen = read_until(run(), "Everybody else")
    assert "The first filling was interrupted; starting afresh" in seen
    assert not left.exists()


def test_later_start_that_fails_keeps_everything(run, tmp_path):
    program = run()
    read_until(program, "Everybody else")
    program.terminate()
    program.communicate(timeout=20)
    run(step="raise SystemExit('interrupted')").communicate(timeout=30)
    left = tmp_path / "var" / "files"
    left.mkdir()
    assert "afresh" not in read_until(run(), "Everybody else")
    assert left.exists()


def test_second_start_prepares_nothing_while_the_code_is_the_same(run, tmp_path):
    for expected in (True, False):
        program = run()
        seen = read_until(program, "Everybody else")
        assert ("Making tables" in seen) is expected
        assert "seeding people" in seen, "what stands in demo.json is looked at every time"
        program.terminate()
        program.communicate(timeout=20)
    (tmp_path / "var" / "demo.shape").write_text("what other code would have left")
    assert "Making tables" in read_until(run(), "Everybody else")


def test_start_that_failed_is_prepared_again(run):
    program = run()
    read_until(program, "Everybody else")
    program.terminate()
    program.communicate(timeout=20)
    words, _ = run(step="raise SystemExit('a table is gone')").communicate(timeout=30)
    assert "Making tables" not in words and "a table is gone" in words and "Everything has stopped" in words
    assert "Making tables" in read_until(run(), "Everybody else")


def test_program_that_dies_at_the_start_is_named_with_its_log(run):
    program = run(EMAIL_URL=None)
    words, _ = program.communicate(timeout=30)
    assert program.returncode == 1 and "Traceback" not in words
    assert "'mail' ended with status 1" in words and "mail has no disk" in words


def test_busy_port_is_named_with_the_cure_before_anything_starts(run, base, tmp_path):
    with socket.create_server(("127.0.0.1", base)):
        words, _ = run().communicate(timeout=30)
    assert f"Port {base} (web) is busy, held by" in words and "PORT=9000 make demo" in words
    assert not (tmp_path / "var" / "postgres").exists()


def test_second_start_names_the_first_and_leaves_it_alone(run):
    first = run()
    read_until(first, "Everybody else")
    words, _ = run("--up").communicate(timeout=30)
    assert f"already runs (process {first.pid})" in words
    assert first.poll() is None


def test_up_returns_when_ready_and_leaves_it_running_until_down(run, base, tmp_path):
    words, _ = run("--up").communicate(timeout=30)
    assert "PostgreSQL runs" in words and "a@b.example" in words
    assert (tmp_path / "var" / "demo.ready").read_text() == f"http://operator.localhost:{base}\n"
    socket.create_connection(("127.0.0.1", base)).close()
    assert "The demo has stopped" in run("--down").communicate(timeout=30)[0]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", base))


def test_up_that_fails_says_why_and_leaves_nothing_behind(run, tmp_path):
    program = run("--up", step="raise SystemExit('no room on the disk')")
    words, _ = program.communicate(timeout=30)
    assert program.returncode == 1 and "no room on the disk" in words and "did not start" in words
    assert "does not run" in run("--down").communicate(timeout=30)[0]


def test_down_stops_a_running_demo_and_is_content_without_one(run):
    first = run()
    read_until(first, "Everybody else")
    words, _ = run("--down").communicate(timeout=30)
    assert "The demo has stopped" in words
    first.communicate(timeout=5)
    assert "does not run" in run("--down").communicate(timeout=30)[0]


def test_reset_removes_the_state_and_nothing_else(run, tmp_path):
    var = tmp_path / "var"
    program = run()
    read_until(program, "Everybody else")
    (var / "bench").mkdir()
    (var / "bench" / "media.json").write_text("{}")
    assert "afresh" in run("--reset").communicate(timeout=30)[0]
    program.communicate(timeout=5)
    assert {path.name for path in var.iterdir()} <= {"bench", "demo.pid"}
    assert json.loads((var / "bench" / "media.json").read_text()) == {}


@pytest.mark.parametrize("text", ["eighty", "0", "80", "65530", "-1", "８０００", "8000 "])
def test_port_that_is_no_usable_number_is_refused(text):
    with pytest.raises(PortError, match="PORT is"):
        Ports.from_environment({"PORT": text})


def test_ports_follow_the_base():
    assert Ports.from_environment({}) == Ports(*range(8000, 8009))
    assert Ports.from_environment({"PORT": "9000"}).media_metrics == 9006


def test_busy_udp_port_is_found(base):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", base + 4))
        with pytest.raises(PortError, match=rf"Port {base + 4} \(media udp\)"):
            Ports.from_base(base).check_free({"media_udp"})


def test_users_own_servers_replace_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example:587")
    monkeypatch.setenv("VAR_DIR", "elsewhere")
    monkeypatch.delenv("STRIPE_API_BASE", raising=False)
    made = plan.environment(Ports.from_base(8000), tmp_path, "postgresql://x/y", "unix:///v")
    assert made["EMAIL_URL"] == "smtp://mail.example:587"
    assert made["STRIPE_API_BASE"] == "http://127.0.0.1:8003"
    assert made["VAR_DIR"] == str(tmp_path)


def test_keys_outlive_a_restart_and_are_private(tmp_path, monkeypatch):
    for name in ("SECRET_KEY", "MEDIA_SECRET"):
        monkeypatch.delenv(name, raising=False)
    first = plan.environment(Ports.from_base(8000), tmp_path, "", "")
    again = plan.environment(Ports.from_base(9000), tmp_path, "", "")
    assert first["SECRET_KEY"] == again["SECRET_KEY"] and len(first["MEDIA_SECRET"]) >= 32
    assert (tmp_path / "demo.secrets").stat().st_mode & 0o777 == 0o600


def test_every_program_of_the_demo_has_its_own_name_and_known_ports():
    programs = plan.processes(Ports.from_base(8000), Path("var"), {"STRIPE_WEBHOOK_SECRET": "s"})
    assert len({program.name for program in programs}) == len(programs)
    assert sorted(port for program in programs for port in program.ports) == sorted(Ports.__dataclass_fields__)
