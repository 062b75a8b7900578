"""Finding a time: who fits whom, with the reasons in words and one click to the form."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import escape

from billing.models import Service
from core.kernel import clock
from core.scheduling.actions import set_client_availability, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.rules.availability import Window
from tests.factories.scheduling import book, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # a Monday, 9:00 in Berlin
PAGE = "/calendar/pairing/"
NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def hours(cast):
    wishes = Wishes(time_zone="Europe/Berlin")
    for staff in (cast.tess_staff, cast.sam_staff):
        set_working_hours(staff, weekly={1: [Window(900, 1080)]}, wishes=wishes, by=cast.nora, now=NOW)


def asked(who, visit, **query):
    return visit(who).get(PAGE, {"mode": "online", **query})


def test_pairs_of_a_client_say_why_and_lead_to_the_forms(cast, visit, hours):
    service = Service.objects.create(name="Lesson", amount=1000, currency="EUR", minutes=45)
    book(cast, at=NOW - timedelta(hours=4), now=NOW, override_reason="First visit")
    page = asked(cast.nora, visit, client=cast.cleo.pk, service=service.pk).content.decode()
    assert page.rindex("Tess North</") < page.rindex("Sam North</")
    for said in (
        "knows Cleo Marten since March 2026 (1 time)", "speaks English", "0 of 3 hours booked", "Tuesday, 15:00",
        "free in 4 of the next 4 weeks, first on 10 Mar", "It is not known when Cleo Marten can come",
    ):  # fmt: skip
        assert said in page
    query = f"client={cast.cleo.pk}&schedule={cast.tess_staff.pk}&date=2026-03-10&time=15%3A00&minutes=45&service={service.pk}&mode=online"
    for address in ("/appointments/new/", "/appointments/series/new/"):
        assert escape(f"{address}?{query}") in page
        form = visit(cast.nora).get(f"{address}?{query}").context["form"]
        values = {name: str(form[name].value()) for name in ("practitioner", "service", "date", "minutes", "mode")}
        assert values == {
            "practitioner": str(cast.tess_staff.pk), "service": str(service.pk), "date": "2026-03-10", "minutes": "45", "mode": "online",
        }  # fmt: skip
        assert form["clients"].value() == [str(cast.cleo.pk)]


def test_times_lie_within_those_of_the_client(cast, visit, hours):
    set_client_availability(
        cast.cleo, weekly={1: [Window(990, 1080)]}, time_zone="Europe/Berlin", by=cast.nora, now=NOW
    )
    page = asked(cast.nora, visit, client=cast.cleo.pk).content.decode()
    assert "Tuesday, 16:30" in page and "Tuesday, 15:00" not in page and "It is not known" not in page
    set_client_availability(
        cast.cleo, weekly={3: [Window(990, 1080)]}, time_zone="Europe/Berlin", by=cast.nora, now=NOW
    )
    assert "Nobody fits in the next four weeks" in asked(cast.nora, visit, client=cast.cleo.pk).content.decode()


def test_whoever_may_not_read_when_a_client_can_come_learns_nothing_of_it(cast, visit, hours):
    before = asked(cast.sam, visit, client=cast.cleo.pk).content.decode()
    set_client_availability(
        cast.cleo, weekly={1: [Window(990, 1080)]}, time_zone="Europe/Berlin", by=cast.nora, now=NOW
    )
    page = asked(cast.sam, visit, client=cast.cleo.pk).content.decode()
    for each in (before, page):
        assert "Tess North</" in each and "Tuesday, 15:00" in each and "Tuesday, 16:30" not in each
        assert "It is not known when" not in each


def test_schedule_alone_finds_who_is_with_nobody(cast, visit, hours):
    otto = make_client(NASTY)
    page = asked(cast.nora, visit, schedule=cast.tess_staff.pk).content.decode()
    assert "&lt;b&gt;x" in page and "Cleo Marten</" not in page.split("<h1")[1].split("</form>")[-1]
    assert f"client={otto.pk}" in page


def test_practitioner_finds_only_their_own_schedule_and_people(cast, visit, hours):
    make_client(NASTY)
    page = asked(cast.tess, visit, client=cast.cleo.pk).content.decode()
    assert "is assigned to Cleo Marten" in page and "Sam North" not in page
    assert asked(cast.sam, visit, client=make_client("Ida").pk).status_code == 422
    assert "&lt;b&gt;x" not in asked(cast.tess, visit, schedule=cast.tess_staff.pk).content.decode()


@pytest.mark.parametrize(
    "query", [{"client": NASTY}, {"minutes": "-5"}, {"minutes": NASTY}, {"mode": "x"}, {"service": NASTY}]
)
def test_what_makes_no_sense_is_said_at_its_field(cast, visit, hours, query):
    assert asked(cast.nora, visit, **query).status_code == 422


@pytest.mark.parametrize("who", ["gus", "ada", "cleo_login"])
def test_who_runs_no_schedule_does_not_open_it(cast, visit, who):
    assert visit(getattr(cast, who)).get(PAGE).status_code == 403


def test_ways_to_it(cast, visit, hours):
    panels = visit(cast.nora).get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()
    assert f"{PAGE}?client={cast.cleo.pk}" in panels
    assert PAGE not in visit(cast.gus).get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()
    assert PAGE in visit(cast.nora).get("/calendar/coverage/").content.decode()
    assert "Whom shall it be for?" in visit(cast.nora).get(PAGE).content.decode()
