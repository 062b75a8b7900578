"""What mails and notices about appointments say: the values of their variables, and what stands in them whatever the words are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from branding.queries import current_brand
from core.kernel import clock
from core.kernel.translation import labelled, translate
from core.notifications.messages import Box, Content, Link
from core.people.models import Client, User
from core.scheduling import messages
from core.scheduling.appointment_links import link_to
from core.scheduling.changes import FOR_CLIENTS, LABELS, described, names_in
from core.scheduling.models import Appointment, Participant
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.time_formats import FormattedTime, format_time_span
from tenants.absolute_urls import absolute_url, path_of


def change_content(
    appointment: Appointment,
    recipient: AppointmentRecipient,
    clients: Sequence[Client],
    facts: dict[str, Any],
    *,
    stays: bool = False,
) -> Content:
    """What a mail about a change says, in the language in force. `facts`: the payload of the promise.

    `stays`: others of theirs are still in it, and so it stays in their calendar.
    """
    named = list(recipient.clients or clients) if current_brand().names_in_mail else []
    names, first = ", ".join(client.name for client in named), recipient.format_time(appointment)
    previous = _previous_time(appointment, recipient, facts)
    kind = facts["kind"]
    url = absolute_url(page_of(appointment)) if may_open(recipient, kind) else ""
    in_calendar = messages.CALENDAR_NOTES["changed" if stays else kind]
    return Content(
        values={
            **time_values(first),
            **fact_values(appointment, names),
            "previous_day": previous.day if previous else "",
            "previous_hours": previous.hours if previous else "",
        },
        boxes=[*_boxes(appointment, recipient, names), *_change_boxes(recipient, facts)],
        button_url=url,
        links=_links(appointment, recipient) if url and kind not in messages.OUT else (),
        notes=(translate(in_calendar),),
        reason=reason_of(recipient, names),
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
            **time_values(first),
            "number": str(number),
            "several": translate("yes") if number > 1 else "",
        },
        boxes=[_agenda_box(place, time, is_named=is_named) for place, time in zip(participants, times, strict=True)],
        button_url=absolute_url(path_of("scheduling:list")),
        links=[
            *([_join_link(one) for one in online] if number == 1 else ()),
            *_answer_links(participants, times, user),
        ],
        reason=translate(messages.NAMED_REASON if is_named else messages.LOGIN_REASON),
        preview=f"{first.day}, {first.hours}, {first.zone}",
    )


def schedule_content(appointments: Sequence[Appointment], user: User) -> Content:
    """What a reminder says to whoever runs these appointments, in the language in force and their own zone, with the way in to each (LIV-31)."""
    several = len(appointments) > 1
    times = [
        format_time_span(each.starts_at, each.ends_at, zone=user.time_zone, language=user.reads)
        for each in appointments
    ]
    first, both = times[0], list(zip(appointments, times, strict=True))
    return Content(
        values={
            **time_values(first),
            "number": str(len(appointments)),
            "several": translate("yes") if several else "",
        },
        boxes=[_schedule_box(appointment, time) for appointment, time in both],
        button_url=absolute_url(path_of("scheduling:calendar")),
        links=[
            _join_link(appointment, at=time.start if several else "")
            for appointment, time in both
            if appointment.mode == Appointment.Mode.ONLINE
        ],
        reason=translate(messages.ON_SCHEDULE_REASON),
        preview=f"{first.day}, {first.hours}, {first.zone}",
    )


def reminder_values(places: Sequence[Participant], user: User, *, is_of_clients: bool) -> dict[str, str]:
    """What a reminder in the app can speak of, in the language in force: each place in its client's zone, one's schedule in one's own."""
    first = places[0]
    zone = first.client.time_zone if is_of_clients else user.time_zone
    number = len({place.appointment_id for place in places})
    return {
        **time_values(format_time_span(first.starts_at, first.ends_at, zone=zone, language=user.reads)),
        "number": str(number),
        "several": translate("yes") if number > 1 else "",
        "service": first.appointment.what,
    }


def text_link(appointment: Appointment, recipient: AppointmentRecipient, kind: str = "", *, now: datetime) -> str:
    """Where a text message leads: a client's side answers there without signing in, whoever runs it sees the page."""
    if not may_open(recipient, kind):
        return absolute_url(path_of("scheduling:calendar"))
    if recipient.clients:
        return link_to(appointment, user=recipient.user, now=now)
    return absolute_url(page_of(appointment))


def text_content(appointment: Appointment, recipient: AppointmentRecipient, kind: str, *, now: datetime) -> Content:
    """What a text message about a change says."""
    values = time_values(recipient.format_time(appointment))
    return Content(values={**values, "link": text_link(appointment, recipient, kind, now=now)})


def notice_values(appointment: Appointment, clients: Sequence[Client], *, zone: str, language: str) -> dict[str, str]:
    """What a notice about an appointment can speak of. It stays behind the sign-in, and so names people."""
    return {
        **time_values(format_time_span(appointment.starts_at, appointment.ends_at, zone=zone, language=language)),
        "service": appointment.what,
        "clients": ", ".join(client.name for client in clients) or appointment.what,  # nobody has joined yet
        "practitioner": str(appointment.practitioner),
    }


def may_open(recipient: AppointmentRecipient, kind: str) -> bool:
    """Whether the link would lead them anywhere: not who ran it before, nor those all of whose people are inactive."""
    if not recipient.clients:
        return kind != "handed_over"
    return any(client.is_active for client in recipient.clients)


