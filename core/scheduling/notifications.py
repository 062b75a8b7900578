"""Who is told what about an appointment: the notice behind the bell, the promise of a mail, and the facts in that mail.

Promises of news are made in the transaction of the act, one per person; `outbox_handlers` keeps them and looks again before sending. Reminders
are promised per appointment: who is reminded is found when it is time, so that a login that came later is among them.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Box, Content, Link, Message
from core.people.models import Client, User
from core.scheduling import messages, outbox_names
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.recipients import AppointmentRecipient, Audience, audience_of, recipient_for
from core.scheduling.rules import reminders
from core.scheduling.time_formats import FormattedTime, format_time_span
from tenants.absolute_urls import absolute_url, path_of

MOST_NAMES = 6  # that one sentence lists


def booked(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Tell of a new appointment, and promise the reminders."""
    if appointment.starts_at <= now:  # because it is being recorded after the fact
        return
    _notify("booked", appointment, _audience(appointment, by=by), clients=_attending(appointment), by=by)
    _promise_reminders(appointment, by=by, now=now)


def moved(
    appointment: Appointment, *, previous_start: datetime, previous_end: datetime, by: Any, now: datetime
) -> None:
    """Tell of the new time, also of one that is running, and promise reminders of it. Those of the old one find at their time that it is void."""
    if max(appointment.ends_at, previous_end) <= now:
        return
    previous = {"previous_start": previous_start.isoformat(), "previous_end": previous_end.isoformat()}
    _notify("moved", appointment, _audience(appointment, by=by), clients=_attending(appointment), by=by, **previous)
    _promise_reminders(appointment, by=by, now=now)


def cancelled(appointment: Appointment, cancellation: Cancellation, *, by: Any, now: datetime) -> None:
    """Tell those whose place is given up, and the practitioner."""
    audience = audience_of(appointment, cancellation.clients, by=by, is_cancelled=True)
    clients = cancellation.clients
    _notify("cancelled", appointment, audience, clients=clients, by=by, cancellation=str(cancellation.pk))


def joined(user: User, *, by: Any, now: datetime) -> None:
    """Tell a login that has only now come to it of every appointment to come that it has not been told of, and see to the reminders."""
    for appointment in _appointments_to_come(user, now=now):
        _promise_reminders(appointment, by=by, now=now)
        if not _is_told_of(user, appointment):
            clients = _attending(appointment)
            recipient = recipient_for(user, appointment, clients)
            if recipient is not None:
                _notify("booked", appointment, Audience((recipient,)), clients=clients, by=by)


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


def change_message(kind: str, recipient: AppointmentRecipient) -> Message:
    """Which mail tells this person of it: a client's side and whoever runs it read it from their own view."""
    for_client, for_practitioner = messages.MAILS[kind]
    return for_client if recipient.clients else for_practitioner


def change_content(
    appointment: Appointment, recipient: AppointmentRecipient, clients: Sequence[Client], facts: dict[str, Any]
) -> Content:
    """What a mail about a change says, in the language in force. `facts`: the payload of the promise."""
    named = list(recipient.clients or clients) if current_brand().names_in_mail else []
    names, first = ", ".join(client.name for client in named), recipient.format_time(appointment)
    previous = _previous_time(appointment, recipient, facts)
    url = absolute_url(_page(appointment)) if _may_open(recipient) else ""
    kind = facts["kind"]
    return Content(
        values={
            **_time_values(first),
            **_fact_values(appointment, names),
            "previous_day": previous.day if previous else "",
            "previous_hours": previous.hours if previous else "",
        },
        boxes=_boxes(appointment, recipient, names),
        button_url=url,
        links=_links(appointment, recipient) if url and kind != "cancelled" else (),
        notes=(translate(messages.CALENDAR_NOTES[kind]),),
        reason=_reason(recipient, names),
        preview=f"{first.day}, {first.hours}, {first.zone}",
    )


def reminder_content(participants: Sequence[Participant], user: User) -> Content:
    """What a reminder says, in the language in force: the agenda of one day, each place in its client's zone."""
    times = [
        format_time_span(place.starts_at, place.ends_at, zone=place.client.time_zone, language=user.reads)
        for place in participants
    ]
    first, is_named = times[0], current_brand().names_in_mail
    number = len({place.appointment_id for place in participants})
    online = {place.appointment for place in participants if place.appointment.mode == Appointment.Mode.ONLINE}
    return Content(
        values={
            **_time_values(first),
            "number": str(number),
            "several": translate("yes") if number > 1 else "",
        },
        boxes=[_agenda_box(place, time, is_named=is_named) for place, time in zip(participants, times, strict=True)],
        button_url=absolute_url(path_of("scheduling:list")),
        links=[_join_link(one) for one in online] if number == 1 else (),
        reason=translate(messages.NAMED_REASON if is_named else messages.LOGIN_REASON),
        preview=f"{first.day}, {first.hours}, {first.zone}",
    )


def _may_open(recipient: AppointmentRecipient) -> bool:
    """Whether the link would lead them anywhere: not those all of whose people are inactive."""
    return not recipient.clients or any(client.is_active for client in recipient.clients)


