"""The comparison: promised by night or by hand, carried out by a worker, and written down difference by difference."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from billing.gateways import gateway
from billing.models import Payment
from billing.queries.processor import account_in_use
from billing.reconciliation import notifications, outbox_names, queries
from billing.reconciliation.audit_codes import ReconciliationAudit
from billing.reconciliation.models import Difference, Reconciliation
from billing.reconciliation.permissions import check_manages
from billing.reconciliation.rules.comparison import COMPARED, Found, Kind, Subject, compare
from billing.rules.payment_progress import PaymentState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.people.models import User

WINDOW = timedelta(days=40)  # of the comparison at night: longer than a month, and than most news are late
EARLIER = timedelta(days=7)  # by how much more of the processor is read: news may have come days after what they tell
MOST_ASKED = 50  # payments that are asked for one by one
KEPT = 30  # comparisons


def compare_at_night(*, now: datetime) -> None:
    """Promise a comparison of the last weeks, where an account is connected. A nightly job."""
    account = account_in_use()
    if account is not None and not Reconciliation.objects.filter(state=Reconciliation.State.WAITING).exists():
        with transaction.atomic():
            _promise(account.external_id, since=now - WINDOW, by=audit.SYSTEM, now=now)


@transaction.atomic
def compare_now(*, by: User, now: datetime) -> Reconciliation:
    """Promise a comparison of everything since there is the account. Errors: `no_account`, `under_way`."""
    check_manages(by)
    account = account_in_use()
    if account is None:
        raise DomainError("no_account", translate("No account is connected."))
    try:
        with transaction.atomic():
            found = _promise(account.external_id, since=None, by=by, now=now)
    except IntegrityError as error:
        raise ConflictError("under_way", translate("The books are being compared at this moment.")) from error
    audit.record(ReconciliationAudit.RECONCILIATION_ASKED, by=by, subject=found)
    return found


def _promise(account: str, *, since: datetime | None, by: Any, now: datetime) -> Reconciliation:
    found = Reconciliation.objects.create(account_id=account, since=since, asked_at=now, asked_by=str(by)[:200])
    author = None if isinstance(by, audit.System) else by
    key = f"reconciliation:{found.pk}"
    outbox.enqueue(outbox_names.COMPARE_BOOKS, key=key, by=author, about=found, reconciliation=str(found.pk))
    return found


@dataclass
class Theirs:
    """The processor's side: amounts by subject and key, to which payment each belongs, and what it is called there."""

    amounts: dict[Subject, dict[str, Money]] = field(
        default_factory=lambda: {each: {} for each in (*COMPARED, Subject.MOVEMENT)}
    )
    payments: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def carry_out(*, reconciliation: Reconciliation, now: datetime) -> Reconciliation:
    """Compare, and write every difference down; whoever bills is told where one is new. GatewayError when the processor cannot be asked."""
    account, since = reconciliation.account_id, reconciliation.since
    theirs = _read(account, since)
    ours = {
        Subject.PAYMENT: queries.our_payments(account, None),
        Subject.REFUND: queries.our_refunds(account, None),
        Subject.DISPUTE: queries.our_disputes(account, None),
    }
    recent = ours if since is None else {
        Subject.PAYMENT: queries.our_payments(account, since),
        Subject.REFUND: queries.our_refunds(account, since),
        Subject.DISPUTE: queries.our_disputes(account, since),
    }  # fmt: skip
    found: list[Found] = []
    for subject in COMPARED:
        there = theirs.amounts[subject]
        looked_at = {key: ours[subject][key] for key in ours[subject] if key in there or key in recent[subject]}
        found += compare(subject, looked_at, there)
    found += compare(Subject.MOVEMENT, {}, theirs.amounts[Subject.MOVEMENT])
    found = _without_late_news(found, account)
    found += queries.ledger_differences(since) + queries.invoice_differences()
    counts = {subject: len(recent[subject].keys() | theirs.amounts[subject].keys()) for subject in COMPARED}
    return _write_down(reconciliation, found, theirs, counts, now)


