"""Who is told what about an appointment: the notice behind the bell, the promise of a mail, and the facts in that mail.

Promises of news are made in the transaction of the act, one per person; `outbox_handlers` keeps them and looks again before sending. Reminders
are promised per appointment: who is reminded is found when it is time, so that a login that came later is among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications import notices, waiting
from core.notifications.channels import muted_by, texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Message, Topic
from core.people.models import Client, StaffMember, User
from core.scheduling import messages, outbox_names, reminder_messages
from core.scheduling.mail_contents import may_open, notice_values, page_of
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.recipients import AppointmentRecipient, Audience, audience_of, recipient_for
from core.scheduling.reminder_queries import minutes_to_plan, minutes_to_plan_of
from core.scheduling.rules import reminders
from core.scheduling.text_templates import TEXTS
from tenants.absolute_urls import path_of

MOST_NAMES = 6  # that one sentence lists


def booked(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Tell of a new appointment, and promise the reminders."""
    if appointment.starts_at <= now:  # because it is being recorded after the fact
        return
    _notify("booked", appointment, _audience(appointment, by=by), clients=_attending(appointment), by=by)
    promise_reminders(appointment, by=by, now=now)


def moved(
    appointment: Appointment,
    *,
    previous_start: datetime,
    previous_end: datetime,
    handed_over: bool = False,
    changes: Mapping[str, Any] | None = None,
    by: Any,
    now: datetime,
) -> None:
    """Tell of the new time, also of one that is running, and promise reminders of it. Those of the old one find at their time that it is void.

    `handed_over`: whoever runs it now did not before, and is told of a booking instead. `changes`: what else is new by the same act.
    """
    if max(appointment.ends_at, previous_end) <= now:
        return
    facts: dict[str, Any] = {"previous_start": previous_start.isoformat(), "previous_end": previous_end.isoformat()}
    if changes:
        facts["changes"] = dict(changes)
    clients = _attending(appointment)
    audience = audience_of(appointment, clients, by=by, with_practitioner=not handed_over)
    _notify("moved", appointment, audience, clients=clients, by=by, **facts)
    promise_reminders(appointment, by=by, now=now)


