"""Things of north's that no other organization has: what the sweep asks for elsewhere.

A room whose addresses have a parameter of their own adds it here: `@sample("note_id")` on a function that makes the thing in north and returns
the value for the address. The parameter may be written with the view's name in front, where several rooms use one word: "notes:note.pk".
"""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from core.kernel import clock
from core.people.models import Client, StaffMember, User
from sessions_live.actions import ask_admission, open_room
from sessions_live.models import Admission

Sample = Callable[[SimpleNamespace], Any]
SAMPLES: dict[str, Sample] = {}


def sample(*parameters: str) -> Callable[[Sample], Sample]:
    """Register a maker of values for parameters of addresses."""

    def register(make: Sample) -> Sample:
        SAMPLES.update(dict.fromkeys(parameters, make))
        return make

    return register


@sample("client_id")
def client(cast: SimpleNamespace) -> Any:
    return Client.objects.create(first_name="Only", last_name="North", time_zone="UTC").pk


@sample("user_id")
def user(cast: SimpleNamespace) -> Any:
    return User.objects.create_user(email="only@north.test", password="x", name="Only North", time_zone="UTC").pk


@sample("staff_id", "practitioner_id")
def staff_member(cast: SimpleNamespace) -> Any:
    login = User.objects.create_user(email="staff-only@north.test", password="x", name="Only Staff", time_zone="UTC")
    return StaffMember.objects.create(user=login, role="practitioner").pk


@sample("appointment_id")
def appointment(cast: SimpleNamespace) -> Any:
    from tests.factories.scheduling import book

    return book(cast).pk


@sample("live:room.pk", "live:ended.pk", "live:admission.pk", "live:door_messages.pk")
def live_appointment(cast: SimpleNamespace) -> Any:
    from tests.factories.scheduling import book

    now = clock.now()
    appointment = book(cast, at=now + timedelta(minutes=5))
    ask_admission(open_room(appointment, now=now), by=cast.gus, now=now)
    return appointment.pk


@sample("live:admission.admission", "live:door_messages.admission")
def admission(cast: SimpleNamespace) -> Any:
    return Admission.objects.get(user=cast.gus).pk


FALLBACKS: dict[str, Any] = {
    "uuid": lambda: uuid4(),
    "int": lambda: 987654,
    "slug": lambda: "zz",
    "str": lambda: "zz",
    "path": lambda: "zz",
}
