"""Who is on the list, who puts them there, and how they leave it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.people.models import Client
from core.scheduling.actions import (
    calendar_locks,
)
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.coverage import hours_between
from core.waiting_list import actions, queries
from core.waiting_list.actions import entries
from core.waiting_list.models import WaitingEntry
from tests.factories.scheduling import make_client, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.waiting_list.offers import cancel, deliver, offers


def test_taken_off_the_offer_goes_to_the_next(cast, booked):
    entry = wait(cast)
    second = wait(cast, make_client("Ida", practitioner=cast.tess_staff, login=cast.gus))
    cancel(cast, booked)
    actions.remove_entry(entry, by=cast.gus, now=clock.now())
    deliver()
    assert [offer.entry for offer in offers(state="open")] == [second]
    with pytest.raises(ConflictError):
        actions.remove_entry(entry, by=cast.gus, now=clock.now())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until_on": tomorrow(days=-3).date()}, "bad_until"),
        ({"until_on": tomorrow(days=900).date()}, "bad_until"),
        ({"begins": 600, "ends": 540}, "bad_hours"),
        ({"begins": 540, "ends": 560}, "short_hours"),
        ({"weekdays": [9]}, "bad_weekday"),
        ({"note": "x" * 501}, "long_text"),
        ({"note": "a\x00"}, "control_characters"),
    ],
)
def test_what_cannot_be_waited_for(cast, changes, code):
    with pytest.raises(DomainError) as refusal:
        wait(cast, **changes)
    assert refusal.value.code == code and not WaitingEntry.objects.exists()


def test_who_may_put_whom_on_the_list(cast):
    open_list(cast)
    assert wait(cast, by=cast.gus) and wait(cast, by=cast.tess)
    for user in (cast.ada, cast.cleo_login):
        if user == cast.cleo_login:
            Client.objects.update(permissions=[])
        with pytest.raises(PermissionDenied):
            wait(cast, by=user)
    open_list(cast, clients_may_join=False)
    with pytest.raises(PermissionDenied):
        wait(cast, by=cast.gus)
    with pytest.raises(PermissionDenied):
        wait(cast, make_client("Stranger"), by=cast.tess)
    with pytest.raises(PermissionDenied):
        actions.change_waiting_settings(is_open=True, by=cast.tess, now=clock.now())


def test_how_many_wait_for_each_hour(cast):
    monday = (clock.now() + timedelta(days=7 - clock.now().weekday())).date()
    wait(cast, weekdays=[0], begins=9 * 60, ends=11 * 60)
    wait(cast, make_client("Ida", zone="Europe/London"), weekdays=[0], begins=8 * 60, ends=9 * 60)
    hours = hours_between(monday, 7, ZoneInfo("Europe/Berlin"))
    entries = queries.waiting_on(clock.now().date())

    found = dict(zip(hours, queries.waiting_in(entries, list(hours.values())), strict=True))

    assert {key: number for key, number in found.items() if number} == {(monday, 9): 2, (monday, 10): 1}
    assert len(queries.waiting_at(entries, hours[monday, 9])) == 2


def test_how_many_wait_changes_not_how_much_is_asked(cast, booked):
    freed = Span(tomorrow(9), tomorrow(10))
    counts = []
    for number in range(2):
        for more in range(4 * number):
            wait(cast, make_client(f"C{more}", practitioner=cast.tess_staff, login=cast.gus))
        wait(cast, make_client(f"D{number}", practitioner=cast.tess_staff, login=cast.gus))
        with CaptureQueriesContext(connection) as asked:
            queries.waiting_for(cast.tess_staff, freed, earliest=clock.now(), now=clock.now())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_after_the_last_day_nobody_waits(cast, moved_clock):
    open_list(cast)
    entry = wait(cast, until_on=tomorrow(days=1).date())
    offered = wait(cast, make_client("Ida", login=cast.gus), until_on=tomorrow(days=1).date())
    actions.offer_by_hand(
        offered, practitioner=cast.tess_staff, starts_at=tomorrow(15, days=4), by=cast.nora, now=clock.now()
    )
    actions.end_past_entries(now=clock.now())
    assert WaitingEntry.objects.filter(state="waiting").count() == 2

    moved_clock(timedelta(days=3))
    assert not queries.anybody_waits(now=clock.now())
    actions.end_past_entries(now=clock.now())

    assert (WaitingEntry.objects.get(pk=entry.pk).state, WaitingEntry.objects.get(pk=offered.pk).state) == (
        "ended",
        "waiting",
    )
    with pytest.raises(ConflictError):
        actions.remove_entry(entry, by=cast.gus, now=clock.now())


def test_one_whose_calendar_is_busy_keeps_the_night_from_nobody_else(cast, moved_clock, monkeypatch):
    first = wait(cast, until_on=tomorrow(days=1).date())
    second = wait(cast, make_client("Ida", login=cast.gus), until_on=tomorrow(days=1).date())
    moved_clock(timedelta(days=3))
    lock = calendar_locks.lock_calendars

    def busy(people):
        if first.client_id in people:
            raise ConflictError("calendar_busy", "busy")
        lock(people)

    monkeypatch.setattr(calendar_locks, "lock_calendars", busy)
    with pytest.raises(ConflictError):
        actions.end_past_entries(now=clock.now())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("waiting", "ended")


def test_an_offer_that_comes_while_the_entry_is_taken_off_holds_both_calendars(cast, booked, monkeypatch):
    entry, locked, lock = wait(cast), [], calendar_locks.lock_calendars

    def offered_meanwhile(people):
        locked.append(set(people))
        lock(people)
        if len(locked) == 1:
            monkeypatch.setattr(entries, "_offering", lambda entry: {cast.tess_staff.pk})

    monkeypatch.setattr(calendar_locks, "lock_calendars", offered_meanwhile)
    actions.remove_entry(entry, by=cast.gus, now=clock.now())
    assert locked[:2] == [{cast.cleo.pk}, {cast.cleo.pk, cast.tess_staff.pk}]


def test_who_waited_once_may_wait_again(cast, moved_clock):
    for _ in range(5):
        wait(cast, until_on=tomorrow(days=1).date())
    with pytest.raises(DomainError) as refusal:
        wait(cast)
    assert refusal.value.code == "many_entries"
    moved_clock(timedelta(days=3))
    assert wait(cast)


def test_a_login_waits_only_for_those_who_see_the_client(cast):
    open_list(cast)
    with pytest.raises(DomainError) as refusal:
        wait(cast, practitioners=[cast.sam_staff], by=cast.gus)
    assert refusal.value.code == "practitioner_not_offered"


def test_somebody_who_works_here_and_is_a_parent_puts_their_child_on_the_list(cast):
    open_list(cast)
    child = make_client("Child", practitioner=cast.tess_staff, login=cast.sam)
    assert wait(cast, child, by=cast.sam)
    open_list(cast, clients_may_join=False)
    other = make_client("Other", practitioner=cast.tess_staff)
    assert wait(cast, other, by=cast.sam)  # who administers Tess's schedule
