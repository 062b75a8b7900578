"""Packages sold and bought: an invoice, and units once the organization's policy lets them be used."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from billing import permissions as billing_permissions
from billing.actions.invoices import Item, draft_invoice, issue_invoice
from billing.models import Invoice, LedgerEntry
from billing.packages import permissions, wording
from billing.packages.actions import ledger
from billing.packages.audit_codes import PackagesAudit
from billing.packages.models import Package, PackageSettings, Purchase, UnitEntry
from billing.packages.queries import day_of, package_settings, units_left
from billing.packages.rules.package_terms import last_day
from billing.queries.invoices import standing_of
from billing.queries.payers import NOBODY, Payer, agent_payer, login_payer, payer_for
from billing.queries.recipients import may_be_mailed
from billing.rules.balances import Kind
from branding.queries import current_brand
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import Client, User
from core.people.queries import agents_of
from core.people.rules.client_status import is_paid_for


@transaction.atomic
def sell_package(*, package: Package, client: Client, by: Any, now: datetime) -> Purchase:
    """Sell a package for the client to whoever pays for them; the invoice stays a draft where nobody can be mailed.

    Errors: `client_inactive`, `package_off_sale`, and of `draft_invoice`.
    """
    billing_permissions.check_manages(by)
    purchase = _sell(package, client, payer_for(client), by=by, asks=by, now=now)
    audit.record(PackagesAudit.PACKAGE_SOLD, by=by, subject=purchase, changes=_facts(purchase))
    return purchase


@transaction.atomic
def buy_package(*, package: Package, client: Client, by: User, now: datetime) -> Purchase:
    """The payer buys it by themselves; the invoice is theirs. Errors: of `sell_package`; NotFound for who cannot buy for the client."""
    if not permissions.clients_bought_for_by(by).filter(pk=client.pk).exists():
        raise NotFound("client")
    if not permissions.packages_on_sale().filter(pk=package.pk).exists():
        raise _off_sale()
    purchase = _sell(package, client, _payer_who_buys(by, client), by=audit.SYSTEM, asks=by, now=now)
    audit.record(PackagesAudit.PACKAGE_BOUGHT, by=by, subject=purchase, changes=_facts(purchase))
    return purchase


def _payer_who_buys(user: User, client: Client) -> Payer:
    agent = agents_of(client).filter(user=user).first()
    return agent_payer(agent) if agent is not None else login_payer(user, client)


def _sell(package: Package, client: Client, payer: Payer, *, by: Any, asks: Any, now: datetime) -> Purchase:
    # Its row is held, so that it is sold as it stands, whoever changes it meanwhile.
    package = Package.objects.select_for_update(no_key=True).get(pk=package.pk)
    if not package.is_active:
        raise _off_sale()
    if not is_paid_for(client.status):
        raise DomainError(
            "client_inactive",
            translate("%(name)s is not active: make them active before selling them anything.", name=client),
            field="client",
        )
    today = day_of(now)
    purchase = Purchase(
        package=package,
        client=client,
        name=package.name,
        other_names=package.other_names,
        unit=package.unit,
        units=package.units,
        amount=package.amount,
        currency=package.currency,
        weekly_limit=package.weekly_limit,
        covers_all=package.covers_all,
        usable_when=package_settings().usable_when,
        bought_on=today,
        expires_on=last_day(today, package.validity),
        sold_at=now,
        sold_by=str(asks)[:200],
    )
    chosen = payer if payer is not NOBODY else None
    invoice = draft_invoice(client=client, items=[_item(purchase, payer, package)], payer=chosen, by=by, now=now)
    purchase.invoice = invoice
    purchase.save()
    purchase.services.set(package.services.all())
    if invoice.payer_kind != Invoice.PayerKind.NOBODY and may_be_mailed(invoice):
        issue_invoice(invoice=invoice, by=by, now=now)
        purchase.refresh_from_db()
    return purchase


def _item(purchase: Purchase, payer: Payer, package: Package) -> Item:
    """What stands on the invoice, in the payer's language."""
    language = payer.user.reads if payer.user else current_brand().language
    with translation.override(language):
        detail = f"{wording.contents(purchase)}, {wording.validity_in_words(purchase)}"
        return Item(str(purchase.own_name), purchase.price, package.tax_rate, detail=detail)


def _off_sale() -> ConflictError:
    return ConflictError("package_off_sale", translate("This package is not on sale any more."))


def _facts(purchase: Purchase) -> dict[str, list[Any]]:
    return {"price": [None, str(purchase.price)], "client": [None, str(purchase.client_id)]}


def follow_invoice(*, invoice: Invoice, entry: LedgerEntry, by: Any, now: datetime) -> None:
    """Let packages be used, or not, as their invoice stands after a new row of its ledger; of a claim that is gone, the units go too.

    ConflictError `package_used`, which keeps an invoice from being voided of which units were used.
    """
    keys = list(Purchase.objects.filter(invoice=invoice).values_list("pk", flat=True))
    if not keys or (entry.refund is not None and entry.kind == Kind.REFUNDED and entry.refund.credited_amount):
        return  # because the row that takes the claim away comes next
    purchases = ledger.locked(keys)
    standing = standing_of(invoice)
    if standing.is_void and _is_used(purchases.values()):
        raise ConflictError(
            "package_used",
            translate("Units of this package were used. Claim less, or refund what is left of the package."),
        )
    for purchase in purchases.values():
        is_claimed = bool(standing.claim)
        released = is_claimed and (purchase.usable_when == PackageSettings.Usable.ISSUED or not standing.due)
        _release(purchase, by=by, now=now) if released else _hold(purchase, by=by, now=now)
        if not is_claimed and entry.kind in (Kind.VOIDED.value, Kind.CREDITED.value):
            withdraw(purchase, by=by, now=now)


def _is_used(purchases: Any) -> bool:
    rows = UnitEntry.objects.filter(purchase__in=[each.pk for each in purchases]).order_by()
    sums: dict[str, int] = {}
    for kind, units in rows.values_list("kind", "units"):
        sums[kind] = sums.get(kind, 0) + units
    return bool(sums.get(UnitEntry.Kind.USED, 0) + sums.get(UnitEntry.Kind.RETURNED, 0))


def _release(purchase: Purchase, *, by: Any, now: datetime) -> None:
    if purchase.is_released:
        return
    if not purchase.entries.exists():
        ledger.post(UnitEntry.Kind.BOUGHT, purchase.units, purchase=purchase, by=by, now=now)
    purchase.is_released = True
    purchase.save(update_fields=["is_released"])
    audit.record(PackagesAudit.PACKAGE_RELEASED, by=by, subject=purchase)


def _hold(purchase: Purchase, *, by: Any, now: datetime) -> None:  # noqa: ARG001 because every act is told when it is
    if not purchase.is_released:
        return
    purchase.is_released = False
    purchase.save(update_fields=["is_released"])
    audit.record(PackagesAudit.PACKAGE_HELD, by=by, subject=purchase)


def withdraw(purchase: Purchase, *, by: Any, now: datetime) -> None:
    """Take out what is left of it."""
    left = units_left([purchase])[purchase.pk]
    if left:
        ledger.post(UnitEntry.Kind.REFUNDED, -left, purchase=purchase, by=by, now=now)
        audit.record(PackagesAudit.UNITS_REFUNDED, by=by, subject=purchase, changes={"units": [left, 0]})
