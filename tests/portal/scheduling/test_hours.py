"""The pages about when somebody works, what a booking beside it asks for, and the shade in the calendar."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Service
from core.kernel import clock
from core.scheduling.actions import add_time_off, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.models import (
    Appointment,
    AvailabilityOverride,
    Closure,
    DayHours,
    SchedulingSettings,
    TimeOff,
    WorkingHours,
)
from core.scheduling.rules.availability import Window
from portal.scheduling.views import calendar
from tests.factories.scheduling import book, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # a Monday
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)  # 16:00 in Berlin
NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"
EVENTS = "/calendar/events/?start=2026-03-09T00:00:00Z&end=2026-03-16T00:00:00Z"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def work(cast, weekly, **wishes):
    wanted = Wishes(time_zone="Europe/Berlin", **wishes)
    set_working_hours(cast.tess_staff, weekly=weekly, wishes=wanted, by=cast.tess, now=NOW)


def week(**days):
    return {"time_zone": "Europe/Berlin", "buffer_before": "0", "buffer_after": "10", "most_per_day": "8", **days}


def url(cast, part=""):
    return f"/calendar/hours/{cast.tess_staff.pk}/{part}"


def test_own_hours_lead_to_ones_own(cast, visit):
    assert visit(cast.tess).get("/calendar/hours/").headers["Location"] == url(cast)
    asked = f"/calendar/hours/?schedule={cast.tess_staff.pk}&page=time_off"
    assert visit(cast.sam).get(asked).headers["Location"] == url(cast, "time-off/")
    assert visit(cast.gus).get("/calendar/hours/").status_code == 403


def test_week_takes_several_windows_a_day_and_shows_them_again(cast, visit):
    browser = visit(cast.tess)
    sent = week(
        **{
            "day_0-starts": ["13:00", "09:00", ""], "day_0-ends": ["17:00", "12:30", ""],
            "day_0-mode": ["online", "", ""], "day_0-service": ["", "", ""],
            "day_6-starts": ["22:00"], "day_6-ends": ["00:00"],
        }
    )  # fmt: skip
    page = browser.post(url(cast), sent, follow=True).content.decode()
    assert "What is booked already stays" in page
    rows = WorkingHours.objects.values_list("weekday", "starts", "ends", "mode")
    assert list(rows) == [(0, 540, 750, ""), (0, 780, 1020, "online"), (6, 1320, 1440, "")]
    assert 'value="12:30"' in page and re.search(r'value="online" selected', page)
    browser.post(url(cast), week())
    assert not WorkingHours.objects.exists()


def test_week_offers_services_and_keeps_which_one_a_window_is_for(cast, visit):
    trial = Service.objects.create(name="Trial", amount=1000, currency="EUR", minutes=30)
    sent = week(**{"day_0-starts": ["09:00"], "day_0-ends": ["12:00"], "day_0-service": [str(trial.pk)]})
    page = visit(cast.tess).post(url(cast), sent, follow=True).content.decode()
    assert f'<option value="{trial.pk}" selected>' in page and "Trial" in page
    assert WorkingHours.objects.get().service_ids == [trial.pk]
    Service.objects.create(name="Lesson", amount=1000, currency="EUR", minutes=30)
    Service.objects.filter(pk=trial.pk).update(is_active=False)
    page = visit(cast.tess).get(url(cast)).content.decode()
    assert re.search(rf'<option value="{trial.pk}" selected>\s*Not offered any more', page)
    assert page.count("Not offered any more") == 1
    visit(cast.tess).post(url(cast), sent)
    assert WorkingHours.objects.get().service_ids == [trial.pk]


def test_week_locks_the_calendar_before_the_row_as_a_booking_does(cast, visit):
    with CaptureQueriesContext(connection) as asked:
        visit(cast.tess).post(url(cast), week())
    asked_for = [query["sql"] for query in asked]
    calendar = next(number for number, sql in enumerate(asked_for) if "pg_advisory_xact_lock(key)" in sql)
    row = next(number for number, sql in enumerate(asked_for) if "people_staffmember" in sql and "FOR UPDATE" in sql)
    assert calendar < row


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("22:00", "02:00", "Time past midnight is two windows"),
        ("09:00", "", "both times of each row"),
        ("nine", "ten", "both times of each row"),
        ("09:00", "09:00", "ends when it starts"),
        ("25:00", "26:00", "both times of each row"),
    ],
)
def test_week_refuses_windows_that_make_no_sense_and_keeps_what_was_typed(cast, visit, starts, ends, sentence):
    answer = visit(cast.tess).post(url(cast), week(**{"day_0-starts": [starts], "day_0-ends": [ends]}))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert f'value="{starts}"' in answer.content.decode() and not WorkingHours.objects.exists()


@pytest.mark.parametrize("part", ["", "days/", "time-off/"])
def test_pages_are_for_those_who_run_the_schedule(cast, visit, part):
    for person in (cast.tess, cast.sam, cast.nora):
        assert visit(person).get(url(cast, part)).status_code == 200
    for stranger in (cast.gus, cast.ada, cast.cleo_login):
        assert visit(stranger).get(url(cast, part)).status_code == 404
    assert visit(cast.tess).get(f"/calendar/hours/{cast.sam_staff.pk}/{part}").status_code == 404
    assert visit(cast.olga, organization="south").get(url(cast, part)).status_code == 404 or cast.olga.staff is not None


def test_a_single_day_has_hours_of_its_own_and_the_weeks_again(cast, visit):
    browser = visit(cast.tess)
    browser.post(url(cast, "days/"), {"day": "2026-03-11", "windows-starts": ["18:00"], "windows-ends": ["20:00"]})
    browser.post(url(cast, "days/"), {"day": "2026-03-12"})
    assert list(DayHours.objects.values_list("day", "starts")) == [(date(2026, 3, 11), 1080), (date(2026, 3, 12), None)]
    page = browser.get(url(cast, "days/")).content.decode()
    assert "18:00 – 20:00" in page and "Does not work" in page
    browser.post(url(cast, "days/2026-03-12/removal/"))
    assert DayHours.objects.count() == 1
    assert browser.post(url(cast, "days/2026-99-99/removal/")).status_code == 404
    assert browser.post(url(cast, "days/"), {"day": "2019-03-11"}).status_code == 422


def test_time_off_lists_what_is_booked_then(cast, visit):
    appointment = book(cast, at=START)
    browser = visit(cast.tess)
    sent = {"first_on": "2026-03-10", "last_on": "2026-03-10", "note": NASTY}
    page = browser.post(url(cast, "time-off/"), sent, follow=True).content.decode()
    assert "Booked then all the same" in page and "Cleo Marten" in page and "<b>x</b>" not in page and "練習" in page
    assert f"/appointments/{appointment.pk}/time/" in page and f"/appointments/{appointment.pk}/cancellation/" in page
    browser.post(f"/calendar/time-off/{TimeOff.objects.get().pk}/removal/")
    assert not TimeOff.objects.exists()
    sent = {"first_on": "2026-03-10", "last_on": "2026-03-09"}
    assert "last day is before the first" in browser.post(url(cast, "time-off/"), sent).content.decode()
    sent = {"first_on": "2026-03-10", "last_on": "2026-03-10", "starts": "10:00"}
    assert "both times" in browser.post(url(cast, "time-off/"), sent).content.decode()


def test_time_off_asks_as_often_for_three_as_for_one(cast, visit):
    browser, counts = visit(cast.tess), []
    others = [make_client(f"Otto {number}", practitioner=cast.tess_staff) for number in range(3)]
    for number, other in enumerate(others):
        book(cast, at=START + timedelta(days=number), clients=[other])
        day = date(2026, 3, 10 + number)
        add_time_off(TimeOff(practitioner=cast.tess_staff, first_on=day, last_on=day), by=cast.tess, now=NOW)
        browser.get(url(cast, "time-off/"))
        with CaptureQueriesContext(connection) as asked:
            assert other.name in browser.get(url(cast, "time-off/")).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_booking_beside_the_hours_asks_why_and_keeps_it(cast, visit):
    work(cast, {day: [Window(540, 720)] for day in range(5)})
    fields = {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Therapy", "mode": "online",
        "date": "2026-03-10", "time": "16:00", "minutes": "50", "time_zone": "Europe/Berlin",
    }  # fmt: skip
    browser = visit(cast.tess)
    assert 'name="override_reason"' not in browser.get("/appointments/new/").content.decode()
    answer = browser.post("/appointments/new/", fields)
    assert answer.status_code == 422
    assert "Tess North does not work then" in answer.content.decode()
    assert 'name="override_reason"' in answer.content.decode()
    browser.post("/appointments/new/", {**fields, "override_reason": "After school"})
    appointment = Appointment.objects.get()
    assert AvailabilityOverride.objects.get().reason == "After school"
    page = browser.get(f"/appointments/{appointment.pk}/").content.decode()
    assert "Booked beside the working hours" in page and "After school" in page
    assert "After school" not in visit(cast.gus).get(f"/appointments/{appointment.pk}/").content.decode()


def test_dragged_beside_the_hours_is_refused_with_the_field_that_asks_why(cast, visit):
    work(cast, {day: [Window(540, 720)] for day in range(5)})
    appointment = book(cast, at=START, override_reason="After school")
    sent = {"date": "2026-03-11", "time": "18:00", "minutes": "50", "time_zone": "Europe/Berlin"}
    answer = visit(cast.tess).post(
        f"/appointments/{appointment.pk}/time/", sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422 and "override_reason" in answer.json()["errors"]
    page = visit(cast.tess).get(f"/appointments/{appointment.pk}/time/?date=2026-03-11&time=18:00&minutes=40")
    assert 'value="2026-03-11"' in page.content.decode() and 'value="40"' in page.content.decode()


def shade(visit, user, more=""):
    return [each for each in visit(user).get(EVENTS + more).json() if each.get("display") == "background"]


def test_calendar_shades_when_who_is_shown_does_not_work(cast, visit, monkeypatch):
    assert shade(visit, cast.tess) == []
    work(cast, {day: [Window(540, 720)] for day in range(5)})
    found = shade(visit, cast.tess)
    assert found[0]["start"] == "2026-03-09T00:00:00+00:00" and found[0]["end"] == "2026-03-09T08:00:00+00:00"
    assert shade(visit, cast.gus) == []
    assert shade(visit, cast.nora) == []  # of all, because the others have set no hours
    assert shade(visit, cast.nora, f"&schedule={cast.tess_staff.pk}") == found
    monkeypatch.setattr(calendar, "MOST_SHADED", 0)  # of more than that none in common
    assert shade(visit, cast.tess) == []


def test_feed_with_shade_asks_as_often_for_three_as_for_one(cast, visit):
    browser, counts = visit(cast.nora), []
    for number in range(3):
        work(cast, {day: [Window(540, 600 + number)] for day in range(number + 1)})
        book(cast, at=START + timedelta(hours=number), override_reason="x")
        browser.get(EVENTS)
        with CaptureQueriesContext(connection) as asked:
            browser.get(EVENTS)
        counts.append(len(asked))
    assert counts[0] == counts[2] and counts[0] <= 20


def test_closures_and_holidays_are_set_by_those_who_look_after_all_schedules(cast, visit):
    base = "/settings/appointments/closed-days/"
    browser = visit(cast.nora)
    page = browser.post(base, {"name": NASTY, "first_on": "2026-04-01", "last_on": "2026-04-02"}, follow=True)
    assert "練習" in page.content.decode() and "<b>x</b>" not in page.content.decode()
    refused = browser.post(base, {"name": "x", "first_on": "2026-04-02", "last_on": "2026-04-01"})
    assert refused.status_code == 422 and "last day is before the first" in refused.content.decode()
    browser.post(f"{base}public-holidays/", {"country": "DE", "region": "BY"})
    assert SchedulingSettings.current().holiday_region == "BY"
    page = browser.get(f"{base}public-holidays/").content.decode()
    assert "2026-04-03" in page
    browser.post(f"{base}public-holidays/", {"country": "DE", "region": "BY", "worked": ["2026-04-03"]})
    assert SchedulingSettings.current().worked_holidays == [date(2026, 4, 3)]
    assert browser.post(f"{base}public-holidays/", {"country": "XX"}).status_code == 422
    browser.post(f"{base}{Closure.objects.get().pk}/removal/")
    assert not Closure.objects.exists()
    for person in (cast.tess, cast.sam, cast.gus):
        assert visit(person).get(base).status_code == 403
        assert visit(person).get(f"{base}public-holidays/").status_code == 403


def test_holidays_are_switched_off_and_changed_to_another_country_where_a_region_is_set(cast, visit):
    base, browser = "/settings/appointments/closed-days/public-holidays/", visit(cast.nora)
    for country, region in (("FR", ""), ("", "")):
        browser.post(base, {"country": "DE", "region": "BY"})
        assert browser.post(base, {"country": country, "region": "BY"}).status_code == 302
        kept = SchedulingSettings.current()
        assert (kept.holiday_country, kept.holiday_region) == (country, region)
