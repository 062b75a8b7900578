"""Calendars that practitioners keep elsewhere: what counts as busy, what is left out, what goes wrong, and where it shows."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.scheduling import external_reading
from core.scheduling.actions import add_external_calendar, read_again, remove_external_calendar, set_feed
from core.scheduling.busy_program import read
from core.scheduling.feed_file import read_feed
from core.scheduling.models import AvailabilityOverride, BusyTime, ExternalCalendar
from core.scheduling.rules import external_calendars as rules
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, book_weekly, tomorrow
from tests.factories.web_server import say, serving
from tests.rules_tables import rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n"


def calendar_of(*events, zones=""):
    bodies = (
        f"BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\nUID:{number}\r\n{body}\r\nEND:VEVENT\r\n"
        for number, body in enumerate(events)
    )
    return (HEAD + zones + "".join(bodies).replace("\n", "\r\n").replace("\r\r", "\r") + "END:VCALENDAR\r\n").encode()


def times_in(*events, zones="", zone="Europe/Berlin", most=10_000):
    begins, ends = rules.read_between(NOW)
    asked = {
        "content": [calendar_of(*events, zones=zones).decode()], "zone": zone, "begins": int(begins.timestamp()), "ends": int(ends.timestamp()),
        "email": "tess@north.test", "most": most,
    }  # fmt: skip
    made = json.loads(read(json.dumps(asked).encode()))
    return [
        f"{datetime.fromtimestamp(start, UTC):%d %b %H:%M}–{datetime.fromtimestamp(end, UTC):%d %b %H:%M}"
        for _, start, end in made["times"]
    ]


@pytest.mark.unit
@pytest.mark.parametrize(("failures", "after"), rows("external-calendars"))
def test_next_reading_is_the_documented_one(failures, after):
    assert rules.next_reading(NOW, failures=int(failures)) == NOW + timedelta(minutes=int(after.split()[0]))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("event", "busy"),
    [
        ("DTSTART:20260310T090000Z\nDTEND:20260310T100000Z", ["10 Mar 09:00–10 Mar 10:00"]),
        ("DTSTART:20260310T090000\nDURATION:PT30M", ["10 Mar 08:00–10 Mar 08:30"]),  # without a zone: theirs
        ("DTSTART;TZID=America/New_York:20260310T090000\nDURATION:PT1H", ["10 Mar 13:00–10 Mar 14:00"]),
        ("DTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260312", ["09 Mar 23:00–11 Mar 23:00"]),
        ("DTSTART;VALUE=DATE:20260310", ["09 Mar 23:00–10 Mar 23:00"]),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nSTATUS:TENTATIVE", ["10 Mar 09:00–10 Mar 10:00"]),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:Tess@north.test", []),
        ("DTSTART:20260310T090000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:olli@north.test", ["10 Mar 09:00–10 Mar 10:00"]),
        ("DTSTART:20260310T090000Z", []),  # no time at all
        ("DTSTART:20200310T090000Z\nDURATION:PT1H", []),  # long ago
        ("DTSTART:20300310T090000Z\nDURATION:PT1H", []),
    ],
)  # fmt: skip
def test_what_counts_as_busy(event, busy):
    assert times_in(event) == busy


@pytest.mark.unit
def test_rules_are_worked_out_with_exceptions_and_over_a_change_of_the_clock():
    weekly = "DTSTART;TZID=Europe/Berlin:20260317T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20260324T090000"
    assert times_in(weekly) == ["17 Mar 08:00–17 Mar 09:00", "31 Mar 07:00–31 Mar 08:00", "07 Apr 07:00–07 Apr 08:00"]


@pytest.mark.unit
def test_zone_is_that_of_the_file():
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Our Clock\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0345\r\nTZOFFSETTO:+0345\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    assert times_in("DTSTART;TZID=Our Clock:20260310T090000\nDURATION:PT1H", zones=own) == ["10 Mar 05:15–10 Mar 06:15"]
    assert times_in("DTSTART;TZID=W. Europe Standard Time:20260310T090000\nDURATION:PT1H") == [
        "10 Mar 08:00–10 Mar 09:00"
    ]


@pytest.fixture
def private(settings):
    settings.PRIVATE_CALENDARS = True


@pytest.fixture
def other(cast, private, moved_clock):
    """`other(content, …)` -> Tess's other calendar, as it is after one reading of what a real server says."""

    def make(content=b"", status=200, **headers):
        with serving(say(content, status, **headers)) as (port, _):
            calendar = add_external_calendar(
                cast.tess_staff, name="Private", kind="file", address=f"http://127.0.0.1:{port}/x.ics", by=cast.tess, now=clock.now()
            )  # fmt: skip
            outbox.deliver_due()
        calendar.refresh_from_db()
        return calendar

    return make


