"""What packages are offered, and how packages work here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from billing import permissions
from billing.models import Service
from billing.packages.audit_codes import PackagesAudit
from billing.packages.models import Package, PackageSettings
from billing.packages.queries import package_settings
from billing.packages.rules.package_terms import Validity, checked_price, checked_units, checked_validity
from billing.packages.rules.unit_use import Unit
from billing.rules import tax
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.own_texts import written_in
from core.kernel.translation import translate


@dataclass(frozen=True)
class PackageTerms:
    """What a form says about a package. `units` and `weekly_limit` as people count them: appointments, hours, or an amount."""

    name: str
    price: Money
    units: Decimal
    unit: Unit = Unit.APPOINTMENT
    weekly_limit: Decimal | None = None
    validity: Validity = field(default_factory=Validity)
    tax_rate: Decimal = Decimal(0)
    services: Sequence[Service] | None = None  # None: for everything
    is_online: bool = False
    is_active: bool = True
    other_names: Mapping[str, str] = field(default_factory=dict)  # by language


@transaction.atomic
def save_package(*, terms: PackageTerms, package: Package | None = None, by: Any, now: datetime) -> Package:
    """Add a package or change one; those that were sold keep their terms.

    Errors: `name_missing`, `price_invalid`, `units_invalid`, `validity_invalid`, `limit_invalid`, `services_missing`, `tax_rate_invalid`,
    `package_name_taken`.
    """
    permissions.check_manages(by)
    permissions.check_in_plan()
    if terms.services is not None and not terms.services:
        raise DomainError(
            "services_missing",
            translate("Choose at least one %(service)s, or say that it is for everything."),
            field="services",
        )
    found = package or Package(created_at=now)
    before = _facts(found) if package else None
    found.name, found.other_names = terms.name.strip(), written_in(terms.other_names)
    if not found.name:
        raise DomainError("name_missing", translate("Give it a name."), field="name")
    price, currency = checked_price(terms.price), terms.price.currency
    found.amount, found.currency, found.unit = price.amount, currency, terms.unit.value
    found.units = checked_units(terms.units, terms.unit, currency)
    found.weekly_limit = _limit(terms, found.units)
    found.valid_count, found.valid_period = checked_validity(terms.validity).count, terms.validity.period.value
    found.tax_rate = tax.checked_rate(terms.tax_rate)
    found.covers_all, found.is_online, found.is_active = terms.services is None, terms.is_online, terms.is_active
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise DomainError(
            "package_name_taken",
            translate("There is already a package called “%(name)s”.", name=found.name),
            field="name",
        ) from error
    found.services.set(terms.services or [])
    code = PackagesAudit.PACKAGE_CHANGED if package else PackagesAudit.PACKAGE_ADDED
    audit.record(code, by=by, subject=found, changes={"terms": [before, _facts(found)]})
    return found


def _limit(terms: PackageTerms, units: int) -> int | None:
    if terms.weekly_limit is None:
        return None
    try:
        limit = checked_units(terms.weekly_limit, terms.unit, terms.price.currency)
    except DomainError as error:
        raise DomainError("limit_invalid", error.message, field="weekly_limit") from error
    if limit > units:
        raise DomainError(
            "limit_invalid", translate("The limit of a week is more than the whole package."), field="weekly_limit"
        )
    return limit


def _facts(package: Package) -> str:
    """What is sold, as the audit keeps it."""
    state = "active" if package.is_active else "inactive"
    return f"{package.units} {package.unit}, {package.price}, {state}"


@transaction.atomic
def save_settings(*, usable_when: str, notice_days: int, by: Any, now: datetime) -> PackageSettings:  # noqa: ARG001 because every act is told when it is
    """Change how packages work; those that were sold keep when they can be used. Error: `notice_invalid`."""
    permissions.check_manages(by)
    if not 0 <= notice_days <= 365:
        raise DomainError("notice_invalid", translate("Between 0 and 365 days."), field="notice_days")
    PackageSettings.objects.select_for_update().filter(is_current=True).first()
    found = package_settings()
    before = [found.usable_when, found.notice_days]
    found.usable_when, found.notice_days = usable_when, notice_days
    found.save()
    changes = {"usable_when": [before[0], usable_when], "notice_days": [before[1], notice_days]}
    audit.record(PackagesAudit.PACKAGE_SETTINGS_CHANGED, by=by, subject=found, changes=changes)
    return found
