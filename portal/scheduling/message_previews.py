"""What messages about appointments would say of the latest one that somebody may see."""

from collections.abc import Callable
from copy import copy

from django.utils.translation import get_language

from core.notifications.messages import Content, Message
from core.people.models import Client, User
from core.scheduling import messages, series_file, series_messages
from core.scheduling.mail_contents import change_content, notice_values, reminder_content
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.permissions import appointments_visible_to
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.reminder_messages import REMINDER
from core.scheduling.series_contents import notice_values as series_notice_values
from core.scheduling.series_contents import series_content

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


def _latest_series(user: User) -> tuple[AppointmentSeries, list[Appointment]] | None:
    """The series that was booked last, with its dates; none without a date of it that the person may see."""
    seen = appointments_visible_to(user).filter(series__isnull=False).order_by("-booked_at")
    for one in seen.select_related("series__practitioner__user")[:1]:
        assert one.series is not None
        return one.series, list(series_file.appointments_of(one.series))
    return None


def _series_mail(kind: str) -> Preview:
    def preview(user: User) -> Content | None:
        found = _latest_series(user)
        if found is None:
            return None
        series, dates = found
        clients = tuple(series.clients.all())
        facts = {"kind": kind, "off": [str(each.pk) for each in dates]}
        return series_content(series, dates, AppointmentRecipient(_reader(user), clients), facts)

    return preview


def _series_notice(user: User) -> Content | None:
    found = _latest_series(user)
    if found is None:
        return None
    series, dates = found
    language = get_language() or "en"
    values = series_notice_values(series, dates, list(series.clients.all()), zone=user.time_zone, language=language)
    return Content(values=values)


PREVIEWS: dict[Message, Preview] = {
    REMINDER: _reminder,
    **{pair[0]: _mail(kind, for_practitioner=False) for kind, pair in messages.MAILS.items()},
    **{pair[1]: _mail(kind, for_practitioner=True) for kind, pair in messages.MAILS.items()},
    **{message: _series_mail(kind) for kind, message in series_messages.MAILS.items()},
    **dict.fromkeys(series_messages.NOTICES.values(), _series_notice),
    **{message: _notice for pair in messages.NOTICES.values() for message in pair},
}
