"""What becomes of a package that was sold: frozen, transferred, refunded, expired."""

import logging
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Sum

from billing import permissions
from billing.actions.credit_notes import Credit, credit_invoice
from billing.models import CreditNote, Invoice, PaymentShare
from billing.packages import notifications
from billing.packages.actions import ledger
from billing.packages.audit_codes import PackagesAudit
from billing.packages.models import Purchase, UnitEntry
from billing.packages.queries import day_of, left_of, package_settings, paid_by_the_same
from billing.packages.rules.package_terms import GRACE, LONGEST_FREEZE, frozen_days, worth
from billing.queries.invoices import standing_of
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.people.models import Client
from core.people.rules.client_status import is_paid_for

logger = logging.getLogger(__name__)
MONEY, CREDIT, NOTHING = "money", "credit", "nothing"


@transaction.atomic
def freeze(*, purchase: Purchase, first: date, last: date, reason: str, by: Any, now: datetime) -> Purchase:
    """Let nothing of it be used on these days; its end moves by as many. Errors: `freeze_invalid`; ConflictError `frozen_already`, `package_over`."""
    permissions.check_manages(by)
    held, today = _held(purchase), day_of(now)
    if held.frozen_until is not None and held.frozen_until >= today:
        raise ConflictError("frozen_already", translate("It is frozen already. End that freeze first."))
    if held.expires_on is not None and held.expires_on < first:
        raise ConflictError("package_over", translate("It ends before that day."))
    if first < today:
        raise DomainError("freeze_invalid", translate("Choose today or a later day."), field="first")
    if not first <= last < first + LONGEST_FREEZE:
        raise DomainError(
            "freeze_invalid", translate("Choose a last day on or after the first, within a year."), field="last"
        )
    held.frozen_from, held.frozen_until = first, last
    _move_end(held, frozen_days(first, last), reason, by=by, now=now)
    changes = {"frozen": [None, f"{first} – {last}"], "expires_on": [None, str(held.expires_on)]}
    audit.record(PackagesAudit.PACKAGE_FROZEN, by=by, subject=held, changes=changes, reason=reason)
    return held


@transaction.atomic
def resume(*, purchase: Purchase, by: Any, now: datetime) -> Purchase:
    """End a freeze today: the days that it would still have taken are taken off the end again. ConflictError `not_frozen`."""
    permissions.check_manages(by)
    held, today = _held(purchase), day_of(now)
    if held.frozen_from is None or held.frozen_until is None or held.frozen_until < today:
        raise ConflictError("not_frozen", translate("It is not frozen any more."))
    begins = max(held.frozen_from, today)
    days = frozen_days(begins, held.frozen_until)
    if held.frozen_from >= today:
        held.frozen_from = held.frozen_until = None
    else:
        held.frozen_until = today - timedelta(days=1)
    _move_end(held, -days, "", by=by, now=now)
    changes = {"expires_on": [None, str(held.expires_on)], "days": [None, -days]}
    audit.record(PackagesAudit.PACKAGE_RESUMED, by=by, subject=held, changes=changes)
    return held


def _move_end(purchase: Purchase, days: int, reason: str, *, by: Any, now: datetime) -> None:
    if purchase.expires_on is not None:
        purchase.expires_on += timedelta(days=days)
    purchase.save(update_fields=["frozen_from", "frozen_until", "expires_on"])
    ledger.post(UnitEntry.Kind.FROZEN, 0, purchase=purchase, days=days, reason=reason.strip(), by=by, now=now)


@transaction.atomic
def transfer(*, purchase: Purchase, client: Client, units: int, reason: str, by: Any, now: datetime) -> Purchase:
    """Give units to another client for whom the same person pays, as a package of its own on the same terms.

    Errors: `client_invalid`, `client_inactive`, `units_invalid`; ConflictError `package_held`, `package_over`, `frozen_already`, `units_missing`.
    """
    permissions.check_manages(by)
    held, today = _held(purchase), day_of(now)
    _check_current(held, today)
    if client.pk == held.client_id or not paid_by_the_same(held.client, client):
        raise DomainError("client_invalid", translate("Choose somebody for whom the same person pays."), field="client")
    if not is_paid_for(client.status):
        raise DomainError("client_inactive", translate("%(name)s is not active.", name=client), field="client")
    left = left_of(held)
    if not 0 < units <= left:
        raise DomainError(
            "units_invalid", translate("Enter more than nothing, and at most what is left."), field="units"
        )
    moved = worth(held.price, left, held.units) - worth(held.price, left - units, held.units)
    services = list(held.services.all())
    ledger.post(UnitEntry.Kind.TRANSFERRED, -units, purchase=held, reason=reason.strip(), by=by, now=now)
    made = Purchase.objects.get(pk=held.pk)
    made.pk = made.id = Purchase._meta.pk.get_default()
    made._state.adding = True
    made.client, made.transferred_from = client, held
    made.units, made.amount = units, moved.amount
    made.sold_at, made.sold_by, made.expiry_told_on = now, str(by)[:200], None
    if made.weekly_limit is not None:
        made.weekly_limit = min(made.weekly_limit, units)
    made.save(force_insert=True)
    made.services.set(services)
    ledger.post(UnitEntry.Kind.TRANSFERRED, units, purchase=made, reason=reason.strip(), by=by, now=now)
    changes = {"units": [left, left - units], "client": [str(held.client_id), str(client.pk)]}
    audit.record(PackagesAudit.UNITS_TRANSFERRED, by=by, subject=held, changes=changes, reason=reason)
    return made


