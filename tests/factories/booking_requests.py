"""Requests for times, by the same actions as the product's: Gus asks for Cleo, with Tess."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from core.booking_requests.actions import ask_for_appointment, ask_to_move, propose_times
from core.booking_requests.models import BookingRequest, Proposal
from core.kernel import clock
from core.scheduling.actions.edit import ServiceChosen
from tests.factories.scheduling import tomorrow


def ask(cast: SimpleNamespace, *starts: datetime, **changes: Any) -> BookingRequest:
    """At nine and at eleven in two days, unless `starts` says otherwise."""
    values: dict[str, Any] = {
        "client": cast.cleo,
        "service": ServiceChosen("Speech therapy"),
        "minutes": 50,
        "mode": "online",
        "time_zone": "Europe/Berlin",
        "starts": starts or (tomorrow(9), tomorrow(11)),
        "practitioner": cast.tess_staff,
        "by": cast.gus,
        "now": clock.now(),
    }
    return ask_for_appointment(**{**values, **changes})


def ask_move(cast: SimpleNamespace, appointment: Any, *starts: datetime, **changes: Any) -> BookingRequest:
    """Another time for it: an hour later, unless `starts` says otherwise."""
    values: dict[str, Any] = {
        "client": cast.cleo,
        "starts": starts or (appointment.starts_at + timedelta(hours=1),),
        "time_zone": "Europe/Berlin",
        "by": cast.gus,
        "now": clock.now(),
    }
    return ask_to_move(appointment, **{**values, **changes})


def propose(
    cast: SimpleNamespace, request: BookingRequest, starts: Sequence[datetime] = (), **changes: Any
) -> Proposal:
    """At two and at three in three days, by Tess."""
    values: dict[str, Any] = {
        "practitioner": cast.tess_staff,
        "starts": starts or (tomorrow(14, days=3), tomorrow(15, days=3)),
        "by": cast.tess,
        "now": clock.now(),
    }
    return propose_times(request, **{**values, **changes})
