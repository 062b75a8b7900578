"""A practitioner's calendars by CalDAV: against Radicale, a real server in a process of its own, and against others' strange answers."""

import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.request import Request as Put
from urllib.request import urlopen

import pytest

from core.kernel import clock, outbox
from core.scheduling import caldav
from core.scheduling.actions import add_external_calendar
from core.scheduling.models import BusyTime
from core.scheduling.rules import external_calendars as rules
from tests.factories.scheduling import tomorrow
from tests.factories.web_server import say, serving

HOUR = timedelta(hours=1)
COLLECTION = '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>x</displayname></prop></set></C:mkcalendar>'


def event(uid, body):
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20260101T000000Z",
        *body,
        "END:VEVENT",
    ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@pytest.fixture(scope="module")
def radicale(tmp_path_factory):
    """The server, with one user; `send(method, path, body)` acts as that user."""
    folder = tmp_path_factory.mktemp("radicale")
    (folder / "users").write_text("tess:open sesame\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "server-hosts": f"127.0.0.1:{port}", "auth-type": "htpasswd", "auth-htpasswd-filename": folder / "users",
        "auth-htpasswd-encryption": "plain", "storage-filesystem-folder": folder / "data", "auth-delay": "0",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "radicale",
        "--config",
        "",
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    root, secret = f"http://127.0.0.1:{port}", caldav.authorization("tess", "open sesame")

    def send(method, path, body):
        return urlopen(
            Put(root + path, data=body.encode(), method=method, headers={"Authorization": secret}), timeout=10
        ).status

    try:
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield SimpleNamespace(root=root, send=send)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def reads(cast, settings):
    """`reads(address, password)` -> the calendar after one reading."""
    settings.PRIVATE_CALENDARS = True

    def read(address, password="open sesame"):
        calendar = add_external_calendar(
            cast.tess_staff, name="Private", kind="caldav", address=address, username="tess", password=password, by=cast.tess,
            now=clock.now(),
        )  # fmt: skip
        outbox.deliver_due()
        calendar.refresh_from_db()
        return calendar

    return read


def test_real_server_is_read_by_calendar_and_by_person(radicale, reads, cast):
    start = tomorrow(9)
    radicale.send("MKCALENDAR", "/tess/private/", COLLECTION)
    radicale.send("MKCALENDAR", "/tess/club/", COLLECTION)
    weekly = [
        f"DTSTART:{start - timedelta(weeks=5):%Y%m%dT%H%M%SZ}",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=6",
        "SUMMARY:Choir",
    ]
    radicale.send("PUT", "/tess/private/a.ics", event("a", weekly))
    radicale.send(
        "PUT", "/tess/club/b.ics", event("b", [f"DTSTART:{start + 3 * HOUR:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"])
    )
    radicale.send("PUT", "/tess/club/c.ics", event("c", ["DTSTART:20200101T090000Z", "DURATION:PT1H"]))

    assert reads(f"{radicale.root}/tess/private/").trouble == ""
    assert [each.starts_at for each in BusyTime.objects.all()] == [start]
    BusyTime.objects.all().delete()
    assert reads(f"{radicale.root}/").trouble == ""
    assert [each.starts_at for each in BusyTime.objects.all()] == [start, start + 3 * HOUR]


def test_wrong_password_and_wrong_address_have_words(radicale, reads):
    assert "another name or password" in reads(f"{radicale.root}/tess/", password="wrong").trouble
    assert reads(f"{radicale.root}/somebody-else/").trouble != ""


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"<html>", 200, "answered with error 200"),
        (b"<html>", 207, "nothing that can be read"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:">&a;</multistatus>', 207, "nothing that can be read"),
        (b'<multistatus xmlns="DAV:"/>', 207, "no calendar"),
        (b'<?xml version="1.0" encoding="odd"?><multistatus xmlns="DAV:"/>', 207, "nothing that can be read"),
        (b'<?xml version="1.0" encoding="utf-7"?><multistatus xmlns="DAV:"/>', 207, "nothing that can be read"),
        (b'<multistatus xmlns="DAV:"><response><href>http://[</href></response></multistatus>', 207, "cannot be asked"),
        (b"", 404, "nothing at this address"),
    ],
)
def test_strange_answers_have_words(reads, content, status, says):
    with serving(say(content, status)) as (port, asked):
        assert says in reads(f"http://127.0.0.1:{port}/").trouble
    assert asked[0][1].startswith("Basic ")


def found(*responses):
    """A multistatus of these responses: href and what it has."""
    inner = "".join(
        f"<response><href>{href}</href><propstat><prop>{has}</prop></propstat></response>" for href, has in responses
    )
    return f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{inner}</multistatus>'.encode()


CALENDAR = "<resourcetype><C:calendar/></resourcetype>"


def home_at(href):
    return f"<C:calendar-home-set><href>{href}</href></C:calendar-home-set>"


def stranger(home, calendars, data="", *, wait=0.0):
    """A server with so many calendars at `home`; every answer comes `wait` seconds late."""

    def answer(handler):
        time.sleep(wait)
        if handler.command == "REPORT":
            say(found(("/x.ics", f"<C:calendar-data>{data}</C:calendar-data>")), 207)(handler)
        elif handler.path == home:
            say(found(*((f"{home}{number}/", CALENDAR) for number in range(calendars))), 207)(handler)
        else:
            say(found(("/", home_at(home))), 207)(handler)

    return answer


def test_whole_reading_has_one_time(reads, monkeypatch):
    monkeypatch.setattr(rules, "MOST_SECONDS", 1)
    with serving(stranger("/home/", 10, event("a", []), wait=0.3)) as (port, asked):
        started = time.monotonic()
        assert "did not answer in time" in reads(f"http://127.0.0.1:{port}/").trouble
    assert time.monotonic() - started < 3 and len(asked) < 6


def test_whole_reading_has_one_measure_of_bytes(reads, monkeypatch):
    monkeypatch.setattr(rules, "MOST_BYTES", 3000)
    with serving(stranger("/home/", 10, "x" * 500)) as (port, asked):
        assert "more than one megabyte" in reads(f"http://127.0.0.1:{port}/").trouble
    assert 3 < len(asked) < 8  # what was asked to find the calendars counts, too


def test_password_does_not_follow_a_link_to_another_server(reads):
    with (
        serving(say(b"", 401)) as (other, asked),
        serving(say(found(("/", home_at(f"http://127.0.0.1:{other}/home/"))), 207)) as (port, first),
    ):
        trouble = reads(f"http://127.0.0.1:{port}/").trouble
    assert asked == [("/home/", None)] and first[0][1].startswith("Basic ")
    assert "to which name and password are not sent" in trouble


def test_what_comes_is_never_taken_for_the_name_of_a_file(reads, tmp_path):
    start = tomorrow(9)
    file = tmp_path / "ours.ics"
    file.write_text(event("a", [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H"]))
    with serving(stranger("/home/", 1, str(file))) as (port, _):
        assert "is no calendar" in reads(f"http://127.0.0.1:{port}/").trouble
    assert not BusyTime.objects.exists()


def test_time_asked_for_is_in_utc():
    assert 'start="20260301T000000Z"' in caldav.EVENTS.format(
        begins=f"{datetime(2026, 3, 1, tzinfo=UTC):%Y%m%dT%H%M%SZ}", ends="x"
    )
