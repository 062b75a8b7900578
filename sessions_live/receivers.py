"""What live rooms do when a login loses its access, wholly or to some of them, or when their time changes; and their part of the platform's
periodic work."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.kernel import clock
from core.people.models import User
from core.people.signals import access_changed, access_ended
from core.records.models import ClientFile
from core.records.signals import client_file_changed, client_file_left
from core.resources.models import Resource
from core.resources.signals import cards_changed, resource_left
from core.scheduling.models import Appointment
from core.scheduling.signals import appointment_cancelled, appointment_delayed, appointment_time_changed
from sessions_live import actions, broadcasts
from sessions_live.invitations.actions import tell_cancelled, tell_moved
from sessions_live.models import Room
from sessions_live.showings.actions.ending import close_gone, close_lost
from tenants.signals import usage_requested


@receiver(access_ended, dispatch_uid="live_rooms_of_ended_access")
def withdraw_admissions(*, user: User, now: datetime, **ignored: Any) -> None:
    """Out of every room, and every socket closed; what they have put before everybody is closed, too."""
    actions.withdraw_admissions(user, now=now)
    close_lost(user, now=now)


@receiver(access_changed, dispatch_uid="live_rooms_of_changed_access")
def withdraw_admissions_without_role(*, user: User, now: datetime, **ignored: Any) -> None:
    """Out of those rooms in which the person has no role any more; of what they have put before everybody, what they may see no more is closed."""
    actions.withdraw_admissions(user, now=now, only_without_role=True)
    close_lost(user, now=now)


@receiver(appointment_cancelled, dispatch_uid="guests_of_cancelled_appointment")
def tell_guests_of_cancellation(*, appointment: Appointment, by: Any, **ignored: Any) -> None:
    """Who is invited by mail hears of it by mail."""
    tell_cancelled(appointment, by=by)


@receiver(appointment_time_changed, dispatch_uid="live_rooms_of_other_time")
def tell_other_time(*, appointment: Appointment, by: Any, **ignored: Any) -> None:
    """Everybody on the room's pages reads until when it takes now; invited guests hear of another start by mail."""
    tell_moved(appointment, by=by)
    room = Room.objects.filter(appointment=appointment).first()
    if room is not None:
        broadcasts.time_changed(room, ends_at=appointment.ends_at)


@receiver(appointment_delayed, dispatch_uid="live_rooms_of_delay")
def tell_delay(*, appointment: Appointment, until: datetime | None, **ignored: Any) -> None:
    """Whoever is in the waiting room already reads that it may begin later."""
    room = Room.objects.filter(appointment=appointment).first()
    if room is not None:
        broadcasts.delayed(room, until=until)


@receiver(resource_left, dispatch_uid="showings_of_resource_that_left")
def close_resource(*, resource: Resource, is_deleted: bool, **ignored: Any) -> None:
    """Nobody sees it any more; whose own it is goes on showing what they have taken out of the store."""
    close_gone(now=clock.now(), but_of=None if is_deleted else resource.owner_id, resource=resource)


@receiver(cards_changed, dispatch_uid="showings_of_changed_cards")
def tell_cards(*, resource: Resource, **ignored: Any) -> None:
    """Whoever looks at them sees them as they are by now."""
    for room in Room.objects.filter(showings__resource=resource, showings__closed_at=None):
        broadcasts.showing_changed(room)


@receiver(client_file_left, dispatch_uid="showings_of_client_file_that_left")
def close_client_file(*, row: ClientFile, **ignored: Any) -> None:
    """Nobody sees it any more."""
    close_gone(now=clock.now(), client_file=row)
    broadcasts.client_files_changed(row.client_id)


@receiver(client_file_changed, dispatch_uid="live_rooms_of_client_file")
def tell_client_file(*, row: ClientFile, **ignored: Any) -> None:
    """Whoever may open it and is in a room with the client sees it there at once."""
    broadcasts.client_files_changed(row.client_id)


@receiver(usage_requested, dispatch_uid="live_sessions_of_organization")
def count_sessions(*, since: datetime, **ignored: Any) -> dict[str, int]:
    """How many rooms were opened since then."""
    return {"sessions": Room.objects.filter(created_at__gte=since).count()}
