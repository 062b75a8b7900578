"""Links by which the payer of an issued invoice pays it without signing in: for that invoice, that payer, and nothing else."""

from billing.links import Purpose, open_token, token_for
from billing.models import Invoice
from billing.queries.processor import account_in_use
from billing.queries.recipients import may_be_mailed
from core.kernel.errors import NotFound
from core.people.models import User
from core.people.rules.client_status import is_paid_for


def pay_token(invoice: Invoice, payer: User) -> str:
    return token_for(Purpose.PAY, str(invoice.pk), str(payer.pk))


def open_pay_link(token: str) -> tuple[Invoice, User]:
    """The invoice and its payer; NotFound for what never was a link here, and once somebody else pays it or they may not see what it costs."""
    pk, user = open_token(Purpose.PAY, token)
    found = Invoice.objects.select_related("client", "payer_user", "payer_agent").filter(pk=pk, payer_user=user).first()
    if found is None or found.payer_user is None or found.state == Invoice.State.DRAFT or not may_be_mailed(found):
        raise NotFound
    return found, found.payer_user


def may_pay(invoice: Invoice, payer: User) -> bool:
    """Whether something of it is due, and may be paid here."""
    is_wanted = invoice.state == Invoice.State.OPEN and bool(invoice.due) and not invoice.is_disputed
    return is_wanted and is_paid_for(invoice.client.status)


def has_pay_link(invoice: Invoice, user_id: str) -> bool:
    """Whether its mail leads to the link: the reader is its payer, and it can be paid by card now."""
    account = account_in_use()
    if account is None or not account.is_ready or invoice.payer_user is None or str(invoice.payer_user.pk) != user_id:
        return False
    return may_pay(invoice, invoice.payer_user)
