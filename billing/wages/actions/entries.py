"""Entering what was earned: by what was held or cancelled, and by hand."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Service
from billing.queries import organization
from billing.wages import permissions
from billing.wages.audit_codes import WagesAudit
from billing.wages.models import WageEntry
from billing.wages.queries import wage_of
from branding.queries import current_brand
from core.kernel import audit, unseen
from core.kernel.errors import DomainError
from core.kernel.models import reason_fields
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment

OLDEST = timedelta(days=366)
LONGEST_DESCRIPTION = 200


@transaction.atomic
def enter_wage(
    appointment: Appointment,
    clients: Sequence[Client],
    *,
    minutes: int,
    part: Decimal,
    completion: str | OwnText,
    kind: WageEntry.Kind = WageEntry.Kind.APPOINTMENT,
    place_of: UUID | None = None,
    by: Any,
    now: datetime,
) -> WageEntry | None:
    """Fix what the appointment's practitioner earns by it. None without a rate; the first answer stands.

    `place_of`: the client whose place in a group it is about, where the group goes on.
    """
    known = WageEntry.objects.filter(appointment_id=appointment.pk, place_of=place_of).first()
    if known is not None:
        return known
    earned = wage_of(
        appointment, clients, minutes=minutes, part=part, completion=completion, is_one_place=place_of is not None
    )
    if earned is None:
        return None
    service = Service.objects.filter(pk=appointment.service_id).first() if appointment.service_id else None
    entry = WageEntry.objects.create(
        practitioner=appointment.practitioner,
        kind=kind,
        appointment_id=appointment.pk,
        place_of=place_of,
        description=service.name if service else "",
        other_descriptions=service.other_names if service else {},
        happened_at=appointment.starts_at,
        minutes=minutes,
        amount=earned.amount.amount,
        currency=earned.amount.currency,
        by=str(by)[:200],
        created_at=now,
        **reason_fields(earned.reason),
    )
    audit.record(
        WagesAudit.WAGE_ENTERED,
        by=by,
        subject=entry,
        changes={"amount": [None, str(earned.amount)]},
        reason=earned.reason,
    )
    return entry


@transaction.atomic
def enter_by_hand(
    *,
    practitioner: StaffMember,
    kind: str,
    amount: Money,
    description: str,
    day: date,
    by: Any,
    now: datetime,
) -> WageEntry:
    """A bonus, expenses, or a deduction, which counts below zero. Errors: `wage_kind_invalid`, `wage_amount_missing`, `wage_day_invalid`,
    `wage_description_invalid`.
    """
    permissions.check_manages(by)
    if kind not in WageEntry.BY_HAND:
        raise DomainError("wage_kind_invalid", translate("Choose what it is."), field="kind")
    if amount.amount <= 0:
        raise DomainError("wage_amount_missing", translate("Enter an amount above zero."), field="amount")
    today = organization.today(now)
    if not today - OLDEST <= day <= today:
        raise DomainError(
            "wage_day_invalid", translate("Choose a day within the last year, today at the latest."), field="day"
        )
    require_plain(description)
    if not unseen.one_line(description) or len(description) > LONGEST_DESCRIPTION:
        raise DomainError(
            "wage_description_invalid",
            translate("Say what it is for, in at most %(most)s letters.", most=LONGEST_DESCRIPTION),
            field="description",
        )
    signed = -amount if kind == WageEntry.Kind.DEDUCTION else amount
    entry = WageEntry.objects.create(
        practitioner=practitioner,
        kind=kind,
        description=description,
        happened_at=datetime.combine(day, time(12), ZoneInfo(current_brand().time_zone)),
        amount=signed.amount,
        currency=signed.currency,
        by=str(by)[:200],
        created_at=now,
    )
    changes = {"amount": [None, str(signed)], "kind": [None, kind], "day": [None, day.isoformat()]}
    audit.record(WagesAudit.WAGE_ENTERED_BY_HAND, by=by, subject=entry, changes=changes, reason=description)
    return entry
