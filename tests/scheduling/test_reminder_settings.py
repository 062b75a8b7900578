"""How long before somebody is reminded, in whose word; and the quiet hours in which reminders wait."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.messages import Channel
from core.people.models import User
from core.scheduling import reminder_handlers
from core.scheduling.actions import (
    cancel_appointment,
    edit_appointment,
    move_appointment,
    set_own_reminders,
    set_reminders,
    set_service_reminders,
)
from core.scheduling.models import ReminderPreference
from core.scheduling.rules import quiet_hours, reminders
from core.scheduling.rules.quiet_hours import QuietHours
from tests.factories.scheduling import book, make_client
from tests.factories.web import browser_of
from tests.rules_tables import rows

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SERVICE = "0198c0de-0000-7000-8000-00000000abcd"


def minutes(cell):
    if cell == "–":
        return None
    return [] if cell == "none" else [int(part.removesuffix(" h")) * 60 for part in cell.split(", ")]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("organization", "service", "login", "client", "reminded", "whose"), rows("reminders", "Organization")
)
def test_most_specific_word_counts_alone(organization, service, login, client, reminded, whose):
    found = reminders.leads_in_force(
        organization=minutes(organization), service=minutes(service), login=minutes(login), client=minutes(client)
    )
    assert found == (tuple(minutes(reminded)), whose)


def wall(text: str) -> datetime:
    return datetime.strptime(f"2026 {text}", "%Y %d %B %H:%M").replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.unit
@pytest.mark.parametrize(("quiet", "due", "starts", "leaves"), rows("quiet-hours"))
def test_reminder_waits_for_the_end_of_quiet_hours(quiet, due, starts, leaves):
    begins, ends = (time.fromisoformat(part) for part in quiet.split("–"))
    now = wall(due)
    held = quiet_hours.held_until(QuietHours(begins, ends), BERLIN, starts_at=wall(starts), now=now)
    assert (held or now) == wall(leaves)


@pytest.fixture
def reminded(deliver):
    """`reminded(name)` -> the reminders that went to somebody since the last call."""

    def run(name="gus"):
        return [
            mail
            for mail in deliver()
            if f"{name}@" in mail.to[0] and ("Reminder" in mail.subject or "On your schedule:" in mail.subject)
        ]

    return run


def organization_says(cast, *before, schedule=(), quiet=(None, None)):
    set_reminders(
        minutes=before,
        schedule_minutes=schedule,
        quiet_begins=quiet[0],
        quiet_ends=quiet[1],
        by=cast.nora,
        now=clock.now(),
    )


def says(user, everybody=None, *, schedule=None, quiet="organization", span=(None, None), **for_clients):
    set_own_reminders(
        minutes=everybody, schedule_minutes=schedule, for_clients=for_clients.get("clients", {}),
        quiet=quiet, quiet_begins=span[0], quiet_ends=span[1], by=user, now=clock.now(),
    )  # fmt: skip


def test_several_times_before_are_each_sent_once(cast, at, reminded):
    organization_says(cast, 7 * 24 * 60, 24 * 60, 120)
    book(cast, at=START)
    assert reminded() == []  # booked eight days before
    for before, count in ((168, 1), (30, 0), (24, 1), (23, 0), (2, 1), (1, 0)):
        at(START - before * HOUR)
        assert len(reminded()) == count, before


def test_short_reminder_tells_of_what_begins_within_it_and_a_long_one_of_the_day(cast, at, reminded):
    organization_says(cast, 24 * 60, 120)
    book(cast, at=START)
    book(cast, at=START + 6 * HOUR)
    reminded()
    at(START - 24 * HOUR)
    assert [mail.body.count("Speech therapy") for mail in reminded()] == [2]
    at(START - 2 * HOUR)
    assert [mail.body.count("Speech therapy") for mail in reminded()] == [1]
    at(START + 4 * HOUR)
    assert [mail.body.count("Speech therapy") for mail in reminded()] == [1]


@pytest.mark.parametrize("how", ["moved", "cancelled"])
def test_every_time_before_is_void_when_it_is_moved_or_cancelled(cast, at, reminded, how):
    organization_says(cast, 24 * 60, 120)
    appointment = book(cast, at=START)
    reminded()
    at(START - 24 * HOUR)
    assert len(reminded()) == 1
    at(START - 3 * HOUR)
    if how == "cancelled":
        cancel_appointment(appointment, by=cast.tess, now=clock.now())
    else:
        move_appointment(appointment, starts_at=START + HOUR, ends_at=START + 2 * HOUR, by=cast.tess, now=clock.now())
    reminded()
    at(START - 2 * HOUR)
    assert reminded() == []
    at(START - HOUR)
    assert len(reminded()) == (1 if how == "moved" else 0)


def test_no_reminder_is_a_word_too(cast, at, reminded):
    organization_says(cast)
    book(cast, at=START)
    at(START - 24 * HOUR)
    assert reminded() == []


def test_service_and_logins_say_otherwise(cast, at, reminded):
    sibling = make_client("Sibyl", practitioner=cast.tess_staff, login=cast.gus)
    set_service_reminders(SERVICE, minutes=[3 * 24 * 60], by=cast.nora, now=clock.now())
    book(cast, at=START, service_id=SERVICE)
    reminded()
    at(START - 72 * HOUR)
    assert len(reminded()) == 1
    at(START - 24 * HOUR)
    assert reminded() == []
    says(cast.gus, [120], clients={cast.cleo: [], sibling: None})
    book(cast, at=START + 72 * HOUR, clients=[sibling])
    book(cast, at=START + 73 * HOUR)
    reminded()
    at(START + 48 * HOUR)
    assert reminded() == []
    at(START + 70 * HOUR)
    mails = reminded()
    assert len(mails) == 1 and "Sibyl" in mails[0].body and "Cleo" not in mails[0].body
    at(START + 71 * HOUR)
    assert reminded() == []  # Cleo's: none


def test_whoever_comes_by_an_edit_is_reminded_at_their_own_times_and_nothing_is_promised_twice(cast, at, deliver):
    nan = User.objects.create_user(email="nan@north.test", password="x", name="Nan", time_zone="Europe/Berlin")
    sibling = make_client("Sibyl", practitioner=cast.tess_staff, login=nan)
    says(nan, [30])
    appointment = book(cast, at=START)
    deliver()
    edit_appointment(appointment, clients=[cast.cleo, sibling], by=cast.tess, now=clock.now())
    deliver()
    promised = OutboxMessage.objects.filter(name="scheduling.remind_people", state="waiting")
    assert sorted(message.payload["minutes"] for message in promised) == [30, 1440]
    at(START - 24 * HOUR)
    assert "nan@" not in str([mail.to for mail in deliver()])
    at(START - HOUR / 2)
    assert [mail.to[0] for mail in deliver()] == ["Nan <nan@north.test>"]


def test_change_of_settings_plans_what_is_booked_anew_in_the_background(cast, at, reminded, monkeypatch):
    monkeypatch.setattr(reminder_handlers, "PLANNED_AT_ONCE", 2)
    for days in range(3):
        book(cast, at=START + timedelta(days=days))
    reminded()
    asked = OutboxMessage.objects.filter(name="scheduling.remind_people").count()
    organization_says(cast, 120)
    assert OutboxMessage.objects.filter(name="scheduling.remind_people").count() == asked  # not in the request
    assert reminded() == []
    at(START - 24 * HOUR)
    assert reminded() == []  # nobody is reminded a day before any more
    for days in range(3):
        at(START + timedelta(days=days) - 2 * HOUR)
        assert len(reminded()) == 1
    assert AuditEvent.objects.filter(action="scheduling_settings.changed").count() == 1


def test_time_that_has_passed_is_not_made_up_for(cast, at, reminded):
    book(cast, at=START)
    reminded()
    at(START - 20 * HOUR)
    reminded()
    organization_says(cast, 7 * 24 * 60)
    assert reminded() == []


def test_practitioner_has_one_agenda_of_the_next_day_with_the_way_in(cast, at, reminded):
    book(cast, at=START)
    book(cast, at=START + 2 * HOUR)
    reminded("tess")
    at(START - 24 * HOUR)
    mails = reminded("tess")
    assert len(mails) == 1 and "2 appointments" in mails[0].subject and "Cleo Marten" in mails[0].body
    assert mails[0].body.count("/live/") == 2
    at(START - 22 * HOUR)
    assert reminded("tess") == []
    says(cast.tess, schedule=[15])
    reminded()
    appointment = book(cast, at=START + 30 * HOUR)
    at(START + 6 * HOUR)
    assert reminded("tess") == []
    at(START + 30 * HOUR - timedelta(minutes=15))
    mails = reminded("tess")
    assert len(mails) == 1 and f"/live/{appointment.pk}/" in mails[0].body


@pytest.mark.parametrize(("quiet", "waits"), [("organization", True), ("none", False), ("own", False)])
def test_quiet_hours_hold_a_reminder_back(cast, at, reminded, quiet, waits):
    organization_says(cast, 12 * 60, quiet=(time(21), time(7)))
    says(cast.gus, quiet=quiet, span=(time(12), time(14)) if quiet == "own" else (None, None))
    book(cast, at=START)  # 10:00 in Berlin; 12 hours before are 22:00
    reminded()
    at(START - 12 * HOUR)
    assert len(reminded()) == (0 if waits else 1)
    at(START - 3 * HOUR - timedelta(minutes=1))
    assert reminded() == []
    at(START - 3 * HOUR)  # 07:00
    assert len(reminded()) == (1 if waits else 0)


def test_reminder_held_back_is_looked_at_again(cast, at, reminded):
    organization_says(cast, 12 * 60, quiet=(time(21), time(7)))
    appointment = book(cast, at=START)
    reminded()
    at(START - 12 * HOUR)
    reminded()
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    reminded()
    at(START - 3 * HOUR)
    assert reminded() == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"minutes": [7]}, "unknown_lead"),
        ({"minutes": [15, 30, 60, 120, 240]}, "too_many_leads"),
        ({"quiet_begins": time(21)}, "half_a_span"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, at, values, code):
    given = {"minutes": [], "schedule_minutes": [], "quiet_begins": None, "quiet_ends": None, **values}
    with pytest.raises(DomainError) as refused:
        set_reminders(**given, by=cast.nora, now=clock.now())
    assert refused.value.code == code


def test_pages_show_and_keep_what_was_chosen(cast, at):
    sibling = make_client("Sibyl", login=cast.gus)
    gus = browser_of(cast.gus)
    page = gus.get("/profile/reminders/").content.decode()
    assert "24 hours before" in page and "Of all for whom you act" in page and "Sibyl Other" in page
    posted = {
        "whose_all": "own", "minutes_all": ["120", "1440"], f"whose_{cast.cleo.pk}": "own", f"whose_{sibling.pk}": "as_said",
        "quiet": "own", "quiet_begins": "22:00", "quiet_ends": "06:30",
    }  # fmt: skip
    shown = gus.get("/profile/reminders/")
    version = shown.context["form"]
    posted["form_version"] = shown.content.decode().partition('name="form_version" value="')[2].partition('"')[0]
    after = gus.post("/profile/reminders/", posted, follow=True)
    assert "Saved." in after.content.decode() and version is not None
    kept = {row.client_id: row.minutes_before for row in ReminderPreference.objects.filter(user=cast.gus)}
    assert kept == {None: [1440, 120], cast.cleo.pk: []}
    nora = browser_of(cast.nora)
    assert "Remind clients" in nora.get("/settings/appointments/reminders/").content.decode()
    assert gus.get("/settings/appointments/reminders/").status_code == 403


def test_reminder_written_again_after_a_crash_is_the_same_message(cast, at, deliver, monkeypatch):
    book(cast, at=START)
    deliver()
    note, broken = reminder_handlers._note_reminded, []

    def stop(user, starts, minutes, channel, **kwargs):
        # The mail alone, because the bell's is due at the same time, and leaves in any order.
        if user == cast.gus and channel == Channel.EMAIL and not broken:
            broken.append("after it has left, before it is marked")
            raise ConnectionError
        note(user, starts, minutes, channel, **kwargs)

    monkeypatch.setattr(reminder_handlers, "_note_reminded", stop)
    at(START - 24 * HOUR)
    first = [mail for mail in deliver() if "gus@" in mail.to[0]]
    at(START - 24 * HOUR + timedelta(minutes=1))
    second = [mail for mail in deliver() if "gus@" in mail.to[0]]
    assert broken and len(first) == len(second) == 1
    assert first[0].extra_headers["Message-ID"] == second[0].extra_headers["Message-ID"]
    assert re.search(r"/a/[\w-]{20}/", first[0].body)[0] in second[0].body
    at(START - 23 * HOUR)
    assert [mail for mail in deliver() if "gus@" in mail.to[0]] == []
