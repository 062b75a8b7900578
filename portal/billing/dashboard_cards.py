"""What the dashboard shows of money: bills to pay, work for whoever bills, and one's own wages."""

from django.db.models import Count, Q
from django.http import HttpRequest

from billing import permissions
from billing.models import Charge, Invoice
from billing.queries import organization
from billing.queries.invoices import sums_due
from billing.wages import permissions as wage_permissions
from billing.wages.queries import balances
from core.kernel import clock
from core.people.models import User
from portal.billing import presenters
from portal.panels import Panel

SHOWN = 3


def to_pay(request: HttpRequest) -> Panel | None:
    """Open invoices of a payer, an agent or a client's login, the next due first."""
    user: User = request.user  # type: ignore[assignment]
    if permissions.can_manage_billing(user):
        return None
    payable = permissions.invoices_payable_by(user)
    due = sums_due(payable)
    if not due:
        return None
    first = payable.select_related("client").order_by("due_on", "pk")[:SHOWN]
    context = {
        "rows": presenters.invoice_rows(first, organization.today(clock.now())),
        "sums": [presenters.shown(amount) for amount, _ in due.values()],
        "count": sum(count for _, count in due.values()),
    }
    return Panel("billing/_to_pay.html", context, wide=False)


def to_bill(request: HttpRequest) -> Panel | None:
    """For whoever bills: charges that await an invoice, drafts, and what is overdue."""
    user: User = request.user  # type: ignore[assignment]
    if not permissions.can_manage_billing(user):
        return None
    drafts = Q(state=Invoice.State.DRAFT)
    overdue = Q(state=Invoice.State.OPEN, is_disputed=False, due_on__lt=organization.today(clock.now()))
    disputed = Q(is_disputed=True)
    found = permissions.invoices_visible_to(user).filter(drafts | overdue | disputed)
    wanted = {"drafts": drafts, "overdue": overdue, "disputes": disputed}
    counts = found.aggregate(**{name: Count("pk", filter=condition) for name, condition in wanted.items()})
    context = {
        **counts,
        "charges": permissions.charges_visible_to(user).filter(state=Charge.State.OPEN).count(),
    }
    return Panel("billing/_to_bill.html", context, wide=False) if any(context.values()) else None


def own_wages(request: HttpRequest) -> Panel | None:
    """For whoever earns here and does not manage wages: what is owed to them."""
    user: User = request.user  # type: ignore[assignment]
    if user.staff is None or wage_permissions.can_manage_wages(user):
        return None
    owed = balances([user.staff])
    if not owed:
        return None
    context = {"rows": [presenters.shown(balance.money) for balance in owed], "count": sum(b.entries for b in owed)}
    return Panel("billing/_own_wages.html", context, wide=False)