def cancelled(appointment: Appointment, cancellation: Cancellation, *, by: Any, now: datetime) -> None:
    """Tell those whose place is given up, and the practitioner: of a group that goes on, who is still in it."""
    clients, is_over = cancellation.clients, cancellation.participant is None
    audience = audience_of(appointment, clients, by=by, is_cancelled=True, with_practitioner=is_over)
    _notify("cancelled", appointment, audience, clients=clients, by=by, cancellation=str(cancellation.pk))
    if not is_over:
        attending = [str(client.pk) for client in _attending(appointment)]
        left = [str(client.pk) for client in clients]
        changes = {"clients": [[*attending, *left], attending]}
        _notify("changed", appointment, audience_of(appointment, [], by=by), clients=clients, by=by, changes=changes)


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit has changed: the facts as the audit keeps them, and who came and went by it."""

    changes: dict[str, Any] = field(default_factory=dict)
    former: StaffMember | None = None  # who ran it until now
    added: tuple[Client, ...] = ()
    removed: tuple[Client, ...] = ()
    is_told_with_move: bool = False  # those who stay read of it in the mail about the new time

    @property
    def is_news_for_all(self) -> bool:
        """Whether those who stay read anything new: they are not told who else comes and goes."""
        return not self.is_told_with_move and bool(self.changes.keys() - {"clients", "equipment"})


def edited(appointment: Appointment, change: Edited, *, by: Any, now: datetime) -> None:
    """Tell each person what the edit means for them: that they are in it, out of it, or what is new about it."""
    if not appointment.is_booked or appointment.ends_at <= now:
        return
    promise_reminders(appointment, by=by, now=now)  # whoever came by it may be reminded at other times
    for kind, clients, audience in _audiences_of_edit(appointment, change, by=by):
        _notify(kind, appointment, audience, clients=clients, by=by, **_facts_of_edit(kind, clients, change))


def _facts_of_edit(kind: str, clients: Sequence[Client], change: Edited) -> dict[str, Any]:
    if kind == "removed":
        return {"gone": [str(client.pk) for client in clients]}
    return {"changes": change.changes} if kind == "changed" else {}


def _audiences_of_edit(
    appointment: Appointment, change: Edited, *, by: Any
) -> list[tuple[str, list[Client], Audience]]:
    """Which news reach whom, with the clients whom they are about."""
    attending, former = _attending(appointment), change.former
    staying = [client for client in attending if client not in change.added] if change.is_news_for_all else []
    added, removed = list(change.added), list(change.removed)
    found = [
        ("booked", attending if former else added, audience_of(appointment, added, by=by, with_practitioner=bool(former))),
        ("removed", removed, audience_of(appointment, removed, by=by, is_cancelled=True, with_practitioner=False)),
        ("changed", staying or attending, audience_of(appointment, staying, by=by, with_practitioner=not former)),
    ]  # fmt: skip
    if former is not None and former.user_id != getattr(by, "pk", None) and former.user.is_active:
        found.append(("handed_over", attending, Audience((AppointmentRecipient(former.user, ()),))))
    return found


def joined(user: User, *, by: Any, now: datetime) -> None:
    """Tell a login that has only now come to it of every appointment to come that it has not been told of, and see to the reminders.

    Of those of a series it is told by `series_notifications`.
    """
    for appointment in appointments_to_come(user, now=now):
        promise_reminders(appointment, by=by, now=now)
        if appointment.series_id is None and not _is_told_of(user, appointment):
            clients = _attending(appointment)
            recipient = recipient_for(user, appointment, clients)
            if recipient is not None:
                _notify("booked", appointment, Audience((recipient,)), clients=clients, by=by)


def running_late(appointment: Appointment, places: Sequence[Participant], *, minutes: int) -> None:
    """Tell whoever runs it that these people will be late."""
    _tell_practitioner(reminder_messages.RUNNING_LATE_NOTICE, appointment, places, minutes=str(minutes))


def other_time_asked(appointment: Appointment, places: Sequence[Participant], *, wish: str) -> None:
    """Tell whoever runs it that these people would like another time."""
    _tell_practitioner(reminder_messages.TIME_ASKED_NOTICE, appointment, places, wish=wish)


def _tell_practitioner(
    message: Message, appointment: Appointment, places: Sequence[Participant], **values: str
) -> None:
    user = appointment.practitioner.user
    if not user.is_active:
        return
    with in_language_of(user) as language:
        known = notice_values(appointment, [place.client for place in places], zone=user.time_zone, language=language)
        notices.post(
            message,
            user_id=user.pk,
            path=page_of(appointment),
            happens_at=appointment.starts_at,
            about=appointment,
            **known,
            **values,
        )


def told_sentence(audience: Audience) -> str:
    """Who gets a mail, and who does not, and why, in the language in force."""
    muted = muted_by([recipient.user.pk for recipient in audience.told], Topic.APPOINTMENTS)
    told = [recipient.user.name for recipient in audience.told if recipient.user.pk not in muted]
    sentences = [
        translate("Told by mail: %(names)s.", names=_listed(told)) if told else translate("Nobody is told by mail.")
    ]
    if muted:
        behind = [recipient.user.name for recipient in audience.told if recipient.user.pk in muted]
        sentences.append(translate("Told in the app, as they wish: %(names)s.", names=_listed(behind)))
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


def told_of_cancellations(cancellations: Iterable[Cancellation], *, by: Any) -> str:
    """The sentence about who is told of what does not take place."""
    audiences = (audience_of(each.appointment, each.clients, by=by, is_cancelled=True) for each in cancellations)
    return told_sentence(sum(audiences, Audience()))


def told_of_edit(appointment: Appointment, change: Edited, *, by: Any, now: datetime) -> str:
    """The sentence about who is told of what was changed."""
    if not appointment.is_booked or appointment.ends_at <= now:
        return translate("Nobody is told, because it is over already.")
    return told_sentence(
        sum((audience for _, _, audience in _audiences_of_edit(appointment, change, by=by)), Audience())
    )


def change_message(kind: str, recipient: AppointmentRecipient) -> Message:
    """Which mail tells this person of it: a client's side and whoever runs it read it from their own view."""
    for_client, for_practitioner = messages.MAILS[kind]
    return for_client if recipient.clients else for_practitioner


def _audience(appointment: Appointment, *, by: Any) -> Audience:
    return audience_of(appointment, _attending(appointment), by=by)


def _attending(appointment: Appointment) -> list[Client]:
    return [participant.client for participant in appointment.attending]


def _notify(
    kind: str, appointment: Appointment, audience: Audience, *, clients: Sequence[Client], by: Any, **facts: Any
) -> None:
    texted = texted_among([each.user.pk for each in audience.told], Topic.APPOINTMENTS) if kind in TEXTS else set()
    for recipient in audience.told:
        user = recipient.user
        _post_notice(kind, appointment, recipient, clients, facts)
        key = change_key(kind, appointment, user, sequence=appointment.sequence)
        # Because what was dropped while nobody could be told is promised anew, under the same key.
        OutboxMessage.objects.filter(key__in=[key, f"{key}:text"], state=OutboxMessage.State.VOID).update(key=None)
        payload = {
            "kind": kind,
            "appointment": str(appointment.pk),
            "user": str(user.pk),
            "starts_at": appointment.starts_at.isoformat(),
            "ends_at": appointment.ends_at.isoformat(),
            **facts,
        }
        outbox.enqueue(outbox_names.SEND_CHANGE, key=key, by=by, about=appointment, **payload)
        if user.pk in texted:
            promise_text(outbox_names.TEXT_CHANGE, user, appointment, key=key, by=by, payload=payload)


