"""Who is told about a series: each person once, however many dates it has, by a notice and the promise of one mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.notifications import notices
from core.notifications.channels import texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Topic
from core.people.models import Client, StaffMember, User
from core.scheduling import outbox_names, series_messages
from core.scheduling.models import Appointment, AppointmentSeries, Participant
from core.scheduling.notifications import Edited, appointments_to_come, heard_by, promise_text, told_sentence
from core.scheduling.recipients import AppointmentRecipient, audience_of, recipient_for
from core.scheduling.series_contents import notice_values, page_of
from core.scheduling.series_file import appointments_of


def booked(series: AppointmentSeries, *, by: Any, now: datetime) -> None:
    """Tell of all its dates."""
    _notify("booked", series, _coming(series, now=now), list(series.clients.all()), by=by)


def changed(
    series: AppointmentSeries,
    *,
    clients: Sequence[Client],
    rows: Sequence[Appointment] = (),
    also: AppointmentSeries | None = None,
    changes: dict[str, Any] | None = None,
    former: User | None = None,
    previous_start: datetime | None = None,
    by: Any,
    now: datetime,
) -> None:
    """Tell of what is otherwise from now on. `rows`: what was changed, some of it perhaps run by others; `also`: the series that it continues, whose
    end is told in the same mail; `former`: who ran it; `previous_start`: when the first that has moved would have begun."""
    facts: dict[str, Any] = {"changes": changes or {}, "also": str(also.pk) if also else ""}
    if previous_start is not None:
        facts["previous_start"] = previous_start.isoformat()
    others = [*([former] if former else []), *_other_practitioners(series, rows)]
    _notify("changed", series, _coming(series, now=now), clients, by=by, others=others, **facts)


def ended(series: AppointmentSeries, off: Sequence[Appointment], *, clients: Sequence[Client], by: Any) -> None:
    """Tell each person which of their dates do not take place any more. `off`: as they were before, with their people."""
    off = sorted(off, key=_start)
    _notify("ended", series, off, clients, by=by, others=_other_practitioners(series, off))


def taken_out(
    series: AppointmentSeries,
    edits: Sequence[tuple[Appointment, Edited]],
    *,
    told: StaffMember,
    also: AppointmentSeries | None,
    by: Any,
) -> None:
    """Tell whoever was taken out of dates of those alone: clients, and colleagues who had single ones. `edits`: each date as it was, and what
    became of it; `told`: who ran the series, who is told otherwise."""
    facts = {"also": str(also.pk) if also else ""}
    lost = sorted((row for row, edit in edits if edit.removed), key=_start)
    gone = list({client.pk: client for _, edit in edits for client in edit.removed}.values())
    _notify("ended", series, lost, gone, by=by, with_practitioner=False, **facts)
    taken = sorted((row for row, edit in edits if edit.former and edit.former.pk != told.pk), key=_start)
    users = list({row.practitioner.user_id: row.practitioner.user for row in taken}.values())
    _notify("ended", series, taken, [], by=by, with_practitioner=False, others=users, **facts)


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
        if shown and recipient is not None and not is_told(user, series):
            _tell("booked", series, shown, recipient, clients, by=by)


def is_told(user: User, series: AppointmentSeries, *, since: int = -1) -> bool:
    """Whether the person was, or is about to be, told of the series as it is, or as it was after the change that has the number `since`."""
    keys = [
        _key(kind, series, user, sequence=sequence)
        for kind in ("booked", "changed")
        for sequence in range(since + 1, series.sequence + 1)
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
    return sorted(found, key=_start)


def _other_practitioners(series: AppointmentSeries, rows: Sequence[Appointment]) -> list[User]:
    """Those who run single ones of these dates, which were handed to them."""
    users = {each.practitioner.user_id: each.practitioner.user for each in rows}
    return [user for key, user in users.items() if key != series.practitioner.user_id]


def _theirs(shown: Sequence[Appointment], recipient: AppointmentRecipient) -> list[Appointment]:
    """Those of the dates that are this person's. On a client's side no others are ever told; a colleague is told of all where none is their own."""
    if recipient.clients:
        keys = {client.pk for client in recipient.clients}
        return [each for each in shown if any(place.client_id in keys for place in each.attending)]
    return [each for each in shown if each.practitioner.user_id == recipient.user.pk] or list(shown)


def _start(appointment: Appointment) -> datetime:
    return appointment.starts_at


def _notify(
    kind: str,
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    clients: Sequence[Client],
    *,
    by: Any,
    others: Sequence[User] = (),
    with_practitioner: bool = True,
    **facts: Any,
) -> None:
    """`others`: colleagues besides the practitioner of the series."""
    if not shown:
        return
    audience = audience_of(series, clients, by=by, is_cancelled=kind != "booked", with_practitioner=with_practitioner)
    known = {getattr(by, "pk", None), *(recipient.user.pk for recipient in audience.told)}
    colleagues = [AppointmentRecipient(each, ()) for each in others if each.is_active and each.pk not in known]
    for recipient in audience.told:
        _tell(kind, series, shown, recipient, clients, by=by, **facts)
    for recipient in colleagues:
        _tell(kind, series, shown, recipient, clients, by=by, is_colleague=True, **facts)


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
    shown = _theirs(shown, recipient)
    if not shown:
        return
    if kind == "ended":
        facts["off"] = [str(each.pk) for each in shown]
    _post(kind, series, shown, recipient, clients, earlier=heard_by(shown[0], facts))
    key = _key(kind, series, recipient.user, sequence=series.sequence)
    # Because what was dropped while nobody could be told is promised anew, under the same key.
    OutboxMessage.objects.filter(key__in=[key, f"{key}:text"], state=OutboxMessage.State.VOID).update(key=None)
    payload = {
        "kind": kind,
        "series": str(series.pk),
        "appointment": str(shown[0].pk),
        "user": str(recipient.user.pk),
        "sequence": series.sequence,
        "clients": [str(client.pk) for client in clients],
        **facts,
    }
    outbox.enqueue(outbox_names.SEND_SERIES, key=key, by=by, about=shown[0], **payload)
    if texted_among([recipient.user.pk], Topic.APPOINTMENTS):
        promise_text(outbox_names.TEXT_SERIES, recipient.user, shown[0], key=key, by=by, payload=payload)


def _post(
    kind: str,
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    recipient: AppointmentRecipient,
    clients: Sequence[Client],
    *,
    earlier: datetime | None = None,
) -> None:
    user = recipient.user
    with in_language_of(user) as language:
        notices.post(
            series_messages.NOTICES[kind],
            user_id=user.pk,
            path=page_of(series),
            happens_at=shown[0].starts_at,
            heard_by=earlier,
            concerns=series,
            **notice_values(series, shown, recipient.clients or clients, zone=user.time_zone, language=language),
        )
