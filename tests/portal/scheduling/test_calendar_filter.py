"""What a calendar's address says is shown, in each of its views; and what its entries are marked with, for whom."""

from datetime import timedelta

import pytest

from billing.actions.invoices import invoice_charges, issue_invoice
from billing.actions.manual_payments import record_payment
from billing.models import Charge, Invoice
from core.booking_requests.actions import withdraw_request
from core.kernel import clock
from core.people.models import Assignment, Client, StaffMember, User
from core.scheduling.actions import cancel_appointment, choose_calendar, complete_appointment
from core.scheduling.models import CalendarChoice
from sessions_live import actions as live
from tests.factories.booking_requests import ask_move
from tests.factories.scheduling import book, completion_type, make_client, tomorrow

HOUR = timedelta(hours=1)
NASTY = ["x", "", "00000000-0000-0000-0000-000000000000", "' OR 1=1", "‮練習🎻" * 40]


def events(visit, user, around=None, **query):
    """By title, what the week draws; the page's agenda and the day's columns must agree."""
    around = around or clock.now()
    span = {"start": (around - 7 * HOUR * 24).isoformat(), "end": (around + 7 * HOUR * 24).isoformat()}
    found = visit(user).get("/calendar/events/", {**span, **query}).json()
    return {each["title"]: each for each in found if each["title"] and "id" in each}


def agenda(visit, user, day, **query):
    shown = visit(user).get("/calendar/", {"date": day.date().isoformat(), **query}).context["agenda"]
    return {row.title for _day, rows in shown for row in rows}


def columns(visit, user, day, **query):
    found = visit(user).get("/calendar/columns/", {"date": day.date().isoformat(), **query}).json()["columns"]
    return {event["title"]: event for column in found for event in column["events"]}


@pytest.fixture
def several(till):
    """On one day to come: Cora's therapy, Otto's coaching, and Ida's, which is off."""
    till.day = tomorrow(9, days=3)
    otto, ida = (make_client(name, practitioner=till.tess_staff) for name in ("Otto", "Ida"))
    how = {"by": till.nora}
    till.cora_at = book(
        till, at=till.day, clients=[till.cora], service_id=till.therapy.pk, service_name="Therapy", **how
    )
    till.otto_at = book(
        till, at=till.day + HOUR, clients=[otto], service_id=till.hourly.pk, service_name="Coaching", **how
    )
    off = book(till, at=till.day + 2 * HOUR, clients=[ida], **how)
    cancel_appointment(off, party="practice", by=till.nora, now=clock.now())
    return till


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Cora Winter", "Otto Other"}),
        ({"service": "therapy"}, {"Cora Winter"}),
        ({"service": "hourly"}, {"Otto Other"}),
        ({"status": "booked"}, {"Cora Winter", "Otto Other"}),
        ({"status": "cancelled"}, {"Ida Other"}),
        ({"status": "completed"}, set()),
        ({"status": "to_complete"}, set()),
        ({"service": "therapy", "status": "cancelled"}, set()),
    ],
)
def test_filters_narrow_every_view_alike(several, visit, query, titles):
    if "service" in query:
        query = query | {"service": str(getattr(several, query["service"]).pk)}
    for read in (agenda, columns):
        assert set(read(visit, several.nora, several.day, **query)) == titles
    assert set(events(visit, several.nora, several.day, **query)) == titles
    for event in events(visit, several.nora, several.day, status="cancelled").values():
        assert event["editable"] is False and "Cancelled" in event["marks"]


def test_what_is_over_is_told_apart_by_what_became_of_it(till, visit):
    done, open_one = (
        book(till, at=clock.now() - hours * HOUR, clients=[client], by=till.nora)
        for hours, client in ((5, till.cora), (3, make_client("Otto", practitioner=till.tess_staff)))
    )
    complete_appointment(done, completion_type=completion_type("Completed"), by=till.nora, now=clock.now())
    assert set(events(visit, till.nora, status="completed")) == {"Cora Winter"}
    assert set(events(visit, till.nora, status="to_complete")) == {"Otto Other"}
    assert events(visit, till.nora, status="booked") == {}
    assert open_one.is_booked


@pytest.mark.parametrize("junk", NASTY)
def test_what_is_no_filter_is_none_and_breaks_nothing(several, visit, junk):
    shown = agenda(visit, several.nora, several.day, status=junk, resource=junk)
    assert shown == {"Cora Winter", "Otto Other"}
    assert not junk or nothing_of(visit, several.nora, several.day, schedule=junk)
    assert visit(several.nora).get("/calendar/", {"service": junk}).status_code == 200


