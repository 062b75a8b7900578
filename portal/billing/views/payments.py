"""Payments: the list, one payment, its receipt; money noted by hand, reversed, given back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import manual_payments, refunds
from billing.actions.payments import end_payment, refresh_payment
from billing.documents import Formatter, receipt_file
from billing.models import Invoice, Payment, PaymentShare, Refund
from billing.permissions import MANAGE, RECORD
from billing.queries import organization
from billing.queries.disputes import running_disputes
from billing.queries.recipients import may_be_mailed
from core.kernel.search import Word
from core.people.queries import clients_with, found_by
from core.people.roles import Permission
from portal.billing import presenters
from portal.billing.base import (
    BillingActionView,
    BillingFormView,
    BillingListView,
    BillingPageView,
    ManagedInvoiceMixin,
    PageMixin,
)
from portal.billing.files import pdf_answer
from portal.billing.forms import PaymentForm, RefundForm, ToldReasonForm
from portal.delivery_log import failed_steps_about, mails_about
from portal.forms import AskingView, Refusal
from portal.periods import period_of

PER_PAGE = 25


def _with(word: Word) -> Q:
    """Payments in whose payer, reference or invoices the word is found."""
    invoices = Invoice.objects.filter(word.in_("search_key") | Q(client__in=clients_with(word)))
    shares = PaymentShare.objects.filter(invoice__in=invoices)
    return word.in_("search_key") | Q(pk__in=shares.values("payment_id"))


class PaymentListView(BillingListView):
    """What came in. Attempts that were never finished are not shown."""

    section = "payments"

    def get(self, request: HttpRequest) -> HttpResponse:
        query, means, period = request.GET.get("q", "").strip()[:80], request.GET.get("means", ""), period_of(request)
        found = permissions.payments_visible_to(self.user).exclude(
            state__in=[Payment.State.STARTED, Payment.State.CANCELLED]
        )
        found = found_by(query, found.filter(**period.instants("started_at")), _with)
        if means in Payment.Means.values:
            found = found.filter(means=means)
        page = Paginator(found.order_by("-started_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
        disputed = {each.payment_id for each in running_disputes().filter(payment__in=list(page.object_list))}
        rows = [presenters.payment_row(payment, is_disputed=payment.pk in disputed) for payment in page.object_list]
        asked = {"query": query, "means": means, "period": period, "is_asked": bool(query or means or period)}
        return self.page(
            "billing/payment_list.html", {"rows": rows, "page": page, "all_means": Payment.Means.choices, **asked}
        )


class PaymentView(PageMixin, AskingView):
    """How a payment stands. Coming back from the card fields asks the processor, so that nobody waits for an event."""

    section = "payments"

    def load(self, pk: UUID) -> None:
        self.payment = permissions.get_payment(self.user, pk)

    def ask(self) -> Payment:
        return refresh_payment(payment=self.payment, now=self.now)

    def refused(self, refusal: Refusal) -> HttpResponse:
        """As it was known to stand, and that nobody could be asked."""
        messages.warning(self.request, refusal.message)
        self.asked = self.payment
        return self.show()

    def show(self) -> HttpResponse:
        payment = self.asked
        context = {
            "row": presenters.payment_row(payment, is_disputed=any(each.is_running for each in payment.disputes.all())),
            "shares": presenters.share_rows(payment),
            "disputes": list(payment.disputes.select_related("payment")),
            "is_mine": payment.payer_id == self.user.pk,
            "can_end": self.manages and payment.is_live,
            "receipt_told": _receipt_told(payment),
            "mails": mails_about(payment) if self.manages else [],
            "failed_steps": failed_steps_about(payment) if self.manages else [],
            "can_reverse": self.manages
            and payment.means != Payment.Means.CARD
            and payment.state == Payment.State.SUCCEEDED,
        }
        return self.page("billing/payment_detail.html", context)


class PaymentReceiptView(BillingPageView):
    """The receipt as a file; for what has come in only."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payment = permissions.get_payment(self.user, pk)
        if payment.state != Payment.State.SUCCEEDED:
            raise Http404
        content = receipt_file(payment, Formatter(get_language() or "en", self.user.time_zone))
        return pdf_answer(content, f"receipt-{str(payment.pk)[-12:]}")


