"""The database or the cache away: a page that says so, in the brand where it is known, and everything heals by itself."""

import contextlib
import errno
import io
import os
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.cache import caches
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from branding.actions import create_brand
from branding.models import Brand
from core.people.sessions import SessionStore
from deploy.local.services import temporary_valkey
from portal import errors
from tenants import cache, context, hosts, outages, storage
from tenants.deadlines import ConnectionWithDeadline
from tests.database import organization as find


@pytest.fixture
def database_away(swept):
    """`database_away(True)`: this process cannot reach the database, with the driver's own error."""
    place = connection.settings_dict["HOST"]

    def away(gone):
        connection.close()
        connection.settings_dict["HOST"] = "/nonexistent" if gone else place

    yield away
    away(False)


@pytest.fixture
def brand(swept):
    with context.organization_context(find("north")):
        create_brand(
            name="North Practice", blueprint="clinic", time_zone="UTC", currency="EUR", country="DE", languages=["en"]
        )
    yield
    with context.organization_context(find("north")):
        Brand.objects.all().delete()


def page(path="/account/login/", host="north.test"):
    return Browser(headers={"host": host}, raise_request_exception=False).get(path)


def test_database_away_gives_a_branded_page_and_heals(brand, database_away):
    assert page().status_code == 200

    database_away(True)
    answer = page("/dashboard/")
    unknown = page(host="never-seen.test")

    assert answer.status_code in (302, 503)
    shown = page()
    if shown.status_code != 200:
        assert shown.status_code == 503
        assert "North Practice" in shown.content.decode()
        assert shown["Retry-After"] == "5"
    assert unknown.status_code == 503
    assert "North" not in unknown.content.decode()

    database_away(False)
    assert page().status_code == 200
    assert page(host="never-seen.test").status_code == 404


def test_signed_in_page_says_so_in_the_brand(brand, database_away):
    assert page().status_code == 200
    browser = Browser(headers={"host": "north.test"}, raise_request_exception=False)
    browser.cookies["sid"] = "x" * 32
    database_away(True)

    answer = browser.get("/dashboard/")

    assert answer.status_code == 503
    assert "North Practice" in answer.content.decode()


def test_known_host_stays_known_while_the_database_is_away(swept, database_away, monkeypatch):
    found = hosts.find_organization("north.test")
    monkeypatch.setattr(hosts.time, "monotonic", lambda: 10**9)
    database_away(True)

    assert hosts.find_organization("north.test") == found
    with pytest.raises(outages.DATABASE_ERRORS):
        hosts.find_organization("unseen.test")


def test_working_database_that_refuses_is_no_outage(db):
    with pytest.raises(OperationalError) as refused, connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        cursor.execute("SELECT pg_sleep(1)")

    assert not outages.is_outage(refused.value)
    assert outages.is_outage(OperationalError("connection refused"))


def test_cache_away_is_no_error_and_heals(db, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "AWAY_SECONDS", 0.0)
    with temporary_valkey(Path("var/test-valkey").absolute()) as server:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": server.url()}}
        context.put(context.State("t_north00000"))
        caches["default"].set("key", "value")
        assert caches["default"].get("key") == "value"
    kept = caches["default"]
    assert kept.get("key", "nothing") == "nothing"
    assert kept.add("key", 1) is True
    assert kept.incr("key", 2) == 2
    assert kept.get_many(["key"]) == {}
    kept.set("key", "value")
    kept.delete("key")
    with temporary_valkey(Path("var/test-valkey").absolute()):
        kept.set("key", "again")
        assert kept.get("key") == "again"


