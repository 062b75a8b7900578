"""What is asked for: by the rule for everything, by that of a service, and of one client."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from billing import permissions
from billing.models import Service
from billing.prepayments.audit_codes import PrepaymentsAudit
from billing.prepayments.models import PrepaymentException, PrepaymentSettings, ServicePrepayment, TermsModel
from billing.prepayments.queries import prepayment_settings
from billing.prepayments.rules.prepaying import Ask, Terms
from billing.queries import organization
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import Client

MINUTES, HOURS = (10, 1440), (1, 336)


@dataclass(frozen=True)
class Waiting:
    """How long places wait for the money: `minutes` after people booked themselves, `hours` after staff have asked."""

    minutes: int = 60
    hours: int = 48
    asks_when_staff_book: bool = False


@transaction.atomic
def save_settings(*, terms: Terms, waiting: Waiting, by: Any, now: datetime) -> PrepaymentSettings:  # noqa: ARG001 because every act is told when it is
    """Change the rule for everything. What was asked before stays. Errors: of `_checked`, `hold_invalid`."""
    permissions.check_manages(by)
    for field, value, (least, most) in (
        ("hold_minutes", waiting.minutes, MINUTES),
        ("hold_hours", waiting.hours, HOURS),
    ):
        if not least <= value <= most:
            sentence = translate("Between %(least)s and %(most)s.", least=least, most=most)
            raise DomainError("hold_invalid", sentence, field=field)
    PrepaymentSettings.objects.select_for_update().filter(is_current=True).first()
    found = prepayment_settings()
    before = _facts(found)
    _write(found, terms)
    found.hold_minutes, found.hold_hours = waiting.minutes, waiting.hours
    found.asks_when_staff_book = waiting.asks_when_staff_book
    found.save()
    _note(found, before, by)
    return found


@transaction.atomic
def save_service_rule(*, service: Service, terms: Terms | None, by: Any, now: datetime) -> None:  # noqa: ARG001 because every act is told when it is
    """Give a service a rule of its own; None: the rule for everything holds. Errors: of `_checked`."""
    permissions.check_manages(by)
    Service.objects.select_for_update().get(pk=service.pk)  # because two tabs may give it one at once
    found = ServicePrepayment.objects.filter(service=service).first() or ServicePrepayment(service=service)
    before = _facts(found)
    if terms is None:
        ServicePrepayment.objects.filter(service=service).delete()
        changes = {"asked in advance": [before, None]}
        audit.record(PrepaymentsAudit.PREPAYMENT_SETTINGS_CHANGED, by=by, subject=service, changes=changes)
        return
    _write(found, terms)
    found.save()
    _note(found, before, by, subject=service)


@transaction.atomic
def set_exception(*, client: Client, rule: str, by: Any, now: datetime) -> None:
    """Ask this client never or always; empty: as the rule says. NotFound at the door; `rule_invalid`."""
    client = permissions.get_billed_client(by, client.pk)
    if rule not in ("", *PrepaymentException.Rule.values):
        raise DomainError("rule_invalid", translate("Choose one of the answers."), field="rule")
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    found = PrepaymentException.objects.filter(client=client).first()
    before = found.rule if found else None
    if (before or "") == rule:
        return
    if rule:
        values = {"rule": rule, "set_by": str(by)[:200], "set_at": now}
        PrepaymentException.objects.update_or_create(client=client, defaults=values)
    else:
        PrepaymentException.objects.filter(client=client).delete()
    changes = {"asked in advance": [before, rule or None]}
    audit.record(PrepaymentsAudit.PREPAYMENT_EXCEPTION_SET, by=by, subject=client, changes=changes)


def _write(row: TermsModel, terms: Terms) -> None:
    """Errors: `share_invalid`, `amount_missing`."""
    row.ask, row.is_for_first_visits = terms.ask.value, terms.is_for_first_visits
    row.share, row.amount, row.currency = 0, None, ""
    if terms.ask == Ask.SHARE:
        if not 1 <= terms.share <= 99:
            raise DomainError("share_invalid", translate("Between 1 and 99 per cent."), field="share")
        row.share = terms.share
    if terms.ask == Ask.AMOUNT:
        if terms.amount is None or terms.amount.amount <= 0:
            sentence = translate("Enter an amount in %(currency)s above zero.", currency=organization.currency())
            raise DomainError("amount_missing", sentence, field="amount")
        row.amount, row.currency = terms.amount.amount, terms.amount.currency


def _facts(row: TermsModel) -> str | None:
    """What it asks for, as the audit keeps it."""
    if row._state.adding:
        return None
    what = {Ask.AMOUNT: str(row.money), Ask.SHARE: f"{row.share} %"}.get(Ask(row.ask), row.ask)
    more = [what, "first visits"] if row.is_for_first_visits else [what]
    if isinstance(row, PrepaymentSettings):
        more += [f"{row.hold_minutes} min", f"{row.hold_hours} h"]
        more += ["when staff book"] if row.asks_when_staff_book else []
    return ", ".join(more)


def _note(row: TermsModel, before: str | None, by: Any, *, subject: Any = None) -> None:
    changes = {"asked in advance": [before, _facts(row)]}
    audit.record(PrepaymentsAudit.PREPAYMENT_SETTINGS_CHANGED, by=by, subject=subject or row, changes=changes)
