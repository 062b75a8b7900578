"""The database or the cache away: a page that says so, in the brand where it is known, and everything heals by itself."""

import errno
import io
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.test import Client as Browser

from branding.actions import create_brand
from branding.models import Brand
from deploy.local.services import temporary_valkey
from tenants import cache, context, hosts, outages, storage
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
