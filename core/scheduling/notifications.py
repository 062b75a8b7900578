"""Who is told what about an appointment: the notice behind the bell, the promise of a mail, and the facts in that mail.

Promises of news are made in the transaction of the act, one per person; `outbox_handlers` keeps them and looks again before sending. Reminders
are promised per appointment: who is reminded is found when it is time, so that a login that came later is among them.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branding.queries import current_brand, vocabulary
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.models import Client, User
from core.scheduling import outbox_names
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.recipients import AppointmentRecipient, Audience, audience_of, recipient_for
from core.scheduling.rules import reminders
from core.scheduling.time_formats import format_time_span
from tenants.absolute_urls import absolute_url, path_of

MOST_NAMES = 6  # that one sentence lists

# What happened → the kind of notice, and the mail.
KINDS = {"booked": "appointment_booked", "moved": "appointment_moved", "cancelled": "appointment_cancelled"}
MAILS = {
    "booked": "emails/appointment_booked.mjml",
    "moved": "emails/appointment_moved.mjml",
    "cancelled": "emails/appointment_cancelled.mjml",
}


def booked(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Tell of a new appointment, and promise the reminders."""
    if appointment.starts_at <= now:  # because it is being recorded after the fact
        return
    _notify("booked", appointment, _audience(appointment, by=by), by=by)
    _promise_reminders(appointment, by=by, now=now)


def moved(
    appointment: Appointment, *, previous_start: datetime, previous_end: datetime, by: Any, now: datetime
) -> None:
    """Tell of the new time, also of one that is running, and promise reminders of it. Those of the old one find at their time that it is void."""
    if max(appointment.ends_at, previous_end) <= now:
        return
    previous = {"previous_start": previous_start.isoformat(), "previous_end": previous_end.isoformat()}
    _notify("moved", appointment, _audience(appointment, by=by), by=by, **previous)
    _promise_reminders(appointment, by=by, now=now)


def cancelled(appointment: Appointment, cancellation: Cancellation, *, by: Any, now: datetime) -> None:
    """Tell those whose place is given up, and the practitioner."""
    audience = audience_of(appointment, cancellation.clients, by=by, is_cancelled=True)
    _notify("cancelled", appointment, audience, by=by, cancellation=str(cancellation.pk))


def joined(user: User, *, by: Any, now: datetime) -> None:
    """Tell a login that has only now come to it of every appointment to come that it has not been told of, and see to the reminders."""
    for appointment in _appointments_to_come(user, now=now):
        _promise_reminders(appointment, by=by, now=now)
        if not _is_told_of(user, appointment):
            clients = [participant.client for participant in appointment.attending]
            recipient = recipient_for(user, appointment, clients)
            if recipient is not None:
                _notify("booked", appointment, Audience((recipient,)), by=by)


def told_sentence(audience: Audience) -> str:
    """Who gets a mail, and who does not, and why, in the language in force."""
    told = [recipient.user.name for recipient in audience.told]
    sentences = [
        translate("Told by mail: %(names)s.", names=_listed(told)) if told else translate("Nobody is told by mail.")
    ]
    for reason, people in groupby(sorted(audience.untold, key=_reason_first), key=lambda pair: pair[1].code):
        whole = list(people)
        names = _listed([name for name, _ in whole])
        why = whole[0][1].sentence() if reason else ""
        sentences.append(translate("Not told: %(names)s (%(why)s).", names=names, why=why))
    return " ".join(sentences)


def told_of_booking(appointment: Appointment, *, by: Any, now: datetime) -> str:
    """The sentence about who is told that it was booked."""
    if appointment.starts_at <= now:
        return translate("Nobody is told, because it has begun already.")
    return told_sentence(_audience(appointment, by=by))


def told_of_move(appointment: Appointment, *, by: Any, now: datetime) -> str:
    """The sentence about who is told of another time."""
    if appointment.ends_at <= now:
        return translate("Nobody is told, because it is over already.")
    return told_sentence(_audience(appointment, by=by))


def told_of_cancellation(appointment: Appointment, cancellation: Cancellation, *, by: Any) -> str:
    """The sentence about who is told that it does not take place."""
    return told_sentence(audience_of(appointment, cancellation.clients, by=by, is_cancelled=True))


def change_mail_context(
    appointment: Appointment, recipient: AppointmentRecipient, clients: Sequence[Client], facts: dict[str, Any]
) -> dict[str, Any]:
    """What the mails `appointment_booked`, `_moved` and `_cancelled` say. `facts`: the payload of the promise."""
    previous = None
    if starts_at := facts.get("previous_start"):
        start = datetime.fromisoformat(starts_at)
        end = facts.get("previous_end")  # not in promises of earlier releases
        previous = format_time_span(
            start,
            datetime.fromisoformat(end) if end else start + appointment.duration,
            zone=recipient.zone,
            language=recipient.user.reads,
        )
    is_online = appointment.mode == Appointment.Mode.ONLINE
    return {
        "appointment": appointment,
        "times": recipient.times(appointment),
        "first": recipient.format_time(appointment),
        "previous": previous,
        "names": [client.name for client in recipient.clients or clients] if current_brand().names_in_mail else [],
        "for_practitioner": not recipient.clients,
        "url": absolute_url(_page(appointment)) if _may_open(recipient) else "",
        "check_url": absolute_url(path_of("live:connection_test")) if is_online else "",
    }


def _may_open(recipient: AppointmentRecipient) -> bool:
    """Whether the link would lead them anywhere: not those all of whose people are inactive."""
    return not recipient.clients or any(client.is_active for client in recipient.clients)