@transaction.atomic
def refund_left(*, purchase: Purchase, how: str, reason: str, by: Any, now: datetime) -> Money:
    """Take what is left out of the package, and give its worth back: as `money`, as `credit` on the account, or `nothing` where it is settled
    otherwise.

    Returns what was given back. Errors: `reason_missing`, `how_invalid`, `not_by_card`; ConflictError `units_missing`, `invoice_not_paid`.
    """
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the money is given back."), field="reason")
    if how not in (MONEY, CREDIT, NOTHING):
        raise DomainError("how_invalid", translate("Choose how."), field="how")
    # In the order in which a refund of the invoice holds them.
    list(PaymentShare.objects.select_for_update().filter(invoice=purchase.invoice_id).order_by("id"))
    invoice = Invoice.objects.select_for_update().get(pk=purchase.invoice_id)
    held = _held(purchase)
    left = left_of(held)
    if not left:
        raise ConflictError("units_missing", translate("Nothing of it is left."))
    if how != NOTHING and invoice.due:
        raise ConflictError(
            "invoice_not_paid",
            translate("The %(invoice)s is not paid: void it or claim less there, and give nothing back here."),
        )
    amount = refundable(held, left) if how != NOTHING else Money.zero(invoice.currency)
    ledger.post(UnitEntry.Kind.REFUNDED, -left, purchase=held, reason=reason.strip(), by=by, now=now)
    if amount:
        credit = Credit() if amount == invoice.claim else Credit(amount)
        credit_invoice(
            invoice=invoice,
            credit=credit,
            reason=CreditNote.Reason.ORDER_CHANGE,
            memo=reason,
            refunds_paid=how == MONEY,
            by=by,
            now=now,
        )
    changes = {"units": [left, 0], "amount": [None, str(amount)], "how": [None, how]}
    audit.record(PackagesAudit.UNITS_REFUNDED, by=by, subject=held, changes=changes, reason=reason)
    return amount


def refundable(purchase: Purchase, left: int) -> Money:
    """What these units cost with tax, and is still claimed: their part of the invoice.

    Parts that were given back before count, so that nothing is lost.
    """
    invoice = Invoice.objects.get(pk=purchase.invoice_id)
    root = Purchase.objects.get(invoice=invoice, transferred_from=None)
    gone = UnitEntry.objects.filter(purchase__invoice=invoice, kind=UnitEntry.Kind.REFUNDED).aggregate(sum=Sum("value"))
    before, value = -int(gone["sum"] or 0), worth(purchase.price, left, purchase.units).amount
    until, until_before = (worth(invoice.total, part, root.amount) for part in (before + value, before))
    standing = standing_of(invoice)
    return min(until - until_before, standing.claim, standing.kept)


def expire_packages(*, now: datetime) -> None:
    """Write off what is left of packages that ended a week ago. A nightly job; doing it twice changes nothing."""
    over = Purchase.objects.filter(expires_on__lt=day_of(now) - GRACE).annotate(left=Sum("entries__units"))
    _each(over.filter(left__gt=0), _expire, now=now)


@transaction.atomic
def _expire(pk: UUID, *, now: datetime) -> None:
    held = ledger.locked([pk])[pk]
    left = left_of(held)
    if not left or held.expires_on is None or held.expires_on >= day_of(now) - GRACE:
        return
    ledger.post(UnitEntry.Kind.EXPIRED, -left, purchase=held, by=audit.SYSTEM, now=now)
    audit.record(PackagesAudit.UNITS_EXPIRED, by=audit.SYSTEM, subject=held, changes={"units": [left, 0]})


def tell_of_expiry(*, now: datetime) -> None:
    """Tell the payer of each package that ends soon and has units left, once for each end. A nightly job."""
    today = day_of(now)
    until = today + timedelta(days=package_settings().notice_days)
    soon = Purchase.objects.filter(is_released=True, expires_on__gte=today, expires_on__lte=until)
    soon = soon.filter(Q(expiry_told_on=None) | ~Q(expiry_told_on=F("expires_on")))
    _each(soon.annotate(left=Sum("entries__units")).filter(left__gt=0), _tell, now=now)


@transaction.atomic
def _tell(pk: UUID, *, now: datetime) -> None:  # noqa: ARG001 because every job is told when it is
    held = ledger.locked([pk])[pk]
    if held.expiry_told_on == held.expires_on:
        return
    held.expiry_told_on = held.expires_on
    held.save(update_fields=["expiry_told_on"])
    notifications.package_expiring(held, left=left_of(held))


def _each(found: Any, act: Any, *, now: datetime) -> None:
    """One transaction for each; one that fails keeps none of the others from being done."""
    failed: Exception | None = None
    for pk in list(found.order_by("pk").values_list("pk", flat=True)):
        try:
            act(pk, now=now)
        except Exception as error:
            logger.exception("package %s was not looked after", pk)
            failed = error
    if failed is not None:  # once the others are done, so that operators hear of it
        raise failed


def _held(purchase: Purchase) -> Purchase:
    return ledger.locked([purchase.pk])[purchase.pk]


def _check_current(purchase: Purchase, today: date) -> None:
    if not purchase.is_released:
        raise ConflictError("package_held", translate("It cannot be used yet: its %(invoice)s is not paid."))
    if purchase.expires_on is not None and purchase.expires_on < today:
        raise ConflictError("package_over", translate("It has ended."))
    if purchase.frozen_until is not None and purchase.frozen_until >= today:
        raise ConflictError("frozen_already", translate("It is frozen. End that freeze first."))
