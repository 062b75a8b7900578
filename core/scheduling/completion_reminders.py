"""Reminding whoever runs a schedule of what is over and not completed: promised by night, sent as things stand then."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop, translate
from core.notifications import mail
from core.notifications.messages import Box, Content
from core.people.models import StaffMember, User
from core.scheduling import outbox_names
from core.scheduling.completion_messages import TO_COMPLETE
from core.scheduling.mail_contents import page_of
from core.scheduling.messages import ON_SCHEDULE_REASON
from core.scheduling.models import Appointment
from core.scheduling.queries import to_be_completed, with_clients
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import completion
from tenants.absolute_urls import absolute_url, path_of

MOST_LISTED = 20


def promise_completion_reminders(*, now: datetime) -> None:
    """One mail to each practitioner about what is to be completed for a day and was in no mail yet. A nightly job."""
    due = to_be_completed(now=now).filter(
        ends_at__lte=now - completion.REMINDED_AFTER, ends_at__gt=now - completion.FORGOTTEN_AFTER
    )
    told, waiting = _told(since=now - 2 * completion.FORGOTTEN_AFTER), {}
    for pk, practitioner in due.filter(practitioner__user__is_active=True).values_list("pk", "practitioner_id"):
        if str(pk) not in told:
            waiting.setdefault(practitioner, []).append(str(pk))
    for staff in StaffMember.objects.filter(pk__in=waiting).select_related("user"):
        outbox.enqueue(
            outbox_names.REMIND_TO_COMPLETE,
            key=f"to_complete:{staff.pk}:{now:%Y%m%d}",
            author=str(staff.user_id),
            user=str(staff.user_id),
            appointments=waiting[staff.pk],
        )


def _told(*, since: datetime) -> set[str]:
    made = OutboxMessage.objects.filter(name=outbox_names.REMIND_TO_COMPLETE, created_at__gte=since)
    return {pk for facts in made.values_list("payload", flat=True) for pk in facts["appointments"]}


@outbox.handler(outbox_names.REMIND_TO_COMPLETE, label=gettext_noop("Mail: to be completed"), is_mail=True)
def send_completion_reminder(message: OutboxMessage) -> None:
    """Mail one practitioner what of it is still to be completed."""
    facts, now = message.payload, clock.now()
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    rows = _still(facts["appointments"], user, now=now) if user is not None else []
    if user is None or not rows:
        raise outbox.Obsolete("nothing of it is to be completed any more")
    mail.send(
        message,
        TO_COMPLETE,
        to=AppointmentRecipient(user, ()).mail_recipient,
        content=lambda: _content(rows, AppointmentRecipient(user, ())),
    )


def _still(keys: Iterable[str], user: User, *, now: datetime) -> list[Appointment]:
    found = to_be_completed(now=now).filter(pk__in=[UUID(key) for key in keys], practitioner__user=user)
    return list(with_clients(found).order_by("starts_at"))


def _content(rows: list[Appointment], recipient: AppointmentRecipient) -> Content:
    return Content(
        values={"number": str(len(rows)), "several": translate("yes") if len(rows) > 1 else ""},
        boxes=[_box(row, recipient) for row in rows[:MOST_LISTED]],
        button_url=absolute_url(path_of("scheduling:to_complete")),
        reason=translate(ON_SCHEDULE_REASON),
        preview=str(recipient.format_time(rows[0])),
    )


def _box(row: Appointment, recipient: AppointmentRecipient) -> Box:
    time, lines = recipient.format_time(row), []
    if current_brand().names_in_mail:
        names = ", ".join(place.client.name for place in row.attending)
        lines = [row.what, *([names] if names else [])]
    return Box(time.day, [time.hours, time.zone, *lines], absolute_url(page_of(row)))
