"""Payouts: put together from what is owed, thrown away, or noted as paid, after which nothing of them changes."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.queries import organization
from billing.wages import notifications, permissions, queries
from billing.wages.audit_codes import WagesAudit
from billing.wages.bank_file import bank_file, readiness
from billing.wages.models import Payout, PayoutRun, WageEntry
from billing.wages.queries import unpaid
from billing.wages.rules import payout
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate


@transaction.atomic
def make_run(*, until: date, currency: str, seen: str, by: Any, now: datetime) -> PayoutRun:
    """Take everything that was earned up to that day into a payout, of those whose sum is above zero.

    `seen` is the fingerprint of the sums that were looked at. Errors: `payout_day_invalid`, `nothing_to_pay`; ConflictError `sums_changed`.
    """
    permissions.check_manages(by)
    if until > organization.today(now):
        raise DomainError("payout_day_invalid", translate("Choose today or a day before."), field="until")
    # Locked in one order, so that of two who pay at once the second finds nothing left of it.
    rows = list(
        unpaid(until=until, currency=currency)
        .select_for_update()
        .order_by("pk")
        .values_list("pk", "practitioner_id", "amount")
    )
    sums = payout.sums_of(((person, amount) for _, person, amount in rows), currency=currency)
    if not sums.paid:
        raise DomainError("nothing_to_pay", translate("Nobody is owed anything up to that day."), field="until")
    if payout.fingerprint(sums) != seen:
        raise ConflictError("sums_changed", translate("Amounts have changed meanwhile. Look at them again."))
    run = PayoutRun.objects.create(until=until, currency=currency, made_by=str(by)[:200], made_at=now)
    made = Payout.objects.bulk_create(
        Payout(run=run, practitioner_id=person, amount=total.amount, currency=currency)
        for person, total in sums.paid.items()
    )
    for each in made:
        mine = [pk for pk, person, _ in rows if person == each.practitioner_id]
        WageEntry.objects.filter(pk__in=mine).update(payout=each)
    changes = {"until": [None, until.isoformat()], "payouts": [None, len(made)], "total": [None, str(total_of(made))]}
    audit.record(WagesAudit.PAYOUT_RUN_MADE, by=by, subject=run, changes=changes)
    return run


@transaction.atomic
def discard_run(*, run: PayoutRun, by: Any, now: datetime) -> None:  # noqa: ARG001 because every act is told when it is
    """Throw it away: what was in it is owed as before. ConflictError once it is paid."""
    permissions.check_manages(by)
    run = _locked(run)
    payouts = list(run.payouts.all())
    WageEntry.objects.filter(payout__in=payouts).update(payout=None)
    changes = {"payouts": [len(payouts), None], "total": [str(total_of(payouts)), None]}
    audit.record(WagesAudit.PAYOUT_RUN_DISCARDED, by=by, subject=run, changes=changes)
    run.delete()


@transaction.atomic
def note_paid(*, run: PayoutRun, paid_on: date, by: Any, now: datetime) -> PayoutRun:
    """Note that the money has left; everybody in it is told. Errors: `payout_day_invalid`; ConflictError once it is paid."""
    permissions.check_manages(by)
    run = _locked(run)
    if not run.until <= paid_on <= organization.today(now):
        raise DomainError(
            "payout_day_invalid",
            translate("Choose a day from the end of what is paid to today."),
            field="paid_on",
        )
    run.paid_on, run.paid_by, run.paid_at = paid_on, str(by)[:200], now
    run.save(update_fields=["paid_on", "paid_by", "paid_at"])
    audit.record(WagesAudit.PAYOUT_RUN_PAID, by=by, subject=run, changes={"paid_on": [None, paid_on.isoformat()]})
    for each in run.payouts.select_related("practitioner__user"):
        notifications.paid_out(each, by=by)
    return run


@transaction.atomic
def make_bank_file(*, run: PayoutRun, by: Any, now: datetime) -> bytes:
    """The payout as a file for the bank, until it is noted as paid. That somebody took it is kept, because it holds everybody's account.

    Errors: `file_not_ready`, and of `bank_file`; ConflictError once it is paid.
    """
    permissions.check_manages(by)
    run = _locked(run)
    payouts, own = list(queries.payouts_with_accounts(run)), permissions.own_account()
    if own is None or not readiness(run, payouts, own).is_ready:
        raise DomainError(
            "file_not_ready", translate("There is something missing for the file. Look at the payout again.")
        )
    purpose = f"{own.holder} {run.until.isoformat()}"
    content = bank_file(run, payouts, own, on=organization.today(now), purpose=purpose)
    changes = {"payouts": [None, len(payouts)], "total": [None, str(total_of(payouts))]}
    audit.record(WagesAudit.PAYOUT_RUN_FILE_MADE, by=by, subject=run, changes=changes)
    return content


def total_of(payouts: "list[Payout]") -> Any:
    """What they come to together; all of one run are in its currency."""
    return sum((each.money for each in payouts[1:]), payouts[0].money)


def _locked(run: PayoutRun) -> PayoutRun:
    """As it is now. ConflictError `payout_gone` or `payout_paid`."""
    found = PayoutRun.objects.select_for_update().filter(pk=run.pk).first()
    if found is None:
        raise ConflictError("payout_gone", translate("Somebody has thrown this payout away meanwhile."))
    if found.is_paid:
        raise ConflictError("payout_paid", translate("It is paid already, and nothing of it changes any more."))
    return found
