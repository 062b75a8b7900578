"""A request's row: the times that count now, from what was read at once."""

from datetime import timedelta

import pytest

from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import for_rows, with_everything
from core.kernel import clock
from core.people.models import Client
from core.scheduling.rules import wall_time
from portal.booking_requests.rows import request_row
from tests.factories.booking_requests import ask, ask_move, propose
from tests.factories.scheduling import book, tomorrow

BERLIN = wall_time.zone("Europe/Berlin")
SAID = ("title", "detail", "status", "coming", "proposed_coming", "shown")


@pytest.fixture
def asked(cast):
    """One that waits, one to move an appointment, and one for which other times were proposed twice."""
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["request_appointments", "see_upcoming"])
    cast.cleo.refresh_from_db()
    ask(cast)
    ask_move(cast, book(cast, at=tomorrow(17)))
    proposed = ask(cast, tomorrow(10, days=4), practitioner=None)
    propose(cast, proposed)
    propose(cast, proposed, [tomorrow(16, days=5)], now=clock.now() + timedelta(minutes=1))
    return proposed


@pytest.mark.parametrize("is_staff", [True, False])
def test_a_row_reads_nothing_more(asked, is_staff, django_assert_num_queries):
    found = list(for_rows(BookingRequest.objects.all()))

    with django_assert_num_queries(0):
        for each in found:
            row = request_row(each, BERLIN, is_staff=is_staff)
            [getattr(row, name) for name in SAID]
            [str(time) for time in row.shown]
            assert (each.wish, each.moves_id) != ()


@pytest.mark.parametrize("read", [for_rows, with_everything])
def test_of_what_was_proposed_the_last_counts(asked, read):
    row = request_row(read(BookingRequest.objects.filter(pk=asked.pk)).get(), BERLIN, is_staff=False)

    assert [each.time.starts_at for each in row.shown] == [tomorrow(16, days=5)]
    assert [each.time.starts_at for each in row.times] == [tomorrow(10, days=4)]