def event_at(start, *, hours=1, uid="theirs@elsewhere"):
    return f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{start + hours * HOUR:%Y%m%dT%H%M%SZ}\nSUMMARY:Dentist\nX-OWN:{uid}"


def test_calendar_is_read_at_once_and_again_and_its_titles_are_nowhere(cast, other, moved_clock):
    start = tomorrow(9)
    calendar = other(calendar_of(event_at(start)))
    [busy] = BusyTime.objects.all()
    assert (busy.practitioner, busy.starts_at, busy.ends_at) == (cast.tess_staff, start, start + HOUR)
    assert calendar.read_at and not calendar.trouble and calendar.failures == 0
    stored = str([*BusyTime.objects.values(), *ExternalCalendar.objects.values()])
    assert "Dentist" not in stored and "x.ics" not in stored

    with serving(say(calendar_of())) as (port, asked):
        calendar.address = f"http://127.0.0.1:{port}/x.ics"
        calendar.save()
        assert outbox.deliver_due() == 0
        moved_clock(rules.EVERY + timedelta(seconds=1))
        assert outbox.deliver_due() == 1
    assert len(asked) == 1 and not BusyTime.objects.exists()


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"<!doctype html><p>Sign in", 200, "sends a web page instead of a calendar"),
        (b"hello", 200, "is no calendar"),
        (b"BEGIN:VCALENDAR\r\nnonsense", 200, "is no calendar"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 200, "is no calendar"),
        (calendar_of("DTSTART:20260310T090000Z\nDURATION:PT1H")[:-20], 200, "is no calendar"),
        (b"", 200, "is no calendar"),
        (b"", 404, "nothing at this address any more"),
        (b"", 401, "another name or password"),
        (b"", 503, "answered with error 503"),
        (b"BEGIN:VCALENDAR" + b"x" * 1_000_001, 200, "more than one megabyte"),
    ],
)
def test_what_goes_wrong_stands_there_in_words(other, content, status, says):
    calendar = other(content, status)
    assert says in calendar.trouble and calendar.failures == 1 and calendar.read_at is None


def test_what_was_known_stays_while_it_cannot_be_read(cast, other, moved_clock):
    calendar = other(calendar_of(event_at(tomorrow(9))))
    moved_clock(rules.EVERY + timedelta(seconds=1))
    outbox.deliver_due()  # nobody answers at that port any more
    calendar.refresh_from_db()
    assert calendar.failures == 1 and "hung up" in calendar.trouble and BusyTime.objects.count() == 1
    moved_clock(rules.EVERY + timedelta(seconds=1))
    assert outbox.deliver_due() == 0  # less often now


@pytest.mark.parametrize(
    ("content", "promised"),
    [
        (calendar_of(), 9999),
        (HEAD.encode(), None),
        (HEAD.encode() + b"BEGIN:VEVENT\r\n", None),
        (calendar_of() + HEAD.encode(), None),
    ],
)
def test_what_was_known_stays_when_the_file_is_cut_off(cast, other, moved_clock, content, promised):
    calendar = other(calendar_of(event_at(tomorrow(9))))
    moved_clock(rules.EVERY + timedelta(seconds=1))
    with serving(say(content, **({"Content-Length": str(promised)} if promised else {}))) as (port, _):
        calendar.address = f"http://127.0.0.1:{port}/x.ics"
        calendar.save()
        outbox.deliver_due()
    calendar.refresh_from_db()
    assert calendar.failures == 1 and calendar.trouble and BusyTime.objects.count() == 1


@pytest.mark.unit
def test_one_line_is_never_the_name_of_a_file(tmp_path):
    file = tmp_path / "ours.ics"
    file.write_bytes(calendar_of("DTSTART:20260310T090000Z\nDURATION:PT1H"))
    asked = {"content": [str(file)], "zone": "UTC", "begins": 0, "ends": 1, "email": "", "most": 1}
    with pytest.raises(ValueError, match="Content line"):
        read(json.dumps(asked).encode())


def test_sign_that_no_row_can_hold_hurts_nothing(other):
    content = calendar_of(event_at(tomorrow(9))).replace(b"UID:0", b"UID:a\0b")
    assert not other(content).trouble and BusyTime.objects.count() == 1


def test_nothing_is_locked_while_the_other_server_is_waited_for(cast, other, moved_clock, monkeypatch):
    other(calendar_of())
    moved_clock(rules.EVERY + timedelta(seconds=1))
    before = []

    def read_times(calendar, **_):
        before.extend(each["sql"] for each in asked.captured_queries)
        return []

    monkeypatch.setattr(external_reading, "read_times", read_times)
    with CaptureQueriesContext(connection) as asked:
        outbox.deliver_due()
    about = [sql for sql in before if "scheduling_externalcalendar" in sql]
    assert about and not [sql for sql in about if "FOR UPDATE" in sql]