def heard_by(appointment: Appointment, facts: Mapping[str, Any]) -> datetime:
    """By when news of it is to be known: of a move, before the earlier of both starts, as long as that is to come."""
    previous = facts.get("previous_start")
    starts = [appointment.starts_at, *([datetime.fromisoformat(previous)] if previous else [])]
    return min((each for each in starts if each > clock.now()), default=appointment.starts_at)


def promise_text(
    name: str, user: User, appointment: Appointment, *, key: str, by: Any, payload: Mapping[str, Any]
) -> None:
    """The same as a text message, for the end of the person's quiet hours where it can wait until then."""
    held = waiting.until(user.pk, happens_at=heard_by(appointment, payload), now=clock.now())
    due_at = held or outbox.AT_ONCE
    outbox.enqueue(name, key=f"{key}:text", due_at=due_at, by=by, about=appointment, **payload)


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


def appointments_to_come(user: User, *, now: datetime) -> "QuerySet[Appointment]":
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


def _is_stretched(appointment: Appointment, facts: Mapping[str, Any]) -> bool:
    """Whether a move left the start where it was."""
    previous = facts.get("previous_start")
    return previous is not None and datetime.fromisoformat(previous) == appointment.starts_at


def _post_notice(
    kind: str,
    appointment: Appointment,
    recipient: AppointmentRecipient,
    clients: Sequence[Client],
    facts: Mapping[str, Any],
) -> None:
    """The same behind the bell, in the person's own language and zone."""
    user, (for_client, for_practitioner) = recipient.user, messages.NOTICES[kind]
    with in_language_of(user) as language:
        notices.post(
            for_client if recipient.clients else for_practitioner,
            user_id=user.pk,
            path=page_of(appointment) if may_open(recipient, kind) else path_of("scheduling:calendar"),
            happens_at=appointment.starts_at,
            heard_by=heard_by(appointment, facts),
            about=None if kind in messages.OUT else appointment,
            concerns=appointment,
            same_start=translate("yes") if _is_stretched(appointment, facts) else "",
            **notice_values(appointment, recipient.clients or clients, zone=user.time_zone, language=language),
        )


def promise_reminders(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """One promise for each time before the start at which anybody may be reminded; who is, is decided then. What is promised already stays.

    Nobody is reminded where the mail about the booking or the move says it within that time.
    """
    promised = _promised_minutes(appointment)
    for promise in _reminders(appointment, minutes_to_plan(appointment), now=now):
        if promise.payload["minutes"] not in promised:
            outbox.enqueue(
                outbox_names.REMIND_PEOPLE,
                due_at=promise.due_at,
                key=promise.key,
                by=by,
                about=appointment,
                **promise.payload,
            )


def promise_reminders_of(appointments: Sequence[Appointment], *, by: Any, now: datetime) -> None:
    """The same for several that have just been made or moved, in few statements. One that is promised twice reminds once (`rules.reminders`)."""
    planned = minutes_to_plan_of(appointments)
    promises = [
        promise for appointment in appointments for promise in _reminders(appointment, planned[appointment.pk], now=now)
    ]
    outbox.enqueue_all(outbox_names.REMIND_PEOPLE, promises, by=by)


def _reminders(appointment: Appointment, planned: Iterable[int], *, now: datetime) -> list[outbox.Promise]:
    """One for each of these times before the start that is still to come."""
    found = []
    for minutes in planned:
        due_at = reminders.due_at(appointment.starts_at, now=now, lead=timedelta(minutes=minutes))
        if due_at is not None:
            key = reminders.key(appointment.pk, appointment.starts_at, sequence=appointment.sequence, minutes=minutes)
            starts_at = appointment.starts_at.isoformat()
            facts = {"appointment": str(appointment.pk), "starts_at": starts_at, "minutes": minutes}
            found.append(outbox.Promise(due_at, key, appointment, facts))
    return found


def _promised_minutes(appointment: Appointment) -> set[int]:
    """The times before this start for which a promise waits, whatever was changed since it was made."""
    start = reminders.key_of_start(appointment.pk, appointment.starts_at)
    waiting = OutboxMessage.objects.filter(key__startswith=start, state=OutboxMessage.State.WAITING)
    return {facts.get("minutes", reminders.DAY) for facts in waiting.values_list("payload", flat=True)}


def _reason_first(pair: tuple[str, Reason]) -> tuple[str, str]:
    return pair[1].code.value, pair[0]


def _listed(names: Sequence[str]) -> str:
    """The names, or the first of them and how many more there are."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= MOST_NAMES:
        return ", ".join(unique)
    rest = len(unique) - MOST_NAMES
    return f"{', '.join(unique[:MOST_NAMES])} {translate('and %(number)s more', number=rest)}"
