"""Something is paid in advance by the link in its mail, or right after booking, without signing in. Looking changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from billing.actions import payments
from billing.models import Payment
from billing.prepayments.actions import paying
from billing.prepayments.models import Prepayment
from billing.prepayments.queries import open_prepay_link
from branding.queries import current_brand
from core.kernel import clock, limits
from core.kernel.errors import DomainError, GatewayError, NotFound
from core.scheduling.models import Appointment
from core.scheduling.queries import levels_of
from core.scheduling.rules import wall_time
from core.scheduling.rules.cancellation import consequence
from portal.billing import presenters
from portal.billing.views.card_links import private
from portal.billing.views.checkout import card_fields
from portal.forms import status_of
from portal.middleware import client_address
from portal.once import OnceMixin

VISITS = limits.Limit("prepay_link", 300, timedelta(minutes=15))  # from one address
BEGUN = "prepay_link"  # in the session of the browser that began to pay: the payment


class PrepayPage(View):
    """What the pages of a link have in common."""

    prepayment: Prepayment
    now: datetime

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        self.now = clock.now()
        limits.count([(VISITS, client_address(request) or "")], now=self.now)
        try:
            self.prepayment = open_prepay_link(token)
        except NotFound:
            return private(render(request, "billing/pay_link_closed.html", status=404))
        return private(super().dispatch(request, token))  # type: ignore[arg-type]

    def get_sender(self) -> str:
        return f"pre:{self.prepayment.pk.hex}"  # a sender has 40 letters

    def begun(self) -> Payment | None:
        """The payment that this browser has begun."""
        return Payment.objects.filter(
            pk=self.request.session.get(BEGUN), prepayment_attempt__prepayment=self.prepayment
        ).first()

    def state(self) -> HttpResponse:
        """It is paid, let go, or not asked for any more."""
        status = 200 if self.prepayment.state in (Prepayment.State.HELD, Prepayment.State.USED) else 410
        return self.shown("billing/prepay_over.html", {}, status=status)

    def summary(self, *, refusal: str = "") -> HttpResponse:
        return self.shown("billing/prepay.html", {"refusal": refusal}, status=409 if refusal else 200)

    def shown(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        found, named = self.prepayment, current_brand().names_in_mail
        facts = {
            "token": self.kwargs["token"], "amount": presenters.shown(found.total), "state": found.state,
            "is_part": found.amount != found.price_amount, "price": presenters.shown(found.price),
            "adds_tax": bool(found.tax_rate) and not found.prices_include_tax,
            "what": found.what if named else "", "client_name": found.client.name if named else "",
            "happens_at": found.happens_at, "due_at": found.due_at, "zone": wall_time.zone(found.payer.time_zone),
            "zone_name": found.payer.time_zone, "terms": self.terms(),
        }  # fmt: skip
        return render(self.request, template, {**facts, **context}, status=status)

    def terms(self) -> dict[str, Any] | None:
        """What cancelling would mean, by the policy that the booking has kept."""
        appointment = Appointment.objects.select_related("policy").filter(pk=self.prepayment.appointment_id).first()
        if appointment is None:
            return None
        levels = sorted(levels_of(appointment.policy), key=lambda level: -level.hours_before)
        found = consequence(levels, starts_at=appointment.starts_at, now=self.now)
        is_ahead = found.free_until is not None and found.free_until > self.now
        return {"levels": levels, "free_until": found.free_until if is_ahead else None}

    def address(self, name: str) -> str:
        return reverse(f"billing:{name}", args=[self.kwargs["token"]])


class PrepayView(OnceMixin, PrepayPage):
    """How much, for what, until when, and what cancelling means; and the button that begins to pay."""

    calls_processor = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.summary() if self.prepayment.is_payable(self.now) else self.state()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        if not self.prepayment.is_payable(self.now):
            return self.state()
        try:
            started = paying.start(prepayment=self.prepayment, now=self.now)
        except (DomainError, GatewayError) as refusal:
            self.prepayment.refresh_from_db()
            return self.summary(refusal=refusal.message) if self.prepayment.is_payable(self.now) else self.state()
        self.request.session[BEGUN] = str(started.payment.pk)
        self.note_sent(self.address("prepay-link-card"))
        return redirect(self.address("prepay-link-card"))


class PrepayCardView(OnceMixin, PrepayPage):
    """The card fields; their script asks once more, before it pays, whether this is asked for."""

    calls_processor = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            return redirect(self.address("prepay-link"))
        try:
            secret = paying.secret_of(prepayment=self.prepayment, payment=payment, now=self.now)
        except (DomainError, GatewayError) as refusal:
            self.prepayment.refresh_from_db()
            return self.summary(refusal=refusal.message) if self.prepayment.is_payable(self.now) else self.state()
        if not secret:
            return redirect(self.address("prepay-link-done"))
        payment.refresh_from_db()
        fields = card_fields(payment.account_id, secret, self.address("prepay-link-done"))
        return self.shown("billing/prepay_card.html", {"fields": fields, "failure": payment.failure_sentence})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.once(self.act)

    def act(self) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            raise NotFound
        saves = self.request.POST.get("save") == "yes"
        try:
            paying.prepare(prepayment=self.prepayment, payment=payment, save_card=saves, now=self.now)
        except (DomainError, GatewayError) as refusal:
            return JsonResponse({"message": refusal.message, "errors": {}}, status=status_of(refusal))
        self.note_sent(self.address("prepay-link-done"))
        return JsonResponse({"message": "", "url": self.address("prepay-link-done")})


class PrepayDoneView(PrepayPage):
    """Where the card fields lead: what became of it, as the processor says now."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self.begun()
        if payment is None:
            return redirect(self.address("prepay-link"))
        refusal = ""
        try:
            payment = payments.refresh_payment(payment=payment, now=self.now)
        except GatewayError as error:
            refusal = error.message
        if payment.state == Payment.State.REFUSED:
            return redirect(self.address("prepay-link-card"))
        self.prepayment.refresh_from_db()
        is_its = (
            self.prepayment.invoice_id is not None
            and payment.shares.filter(invoice=self.prepayment.invoice_id).exists()
        )
        context = {"row": presenters.payment_row(payment), "is_its": is_its, "refusal": refusal}
        return self.shown("billing/prepay_done.html", context)
