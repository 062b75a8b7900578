"""A prepayment is asked for: by the rule when something is booked, or by staff; sent again, or not asked for any more."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from billing import outbox_names as billing_names
from billing import permissions
from billing.permissions import can_see_costs
from billing.prepayments import notifications, outbox_names
from billing.prepayments.audit_codes import PrepaymentsAudit
from billing.prepayments.models import Prepayment
from billing.prepayments.permissions import get_prepayment_to_manage
from billing.prepayments.queries import (
    Asking,
    asked_by_rule,
    asking_of,
    can_be_asked,
    live_payments,
    open_prepayment,
    prepayment_settings,
    price_left,
)
from billing.prepayments.rules.prepaying import held_until
from billing.queries.organization import billing_settings
from billing.queries.payers import Payer, payers_of
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.people.models import Client
from core.scheduling.models import Appointment

MAIL_AFTER = timedelta(minutes=3)  # because whoever books is on the page where it is paid


@transaction.atomic
def ask_at_booking(
    *, appointment: Appointment, client: Client, seen: str | None = None, by: Any, now: datetime
) -> Prepayment | None:
    """Ask for what the rule says of a place that was just booked; None for nothing, and where nobody could pay.

    `seen`: what the person who booked has read, as `Preview.seen` has it; None: nothing was shown. More than they have read is refused:
    ConflictError `prepayment_changed`.
    """
    known = open_prepayment(appointment.pk, client)
    if known is not None:
        return known
    asking = asked_by_rule(appointment, client)
    payer = _payer(client, by)
    if asking is None or payer is None:
        return None
    if seen is not None and can_see_costs(by, client):
        _check_seen(asking.total, seen)
    settings, is_own = prepayment_settings(), seen is not None
    at_once = is_own and payer.user == by  # on the next page; whoever else pays finds it in their mail
    hold = timedelta(minutes=settings.hold_minutes) if at_once else timedelta(hours=settings.hold_hours)
    due_at = held_until(now, hold, appointment.starts_at)
    waits = MAIL_AFTER if at_once else timedelta(0)
    return _ask(appointment, client, asking, payer, due_at=due_at, mail_at=now + waits, by=by, now=now)


def _check_seen(total: Money, seen: str) -> None:
    amount, _, currency = seen.partition(" ")
    known = (
        Money(int(amount), currency) if amount.isdecimal() and len(amount) < 16 and currency == total.currency else None
    )
    if known is None or known < total:
        raise ConflictError(
            "prepayment_changed",
            translate("%(total)s is to be paid at once. Look at it once more before you book.", total=total),
        )


@transaction.atomic
def ask_for_prepayment(
    *, appointment: Appointment, client: Client, amount: Money, due_at: datetime, by: Any, now: datetime
) -> Prepayment:
    """Staff ask for an amount, of which the price is the most, with tax on top as on the invoice. The place waits for it until then.

    Errors: `payments_off`, `not_booked`, `not_attending`, `asked_already`, `payer_missing`, `amount_invalid`, `not_by_card`, `due_invalid`.
    """
    permissions.check_manages(by)
    permissions.check_in_plan()
    if not can_be_asked():
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    appointment = Appointment.objects.select_for_update().select_related("practitioner__user").get(pk=appointment.pk)
    _check_place(appointment, client, now)
    payer = _payer(client, by)
    if payer is None:
        raise DomainError(
            "payer_missing", translate("Nobody with a login pays for %(name)s, so nobody can be asked.", name=client)
        )
    price, tax_rate = price_left(appointment, client)
    most = price if price is not None else amount
    if amount.currency != most.currency or not 0 < amount.amount <= most.amount:
        sentence = translate("Enter an amount above zero, and at most the price: %(price)s.", price=most)
        raise DomainError("amount_invalid", sentence, field="amount")
    asking = asking_of(most, amount, tax_rate)
    if asking is None:
        raise DomainError("not_by_card", translate("This amount cannot be paid by card."), field="amount")
    if not now < due_at <= appointment.starts_at:
        raise DomainError("due_invalid", translate("Choose a time from now until it begins."), field="due_at")
    return _ask(appointment, client, asking, payer, due_at=due_at, mail_at=now, by=by, now=now)


def _check_place(appointment: Appointment, client: Client, now: datetime) -> None:
    if not appointment.is_booked or appointment.starts_at <= now:
        raise ConflictError("not_booked", translate("It is not ahead any more."))
    if not appointment.participants.filter(client=client, is_attending=True).exists():
        raise ConflictError("not_attending", translate("This place was given up already."))
    if open_prepayment(appointment.pk, client) is not None:
        raise ConflictError("asked_already", translate("This was asked for already. Look at it there."))


def _payer(client: Client, by: Any) -> Payer | None:
    """Whoever books, if they pay for the client; else whoever else does."""
    found = [payer for payer in payers_of(client) if payer.user is not None]
    return next((payer for payer in found if payer.user == by), found[0] if found else None)


def _ask(
    appointment: Appointment, client: Client, asking: Asking, payer: Payer, *, due_at: datetime, mail_at: datetime, by: Any, now: datetime
) -> Prepayment:  # fmt: skip
    prepayment = Prepayment.objects.create(
        appointment_id=appointment.pk,
        client=client,
        service_id=appointment.service_id,
        description=appointment.service_name,
        other_descriptions=appointment.other_service_names,
        practitioner_name=appointment.practitioner.user.name,
        happens_at=appointment.starts_at,
        payer=payer.user,
        payer_agent=payer.agent,
        price_amount=asking.price.amount,
        amount=asking.amount.amount,
        total_amount=asking.total.amount,
        currency=asking.amount.currency,
        tax_rate=asking.tax_rate,
        prices_include_tax=billing_settings().prices_include_tax,
        asked_at=now,
        asked_by=str(by)[:200],
        due_at=due_at,
    )
    changes = {"amount": [None, str(prepayment.total)], "until": [None, due_at.isoformat()]}
    audit.record(PrepaymentsAudit.PREPAYMENT_ASKED, by=by, subject=prepayment, changes=changes)
    promise_release(prepayment, due_at)
    notifications.prepayment_asked(prepayment, mail_at=mail_at, by=by)
    return prepayment


def promise_release(prepayment: Prepayment, due_at: datetime) -> None:
    """Look at it when its time is up."""
    outbox.enqueue(outbox_names.RELEASE_UNPAID, due_at=due_at, about=prepayment, prepayment=str(prepayment.pk))


@transaction.atomic
def send_again(*, prepayment: Prepayment, by: Any, now: datetime) -> None:
    """Mail the link once more. NotFound at the door; `not_asked`."""
    prepayment = get_prepayment_to_manage(by, prepayment.pk)
    if not prepayment.is_payable(now):
        raise _over()
    audit.record(PrepaymentsAudit.PREPAYMENT_SENT_AGAIN, by=by, subject=prepayment)
    notifications.prepayment_sent_again(prepayment, by=by)


@transaction.atomic
def withdraw(*, prepayment: Prepayment, by: Any, now: datetime) -> None:
    """Do not ask for it any more: the place stays booked, and what it costs is charged as usual. NotFound at the door; `not_asked`."""
    get_prepayment_to_manage(by, prepayment.pk)
    locked = Prepayment.objects.select_for_update().get(pk=prepayment.pk)
    if locked.state != Prepayment.State.ASKED:
        raise _over()
    close(locked, Prepayment.State.WITHDRAWN, now=now)
    audit.record(PrepaymentsAudit.PREPAYMENT_WITHDRAWN, by=by, subject=locked)


def close(locked: Prepayment, state: str, *, now: datetime) -> None:
    """It can be paid no more; what its payer has begun ends."""
    locked.state, locked.settled_at = state, now
    locked.save(update_fields=["state", "settled_at"])
    for payment in live_payments(locked):
        outbox.enqueue(billing_names.CANCEL_PAYMENT, about=payment, payment=str(payment.pk), wanted=True)


def _over() -> ConflictError:
    return ConflictError("not_asked", translate("It does not await payment any more. Look at it again."))
