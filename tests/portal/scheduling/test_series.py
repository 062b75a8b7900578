"""The pages of series: all dates are seen before they are booked, nothing typed is lost, and who may see and change what."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from core.kernel import clock
from core.scheduling.actions import edit_appointment
from core.scheduling.models import Appointment, AppointmentSeries, Closure
from tests.factories.scheduling import book, book_weekly, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
NEW = "/appointments/series/new/"
NASTY = "„Übung“ 練習 🎻 שיעור '; DROP <b>x</b> " + "a" * 60


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def facts(cast, **changes):
    return {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Speech therapy", "date": "2026-03-17",
        "time": "16:00", "minutes": "50", "time_zone": "Europe/Berlin", "mode": "online", "every": "1", "frequency": "weeks", "ends": "count",
        "count": "4", **changes,
    }  # fmt: skip


def fields_of(page):
    """What the page would send about its dates."""
    listed = re.findall(r'name="listed" value="([^"]+)"', page)
    kept = re.findall(r'name="keep"\s+value="([^"]+)"\s+checked', page)
    walls = dict(re.findall(r'name="((?:on|at)_[\d-]+)"\s+value="([^"]+)"', page))
    return {"listed": listed, "keep": kept, "seen": re.search(r'name="seen" value="([^"]*)"', page).group(1), **walls}


def look(browser, sent):
    return browser.post(NEW, {**sent, "step": "look"}).content.decode()


def test_booking_form_leads_to_the_dates_and_these_are_booked(cast, visit):
    browser = visit(cast.tess)
    assert NEW in browser.get("/appointments/new/").content.decode()
    once = {
        name: value
        for name, value in facts(cast, note=NASTY).items()
        if name not in ("every", "frequency", "ends", "count")
    }
    page = look(browser, once)
    assert len(fields_of(page)["listed"]) == 10 and "Tuesday" in page and "DROP &lt;b&gt;" in page
    page = look(browser, facts(cast))
    assert "Book 4 dates" in page and not Appointment.objects.exists()
    answer = browser.post(NEW, {**facts(cast), **fields_of(page)}, follow=True)
    series = AppointmentSeries.objects.get()
    assert answer.redirect_chain[-1][0] == f"/appointments/series/{series.pk}/" and series.occurrences.count() == 4
    assert "The series is booked." in answer.content.decode() and "Every week on Tuesday" in answer.content.decode()


def test_busy_and_closed_dates_are_left_out_at_first_and_can_have_another_time(cast, visit):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    book(cast, at=datetime(2026, 3, 24, 15, 0, tzinfo=UTC), clients=[otto])
    Closure.objects.create(name="Company outing", first_on="2026-03-31", last_on="2026-03-31")
    browser = visit(cast.tess)
    page = look(browser, facts(cast))
    sent = fields_of(page)
    assert sent["keep"] == ["2026-03-17", "2026-04-07"] and "Otto Other" in page and "Company outing" in page
    sent |= {"keep": ["2026-03-17", "2026-03-24", "2026-04-07"], "at_2026-03-24": "18:00"}
    browser.post(NEW, {**facts(cast), **sent})
    starts = Appointment.objects.filter(series__isnull=False).order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{each:%m-%d %H}" for each in starts] == ["03-17 15", "03-24 17", "04-07 14"]


def test_date_that_became_busy_is_said_and_can_be_left_out(cast, visit):
    browser = visit(cast.tess)
    sent = {**facts(cast), **fields_of(look(browser, facts(cast)))}
    book(cast, at=datetime(2026, 3, 24, 15, 0, tzinfo=UTC), clients=[make_client("Otto", practitioner=cast.tess_staff)])
    answer = browser.post(NEW, sent)
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "Otto Other" in page and "24" in page and not AppointmentSeries.objects.exists()
    )
    browser.post(NEW, {**sent, "leave_out": "on"})
    assert AppointmentSeries.objects.get().occurrences.count() == 3


def test_other_dates_than_those_seen_are_shown_before_they_are_booked(cast, visit):
    browser = visit(cast.tess)
    sent = {**facts(cast), **fields_of(look(browser, facts(cast)))}
    page = browser.post(NEW, {**sent, "time": "17:00"}).content.decode()
    assert "Look through them, then book." in page and not AppointmentSeries.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"count": "10000"}, "at most 200 dates"),
        ({"ends": "until", "until": "9999-12-31"}, "within two years"),
        ({"ends": "until", "until": "2026-03-01"}, "not before the first"),
        ({"date": "2026-03-02"}, "still to come"),
        ({"every": "0"}, "greater than or equal to 1"),
        ({"ends": "until", "until": ""}, "required"),
        ({"frequency": "centuries"}, "Please check what you entered"),
        ({"clients": []}, "required"),
    ],
)
def test_series_that_makes_no_sense_is_refused_and_keeps_what_was_typed(cast, visit, changes, sentence):
    page = look(visit(cast.tess), facts(cast, note="Bring the folder.", **changes))
    assert sentence in page and "Bring the folder." in page and 'name="seen"' not in page


def test_change_of_the_clock_and_the_second_zone_are_named(cast, visit):
    mei = make_client("Mei", zone="Asia/Tokyo", practitioner=cast.tess_staff)
    page = look(
        visit(cast.tess), facts(cast, date="2026-03-22", time="02:30", clients=[str(mei.pk)], override_reason="Night.")
    )
    assert "02:30 does not exist, so it is 03:30" in page and "Asia/Tokyo" in page and "For Mei Other" in page


def test_scope_is_asked_for_and_a_stale_form_is_refused(cast, visit):
    series = book_weekly(cast)
    first, second = series.occurrences.order_by("starts_at")[:2]
    browser, url = visit(cast.tess), f"/appointments/{second.pk}/time/"
    page = browser.get(url).content.decode()
    assert "This and all that follow: 3 dates" in page and "All that are still to come: 4 dates" in page
    version = re.search(r'name="form_version" value="([^"]*)"', page).group(1)
    wall = {"date": str(second.occurrence_on), "time": "09:00", "minutes": "50", "time_zone": "Europe/Berlin"}
    browser.post(f"/appointments/{first.pk}/time/", {**wall, "date": str(first.occurrence_on), "scope": "all"})
    assert {each.starts_at.astimezone().minute for each in series.occurrences.all()} == {0}
    answer = browser.post(url, {**wall, "time": "11:00", "scope": "following", "form_version": version})
    assert answer.status_code == 422 and AppointmentSeries.objects.count() == 1
    browser.post(f"/appointments/{second.pk}/details/", {**facts(cast), "note": "Folder.", "scope": "following"})
    assert sorted(Appointment.objects.values_list("note", flat=True)) == ["", *["Folder."] * 3]
    browser.post(f"/appointments/{second.pk}/cancellation/", {"scope": "following", "party": "practice"})
    assert Appointment.objects.filter(status="cancelled").count() == 3
    assert "Every week" in browser.get(f"/appointments/{second.pk}/").content.decode()


def test_dates_of_a_colleague_are_left_out_of_the_question_and_named(cast, visit):
    first, second = book_weekly(cast).occurrences.order_by("starts_at")[:2]
    user = type(cast.tess).objects.create_user(email="tim@north.test", name="Tim North", time_zone="Europe/Berlin")
    tim = type(cast.tess_staff).objects.create(user=user, role="practitioner")
    edit_appointment(second, practitioner=tim, by=cast.nora, now=clock.now())
    for act in ("time", "details", "cancellation"):
        page = visit(cast.tess).get(f"/appointments/{first.pk}/{act}/").content.decode()
        assert "All that are still to come: 3 dates" in page and "So does 1 date that was handed" in page
    assert "For which dates?" not in visit(user).get(f"/appointments/{second.pk}/time/").content.decode()
    assert (
        "All that are still to come: 4 dates"
        in visit(cast.nora).get(f"/appointments/{first.pk}/time/").content.decode()
    )


def test_clients_see_their_dates_and_others_nothing(cast, visit):
    series = book_weekly(cast)
    url = f"/appointments/series/{series.pk}/"
    page = visit(cast.gus).get(url).content.decode()
    assert page.count("list__link") == 4 and "End or go on" not in page and "Edit…" not in page
    file = Calendar.from_ical(visit(cast.gus).get(f"{url}calendar-file/").content)
    assert file.events[0]["RRULE"] and str(file["METHOD"]) == "PUBLISH"
    assert visit(cast.gus).get(f"{url}end/").status_code == 403
    stranger = type(cast.gus).objects.create_user(email="zoe@north.test", name="Zoe", time_zone="UTC")
    assert visit(stranger).get(url).status_code == 404


def test_end_is_changed_on_its_page(cast, visit):
    series = book_weekly(cast)
    url, last = f"/appointments/series/{series.pk}/end/", series.until_on + timedelta(weeks=2)
    browser = visit(cast.tess)
    page = browser.get(url).content.decode()
    version = re.search(r'name="form_version" value="([^"]*)"', page).group(1)
    browser.post(url, {"ends": "until", "until": str(last), "form_version": version})
    assert series.occurrences.count() == 6
    assert browser.post(url, {"ends": "until", "until": ""}).status_code == 422
    assert (
        browser.post(url, {"ends": "open", "form_version": version}).status_code == 422
    )  # made from what it was before


def test_page_of_a_series_asks_as_often_for_many_dates_as_for_few(cast, visit):
    browser = visit(cast.tess)

    def asked(series):
        browser.get(f"/appointments/series/{series.pk}/")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/appointments/series/{series.pk}/")
        return len(queries)

    few = asked(book_weekly(cast, weeks=2))
    assert asked(book_weekly(cast, weeks=30, first=(NOW + timedelta(days=9)).date())) == few


def test_who_is_told_is_said_of_all_dates_not_of_the_first_only(cast, visit):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    ida = make_client("Ida", practitioner=cast.tess_staff)
    series = book_weekly(cast, first=datetime(2026, 3, 17).date(), clients=(otto,))
    first, second = series.occurrences.order_by("occurrence_on")[:2]
    edit_appointment(second, clients=[otto, ida], by=cast.tess, now=NOW)
    browser = visit(cast.tess)
    said = {"scope": "all", "party": "practice"}
    page = browser.post(f"/appointments/{first.pk}/cancellation/", said, follow=True).content.decode()
    assert re.search(r"Not told: [^<]*Ida Other", page) and "Otto Other" in page
