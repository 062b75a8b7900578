"""The Valkey launcher and the services of a test run, with the real servers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from deploy.local import places, services
from deploy.local.child import DirectoryInUseError
from deploy.local.services import temporary_valkey
from deploy.local.valkey import Valkey


def test_values_outlive_a_restart_when_durable(tmp_path):
    directory = tmp_path / "valkey"
    with Valkey(directory) as first:
        redis.Redis.from_url(first.url()).set("kept", "42")
    with Valkey(directory) as second:
        assert redis.Redis.from_url(second.url()).get("kept") == b"42"
    places.forget(directory)


def test_server_never_runs_as_root_and_its_socket_is_private(tmp_path):
    with temporary_valkey(tmp_path / "valkey") as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
        assert server.socket.parent.stat().st_mode & 0o777 == 0o700
    assert not server.socket.exists()


def test_databases_are_apart(tmp_path):
    with temporary_valkey(tmp_path / "valkey") as server:
        redis.Redis.from_url(server.url(1)).set("name", "one")
        assert redis.Redis.from_url(server.url()).get("name") is None


def test_second_launcher_on_the_same_directory_is_refused(tmp_path):
    with temporary_valkey(tmp_path / "valkey") as server:
        with pytest.raises(DirectoryInUseError, match="in use by process"):
            Valkey(server.directory).start()
        assert redis.Redis.from_url(server.url()).ping()


def test_foreground_program_prints_the_address_and_leaves_with_its_server(tmp_path):
    command = [sys.executable, "-m", "deploy.local.valkey", "--directory", str(tmp_path / "valkey")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        url = program.stdout.readline().strip()
        assert redis.Redis.from_url(url).ping()
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()
    places.forget(tmp_path / "valkey")


def test_server_dies_with_a_launcher_that_is_killed(tmp_path):
    command = [sys.executable, "-m", "deploy.local.valkey", "--directory", str(tmp_path / "valkey")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        url = program.stdout.readline().strip()
        program.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            redis.Redis.from_url(url).ping()
        except redis.ConnectionError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("Valkey outlived its launcher")
    places.forget(tmp_path / "valkey")


def test_services_start_once_and_honour_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("VALKEY_URL", "unix:///elsewhere/v.sock?db=3")
    first = services.test_services(tmp_path)
    assert services.test_services(tmp_path) is first
    assert first.valkey_url == "unix:///elsewhere/v.sock?db=3"
    with psycopg.connect(first.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_services_remove_what_a_killed_run_left(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    monkeypatch.delenv("VALKEY_URL", raising=False)
    abandoned = tmp_path / "run-4194305" / "postgres"
    abandoned.mkdir(parents=True)
    (abandoned / "password").write_text("old")
    services.test_services(tmp_path)
    assert not abandoned.parent.exists()
