"""Whatever is done with the waiting list is noted, or it is not done."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.booking.actions import save_bookable_service
from core.kernel import clock
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.rules.conflicts import Span
from core.waiting_list import actions
from core.waiting_list.models import WaitingOffer
from tests.broken_audit import assert_nothing_is_written
from tests.factories.booking import open_booking
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.waiting_list import open_list, wait

ACTS: dict[str, Callable[[SimpleNamespace, Any], object]] = {
    "add": lambda s, now: actions.add_entry(
        client=s.cast.cleo, service=ServiceChosen("Talk"), minutes=50, mode="online", until_on=tomorrow().date(), by=s.cast.nora, now=now
    ),
    "remove": lambda s, now: actions.remove_entry(s.entry, by=s.cast.nora, now=now),
    "offer what has freed": lambda s, now: actions.offer_freed(s.cast.tess_staff, s.freed, now=now),
    "offer by hand": lambda s, now: actions.offer_by_hand(
        s.entry, practitioner=s.cast.tess_staff, starts_at=tomorrow(17), by=s.cast.tess, now=now
    ),
    "offer places": lambda s, now: actions.offer_places(s.group, now=now),
    "offer a place by hand": lambda s, now: actions.offer_place_by_hand(s.for_place, group=s.group, by=s.cast.tess, now=now),
    "take it": lambda s, now: actions.accept_offer(s.offer, by=s.cast.gus, now=now),
    "let it go": lambda s, now: actions.decline_offer(s.offer, by=s.cast.gus, now=now),
    "run out": lambda s, now: actions.expire_offer(s.late.pk, now=now),
    "end what was booked over": lambda s, now: actions.end_taken_offer(s.over, now=now),
    "end whoever has waited to the end": lambda s, now: actions.end_past_entries(now=now + timedelta(days=40)),
    "change the settings": lambda s, now: actions.change_waiting_settings(is_open=False, by=s.cast.nora, now=now),
}  # fmt: skip


@pytest.fixture
def stage(cast: SimpleNamespace) -> SimpleNamespace:
    open_list(cast)
    now = clock.now()
    ida, otto = make_client("Ida", practitioner=cast.tess_staff, login=cast.gus), make_client("Otto", login=cast.gus)
    offered, late, entry = wait(cast), wait(cast, otto), wait(cast, ida)
    how = {"practitioner": cast.tess_staff, "by": cast.nora, "now": now}
    offer = actions.offer_by_hand(offered, starts_at=tomorrow(13), **how)
    ran_out = actions.offer_by_hand(late, starts_at=tomorrow(15), **how)
    WaitingOffer.objects.filter(pk=ran_out.pk).update(expires_at=now)
    over = actions.offer_by_hand(wait(cast, make_client("Uta", login=cast.gus)), starts_at=tomorrow(19), **how)
    book(cast, at=over.starts_at, clients=[ida])
    freed = Span(tomorrow(9), tomorrow(10))
    for_place, group = a_group_and_who_waits(cast)
    return SimpleNamespace(
        cast=cast, entry=entry, offer=offer, late=ran_out, over=over, freed=freed, for_place=for_place, group=group
    )


def a_group_and_who_waits(cast):
    online = open_booking(cast)
    online.bookable.places = 3
    save_bookable_service(online.bookable, by=cast.nora)
    group = book(cast, at=tomorrow(9, days=3), clients=[], is_open_group=True, service_id=online.service.pk)
    service = ServiceChosen("First talk", online.service.pk)
    return wait(cast, make_client("Eva", practitioner=cast.tess_staff, login=cast.gus), service=service), group


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, clock.now()), monkeypatch)


def test_every_action_is_tried():
    tried = set().union(*(each.__code__.co_names for each in ACTS.values()))
    promises = {"promise_coming_places", "promise_days", "promise_each_day", "promise_offer", "promise_places"}
    assert set(actions.__all__) <= tried | promises