def test_choosing_one_thing_forgets_no_other(several, visit):
    asked = {"service": str(several.therapy.pk), "status": "booked", "people": str(several.tess_staff.pk)}
    page = visit(several.nora).get("/calendar/", {"date": several.day.date().isoformat(), "view": "day", **asked})
    text = page.content.decode()
    for name, value in asked.items():
        assert f'name="{name}" value="{value}"' in text  # in the forms of the others
        assert f"{name}={value}" in page.context["next_url"] and f"{name}={value}" in page.context["previous_url"]
    assert 'name="view" value="day"' in text
    assert "service=" not in page.context["unfiltered_url"] and "people=" in page.context["unfiltered_url"]
    assert page.context["unfiltered_url"].replace("&", "&amp;") in text


@pytest.mark.parametrize("who", ["gus", "cora_login", "ada"])
def test_whoever_runs_no_schedule_is_offered_no_filters(several, visit, who):
    assert 'name="status"' not in visit(getattr(several, who)).get("/calendar/").content.decode()


def test_an_address_says_whose_and_leaves_the_own_choice(cast, visit):
    user = User.objects.create_user(email="rita@north.test", name="Rita Rook", time_zone="Europe/Berlin")
    rita = StaffMember.objects.create(user=user, role="practitioner")
    day = tomorrow(9, days=3)
    otto = make_client("Otto")
    Assignment.objects.create(client=otto, practitioner=rita)
    book(cast, at=day, by=cast.nora)
    book(cast, at=day, practitioner=rita, clients=[otto], by=cast.nora)
    choose_calendar(schedules=[rita], color_by="client", by=cast.nora, now=clock.now())
    assert agenda(visit, cast.nora, day) == {"Otto Other"}
    for query, titles in (
        ({"people": str(cast.tess_staff.pk)}, {"Cleo Marten"}),
        ({"people": f"{rita.pk},{cast.tess_staff.pk}"}, {"Cleo Marten", "Otto Other"}),
        ({"people": ""}, {"Cleo Marten", "Otto Other"}),
    ):
        assert agenda(visit, cast.nora, day, **query) == titles
        assert set(columns(visit, cast.nora, day, **query)) == titles
        assert set(events(visit, cast.nora, day, **query)) == titles
    page = visit(cast.nora).get("/calendar/", {"people": str(cast.tess_staff.pk)}).context["legend"].people
    assert [each.name for each in page if each.is_ticked] == ["Tess North"]
    assert CalendarChoice.objects.get().schedules == [rita.pk]
    assert nothing_of(visit, cast.tess, day, people=str(rita.pk))  # whose calendar she may not look at
    assert agenda(visit, cast.nora, day, people=f"x,{rita.pk}") == {"Otto Other"}
    assert nothing_of(visit, cast.tess, day, schedule=str(rita.pk))
    assert nothing_of(visit, cast.nora, day, schedule="x")


def test_other_colours_alone_keep_whom_one_looks_at(cast, visit):
    choose_calendar(schedules=[cast.tess_staff], color_by="practitioner", by=cast.nora, now=clock.now())
    browser, url = visit(cast.nora), "/calendar/choice/"
    page = browser.get("/calendar/", {"people": "00000000-0000-4000-8000-000000000000"}).content.decode()
    assert 'name="keeps_people"' in page and 'name="keeps_people"' not in browser.get("/calendar/").content.decode()

    assert browser.post(url, {"color_by": "client", "keeps_people": "1"}).status_code == 302

    choice = CalendarChoice.objects.get()
    assert (choice.color_by, choice.schedules) == ("client", [cast.tess_staff.pk])
    browser.post(url, {"color_by": "client"})  # nobody ticked is everybody
    choice.refresh_from_db()
    assert choice.schedules == []


def nothing_of(visit, user, day, **query):
    """Whether no view shows anything, and the page says why, with nobody ticked and a way back."""
    found = visit(user).get("/calendar/columns/", {"date": day.date().isoformat(), **query}).json()
    page = visit(user).get("/calendar/", {"date": day.date().isoformat(), **query})
    text = page.content.decode()
    part = visit(user).get("/calendar/", {"date": day.date().isoformat(), "part": "agenda", **query}).content.decode()
    return (
        found["columns"] == []
        and found["leftOut"] == 0
        and not page.context["agenda"]
        and not events(visit, user, day, **query)
        and "names nobody whose calendar you may see" in text
        and "names nobody whose calendar you may see" in part
        and "Nothing is planned" not in text + part
        and "data-everybody checked" not in " ".join(text.split())
        and "people=" not in page.context["own_choice_url"]
    )


