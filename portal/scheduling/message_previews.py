"""What messages about appointments would say of the latest one that somebody may see."""

from collections.abc import Callable
from copy import copy

from django.utils.translation import get_language

from core.notifications.messages import Content, Message
from core.people.models import Client, User
from core.scheduling import messages
from core.scheduling.mail_contents import change_content, notice_values, reminder_content
from core.scheduling.models import Appointment
from core.scheduling.permissions import appointments_visible_to
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.reminder_messages import REMINDER

Preview = Callable[[User], Content | None]


def _latest(user: User) -> tuple[Appointment, list[Client]] | None:
    """The appointment that was booked last, with the clients who take part."""
    seen = appointments_visible_to(user).select_related("practitioner__user").prefetch_related("participants__client")
    for appointment in seen.order_by("-booked_at")[:1]:
        clients = [participant.client for participant in appointment.attending]
        return (appointment, clients) if clients else None
    return None


def _reader(user: User) -> User:
    """The same person, reading the language in force."""
    reader = copy(user)
    reader.language = get_language() or "en"
    return reader


def _mail(kind: str, *, for_practitioner: bool) -> Preview:
    def preview(user: User) -> Content | None:
        found = _latest(user)
        if found is None:
            return None
        appointment, clients = found
        recipient = AppointmentRecipient(_reader(user), () if for_practitioner else tuple(clients))
        facts = {"kind": kind}
        if kind == "moved":
            facts["previous_start"] = appointment.starts_at.isoformat()
        return change_content(appointment, recipient, clients, facts)

    return preview


def _reminder(user: User) -> Content | None:
    found = _latest(user)
    return reminder_content(found[0].attending, _reader(user)) if found else None


def _notice(user: User) -> Content | None:
    found = _latest(user)
    if found is None:
        return None
    appointment, clients = found
    language = get_language() or "en"
    return Content(values=notice_values(appointment, clients, zone=user.time_zone, language=language))


PREVIEWS: dict[Message, Preview] = {
    REMINDER: _reminder,
    **{pair[0]: _mail(kind, for_practitioner=False) for kind, pair in messages.MAILS.items()},
    **{pair[1]: _mail(kind, for_practitioner=True) for kind, pair in messages.MAILS.items()},
    **{message: _notice for pair in messages.NOTICES.values() for message in pair},
}
