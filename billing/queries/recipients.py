"""Who reads a mail about money, and whether they still may."""

from billing import permissions
from billing.models import Invoice
from branding.queries import current_brand
from core.notifications.mail import Recipient
from core.people.models import User


def may_be_mailed(invoice: Invoice, user: User | None = None) -> bool:
    """Whether the reader has an address and may see the amount today. A payer without a login was named by staff."""
    reader = user or invoice.payer_user
    if reader is None:
        return bool(invoice.payer_email)
    return reader.is_active and permissions.can_see_invoice(reader, invoice)


def recipient_of(invoice: Invoice, user: User | None = None) -> Recipient:
    """The reader as mail knows them; without a login, in the organization's language and the client's zone."""
    reader = user or invoice.payer_user
    if reader is None:
        return Recipient(
            "", invoice.payer_name, invoice.payer_email, invoice.client.time_zone, current_brand().language
        )
    return Recipient(str(reader.pk), reader.name, reader.email, reader.time_zone, reader.reads)