@pytest.mark.parametrize("junk", [each for each in NASTY if each])
def test_an_address_that_names_nobody_who_may_be_seen_shows_nobody(several, visit, junk):
    StaffMember.objects.create(user=User.objects.create_user(email="r@north.test", name="Rita"), role="practitioner")
    assert nothing_of(visit, several.nora, several.day, people=junk)
    assert agenda(visit, several.nora, several.day, people="") == {"Cora Winter", "Otto Other"}
    today = visit(several.nora).get("/calendar/today/", {"people": junk}).content.decode()
    assert "names nobody whose calendar you may see" in today


def test_whoever_is_a_client_still_sees_their_own_with_such_an_address(several, visit):
    shown = agenda(visit, several.cora_login, several.day, people=str(several.tess_staff.pk))
    assert shown == agenda(visit, several.cora_login, several.day) != set()


def flags(visit, user, around=None, **query):
    return [flag for event in events(visit, user, around, **query).values() for flag in event["flags"]]


def paid(till, *clients):
    """Held, charged, billed and paid."""
    how = {"by": till.nora, "now": clock.now()}
    over = book(
        till,
        at=clock.now() - 3 * HOUR,
        clients=clients,
        service_id=till.therapy.pk,
        service_name="Therapy",
        by=till.nora,
    )
    complete_appointment(over, completion_type=completion_type("Completed"), **how)
    bills = [invoice_charges(charges=[charge], **how) for charge in Charge.objects.all()]
    bills = [bill if bill.number else issue_invoice(invoice=bill, **how) for bill in bills]
    for bill in bills:
        record_payment(invoice=bill, amount=bill.due, means="cash", received_on=clock.now().date(), **how)
    return over


def test_paid_is_marked_for_whoever_sees_amounts_and_for_nobody_else(till, visit):
    paid(till, till.cora)
    assert flags(visit, till.nora) == flags(visit, till.cora_login) == ["Paid"]
    for who in ("tess", "sam"):
        assert events(visit, getattr(till, who)) and flags(visit, getattr(till, who)) == []
    page = visit(till.nora).get("/calendar/", {"date": (clock.now() - 3 * HOUR).date().isoformat()}).content.decode()
    assert "Paid" in page


def test_what_is_not_paid_by_all_or_given_back_is_not_marked(till, visit):
    paid(till, till.cora, till.cleo)
    assert flags(visit, till.nora) == ["Paid"]
    assert flags(visit, till.cora_login) == []  # what the other one has paid is not hers to know
    Invoice.objects.filter(client=till.cleo).update(state="open")
    assert flags(visit, till.nora) == []
    Invoice.objects.update(state="refunded")
    assert flags(visit, till.nora) == []
    Charge.objects.update(state="waived")
    assert flags(visit, till.nora) == []


def test_a_request_for_another_time_is_marked_for_both_sides_until_it_is_settled(cast, visit):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "request_appointments"])
    appointment = book(cast, at=tomorrow(9, days=3))
    request = ask_move(cast, appointment)
    for who in ("tess", "sam", "gus"):
        assert flags(visit, getattr(cast, who), appointment.starts_at) == ["Request pending"]
    assert columns(visit, cast.nora, appointment.starts_at)["Cleo Marten"]["marks"] == ["Request pending"]
    withdraw_request(request, by=cast.gus, now=clock.now())
    assert flags(visit, cast.tess, appointment.starts_at) == []


def test_live_now_is_marked_while_both_sides_are_in_the_room(cast, visit):
    how = {"now": clock.now()}
    running = book(cast, at=clock.now() - timedelta(minutes=5))
    room = live.open_room(running, **how)
    host = live.ask_admission(room, by=cast.tess, **how)
    assert flags(visit, cast.tess) == []
    guest = live.ask_admission(room, by=cast.gus, **how)
    assert flags(visit, cast.tess) == []
    live.admit(room, guest.pk, by=cast.tess, **how)
    assert flags(visit, cast.tess) == flags(visit, cast.nora) == ["Live now"]
    assert flags(visit, cast.gus) == []
    live.leave(host, **how)
    assert flags(visit, cast.tess) == []