def _previous_time(
    appointment: Appointment, recipient: AppointmentRecipient, facts: dict[str, Any]
) -> FormattedTime | None:
    if not (starts_at := facts.get("previous_start")):
        return None
    start, end = datetime.fromisoformat(starts_at), facts.get("previous_end")  # no end in promises of earlier releases
    ends_at = datetime.fromisoformat(end) if end else start + appointment.duration
    return format_time_span(start, ends_at, zone=recipient.zone, language=recipient.user.reads)


def _time_values(time: FormattedTime) -> dict[str, str]:
    return {"day": time.day, "short_day": time.short_day, "start": time.start, "hours": time.hours, "zone": time.zone}


def _fact_values(appointment: Appointment, names: str) -> dict[str, str]:
    return {
        "service": appointment.service_name if current_brand().names_in_mail else "",
        "clients": names,
        "practitioner": str(appointment.practitioner),
        "mode": appointment.get_mode_display(),
        "place": appointment.location,
    }


def _where(appointment: Appointment) -> str:
    """Online, or in person and where."""
    is_online = appointment.mode == Appointment.Mode.ONLINE
    place = appointment.location or ("" if is_online else translate("Place to be agreed"))
    return f"{appointment.get_mode_display()}: {place}" if place else appointment.get_mode_display()


def _boxes(appointment: Appointment, recipient: AppointmentRecipient, names: str) -> list[Box]:
    """The time in each zone that counts for this person, with whom it counts for, and below the last the other facts."""
    times, is_named = recipient.times(appointment), current_brand().names_in_mail
    facts = [appointment.service_name] if is_named else []
    facts += [translate("For %(names)s", names=names)] if names else []
    facts += [translate("With %(name)s", name=appointment.practitioner)] if recipient.clients else []
    boxes = []
    for time in times:
        lines = [time["when"].hours, time["when"].zone]
        lines += [", ".join(time["names"])] if len(times) > 1 and time["names"] and is_named else []
        is_last = time is times[-1]
        boxes.append(
            Box(time["when"].day, [*lines, *(facts if is_last else ()), *([_where(appointment)] if is_last else ())])
        )
    return boxes


def _agenda_box(place: Participant, time: FormattedTime, *, is_named: bool) -> Box:
    """One line of the agenda."""
    appointment = place.appointment
    named = [appointment.service_name, translate("For %(names)s", names=place.client.name)] if is_named else []
    lines = [time.hours, time.zone, *named, translate("With %(name)s", name=appointment.practitioner)]
    return Box(time.day, [*lines, _where(appointment)], absolute_url(_page(appointment)))


def _join_link(appointment: Appointment) -> Link:
    return Link(translate(messages.JOIN_LINK), absolute_url(path_of("live:room", appointment.pk)), is_button=True)


def _links(appointment: Appointment, recipient: AppointmentRecipient) -> list[Link]:
    """The ways on besides the button. The calendar entry is the organization's own file, so that no other party learns of the appointment."""
    found = []
    if appointment.mode == Appointment.Mode.ONLINE:
        found.append(_join_link(appointment))
        if recipient.clients:
            found.append(Link(translate(messages.TEST_LINK), absolute_url(path_of("live:connection_test"))))
    entry = absolute_url(path_of("scheduling:calendar_file", appointment.pk))
    return [*found, Link(translate(messages.CALENDAR_LINK), entry)]


def _reason(recipient: AppointmentRecipient, names: str) -> str:
    """Why they get this mail."""
    if not recipient.clients:
        return translate(messages.ON_SCHEDULE_REASON)
    return translate(messages.LINKED_REASON, names=names) if names else translate(messages.LOGIN_REASON)


def _audience(appointment: Appointment, *, by: Any) -> Audience:
    return audience_of(appointment, _attending(appointment), by=by)


def _attending(appointment: Appointment) -> list[Client]:
    return [participant.client for participant in appointment.attending]


def _notify(
    kind: str, appointment: Appointment, audience: Audience, *, clients: Sequence[Client], by: Any, **facts: str
) -> None:
    for recipient in audience.told:
        user = recipient.user
        _post_notice(kind, appointment, recipient, clients, stretched=_is_stretched(appointment, facts))
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


def _post_notice(
    kind: str, appointment: Appointment, recipient: AppointmentRecipient, clients: Sequence[Client], *, stretched: bool
) -> None:
    """The same behind the bell, in the person's own language and zone."""
    user, (for_client, for_practitioner) = recipient.user, messages.NOTICES[kind]
    with in_language_of(user) as language:
        notices.post(
            for_client if recipient.clients else for_practitioner,
            user_id=user.pk,
            path=_page(appointment),
            same_start=translate("yes") if stretched else "",
            **notice_values(appointment, recipient.clients or clients, zone=user.time_zone, language=language),
        )


def notice_values(appointment: Appointment, clients: Sequence[Client], *, zone: str, language: str) -> dict[str, str]:
    """What a notice about an appointment can speak of. It stays behind the sign-in, and so names people."""
    return {
        **_time_values(format_time_span(appointment.starts_at, appointment.ends_at, zone=zone, language=language)),
        "service": appointment.service_name,
        "clients": ", ".join(client.name for client in clients),
        "practitioner": str(appointment.practitioner),
    }


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
