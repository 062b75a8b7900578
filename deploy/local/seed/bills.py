"""Services, the organization's account at the processor, and invoices in every state."""

import json
import urllib.request
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings

from billing.actions import accounts, card_links, catalogue, credit_notes, invoices, manual_payments, refunds
from billing.models import Charge, Invoice, PaymentAccount
from billing.queries import organization
from billing.queries.payers import payers_of
from billing.queries.processor import account_in_use
from billing.reminders.actions import holding, reminding
from billing.reminders.queries import overdue_invoices
from branding.queries import current_brand
from core.kernel.money import Money
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice
from tenants.absolute_urls import absolute_url


def fill_services(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """What is offered; one client has a price of their own."""
    for offer in practice.offers:
        terms = catalogue.ServiceTerms(
            name=offer.name,
            other_names=offer.other_names,
            price=Money(offer.amount, practice.currency),
            minutes=offer.minutes,
            tax_rate=Decimal(offer.tax_rate),
        )
        service = catalogue.save_service(terms=terms, by=cast.owner, now=now)
        if offer is practice.offers[0]:
            lower = Money(offer.amount * 9 // 10, practice.currency)
            catalogue.set_rate(client=cast.clients[2], service=service, price=lower, by=cast.owner, now=now)
    habits = catalogue.BillingTerms(number_prefix=practice.slug[:3].upper(), due_days=14)
    catalogue.save_settings(terms=habits, by=cast.owner, now=now)


def open_payments(cast: Cast, *, now: datetime) -> None:
    """Connect an account in the payment sandbox and answer its questions; left out where payments are not the sandbox's."""
    if not settings.STRIPE_API_BASE.startswith("http://127.0.0.1"):
        return
    back = absolute_url("/")
    accounts.connect_account(done=back, again=back, by=cast.owner, now=now)
    account = PaymentAccount.objects.latest("connected_at")
    answer = f"{settings.STRIPE_API_BASE}/_sandbox/accounts/{account.external_id}/onboard"
    with urllib.request.urlopen(
        urllib.request.Request(answer, data=json.dumps({}).encode(), method="POST"), timeout=10
    ):
        accounts.refresh_account(by=cast.owner, now=now)


def send_card_links(cast: Cast, *, now: datetime) -> None:
    """Ask one payer for a card, and another one some days ago, whose link has been revoked."""
    asked = 0
    for client in cast.clients:
        payer = next((each.user for each in payers_of(client) if each.user is not None), None)
        if payer is None or client.status != "active" or account_in_use() is None:
            continue
        link = card_links.send_card_link(client=client, payer=payer, by=cast.owner, now=now - timedelta(days=2 * asked))
        asked += 1
        if asked == 2:
            card_links.revoke_card_link(link=link, by=cast.owner, now=now)
            return


def fill_bills(cast: Cast, *, now: datetime) -> None:
    """Invoice what was held, by client and week; pay the older ones, leave the newest open, and try every other state once."""
    charges = list(
        Charge.objects.filter(state=Charge.State.OPEN).select_related("client").order_by("client_id", "happened_at")
    )
    made: list[Invoice] = []
    for (_client, week), group in groupby(
        charges, key=lambda charge: (charge.client_id, charge.happened_at.isocalendar()[:2])
    ):
        if week == now.isocalendar()[:2]:
            continue  # this week's charges await their invoice
        batch = list(group)
        issued_at = min(now - timedelta(hours=3), batch[-1].happened_at + timedelta(days=1))
        made.append(invoices.invoice_charges(charges=batch, by=cast.owner, now=issued_at))
    issued = [invoice for invoice in made if invoice.state == Invoice.State.OPEN]
    for position, invoice in enumerate(sorted(issued, key=lambda invoice: invoice.issued_at)):
        _settle(invoice, position, cast, now)
    _switch_on(cast, now)
    _chase(cast, now)


def _settle(invoice: Invoice, position: int, cast: Cast, now: datetime) -> None:
    """Two of three invoices are paid; the fifth is void, the seventh partly refunded, of the ninth a part is credited."""
    if position == 4:
        invoices.cancel_invoice(invoice=invoice, reason="Issued to the wrong month.", by=cast.owner, now=now)
    elif position == 8:
        part = credit_notes.Credit(Money(invoice.total_amount // 4, invoice.currency))
        memo = "Ended a quarter of an hour early."
        credit_notes.credit_invoice(invoice=invoice, credit=part, reason="goodwill", memo=memo, by=cast.owner, now=now)
    elif position % 3 != 2:
        paid_at = min(now, invoice.issued_at + timedelta(days=2))
        today = paid_at.astimezone(ZoneInfo(current_brand().time_zone)).date()
        payment = manual_payments.record_payment(
            invoice=invoice,
            amount=invoice.due,
            means="transfer",
            received_on=today,
            reference=invoice.number or "",
            by=cast.owner,
            now=paid_at,
        )
        if position == 6:
            half = Money(invoice.total_amount // 2, invoice.currency)
            refunds.refund_invoice(
                invoice=invoice, payment=payment, amount=half, reason="Ended early.", by=cast.owner, now=now
            )


def _switch_on(cast: Cast, now: datetime) -> None:
    """From now on every completed appointment becomes an invoice at once."""
    terms = catalogue.BillingTerms(
        number_prefix=current_brand().name[:3].upper(), due_days=14, invoice_at_completion=True
    )
    catalogue.save_settings(terms=terms, by=cast.owner, now=now)


def _chase(cast: Cast, now: datetime) -> None:
    """Reminders are on; the oldest that is open was promised by telephone, the next one is reminded of by hand."""
    schedule = holding.Terms(is_on=True, first_days=3, second_days=10, third_days=21)
    holding.save_settings(terms=schedule, by=cast.owner, now=now)
    oldest = list(overdue_invoices(organization.today(now))[:2])
    for invoice in oldest[:1]:
        until = organization.today(now) + timedelta(days=7)
        holding.hold_reminders(
            invoice=invoice, kind="promised", until=until, note="Promised on the telephone.", by=cast.owner, now=now
        )
    reminding.remind_each(batches=[[invoice] for invoice in oldest[1:]], by=cast.owner, now=now)