def test_pages_work_without_the_cache(cast, visit, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    assert visit().get("/account/login/").status_code == 200
    assert visit(cast.nora).get("/dashboard/").status_code == 200


class _FullDisk(File):
    def chunks(self, chunk_size=None):
        yield b"first half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_no_half_of_a_file(north, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(storage.StorageFullError, match="storage is full"):
        default_storage.save("notes/report.pdf", _FullDisk(io.BytesIO(b""), name="report.pdf"))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert storage.used_bytes() == 0
    default_storage.save("notes/report.pdf", File(io.BytesIO(b"12345"), name="report.pdf"))
    assert storage.used_bytes() == 5


@pytest.fixture
def frozen(swept, monkeypatch):
    """`frozen(True)`: the database stands still, to those who are connected and to those who knock, as on a machine that is paused."""
    monkeypatch.setattr(ConnectionWithDeadline, "patience", 1.0)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "connect_timeout", 2)
    with context.public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        pytest.skip("the database of this run is on another machine")
    server = int(stat.read_text().rpartition(")")[2].split()[1])

    def freeze(stop):
        for process in (server, pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP if stop else signal.SIGCONT)

    yield freeze
    freeze(False)


def test_frozen_database_gives_a_page_in_time_and_heals(brand, frozen):
    browser = Browser(headers={"host": "north.test"}, raise_request_exception=False)
    browser.cookies["sid"] = "x" * 32
    frozen(True)
    started = time.monotonic()

    answer = browser.get("/dashboard/")

    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert (
        time.monotonic() - started < 15
    )  # two seconds for each look at the host and the session; tolerates a busy machine
    frozen(False)
    connection.close()
    assert page().status_code == 200


def test_pool_looks_only_shortly_at_a_frozen_connection(committed):
    with ConnectionWithDeadline.connect(**connection.get_connection_params(), autocommit=True) as held:
        held.patience = 30.0
        pid = held.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="has not answered for 2 s"):
            held.execute("")
        os.kill(pid, signal.SIGCONT)
    assert time.monotonic() - started < 10  # 2 s; far under the patience for an answer


def test_statement_without_an_answer_is_an_outage(swept, monkeypatch):
    monkeypatch.setattr(ConnectionWithDeadline, "patience", 0.5)
    connection.close()
    with (
        context.public_context(),
        pytest.raises(OperationalError, match="has not answered") as given_up,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_sleep(5)")
    connection.close()
    assert outages.is_outage(given_up.value) and not outages.is_busy(given_up.value)


def test_database_that_dies_after_a_commit_asks_to_look_first(brand, database_away, monkeypatch):
    with context.organization_context(find("north")):
        session = SessionStore()
        session.create()
    stock = DatabaseStore.save

    def save(self, must_create=False):
        database_away(True)
        stock(self, must_create=must_create)

    browser = Browser(headers={"host": "north.test"}, raise_request_exception=False)
    browser.cookies["sid"] = session.session_key
    monkeypatch.setattr(DatabaseStore, "save", save)

    answer = browser.post(reverse("account_request_login_code"), {"email": "nobody@north.test"})

    assert answer.status_code == 503
    assert "look before you try again" in answer.content.decode()
    monkeypatch.undo()
    database_away(False)
    with context.organization_context(find("north")):
        session.delete()


@pytest.mark.parametrize(
    ("setting", "statement"),
    [("lock_timeout", "LOCK TABLE branding_brand"), ("statement_timeout", "SELECT pg_sleep(3)")],
)
def test_lock_or_statement_that_takes_too_long_is_too_much(brand, rf, setting, statement):
    held, release = threading.Event(), threading.Event()

    def hold():
        try:
            with context.as_database_owner(), context.schema_context("t_north00000"), transaction.atomic():
                connection.cursor().execute("LOCK TABLE branding_brand")
                held.set()
                release.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    with context.organization_context(find("north")):
        with pytest.raises(OperationalError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {setting} = '100ms'")
            cursor.execute("SELECT count(*) FROM branding_brand" if "LOCK" in statement else statement)
        release.set()
        holder.join()
        reading, changing = rf.get("/"), rf.post("/")
        answers = [errors.out_of_reach(request, refused.value) for request in (reading, changing)]

    assert not outages.is_outage(refused.value) and outages.is_busy(refused.value)
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(429, "2"), (429, "2")]
    assert (
        "Look whether it was saved" in answers[1].content.decode() and "Look whether" not in answers[0].content.decode()
    )
