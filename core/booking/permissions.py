"""Who may book themselves: for whom a login may, and who may decide about it.

A client may where the organization lets them: everybody, or those who are chosen; what is set for one client counts more than what holds for all.
Only for an active client, and only by their own logins; agents and staff book on nobody's behalf here.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.booking.models import BookablePractitioner, BookableService, BookingException, BookingSettings, IntakeQuestion
from core.kernel.errors import NotFound
from core.people.models import Client
from core.people.permissions import can_act_for, clients_acted_for, is_active_staff
from core.people.roles import Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule


def can_manage_booking(user: Any) -> bool:
    """Decide who books what online: whoever looks after everybody's schedule."""
    return is_active_staff(user) and user.may(Permission.MANAGE_ALL_SCHEDULES)


def clients_bookable_by(user: Any, settings: BookingSettings) -> QuerySet[Client]:
    """The clients for whom a login may book online."""
    if not settings.is_open or not user.is_authenticated or not user.is_active:
        return Client.objects.none()
    own = clients_acted_for(user)
    if settings.audience == BookingSettings.Audience.CHOSEN:
        return own.filter(booking_exception__may_book=True)
    return own.exclude(booking_exception__may_book=False)


def can_book_for(user: Any, client: Client, settings: BookingSettings) -> bool:
    """Whether a login may book online for this client."""
    if not settings.is_open or not user.is_active or not can_act_for(user, client):
        return False
    exception = BookingException.objects.filter(client=client).first()
    if exception is not None:
        return exception.may_book
    return settings.audience != BookingSettings.Audience.CHOSEN


def can_read_answers(user: Any, appointment: Appointment) -> bool:
    """What was answered at booking is read by whoever runs the schedule, if their role reads what is kept about clients."""
    return can_run_schedule(user, appointment.practitioner) and user.may(Permission.SEE_CLIENT_INFORMATION)


def get_bookable_service(user: Any, pk: UUID) -> BookableService:
    """The service as it can be booked, for those who decide about it."""
    return _for_managers(user, BookableService.objects.all(), pk)


def get_bookable_practitioner(user: Any, pk: UUID) -> BookablePractitioner:
    """Somebody with whom people book, for those who decide about it."""
    return _for_managers(user, BookablePractitioner.objects.select_related("practitioner__user"), pk)


def get_question(user: Any, pk: UUID) -> IntakeQuestion:
    """The question, for those who decide about it."""
    return _for_managers(user, IntakeQuestion.objects.all(), pk)


def _for_managers(user: Any, rows: "QuerySet[Any]", pk: UUID) -> Any:
    if not can_manage_booking(user):
        raise PermissionDenied("not allowed to change online booking")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"booking {pk}")
    return found
