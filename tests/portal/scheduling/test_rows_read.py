"""Rows say what they say from what was read at once: nothing is asked for again, row by row."""

import pytest

from core.scheduling.models import Appointment
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import for_rows
from core.scheduling.rules import wall_time
from portal.scheduling.appointment_rows import appointment_rows
from portal.scheduling.dashboard_cards import SAID as ON_THE_START_PAGE
from tests.factories.scheduling import book, make_client, tomorrow

BERLIN = wall_time.zone("Europe/Berlin")
SAID = (
    "names", "title", "detail", "page", "cancellation", "equipment", "shows_names", "is_off", "is_over", "status", "answer", "arrivals",
    "places", "can_note_arrival", "marks", "flags", "can_cancel", "can_complete", "can_complete_early", "can_extend", "can_move",
    "can_edit", "color", "tone", "local_start", "elsewhere",
)  # fmt: skip
SHORT = (
    "names",
    "title",
    "page",
    "cancellation",
    "elsewhere",
    "status",
    "can_cancel",
    "shows_names",
    "color",
    "tone_class",
)
COMING_UP = (*SHORT, "detail", "answer", "flags", "is_off")


@pytest.fixture
def three(cast):
    other = make_client("Otto", practitioner=cast.tess_staff, zone="Asia/Tokyo")
    return [book(cast, at=tomorrow(9 + at), clients=[cast.cleo, other][: 1 + at % 2]) for at in range(3)]


@pytest.mark.parametrize("who", ["nora", "tess", "gus"])
def test_a_row_reads_nothing_more(cast, three, who, django_assert_num_queries):
    view = Viewpoint(getattr(cast, who))
    assert (view.schedules, view.linked, view.audited, view.clients_may_cancel) != ()
    rows = appointment_rows(for_rows(Appointment.objects.all()), view, BERLIN)

    with django_assert_num_queries(0):
        for row in rows:
            [getattr(row, name) for name in SAID]
            row.as_event()


@pytest.mark.parametrize(("beside", "said"), [((), SHORT), (ON_THE_START_PAGE, COMING_UP)])
def test_a_short_row_reads_nothing_more(cast, three, beside, said, django_assert_num_queries):
    view = Viewpoint(cast.tess)
    rows = appointment_rows(for_rows(Appointment.objects.all(), beside=beside), view, BERLIN)
    assert view.schedules | view.linked | view.audited

    with django_assert_num_queries(0):
        for row in rows:
            [getattr(row, name) for name in said]
            assert row.appointment.what
