"""The pages of requests, from both sides."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Service
from core.booking_requests import actions
from core.booking_requests.models import BookingRequest
from core.kernel import clock
from core.notifications.models import ChannelPreference
from core.people.models import Client, User
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.appointment_links import link_to
from core.scheduling.models import Appointment
from tests.factories.booking_requests import ask, ask_move, propose
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.wages import rate
from tests.factories.web import browser_of

JSON = {"Accept": "application/json"}
NASTY = "周二 🙂 ‏שלום‏ <b>“'&"


@pytest.fixture
def service(cast):
    return Service.objects.create(name="First talk", amount=6000, currency="EUR", minutes=60)


def form(cast, offered, /, **changes):
    start = tomorrow(9).astimezone()
    values = {
        "client": str(cast.cleo.pk), "service": str(offered.pk), "practitioner": str(cast.tess_staff.pk), "mode": "online",
        "date_1": f"{start:%Y-%m-%d}", "time_1": "09:00", "time_zone": "UTC", "wish": "", "note": "",
    }  # fmt: skip
    return {**values, **changes}


def test_somebody_asks_and_somebody_accepts(cast, service):
    gus, tess = browser_of(cast.gus), browser_of(cast.tess)
    shown = gus.get("/requests/new/")
    assert shown.status_code == 200 and shown.context["form"]["client"].value() == str(cast.cleo.pk)

    sent = gus.post(
        "/requests/new/", form(cast, service, date_5=f"{tomorrow(days=4):%Y-%m-%d}", time_5="14:00", note=NASTY)
    )

    request = BookingRequest.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/requests/{request.pk}/"
    assert [each.starts_at for each in request.times.all()] == [tomorrow(9), tomorrow(14, days=4)]
    assert request.minutes == 60 and request.note == NASTY
    own, theirs = (browser.get(f"/requests/{request.pk}/").content.decode() for browser in (gus, tess))
    assert "Withdraw…" in own and "Accept…" not in own
    assert "Accept…" in theirs and "Withdraw…" not in theirs and "<b>“" not in theirs
    for browser in (gus, tess):
        assert "First talk" in browser.get("/dashboard/").content.decode()
        assert f"/requests/{request.pk}/" in browser.get("/requests/").content.decode()

    page = tess.get(f"/requests/{request.pk}/acceptance/?time={request.times.first().pk}")
    assert page.status_code == 200 and b"checked" in page.content
    done = tess.post(
        f"/requests/{request.pk}/acceptance/",
        {"time": str(request.times.last().pk), "mode": "in_person", "location": "Room 1", "override_reason": ""},
    )

    appointment = Appointment.objects.get()
    assert done["Location"] == f"/appointments/{appointment.pk}/"
    assert (appointment.starts_at, appointment.place) == (tomorrow(14, days=4), "Room 1")
    assert f"/requests/{request.pk}/" in gus.get(f"/appointments/{appointment.pk}/").content.decode()
    settled = gus.get("/requests/?state=settled").content.decode()
    assert "Accepted" in settled and str(request.pk) in settled
    assert b"Accepted" in gus.get(f"/requests/{request.pk}/").content


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_1": "", "time_1": ""}, "date_1"),
        ({"time_1": ""}, "time_1"),
        ({"date_1": "2020-01-01"}, "date_1"),
        ({"date_3": "9999-12-31", "time_3": "23:59", "time_zone": "America/Los_Angeles"}, None),
        ({"date_1": "31.31."}, "date_1"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"service": str(uuid4())}, "service"),
        ({"practitioner": str(uuid4())}, "practitioner"),
        ({"client": str(uuid4())}, "client"),
        ({"wish": "x" * 401}, "wish"),
    ],
)
def test_what_was_typed_wrongly_is_said_at_its_field_and_kept(cast, service, changes, field):
    answer = browser_of(cast.gus).post("/requests/new/", form(cast, service, note="Kept.", **changes))

    assert answer.status_code == 422 and "Kept." in answer.content.decode()
    errors = answer.context["form"].errors
    assert errors and (field is None or field in errors)
    assert not BookingRequest.objects.exists()


def test_one_form_asks_once(cast, service):
    browser, key = browser_of(cast.gus), "k" * 30
    for _ in range(2):
        browser.post("/requests/new/", form(cast, service, form_key=key))
    assert BookingRequest.objects.count() == 1


def test_a_second_confirmation_of_the_same_time_loses_with_a_sentence(cast):
    cleos = ask(cast)
    otto = make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    ottos = ask(cast, client=otto)
    tess = browser_of(cast.tess)
    assert "Otto Other asks for this time, too" in tess.get(f"/requests/{cleos.pk}/").content.decode()
    actions.accept_request(
        ottos, time=ottos.times.first().pk, practitioner=cast.tess_staff, by=cast.sam, now=clock.now()
    )

    sent = {"time": str(cleos.times.first().pk), "mode": "online", "location": "", "override_reason": ""}
    answer = tess.post(f"/requests/{cleos.pk}/acceptance/", sent, headers=JSON)

    assert answer.status_code == 409 and "Tess" in answer.json()["message"]
    assert BookingRequest.objects.get(pk=cleos.pk).state == "asked"
    page = tess.get(f"/requests/{cleos.pk}/").content.decode()
    assert "Not free" in page


def test_whoever_looks_at_an_old_page_reads_who_was_faster(cast):
    request = ask(cast)
    tess = browser_of(cast.tess)
    version = (
        tess.get(f"/requests/{request.pk}/refusal/")
        .content.decode()
        .partition('name="form_version" value="')[2]
        .partition('"')[0]
    )
    actions.propose_times(request, practitioner=cast.tess_staff, starts=[tomorrow(15)], by=cast.sam, now=clock.now())

    answer = tess.post(f"/requests/{request.pk}/refusal/", {"reason": "Full.", "form_version": version})

    assert answer.status_code == 422 and "Sam" in answer.content.decode() and "Full." in answer.content.decode()
    assert BookingRequest.objects.get().state == "proposed"


def test_what_is_proposed_is_taken_with_its_policy_in_sight(cast):
    request = ask(cast)
    first, second = propose(cast, request, message="Would these do?").times.all()
    gus = browser_of(cast.gus)
    page = gus.get(f"/requests/{request.pk}/answer/").content.decode()
    assert "Cancelling" in page and "Would these do?" in page

    done = gus.post(f"/requests/{request.pk}/answer/", {"time": str(second.pk)})

    assert done["Location"] == f"/appointments/{Appointment.objects.get().pk}/"
    gone = gus.get(f"/requests/{request.pk}/answer/")
    assert gone.status_code == 302 and gone["Location"] == f"/requests/{request.pk}/"


def test_only_proposed_times_that_lie_ahead_are_offered(cast, moved_clock):
    request = ask(cast, tomorrow(9))
    tuesday, thursday = propose(cast, request, [tomorrow(14), tomorrow(14, days=4)]).times.all()
    moved_clock(timedelta(days=3))
    gus = browser_of(cast.gus)

    page = gus.get(f"/requests/{request.pk}/answer/").content.decode()
    late = gus.post(f"/requests/{request.pk}/answer/", {"time": str(tuesday.pk)})

    assert str(thursday.pk) in page and str(tuesday.pk) not in page
    assert late.status_code == 422 and "This time has passed already." in late.content.decode()
    assert not Appointment.objects.exists()
    assert gus.post(f"/requests/{request.pk}/answer/", {"time": str(thursday.pk)}).status_code == 302


def test_what_is_proposed_or_declined_says_who_is_told(cast):
    proposed, declined, last = ask(cast), ask(cast), ask(cast)
    day = f"{tomorrow(days=3):%Y-%m-%d}"
    times = {"date_1": day, "time_1": "14:00", "time_zone": "UTC", "message": "", "override_reason": ""}
    tess = browser_of(cast.tess)

    tess.post(f"/requests/{proposed.pk}/proposal/", times)
    page = tess.get(f"/requests/{proposed.pk}/").content.decode()
    assert "Proposed. Told by mail: Cleo North, Gus North." in page

    ChannelPreference.objects.create(user_id=cast.gus.pk, topic="appointments", channels=[])
    User.objects.filter(pk=cast.cleo_login.pk).update(is_active=False)
    tess.post(f"/requests/{declined.pk}/refusal/", {"reason": "Full."})
    page = tess.get(f"/requests/{declined.pk}/").content.decode()
    assert "Declined. Nobody is told by mail. Told in the app, as they wish: Gus North." in page

    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    tess.post(f"/requests/{last.pk}/refusal/", {"reason": "Full."})
    page = tess.get(f"/requests/{last.pk}/").content.decode()
    assert "Not told: Cleo Marten (the login is switched off)." in page


def test_where_every_time_has_passed_nothing_is_to_be_chosen(cast, moved_clock):
    request = ask(cast, tomorrow(9, days=6))
    propose(cast, request, [tomorrow(14)])
    asked_only = ask(cast, tomorrow(9), wish="Any morning.")
    propose(cast, asked_only, [tomorrow(15, days=6)])
    moved_clock(timedelta(days=3))
    gus, tess = browser_of(cast.gus), browser_of(cast.tess)

    for browser, path in ((gus, f"/requests/{request.pk}/answer/"), (tess, f"/requests/{asked_only.pk}/acceptance/")):
        led = browser.get(path, follow=True)
        assert "These times have passed already." in led.content.decode()
    assert "Choose a time…" not in gus.get(f"/requests/{request.pk}/").content.decode()
    assert "Accept…" not in tess.get(f"/requests/{asked_only.pk}/").content.decode()
    assert "still count" in gus.get(f"/requests/{request.pk}/keeping/").content.decode()
    assert "still count" not in gus.get(f"/requests/{asked_only.pk}/keeping/").content.decode()


def test_none_suits_and_it_is_withdrawn(cast):
    request = ask(cast)
    propose(cast, request)
    gus = browser_of(cast.gus)
    assert gus.post(f"/requests/{request.pk}/keeping/", {"words": "Mornings only."}).status_code == 302
    assert "Mornings only." in browser_of(cast.tess).get(f"/requests/{request.pk}/").content.decode()
    assert gus.post(f"/requests/{request.pk}/withdrawal/").status_code == 302
    assert BookingRequest.objects.get().state == "withdrawn"


def test_another_time_is_asked_for_on_the_page_of_the_appointment(cast):
    appointment = book(cast)
    gus = browser_of(cast.gus)
    assert f"/requests/moves/{appointment.pk}/" in gus.get(f"/appointments/{appointment.pk}/").content.decode()
    later = tomorrow(12)
    sent = {"date_1": f"{later:%Y-%m-%d}", "time_1": "12:00", "time_zone": "UTC", "wish": "", "note": ""}

    assert gus.post(f"/requests/moves/{appointment.pk}/", sent).status_code == 302

    request = BookingRequest.objects.get()
    for user in (cast.gus, cast.tess):
        shown = browser_of(user).get(f"/appointments/{appointment.pk}/").content.decode()
        assert f"/requests/{request.pk}/" in shown and f"/requests/moves/{appointment.pk}/" not in shown
    assert Appointment.objects.get().starts_at == tomorrow()
    done = browser_of(cast.tess).post(
        f"/requests/{request.pk}/acceptance/", {"time": str(request.times.get().pk), "override_reason": ""}
    )
    assert done.status_code == 302 and Appointment.objects.get().starts_at == later


def test_another_time_is_asked_for_by_the_link_in_a_mail(cast, visit):
    appointment = book(cast)
    path = "/a/" + link_to(appointment, user=cast.gus, now=clock.now()).rpartition("/a/")[2].strip("/") + "/"
    stranger = visit()
    assert f"{path}wish/" in stranger.get(path).content.decode()

    sent = {"starts_at": appointment.starts_at.isoformat(), "wish": NASTY}
    after = stranger.post(f"{path}wish/", sent, follow=True).content.decode()

    request = BookingRequest.objects.get()
    assert (request.moves, request.wish, request.asked_by) == (appointment, NASTY, cast.gus)
    assert "Another time is asked for." in after and f"/requests/{request.pk}/" in after and f"{path}wish/" not in after
    assert f"/requests/{request.pk}/" in browser_of(cast.tess).get(f"/appointments/{appointment.pk}/").content.decode()
    again = stranger.post(f"{path}wish/", {**sent, "wish": "Or Friday."}, follow=True).content.decode()
    assert "Another time is asked for already." in again and BookingRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["ada", "cleo_login"])
def test_who_may_not_ask_is_not_offered_it(cast, who):
    Client.objects.update(permissions=["see_upcoming"])
    browser = browser_of(getattr(cast, who))
    browser.raise_request_exception = False
    assert browser.get("/requests/new/").status_code == 403
    assert "/requests/new/" not in browser.get("/dashboard/").content.decode()


def test_strangers_and_insiders_at_the_door(cast):
    request = ask(cast)
    for user, page, status in (
        (cast.ada, "", 404), (cast.ada, "answer/", 404), (cast.gus, "acceptance/", 403), (cast.gus, "proposal/", 403),
        (cast.gus, "refusal/", 403), (cast.tess, "answer/", 403), (cast.tess, "withdrawal/", 403), (cast.tess, "", 200),
    ):  # fmt: skip
        assert browser_of(user).get(f"/requests/{request.pk}/{page}").status_code == status


def test_lists_and_pages_ask_alike_for_few_and_many(cast):
    propose(cast, ask(cast), [tomorrow(9, days=6)])
    ask_move(cast, book(cast))
    ask(cast)
    counts = {}
    for _ in range(2):
        for user, path in (
            (cast.tess, "/requests/"),
            (cast.gus, "/requests/"),
            (cast.tess, "/dashboard/"),
            (cast.gus, "/dashboard/"),
        ):
            browser = browser_of(user)
            browser.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                browser.get(path)
            counts.setdefault((user.name, path), []).append(len(asked))
        propose(cast, ask(cast), [tomorrow(14, days=6)])
        ask(cast)
    assert [(where, few, many) for where, (few, many) in counts.items() if few != many] == []


def test_the_switch(cast):
    nora = browser_of(cast.nora)
    assert nora.get("/settings/requests/").status_code == 200
    nora.post("/settings/requests/", {})
    gus = browser_of(cast.gus)
    gus.raise_request_exception = False
    assert gus.get("/requests/new/").status_code == 403
    nora.post("/settings/requests/", {"is_open": "on"})
    assert gus.get("/requests/new/").status_code == 200


def test_times_are_read_on_the_clock_of_both(cast):
    Client.objects.filter(pk=cast.cleo.pk).update(time_zone="America/New_York")
    request = ask(cast)
    page = browser_of(cast.tess).get(f"/requests/{request.pk}/").content.decode()
    assert "America/New York" in page
    assert request.times.first().starts_at + timedelta(minutes=50) == request.times.first().ends_at


@pytest.mark.parametrize("who", ["gus", "cleo_login", "tess", "nora"])
def test_the_list_asks_at_most_fifteen_questions(cast, who, django_assert_max_num_queries):
    other = make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    for client in (cast.cleo, other):
        propose(cast, ask(cast, client=client))
        ask(cast, client=client, practitioner=None)
    ask_move(cast, book(cast, at=tomorrow(18)))
    browser = browser_of(getattr(cast, who))
    browser.get("/requests/")
    with django_assert_max_num_queries(15):
        assert browser.get("/requests/").status_code == 200


def test_whoever_accepts_reads_before_what_they_earn_by_it(cast, service):
    asked = ask(cast, service=ServiceChosen("First talk", service.pk))
    path = f"/requests/{asked.pk}/acceptance/"
    assert "You earn" not in main_of(browser_of(cast.tess).get(path))
    rate(cast.tess_staff, share="50", by=cast.nora)

    assert "You earn €30.00 by it" in main_of(browser_of(cast.tess).get(path))
    assert "Tess North earns €30.00 by it" in main_of(browser_of(cast.nora).get(path))
    assert "€30.00" not in main_of(browser_of(cast.sam).get(path))


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]
