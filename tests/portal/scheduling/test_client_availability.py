"""The pages about when clients can come, and what they say to whoever books beside it."""

from datetime import UTC, datetime

import pytest

from core.kernel import clock
from core.people.models import Client
from core.scheduling.actions import set_client_availability
from core.scheduling.models import Appointment, AvailabilityWindow, ClientAvailability
from core.scheduling.rules.availability import Window
from tests.factories.scheduling import book, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # a Monday
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # Tuesday, 10:00 in Berlin
OUTSIDE = "Outside of the times of Cleo Marten (Tuesday: 15:00 – 18:00)."
NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def known(cast):
    weekly = {1: [Window(900, 1080)]}
    return set_client_availability(cast.cleo, weekly=weekly, time_zone="Europe/Berlin", by=cast.nora, now=NOW)


def url(client):
    return f"/clients/{client.pk}/availability/"


def week(**days):
    return {
        "time_zone": "Europe/Berlin",
        **{f"{day}-{part}": value for day, both in days.items() for part, value in both.items()},
    }


def slot(**changes):
    return {"date": "2026-03-10", "time": "10:00", "minutes": "50", "time_zone": "Europe/Berlin", **changes}


@pytest.mark.parametrize(
    ("who", "leads_to"),
    [("nora", "/people/clients/{pk}/"), ("tess", "/people/clients/{pk}/"), ("gus", "/profile/availability/")],
)
def test_week_is_said_and_shown_again(cast, visit, who, leads_to):
    browser = visit(getattr(cast, who))
    sent = week(
        day_1={"starts": ["15:00", "09:00"], "ends": ["18:00", "10:30"]}, day_6={"starts": "22:00", "ends": "00:00"}
    )
    answer = browser.post(url(cast.cleo), sent)
    assert answer.headers["Location"] == leads_to.format(pk=cast.cleo.pk)
    kept = AvailabilityWindow.objects.values_list("weekday", "starts", "ends")
    assert list(kept) == [(1, 540, 630), (1, 900, 1080), (6, 1320, 1440)]
    page = browser.get(url(cast.cleo)).content.decode()
    assert 'value="10:30"' in page and 'value="22:00"' in page
    shown = browser.get("/profile/availability/" if who == "gus" else f"/people/clients/{cast.cleo.pk}/panels/")
    assert "09:00 – 10:30, 15:00 – 18:00" in shown.content.decode() and "22:00 – 24:00" in shown.content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [("18:00", "15:00", "Time past midnight is two windows"), ("15:00", "15:00", "It ends when it starts"),
     ("15:00", "", "Give both times"), (NASTY, "18:00", "Give both times"), ("99:99", "18:00", "Give both times")],
)  # fmt: skip
def test_bad_hours_are_refused_at_their_day_and_nothing_typed_is_lost(cast, visit, known, starts, ends, said):
    sent = week(day_0={"starts": "08:00", "ends": "09:00"}, day_2={"starts": starts, "ends": ends})
    answer = visit(cast.gus).post(url(cast.cleo), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and 'value="08:00"' in page
    assert list(AvailabilityWindow.objects.values_list("weekday", flat=True)) == [1]


def test_zone_that_is_none_is_refused(cast, visit):
    answer = visit(cast.gus).post(url(cast.cleo), week() | {"time_zone": NASTY})
    assert answer.status_code == 422 and not ClientAvailability.objects.exists()


def test_everything_blank_is_nothing_known(cast, visit, known):
    page = visit(cast.gus).post(url(cast.cleo), week(), follow=True).content.decode()
    assert "Nobody has said yet when they can come." in page and not ClientAvailability.objects.exists()


def test_second_of_two_reads_what_the_first_has_written(cast, visit):
    guardian, staff = visit(cast.gus), visit(cast.nora)
    version = guardian.get(url(cast.cleo)).wsgi_request.signed_form_version
    staff.post(url(cast.cleo), week(day_1={"starts": "15:00", "ends": "18:00"}))
    sent = week(day_1={"starts": "08:00", "ends": "09:00"}, day_3={"starts": "10:00", "ends": "11:00"})
    answer = guardian.post(url(cast.cleo), sent | {"form_version": version})
    assert answer.status_code == 422 and "changed this to “15:00 – 18:00”" in answer.content.decode()
    assert list(AvailabilityWindow.objects.values_list("weekday", "starts")) == [(1, 900)]


def test_who_may_not_is_shown_it_and_offered_nothing(cast, visit, known):
    cast.cleo.permissions = [each for each in cast.cleo.permissions if each != "update_availability"]
    cast.cleo.save()
    page = visit(cast.gus).get("/profile/availability/").content.decode()
    assert "15:00 – 18:00" in page and "Please ask us if this should change." in page and url(cast.cleo) not in page
    assert visit(cast.gus).post(url(cast.cleo), week()).status_code == 403
    for stranger in (cast.sam, cast.ada):
        assert visit(stranger).get(url(cast.cleo)).status_code == 404
    assert "When they can come" not in visit(cast.ada).get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()


def test_client_who_became_inactive_meanwhile_is_not_theirs_to_change(cast, visit, known):
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    assert visit(cast.gus).post(url(cast.cleo), week()).status_code == 404
    assert ClientAvailability.objects.exists()


def test_own_page_lists_everybody_for_whom_one_acts(cast, visit, known):
    ida = make_client(NASTY, login=cast.gus)
    page = visit(cast.gus).get("/profile/availability/").content.decode()
    assert url(ida) in page and url(cast.cleo) in page and "&lt;b&gt;x" in page
    assert "/profile/availability/" in visit(cast.gus).get("/profile/").content.decode()
    assert "/profile/availability/" not in visit(cast.sam).get("/profile/").content.decode()
    assert visit(cast.sam).get("/profile/availability/").status_code == 404


def test_hint_is_said_while_booking(cast, visit, known):
    ask = lambda who, **changes: visit(who).get("/appointments/outside/", slot(**changes)).content.decode()  # noqa: E731 because it is said of this test only
    assert OUTSIDE in ask(cast.tess, clients=[str(cast.cleo.pk)])
    assert "Outside" not in ask(cast.tess, clients=[str(cast.cleo.pk)], time="15:30")
    assert "Outside" not in ask(cast.tess, clients=[str(cast.cleo.pk)], time=NASTY, minutes="-3")
    assert "Outside" not in ask(cast.sam, clients=[str(cast.cleo.pk), NASTY])
    appointment = book(cast, at=START)
    assert OUTSIDE in ask(cast.tess, appointment=str(appointment.pk))
    assert visit(cast.gus).get("/appointments/outside/", slot(appointment=str(appointment.pk))).status_code == 403


def test_whoever_runs_a_schedule_but_may_not_read_the_times_is_told_nothing(cast, visit, known):
    browser, script = visit(cast.sam), {"headers": {"Accept": "application/json"}}
    chosen = {"practitioner": cast.tess_staff.pk, "clients": [cast.cleo.pk], "service_name": "Lesson", "mode": "online"}
    said = [browser.post("/appointments/new/", slot(**chosen), follow=True)]
    appointment = Appointment.objects.get()
    said.append(browser.get("/appointments/outside/", slot(appointment=str(appointment.pk))))
    move = f"/appointments/{appointment.pk}/time/"
    said.append(browser.post(move, slot(time="11:00"), follow=True))
    said.append(browser.post(move, slot(time="12:00"), **script))
    series = slot(**chosen, every="1", frequency="weeks", ends="count", count="3", step="look", weekdays=["1", "2"])
    said.append(browser.post("/appointments/series/new/", series))
    appointment.refresh_from_db()
    assert appointment.starts_at == START.replace(hour=11) and said[-1].context["rows"]
    assert [answer.status_code for answer in said[:4]] == [200] * 4
    for answer in said:
        assert "Outside of the times" not in answer.content.decode()


def test_booking_beside_is_booked_with_a_warning(cast, visit, known):
    sent = slot(practitioner=cast.tess_staff.pk, clients=[cast.cleo.pk], service_name="Lesson", mode="online")
    page = visit(cast.tess).post("/appointments/new/", sent, follow=True).content.decode()
    assert Appointment.objects.count() == 1 and OUTSIDE in page


def test_move_beside_is_moved_with_a_warning(cast, visit, known):
    appointment = book(cast, at=START.replace(hour=14))
    page = visit(cast.tess).post(f"/appointments/{appointment.pk}/time/", slot(), follow=True).content.decode()
    appointment.refresh_from_db()
    assert appointment.starts_at == START and OUTSIDE in page
    dragged = visit(cast.tess).post(
        f"/appointments/{appointment.pk}/time/", slot(time="11:00"), headers={"Accept": "application/json"}
    )
    assert OUTSIDE in dragged.json()["message"]


def test_dates_of_a_series_say_which_are_beside(cast, visit, known):
    sent = slot(
        practitioner=cast.tess_staff.pk, clients=[cast.cleo.pk], service_name="Lesson", mode="online", every="1",
        frequency="weeks", ends="count", count="3", step="look", weekdays=["1", "2"],
    )  # fmt: skip
    page = visit(cast.tess).post("/appointments/series/new/", sent).content.decode()
    assert page.count(OUTSIDE) == 2 and "(Wednesday: none)" in page
