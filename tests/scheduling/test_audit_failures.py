"""Whatever is done with the calendar is noted, or it is not done."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.kernel import clock
from core.scheduling import actions
from core.scheduling.actions.availability import Wishes
from core.scheduling.actions.hand_overs import look
from core.scheduling.appointment_links import link_to, open_link
from core.scheduling.models import (
    AppointmentSeries,
    Arrival,
    BookableResource,
    Closure,
    CompletionType,
    HandOver,
    TimeOff,
)
from core.scheduling.rules.availability import Window
from tests.broken_audit import assert_nothing_is_written
from tests.factories.scheduling import book, book_weekly, completion_type, make_client, tomorrow, weekly_plan

HOUR = timedelta(hours=1)


def plan_of(stage: SimpleNamespace, *, by: Any, now: datetime) -> dict[str, Any]:
    """Tess's Cleo for Sam, as the preview has it."""
    cast = stage.cast
    seen = look(cast.tess_staff, cast.sam_staff, [cast.cleo], by=by, now=now).mark
    return {
        "former": cast.tess_staff,
        "successor": cast.sam_staff,
        "clients": [cast.cleo],
        "reason": "Leaves",
        "seen": seen,
    }


# Act → how the stage and what every action takes make it.
ACTS: dict[str, Callable[[SimpleNamespace, dict[str, Any]], object]] = {
    "book": lambda s, how: actions.book_appointment(
        practitioner=s.cast.tess_staff,
        clients=[s.otto],
        starts_at=tomorrow(15),
        ends_at=tomorrow(16),
        time_zone="Europe/Berlin",
        service_name="Speech therapy",
        **how,
    ),
    "move": lambda s, how: actions.move_appointment(
        s.coming, starts_at=s.coming.starts_at + HOUR, ends_at=s.coming.ends_at + HOUR, **how
    ),
    "edit": lambda s, how: actions.edit_appointment(s.coming, location="Studio 2", clients=[s.otto], **how),
    "hand over": lambda s, how: actions.hand_over(**plan_of(s, **how), **how),
    "take a hand-over back": lambda s, how: actions.undo_hand_over(made=s.handed_over, **how),
    "cancel": lambda s, how: actions.cancel_appointment(s.coming, party="practice", **how),
    "extend": lambda s, how: actions.extend_appointment(s.running, minutes=10, **how),
    "take an extension back": lambda s, how: actions.take_back_extension(s.extended, **how),
    "complete": lambda s, how: actions.complete_appointment(
        s.over, completion_type=completion_type("Completed"), **how
    ),
    "save a completion type": lambda s, how: actions.save_completion_type(
        CompletionType(name="Left early", outcome="held"), **how
    ),
    "save a resource": lambda s, how: actions.save_resource(BookableResource(name="Studio 2"), **how),
    "remove a resource": lambda s, how: actions.remove_resource(s.studio, **how),
    "choose what the calendar shows": lambda s, how: actions.choose_calendar(
        schedules=[s.cast.tess_staff], color_by="client", **how
    ),
    "note an arrival": lambda s, how: actions.note_arrival(s.soon.participants.first(), **how),
    "take back an arrival": lambda s, how: actions.take_back_arrival(s.here, **how),
    "set working hours": lambda s, how: actions.set_working_hours(
        s.cast.tess_staff, weekly={0: [Window(540, 1020)]}, wishes=Wishes(), **how
    ),
    "set hours of a day": lambda s, how: actions.set_day_hours(
        s.cast.tess_staff, day=tomorrow().date(), windows=[], **how
    ),
    "say when a client can come": lambda s, how: actions.set_client_availability(
        s.cast.cleo, weekly={0: [Window(540, 1020)]}, time_zone="Europe/Berlin", **how
    ),
    "add time off": lambda s, how: actions.add_time_off(
        TimeOff(practitioner=s.cast.tess_staff, first_on=tomorrow().date(), last_on=tomorrow().date()), **how
    ),
    "remove time off": lambda s, how: actions.remove_time_off(s.off, **how),
    "add a closure": lambda s, how: actions.add_closure(
        Closure(name="Fair", first_on=tomorrow().date(), last_on=tomorrow().date()), **how
    ),
    "remove a closure": lambda s, how: actions.remove_closure(s.closure, **how),
    "keep holidays": lambda s, how: actions.keep_public_holidays(country="DE", **how),
    "adopt a policy": lambda s, how: actions.adopt_policy(levels=[], **how),
    "set the no-show clock": lambda s, how: actions.set_no_show_clock(20, **how),
    "set reminders": lambda s, how: actions.set_reminders(
        minutes=[60], schedule_minutes=[], quiet_begins=None, quiet_ends=None, **how
    ),
    "set a service's reminders": lambda s, how: actions.set_service_reminders(s.studio.pk, minutes=[60], **how),
    "choose own reminders": lambda s, how: actions.set_own_reminders(
        minutes=[60], schedule_minutes=None, for_clients={}, quiet="none", quiet_begins=None, quiet_ends=None, **how
    ),
    "confirm": lambda s, how: actions.confirm_appointment(s.link, starts_at=s.soon.starts_at, now=how["now"]),
    "say that one is late": lambda s, how: actions.tell_late(
        s.link, minutes=10, starts_at=s.soon.starts_at, now=how["now"]
    ),
    "ask for another time": lambda s, how: actions.ask_for_other_time(
        s.link, wish="Later", starts_at=s.soon.starts_at, now=how["now"]
    ),
    "book a series": lambda s, how: actions.book_series(weekly_plan(s.cast, clients=(s.otto,), at=time(10)), **how),
    "edit a series": lambda s, how: actions.edit_series(s.first, scope="all", location="Studio 2", **how),
    "move a series": lambda s, how: actions.move_series(
        s.first, scope="all", wall=s.wall + HOUR, minutes=50, time_zone="Europe/Berlin", **how
    ),
    "cancel a series": lambda s, how: actions.cancel_series(s.first, scope="all", party="practice", **how),
    "end a series": lambda s, how: actions.set_end_of_series(s.series, until_on=s.first.occurrence_on, **how),
    "add another calendar": lambda s, how: actions.add_external_calendar(
        s.cast.tess_staff, name="x", kind="file", address="https://x.test/other", **how
    ),
    "take another calendar away": lambda s, how: actions.remove_external_calendar(s.external, **how),
    "read another calendar again": lambda s, how: actions.read_again(s.external, **how),
    "make a calendar address": lambda s, how: actions.set_feed(is_busy_only=False, is_own_only=False, **how),
    "change a calendar address": lambda s, how: actions.set_feed(
        is_busy_only=True, is_own_only=False, **{**how, "by": s.cast.gus}
    ),
    "take another calendar address": lambda s, how: actions.renew_feed(**{**how, "by": s.cast.gus}),
    "end a calendar address": lambda s, how: actions.end_feed(**{**how, "by": s.cast.gus}),
    "end somebody's calendar address": lambda s, how: actions.end_feed_of(s.cast.gus, now=how["now"]),
    "let clients cancel": lambda s, how: actions.allow_client_cancellations(True, **how),
}


