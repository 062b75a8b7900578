"""The organization as it bills: its settings, its currency, its day, and its name on documents."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.models import BillingSettings
from billing.rules.statement_descriptors import suggested_descriptor
from branding.queries import branch_in_force, current_brand, published_brand
from branding.senders.queries import own_address


def billing_settings() -> BillingSettings:
    """The settings in force; defaults, unsaved, where nobody has set any."""
    return BillingSettings.objects.filter(is_current=True).first() or BillingSettings()


def currency() -> str:
    return current_brand().currency


def today(now: datetime) -> date:
    """The date where the organization is."""
    return now.astimezone(ZoneInfo(current_brand().time_zone)).date()


def statement_descriptor() -> str:
    """What card statements show: the text that was set, else the organization's name made fit, whatever branch is in force."""
    return billing_settings().statement_descriptor or suggested_descriptor(published_brand().name)


def issuer() -> dict[str, str]:
    """The particulars of the organization or of the branch in force, to be kept with an invoice as they are today."""
    found, branch = current_brand(), branch_in_force()
    return {
        "branch": str(branch.pk) if branch else "",
        "name": found.name,
        "address": found.address,
        "country": found.country,
        "phone": found.phone,
        "email": found.reply_to or own_address(),
        "tax_number": found.tax_number,
    }
