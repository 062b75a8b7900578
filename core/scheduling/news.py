"""What every message about a change looks up when it leaves: whether it is still news, whom it is about, and who reads it."""

from datetime import datetime
from typing import Any

from core.kernel import outbox
from core.people.models import Client, User
from core.scheduling import messages, series_file, series_notifications
from core.scheduling.models import Appointment, AppointmentSeries, Cancellation
from core.scheduling.promises import appointment_of, attending, check_at_this_time, check_still_ahead
from core.scheduling.recipients import AppointmentRecipient, recipient_for


def news_of(facts: dict[str, Any]) -> tuple[Appointment, list[Client], AppointmentRecipient]:
    """The appointment, whom of it the news is about, and who reads it, as things stand now. Obsolete when it is no news any more."""
    appointment = appointment_of(facts["appointment"])
    clients = _concerned(appointment, facts)
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and _recipient(user, appointment, clients, kind=facts["kind"])
    if recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    return appointment, clients, recipient


def delay_of(facts: dict[str, Any], *, now: datetime) -> tuple[Appointment, AppointmentRecipient, datetime | None]:
    """What may begin later, who reads it, and until when what comes before takes, as things stand now. Obsolete when it is no news any more."""
    appointment = appointment_of(facts["appointment"])
    check_still_ahead(appointment, facts, now=now)
    before = Appointment.objects.filter(pk=facts["because_of"], ends_at=datetime.fromisoformat(facts["its_end"]))
    until = datetime.fromisoformat(facts["until"]) if facts["until"] else None
    if not before.filter(status=Appointment.Status.BOOKED).exists() or (until is not None and until <= now):
        raise outbox.Obsolete("what comes before it ends at another time")
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and recipient_for(user, appointment, attending(appointment))
    if recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    return appointment, recipient, until


def series_news_of(
    facts: dict[str, Any],
) -> tuple[AppointmentSeries, list[Client], AppointmentRecipient, series_file.SeriesEntry]:
    """The series, the clients whom the news is about, who reads it, and the series as they have it. Obsolete when it is no news any more."""
    series = series_of(facts["series"])
    clients = list(Client.objects.filter(pk__in=facts["clients"]))
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and (
        recipient_for(user, series, clients, is_cancelled=facts["kind"] != "booked") or _colleague(user, facts)
    )
    if user is None or recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    if facts["kind"] != "ended" and series_notifications.is_told(user, series, since=facts["sequence"]):
        raise outbox.Obsolete("the series was changed since, and a mail says so")
    return series, clients, recipient, series_file.SeriesEntry(series, series_file.appointments_of(series), recipient)


def series_of(pk: str) -> AppointmentSeries:
    found = AppointmentSeries.objects.select_related("practitioner__user").prefetch_related("clients", "resources")
    return found.get(pk=pk)


def dates_of(entry: series_file.SeriesEntry, facts: dict[str, Any], *, now: datetime) -> list[Appointment]:
    """The dates that the news is about: those that are off, or those of this person that are to come; for a colleague all, where none is theirs.

    Obsolete where there are none.
    """
    if facts["kind"] == "ended":
        found = [each for each in entry.appointments if str(each.pk) in facts["off"]]
    else:
        coming = [each for each in entry.appointments if each.is_booked and each.ends_at > now]
        theirs = [each for each in coming if entry.is_theirs(each)]
        found = theirs if theirs or entry.recipient.clients else coming
    if not found:
        raise outbox.Obsolete("nothing of it is to come")
    return sorted(found, key=_start)


def _colleague(user: User, facts: dict[str, Any]) -> AppointmentRecipient | None:
    """Whoever ran it before, or runs or ran single dates of it."""
    return AppointmentRecipient(user, ()) if facts.get("is_colleague") and user.is_active and user.staff else None


def _start(appointment: Appointment) -> datetime:
    return appointment.starts_at


def _concerned(appointment: Appointment, facts: dict[str, Any]) -> list[Client]:
    """The clients whom the news is about, if it still holds."""
    present = attending(appointment)
    if facts["kind"] == "removed":
        return [client for client in Client.objects.filter(pk__in=facts["gone"]) if client not in present]
    if facts["kind"] == "cancelled":
        found = Cancellation.objects.select_related("participant__client").filter(pk=facts["cancellation"]).first()
        if found is None:
            raise outbox.Obsolete("they have their place again")
        return found.clients
    if facts["kind"] != "handed_over":
        check_at_this_time(appointment, facts)
    return present


def _recipient(
    user: User, appointment: Appointment, clients: list[Client], *, kind: str
) -> AppointmentRecipient | None:
    """Who is told: for their clients, as whoever runs it, or as whoever ran it before."""
    if kind == "handed_over":
        runs_it_again = appointment.practitioner.user_id == user.pk
        return AppointmentRecipient(user, ()) if user.is_active and user.staff and not runs_it_again else None
    return recipient_for(user, appointment, clients, is_cancelled=kind in messages.OUT)
