"""The settings of rooms and equipment, the fields that choose them, and the calendar of one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.scheduling.actions import save_resource
from core.scheduling.models import Appointment, BookableResource
from tests.factories.scheduling import book, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"
EVENTS = "/calendar/events/?start=2026-03-09T00:00:00Z&end=2026-03-16T00:00:00Z"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def studio(cast):
    return save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=NOW)


def test_settings_add_change_archive_and_bring_back(cast, visit, studio):
    browser = visit(cast.nora)
    page = browser.post("/settings/appointments/rooms/", {"name": NASTY, "kind": "equipment"}, follow=True)
    assert "練習" in page.content.decode() and "<b>x</b>" not in page.content.decode()
    again = browser.post("/settings/appointments/rooms/", {"name": "Studio 2", "kind": "room"})
    assert again.status_code == 422, again.context["form"].errors
    assert "of that name already" in str(again.context["form"].errors)
    book(cast, at=START, resources=[studio])
    answer = browser.post(f"/settings/appointments/rooms/{studio.pk}/removal/", follow=True)
    assert "is archived" in answer.content.decode() and "Archived" in answer.content.decode()
    browser.post(f"/settings/appointments/rooms/{studio.pk}/return/")
    assert BookableResource.objects.get(pk=studio.pk).is_active


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada"])
def test_settings_are_for_those_who_manage_all_schedules(cast, visit, studio, who):
    for path in ("", f"{studio.pk}/"):
        assert visit(getattr(cast, who)).get(f"/settings/appointments/rooms/{path}").status_code == 403
    for path in ("removal/", "return/"):
        assert visit(getattr(cast, who)).post(f"/settings/appointments/rooms/{studio.pk}/{path}").status_code == 403


def test_booking_takes_a_room_and_says_when_it_is_taken(cast, visit, studio):
    otto = make_client("Otto")
    book(cast, at=START, practitioner=cast.sam_staff, clients=[otto], by=cast.nora, resources=[studio])
    fields = {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Therapy", "mode": "in_person",
        "date": "2026-03-10", "time": "16:00", "minutes": "50", "time_zone": "Europe/Berlin", "resources": [str(studio.pk)],
    }  # fmt: skip
    answer = visit(cast.nora).post("/appointments/new/", fields)
    assert answer.status_code == 422 and "Studio 2 is not free then" in answer.content.decode()
    assert visit(cast.nora).post("/appointments/new/", {**fields, "time": "18:00"}).status_code == 302
    made = Appointment.objects.get(practitioner=cast.tess_staff)
    assert made.place == "Studio 2"
    assert "Studio 2" in visit(cast.gus).get(f"/appointments/{made.pk}/").content.decode()


def test_calendar_of_a_room_shows_what_is_in_it_and_to_others_that_it_is_taken(cast, visit, studio):
    otto = make_client("Otto")
    book(cast, at=START, resources=[studio])
    book(cast, at=START + timedelta(hours=2), clients=[cast.cleo])
    book(
        cast,
        at=START + timedelta(hours=4),
        practitioner=cast.sam_staff,
        clients=[otto],
        by=cast.nora,
        resources=[studio],
    )
    seen = visit(cast.nora).get(f"{EVENTS}&resource={studio.pk}").json()
    assert [event["title"] for event in seen] == ["Cleo Marten", "Otto Other"]
    seen = visit(cast.tess).get(f"{EVENTS}&resource={studio.pk}").json()
    assert [event["title"] for event in seen] == ["Cleo Marten", "Taken"]
    assert "Otto" not in str(seen) and "Sam" not in str(seen)
    assert (
        len(visit(cast.gus).get(f"{EVENTS}&resource={studio.pk}").json()) == 2
    )  # who sees no rooms sees what is theirs
    assert "All rooms" in visit(cast.tess).get("/calendar/").content.decode()
    assert "All rooms" not in visit(cast.gus).get("/calendar/").content.decode()


def test_feed_asks_as_often_for_three_as_for_one(cast, visit, studio):
    counts, browser = [], visit(cast.nora)
    for number in range(3):
        book(cast, at=START + timedelta(hours=2 * number), resources=[studio])
        browser.get(f"{EVENTS}&resource={studio.pk}")
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"{EVENTS}&resource={studio.pk}")
        counts.append(len(asked))
    assert counts[0] == counts[2]