# What the product does by itself; the first is noted, and tried below. What is read of other calendars is nobody's act.
WITHOUT_AUTHOR = {"make_dates_ahead", "read_external_calendar", "read_forgotten_calendars"}


@pytest.fixture
def stage(cast: SimpleNamespace) -> SimpleNamespace:
    """Appointments to act on, and a client who has none."""
    soon = book(cast, at=clock.now() + HOUR)
    actions.set_feed(is_busy_only=False, is_own_only=False, by=cast.gus, now=clock.now())
    series = book_weekly(cast, first=(clock.now() + timedelta(days=7)).date())
    first = series.occurrences.order_by("occurrence_on").first()
    at, ida = clock.now() - timedelta(minutes=20), make_client("Ida")
    extended = book(cast, at=at, minutes=25, practitioner=cast.sam_staff, clients=[ida], by=cast.nora)
    actions.extend_appointment(extended, minutes=5, by=cast.nora, now=clock.now())
    over = book(cast, at=clock.now() - timedelta(days=1))
    Arrival.objects.create(participant=over.participants.get(), starts_at=over.starts_at, arrived_at=over.starts_at)
    return SimpleNamespace(
        cast=cast,
        soon=soon,
        extended=extended,
        running=book(cast, at=at, minutes=25, clients=[make_client("Mia")], by=cast.nora),
        series=series,
        first=first,
        wall=datetime.combine(first.occurrence_on, series.wall_time),
        link=open_link(link_to(soon, user=cast.gus, now=clock.now()).split("/")[-2], now=clock.now()),
        otto=make_client("Otto"),
        off=TimeOff.objects.create(
            practitioner=cast.tess_staff, first_on=tomorrow().date(), last_on=tomorrow().date(), starts=0, ends=5
        ),
        closure=Closure.objects.create(
            name="Fair", first_on=tomorrow(days=90).date(), last_on=tomorrow(days=90).date()
        ),
        external=actions.add_external_calendar(
            cast.tess_staff, name="x", kind="file", address="https://x.test/", by=cast.tess, now=clock.now()
        ),
        studio=BookableResource.objects.create(name="Studio 1"),
        coming=book(cast),
        handed_over=HandOver.objects.create(
            former=cast.sam_staff, successor=cast.tess_staff, reason="Leaves", made_at=clock.now()
        ),
        over=over,
        here=over.participants.get(),
    )


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, {"by": stage.cast.nora, "now": clock.now()}), monkeypatch)


def test_every_action_is_tried():
    tried = set().union(*(each.__code__.co_names for each in ACTS.values()))
    assert set(actions.__all__) <= tried | WITHOUT_AUTHOR


def test_no_date_is_made_ahead_when_it_cannot_be_noted(cast, monkeypatch):
    series = book_weekly(cast, until_on=None)
    series.occurrences.order_by("-occurrence_on").first().delete()
    AppointmentSeries.objects.update(made_until=series.made_until - timedelta(weeks=1))
    assert_nothing_is_written(lambda: actions.make_dates_ahead(now=clock.now()), monkeypatch)