def test_what_is_taken_away_while_it_is_read_stays_away(cast, other, moved_clock, monkeypatch):
    calendar = other(calendar_of())
    moved_clock(rules.EVERY + timedelta(seconds=1))

    def read_times(read, **_):
        remove_external_calendar(calendar, by=cast.tess, now=clock.now())
        return [(tomorrow(9), tomorrow(10))]

    monkeypatch.setattr(external_reading, "read_times", read_times)
    assert outbox.deliver_due() == 1
    waiting = OutboxMessage.objects.filter(name="scheduling.read_calendar", state="waiting")
    assert not BusyTime.objects.exists() and not ExternalCalendar.objects.exists() and not waiting.exists()


def test_what_was_read_meanwhile_is_not_written_over(cast, other, moved_clock, monkeypatch):
    calendar = other(calendar_of(event_at(tomorrow(9))))
    moved_clock(rules.EVERY + timedelta(seconds=1))
    meanwhile = clock.now() - timedelta(seconds=1)

    def read_times(read, **_):
        ExternalCalendar.objects.filter(pk=calendar.pk).update(tried_at=meanwhile)
        return []

    monkeypatch.setattr(external_reading, "read_times", read_times)
    outbox.deliver_due()
    calendar.refresh_from_db()
    assert calendar.tried_at == meanwhile and BusyTime.objects.count() == 1


@pytest.mark.unit
def test_more_times_than_are_wanted_are_cut_off():
    daily = "DTSTART:20260303T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    assert len(times_in(daily)) == 399 and len(times_in(daily, most=100)) == 100


def test_more_times_than_anybody_has_are_refused(other, monkeypatch):
    """Every second for ever: the process that works it out ends at its limits, here after two seconds."""
    monkeypatch.setattr(external_reading, "SECONDS", 2)
    calendar = other(calendar_of("DTSTART:20260310T090000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"))
    assert "more than 10000 times" in calendar.trouble and not BusyTime.objects.exists()


def test_private_networks_are_refused_in_words(cast, settings):
    settings.PRIVATE_CALENDARS = False
    with serving(say(calendar_of())) as (port, asked):
        calendar = add_external_calendar(
            cast.tess_staff, name="x", kind="file", address=f"http://127.0.0.1:{port}/", by=cast.tess, now=clock.now()
        )
        outbox.deliver_due()
    calendar.refresh_from_db()
    assert "private network" in calendar.trouble and asked == []


def test_name_that_leads_to_a_private_network_is_refused(cast, settings):
    calendar = ExternalCalendar(practitioner=cast.tess_staff, host="rebind.test")
    calendar.address = "https://rebind.test/x.ics"
    with pytest.raises(external_reading.Unread) as raised:
        external_reading.read_times(calendar, now=clock.now(), resolve=lambda *_: ["169.254.169.254"])
    assert "private network" in raised.value.reason.sentence()


def test_our_own_appointments_that_come_back_do_not_count(cast, other):
    book(cast)
    book_weekly(cast, first=(clock.now() + 14 * DAY).date())
    ours = read_feed(set_feed(is_busy_only=True, is_own_only=False, by=cast.tess, now=clock.now()), now=clock.now())
    assert b"RRULE" in ours.content
    theirs = calendar_of(event_at(tomorrow(15))).decode().split("\r\n", 3)[3]
    other(ours.content.replace(b"END:VCALENDAR\r\n", theirs.encode()))
    assert [time.starts_at for time in BusyTime.objects.all()] == [tomorrow(15)]


def test_staff_need_an_explanation_and_it_is_kept(cast, other):
    start = tomorrow(9)
    other(calendar_of(event_at(start)))
    with pytest.raises(DomainError) as refused:
        book(cast, at=start + HOUR / 2)
    assert "Tess North is busy then, by another calendar." in refused.value.message
    assert refused.value.field == "override_reason"
    booked = book(cast, at=start + HOUR / 2, override_reason="The dentist can wait")
    assert AvailabilityOverride.objects.get(appointment=booked).against == ["busy"]
    book(cast, at=start + 3 * HOUR)


def test_series_names_the_date_on_which_somebody_is_busy(cast, other):
    first = (clock.now() + 7 * DAY).date()
    second = datetime(first.year, first.month, first.day, 15, 10, tzinfo=UTC) + 7 * DAY
    other(calendar_of(event_at(second - HOUR, hours=3)))
    with pytest.raises(DomainError) as refused:
        book_weekly(cast, first=first)
    assert refused.value.message.count("is busy then") == 1


def test_taken_away_with_its_times(cast, other):
    calendar = other(calendar_of(event_at(tomorrow(9))))
    remove_external_calendar(calendar, by=cast.tess, now=clock.now())
    assert not BusyTime.objects.exists()
    book(cast)
    noted = AuditEvent.objects.filter(action__startswith="external_calendar").values_list("action", flat=True)
    assert sorted(noted) == ["external_calendar.added", "external_calendar.removed"]


