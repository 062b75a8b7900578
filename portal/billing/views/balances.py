"""What clients owe, from the ledger."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from billing import permissions
from billing.queries import organization
from billing.queries.invoices import balances
from core.kernel.money import Money
from portal.billing import presenters
from portal.billing.base import BillingView

MOST_ROWS = 200


class BalanceListView(BillingView):
    """Who owes what, and who has credit."""

    section = "balances"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = balances(permissions.clients_billed_by(self.user))
        sums: dict[str, Money] = {}
        for balance in found:
            currency = balance.amount.currency
            sums[currency] = sums.get(currency, Money.zero(currency)) + balance.amount
        context = {
            "rows": [presenters.balance_row(balance) for balance in found],
            "sums": [presenters.shown(total) for total in sums.values()],
        }
        return self.page("billing/balance_list.html", context)


class BalanceView(BillingView):
    """One client's account: every row of the ledger, with the balance after it."""

    section = "balances"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = permissions.get_billed_client(self.user, pk)
        entries = permissions.ledger_visible_to(self.user).filter(client=client).order_by("at", "id")[:MOST_ROWS]
        after: dict[str, Money] = {}
        rows = []
        for entry in entries:
            after[entry.currency] = after.get(entry.currency, Money.zero(entry.currency)) + entry.money
            rows.append(
                {
                    "at": entry.at, "what": _(entry.get_kind_display()).capitalize(), "invoice": entry.invoice,
                    "amount": presenters.shown(entry.money), "balance": presenters.shown(after[entry.currency]),
                    "note": entry.reason_sentence, "by": entry.by,
                }
            )  # fmt: skip
        balance = [presenters.shown(amount) for amount in after.values()] or [
            presenters.shown(Money.zero(organization.currency()))
        ]
        return self.page(
            "billing/balance_detail.html",
            {"client": client, "client_id": str(client.pk), "rows": rows[::-1], "balance": balance},
        )
