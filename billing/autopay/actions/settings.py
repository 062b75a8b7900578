"""When cards on file are charged by themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from billing import permissions
from billing.autopay.audit_codes import AutopayAudit
from billing.autopay.models import AutopaySettings
from billing.autopay.queries import autopay_settings
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate

LATEST_DAY = 60
NAMES = ("when", "first_days", "second_days", "third_days")


@dataclass(frozen=True)
class Terms:
    """What the form says."""

    when: str
    first_days: int | None = None
    second_days: int | None = None
    third_days: int | None = None


@transaction.atomic
def save_settings(*, terms: Terms, by: Any, now: datetime) -> AutopaySettings:  # noqa: ARG001 because every act is told when it is
    """Change it; what is tried already keeps its next day. Errors: `days_invalid`."""
    permissions.check_manages(by)
    days = [each for each in (terms.first_days, terms.second_days, terms.third_days) if each is not None]
    if any(not 1 <= each <= LATEST_DAY for each in days) or days != sorted(set(days)):
        sentence = translate(
            "Each try is later than the one before, and at most %(most)s days after the first.", most=LATEST_DAY
        )
        raise DomainError("days_invalid", sentence, field="first_days")
    AutopaySettings.objects.select_for_update().filter(is_current=True).first()
    found = autopay_settings()
    changes = {name: [getattr(found, name), getattr(terms, name)] for name in NAMES}
    for name in NAMES:
        setattr(found, name, getattr(terms, name))
    found.save()
    audit.record(AutopayAudit.AUTOPAY_SETTINGS_CHANGED, by=by, subject=found, changes=changes)
    return found
