"""Wage rates: set, and taken away. What was earned before keeps its amount."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing.models import Service
from billing.queries import organization
from billing.wages import permissions
from billing.wages.audit_codes import WagesAudit
from billing.wages.models import WageRate
from billing.wages.rules.wage import Terms, checked
from core.kernel import audit
from core.kernel.errors import NotFound
from core.people.models import StaffMember


@transaction.atomic
def set_rate(*, practitioner: StaffMember, service: Service | None, terms: Terms, by: Any, now: datetime) -> WageRate:
    """Give the practitioner a rate for the service (None: for everything else), in place of an earlier one. Errors: those of the rule."""
    permissions.check_manages(by)
    checked(terms)
    _hold(practitioner.pk)
    rate = WageRate.objects.filter(practitioner=practitioner, service=service).first()
    before = said(rate.terms) if rate else None
    rate = rate or WageRate(practitioner=practitioner, service=service)
    rate.basis, rate.share, rate.set_at = terms.basis.value, terms.share, now
    rate.amount = terms.amount.amount if terms.amount else None
    rate.currency = terms.amount.currency if terms.amount else organization.currency()
    rate.save()
    audit.record(WagesAudit.WAGE_RATE_SET, by=by, subject=rate, changes={"rate": [before, said(terms)]})
    return rate


@transaction.atomic
def remove_rate(*, rate: WageRate, by: Any, now: datetime) -> None:  # noqa: ARG001 because every act is told when it is
    """Take a rate away: the one for everything else holds again, if there is one. NotFound when it is gone already."""
    permissions.check_manages(by)
    _hold(rate.practitioner_id)
    found = WageRate.objects.filter(pk=rate.pk).first()
    if found is None:
        raise NotFound(f"wage rate {rate.pk}")
    rate = found  # as it is now
    audit.record(WagesAudit.WAGE_RATE_REMOVED, by=by, subject=rate, changes={"rate": [said(rate.terms), None]})
    rate.delete()


def _hold(practitioner: UUID) -> None:
    """One writer at a time of the rates of one person."""
    StaffMember.objects.select_for_update(no_key=True).get(pk=practitioner)


def said(terms: Terms) -> str:
    """The rate as the audit keeps it."""
    return f"{terms.amount} {terms.basis.value}" if terms.amount else f"{terms.share} %"
