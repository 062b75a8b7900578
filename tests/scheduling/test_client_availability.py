"""When clients can come: the rule by its tables, who may say it, and what is kept."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from core.people.models import Assignment, Client
from core.scheduling.actions import set_client_availability
from core.scheduling.client_availability_queries import (
    availability_of,
    outside_sentences,
    readable_times,
    times_of,
)
from core.scheduling.models import AvailabilityWindow, ClientAvailability
from core.scheduling.permissions import (
    availability_readable_by,
    availability_settable_by,
    can_read_availability,
    can_set_availability,
    get_client_to_set_availability,
)
from core.scheduling.rules.availability import Window
from core.scheduling.rules.client_availability import ClientTimes, is_outside, joined
from core.scheduling.rules.conflicts import Span
from tests.factories.scheduling import make_client
from tests.rules_tables import rows

TUESDAY = datetime(2026, 3, 10, tzinfo=UTC)
EVERYBODY = ["nora", "sam", "tess", "cleo_login", "gus", "ada"]


def minute(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def windows(text):
    parts = [] if text in ("", "none") else text.split()
    return [Window(*(minute(edge) for edge in part.split("-"))) for part in parts]


def span(text, day=TUESDAY):
    return Span(*(day + timedelta(minutes=minute(edge)) for edge in text.split("-")))


def say(cast, weekly, *, by=None, zone="Europe/Berlin", client=None):
    return set_client_availability(
        client or cast.cleo, weekly=weekly, time_zone=zone, by=by or cast.nora, now=clock.now()
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("tuesday", "wednesday", "zone", "wanted", "answer"), rows("client-availability", "Times on Tuesday")
)
def test_whether_a_time_is_outside(tuesday, wednesday, zone, wanted, answer):
    times = ClientTimes(ZoneInfo(zone), {1: windows(tuesday), 2: windows(wednesday)})
    assert is_outside(times, span(wanted)) == (answer == "outside")


@pytest.mark.unit
@pytest.mark.parametrize(("typed", "kept"), rows("client-availability", "Typed"))
def test_windows_that_touch_are_one(typed, kept):
    assert joined(windows(typed)) == windows(kept)


@pytest.mark.unit
def test_times_stay_on_the_wall_when_the_clocks_change():
    times = ClientTimes(ZoneInfo("Europe/Berlin"), {6: [Window(900, 1080)]})
    for day in ("2026-03-22", "2026-03-29", "2026-10-18", "2026-10-25"):
        begins = datetime.combine(datetime.fromisoformat(day), time(15), ZoneInfo("Europe/Berlin"))
        assert not is_outside(times, Span(begins, begins + timedelta(minutes=50)))
        assert is_outside(times, Span(begins - timedelta(minutes=10), begins + timedelta(minutes=40)))


def test_times_are_kept_with_their_clock_and_who_said_them(cast):
    say(cast, {1: [Window(960, 1080), Window(900, 960)], 5: [Window(1320, 1440)]}, zone="America/New_York", by=cast.gus)
    known = availability_of(cast.cleo)
    assert (known.time_zone, known.set_by_name) == ("America/New_York", "Gus North")
    assert [(row.weekday, row.starts, row.ends) for row in known.windows.all()] == [(1, 900, 1080), (5, 1320, 1440)]
    event = AuditEvent.objects.get(action="client_availability.set")
    assert event.changes["day_1"] == [[], ["15:00-18:00"]] and event.changes["time_zone"] == [None, "America/New_York"]


def test_cleared_day_is_away_and_cleared_week_unknown(cast):
    say(cast, {1: [Window(900, 1080)], 2: [Window(900, 1080)]})
    say(cast, {1: [Window(900, 1080)]})
    wednesday = span("14:00-14:50", TUESDAY + timedelta(days=1))
    assert outside_sentences([cast.cleo], wednesday, readable_times([cast.cleo], by=cast.tess)) == [
        "Outside of the times of Cleo Marten (Wednesday: none)."
    ]
    say(cast, {})
    assert not ClientAvailability.objects.exists() and not AvailabilityWindow.objects.exists()
    assert readable_times([cast.cleo], by=cast.tess) == {}
    assert outside_sentences([cast.cleo], span("14:00-14:50"), {}) == []


def test_same_times_again_are_noted_once(cast):
    say(cast, {1: [Window(900, 1080)]})
    say(cast, {1: [Window(900, 1000), Window(1000, 1080)]})
    assert AuditEvent.objects.filter(action="client_availability.set").count() == 1


@pytest.mark.parametrize(
    ("weekly", "zone", "field", "said"),
    [
        ({1: [Window(1080, 900)]}, "Europe/Berlin", "day_1", "Time past midnight is two windows"),
        ({1: [Window(900, 900)]}, "Europe/Berlin", "day_1", "It ends when it starts"),
        ({4: [Window(900, 1000), Window(990, 1080)]}, "Europe/Berlin", "day_4", "share time"),
        ({1: [Window(number * 60, number * 60 + 30) for number in range(7)]}, "Europe/Berlin", "day_1", "at most 6"),
        ({1: [Window(900, 1080)]}, "Europe/Atlantis", "time_zone", "Choose a time zone"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cast, weekly, zone, field, said):
    with pytest.raises(DomainError, match=said) as refused:
        say(cast, weekly, zone=zone)
    assert refused.value.field == field and not ClientAvailability.objects.exists()


@pytest.mark.parametrize("who", EVERYBODY)
def test_predicates_say_what_the_querysets_hold(cast, who):
    make_client("Otto", practitioner=cast.sam_staff)
    make_client("Ida", login=cast.gus, permissions=[])
    user = getattr(cast, who)
    for client in Client.objects.all():
        assert can_read_availability(user, client) == (client in availability_readable_by(user))
        assert can_set_availability(user, client) == (client in availability_settable_by(user))
    assert set(availability_settable_by(user)) <= set(availability_readable_by(user))


@pytest.mark.parametrize("who", EVERYBODY)
def test_times_are_read_of_those_of_whom_one_may(cast, who):
    people = [cast.cleo, make_client("Otto", practitioner=cast.sam_staff)]
    for client in people:
        say(cast, {1: [Window(900, 1080)]}, client=client)
    user = getattr(cast, who)
    assert readable_times(people, by=user).keys() == {each.pk for each in people if can_read_availability(user, each)}


@pytest.mark.parametrize(
    ("who", "answer"),
    [("nora", True), ("tess", True), ("gus", True), ("cleo_login", True), ("sam", NotFound), ("ada", NotFound)],
)
def test_who_may_say_it(cast, who, answer):
    user = getattr(cast, who)
    if answer is True:
        assert get_client_to_set_availability(user, cast.cleo.pk) == cast.cleo
        say(cast, {1: [Window(900, 1080)]}, by=user)
        return
    with pytest.raises(answer):
        get_client_to_set_availability(user, cast.cleo.pk)
    with pytest.raises(PermissionDenied):
        say(cast, {1: [Window(900, 1080)]}, by=user)


def test_login_says_it_only_where_the_client_permits_and_is_active(cast):
    cast.cleo.permissions = [each for each in cast.cleo.permissions if each != "update_availability"]
    cast.cleo.save()
    with pytest.raises(PermissionDenied):
        get_client_to_set_availability(cast.gus, cast.cleo.pk)
    cast.cleo.permissions = [*cast.cleo.permissions, "update_availability"]
    cast.cleo.status = Client.Status.INACTIVE
    cast.cleo.save()
    with pytest.raises(NotFound):
        get_client_to_set_availability(cast.gus, cast.cleo.pk)
    assert get_client_to_set_availability(cast.nora, cast.cleo.pk) == cast.cleo


def test_practitioner_loses_the_right_with_the_assignment(cast):
    Assignment.objects.filter(client=cast.cleo).delete()
    with pytest.raises(NotFound):
        get_client_to_set_availability(cast.tess, cast.cleo.pk)


def test_times_of_many_are_one_question(cast, django_assert_num_queries):
    people = [cast.cleo, *(make_client(f"Client {number}") for number in range(5))]
    for client in people[:4]:
        say(cast, {1: [Window(900, 1080)], 2: [Window(600, 660)]}, client=client)
    with django_assert_num_queries(1):
        assert set(times_of(people)) == {client.pk for client in people[:4]}
