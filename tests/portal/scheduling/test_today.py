"""Today's list: who comes, with whom, where, who is here and who owes; noted, taken back, and for those alone who may."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.people.models import StaffMember, User
from core.scheduling.actions import cancel_appointment, move_appointment
from core.scheduling.models import Arrival
from tests.factories.scheduling import book, make_client
from tests.factories.till import issue

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATH = "/calendar/today/"


@pytest.fixture(autouse=True)
def _that_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def shown(visit, user):
    answer = visit(user).get(PATH)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def address(appointment, way=""):
    return f"/appointments/{appointment.pk}/arrivals/{appointment.participants.first().pk}/{way}"


def front_desk():
    user = User.objects.create_user(email="desk@north.test", name="Dora Desk", time_zone="Europe/Berlin")
    StaffMember.objects.create(user=user, role="staff")
    return user


def test_list_says_who_comes_with_whom_and_where(cast, visit):
    book(cast, at=START, mode="in_person", location="Studio 2")
    book(cast, at=START + timedelta(days=1), clients=[make_client("Otto", practitioner=cast.tess_staff)])
    page = shown(visit, cast.nora)
    assert "Cleo Marten" in page and "Tess North" in page and "Studio 2" in page and "0 of 1 are here" in page
    assert "Otto" not in page


def test_empty_day_says_so(cast, visit):
    assert "Nothing is planned for today." in shown(visit, cast.nora)


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_clients_and_agents_have_no_list_and_note_nothing(cast, visit, who):
    appointment = book(cast, at=START)
    assert visit(getattr(cast, who)).get(PATH).status_code == 403
    assert visit(getattr(cast, who)).post(address(appointment)).status_code == 403
    assert not Arrival.objects.exists()


def test_arrival_is_noted_once_and_taken_back(cast, visit):
    appointment = book(cast, at=START)
    for _twice in range(2):
        assert visit(cast.nora).post(address(appointment)).status_code == 302
    arrival = Arrival.objects.get()
    assert (arrival.arrived_at, arrival.noted_by_name) == (NOW, str(cast.nora))
    page = shown(visit, cast.nora)
    assert "1 of 1 are here" in page and "Take back" in page
    assert AuditEvent.objects.filter(action="appointment.arrived").count() == 1
    detail = visit(cast.nora).get(f"/appointments/{appointment.pk}/").content.decode()
    assert "Cleo Marten: Arrived" in detail
    visit(cast.nora).post(address(appointment, "removal/"))
    assert not Arrival.objects.exists()
    assert "0 of 1 are here" in shown(visit, cast.nora)
    assert AuditEvent.objects.filter(action="appointment.arrival_removed").count() == 1


def test_arrival_stands_in_the_calendar_of_those_who_run_it_and_of_nobody_else(cast, visit):
    appointment = book(cast, at=START)
    visit(cast.nora).post(address(appointment))
    span = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-16T00:00:00Z"}
    marks = {
        who: visit(getattr(cast, who)).get("/calendar/events/", span).json()[0]["marks"] for who in ("tess", "gus")
    }
    assert marks == {"tess": ["Arrived"], "gus": []}


def test_arrival_says_nothing_of_another_time(cast, visit):
    appointment = book(cast, at=START)
    visit(cast.nora).post(address(appointment))
    move_appointment(appointment, starts_at=START + HOUR, ends_at=START + 2 * HOUR, by=cast.tess, now=NOW)
    assert "0 of 1 are here" in shown(visit, cast.nora)


def test_nobody_arrives_the_day_before_nor_for_what_is_off(cast, visit):
    early, off = book(cast, at=START + timedelta(days=1)), book(cast, at=START)
    assert "It is not today." in visit(cast.nora).post(address(early), follow=True).content.decode()
    cancel_appointment(off, by=cast.tess, now=NOW)
    assert "cannot be changed any more" in visit(cast.nora).post(address(off), follow=True).content.decode()
    assert not Arrival.objects.exists()


def test_place_of_another_appointment_is_not_found(cast, visit):
    one, other = book(cast, at=START), book(cast, at=START + 2 * HOUR)
    path = f"/appointments/{one.pk}/arrivals/{other.participants.first().pk}/"
    assert visit(cast.nora).post(path).status_code == 404


def test_what_is_owed_stands_there_for_those_alone_who_may_know(cast, visit, till):
    book(cast, at=START)
    till.now = NOW
    issue(till, cast.cleo)
    assert "Owes €80.00" in shown(visit, cast.nora)
    assert "Owes" not in shown(visit, front_desk())


def test_list_asks_the_database_equally_often_for_one_and_five(
    cast, visit, django_assert_max_num_queries, django_assert_num_queries
):
    browser = visit(cast.nora)
    book(cast, at=START)
    browser.get(PATH)
    with django_assert_max_num_queries(15) as one:
        browser.get(PATH)
    for number in range(1, 5):
        book(cast, at=START + number * HOUR, clients=[make_client(f"Otto {number}", practitioner=cast.tess_staff)])
    with django_assert_num_queries(len(one.captured_queries)):
        browser.get(PATH)
