"""Who is told that an appointment may begin later, because what comes before it was extended; and that it begins on time after all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.kernel import outbox
from core.notifications import notices
from core.notifications.channels import texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Box, Content, Topic
from core.people.models import User
from core.scheduling import delay_messages, outbox_names
from core.scheduling.mail_contents import notice_values, page_of, reason_of, text_link, time_values, where_of
from core.scheduling.models import Appointment
from core.scheduling.notifications import promise_text
from core.scheduling.recipients import AppointmentRecipient, audience_of
from core.scheduling.time_formats import format_time_span
from tenants.absolute_urls import absolute_url


def delayed(
    appointment: Appointment, *, until: datetime | None, because_of: Appointment, by: Any, now: datetime
) -> None:
    """Tell everybody in `appointment` until when what comes before it takes; None: it begins on time after all.

    Not what has no meaning any more: an end that has passed, or a beginning.
    """
    passes_at = appointment.starts_at if until is None else until
    if not appointment.is_booked or passes_at <= now:
        return
    clients = [place.client for place in appointment.attending]
    told = audience_of(appointment, clients, by=by).told
    texted = texted_among([each.user.pk for each in told], Topic.APPOINTMENTS)
    for recipient in told:
        _post(appointment, recipient, until)
        if not recipient.clients:
            continue
        key = f"delay:{because_of.pk}:{because_of.sequence}:{appointment.pk}:{recipient.user.pk}"
        facts = {
            "appointment": str(appointment.pk),
            "user": str(recipient.user.pk),
            "starts_at": appointment.starts_at.isoformat(),
            "until": until.isoformat() if until else "",
            "because_of": str(because_of.pk),
            "its_end": because_of.ends_at.isoformat(),
        }
        outbox.enqueue(outbox_names.SEND_DELAY, key=key, by=by, about=appointment, **facts)
        if recipient.user.pk in texted:
            promise_text(outbox_names.TEXT_DELAY, recipient.user, appointment, key=key, by=by, payload=facts)


def delay_text_content(
    appointment: Appointment, recipient: AppointmentRecipient, until: datetime | None, *, now: datetime
) -> Content:
    """What the text message says."""
    values = time_values(recipient.format_time(appointment))
    link = text_link(appointment, recipient, now=now)
    return Content(values={**values, "until": _clock(until, recipient.zone, recipient.user), "link": link})


def delay_content(appointment: Appointment, recipient: AppointmentRecipient, until: datetime | None) -> Content:
    """What the mail says, in the language in force. Of what comes before it says nothing but its end."""
    time = recipient.format_time(appointment)
    return Content(
        values={**time_values(time), "until": _clock(until, recipient.zone, recipient.user)},
        boxes=[Box(time.day, [time.hours, time.zone, where_of(appointment)])],
        button_url=absolute_url(page_of(appointment)),
        reason=reason_of(recipient, ""),
        preview=f"{time.day}, {time.hours}, {time.zone}",
    )


def _post(appointment: Appointment, recipient: AppointmentRecipient, until: datetime | None) -> None:
    user = recipient.user
    message = delay_messages.DELAYED_NOTICE if recipient.clients else delay_messages.SCHEDULE_DELAYED_NOTICE
    clients: Sequence[Any] = recipient.clients or [place.client for place in appointment.attending]
    with in_language_of(user) as language:
        values = notice_values(appointment, clients, zone=user.time_zone, language=language)
        notices.post(
            message,
            user_id=user.pk,
            path=page_of(appointment),
            happens_at=appointment.starts_at,
            about=appointment,
            until=_clock(until, user.time_zone, user),
            **values,
        )


def _clock(at: datetime | None, zone: str, user: User) -> str:
    return format_time_span(at, at, zone=zone, language=user.reads).start if at else ""