class InvoicePaymentView(ManagedInvoiceMixin, BillingFormView):
    """Note money that came by transfer or cash; for whoever takes payments."""

    needs = Permission.TAKE_PAYMENTS
    template_name = "billing/payment_form.html"
    edits = True
    calls_processor = True
    success_message = gettext_lazy("The payment is noted.")

    def load(self, pk: UUID) -> None:
        self.invoice = permissions.get_invoice(self.user, pk, to=RECORD)

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"what is due": self.invoice.due}  # because the same money must not be noted by two people

    def get_form(self, *posted: Any) -> PaymentForm:
        return PaymentForm(*posted, due=self.invoice.due, today=organization.today(self.now))

    def perform(self, form: PaymentForm) -> Payment:
        values = dict(form.cleaned_data)
        amount = values.pop("price")
        return manual_payments.record_payment(invoice=self.invoice, amount=amount, by=self.user, now=self.now, **values)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        due = presenters.shown(self.invoice.due)
        return {**super().get_context_data(form), "invoice": self.invoice, "due": due}


class PaymentReversalView(BillingFormView):
    """Undo a payment that was noted by mistake; the rows stay, reversing ones are added."""

    section = "payments"
    form_class = ToldReasonForm
    template_name = "billing/reversal_form.html"
    edits = False
    success_message = gettext_lazy("The payment is reversed: what it paid is due again.")

    def load(self, pk: UUID) -> None:
        self.payment = permissions.get_payment(self.user, pk, to=MANAGE)

    def perform(self, form: ToldReasonForm) -> Payment:
        reason = form.cleaned_data["reason"]
        return manual_payments.reverse_payment(payment=self.payment, reason=reason, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "row": presenters.payment_row(self.payment)}

    def get_success_url(self) -> str:
        return reverse("billing:payment", args=[self.payment.pk])


class PaymentEndView(BillingActionView):
    """End a card payment that its payer left unfinished: it is in nobody's way any more."""

    section = "payments"
    calls_processor = True
    success_message = gettext_lazy("The unfinished payment is ended. Nothing was charged.")

    def load(self, pk: UUID) -> None:
        self.payment = permissions.get_payment(self.user, pk, to=MANAGE)

    def perform(self) -> Payment:
        return end_payment(payment=self.payment, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        shares = list(self.payment.shares.all()[:2])
        if len(shares) == 1:
            return reverse("billing:invoice", args=[shares[0].invoice_id])
        return reverse("billing:payment", args=[self.payment.pk])


class InvoiceRefundView(ManagedInvoiceMixin, BillingFormView):
    """Give money back, in whole or in part."""

    template_name = "billing/refund_form.html"
    edits = True

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"refundable": [(share.pk, share.refundable) for share in self.invoice.shares.all()]}

    def get_form(self, *posted: Any) -> RefundForm:
        paid = self.invoice.shares.filter(payment__state=Payment.State.SUCCEEDED).select_related("payment")
        shares = [share for share in paid if share.refundable]
        return RefundForm(
            *posted, shares=shares, currency=self.invoice.currency, has_claim=bool(self.invoice.claim),
            language=get_language() or "en",
        )  # fmt: skip

    def perform(self, form: RefundForm) -> Refund:
        values = form.cleaned_data
        return refunds.refund_invoice(
            invoice=self.invoice,
            payment=form.shares[values["payment"]].payment,
            amount=values["price"],
            reason=values["reason"],
            keeps_claim=values.get("claim") == RefundForm.STILL_DUE,
            by=self.user,
            now=self.now,
        )

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        overpaid = presenters.shown(self.invoice.overpaid) if self.invoice.overpaid else ""
        return {**super().get_context_data(form), "invoice": self.invoice, "overpaid": overpaid}

    def get_success_message(self) -> str:
        by_card = self.result.payment.means == Payment.Means.CARD
        text = _("The refund is on its way.") if by_card else _("The refund is noted: give the money back.")
        return f"{text} {presenters.shown(self.result.money)}"


def _receipt_told(payment: Payment) -> str:
    """Where the payer gets the receipt."""
    invoice = payment.invoices.select_related("client", "payer_user").order_by("number").first()
    if payment.payer is None or invoice is None or not may_be_mailed(invoice, payment.payer):
        return _("The receipt is at the top of this page.")
    return _("The receipt comes by mail to %(address)s.") % {"address": payment.payer.email}
