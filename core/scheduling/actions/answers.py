"""What people answer by the link in a mail or text message: they come, they will be late, they would like another time."""

from datetime import datetime

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.scheduling import notifications
from core.scheduling.actions.calendar_locks import calendar_transaction, lock_appointment
from core.scheduling.appointment_links import OpenLink, open_link
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Confirmation, LateNotice
from core.scheduling.rules.appointment_links import LinkAct

LATE_MINUTES = (5, 10, 15, 20, 30)
LONGEST_WISH = 400


def confirm_appointment(link: OpenLink, *, starts_at: datetime, now: datetime) -> None:
    """Note that the holder's people come at `starts_at`, which is the time they were shown. A second time changes nothing.

    ConflictError when it has another time by now, or nothing can be confirmed any more.
    """
    with calendar_transaction():
        link = hold_link(link, LinkAct.CONFIRM, starts_at=starts_at, now=now)
        made = [
            Confirmation.objects.get_or_create(
                participant=place,
                starts_at=starts_at,
                defaults={
                    "confirmed_at": now,
                    "confirmed_by_id": link.holder.pk,
                    "confirmed_by_name": str(link.holder),
                },
            )[1]
            for place in link.participants
        ]
        if any(made):
            audit.record(SchedulingAudit.APPOINTMENT_CONFIRMED, by=link.holder, subject=link.appointment)


def tell_late(link: OpenLink, *, minutes: int, starts_at: datetime, now: datetime) -> None:
    """Tell whoever runs it that the holder's people will be late by about `minutes`. The same again changes nothing.

    ConflictError as above; DomainError for minutes that are not offered.
    """
    if minutes not in LATE_MINUTES:
        raise DomainError("unknown_minutes", translate("Choose how late from the list."), field="minutes")
    with calendar_transaction():
        link = hold_link(link, LinkAct.LATE, starts_at=starts_at, now=now)
        told = {"minutes": minutes, "told_at": now, "told_by_id": link.holder.pk, "told_by_name": str(link.holder)}
        known = LateNotice.objects.filter(participant__in=link.participants, starts_at=starts_at, minutes=minutes)
        if known.count() == len(link.participants):
            return
        for place in link.participants:
            LateNotice.objects.update_or_create(participant=place, starts_at=starts_at, defaults=told)
        changes = {"minutes": [None, minutes]}
        audit.record(SchedulingAudit.APPOINTMENT_DELAYED, by=link.holder, subject=link.appointment, changes=changes)
        notifications.running_late(link.appointment, link.participants, minutes=minutes)


def ask_for_other_time(link: OpenLink, *, wish: str, starts_at: datetime, now: datetime) -> None:
    """Pass a wish for another time on to whoever runs it; the appointment stays as it is until they move it.

    ConflictError as above; DomainError for a wish that says nothing, is too long, or has control characters.
    """
    wish = " ".join(wish.split())
    if not wish:
        raise DomainError("no_wish", translate("Say when it would suit you."), field="wish")
    if len(wish) > LONGEST_WISH:
        raise DomainError("long_wish", translate("That is too long. Say it in fewer words."), field="wish")
    require_plain(wish)
    with calendar_transaction():
        link = hold_link(link, LinkAct.ASK, starts_at=starts_at, now=now)
        audit.record(SchedulingAudit.APPOINTMENT_TIME_ASKED, by=link.holder, subject=link.appointment)
        notifications.other_time_asked(link.appointment, link.participants, wish=wish)


def hold_link(link: OpenLink, act: LinkAct, *, starts_at: datetime, now: datetime) -> OpenLink:
    """The link as it stands now, with the appointment locked, if the act is still open."""
    lock_appointment(link.appointment.pk)
    fresh = open_link(link.token, now=now)
    if fresh.appointment.starts_at != starts_at:
        raise ConflictError("moved_since", translate("It has another time by now. Look at it, then answer again."))
    if act not in fresh.acts:
        raise ConflictError("too_late", translate("This cannot be done any more. See below what became of it."))
    return fresh
