"""Who is told about a series: each person once, however many dates it has, by a notice and the promise of one mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.models import Client, User
from core.scheduling import outbox_names, series_messages
from core.scheduling.models import Appointment, AppointmentSeries, Participant
from core.scheduling.notifications import appointments_to_come, told_sentence
from core.scheduling.recipients import AppointmentRecipient, Audience, audience_of, recipient_for
from core.scheduling.series_contents import notice_values, page_of
from core.scheduling.series_file import appointments_of


def booked(series: AppointmentSeries, *, by: Any, now: datetime) -> None:
    """Tell of all its dates."""
    _notify("booked", series, _coming(series, now=now), list(series.clients.all()), by=by)


def changed(
    series: AppointmentSeries,
    *,
    clients: Sequence[Client],
    also: AppointmentSeries | None = None,
    changes: dict[str, Any] | None = None,
    former: User | None = None,
    by: Any,
    now: datetime,
) -> None:
    """Tell of what is otherwise from now on. `also`: the series that it continues, whose end is told in the same mail; `former`: who ran it."""
    facts = {"changes": changes or {}, "also": str(also.pk) if also else ""}
    _notify("changed", series, _coming(series, now=now), clients, by=by, former=former, **facts)


def ended(series: AppointmentSeries, off: Sequence[Appointment], *, clients: Sequence[Client], by: Any) -> None:
    """Tell which dates do not take place any more."""
    off = sorted(off, key=lambda each: each.starts_at)
    _notify("ended", series, off, clients, by=by, off=[str(each.pk) for each in off])


def left_out(series: AppointmentSeries, dates: Iterable[Any], *, now: datetime) -> None:
    """Tell that dates to be made were not free."""
    if shown := _coming(series, now=now):
        _notify("changed", series, shown, list(series.clients.all()), by=None)


def stopped(series: AppointmentSeries, *, now: datetime) -> None:
    """Tell whoever booked it that no more dates are made."""
    user, last = series.booked_by, series.occurrences.order_by("-starts_at").first()
    if user is not None and user.is_active and last is not None:
        _post("stopped", series, [last], AppointmentRecipient(user, ()), list(series.clients.all()))


def told_of_series(series: AppointmentSeries, clients: Sequence[Client], *, by: Any) -> str:
    """The sentence about who is told."""
    return told_sentence(audience_of(series, clients, by=by, is_cancelled=True))


def joined(user: User, *, by: Any, now: datetime) -> None:
    """Tell a login that has only now come to it of every series to come that it has not been told of."""
    keys = {each.series_id for each in appointments_to_come(user, now=now) if each.series_id}
    found = AppointmentSeries.objects.filter(pk__in=keys).select_related("practitioner__user")
    for series in found.prefetch_related("clients", "resources"):
        shown = _coming(series, now=now)
        clients = clients_of(shown)
        recipient = recipient_for(user, series, clients)
        if shown and recipient is not None and not _is_told(user, series):
            _tell("booked", series, shown, recipient, clients, by=by)


def _is_told(user: User, series: AppointmentSeries) -> bool:
    """Whether the person was, or is about to be, told of the series as it is."""
    keys = [
        _key(kind, series, user, sequence=sequence)
        for kind in ("booked", "changed")
        for sequence in range(series.sequence + 1)
    ]
    made = OutboxMessage.objects.filter(key__in=keys).exclude(state=OutboxMessage.State.VOID)
    return made.exists()


def _key(kind: str, series: AppointmentSeries, user: User, *, sequence: int) -> str:
    """One promise per person and change of the series."""
    return f"tell_series:{kind}:{series.pk}:{sequence}:{user.pk}"


def clients_of(appointments: Sequence[Appointment]) -> list[Client]:
    """Everybody who has a place in one of them."""
    places = Participant.objects.filter(appointment__in=appointments, is_attending=True).order_by()
    return list(Client.objects.filter(pk__in=places.values("client")))


def _coming(series: AppointmentSeries, *, now: datetime) -> list[Appointment]:
    found = [each for each in appointments_of(series) if each.is_booked and each.ends_at > now]
    return sorted(found, key=lambda each: each.starts_at)


def _notify(
    kind: str,
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    clients: Sequence[Client],
    *,
    by: Any,
    former: User | None = None,
    **facts: Any,
) -> None:
    if not shown:
        return
    audience = audience_of(series, clients, by=by, is_cancelled=kind != "booked")
    if former is not None and former.is_active and former.pk != getattr(by, "pk", None):
        audience += Audience((AppointmentRecipient(former, ()),))
    for recipient in audience.told:
        _tell(kind, series, shown, recipient, clients, by=by, **facts)


def _tell(
    kind: str,
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    recipient: AppointmentRecipient,
    clients: Sequence[Client],
    *,
    by: Any,
    **facts: Any,
) -> None:
    _post(kind, series, shown, recipient, clients)
    key = _key(kind, series, recipient.user, sequence=series.sequence)
    # Because what was dropped while nobody could be told is promised anew, under the same key.
    OutboxMessage.objects.filter(key=key, state=OutboxMessage.State.VOID).update(key=None)
    outbox.enqueue(
        outbox_names.SEND_SERIES,
        key=key,
        by=by,
        about=shown[0],
        kind=kind,
        series=str(series.pk),
        appointment=str(shown[0].pk),
        user=str(recipient.user.pk),
        sequence=series.sequence,
        clients=[str(client.pk) for client in clients],
        **facts,
    )


def _post(
    kind: str,
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    recipient: AppointmentRecipient,
    clients: Sequence[Client],
) -> None:
    user = recipient.user
    with in_language_of(user) as language:
        notices.post(
            series_messages.NOTICES[kind],
            user_id=user.pk,
            path=page_of(series),
            **notice_values(series, shown, recipient.clients or clients, zone=user.time_zone, language=language),
        )
