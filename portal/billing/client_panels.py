"""What a client's page shows of money, to those who may see costs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from billing import permissions
from billing.packages import permissions as package_permissions
from billing.prepayments.models import Prepayment
from billing.prepayments.permissions import prepayments_visible_to
from billing.prepayments.queries import exceptional_of
from billing.prepayments.rules.prepaying import Exceptional
from billing.queries import organization
from billing.queries.invoices import balances
from core.kernel import clock
from core.kernel.money import Money
from core.people.models import Client, User
from portal.billing import package_rows, prepayment_rows, presenters
from portal.panels import Panel

SHOWN = 5


def invoices(request: HttpRequest, client: Client) -> Panel | None:
    """The client's last invoices and balance; nothing at all for whom costs are hidden."""
    user: User = request.user  # type: ignore[assignment]
    if not _sees_costs(request, client):
        return None
    manages = permissions.can_manage_billing(user)
    found = permissions.invoices_visible_to(user).filter(client=client).select_related("client")
    context = {
        "rows": presenters.invoice_rows(
            found.order_by("-issued_at", "-created_at")[:SHOWN], organization.today(clock.now())
        ),
        "new_url": f"{reverse('billing:invoice-new')}?client={client.pk}" if manages else "",
        "balance_url": reverse("billing:balance", args=[client.pk]) if manages else "",
        "cards_url": reverse("billing:payer-cards", args=[client.pk]) if manages else "",
        "balance": [presenters.shown(each.amount) for each in balances(Client.objects.filter(pk=client.pk))]
        or [presenters.shown(Money.zero(organization.currency()))],
    }
    return Panel("billing/_client_invoices.html", context)


def packages(request: HttpRequest, client: Client) -> Panel | None:
    """The client's packages, the latest first, with what is left of them; nothing at all for whom costs are hidden."""
    user: User = request.user  # type: ignore[assignment]
    if not _sees_costs(request, client):
        return None
    manages = permissions.can_manage_billing(user)
    found = list(package_permissions.purchases_visible_to(user).filter(client=client)[:SHOWN])
    sale_url = f"{reverse('billing:package-sale')}?client={client.pk}" if manages else ""
    if not found and not manages:
        return None
    context = {"rows": package_rows.purchase_rows(found, organization.today(clock.now())), "sale_url": sale_url}
    return Panel("billing/_client_packages.html", context)


def prepayments(request: HttpRequest, client: Client) -> Panel | None:
    """What is held for the client or awaits payment; for whoever bills also whether they pay in advance. Nothing for whom costs are hidden."""
    user: User = request.user  # type: ignore[assignment]
    if not _sees_costs(request, client):
        return None
    manages, states = permissions.can_manage_billing(user), [Prepayment.State.ASKED, Prepayment.State.HELD]
    found = list(prepayments_visible_to(user).filter(client=client, state__in=states)[:SHOWN])
    if not found and not manages:
        return None
    words = {Exceptional.NEVER: _("Never asked"), Exceptional.ALWAYS: _("Always asked"), None: _("By the rule")}
    context = {
        "rows": prepayment_rows.prepayment_rows(found),
        "exception": words[exceptional_of(client)] if manages else "",
        "exception_url": reverse("billing:prepayment-exception", args=[client.pk]) if manages else "",
    }
    return Panel("billing/_client_prepayments.html", context)


def _sees_costs(request: HttpRequest, client: Client) -> bool:
    """Asked once for all panels of a page."""
    known: dict[Any, bool] = request.__dict__.setdefault("_sees_costs", {})
    if client.pk not in known:
        known[client.pk] = permissions.can_see_costs(request.user, client)  # type: ignore[arg-type]
    return known[client.pk]
