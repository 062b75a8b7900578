"""The comparison of books and payment service: the report, one asked for, one difference taken over."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.queries.processor import account_in_use
from billing.reconciliation import permissions
from billing.reconciliation.actions import comparing, taking_over
from billing.reconciliation.models import Difference, Reconciliation
from portal.billing import reconciliation_rows
from portal.billing.base import BillingActionView, BillingView

PER_PAGE = 50


class ReconciliationView(BillingView):
    """The last comparison, with each difference: what it is, and what to do."""

    section = "payments"

    def get(self, request: HttpRequest) -> HttpResponse:
        all_ = permissions.reconciliations_managed_by(self.user)
        last = all_.exclude(state=Reconciliation.State.WAITING).first()
        differences = last.differences.select_related("payment", "invoice") if last else Difference.objects.none()
        page = Paginator(differences, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "last": last,
            "page": page,
            "rows": [reconciliation_rows.row(each) for each in page.object_list],
            "waits": all_.filter(state=Reconciliation.State.WAITING).exists(),
            "can_compare": account_in_use() is not None,
            "earlier": all_.exclude(state=Reconciliation.State.WAITING)[1:6],
        }
        return self.page("billing/reconciliation.html", context)


class NewReconciliationView(BillingActionView):
    """Compare everything now."""

    section = "payments"
    success_message = gettext_lazy("The books are being compared. This page looks again by itself.")

    def perform(self) -> Reconciliation:
        return comparing.compare_now(by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:reconciliation")


class DifferenceView(BillingActionView):
    """Take over what the payment service has."""

    section = "payments"
    calls_processor = True
    success_message = gettext_lazy("Taken over. Compare again to see that it is settled.")

    def load(self, pk: UUID) -> None:
        self.difference = permissions.get_difference(self.user, pk)

    def perform(self) -> Difference:
        return taking_over.take_over(difference=self.difference, by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:reconciliation")
