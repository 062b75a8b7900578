"""Payments: the list, one payment, its receipt; money noted by hand, reversed, given back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import manual_payments, refunds
from billing.actions.payments import refresh_payment
from billing.documents import Formatter, receipt_file
from billing.models import Invoice, Payment, PaymentShare
from billing.permissions import MANAGE
from billing.queries import organization
from core.kernel.errors import GatewayError
from portal.billing import presenters
from portal.billing.base import BillingView, MoneyView
from portal.billing.files import pdf_answer
from portal.billing.forms import PaymentForm, ReasonForm, RefundForm
from portal.billing.search import every_word, in_any
from portal.periods import period_of

PER_PAGE = 25


def _with(word: str) -> Q:
    """Payments in whose payer, reference or invoices' numbers and names the word occurs."""
    shares = PaymentShare.objects.filter(
        in_any(word, "invoice__number", "invoice__client__first_name", "invoice__client__last_name")
    )
    return in_any(word, "payer_name", "reference") | Q(pk__in=shares.values("payment_id"))


class PaymentListView(MoneyView):
    """What came in. Attempts that were never finished are not shown."""

    section = "payments"

    def get(self, request: HttpRequest) -> HttpResponse:
        query, means, period = request.GET.get("q", "").strip()[:80], request.GET.get("means", ""), period_of(request)
        found = permissions.payments_visible_to(self.user).exclude(
            state__in=[Payment.State.STARTED, Payment.State.CANCELLED]
        )
        found = found.filter(every_word(query, _with), **period.instants("started_at"))
        if means in Payment.Means.values:
            found = found.filter(means=means)
        page = Paginator(found.order_by("-started_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
        rows = [presenters.payment_row(payment) for payment in page.object_list]
        asked = {"query": query, "means": means, "period": period, "is_asked": bool(query or means or period)}
        return self.page(
            "billing/payment_list.html", {"rows": rows, "page": page, "all_means": Payment.Means.choices, **asked}
        )


class PaymentView(MoneyView):
    """How a payment stands. Coming back from the card fields asks the processor, so that nobody waits for an event."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payment = permissions.get_payment(self.user, pk)
        try:
            payment = refresh_payment(payment=payment, now=self.now)
        except GatewayError as error:
            messages.warning(request, error.message)
        context = {
            "row": presenters.payment_row(payment),
            "shares": presenters.share_rows(payment),
            "is_mine": payment.payer_id == self.user.pk,
            "can_reverse": self.manages
            and payment.means != Payment.Means.CARD
            and payment.state == Payment.State.SUCCEEDED,
        }
        return self.page("billing/payment_detail.html", context)


class PaymentReceiptView(MoneyView):
    """The receipt as a file; for what has come in only."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payment = permissions.get_payment(self.user, pk)
        if payment.state != Payment.State.SUCCEEDED:
            raise Http404
        content = receipt_file(payment, Formatter(get_language() or "en", self.user.time_zone))
        return pdf_answer(content, f"receipt-{str(payment.pk)[-12:]}")


class InvoicePaymentView(BillingView):
    """Note money that came by transfer or cash."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = permissions.get_invoice(self.user, pk, to=MANAGE)
        return self._form_page(invoice, PaymentForm(due=invoice.due, today=organization.today(self.now)))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = permissions.get_invoice(self.user, pk, to=MANAGE)
        form = PaymentForm(request.POST, due=invoice.due, today=organization.today(self.now))
        if form.is_valid() and self.attempt(form, lambda: self._record(invoice, form)):
            messages.success(request, _("The payment is noted."))
            return redirect("billing:invoice", pk=pk)
        return self._form_page(invoice, form, status=422)

    def _record(self, invoice: Invoice, form: PaymentForm) -> None:
        values = dict(form.cleaned_data)
        manual_payments.record_payment(
            invoice=invoice, amount=values.pop("price"), by=self.user, now=self.now, **values
        )

    def _form_page(self, invoice: Invoice, form: PaymentForm, status: int = 200) -> HttpResponse:
        context = {"invoice": invoice, "form": form, "due": presenters.shown(invoice.due)}
        return self.page("billing/payment_form.html", context, status=status)


class PaymentReversalView(BillingView):
    """Undo a payment that was noted by mistake; the rows stay, reversing ones are added."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._form_page(permissions.get_payment(self.user, pk, to=MANAGE), ReasonForm())

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        payment = permissions.get_payment(self.user, pk, to=MANAGE)
        form = ReasonForm(request.POST)
        if form.is_valid() and self.attempt(
            form,
            lambda: manual_payments.reverse_payment(
                payment=payment, reason=form.cleaned_data["reason"], by=self.user, now=self.now
            ),
        ):
            messages.success(request, _("The payment is reversed. The invoice is open again."))
            return redirect("billing:payment", pk=pk)
        return self._form_page(payment, form, status=422)

    def _form_page(self, payment: Payment, form: ReasonForm, status: int = 200) -> HttpResponse:
        return self.page(
            "billing/reversal_form.html", {"row": presenters.payment_row(payment), "form": form}, status=status
        )


class InvoiceRefundView(BillingView):
    """Give money back, in whole or in part."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = permissions.get_invoice(self.user, pk, to=MANAGE)
        return self._form_page(invoice, self._form(invoice))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = permissions.get_invoice(self.user, pk, to=MANAGE)
        form = self._form(invoice, request.POST)
        if form.is_valid() and self.attempt(form, lambda: self._refund(invoice, form)):
            return redirect("billing:invoice", pk=pk)
        return self._form_page(invoice, form, status=422)

    def _form(self, invoice: Invoice, sent: object = None) -> RefundForm:
        paid = invoice.shares.filter(payment__state=Payment.State.SUCCEEDED).select_related("payment")
        shares = [share for share in paid if share.refundable]
        return RefundForm(sent, shares=shares, language=get_language() or "en")

    def _refund(self, invoice: Invoice, form: RefundForm) -> None:
        share, values = form.shares[form.cleaned_data["payment"]], form.cleaned_data
        refund = refunds.refund_invoice(
            invoice=invoice,
            payment=share.payment,
            amount=values["price"],
            reason=values["reason"],
            by=self.user,
            now=self.now,
        )
        text = (
            _("The refund is on its way.")
            if share.payment.means == Payment.Means.CARD
            else _("The refund is noted: give the money back.")
        )
        messages.success(self.request, f"{text} {presenters.shown(refund.money)}")

    def _form_page(self, invoice: Invoice, form: RefundForm, status: int = 200) -> HttpResponse:
        return self.page("billing/refund_form.html", {"invoice": invoice, "form": form}, status=status)
