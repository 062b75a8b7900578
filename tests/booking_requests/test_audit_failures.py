"""Whatever is done with requests is noted, or it is not done."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.booking_requests import actions
from core.booking_requests.models import BookingRequest
from core.kernel import clock
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.appointment_links import link_to, open_link
from tests.broken_audit import assert_nothing_is_written
from tests.factories.booking_requests import ask, ask_move, propose
from tests.factories.scheduling import book, tomorrow

ACTS: dict[str, Callable[[SimpleNamespace, Any], object]] = {
    "ask": lambda s, now: actions.ask_for_appointment(
        client=s.cast.cleo, service=ServiceChosen("Talk"), minutes=50, mode="online", time_zone="UTC",
        starts=[tomorrow(8)], by=s.cast.gus, now=now,
    ),
    "ask to move": lambda s, now: actions.ask_to_move(
        s.other, client=s.cast.cleo, starts=[tomorrow(8)], time_zone="UTC", by=s.cast.gus, now=now
    ),
    "ask by the link in a mail": lambda s, now: actions.ask_by_link(
        s.link, wish="Later.", starts_at=s.other.starts_at, now=now
    ),
    "accept": lambda s, now: actions.accept_request(
        s.asked, time=s.asked.times.first().pk, practitioner=s.cast.tess_staff, by=s.cast.tess, now=now
    ),
    "propose": lambda s, now: actions.propose_times(
        s.asked, practitioner=s.cast.tess_staff, starts=[tomorrow(16)], by=s.cast.tess, now=now
    ),
    "decline": lambda s, now: actions.decline_request(s.asked, reason="No.", by=s.cast.tess, now=now),
    "take a proposed time": lambda s, now: actions.accept_proposed(
        s.proposed, time=s.proposed.proposal.times.first().pk, by=s.cast.gus, now=now
    ),
    "ask on": lambda s, now: actions.keep_request(s.proposed, by=s.cast.gus, now=now),
    "withdraw": lambda s, now: actions.withdraw_request(s.asked, by=s.cast.gus, now=now),
    "expire": lambda s, now: actions.expire_request(s.late, now=now),
    "overtake": lambda s, now: actions.settle_overtaken(s.booked, was_moved=True, by=s.cast.tess, now=now),
    "change the settings": lambda s, now: actions.change_request_settings(is_open=False, by=s.cast.nora, now=now),
}  # fmt: skip


@pytest.fixture
def stage(cast: SimpleNamespace) -> SimpleNamespace:
    booked, asked, proposed, late = book(cast, at=tomorrow(13)), ask(cast), ask(cast), ask(cast)
    propose(cast, proposed)
    ask_move(cast, booked, tomorrow(17))
    BookingRequest.objects.filter(pk=late.pk).update(expires_at=clock.now())
    proposed = BookingRequest.objects.get(pk=proposed.pk)
    other = book(cast, at=tomorrow(18))
    token = link_to(other, user=cast.gus, now=clock.now()).rpartition("/a/")[2].strip("/")
    link = open_link(token, now=clock.now())
    return SimpleNamespace(cast=cast, booked=booked, other=other, link=link, asked=asked, proposed=proposed, late=late)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, clock.now()), monkeypatch)


def test_every_action_is_tried():
    assert set(actions.__all__) == set().union(*(each.__code__.co_names for each in ACTS.values())) & set(
        actions.__all__
    )
