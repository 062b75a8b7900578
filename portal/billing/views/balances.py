"""What clients owe, from the ledger."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Sum, Window
from django.http import HttpRequest, HttpResponse

from billing import permissions
from billing.packages.permissions import purchases_visible_to
from billing.queries import organization
from billing.queries.invoices import balances_in, sums_of_balances
from billing.queries.owed import page_of_unsettled
from billing.rules.balances import Kind
from core.kernel.money import Money
from core.people.queries import found_by, in_client
from portal.billing import presenters
from portal.billing.base import BillingView
from portal.billing.package_rows import purchase_rows

PER_PAGE = 50


class BalanceListView(BillingView):
    """Who owes what, and who has credit."""

    section = "balances"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:80]
        billed = permissions.clients_billed_by(self.user)
        found = found_by(typed, billed, in_client)
        page, sums = page_of_unsettled(found, request.GET.get("page"), PER_PAGE)
        context = {
            "page": page,
            "query": typed,
            "kept": urlencode({"q": typed}) if typed else "",
            "rows": [presenters.balance_row(balance) for balance in balances_in(page.object_list)],
            "sums": [presenters.shown(total) for total in (sums_of_balances(billed) if typed else sums)],
        }
        return self.page("billing/balance_list.html", context)


class BalanceView(BillingView):
    """One client's account: every row of the ledger, with the balance after it."""

    section = "balances"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = permissions.get_billed_client(self.user, pk)
        entries = permissions.ledger_visible_to(self.user).filter(client=client)
        after = Window(Sum("amount"), partition_by=[F("currency")], order_by=["at", "id"])
        page = Paginator(entries.annotate(after=after).order_by("-at", "-id"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        rows = [
            {
                "at": entry.at, "what": presenters.LEDGER[Kind(entry.kind)], "invoice": entry.invoice,
                "amount": presenters.shown(entry.money), "balance": presenters.shown(Money(int(entry.after), entry.currency)),
                "note": entry.reason_sentence, "by": entry.by,
            }
            for entry in page
        ]  # fmt: skip
        sums = entries.order_by().values("currency").annotate(sum=Sum("amount")).order_by("currency")
        balance = [Money(int(row["sum"]), row["currency"]) for row in sums] or [Money.zero(organization.currency())]
        packages = purchases_visible_to(self.user).filter(client=client, is_released=True)[:PER_PAGE]
        context = {
            "packages": [row for row in purchase_rows(list(packages), organization.today(self.now)) if row["worth"]],
            "client": client, "client_id": str(client.pk), "rows": rows, "page": page,
        }  # fmt: skip
        return self.page(
            "billing/balance_detail.html",
            {**context, "balance": [presenters.shown(each) for each in balance]},
        )
