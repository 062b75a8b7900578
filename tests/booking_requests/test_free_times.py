"""Free times on the form that asks for one: shown where somebody has said when they work, ticked like times that are typed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.booking.rules import slots
from core.booking_requests import actions
from core.booking_requests.free_times import MOST, MOST_A_DAY, times_to_choose
from core.booking_requests.models import BookingRequest
from core.kernel import clock
from core.people.models import Client
from tests.factories.booking import open_booking
from tests.factories.scheduling import book

ASK, PART = "/requests/new/", "/requests/free-times/"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def online(cast):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "request_appointments"])
    return open_booking(cast)


def times(cast, **changes):
    values = {"minutes": 60, "mode": "online", "service_id": None, "zone": BERLIN, "now": clock.now(), **changes}
    return times_to_choose([cast.tess_staff], **values)


def facts(cast, online, **changes):
    return {
        "client": str(cast.cleo.pk),
        "service": str(online.service.pk),
        "mode": "online",
        "time_zone": "Europe/Berlin",
        **changes,
    }


def test_they_are_a_few_a_day_while_somebody_works_and_is_free(cast, online):
    found = times(cast)
    days = {each.astimezone(BERLIN).date() for each in found}
    assert len(found) <= MOST and len(days) > 2
    assert all(sum(each.astimezone(BERLIN).date() == day for each in found) <= MOST_A_DAY for day in days)
    assert {each.astimezone(BERLIN).hour for each in found} <= {9, 10, 11}

    book(cast, at=found[0], minutes=60)
    assert found[0] not in times(cast)


def test_nobody_s_times_are_shown_who_has_not_said_when_they_work(cast):
    assert times(cast) == []


def test_those_that_are_ticked_are_asked_for(cast, online, visit, django_assert_max_num_queries):
    browser = visit(cast.cleo_login)
    with django_assert_max_num_queries(40):
        page = browser.get(PART, facts(cast, online)).content.decode()
    chosen = [each for each in times(cast, service_id=online.service.pk) if f'value="{slots.number_of(each)}"' in page][
        :2
    ]
    assert len(chosen) == 2

    answer = browser.post(ASK, facts(cast, online, free_time=[slots.number_of(each) for each in chosen]))

    assert answer.status_code == 302
    assert [each.starts_at for each in BookingRequest.objects.get().times.order_by("starts_at")] == chosen


def test_too_many_are_said_and_stay_ticked(cast, online, visit):
    chosen = [str(slots.number_of(each)) for each in times(cast)[:6]]
    page = visit(cast.cleo_login).post(ASK, facts(cast, online, free_time=chosen))
    text = " ".join(page.content.decode().split())
    assert page.status_code == 422 and "At most 5 times." in text
    assert all(f'value="{each}" checked' in text for each in chosen)


@pytest.mark.parametrize("nonsense", ["x", "-1", "99999999999999999", "1"])
def test_nonsense_asks_for_nothing(cast, online, visit, nonsense):
    page = visit(cast.cleo_login).post(ASK, facts(cast, online, free_time=[nonsense]))
    assert page.status_code == 422 and not BookingRequest.objects.exists()


def test_another_time_for_what_is_booked_is_chosen_from_free_ones(cast, online, visit):
    appointment = book(cast, at=times(cast)[0] + timedelta(days=2))
    page = visit(cast.cleo_login).get(f"/requests/moves/{appointment.pk}/").content.decode()
    assert 'name="free_time"' in page


def test_an_organization_that_shows_none_shows_none(cast, online, visit):
    actions.change_request_settings(is_open=True, shows_free_times=False, by=cast.nora, now=clock.now())
    browser = visit(cast.cleo_login)
    assert "free_time" not in browser.get(ASK).content.decode()
    assert browser.get(PART, facts(cast, online)).status_code == 404


@pytest.mark.parametrize("who", ["tess", "ada"])
def test_whoever_may_not_ask_sees_none(cast, online, visit, who):
    assert visit(getattr(cast, who)).get(PART, facts(cast, online)).status_code == 404


def test_the_page_of_settings_keeps_both(cast, visit):
    browser = visit(cast.nora)
    assert browser.post("/settings/requests/", {"is_open": "on"}).status_code == 302
    page = " ".join(browser.get("/settings/requests/").content.decode().split())
    assert page.count("checked") == 1
