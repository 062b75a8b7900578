"""Who reads a mail about money, and whether they still may."""

from billing import permissions
from billing.models import Invoice
from billing.reasons import UnmailedReason
from branding.queries import current_brand
from core.kernel.translation import translate
from core.notifications.mail import Recipient
from core.people.models import User


def why_not_mailed(invoice: Invoice, user: User | None = None) -> UnmailedReason | None:
    """Why the reader gets no mail about this today, or would get none if a draft were issued; None when they do.

    A payer without a login was named by staff.
    """
    reader = user or invoice.payer_user
    if reader is None:
        return None if invoice.payer_email else UnmailedReason.NO_ADDRESS
    if not reader.is_active:
        return UnmailedReason.SWITCHED_OFF
    return None if permissions.can_see_once_issued(reader, invoice) else UnmailedReason.MAY_NOT_SEE


def may_be_mailed(invoice: Invoice, user: User | None = None) -> bool:
    """Whether the reader has an address and may see the amount today."""
    return why_not_mailed(invoice, user) is None


def mailed_sentence(invoice: Invoice) -> str:
    """Who gets the mail about an issued invoice, or why nobody does, in the language in force."""
    why, name = why_not_mailed(invoice), invoice.payer_name
    if why is None:
        return translate("%(name)s gets it by mail: %(address)s.", name=name, address=recipient_of(invoice).address)
    return translate(
        "Nobody gets it by mail: %(name)s (%(why)s). Give it to them in another way.",
        name=name,
        why=translate(why.msgid),
    )


def told_sentence(invoice: Invoice) -> str:
    """Who is told by mail of a change, or why nobody is, in the language in force."""
    why, name = why_not_mailed(invoice), invoice.payer_name
    if why is None:
        return translate("%(name)s is told by mail: %(address)s.", name=name, address=recipient_of(invoice).address)
    return translate("Nobody is told by mail: %(name)s (%(why)s).", name=name, why=translate(why.msgid))


def recipient_of(invoice: Invoice, user: User | None = None) -> Recipient:
    """The reader as mail knows them; without a login, in the organization's language and the client's zone."""
    reader = user or invoice.payer_user
    if reader is None:
        return Recipient(
            "", invoice.payer_name, invoice.payer_email, invoice.client.time_zone, current_brand().language
        )
    return Recipient(str(reader.pk), reader.name, reader.email, reader.time_zone, reader.reads)