def test_reading_of_a_calendar_that_is_gone_is_no_longer_wanted(cast, other, moved_clock):
    calendar = other(calendar_of())
    remove_external_calendar(calendar, by=cast.tess, now=clock.now())
    moved_clock(HOUR)
    assert outbox.deliver_due() == 1 and not ExternalCalendar.objects.exists()


def test_read_again_is_one_reading_and_not_too_often(cast, other, moved_clock):
    calendar = other(calendar_of())
    with pytest.raises(ConflictError):
        read_again(calendar, by=cast.tess, now=clock.now())
    moved_clock(timedelta(minutes=2))
    with serving(say(calendar_of(event_at(tomorrow(9))))) as (port, asked):
        calendar.address = f"http://127.0.0.1:{port}/"
        calendar.save()
        read_again(calendar, by=cast.tess, now=clock.now())
        read_again(calendar, by=cast.tess, now=clock.now())
        outbox.deliver_due()
    assert len(asked) == 1 and BusyTime.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("nonsense", "no_address"),
        ("ftp://example.org/x", "no_address"),
        ("https://", "no_address"),
        ("https://a:b@example.org/x", "secret_in_address"),
        ("https://example.org:port/", "no_address"),
        ("https://[::1/", "no_address"),
    ],
)
def test_address_that_cannot_be_asked_is_refused_at_its_field(cast, address, code):
    with pytest.raises(DomainError) as refused:
        add_external_calendar(cast.tess_staff, name="x", kind="file", address=address, by=cast.tess, now=clock.now())
    assert (refused.value.code, refused.value.field) == (code, "address")


def test_known_calendar_and_too_many_are_refused(cast):
    def add(number):
        return add_external_calendar(
            cast.tess_staff, name="x", kind="file", address=f"webcal://x.test/{number}", by=cast.tess, now=clock.now()
        )

    assert add(0).address == "https://x.test/0"
    with pytest.raises(DomainError, match="read already"):
        add(0)
    for number in range(1, rules.MOST_CALENDARS):
        add(number)
    with pytest.raises(DomainError, match="At most"):
        add(99)


def test_page_adds_reads_and_takes_away_and_never_shows_the_address(cast, visit):
    browser = visit(cast.tess)
    path = f"/calendar/hours/{cast.tess_staff.pk}/calendars/"
    page = browser.get(path)
    sent = {
        **fields_of(page),
        "name": "Private",
        "kind": "caldav",
        "address": "https://dav.example/secret-path/",
        "username": "t",
    }
    refused = browser.post(path, sent)
    assert refused.status_code == 422 and "required" in refused.content.decode()
    assert browser.post(path, {**fields_of(page), **sent, "password": "open sesame"}).status_code == 302
    calendar = ExternalCalendar.objects.get()
    assert (calendar.password, calendar.address) == ("open sesame", "https://dav.example/secret-path/")
    text = browser.get(path).content.decode()
    assert "dav.example" in text and "secret-path" not in text and "open sesame" not in text
    browser.post(
        f"/calendar/others/{calendar.pk}/removal/",
        fields_of(browser.get(path), f"/calendar/others/{calendar.pk}/removal/"),
    )
    assert not ExternalCalendar.objects.exists()


@pytest.mark.parametrize(("who", "whose"), [("sam", "tess_staff"), ("tess", "")])
def test_calendar_page_shades_it_without_a_title(cast, other, visit, who, whose):
    start = tomorrow(9)
    other(calendar_of(event_at(start)))
    schedule = str(getattr(cast, whose).pk) if whose else ""
    asked = {"start": start.isoformat(), "end": (start + DAY).isoformat(), "schedule": schedule}
    events = visit(getattr(cast, who)).get("/calendar/events/", asked).json()
    [shade] = [event for event in events if event["title"]]
    assert (shade["title"], shade["display"], shade["start"]) == ("Busy elsewhere", "background", start.isoformat())
    assert "Dentist" not in str(events)


@pytest.mark.parametrize("who", ["sam", "tess", "nora"])
def test_the_columns_of_a_day_draw_it_as_the_week_does(cast, other, visit, who):
    start = tomorrow(9)
    other(calendar_of(event_at(start)))
    browser = visit(getattr(cast, who))
    browser.cookies["zone"] = "UTC"
    answer = browser.get("/calendar/columns/", {"date": start.date().isoformat()})
    [shade] = [
        (column["name"], each["from"], each["name"])
        for column in answer.json()["columns"]
        for each in column["shade"]
        if each["name"]
    ]
    assert shade == ("Tess North", 9 * 60, "Busy elsewhere") and "Dentist" not in answer.content.decode()