def reminder_mail_context(participants: Sequence[Participant], user: User) -> dict[str, Any]:
    """What the mail `appointment_reminder` says: the agenda of one day, each place in its client's zone."""
    rows = [
        {
            "appointment": participant.appointment,
            "client": participant.client,
            "when": format_time_span(
                participant.starts_at, participant.ends_at, zone=participant.client.time_zone, language=user.reads
            ),
            "url": absolute_url(_page(participant.appointment)),
        }
        for participant in participants
    ]
    return {"rows": rows, "first": rows[0], "url": absolute_url(path_of("scheduling:list"))}


def _audience(appointment: Appointment, *, by: Any) -> Audience:
    return audience_of(appointment, [participant.client for participant in appointment.attending], by=by)


def _notify(kind: str, appointment: Appointment, audience: Audience, *, by: Any, **facts: str) -> None:
    for recipient in audience.told:
        user = recipient.user
        _post_notice(kind, appointment, user, stretched=_is_stretched(appointment, facts))
        key = change_key(kind, appointment, user, sequence=appointment.sequence)
        # Because what was dropped while nobody could be told is promised anew, under the same key.
        OutboxMessage.objects.filter(key=key, state=OutboxMessage.State.VOID).update(key=None)
        outbox.enqueue(
            outbox_names.SEND_CHANGE,
            key=key,
            by=by,
            about=appointment,
            kind=kind,
            appointment=str(appointment.pk),
            user=str(user.pk),
            starts_at=appointment.starts_at.isoformat(),
            ends_at=appointment.ends_at.isoformat(),
            **facts,
        )


def change_key(kind: str, appointment: Appointment, user: User, *, sequence: int) -> str:
    """One promise per person and change of the appointment."""
    return f"tell:{kind}:{appointment.pk}:{sequence}:{user.pk}"


def _is_told_of(user: User, appointment: Appointment) -> bool:
    """Whether the person was, or is about to be, told of the appointment at its present time."""
    keys = [
        change_key(kind, appointment, user, sequence=sequence)
        for kind in ("booked", "moved")
        for sequence in range(appointment.sequence + 1)
    ]
    made = OutboxMessage.objects.filter(key__in=keys).exclude(state=OutboxMessage.State.VOID)
    return any(
        datetime.fromisoformat(message.payload["starts_at"]) == appointment.starts_at
        for message in made.only("payload")
    )


def _appointments_to_come(user: User, *, now: datetime) -> "QuerySet[Appointment]":
    """Of their clients, and on their own schedule where somebody else has put them there."""
    places = Participant.objects.filter(client__in=clients_with_news_for(user).order_by(), is_attending=True)
    by_others = Q(practitioner__user=user) & ~Q(booked_by=user)
    return (
        Appointment.objects.filter(Q(pk__in=places.values("appointment")) | by_others)
        .filter(status=Appointment.Status.BOOKED, starts_at__gt=now)
        .select_related("practitioner__user")
        .prefetch_related("participants__client")
        .order_by("starts_at")
    )


def _is_stretched(appointment: Appointment, facts: dict[str, str]) -> bool:
    """Whether a move left the start where it was."""
    previous = facts.get("previous_start")
    return previous is not None and datetime.fromisoformat(previous) == appointment.starts_at


def _post_notice(kind: str, appointment: Appointment, user: User, *, stretched: bool) -> None:
    """The same behind the bell, in the person's own language and zone."""
    with in_language_of(user) as language:
        noun = vocabulary(language).get("appointment")
        titles = {
            "booked": _("New %(noun)s: %(day)s, %(start)s"),
            "moved": _("Your %(noun)s was moved to %(day)s, %(start)s"),
            "cancelled": _("Your %(noun)s on %(day)s, %(start)s was cancelled"),
        }
        span = format_time_span(appointment.starts_at, appointment.ends_at, zone=user.time_zone, language=language)
        title = titles[kind] % {"noun": noun, "day": span.short_day, "start": span.start}
        if stretched:
            title = _("Your %(noun)s on %(day)s now takes from %(hours)s") % {
                "noun": noun, "day": span.short_day, "hours": span.hours,
            }  # fmt: skip
        body = f"{appointment.service_name}. {span.zone}"
    notices.post(user_id=user.pk, kind=KINDS[kind], title=title, body=body, path=_page(appointment))


def _promise_reminders(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Who is reminded is decided when it is time. Nobody is, where the mail about the booking or the move says it within the same day."""
    due_at = reminders.due_at(appointment.starts_at, now=now)
    if due_at is None:
        return
    outbox.enqueue(
        outbox_names.REMIND_PEOPLE,
        due_at=due_at,
        key=reminders.key(appointment.pk, appointment.starts_at, sequence=appointment.sequence),
        by=by,
        about=appointment,
        appointment=str(appointment.pk),
        starts_at=appointment.starts_at.isoformat(),
    )


def _reason_first(pair: tuple[str, Reason]) -> tuple[str, str]:
    return pair[1].code.value, pair[0]


def _listed(names: Sequence[str]) -> str:
    """The names, or the first of them and how many more there are."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= MOST_NAMES:
        return ", ".join(unique)
    rest = len(unique) - MOST_NAMES
    return f"{', '.join(unique[:MOST_NAMES])} {translate('and %(number)s more', number=rest)}"


def _page(appointment: Appointment) -> str:
    return path_of("scheduling:appointment", appointment.pk)
