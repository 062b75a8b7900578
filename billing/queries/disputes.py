"""Disputes: which run, which are to be answered, and what the answer says before anybody has written one."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db.models import Q, QuerySet

from billing.models import BouncedPayout, Dispute, Invoice, InvoiceLine, PaymentShare
from billing.rules.disputes import ANSWERABLE, RUNNING
from branding.queries import locale_of
from core.kernel.search import Word
from core.people.queries import clients_with

_RUNNING = [state.value for state in RUNNING]
_ANSWERABLE = [state.value for state in ANSWERABLE]


def running_disputes() -> "QuerySet[Dispute]":
    """Those that the bank has not decided."""
    return Dispute.objects.filter(state__in=_RUNNING)


def disputes_to_answer() -> "QuerySet[Dispute]":
    """Those that wait for an answer, whose last day comes first before the others."""
    return Dispute.objects.filter(state__in=_ANSWERABLE).select_related("payment").order_by("due_at", "opened_at")


def disputes_of(invoice: Invoice) -> "QuerySet[Dispute]":
    """Those of any payment of the invoice."""
    return Dispute.objects.filter(payment__shares__invoice=invoice).select_related("payment")


def with_word(word: Word) -> Q:
    """Disputes in whose payer or invoices the word is found."""
    invoices = Invoice.objects.filter(word.in_("search_key") | Q(client__in=clients_with(word)))
    shares = PaymentShare.objects.filter(invoice__in=invoices)
    return word.in_("payment__search_key") | Q(payment__in=shares.values("payment_id"))


def sold_by(dispute: Dispute, language: str) -> tuple[str, str]:
    """What the disputed payment was for, line by line, and on which days it was, in a language: to begin the answer with."""
    lines = InvoiceLine.objects.filter(invoice__shares__payment=dispute.payment_id).select_related("charge__client")
    found = list(lines.order_by("invoice__number", "position"))
    texts = [f"{line.description} ({line.detail})" if line.detail else line.description for line in found]
    return "\n".join(texts), ", ".join(dict.fromkeys(_days(found, language)))[:200]


def _days(lines: Iterable[InvoiceLine], language: str) -> Iterable[str]:
    for line in lines:
        if line.charge is not None:
            local = line.charge.happened_at.astimezone(ZoneInfo(line.charge.client.time_zone))
            yield str(format_date(local.date(), "medium", locale=locale_of(language)))


def bounced_payouts() -> "QuerySet[BouncedPayout]":
    """Payouts that the organization's bank has sent back, and after which none has arrived yet."""
    return BouncedPayout.objects.filter(mended_at=None)
