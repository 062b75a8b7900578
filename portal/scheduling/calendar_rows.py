"""The entries of a calendar: whose, of what and in which room its address says, with marks that a list does not have."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from billing.permissions import clients_with_costs_for
from billing.queries.invoices import is_paid_appointment
from core.booking_requests.queries import is_asked_to_move
from core.people.models import User
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import appointments_between, for_rows
from portal.scheduling.appointment_rows import AppointmentRow, appointment_rows
from portal.scheduling.calendar_filter import CalendarFilter
from portal.scheduling.calendar_people import CalendarPeople
from sessions_live.queries import is_in_session


def calendar_rows(
    people: CalendarPeople,
    chosen: CalendarFilter,
    room: BookableResource | None,
    between: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> list[AppointmentRow]:
    """What this person may see of it."""
    found = chosen.narrow(people.narrow(appointments_between(people.user, *between)))
    if room is not None:
        found = found.filter(reservations__resource=room)
    found = for_rows(_with_flags(found, people.user))
    return chosen.standing(appointment_rows(found, Viewpoint(people.user), zone, colors_clients=people.colors_clients))


def _with_flags(found: QuerySet[Appointment], user: User) -> QuerySet[Appointment]:
    """For `AppointmentRow.flags`: who meets live now, of what another time was asked for, what is paid; asked for in the same question.

    Each only as far as this person may know it.
    """
    return found.annotate(
        is_live=is_in_session(),
        is_asked_to_move=is_asked_to_move(user),
        is_paid=is_paid_appointment(clients_with_costs_for(user)),
    )
