"""Payments by card that are disputed at the sandbox: one to answer, one answered, one won. Then the books are compared with it."""

import json
import urllib.parse
import urllib.request
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.actions import disputes, evidence, payments
from billing.documents import Formatter, invoice_file
from billing.gateways import gateway
from billing.models import Dispute, Invoice, Payment
from billing.queries.disputes import sold_by
from billing.queries.processor import account_in_use
from billing.reconciliation.actions.comparing import compare_now
from core.people.models import User
from deploy.local.seed.people import Cast

STORIES = (("product_not_received", ""), ("fraudulent", "under_review"), ("duplicate", "won"))


def fill_disputes(cast: Cast, *, now: datetime) -> None:
    """Left out where payments are not the sandbox's, and of invoices that no login pays."""
    if account_in_use() is None:
        return
    those = Invoice.objects.filter(state=Invoice.State.OPEN, payer_user__isnull=False, client__status="active")
    chosen = [each for each in those.order_by("-issued_at", "-pk") if each.payer_user and each.payer_user.staff is None]
    for invoice, (reason, end) in zip(chosen, STORIES, strict=False):
        assert invoice.payer_user is not None
        payment = _pay(invoice, invoice.payer_user, now)
        dispute = _dispute(payment, reason, now)
        _answer(dispute, invoice, cast.owner, now)
        if end:
            evidence.send_answer(dispute=dispute, by=cast.owner, now=now)
        if end == "won":
            _post(f"/_sandbox/disputes/{dispute.external_id}/close", status="won")
            _hear(payment, dispute.external_id, now)
    compare_now(by=cast.owner, now=now)


def _pay(invoice: Invoice, payer: User, now: datetime) -> Payment:
    started = payments.start_payment(invoices=[invoice.pk], by=payer, now=now).payment
    confirm = f"/v1/payment_intents/{started.external_id}/confirm"
    _post(confirm, account=started.account_id, payment_method="pm_card_visa", return_url="http://localhost/")
    return payments.refresh_payment(payment=started, now=now)


def _dispute(payment: Payment, reason: str, now: datetime) -> Dispute:
    intent = _post(f"/v1/payment_intents/{payment.external_id}", account=payment.account_id, description="Disputed")
    opened = _post(f"/_sandbox/charges/{intent['latest_charge']}/dispute", reason=reason)
    return _hear(payment, opened["id"], now)


def _hear(payment: Payment, external_id: str, now: datetime) -> Dispute:
    facts = gateway().retrieve_dispute(payment.account_id, external_id)
    return disputes.apply_dispute(payment=payment, facts=facts, now=now)


def _answer(dispute: Dispute, invoice: Invoice, by: User, now: datetime) -> None:
    sold, when = sold_by(dispute, "en")
    said = "It took place as agreed, and they came. We wrote to each other before and after it."
    answer = evidence.Answer(what_was_sold=sold, when_it_was=when, explanation=said)
    evidence.save_answer(dispute=dispute, answer=answer, by=by, now=now)
    paper = SimpleUploadedFile(f"{invoice.number}.pdf", invoice_file(invoice, Formatter("en", "UTC")))
    evidence.add_file(dispute=dispute, kind="service_documentation", given=paper, by=by, now=now)


def _post(path: str, *, account: str = "", **form: str) -> Any:
    """At the sandbox, as the payer's browser or the bank."""
    headers = {"Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}", "Stripe-Account": account}
    request = urllib.request.Request(
        f"{settings.STRIPE_API_BASE}{path}", urllib.parse.urlencode(form).encode(), headers if account else {}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
