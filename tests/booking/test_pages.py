"""From the choice of a service to the booked appointment, as a visitor and as a client: the ways through, and each refusal."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.booking import actions
from core.booking.models import BookingException, Hold, IntakeQuestion, SelfBooking
from core.booking.queries import free_times
from core.booking.rules import slots
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Client, LinkedLogin, User
from core.scheduling.models import (
    Appointment,
    BusyTime,
    ExternalCalendar,
)
from tests.factories.booking import (
    LATER,
    WHO,
    book_as_visitor,
    choose,
    code_sent,
    first_free,
    times_page,
    wanted_of,
    work_mornings,
)
from tests.factories.scheduling import book, make_client


def test_visitor_books_and_becomes_a_client_with_a_login(online, visit, django_assert_max_num_queries):
    IntakeQuestion.objects.create(question="What brings you here?", kind="long_text", is_required=True)
    browser, start = visit(), first_free(online)
    assert "First talk" in browser.get("/book/").content.decode()
    with django_assert_max_num_queries(30):
        page = times_page(browser, day=start.date().isoformat()).content.decode()
    assert f'value="{slots.number_of(start)}"' in page
    question = f"question_{IntakeQuestion.objects.get().pk}"
    held = choose(browser, start)
    assert browser.post(held, WHO).status_code == 422  # the question must be answered
    assert browser.post(held, {**WHO, question: "שלום\n👩‍👧 “so”"})["Location"] == f"{held}code/"

    booked = browser.post(f"{held}code/", {"code": code_sent()}, follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.practitioner_id) == (start, online.person.practitioner_id)
    assert appointment.service_id == online.service.pk
    user = User.objects.get(email="zoe@example.org")
    assert LinkedLogin.objects.get(user=user).client.name == "Zoë 李明 O’Brien"
    own = SelfBooking.objects.get()
    assert own.answers == [["What brings you here?", "שלום\n👩‍👧 “so”"]]
    assert "שלום" not in own.encrypted_answers
    assert "calendar-file" in booked.content.decode()
    assert browser.get(f"{held}calendar-file/").content.startswith(b"BEGIN:VCALENDAR")
    assert Hold.objects.get().details == {}
    told = {message.payload.get("user") for message in OutboxMessage.objects.filter(name="scheduling.tell")}
    assert told == {str(user.pk), str(online.person.practitioner.user_id)}
    assert AuditEvent.objects.filter(action="appointment.self_booked", actor_id=str(user.pk)).exists()
    again = browser.post(f"{held}code/", {"code": "000000"})
    assert again["Location"] == f"{held}booked/"
    assert Appointment.objects.count() == 1


def test_wrong_code_books_nothing_and_guesses_are_limited(online, visit):
    browser = visit()
    held = choose(browser, first_free(online))
    browser.post(held, WHO)
    wrong = "000000" if code_sent() != "000000" else "111111"

    answers = [browser.post(f"{held}code/", {"code": wrong}).status_code for _ in range(8)]

    assert answers == [422] * 6 + [429] * 2
    assert not Appointment.objects.exists()


def test_robot_that_fills_the_hidden_field_gets_no_mail(online, visit):
    browser = visit()
    held = choose(browser, first_free(online))

    assert browser.post(held, {**WHO, "website": "https://spam.example"}).status_code == 422
    assert not OutboxMessage.objects.filter(name="booking.send_code").exists()


@pytest.mark.parametrize("known", ["cleo_login", "gus", "tess", None], ids=str)
def test_nobody_learns_whether_an_address_is_known(online, cast, visit, known):
    if known == "gus":  # acts for two
        LinkedLogin.objects.create(user=cast.gus, client=make_client("Otto"), relationship="guardian")
    address = getattr(cast, known).email if known else "nobody@example.org"
    browser = visit()
    held = choose(browser, first_free(online))

    answer = browser.post(held, {**WHO, "email": address}, follow=True)

    page = re.sub(r'(value|content)="[^"]*"|csrf\S*', "", answer.content.decode()).replace(address, "…")
    assert "Six digits are on their way to …" in page
    assert OutboxMessage.objects.filter(name="booking.send_code").count() == 1
    ended = browser.post(f"{held}code/", {"code": code_sent()})
    if known in ("gus", "tess"):
        assert ended["Location"] == f"{held}sign-in/"
        assert "Sign in to finish" in browser.get(ended["Location"]).content.decode()
        assert not Appointment.objects.exists()
    else:
        assert ended["Location"] == f"{held}booked/"
        client = SelfBooking.objects.get().client
        assert (client == cast.cleo) == (known == "cleo_login")


def test_held_time_is_busy_for_others_until_it_runs_out(online, visit, moved_clock):
    browser, other, start = visit(), visit(), first_free(online)
    held = choose(browser, start)

    late = other.post("/book/first-talk/", {"start": slots.number_of(start)})
    assert late.status_code == 409
    assert "somebody else has just taken it" in late.content.decode()
    assert first_free(online) != start
    second = choose(browser, first_free(online))  # one hold per visitor: the first is free again
    assert first_free(online) == start
    assert browser.get(held).status_code == 404
    moved_clock(LATER)
    assert "still free" in browser.get(second).content.decode()


def test_time_that_ran_out_is_booked_all_the_same_while_nobody_has_it(online, visit, moved_clock):
    browser, start = visit(), first_free(online)
    held = choose(browser, start)
    moved_clock(LATER)

    browser.post(held, WHO)
    browser.post(f"{held}code/", {"code": code_sent()})

    assert Appointment.objects.get().starts_at == start


def test_time_that_somebody_took_meanwhile_costs_nothing_that_was_typed(online, cast, visit, moved_clock):
    browser, start = visit(), first_free(online)
    held = choose(browser, start)
    browser.post(held, WHO)
    moved_clock(LATER)
    book(cast, at=start, clients=[cast.cleo])  # by the front desk

    code = actions.ask_for_code(
        actions.find_hold(held.split("/")[-2]), details=Hold.objects.get().details, language="en", now=clock.now()
    )
    late = browser.post(f"{held}code/", {"code": code_sent()})
    assert (late.status_code, code.proven_address) == (422, "")
    assert "See all free times" in late.content.decode()
    offered = re.search(r'name="start"\s+value="(\d+)"', late.content.decode())[1]
    browser.post(f"{held}again/", {"start": offered})

    form = browser.get(held).content.decode()
    assert "Zoë 李明" in form
    assert browser.post(held, WHO)["Location"] == f"{held}booked/"  # the address was shown before
    assert Appointment.objects.filter(starts_at=slots.at(int(offered))).count() == 1


def test_client_books_for_whom_they_act_and_may_not_where_it_is_switched_off(online, cast, visit):
    otto = make_client("Otto", login=cast.gus)
    BookingException.objects.create(client=cast.cleo, may_book=False, set_by_name="Nora", set_at=clock.now())
    browser, start = visit(cast.gus), first_free(online)
    held = choose(browser, start)
    assert "Cleo" not in browser.get(held).content.decode().split("held__act")[1]
    assert browser.post(held, {"client": str(cast.cleo.pk)}).status_code == 422

    answer = browser.post(held, {"client": str(otto.pk)})

    assert answer["Location"] == f"{held}booked/"
    assert list(Appointment.objects.get().clients.all()) == [otto]
    assert browser.post(held, {"client": str(otto.pk)})["Location"] == f"{held}booked/"
    assert Appointment.objects.count() == 1


def test_client_who_becomes_inactive_between_form_and_save_is_refused(online, cast, visit):
    browser = visit(cast.cleo_login)
    held = choose(browser, first_free(online))
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")

    assert browser.post(held, {"client": str(cast.cleo.pk)}).status_code == 422
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_visit": "ask"}, "For a first visit, please get in touch with us."),
        ({"first_visit": "chosen"}, "This is not for a first visit."),
        ({"most_per_day": 1}, "At most 1 a day"),
    ],
)
def test_rules_of_the_organization_are_kept_at_the_last_click(online, cast, visit, changes, said):
    now = clock.now()
    if "most_per_day" in changes:
        start = first_free(online)
        book_as_visitor(visit(), start, email=cast.cleo_login.email)
    actions.change_booking_settings(by=cast.nora, now=now, **changes)
    browser = visit(cast.cleo_login)
    held = choose(browser, first_free(online))

    answer = browser.post(held, {"client": str(cast.cleo.pk)})

    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "stranger", "login"),
    [
        ({"is_open": False}, 404, 404),
        ({"audience": "clients"}, 302, 200),
        ({"audience": "everybody"}, 200, 200),
    ],
)
def test_doors_are_as_wide_as_the_organization_says(online, cast, visit, changes, stranger, login):
    actions.change_booking_settings(by=cast.nora, now=clock.now(), **changes)

    for path in ("/book/", "/book/first-talk/", "/book/tess/"):
        assert visit().get(path).status_code == stranger
        assert visit(cast.cleo_login).get(path).status_code == login
    assert visit().get("/book/embed.js").status_code == 404  # no host is on the list


def test_chosen_audience_is_those_for_whom_it_is_switched_on(online, cast, visit):
    actions.change_booking_settings(by=cast.nora, now=clock.now(), audience="chosen")
    browser = visit(cast.cleo_login)
    held = choose(browser, first_free(online))
    assert "nobody for whom you can book" in browser.get(held).content.decode()

    visit(cast.nora).post(reverse("booking_settings:exception", args=[cast.cleo.pk]), {"may_book": "yes"})

    assert browser.post(held, {"client": str(cast.cleo.pk)})["Location"] == f"{held}booked/"


def test_code_is_mailed_to_a_name_and_to_no_advertisement(online, visit):
    browser = visit()
    held = choose(browser, first_free(online))

    answer = browser.post(held, {**WHO, "first_name": "win-money.example"})

    assert answer.status_code == 422 and "without an address" in answer.content.decode()
    assert not OutboxMessage.objects.filter(name="booking.send_code").exists()
    browser.post(held, {**WHO, "first_name": "Pills.Shop"})
    assert OutboxMessage.objects.get(name="booking.send_code").payload["reader"] == "Pills. Shop"  # no link in the mail


def test_page_shows_times_on_the_visitors_clock(online, visit):
    start = first_free(online)
    day = start.date()

    far = times_page(visit(), zone="Asia/Kathmandu", day=day.isoformat()).content.decode()
    here = times_page(visit(), zone="Europe/Berlin", day=day.isoformat()).content.decode()

    times = [re.findall(rf'value="{slots.number_of(start)}"\s*>([^<]+)<', page) for page in (here, far)]
    assert times[0] != times[1]
    assert len(times[0]) == len(times[1]) == 1


def test_price_is_for_those_who_may_read_it(online, cast, visit):
    assert "60.00" in times_page(visit()).content.decode()
    assert "60.00" not in times_page(visit(cast.cleo_login)).content.decode()  # Cleo's costs are hidden
    browser = visit(cast.cleo_login)
    assert "60.00" not in browser.get(choose(browser, first_free(online))).content.decode()


def test_frame_is_for_the_hosts_of_the_list(online, cast, visit):
    actions.change_booking_settings(by=cast.nora, now=clock.now(), frame_hosts=["www.north.example"])
    browser = visit()

    framed, plain = browser.get("/book/first-talk/?framed=1"), browser.get("/book/first-talk/")

    assert "frame-ancestors https://www.north.example" in framed["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    assert 'target="_blank"' in framed.content.decode()
    assert "csrfmiddlewaretoken" not in framed.content.decode()
    assert b"framed" in browser.get("/book/embed.js").content


def test_staff_read_the_answers_and_book_again_is_the_clients(online, cast, visit):
    _held, _booked = book_as_visitor(visit(), first_free(online), email=cast.cleo_login.email)
    path = reverse("scheduling:appointment", args=[Appointment.objects.get().pk])

    assert "Booked online" in visit(cast.tess).get(path).content.decode()
    own = visit(cast.cleo_login).get(path).content.decode()
    assert "Booked online" not in own
    assert "/book/first-talk/?with=tess" in own


def test_nightly_job_forgets_what_came_to_nothing(online, visit, moved_clock):
    choose(visit(), first_free(online))
    moved_clock(timedelta(days=2))

    actions.forget_old_holds(now=clock.now())

    assert not Hold.objects.exists()


def test_questions_are_as_many_for_ten_practitioners_as_for_one(online, cast, django_assert_num_queries):
    wanted, people = wanted_of(online), [cast.tess_staff]
    with django_assert_num_queries(10):
        free_times(wanted, people, now=clock.now())
    for each in (cast.nora_staff, cast.sam_staff):
        work_mornings(each)
        people.append(each)
    book(cast, at=first_free(online), minutes=60)
    with django_assert_num_queries(10), timezone.override("Pacific/Auckland"):
        found = free_times(wanted, people, now=clock.now())
    assert slots.number_of(first_free(online)) in found[cast.tess_staff.pk]
    assert slots.number_of(first_free(online)) - 60 not in found[cast.tess_staff.pk]
    assert all(found[person.pk] for person in people)


def test_time_at_which_somebody_is_busy_elsewhere_is_not_free(online, cast, visit):
    start = first_free(online)
    calendar = ExternalCalendar.objects.create(practitioner=cast.tess_staff, name="x", host="x", added_at=clock.now())
    BusyTime.objects.create(
        calendar=calendar,
        practitioner=cast.tess_staff,
        starts_at=start + timedelta(minutes=59, seconds=30),
        ends_at=start + timedelta(minutes=60, seconds=30),
    )
    found = free_times(wanted_of(online), [cast.tess_staff], now=clock.now())[cast.tess_staff.pk]
    assert not {slots.number_of(start), slots.number_of(start) + 60} & set(found)
    assert slots.number_of(start) + 120 in found
    answer = visit().post("/book/first-talk/", {"start": slots.number_of(start), "mode": "online"})
    assert answer.status_code != 302 and not Hold.objects.exists()


def test_hold_that_was_booked_or_let_go_meanwhile_stays_so(online, visit, cast):
    browser = visit()
    choose(browser, first_free(online))
    seen, start = Hold.objects.get(), first_free(online)
    booked = book(cast, at=start, minutes=60)
    Hold.objects.update(appointment=booked)

    hold = actions.hold_again(seen, wanted=wanted_of(online), starts_at=start + timedelta(days=1), now=clock.now())

    assert (hold.appointment, hold.starts_at) == (booked, seen.starts_at)
    Hold.objects.all().delete()
    for act in (
        lambda: actions.hold_again(seen, wanted=wanted_of(online), now=clock.now()),
        lambda: actions.ask_for_code(seen, details={**WHO}, language="en", now=clock.now()),
        lambda: actions.keep_details(seen, details={**WHO}),
        lambda: actions.prove_address(seen, code="000000", now=clock.now()),
        lambda: actions.book_held(
            seen,
            client=cast.cleo,
            wanted=wanted_of(online),
            service=None,
            answers=[],
            by=cast.cleo_login,
            now=clock.now(),
        ),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    "query",
    [
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"month": "9999-12"},
        {"start": "9" * 5000},
        {"start": "٣٤"},
        {"zone": "Etc/x\u202e"},
    ],
)
def test_address_that_makes_no_sense_is_a_page_all_the_same(online, visit, query):
    browser = visit()

    assert times_page(browser, **query).status_code == 200
    if "start" in query:
        assert browser.post("/book/first-talk/", query).status_code in (302, 409)


def test_longest_names_are_taken(online, visit):
    browser, name = visit(), "W" * 80
    _held, booked = book_as_visitor(browser, first_free(online), first_name=name, last_name=name)

    assert booked.status_code == 302
    assert Client.objects.filter(last_name=name).exists()