def _change_boxes(recipient: AppointmentRecipient, facts: dict[str, Any]) -> list[Box]:
    """What was changed, as far as this person reads of it in mail."""
    if facts["kind"] not in ("changed", "moved"):
        return []
    changes, only = facts.get("changes") or {}, FOR_CLIENTS if recipient.clients else frozenset(LABELS)
    if not current_brand().names_in_mail:
        only -= {"service", "clients"}
    lines = [str(change) for change in described(changes, names_in([changes]), only=only)]
    return [Box(translate(messages.CHANGES_NOTE), lines)] if lines else []


def _previous_time(
    appointment: Appointment, recipient: AppointmentRecipient, facts: dict[str, Any]
) -> FormattedTime | None:
    if not (starts_at := facts.get("previous_start")):
        return None
    start, end = datetime.fromisoformat(starts_at), facts.get("previous_end")  # no end in promises of earlier releases
    ends_at = datetime.fromisoformat(end) if end else start + appointment.duration
    return format_time_span(start, ends_at, zone=recipient.zone, language=recipient.user.reads)


def time_values(time: FormattedTime) -> dict[str, str]:
    return {"day": time.day, "short_day": time.short_day, "start": time.start, "hours": time.hours, "zone": time.zone}


def fact_values(appointment: Appointment, names: str) -> dict[str, str]:
    return {
        "service": appointment.what if current_brand().names_in_mail else "",
        "clients": names,
        "practitioner": str(appointment.practitioner),
        "mode": appointment.get_mode_display(),
        "place": appointment.place,
    }


def where_of(appointment: Appointment) -> str:
    """Online, or in person and where."""
    is_online = appointment.mode == Appointment.Mode.ONLINE
    place = appointment.place or ("" if is_online else translate("Place to be agreed"))
    return labelled(appointment.get_mode_display(), place) if place else appointment.get_mode_display()


def _boxes(appointment: Appointment, recipient: AppointmentRecipient, names: str) -> list[Box]:
    """The time in each zone that counts for this person, with whom it counts for, and below the last the other facts."""
    times, is_named = recipient.times(appointment), current_brand().names_in_mail
    facts = [appointment.what] if is_named else []
    facts += [translate("For %(names)s", names=names)] if names else []
    facts += [translate("With %(name)s", name=appointment.practitioner)] if recipient.clients else []
    boxes = []
    for time in times:
        lines = [time["when"].hours, time["when"].zone]
        lines += [", ".join(time["names"])] if len(times) > 1 and time["names"] and is_named else []
        is_last = time is times[-1]
        boxes.append(
            Box(time["when"].day, [*lines, *(facts if is_last else ()), *([where_of(appointment)] if is_last else ())])
        )
    return boxes


def _agenda_box(place: Participant, time: FormattedTime, *, is_named: bool) -> Box:
    """One line of the agenda."""
    appointment = place.appointment
    named = [appointment.what, translate("For %(names)s", names=place.client.name)] if is_named else []
    lines = [time.hours, time.zone, *named, translate("With %(name)s", name=appointment.practitioner)]
    return Box(time.day, [*lines, where_of(appointment)], absolute_url(page_of(appointment)))


def _schedule_box(appointment: Appointment, time: FormattedTime) -> Box:
    """One line of the practitioner's own agenda."""
    names = ", ".join(place.client.name for place in appointment.attending)
    whom = translate("For %(names)s", names=names) if names else translate("Nobody yet")
    named = [appointment.what, whom] if current_brand().names_in_mail else []
    return Box(time.day, [time.hours, time.zone, *named, where_of(appointment)], absolute_url(page_of(appointment)))


def _join_link(appointment: Appointment, *, at: str = "") -> Link:
    """The way in, as a button; of one of several, with its time and in words."""
    label = translate(messages.JOIN_LINK)
    return Link(f"{at}: {label}" if at else label, absolute_url(path_of("live:room", appointment.pk)), is_button=not at)


def _answer_links(places: Sequence[Participant], times: Sequence[FormattedTime], user: User) -> list[Link]:
    """One link for each appointment of the agenda, by which it is answered without signing in."""
    first = {
        place.appointment_id: (place.appointment, time)
        for place, time in reversed(list(zip(places, times, strict=True)))
    }
    several, found = len(first) > 1, []
    for appointment, time in sorted(first.values(), key=lambda pair: pair[0].starts_at):
        label = translate(messages.ANSWER_LINK)
        found.append(
            Link(
                f"{time.start}: {label}" if several else label,
                link_to(appointment, user=user, now=clock.now()),
                is_button=not several,
            )
        )
    return found


def _links(appointment: Appointment, recipient: AppointmentRecipient) -> list[Link]:
    """The ways on besides the button. The calendar entry is the organization's own file, so that no other party learns of the appointment."""
    found = []
    if appointment.mode == Appointment.Mode.ONLINE:
        found.append(_join_link(appointment))
        if recipient.clients:
            found.append(Link(translate(messages.TEST_LINK), absolute_url(path_of("live:connection_test"))))
    if recipient.clients and appointment.starts_at > clock.now():
        answer = link_to(appointment, user=recipient.user, now=clock.now())
        found.append(Link(translate(messages.ANSWER_LINK), answer))
    entry = absolute_url(path_of("scheduling:calendar_file", appointment.pk))
    return [*found, Link(translate(messages.CALENDAR_LINK), entry)]


def reason_of(recipient: AppointmentRecipient, names: str) -> str:
    """Why they get this mail."""
    if not recipient.clients:
        return translate(messages.ON_SCHEDULE_REASON)
    return translate(messages.LINKED_REASON, names=names) if names else translate(messages.LOGIN_REASON)


def page_of(appointment: Appointment) -> str:
    return path_of("scheduling:appointment", appointment.pk)
