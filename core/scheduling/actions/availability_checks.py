"""Whether somebody works at a time; beside it only with an explanation, which is kept with the appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.availability_queries import hours_of, others_around
from core.scheduling.models import Appointment, AvailabilityOverride
from core.scheduling.rules import availability
from core.scheduling.rules.availability import Hours
from core.scheduling.rules.conflicts import Span

AROUND = timedelta(days=1)  # because a day begins at other instants elsewhere


@dataclass(frozen=True, slots=True)
class Override:
    """What speaks against a time that is booked all the same, and why it is."""

    against: tuple[str, ...] = ()
    reason: str = ""

    def keep(self, appointment: Appointment, *, by: Any, now: datetime) -> None:
        """Keep it with the appointment, if there is anything to explain."""
        if not self.against:
            return
        AvailabilityOverride.objects.create(
            appointment=appointment,
            against=list(self.against),
            reason=self.reason,
            given_by_id=by.pk,
            given_by_name=str(by)[:150],
            given_at=now,
        )
        changes = {"against": [None, list(self.against)]}
        audit.record(
            SchedulingAudit.APPOINTMENT_OVERRIDDEN, by=by, subject=appointment, changes=changes, reason=self.reason
        )


def check_available(
    practitioner: StaffMember,
    wanted: Span,
    *,
    mode: str,
    service_id: UUID | None,
    reason: str,
    now: datetime,
    apart_from: UUID | None = None,
) -> Override:
    """What the booking is in spite of. DomainError `not_available` without a `reason`; what has begun is only written down."""
    if wanted.starts_at <= now:
        return Override()
    first, last = (wanted.starts_at - AROUND).date(), (wanted.ends_at + AROUND).date()
    hours = hours_of(practitioner, first, last)
    others = others_around(practitioner, wanted, apart_from=apart_from)
    against = availability.why_not(hours, wanted, others=others, mode=mode, service=service_id)
    if against and not reason.strip():
        why = " ".join(sentence_of(code, practitioner, hours, wanted) for code in against)
        raise DomainError(
            "not_available",
            translate("%(why)s Say why it shall be then all the same.", why=why),
            field="override_reason",
        )
    return Override(tuple(against), reason.strip())


def sentence_of(code: str, practitioner: StaffMember, hours: Hours, wanted: Span) -> str:
    """What speaks against the time, in the language in force."""
    name = str(practitioner)
    if code == "closed":
        days = (at.astimezone(hours.zone).date() for at in (wanted.starts_at, wanted.ends_at))
        closed_for = next((hours.closed[day] for day in days if day in hours.closed), "")
        return translate("That day is closed: %(name)s.", name=closed_for)
    if code == "buffer":
        minutes = int((hours.buffer_before + hours.buffer_after).total_seconds() // 60)
        return translate("%(name)s wants %(minutes)s minutes between two.", name=name, minutes=minutes)
    if code == "day_full":
        return translate("%(name)s takes at most %(most)s a day.", name=name, most=hours.most_per_day)
    if code == "week_full":
        return translate("%(name)s takes at most %(most)s a week.", name=name, most=hours.most_per_week)
    if code == "busy":
        return translate("%(name)s is busy then, by another calendar.", name=name)
    if code == "off":
        return translate("%(name)s is away then.", name=name)
    return translate("%(name)s does not work then.", name=name)
