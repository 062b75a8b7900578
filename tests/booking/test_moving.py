"""A booked time is changed by the link in its mail."""

from datetime import timedelta

import pytest

from core.booking import actions
from core.booking.models import BookingException, SelfBooking
from core.booking.rules import slots
from core.kernel import clock, limits
from core.kernel.models import OutboxMessage
from core.people.models import Client
from core.scheduling.models import (
    Appointment,
    CancellationPolicy,
    PolicyLevel,
    SchedulingSettings,
)
from portal.scheduling.views.links import VISITS
from tests.factories.booking import (
    first_free,
)
from tests.factories.scheduling import book, completion_type, make_client


def test_time_is_changed_by_the_link_in_the_mail(online, link, visit):
    browser, page = visit(), link.path.replace("/a/", "/book/moves/")
    assert page in browser.get(link.path).content.decode()
    other = first_free(online)
    shown = browser.get(page, {"day": other.date().isoformat()}).content.decode()
    assert f'value="{slots.number_of(other)}"' in shown
    assert link.booked == Appointment.objects.get(starts_at=link.booked.starts_at)  # looking changes nothing
    sent = {"start": slots.number_of(other), "seen": slots.number_of(link.booked.starts_at)}

    assert browser.post(page, sent)["Location"] == link.path

    assert Appointment.objects.get().starts_at == other
    assert (
        OutboxMessage.objects.filter(name="scheduling.tell", payload__kind="moved").count() == 3
    )  # Cleo, Gus and Tess
    browser.post(page, sent)  # from another tab that shows the time before
    assert Appointment.objects.get().sequence == 1


def test_taken_time_is_refused_with_what_else_is_free(online, link, cast, visit):
    page, other = link.path.replace("/a/", "/book/moves/"), first_free(online)
    book(cast, at=other, clients=[make_client("Otto", practitioner=cast.tess_staff)])

    answer = visit().post(page, {"start": slots.number_of(other), "seen": slots.number_of(link.booked.starts_at)})

    assert answer.status_code == 409
    assert 'name="start"' in answer.content.decode()
    assert Appointment.objects.get(pk=link.booked.pk).starts_at == link.booked.starts_at


@pytest.mark.parametrize("gate", ["permission", "organization", "closed", "late", "exception", "chosen"])
def test_time_stays_where_one_gate_is_shut(online, link, cast, visit, gate):
    if gate == "permission":
        Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming"])
    elif gate == "organization":
        SchedulingSettings.objects.update(clients_may_cancel=False)
    elif gate == "closed":
        actions.change_booking_settings(by=cast.nora, now=clock.now(), is_open=False)
    elif gate == "exception":
        BookingException.objects.create(client=cast.cleo, may_book=False, set_at=clock.now())
    elif gate == "chosen":
        actions.change_booking_settings(by=cast.nora, now=clock.now(), audience="chosen")
    else:
        late = PolicyLevel(position=1, hours_before=200, completion_type=completion_type("Cancelled late - half"))
        late.policy = CancellationPolicy.objects.create(adopted_at=clock.now(), adopted_by_name="Nora")
        late.client_share, late.wage_share = 50, 50
        late.save()
        Appointment.objects.update(policy=late.policy)
    page, other = link.path.replace("/a/", "/book/moves/"), first_free(online) if gate != "closed" else clock.now()

    answer = visit().post(page, {"start": slots.number_of(other), "seen": slots.number_of(link.booked.starts_at)})

    assert answer["Location"] == link.path
    assert Appointment.objects.get().starts_at == link.booked.starts_at


def test_group_that_others_can_join_is_not_moved_by_one_of_them(online, link, visit):
    """Nobody else is in it yet, and its service has no places any more."""
    Appointment.objects.update(is_open_group=True)
    page, other = link.path.replace("/a/", "/book/moves/"), first_free(online)

    answer = visit().post(page, {"start": slots.number_of(other), "seen": slots.number_of(link.booked.starts_at)})

    assert answer["Location"] == link.path and page not in visit().get(link.path).content.decode()
    assert Appointment.objects.get().starts_at == link.booked.starts_at


def test_day_that_is_full_takes_no_appointment_from_another_day(online, link, cast, visit):
    actions.change_booking_settings(by=cast.nora, now=clock.now(), most_per_day=1)
    full = first_free(online) + timedelta(days=1)
    SelfBooking.objects.create(
        appointment=book(cast, at=full, minutes=60), client=cast.cleo, user=cast.cleo_login, is_first_visit=False, booked_at=clock.now()
    )  # fmt: skip
    SelfBooking.objects.create(
        appointment=link.booked, client=cast.cleo, user=cast.cleo_login, is_first_visit=False, booked_at=clock.now()
    )
    page, browser = link.path.replace("/a/", "/book/moves/"), visit()

    def move(start):
        seen = Appointment.objects.get(pk=link.booked.pk).starts_at
        return browser.post(page, {"start": slots.number_of(start), "seen": slots.number_of(seen)})

    refused = move(full + timedelta(hours=1))
    assert refused.status_code == 409 and "At most 1 a day" in refused.content.decode()
    later = link.booked.starts_at + timedelta(hours=1)  # on its own day it counts for nothing
    assert move(later)["Location"] == link.path and Appointment.objects.get(pk=link.booked.pk).starts_at == later


def test_moving_by_the_link_is_limited_for_each_appointment_and_address(link, visit):
    page = link.path.replace("/a/", "/book/moves/")

    answers = [visit().post(page, {"start": "", "seen": ""}).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    limits.count([(VISITS, "192.0.2.7")] * VISITS.most, now=clock.now())
    assert visit().get(page, REMOTE_ADDR="192.0.2.7").status_code == 429
