"""A payer pays one issued invoice by the link in its mail, without signing in. Looking changes nothing; paying begins with a button."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from billing.actions import payments
from billing.models import Invoice, Payment
from billing.queries.pay_links import may_pay, open_pay_link
from branding.queries import current_brand
from core.kernel import clock, limits
from core.kernel.errors import DomainError, GatewayError, NotFound
from core.people.models import User
from portal.billing import presenters
from portal.billing.views.card_links import private
from portal.billing.views.checkout import card_fields
from portal.forms import status_of
from portal.middleware import client_address
from portal.once import OnceMixin

VISITS = limits.Limit("pay_link", 300, timedelta(minutes=15))  # from one address
BEGUN = "pay_link"  # in the session of the browser that began to pay: the payment


class PayLinkPage(View):
    """What the pages of a link have in common: the invoice and whoever pays it."""

    invoice: Invoice
    payer: User
    now: datetime

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        self.now = clock.now()
        limits.count([(VISITS, client_address(request) or "")], now=self.now)
        try:
            self.invoice, self.payer = open_pay_link(token)
        except NotFound:
            return private(render(request, "billing/pay_link_closed.html", status=404))
        return private(super().dispatch(request, token))  # type: ignore[arg-type]

    def begun(self) -> Payment | None:
        """The payment that this browser has begun for this invoice, with its state as it is here."""
        return Payment.objects.filter(
            pk=self.request.session.get(BEGUN), payer=self.payer, shares__invoice=self.invoice
        ).first()

    def over(self) -> HttpResponse:
        """It is paid, void or not theirs any more. An amount is on none of these pages."""
        is_paid = self.invoice.state == Invoice.State.PAID
        context = {"number": self.invoice.number if is_paid else "", "is_paid": is_paid}
        return render(self.request, "billing/pay_link_closed.html", context, status=200 if is_paid else 410)

    def summary(self, *, refusal: str = "") -> HttpResponse:
        return self.shown("billing/pay_link.html", {"refusal": refusal}, status=409 if refusal else 200)

    def shown(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        named = current_brand().names_in_mail
        facts = {
            "number": self.invoice.number, "due": presenters.shown(self.invoice.due), "due_on": self.invoice.due_on,
            "client_name": self.invoice.client.name if named else "", "token": self.kwargs["token"],
            "lines": [line.description for line in self.invoice.lines.all()] if named else [],
        }  # fmt: skip
        return render(self.request, template, {**facts, **context}, status=status)

    def address(self, name: str) -> str:
        return reverse(f"billing:{name}", args=[self.kwargs["token"]])


class PayLinkView(OnceMixin, PayLinkPage):
    """What is due, and the button that begins to pay it."""

    calls_processor = True

    def get_sender(self) -> str:
        return f"pay:{self.invoice.pk.hex}"  # a sender has 40 letters

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.summary() if may_pay(self.invoice, self.payer) else self.over()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        """Begin, or go on with what was begun; why it cannot be is said above the amount."""
        if not may_pay(self.invoice, self.payer):
            return self.over()
        try:
            started = payments.start_payment(invoices=[self.invoice.pk], by=self.payer, now=self.now)
        except (DomainError, GatewayError) as refusal:
            return self.summary(refusal=refusal.message)
        self.request.session[BEGUN] = str(started.payment.pk)
        self.note_sent(self.address("pay-link-card"))
        return redirect(self.address("pay-link-card"))


class PayLinkCardView(OnceMixin, PayLinkPage):
    """The card fields, in the browser that began; its script asks once more, before it pays, whether this is due."""

    calls_processor = True

    def get_sender(self) -> str:
        return f"pay:{self.invoice.pk.hex}"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            return redirect(self.address("pay-link"))
        try:
            secret = payments.secret_of(payment=payment, by=self.payer, now=self.now)
        except (DomainError, GatewayError) as refusal:
            return self.summary(refusal=refusal.message) if may_pay(self.invoice, self.payer) else self.over()
        if not secret:
            return redirect(self.address("pay-link-done"))
        payment.refresh_from_db()
        fields = card_fields(payment.account_id, secret, self.address("pay-link-done"))
        return self.shown("billing/pay_link_card.html", {"fields": fields, "failure": payment.failure_sentence})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            raise NotFound
        saves = self.request.POST.get("save") == "yes"
        try:
            payments.prepare_payment(payment=payment, save_card=saves, by=self.payer, now=self.now)
        except (DomainError, GatewayError) as refusal:
            return JsonResponse({"message": refusal.message, "errors": {}}, status=status_of(refusal))
        self.note_sent(self.address("pay-link-done"))
        return JsonResponse({"message": "", "url": self.address("pay-link-done")})


class PayLinkDoneView(PayLinkPage):
    """Where the card fields lead: what became of the payment, as the processor says now."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            return redirect(self.address("pay-link"))
        try:
            payment = payments.refresh_payment(payment=payment, now=self.now)
        except GatewayError as refusal:
            return self.shown(
                "billing/pay_link_done.html", {"row": presenters.payment_row(payment), "refusal": refusal.message}
            )
        if payment.state == Payment.State.REFUSED:
            return redirect(self.address("pay-link-card"))
        return self.shown("billing/pay_link_done.html", {"row": presenters.payment_row(payment)})