def _read(account: str, since: datetime | None) -> Theirs:
    """Every movement on the account; of something that moved more than once, each says how it stands now."""
    found = Theirs()
    for each in gateway().movements(account, since and since - EARLIER):
        subject = Subject.MOVEMENT if each.kind == "other" else Subject(each.kind)
        found.amounts[subject][each.key] = each.amount
        found.payments[each.key], found.words[each.key] = each.payment, each.words
    return found


def _without_late_news(found: list[Found], account: str) -> list[Found]:
    """Without payments that are there when they are asked for by themselves: they came earlier than what was read."""
    missing = [each for each in found if (each.subject, each.kind) == (Subject.PAYMENT, Kind.MISSING_THERE)]
    there = {each.key for each in missing[:MOST_ASKED] if _is_there(each, account)}
    return [each for each in found if not (each in missing and each.key in there)]


def _is_there(found: Found, account: str) -> bool:
    try:
        attempt = gateway().retrieve_payment(account, found.key)
    except GatewayError as error:
        if not error.permanent:
            raise
        return False
    return attempt.state == PaymentState.SUCCEEDED and attempt.amount == found.ours


@transaction.atomic
def _write_down(
    reconciliation: Reconciliation, found: Iterable[Found], theirs: Theirs, counts: dict[Subject, int], now: datetime
) -> Reconciliation:
    before = set(_last_differences(reconciliation))
    rows = [_row(reconciliation, each, theirs) for each in found]
    _name_payments(rows, theirs, reconciliation.account_id)
    Difference.objects.bulk_create(rows, batch_size=500)
    reconciliation.state, reconciliation.done_at = Reconciliation.State.DONE, now
    reconciliation.payments, reconciliation.refunds = counts[Subject.PAYMENT], counts[Subject.REFUND]
    reconciliation.disputes = counts[Subject.DISPUTE]
    reconciliation.save()
    old = Reconciliation.objects.values("pk")[KEPT:]
    Reconciliation.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    if {(row.subject, row.key) for row in rows} - before:
        notifications.books_differ(len(rows))
    return reconciliation


def _last_differences(reconciliation: Reconciliation) -> Iterable[tuple[str, str]]:
    done = Reconciliation.objects.filter(state=Reconciliation.State.DONE, account_id=reconciliation.account_id)
    last = done.exclude(pk=reconciliation.pk).first()
    return last.differences.values_list("subject", "key") if last else ()


def _row(reconciliation: Reconciliation, found: Found, theirs: Theirs) -> Difference:
    row = Difference(
        reconciliation=reconciliation, subject=found.subject, kind=found.kind, key=found.key,
        words=theirs.words.get(found.key, ""),
    )  # fmt: skip
    if found.ours is not None:
        row.ours_amount, row.ours_currency = found.ours.amount, found.ours.currency
    if found.theirs is not None:
        row.theirs_amount, row.theirs_currency = found.theirs.amount, found.theirs.currency
    if found.subject == Subject.INVOICE:
        row.invoice_id = UUID(found.key)
    if found.subject == Subject.LEDGER:
        row.payment_id = UUID(found.key)
    return row


def _name_payments(rows: list[Difference], theirs: Theirs, account: str) -> None:
    """Let each row name the payment of ours that it is about, where there is one."""
    wanted = {row.pk: theirs.payments.get(row.key, row.key) for row in rows if row.subject in COMPARED}
    known = queries.payments_by_key(set(wanted.values()), account)
    refunds = {
        str(key).partition(":")[0]: payment
        for key, payment in Payment.objects.filter(refunds__external_id__in=[row.key for row in rows]).values_list(
            "refunds__external_id", "pk"
        )
    }
    for row in rows:
        if row.pk in wanted:
            payment = known.get(wanted[row.pk])
            row.payment_id = payment.pk if payment else refunds.get(row.key)


def give_up(*, reconciliation: Reconciliation, now: datetime) -> None:
    """Note that it could not be carried out, so that another one can be asked for."""
    Reconciliation.objects.filter(pk=reconciliation.pk, state=Reconciliation.State.WAITING).update(
        state=Reconciliation.State.FAILED, done_at=now
    )
