"""Services, clients' own rates, and how the organization bills."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from billing import outbox_names, permissions
from billing.actions import numbers
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.models import BillingSettings, Rate, Service
from billing.queries import organization
from billing.queries.processor import account_in_use
from billing.rules import numbering, statement_descriptors, tax
from core.kernel import audit, outbox
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.own_texts import written_in
from core.kernel.translation import translate
from core.people.models import Client


@dataclass(frozen=True)
class ServiceTerms:
    """What a form says about a service."""

    name: str
    price: Money
    unit: str = Service.Unit.APPOINTMENT
    tax_rate: Decimal = Decimal(0)
    minutes: int = 45
    description: str = ""
    is_active: bool = True
    other_names: Mapping[str, str] = field(default_factory=dict)  # by language
    other_descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BillingTerms:
    """What a form says about how the organization bills."""

    number_prefix: str = "INV"
    credit_note_prefix: str = "CN"
    number_by_year: bool = True
    due_days: int = 14
    tax_rate: Decimal = Decimal(0)
    prices_include_tax: bool = False
    invoice_at_completion: bool = False
    statement_descriptor: str = ""
    invoice_note: str = ""


@transaction.atomic
def save_service(*, terms: ServiceTerms, service: Service | None = None, by: Any, now: datetime) -> Service:
    """Add a service or change one. Charges made before keep their amounts. Errors: `service_name_taken`, `tax_rate_invalid`, `not_by_card`."""
    permissions.check_manages(by)
    _check_by_card(terms.price)
    found = service or Service(created_at=now)
    before = (found.amount, found.currency, found.is_active) if service else None
    found.name, found.description = terms.name.strip(), terms.description.strip()
    found.other_names, found.other_descriptions = written_in(terms.other_names), written_in(terms.other_descriptions)
    found.amount, found.currency = terms.price.amount, terms.price.currency
    found.unit, found.minutes, found.is_active = terms.unit, terms.minutes, terms.is_active
    found.tax_rate = tax.checked_rate(terms.tax_rate)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise DomainError(
            "service_name_taken",
            translate("There is already %(service:a|an)s %(service)s called “%(name)s”.", name=found.name),
            field="name",
        ) from error
    after = (found.amount, found.currency, found.is_active)
    audit.record(
        BillingAudit.SERVICE_CHANGED if service else BillingAudit.SERVICE_ADDED,
        by=by,
        subject=found,
        changes={"price": [before, after]},
    )
    return found


def _check_by_card(price: Money) -> None:
    """Refuse a price that nobody could pay by card, where an account for cards is connected. Error: `not_by_card`."""
    if account_in_use() is None:
        return
    why = gateway().step_refusal_of(price)
    if why is not None:
        raise DomainError("not_by_card", why.sentence(), field="price")


@transaction.atomic
def set_rate(*, client: Client, service: Service, price: Money, by: Any, now: datetime) -> Rate:
    """Give the client a price of their own for the service, in place of an earlier one."""
    permissions.check_manages(by)
    _check_by_card(price)
    earlier = Rate.objects.filter(client=client, service=service).first()
    rate, _ = Rate.objects.update_or_create(
        client=client,
        service=service,
        defaults={"amount": price.amount, "currency": price.currency},
        create_defaults={"amount": price.amount, "currency": price.currency, "created_at": now},
    )
    audit.record(
        BillingAudit.RATE_SET,
        by=by,
        subject=rate,
        changes={"price": [str(earlier.price) if earlier else None, str(price)]},
    )
    return rate


@transaction.atomic
def remove_rate(*, rate: Rate, by: Any, now: datetime) -> None:
    """Take the client's own price away: the service's price holds again."""
    permissions.check_manages(by)
    audit.record(BillingAudit.RATE_REMOVED, by=by, subject=rate, changes={"price": [str(rate.price), None]})
    rate.delete()


@transaction.atomic
def save_settings(*, terms: BillingTerms, by: Any, now: datetime) -> BillingSettings:
    """Change how the organization bills. Errors: `prefix_invalid`, `prefix_same`, `tax_rate_invalid`,
    `descriptor_invalid`."""
    permissions.check_manages(by)
    found = BillingSettings.objects.select_for_update().filter(is_current=True).first() or BillingSettings()
    values = asdict(terms)
    values["number_prefix"] = numbering.checked_prefix(terms.number_prefix)
    values["credit_note_prefix"] = numbering.checked_prefix(terms.credit_note_prefix, field="credit_note_prefix")
    numbering.check_differ(values["number_prefix"], values["credit_note_prefix"])
    values["tax_rate"] = tax.checked_rate(terms.tax_rate)
    if terms.statement_descriptor:
        values["statement_descriptor"] = statement_descriptors.checked_descriptor(terms.statement_descriptor)
    changes = {
        name: [str(getattr(found, name)), str(value)] for name, value in values.items() if getattr(found, name) != value
    }
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    numbers.go_on_behind(found, organization.today(now).year)
    if "statement_descriptor" in changes and found.statement_descriptor:
        outbox.enqueue(outbox_names.SET_STATEMENT_DESCRIPTOR, by=by)
    audit.record(BillingAudit.BILLING_SETTINGS_CHANGED, by=by, subject=found, changes=changes)
    return found
