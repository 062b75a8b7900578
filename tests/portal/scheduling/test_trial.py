"""What somebody met who tried the product with fresh eyes: who is offered, what is said, where a page leads."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.people.models import Assignment
from core.people.roles import ClientPermission
from core.scheduling.actions import cancel_appointment, complete_appointment
from core.scheduling.models import Appointment
from sessions_live import actions as live
from tests.factories.scheduling import book, completion_type, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


def page(visit, user, path):
    return visit(user).get(path, follow=True).content.decode()


def test_booking_asks_the_owner_with_whom_and_offers_those_who_practise_first(cast, visit):
    form = visit(cast.nora).get("/appointments/new/").context["form"]
    assert form["practitioner"].value() is None
    assert "Choose…" in str(form["practitioner"])
    names = [label for key, label in form.fields["practitioner"].choices if key]
    assert "Tess North" in names


def test_booking_starts_with_oneself_for_a_practitioner_and_with_the_calendar_looked_at(cast, visit):
    assert visit(cast.tess).get("/appointments/new/").context["form"]["practitioner"].value() == cast.tess_staff.pk
    chosen = visit(cast.nora).get(f"/appointments/new/?schedule={cast.tess_staff.pk}").context["form"]
    assert chosen["practitioner"].value() == cast.tess_staff.pk


def test_booking_lists_assigned_clients_first_and_says_who_is_not(cast, visit):
    make_client("Aaron")
    form = visit(cast.nora).get(f"/appointments/new/?schedule={cast.tess_staff.pk}").context["form"]
    labels = [each.label for each in form.fields["clients"].offered.first()[0]]
    assert labels[0].startswith("Cleo Marten (") and "Tess North" in labels[0]
    assert any("Aaron" in label and "Nobody is assigned yet" in label for label in labels)


@pytest.mark.parametrize("part", ["time/", "cancellation/", "completion/"])
@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_forms_of_what_is_over_lead_to_its_page_and_say_so(cast, visit, at, part, state):
    appointment = book(cast, at=START)
    if state == "completed":
        at(START + timedelta(hours=2))
        complete_appointment(
            appointment, completion_type=completion_type("Completed"), charged_minutes=50, by=cast.tess, now=clock.now()
        )
    else:
        cancel_appointment(appointment, by=cast.tess, now=NOW)
    answer = visit(cast.tess).get(f"/appointments/{appointment.pk}/{part}", follow=True)
    assert answer.redirect_chain == [(f"/appointments/{appointment.pk}/", 302)]
    assert f"It is {state} already." in answer.content.decode()
    dialog = visit(cast.tess).get(f"/appointments/{appointment.pk}/{part}", headers={"HX-Request": "true"})
    assert dialog.headers["HX-Redirect"] == f"/appointments/{appointment.pk}/"


def test_cancel_form_of_staff_asks_on_whose_side(cast, visit):
    appointment = book(cast, at=START)
    url = f"/appointments/{appointment.pk}/cancellation/"
    assert visit(cast.tess).get(url).context["form"]["party"].value() is None
    assert visit(cast.tess).post(url, {"reason": "Ill"}).status_code == 422
    assert Appointment.objects.get(pk=appointment.pk).is_booked


def test_in_person_without_a_place_says_that_it_is_to_be_agreed(cast, visit):
    appointment = book(cast, at=START, mode="in_person")
    assert "Place to be agreed" in page(visit, cast.gus, f"/appointments/{appointment.pk}/")
    assert (
        b"LOCATION:Place to be agreed" in visit(cast.gus).get(f"/appointments/{appointment.pk}/calendar-file/").content
    )
    placed = book(cast, at=START + timedelta(hours=2), mode="in_person", location="Room 3")
    assert "Place to be agreed" not in page(visit, cast.gus, f"/appointments/{placed.pk}/")


def test_a_live_session_leaves_its_trace_for_staff_only(cast, visit, at):
    appointment = book(cast, at=START)
    at(START)
    room = live.open_room(appointment, now=START)
    live.ask_admission(room, by=cast.tess, now=START)
    asked = live.ask_admission(room, by=cast.gus, now=START)
    live.admit(room, asked.pk, by=cast.tess, now=START)
    live.end_session(room, by=cast.tess, now=START + timedelta(minutes=40))
    shown = page(visit, cast.tess, f"/appointments/{appointment.pk}/")
    for sentence in (
        "The session began",
        "Came to the waiting room",
        "Gus North: Joined the session",
        "The session ended",
    ):
        assert sentence in shown
    assert "The session ended" not in page(visit, cast.gus, f"/appointments/{appointment.pk}/")
    ended = page(visit, cast.tess, f"/live/{appointment.pk}/ended/")
    assert f"/appointments/{appointment.pk}/completion/" in ended
    assert "/completion/" not in page(visit, cast.gus, f"/live/{appointment.pk}/ended/")


@pytest.mark.parametrize("who", ["nora", "tess", "gus", "cleo_login", "ada"])
def test_client_page_shows_appointments_and_a_way_to_book_for_whoever_may(cast, visit, who):
    appointment = book(cast, at=START)
    shown = page(visit, getattr(cast, who), f"/people/clients/{cast.cleo.pk}/panels/")
    assert f"/appointments/{appointment.pk}/" in shown
    assert (f"/appointments/new/?client={cast.cleo.pk}" in shown) is (who in ("nora", "tess"))


def test_client_page_shows_money_to_whoever_may_see_costs(cast, visit):
    url = f"/people/clients/{cast.cleo.pk}/panels/"
    assert f"/billing/invoices/new/?client={cast.cleo.pk}" in page(visit, cast.nora, url)
    cast.cleo.permissions = [ClientPermission.SEE_PAYMENTS.value, ClientPermission.SEE_UPCOMING.value]
    cast.cleo.save()
    assert "Balance" in page(visit, cast.gus, url)
    cast.cleo.permissions = [*cast.cleo.permissions, ClientPermission.HIDE_COSTS.value]
    cast.cleo.save()
    assert "Balance" not in page(visit, cast.gus, url)
    assert "Balance" not in page(visit, cast.tess, url)
    assert "Balance" in page(visit, cast.ada, url)


@pytest.mark.parametrize("part", ["", "?rest"])
@pytest.mark.parametrize("who", ["nora", "tess", "gus", "ada"])
def test_client_page_takes_the_same_queries_for_more_appointments(cast, visit, who, part):
    browser, url = visit(getattr(cast, who)), f"/people/clients/{cast.cleo.pk}/panels/{part}"
    book(cast, at=START)
    browser.get(url, headers={"HX-Request": "true"})
    with CaptureQueriesContext(connection) as one:
        browser.get(url, headers={"HX-Request": "true"})
    for day in (1, 2):
        book(cast, at=START + timedelta(days=day))
    with CaptureQueriesContext(connection) as three:
        browser.get(url, headers={"HX-Request": "true"})
    assert len(three) == len(one), "\n".join(q["sql"][:160] for q in one)
    assert len(one) <= 15, "\n".join(q["sql"][:220] for q in one)


@pytest.mark.parametrize("who", ["ada", "gus", "cleo_login"])
def test_clients_people_and_agents_read_with_whom_the_client_meets(cast, visit, who):
    shown = page(visit, getattr(cast, who), f"/people/clients/{cast.cleo.pk}/")
    assert "Tess North" in shown and "Nobody is assigned yet" not in shown


def test_client_list_has_tabs_and_search_for_staff_only(cast, visit):
    Assignment.objects.get_or_create(client=cast.cleo, practitioner=cast.tess_staff)
    assert "Prospects" in page(visit, cast.tess, "/people/clients/")
    for person in (cast.gus, cast.cleo_login, cast.ada):
        shown = page(visit, person, "/people/clients/")
        assert "Cleo Marten" in shown and "Prospects" not in shown and 'type="search"' not in shown
